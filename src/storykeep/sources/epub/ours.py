"""Books that Storykeep itself wrote come back as nearly the same story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from lxml.html import HtmlElement

from storykeep.model.story import Note, NoteKind, Relation, RelationKind, Status, Story, Tag
from storykeep.sources.blocks import blocks_of
from storykeep.sources.epub.texts import Text
from storykeep.sources.manuscripts import Manuscript, Section, headed, prose_of, story_of
from storykeep.sources.pages import dates

_RELATIONS = {
    "sequel to": RelationKind.SEQUEL_OF,
    "prequel to": RelationKind.PREQUEL_OF,
    "inspired by": RelationKind.INSPIRED_BY,
    "translation of": RelationKind.TRANSLATION_OF,
    "a gift for": RelationKind.GIFT_TO,
    "written for": RelationKind.CHALLENGE,
}
_STATUS = {"complete": Status.COMPLETE, "in progress": Status.IN_PROGRESS, "unfinished": Status.ABANDONED}
_OWN_ROWS = frozenset(("series", "written", "published", "updated", "status", "chapters", "words", *_RELATIONS))
_GAP = {
    "a line is missing in the surviving copy": "reply",
    "a scene break may be missing in the surviving copy": "scene-break",
    "a heading is missing in the surviving copy": "heading",
    "an address is missing in the surviving copy": "address",
    "the surviving copy ends here": "tail",
}


def is_ours(read: Sequence[Text]) -> bool:
    """Say whether Storykeep made a book: its chapters and its last page are marked so."""
    made = any("Made with Storykeep" in one.text_content() for text in read[-2:] for one in text.with_class("made"))
    return made and any(text.with_class("chapter") and text.with_class("text") for text in read)


def story(read: Sequence[Text], script: Manuscript) -> Story:
    """Return the story in such a book."""
    facts = [row for text in read for box in text.with_class("facts") for row in _rows(box)]
    pages = [(text, next(iter(text.with_class("chapter")), None)) for text in read]
    script.labels = [label for label in script.labels if label.field not in ("keywords", "summary")]
    whole = next((" ".join(one.text_content().split()) for text in read for one in text.with_class("title")), "")
    script.sections = [
        _section(text, page, whole) for text, page in pages if page is not None and text.with_class("text")
    ]
    told = story_of(script)
    around = [one for text in read for kind in ("preface", "afterword") for one in text.with_class(kind)]
    return _with_facts(
        replace(
            told,
            summary="".join(_words(one) for page in around[:1] for one in _classed(page, "summary")),
            notes=tuple(note for page in around for note in _notes(page)),
            tags=tuple(_tags(facts)),
        ),
        dict(facts),
    )


def _with_facts(told: Story, facts: dict[str, str]) -> Story:
    chapters = re.fullmatch(r"(\d+) of (\d+)", facts.get("chapters", ""))
    return replace(
        told,
        status=_STATUS.get(facts.get("status", "").lower(), told.status),
        written=dates.iso(facts.get("written", "")),
        published=dates.iso(facts.get("published", "")) or ("" if "written" in facts else told.published),
        updated=dates.iso(facts.get("updated", "")),
        stated_words=int(re.sub(r"\D", "", facts.get("words", "")) or 0),
        chapters_planned=int(chapters[2]) if chapters else 0,
        relations=tuple(Relation(kind=kind, target=facts[name]) for name, kind in _RELATIONS.items() if name in facts),
    )


def _rows(box: HtmlElement) -> Iterable[tuple[str, str]]:
    terms = list(box.iter("dt", "dd"))
    for term, value in pairwise(terms):
        if term.tag == "dt" and value.tag == "dd":
            yield " ".join(term.text_content().split()).lower(), " ".join(value.text_content().split())


def _tags(facts: Sequence[tuple[str, str]]) -> Iterable[Tag]:
    for name, value in facts:
        if name not in _OWN_ROWS:
            yield from (Tag(kind=name.replace(" ", "-"), name=one) for one in value.split("; ") if one)


def _section(text: Text, page: HtmlElement, whole: str) -> Section:
    heading = next(iter(page.iter("h2")), None)
    said = " ".join(heading.text_content().split()) if heading is not None else ""
    box = next(iter(_classed(page, "text")))
    _restore(box)
    blocks = blocks_of(box)
    title = "" if said == whole else said
    named = headed([], title, "epub.storykeep")
    return replace(
        named,
        blocks=blocks,
        summary="".join(_words(one) for one in _classed(page, "summary")),
        notes=tuple(_notes(page)),
        address=text.meta("chapterurl"),
    )


def _restore(box: HtmlElement) -> None:
    """Turn the words that stand for a gap into the gap again, and take out links back to where a note is called."""
    for element in _classed(box, "gap"):
        kind = _GAP.get(element.text_content().strip(" []\n\t"), "unknown")
        element.tag = "hr"
        element.text = None
        for child in list(element):
            element.remove(child)
        element.attrib.clear()
        element.set("class", f"gap gap-{kind}")
    for link in _classed(box, "backlink"):
        link.drop_tree()


def _notes(page: HtmlElement) -> Iterable[Note]:
    for box in _classed(page, "note"):
        kind = next((one[5:] for one in (box.get("class") or "").split() if one.startswith("note-")), "before")
        label = next(iter(_classed(box, "note-label")), None)
        said = " ".join(label.text_content().split()) if label is not None else ""
        if label is not None:
            label.drop_tree()
        yield Note(kind=NoteKind(kind) if kind in set(NoteKind) else NoteKind.OTHER, label=said, body=_words(box))


def _classed(page: HtmlElement, name: str) -> list[HtmlElement]:
    return [one for one in page.iter() if isinstance(one.tag, str) and name in (one.get("class") or "").split()]


def _words(box: HtmlElement) -> str:
    return prose_of(blocks_of(box)).body
