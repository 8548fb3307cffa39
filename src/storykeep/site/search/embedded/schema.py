"""What the index holds of a work, and how a work's document becomes tantivy's.

One document per work answers questions. A work of several chapters has one more per chapter, which tells in which
chapter the words stand; each tag, person and series has one that is offered while a reader types. Text is folded
into terms before it comes here, so tantivy only splits at spaces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from heapq import nlargest

import tantivy

from storykeep.site.search.contract import Document, Name
from storykeep.site.search.moments import moment
from storykeep.site.search.stems import NO_STEMS, Stems
from storykeep.site.search.terms import terms

VERSION = 4  # part of the folder's name: another schema is another index
LIKE = 80  # frequent terms by which works are compared
ID_BITS = 33  # of a key that orders: what is compared first, then the id
LARGEST = (1 << 30) - 1
EPOCH = moment("1970-01-01")
MINUTE = 60_000_000  # microseconds
TAGS = 1 << 18  # whose terms are remembered: rather all, for works name them again and again
SORTED = 120  # letters of a title by which works are ordered

WORK, CHAPTER, NAME = "work", "chapter", "name"
# Where a bare word is looked for, and how much it weighs there.
WEIGHTS = {"title": 8.0, "author": 6.0, "series": 3.0, "tag": 3.0, "summary": 2.0, "note": 0.5, "text": 1.0}


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "tag_id", "person", "series_id"):
        builder.add_unsigned_field(name, indexed=True, fast=name == "id")
    for name in ("version", "place", "words", "chapters", "fandoms", "complete", "uses", "target", *KEYS):
        builder.add_unsigned_field(name, fast=True)
    for name in ("doc", "seen", "name_key", "name_kind"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("language_code", "kind_code", "by_title", "by_author"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*WEIGHTS, "language", "kind", "kind_tag", "name"):
        builder.add_text_field(name, tokenizer_name="terms")
    for name in ("any", "stem"):
        builder.add_text_field(name, tokenizer_name="terms", index_option="freq")
    builder.add_text_field("like", tokenizer_name="terms", index_option="freq", stored=True)
    builder.add_text_field("shown", tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_json_field("facets", tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


KEYS = (
    "by_updated", "by_posted", "by_added", "by_words", "by_reads", "by_kudos", "by_comments", "by_shelves",
)  # fmt: skip
SCHEMA = schema()


def key(value: int, id: int) -> int:  # noqa: A002 — the work's id
    """Return ``value`` and ``id`` as one number, so that equals have an order."""
    return max(0, value) << ID_BITS | id & ((1 << ID_BITS) - 1)


def as_tantivy(document: Document, stems: Stems = NO_STEMS) -> Iterator[tantivy.Document]:
    """Yield the document of the work, and those of its chapters where there are several."""
    texts = {passage.place: " ".join(terms(f"{passage.title}\n{passage.text}")) for passage in document.passages}
    made = whole(document, list(texts.values()))
    for value in made.get_all("any") if stems.known(document.language) else ():
        made.add_text("stem", stems.of_text(document.language, value))
    yield made
    if len(texts) > 1:
        for place, text in texts.items():
            chapter = tantivy.Document()
            chapter.add_text("doc", CHAPTER)
            chapter.add_unsigned("id", document.id)
            chapter.add_unsigned("place", place)
            chapter.add_text("text", text)
            yield chapter


def whole(document: Document, texts: list[str]) -> tantivy.Document:
    made = tantivy.Document()
    add_numbers(made, document)
    add_keys(made, document)
    made.add_text("doc", WORK)
    for who in seen_by(document):
        made.add_text("seen", who)
    made.add_text("language_code", document.language)
    made.add_text("kind_code", document.kind)
    made.add_text("shown", document.title)
    add_words(made, document, texts)
    return made


def seen_by(document: Document) -> Iterator[str]:
    """Yield who sees a work: the rule of :func:`storykeep.site.works.queries.readable_by`, for the index."""
    if document.visibility in {"public", "members", "draft", "hidden"}:
        yield "archivist"
    if document.visibility in {"public", "members"}:
        yield "member"
    if document.visibility == "public":
        yield "visitor"
    if document.visibility == "draft":
        yield from (f"own:{owner}" for owner in document.owners)


def add_numbers(made: tantivy.Document, document: Document) -> None:
    for name in ("id", "version", "words", "chapters", "fandoms"):
        made.add_unsigned(name, max(0, getattr(document, name)))
    made.add_unsigned("complete", {None: 0, False: 1, True: 2}[document.complete])
    lists = (("tag_id", document.tag_ids), ("person", document.people), ("series_id", document.series_ids))
    for name, values in lists:
        for value in values:
            made.add_unsigned(name, value)
    if document.facets:
        made.add_json("facets", {json_key(kind): list(ids) for kind, ids in document.facets.items()})


def add_keys(made: tantivy.Document, document: Document) -> None:
    """Add what works are ordered by. A work without a date comes behind all that have one."""
    posted = moment(document.published) or moment(document.updated)
    numbers = {
        "by_posted": posted,
        "by_updated": moment(document.updated) or posted,
        "by_added": EPOCH + document.added // MINUTE,
        "by_words": min(document.words, LARGEST),
        "by_reads": min(document.reads, LARGEST),
        "by_kudos": min(document.kudos, LARGEST),
        "by_comments": min(document.comments, LARGEST),
        "by_shelves": min(document.shelves, LARGEST),
    }
    for name, value in numbers.items():
        made.add_unsigned(name, key(value, document.id))
    title = f"{document.sort_title[:SORTED]}\x01{document.id:020}"
    made.add_text("by_title", title)
    made.add_text("by_author", f"{document.sort_author[:SORTED]}\x01{title}")


def add_words(made: tantivy.Document, document: Document, passages: list[str]) -> None:
    texts = {
        "title": folded([document.title]), "author": folded(document.authors), "series": folded(document.series),
        "summary": folded([document.summary]), "note": folded([document.notes]),
        "tag": [tag_terms(name) for names in document.tags.values() for name in names], "text": passages,
    }  # fmt: skip
    for name, values in texts.items():
        for value in values:
            made.add_text(name, value)
        made.add_text("any", " ".join(values))
    made.add_text("language", " ".join(terms(document.language)))
    made.add_text("kind", " ".join(terms(document.kind)))
    made.add_text("like", characteristic([*passages, *texts["summary"]], texts["tag"]))
    for kind, names in document.tags.items():
        for name in names:
            made.add_text("kind_tag", kind_tag(kind, name))


def folded(values: Iterable[str]) -> list[str]:
    return [" ".join(terms(value)) for value in values]


@lru_cache(maxsize=TAGS)
def tag_terms(name: str) -> str:
    return " ".join(terms(name))


def characteristic(texts: list[str], tags: list[str]) -> str:
    """Return the terms that tell most about a work: those of its tags, and the words that it uses often."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text.split())
    telling = {term: count for term, count in counts.items() if len(term) > 3}  # noqa: PLR2004 — short words say little
    return " ".join([*tags, *nlargest(LIKE, telling, key=telling.__getitem__)])


@lru_cache(maxsize=TAGS)
def kind_tag(kind: str, name: str) -> str:
    return " ".join(of_kind(kind, term) for term in terms(name))


def of_kind(kind: str, term: str) -> str:
    """Return a term as it stands among the tags of one kind."""
    return f"{json_key(kind)}:{term}"


@lru_cache(maxsize=256)
def json_key(kind: str) -> str:
    """Return a kind of tags as a key that holds no dot, which would be a path."""
    return "k" + kind.encode().hex()


# ── names
USED = {"tag": "tag_id", "author": "person", "series": "series_id"}
"""Where the works of a name are found."""


def name_key(kind: str, id: int) -> str:  # noqa: A002 — the name's id
    return f"{kind}:{id}"


def named(name: Name, uses: int) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("doc", NAME)
    made.add_text("name_key", name_key(name.kind, name.id))
    made.add_text("name_kind", name.kind)
    if name.tag_kind:
        made.add_text("name_kind", f"tag:{name.tag_kind}")
    made.add_unsigned("target", name.id)
    made.add_unsigned("uses", uses)
    made.add_text("shown", f"{name.kind}\x01{name.tag_kind}\x01{name.text}")
    for text in folded((name.text, *name.also)):
        made.add_text("name", text)
    return made
