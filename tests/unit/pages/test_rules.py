"""Correct one, mend all: a rule learned from one correction is right on every page of its template."""

import json
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import odd
from storykeep.model.errors import BadBundle, UsageError
from storykeep.model.provenance import Capture
from storykeep.sources import pages
from storykeep.sources.pages.lessons import learn, loose
from storykeep.sources.pages.page import opened
from storykeep.sources.pages.rules import Rule, taught
from storykeep.sources.pages.shape import Learner, Shape
from storykeep.text.blocks import blocks

FIELDS = ("title", "author", "notes", "body")


def learned_shape(archive):
    learner = Learner()
    for page in archive:
        learner.see(page.data, page.capture)
    return learner.shape()


def read(page, shape):
    return pages.read(page.data, page.capture, shape=shape)


def words(html):
    return loose(re.sub(r"<[^>]*>", " ", html))


def text(story):
    return loose("".join(block.text for chapter in story.chapters for block in blocks(chapter.body)))


def wrong(page, reading):
    """The fields in which a reading differs from the truth."""
    story = reading.story
    notes = [words(n.body) for n in (*story.notes, *(n for each in story.chapters for n in each.notes))]
    right = {
        "title": story.title == page.title,
        "author": story.authors == (page.author,),
        "notes": "".join(notes) == loose(page.notes),
        "body": text(story) == loose("".join(page.body)),
    }
    return [name for name in FIELDS if not right[name]]


def value(page, field):
    return "\n".join(page.body) if field == "body" else getattr(page, field)


def corrected(archive, page, shape):
    """The shape after an archivist has marked, on one page, every field that some page has wrong."""
    others = [(each.data, each.capture) for each in archive]
    for field in FIELDS:
        if any(field in wrong(each, read(each, shape)) for each in archive):
            rule = learn(page.data, page.capture, field, value(page, field), others)[0].rule
            shape = replace(shape, rules=(*shape.rules, rule))
    return shape


ARCHIVES = {name: odd.archive(name) for name in odd.NAMES}
SHAPES = {name: learned_shape(archive) for name, archive in ARCHIVES.items()}


@pytest.mark.parametrize("name", odd.NAMES)
def test_without_being_taught_these_archives_are_read_wrong(name):
    found = Counter(field for page in ARCHIVES[name] for field in wrong(page, read(page, SHAPES[name])))
    assert found["title"] == found["author"] == found["notes"] == len(ARCHIVES[name])


@pytest.mark.parametrize("name", odd.NAMES)
@given(number=st.integers(0, 19))
@settings(max_examples=3, deadline=None)
def test_one_correction_on_any_page_mends_all_pages(name, number):
    archive = ARCHIVES[name]
    shape = corrected(archive, archive[number], SHAPES[name])
    left = {page.capture.path: found for page in archive if (found := wrong(page, read(page, shape)))}
    assert left == {}, [rule.words for rule in shape.rules]


def test_a_rule_leaves_pages_of_other_templates_alone():
    cards, soup = ARCHIVES["cards"], ARCHIVES["soup"]
    both = [(page.data, page.capture) for page in (*cards, *soup)]
    rule = learn(cards[0].data, cards[0].capture, "title", cards[0].title, both)[0].rule
    shape = Shape(rules=(rule,))
    assert all(read(page, shape) == read(page, None) for page in soup[:5])
    assert all(read(page, shape).story.title == page.title for page in cards[:5])


def test_a_taught_value_says_that_it_was_taught():
    cards = ARCHIVES["cards"]
    rule = learn(cards[0].data, cards[0].capture, "title", cards[0].title, [(p.data, p.capture) for p in cards])[0].rule
    story = read(cards[1], Shape(rules=(rule,))).story
    told = next(each for each in story.evidence if each.field == "title")
    assert (told.rule, told.confidence, told.quote) == ("taught", 0.95, cards[1].title)
    assert not any(finding.code.startswith("title.") for finding in story.findings)


def test_a_rule_explains_itself_and_counts_its_pages():
    cards = ARCHIVES["cards"]
    lesson = learn(cards[0].data, cards[0].capture, "title", cards[0].title, [(p.data, p.capture) for p in cards])[0]
    assert lesson.rule.words == "Title: the line after “Piece”; 20 of 20 pages like it have that place."
    assert (lesson.pages, lesson.of) == (20, 20)


