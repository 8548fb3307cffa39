"""What every engine of the search promises. An engine joins by a line in ENGINES.

The oracle looks through all works one by one, in plain Python; hits, totals, orders and counts must equal its own.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storykeep.query.tree import All, Any, Dates, Is, Not, Number, Words
from storykeep.site.search.contract import (
    WORDS_BUCKETS,
    Avoid,
    Document,
    Filters,
    Name,
    Order,
    Passage,
    Question,
    Reader,
)
from storykeep.site.search.embedded import Embedded
from storykeep.site.search.moments import end_of, moment
from storykeep.site.search.stems import Stems
from storykeep.site.search.terms import terms

ENGINES = {"embedded": Embedded}
VOCABULARY = ["harbour", "storm", "Café", "lantern", "shore", "night", "東京", "letters"]
TEXTS = ["", *VOCABULARY, *(f"{one} {two}" for one in VOCABULARY for two in VOCABULARY), "storm harbour storm Café"]
TAGS = {"fandom": (1, 2, 3), "mood": (4, 5, 6, 7)}
KIND_OF = {tag: kind for kind, tags in TAGS.items() for tag in tags}
DATES = ["", "2003", "2003-05", "2003-05-12", "2004-01-01T10:30", "2010-12-31"]


# ── works
@st.composite
def works(draw):
    number = draw(st.integers(0, 14))
    return tuple(draw(work(each)) for each in range(1, number + 1))


@st.composite
def work(draw, id_):
    said = st.sampled_from(TEXTS)
    tags = tuple(sorted({draw(st.sampled_from(sorted(KIND_OF))) for _ in range(draw(st.integers(0, 4)))}))
    title, author = draw(said), draw(st.integers(1, 3))
    names = {kind: tuple(f"Tag {VOCABULARY[tag]}" for tag in tags if KIND_OF[tag] == kind) for kind in TAGS}
    return Document(
        id=id_ * 7,
        version=draw(st.integers(0, 3)),
        visibility=draw(st.sampled_from(["public", "public", "public", "members", "draft", "hidden"])),
        owners=draw(st.sampled_from([(), (1,), (1, 2)])),
        title=title,
        sort_title=title.casefold(),
        authors=(f"Author {author}",),
        sort_author=f"author {author}",
        people=(author,),
        summary=draw(said),
        series=("Old series",) if id_ % 3 == 0 else (),
        series_ids=(5,) if id_ % 3 == 0 else (),
        tags={kind: found for kind, found in names.items() if found},
        tag_ids=tags,
        facets={kind: of for kind in TAGS if (of := tuple(tag for tag in tags if KIND_OF[tag] == kind))},
        fandoms=sum(KIND_OF[tag] == "fandom" for tag in tags),
        language=draw(st.sampled_from(["en", "de", "ja", ""])),
        kind=draw(st.sampled_from(["story", "poem"])),
        complete=draw(st.sampled_from([True, False, None])),
        words=draw(st.sampled_from([0, 500, 999, 1000, 30_000, 600_000])),
        chapters=draw(st.integers(0, 3)),
        reads=draw(st.integers(0, 5)),
        kudos=draw(st.integers(0, 5)),
        comments=draw(st.integers(0, 5)),
        shelves=draw(st.integers(0, 5)),
        added=id_ * 60_000_000,
        published=draw(st.sampled_from(DATES)),
        updated=draw(st.sampled_from(DATES)),
        passages=tuple(Passage(place=n, title="", text=draw(said)) for n in range(1, draw(st.integers(1, 3)))),
        names=tuple(Name("tag", tag, f"Tag {VOCABULARY[tag]}", KIND_OF[tag]) for tag in tags),
    )


# ── questions
bounds = st.tuples(*[st.one_of(st.none(), st.sampled_from([0, 1, 2, 999, 1000, 40_000]))] * 2)
dates = st.tuples(*[st.one_of(st.none(), st.sampled_from(["2003", "2003-05", "2004-01-01", "1999"]))] * 2)
some_tags = st.sampled_from([(), (1,), (2,), (4,), (7,), (1, 4), (5, 6)])
words = st.builds(
    Words,
    st.sampled_from(
        [("storm",), ("har",), ("cafe",), ("Café",), ("東京",), ("東",), ("storm", "harbour"), ("night", "l")]
    ),
    st.sampled_from(["", "", "title", "summary", "text", "tag", "mood", "author"]),
    prefix=st.booleans(),
)
leaves = st.one_of(
    words,
    st.builds(
        Number,
        st.sampled_from(["words", "chapters", "reads", "kudos", "comments", "shelves"]),
        st.just(1),
        st.sampled_from([None, 2, 1000]),
    ),
    st.builds(Dates, st.sampled_from(["updated", "posted"]), st.just("2003-05"), st.sampled_from([None, "2004"])),
    st.builds(Is, st.sampled_from(["complete", "crossover"]), st.booleans()),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.tuples(inner, inner).map(All),
        st.tuples(inner, inner).map(Any),
    ),
    max_leaves=4,
)
filters = st.builds(
    Filters,
    include=st.sampled_from([(), (), ((1,),), ((1, 2),), ((4,), (5, 6)), ((1,), (7,))]),
    exclude=some_tags,
    people=st.sampled_from([(), (), (1,), (1, 2)]),
    series=st.sampled_from([(), (), (5,)]),
    languages=st.sampled_from([(), (), ("en",), ("en", "ja")]),
    kinds=st.sampled_from([(), (), ("poem",)]),
    words=bounds,
    chapters=st.one_of(st.just((None, None)), bounds),
    updated=st.one_of(st.just((None, None)), dates),
    posted=st.one_of(st.just((None, None)), dates),
    complete=st.sampled_from([None, None, True, False]),
    crossover=st.sampled_from([None, None, True, False]),
)
readers = st.builds(
    Reader,
    account=st.sampled_from([0, 0, 1, 2, 9]),
    archivist=st.sampled_from([False, False, False, True]),
    avoid=st.builds(Avoid, tags=some_tags, people=st.sampled_from([(), (), (2,)]), works=st.sampled_from([(), (7,)])),
)
questions = st.builds(
    Question,
    tree=st.one_of(st.just(All(())), trees),
    reader=readers,
    filters=st.one_of(st.just(Filters()), filters),
    order=st.sampled_from(list(Order)),
    most=st.just(50),
)


# ── the oracle
def sees(reader, doc):
    if reader.archivist:
        seen = True
    else:
        member = reader.account and (
            doc.visibility == "members" or (doc.visibility == "draft" and reader.account in doc.owners)
        )
        seen = doc.visibility == "public" or bool(member)
    avoid = reader.avoid
    return seen and not (
        set(avoid.tags) & set(doc.tag_ids) or set(avoid.people) & set(doc.people) or doc.id in avoid.works
    )


def inside(value, bounds_):
    least, most = bounds_
    return (least is None or value >= least) and (most is None or value <= most)


def dated(when, between):
    first, last = between
    if not (first or last):
        return True
    return when > 0 and (not first or when >= moment(first)) and (not last or when <= end_of(last))


def posted(doc):
    return moment(doc.published) or moment(doc.updated)


def updated(doc):
    return moment(doc.updated) or posted(doc)


def conditions(question):
    f, reader = question.filters, question.reader
    yield "reader", lambda d: sees(reader, d)
    yield "tree", lambda d: answers(question.tree, d)
    for number, group in enumerate(f.include):
        yield f"include:{number}", lambda d, g=group: bool(set(g) & set(d.tag_ids))
    for tag in f.exclude:
        yield f"exclude:{tag}", lambda d, t=tag: t not in d.tag_ids
    yield "people", lambda d: not f.people or bool(set(f.people) & set(d.people))
    yield "series", lambda d: not f.series or bool(set(f.series) & set(d.series_ids))
    yield "languages", lambda d: not f.languages or d.language in f.languages
    yield "kinds", lambda d: not f.kinds or d.kind in f.kinds
    yield "words", lambda d: inside(d.words, f.words)
    yield "chapters", lambda d: inside(d.chapters, f.chapters)
    yield "updated", lambda d: dated(updated(d), f.updated)
    yield "posted", lambda d: dated(posted(d), f.posted)
    yield "complete", lambda d: f.complete is None or d.complete is f.complete
    yield "crossover", lambda d: f.crossover is None or (d.fandoms > 1) is f.crossover


def left(docs, question, without=""):
    wanted = [holds for name, holds in conditions(question) if name != without]
    return [doc for doc in docs if all(holds(doc) for holds in wanted)]


def answers(node, doc):  # noqa: PLR0911 — one answer for each kind of node
    if isinstance(node, All):
        return all(answers(each, doc) for each in node.inner)
    if isinstance(node, Any):
        return any(answers(each, doc) for each in node.inner)
    if isinstance(node, Not):
        return not answers(node.inner, doc)
    if isinstance(node, Number):
        return inside(getattr(doc, node.field), (node.least, node.most))
    if isinstance(node, Dates):
        return dated({"updated": updated, "posted": posted}[node.field](doc), (node.first, node.last))
    if isinstance(node, Is):
        return (doc.complete is not None and doc.complete is node.wanted) if node.field == "complete" else (
            (doc.fandoms > 1) is node.wanted
        )  # fmt: skip
    return any(stands(node, value) for value in values(node.field, doc))


def values(field, doc):
    texts = [passage.text for passage in doc.passages]
    tags = [name for names in doc.tags.values() for name in names]
    known = {
        "title": [doc.title], "author": doc.authors, "summary": [doc.summary], "text": texts, "tag": tags,
        "mood": doc.tags.get("mood", ()), "series": doc.series,
    }  # fmt: skip
    return known[field] if field else [value for found in known.values() for value in found]


def stands(node, value):
    """Whether the words stand in ``value`` side by side. Japanese is looked for letter by letter."""
    wanted, written = letters(" ".join(node.words)), letters(value)
    starts = range(len(written) - len(wanted) + 1)
    return any(fits(wanted, written[at : at + len(wanted)], goes_on=node.prefix) for at in starts)


def fits(wanted, written, *, goes_on):
    last_fits = written[-1].startswith(wanted[-1]) if goes_on else written[-1] == wanted[-1]
    return written[:-1] == wanted[:-1] and last_fits


def letters(text):
    return [term[0] if ord(term[0]) > 0x3000 else term for term in terms(text)]


def in_order(docs, order):
    keys = {
        Order.UPDATED: (updated, True), Order.POSTED: (posted, True), Order.NEWEST: (lambda d: d.added, True),
        Order.LONGEST: (lambda d: d.words, True), Order.SHORTEST: (lambda d: d.words, False),
        Order.READS: (lambda d: d.reads, True), Order.KUDOS: (lambda d: d.kudos, True),
        Order.COMMENTS: (lambda d: d.comments, True), Order.SHELVES: (lambda d: d.shelves, True),
        Order.TITLE: (lambda d: d.sort_title, False),
        Order.AUTHOR: (lambda d: (d.sort_author, d.sort_title), False),
    }  # fmt: skip
    key, down = keys[order]
    return [doc.id for doc in sorted(docs, key=lambda d: (key(d), d.id), reverse=down)]


# ── the promises
@pytest.fixture(params=ENGINES, scope="module")
def make(request, tmp_path_factory):
    """Return what makes an engine of this kind, with an empty index unless a folder is given."""

    def made(folder=None, **more):
        return ENGINES[request.param](folder or tmp_path_factory.mktemp("index"), **more)

    return made


@pytest.fixture(scope="module")
def engine(make):
    return make()


def hold(engine, docs):
    """Let the engine hold ``docs`` and nothing else."""
    old = engine.search(Question(reader=Reader(archivist=True), most=100)).hits
    assert engine.index(docs, [hit.id for hit in old])


within = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@within
@given(docs=works(), asked=st.tuples(questions, questions, questions))
def test_hits_and_totals_are_those_of_the_oracle(engine, docs, asked):
    hold(engine, docs)
    for question in asked:
        expected, found = left(docs, question), engine.search(question)
        assert sorted(hit.id for hit in found.hits) == sorted(doc.id for doc in expected), question
        assert found.total == len(expected)


@within
@given(docs=works(), question=questions)
def test_works_come_in_order_and_pages_join(engine, docs, question):
    hold(engine, docs)
    for order in set(Order) - {Order.BEST}:
        asked = replace(question, order=order)
        expected = in_order(left(docs, question), order)
        pages = [engine.search(replace(asked, first=at, most=3)).hits for at in range(0, 16, 3)]
        assert [hit.id for page in pages for hit in page] == expected, order


@within
@given(docs=works(), question=questions)
def test_counts_are_right_under_every_other_condition(engine, docs, question):
    hold(engine, docs)
    facets, here = engine.facets(question, kinds=TAGS, most=50), left(docs, question)
    assert facets.tags == Counter(tag for doc in here for tag in doc.tag_ids)
    assert nonzero(facets.languages) == Counter(doc.language for doc in left(docs, question, "languages"))
    assert nonzero(facets.kinds) == Counter(doc.kind for doc in left(docs, question, "kinds"))
    complete = Counter(doc.complete for doc in left(docs, question, "complete") if doc.complete is not None)
    assert nonzero(facets.complete) == complete
    crossover = Counter(doc.fandoms > 1 for doc in left(docs, question, "crossover"))
    assert nonzero(facets.crossover) == crossover
    bars = Counter(max(n for n in WORDS_BUCKETS if n <= doc.words) for doc in left(docs, question, "words"))
    assert {start: count for start, _, count in facets.words if count} == bars
    for number, group in enumerate(question.filters.include):
        others = left(docs, question, f"include:{number}")
        assert facets.groups[number] == {tag: sum(tag in doc.tag_ids for doc in others) for tag in group}
    for tag in question.filters.exclude:
        others = left(docs, question, f"exclude:{tag}")
        assert facets.excluded[tag] == sum(tag in doc.tag_ids for doc in others)


def nonzero(counts):
    return {key: count for key, count in counts.items() if count}


@within
@given(docs=works(), reader=readers)
def test_suggestions_count_what_this_reader_finds(engine, docs, reader):
    hold(engine, docs)
    counts = Counter(tag for doc in docs if sees(reader, doc) for tag in doc.tag_ids)
    found = engine.suggest("tag", reader, kinds=("tag",), most=50)
    assert {each.id: each.count for each in found} == dict(counts)
    assert all(sees(reader, doc) for doc in docs for hit in engine.more_like_this(docs[0].id, reader) if hit == doc.id)


# ── words
LIBRARY = (
    Document(id=1, version=1, visibility="public", title="The Émigré’s Lantern", language="en",
             passages=(Passage(place=1, title="", text="She walked on."), Passage(place=2, title="", text="Far shore")),
             names=(Name("author", 4, "Zoë Brontë", "", ("Z. B.",)),), people=(4,), authors=("Zoë Brontë",)),
    Document(id=2, version=1, visibility="public", title="東京の夜", language="ja",
             passages=(Passage(place=1, title="", text="静かな夜だった。"),)),
    Document(id=3, version=1, visibility="hidden", title="Secret lantern", language="en", people=(4, 5),
             names=(Name("author", 5, "Brontosaurus"),)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("looked_for", "ids"),
    [("emigres", [1]), ("東京", [2]), ("夜", [2]), ("京の夜", [2]), ("東夜", []), ("walking", []), ("lantern", [1])],
)
def test_words_are_found_whatever_their_accents_and_scripts(engine, looked_for, ids):
    hold(engine, LIBRARY)
    assert [hit.id for hit in engine.search(Question(tree=Words((looked_for,)))).hits] == ids


def test_the_chapter_is_told_in_which_the_words_stand(engine):
    hold(engine, LIBRARY)
    (hit,) = engine.search(Question(tree=Words(("far", "shore")))).hits
    assert (hit.id, hit.place) == (1, 2)


def test_inflected_forms_are_found_where_a_host_wants_it(make):
    engine = make(stems=Stems(("en",)))
    hold(engine, LIBRARY)
    assert [hit.id for hit in engine.search(Question(tree=Words(("walking",)))).hits] == [1]
    assert engine.search(Question(tree=Words(("walking",), prefix=True))).total == 0
    engine.close()


@pytest.mark.parametrize("typed", ["bron", "Brontë", "bronet", "zoe bro", "brnte", "z b"])
def test_suggestions_forgive_accents_and_a_typo(engine, typed):
    hold(engine, LIBRARY)
    found = engine.suggest(typed, Reader())
    assert [(each.kind, each.text, each.count) for each in found] == [("author", "Zoë Brontë", 1)]


# ── keeping it
def test_nothing_is_lost_when_an_index_is_rebuilt_while_it_answers(make):
    engine = make()
    hold(engine, LIBRARY)
    fresh = engine.rebuilding()
    fresh.index(LIBRARY[:2])
    assert engine.search(Question(reader=Reader(archivist=True))).total == 3
    engine.index([replace(LIBRARY[0], title="Changed", version=2)])
    fresh.index([replace(LIBRARY[0], title="Changed", version=2)])
    fresh.finish()
    assert engine.verify([(1, 2), (2, 1)]).good
    assert engine.search(Question(tree=Words(("changed",)))).total == 1
    engine.close()


def test_parts_that_several_write_become_one_index(make):
    engine = make()
    hold(engine, [replace(LIBRARY[0], title="Old")])
    fresh = engine.rebuilding()
    for number, some in enumerate([LIBRARY[:1], LIBRARY[1:], []], start=1):
        part = make().part(fresh.place, number)
        part.index(some)
        part.finish()
    assert engine.search(Question(tree=Words(("old",)))).total == 1
    fresh.gather()
    fresh.index([replace(LIBRARY[0], title="Changed", version=2)], [LIBRARY[1].id])
    fresh.finish()
    assert engine.whole
    assert not engine.damaged()
    assert engine.verify([(1, 2), *((each.id, each.version) for each in LIBRARY[2:])]).good
    assert engine.search(Question(tree=Words(("changed",)))).total == 1
    assert engine.search(Question(tree=Words(("old",)))).total == 0
    engine.close()


def test_joined_parts_answer_as_one_writer_would_have_let_them(make):
    one, several = make(), make()
    hold(one, LIBRARY)
    one.settle()
    fresh = several.rebuilding()
    for number, each in enumerate(LIBRARY, start=1):
        part = several.part(fresh.place, number)
        part.index([each])
        part.finish()
    fresh.gather()
    fresh.finish()
    for round_ in range(12):  # segments are merged, and what was merged away is removed
        for engine in (one, several):
            engine.index([replace(LIBRARY[0], version=2 + round_)])
    for beginning in ("bro", "sto", "tag", "zoe"):
        assert several.suggest(beginning, Reader()) == one.suggest(beginning, Reader())
    for question in (Question(), Question(tree=Words(("storm",))), Question(reader=Reader(archivist=True))):
        assert several.search(question) == one.search(question)
        assert several.facets(question, ["fandom", "mood"]) == one.facets(question, ["fandom", "mood"])
    assert not several.damaged()
    one.close()
    several.close()


def test_verify_names_what_is_missing_stale_and_surplus(engine):
    hold(engine, LIBRARY)
    checked = engine.verify([(1, 1), (2, 9), (8, 1)])
    assert (checked.missing, checked.stale, checked.surplus) == ((8,), (2,), (3,))


def test_one_writes_and_another_reads_and_takes_over(make, tmp_path):
    first, second = make(tmp_path), make(tmp_path)
    assert first.index(LIBRARY)
    assert second.search(Question()).total == 2
    assert not second.index([replace(LIBRARY[0], version=2)])
    first.close()
    assert second.index([replace(LIBRARY[0], id=9)])
    assert first.search(Question()).total == 3
    second.close()


@pytest.mark.parametrize("how", ["removed", "emptied", "flipped"])
def test_a_damaged_index_is_told_and_begun_anew(make, tmp_path, how):
    engine = make(tmp_path)
    engine.index(LIBRARY)
    engine.close()
    assert engine.damaged() == []
    for file in tmp_path.rglob("*.term"):
        if how == "removed":
            file.unlink()
        else:
            data = file.read_bytes()
            file.write_bytes(b"" if how == "emptied" else bytes([data[0] ^ 255]) + data[1:])
    again = make(tmp_path)
    if again.whole or again.damaged():
        assert again.damaged()
        again.begin()
    assert not again.whole
    again.index(LIBRARY)
    again.settle()
    assert again.whole
    assert again.search(Question()).total == 2
    again.close()


WRITER = """
import sys
from pathlib import Path
from storykeep.site.search.contract import Document
from storykeep.site.search.embedded import Embedded
engine = Embedded(Path(sys.argv[1]))
for n in range(int(sys.argv[2]), 10**6):
    engine.index([Document(id=n, version=1, visibility="public", title=f"Work {n}")])
    print(n, flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_writer_that_is_killed_loses_nothing_that_it_had_acknowledged(make, tmp_path, seed):
    rnd, last = random.Random(seed), 0
    for _ in range(2):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(last + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            last = int(writer.stdout.readline())
            time.sleep(rnd.random() * 0.4)
            writer.send_signal(signal.SIGKILL)
            last = max([last, *map(int, writer.stdout.read().split())])
    engine = make(tmp_path)
    held = {hit.id for hit in engine.search(Question(most=10_000)).hits}
    assert set(range(1, last + 1)) <= held
    assert engine.damaged() == []
    assert engine.index([Document(id=10**7, version=1, visibility="public")])
    engine.close()


FULL = """
import resource, signal, sys
from pathlib import Path
from storykeep.site.search.contract import Document, NotWritten, Question
from storykeep.site.search.embedded import Embedded
engine = Embedded(Path(sys.argv[1]))
engine.index([Document(id=1, version=1, visibility="public", title="First")])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
try:
    engine.index(Document(id=n, version=1, visibility="public", title=f"Work {n} " * 99) for n in range(2, 500))
except NotWritten as error:
    print("told")
print(engine.search(Question()).total)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
engine.index([Document(id=2, version=1, visibility="public", title="Second")])
print(engine.search(Question()).total)
"""


def test_where_nothing_can_be_written_what_was_there_is_found_and_later_it_goes_on(tmp_path):
    ran = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["told", "1", "2"]
