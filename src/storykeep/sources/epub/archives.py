"""Books that archives and downloaders wrote: Archive of Our Own's own pages, and FanFicFare's title page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml.html import Element, HtmlElement

from storykeep.model.errors import InputError
from storykeep.model.provenance import Capture
from storykeep.model.story import Story, Tag
from storykeep.sources import pages
from storykeep.sources.epub.texts import Text
from storykeep.sources.manuscripts import Manuscript
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.platforms import recognise
from storykeep.text import markup

_KINDS = {
    "rating": "rating",
    "archivewarning": "warning",
    "archivewarnings": "warning",
    "category": "category",
    "categories": "category",
    "fandom": "fandom",
    "fandoms": "fandom",
    "relationship": "pairing",
    "relationships": "pairing",
    "character": "character",
    "characters": "character",
    "additionaltags": "keyword",
    "additionaltag": "keyword",
}  # fmt: skip — one table
_ADDRESS = re.compile(r"https?://[^\s<>\"]+/works/\d+")


def ao3(read: Sequence[Text], capture: Capture) -> Story | None:
    """Return the story of a book that Archive of Our Own made, None when it is none.

    Its books are its HTML download, cut into files; put together again they are read by the same rules.
    """
    if not any(_by_id(text.root, "preface") is not None for text in read[:4]):
        return None
    address, tags = _address(read), tuple(_tags(read))
    whole = _put_together(read)
    try:
        known = replace(capture, encoding="utf-8", declared_encoding="utf-8")
        story = pages.read(markup.serialise(whole).encode(), known).story
    except InputError:
        return None
    if not any(chapter.body for chapter in story.chapters):
        return None
    chapters = tuple(replace(one, key=f"{story.key}/{one.key}", addresses=()) for one in story.chapters)
    addresses = (address,) if address else story.addresses
    return replace(story, captures=(capture,), addresses=addresses, chapters=chapters, tags=tags or story.tags)


def _put_together(read: Sequence[Text]) -> HtmlElement:
    """Return one page: the preface, all chapters in one box, the afterword."""
    whole = Element("html")
    body = _child(whole, "body")
    body.extend(found for text in read if (found := _by_id(text.root, "preface")) is not None)
    box = _child(body, "div")
    box.set("id", "chapters")
    after = [found for text in read if (found := _by_id(text.root, "afterword")) is not None]
    for text in read:
        box.extend(list(_chapters_of(text)))
    body.extend(after)
    return whole


def _tags(read: Sequence[Text]) -> Iterator[Tag]:
    """Yield the tags of the preface. Each is a link of its own, because commas occur inside them."""
    kind = ""
    for text in read[:4]:
        preface = _by_id(text.root, "preface")
        for item in preface.iter("dt", "dd") if preface is not None else ():
            if item.tag == "dt":
                kind = _KINDS.get(re.sub(r"\W+", "", item.text_content()).lower(), "")
            elif kind:
                yield from (Tag(kind=kind, name=name) for one in item.iter("a") if (name := words(one)))


def _chapters_of(text: Text) -> Iterator[HtmlElement]:
    """Yield what stands in the file between preface and afterword."""
    box = _by_id(text.root, "chapters")
    for child in list(box if box is not None else text.body):
        if not isinstance(child.tag, str) or child.get("id") in ("preface", "afterword", "chapters"):
            continue
        yield child


def _by_id(root: HtmlElement, name: str) -> HtmlElement | None:
    return next((one for one in root.iter() if isinstance(one.tag, str) and one.get("id") == name), None)


def _child(parent: HtmlElement, tag: str) -> HtmlElement:
    child = Element(tag)
    parent.append(child)
    return child


def _address(read: Sequence[Text]) -> str:
    for text in read[:4]:
        for link in text.root.iter("a"):
            if found := _ADDRESS.match(link.get("href") or ""):
                return found[0]
    return ""


def fanficfare(read: Sequence[Text], script: Manuscript) -> None:
    """Tell the manuscript what a title page of FanFicFare says; nothing when the book has none."""
    for text in read:
        if not text.with_class("fff_titlepage") and "fff_titlepage" not in text.types():
            continue
        source = markup.serialise(text.root)
        draft = recognise(SavedPage(script.capture, source, text.root, script.address))
        if draft is None:
            return
        told = {label.field for label in draft.labels}
        # what the title page says by its kind ("Ships: …") stands above what the package only calls a subject
        script.labels[:] = [one for one in script.labels if one.field not in told and one.field != "keywords"]
        script.labels.extend(draft.labels)
        script.titles.extend(draft.titles)
        script.authors.extend(draft.authors)
        script.series = script.series or draft.series
        script.status = draft.status
        return