def test_rules_are_the_same_whenever_they_are_learned():
    cards = ARCHIVES["cards"]
    others = [(page.data, page.capture) for page in cards]
    first = learn(cards[2].data, cards[2].capture, "author", cards[2].author, others)
    assert first == learn(cards[2].data, cards[2].capture, "author", cards[2].author, list(reversed(others)))


def test_a_rule_survives_json():
    page = ARCHIVES["ledger"][0]
    shape = corrected(ARCHIVES["ledger"], page, SHAPES["ledger"])
    again = Shape.from_plain(json.loads(json.dumps(shape.to_plain())))
    assert again == shape
    assert [rule.id for rule in again.rules] == [rule.id for rule in shape.rules]


@pytest.mark.parametrize(
    "plain", [{}, {"field": "title"}, {"field": "age", "start": {}, "cut": {}, "end": {}, "marks": []}]
)
def test_what_is_no_rule_is_refused(plain):
    with pytest.raises(BadBundle, match="rule"):
        Rule.from_plain(plain)


def test_a_value_that_does_not_stand_on_the_page_is_refused_with_advice():
    page = ARCHIVES["cards"][0]
    with pytest.raises(UsageError, match="Mark it as it is printed"):
        learn(page.data, page.capture, "title", "A Title That Nobody Wrote")


def test_words_that_look_like_a_pattern_are_words():
    pages_ = [
        f"<p>(.*)+ {title} [a-z]</p><p>By Ann</p><p>It rained on the quay, and on the boats.</p>".encode()
        for title in ("Salt", "Ferry", "Kettle")
    ]
    captures = [Capture(sha256=str(n), path=f"{n}.html") for n in range(3)]
    rule = learn(pages_[0], captures[0], "title", "Salt", zip(pages_, captures, strict=True))[0].rule
    titles = [pages.read(data, capture, shape=Shape(rules=(rule,))).story.title
              for data, capture in zip(pages_, captures, strict=True)]  # fmt: skip
    assert titles == ["Salt", "Ferry", "Kettle"]


def a_serial(number, title, chapters):
    told = "".join(
        f"<div class=knot>{n + 1} ~ {name}</div>" + "<p>She tied the boat up and went in.</p>" * 3
        for n, name in enumerate(chapters)
    )
    data = f"<html><title>{title}</title><body><h1>{title}</h1><p>by Ann</p>{told}</body></html>".encode()
    return data, Capture(sha256=str(number), path=f"{number}.html")


def test_the_headings_of_chapters_are_taught():
    archive = [a_serial(n, f"Rope {n}", [f"Bight {n}", "Hitch", "Bend"]) for n in range(4)]
    rule = learn(*archive[0], "chapters", "2 ~ Hitch", archive)[0].rule
    for number, (data, capture) in enumerate(archive):
        chapters = pages.read(data, capture, shape=Shape(rules=(rule,))).story.chapters
        assert [each.key for each in chapters] == ["1", "2", "3"]
        assert f"Bight {number}" in chapters[0].title


def test_words_that_are_taught_as_one_kind_of_tag_are_no_tag_of_another():
    words = "the harbour was quiet and nobody spoke of the light that had gone out the winter before"
    paragraphs = "".join(f"<p>{n}. {words}.</p>" for n in range(12))
    html = f"<h1>The Long Light</h1><p>By Ada Rill</p><p>Setting: The Estuary<br>Rating: PG</p>{paragraphs}"
    capture = Capture(sha256="0" * 64, path="a.html", address="http://old.example/a.html")
    before = pages.read(html.encode(), capture).story
    assert [tag.kind for tag in before.tags if tag.name == "The Estuary"] == ["timeline"]
    lesson = learn(html.encode(), capture, "tag:fandom", "The Estuary", ())[0]
    after = pages.read(html.encode(), capture, shape=Shape(rules=(lesson.rule,))).story
    assert [tag.kind for tag in after.tags if tag.name == "The Estuary"] == ["fandom"]
    assert [tag.name for tag in after.tags if tag.kind == "rating"] == ["PG"]


def test_furniture_is_taught():
    shelves = ARCHIVES["shelves"]
    bell = "Ring for the porter if the door is locked."
    rule = learn(shelves[0].data, shelves[0].capture, "furniture", bell, [(p.data, p.capture) for p in shelves])[0].rule
    assert all(loose(bell) not in text(read(page, Shape(rules=(rule,))).story) for page in shelves)


def test_no_address_of_a_person_gets_out_through_a_rule():
    data = [
        f"<p>Tale ~ Salt {n}</p><p>Hand ~ Ann{n} (ann{n}@example.org)</p><p>It rained on the quay and on.</p>".encode()
        for n in range(3)
    ]
    captures = [Capture(sha256=str(n), path=f"{n}.html") for n in range(3)]
    rule = learn(data[0], captures[0], "author", "Ann0", zip(data, captures, strict=True))[0].rule
    for number in range(3):
        story = pages.read(data[number], captures[number], shape=Shape(rules=(rule,))).story
        assert story.authors == (f"Ann{number}",)
        assert "@" not in "".join(each.quote for each in story.evidence)


# --- the pages beside the repository -------------------------------------------------------------------------------


def _truths(shared):
    folder = shared / "data" / "rescue-pages"
    for path in sorted(folder.glob("truth/*.json")):
        truth = json.loads(path.read_text("utf-8"))
        data = (folder / truth["file"]).read_bytes()
        yield truth, data, Capture(sha256=truth["id"], path=truth["file"], address=truth.get("source_url") or "")


def _paragraphs(chapter):
    return [
        "".join(block.get("lines") or [block["text"]]) for block in chapter["blocks"] if block["type"] != "scene_break"
    ]


def _state(truth, reading):
    """For each field that stands on the page: whether the reading has it right, and what to teach otherwise."""
    story = reading.story
    notes = [words(n.body) for n in (*story.notes, *(n for each in story.chapters for n in each.notes))]
    body = [p for chapter in truth["chapters"] for p in _paragraphs(chapter)]
    yield "title", loose(story.title or "") == loose(truth["title"]), truth["title"]
    yield "author", story.authors == (truth["author"],), truth["author"]
    yield "notes", any(loose(truth["story_notes"]) in note for note in notes), truth["story_notes"]
    yield "after", any(loose(truth["end_notes"]) in note for note in notes), truth["end_notes"]
    found = text(story)
    yield (
        "body",
        found == loose("".join(body)) or loose(found.removesuffix("theend")) == loose("".join(body)),
        "\n".join(body),
    )
    if len(truth["chapters"]) > 1:
        titles = [loose(f"{c['title']}") for c in truth["chapters"]]
        yield "chapters", [loose(each.title) for each in story.chapters] == titles, truth["chapters"][0]["title"]
    elif truth["chapters_in_story"] > 1:
        number = truth["chapters"][0]["number"]
        yield "chapter.number", number in (reading.place, int(story.chapters[0].key)), str(number)


def _stands_on(page_words, name, wanted):
    return bool(wanted.strip()) and (name in ("body", "chapter.number") or loose(wanted) in page_words)


@pytest.mark.shared
def test_one_correction_for_each_template_makes_the_saved_pages_right(shared):
    right, total, left = 0, 0, []
    for truth, data, capture in _truths(shared):
        shape = Shape()
        page = opened(data, capture)
        on_page = loose(" ".join(line.text for line in page.lines) + page.title_tag)
        for name, good, wanted in _state(truth, pages.read(data, capture)):
            if not good and _stands_on(on_page, name, wanted):
                try:
                    shape = replace(shape, rules=(*shape.rules, learn(data, capture, name, wanted)[0].rule))
                except UsageError:
                    continue
        for name, good, wanted in _state(truth, pages.read(data, capture, shape=shape)):
            if _stands_on(on_page, name, wanted):
                total, right = total + 1, right + good
                left.extend([] if good else [(truth["id"], name, wanted[:60])])
    assert right >= 0.99 * total, (right, total, left)


def test_pages_without_rules_are_read_as_before():
    page = ARCHIVES["cards"][0]
    assert taught.__doc__
    assert read(page, Shape(rules=())) == read(page, Shape())
