"""Notes that stand in another file of a book than the words that call them: they come below the chapter."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml.html import HtmlElement

from storykeep.sources.epub.texts import Text
from storykeep.sources.packages import Package

MOST = 2_000  # notes of one book that are moved
LONGEST = 600  # words; what is longer is no note
_HOLDERS = ("aside", "li", "p", "div", "dd", "tr")


def gather(read: Sequence[Text], package: Package) -> None:
    """Make links inside a text point into it, and bring the notes that it calls in another text below it.

    A note is an element that its own link leads back from, or one that the book marks as a note.
    """
    texts = {text.name: text for text in read}
    moved = 0
    for text in read:
        for link in list(text.body.iter("a")):
            href = link.get("href") or ""
            target, _, fragment = href.partition("#")
            if not fragment or "://" in href:
                continue
            name = package.find(text.name, target) if target else text.name
            if name == text.name:
                link.set("href", f"#{fragment}")
            elif name in texts and moved < MOST and (note := _note(texts[name], fragment, text.name)) is not None:
                moved += 1
                text.body.append(_brought(note, fragment, moved))
                link.set("href", f"#note-{moved}-{fragment}")


def _note(text: Text, fragment: str, caller: str) -> HtmlElement | None:
    """Return the element that holds the note with this id; None when what is there is a chapter."""
    found = next((one for one in text.body.iter() if isinstance(one.tag, str) and one.get("id") == fragment), None)
    if found is None:
        return None
    holder = next((one for one in (found, *found.iterancestors()) if one.tag in _HOLDERS), None)
    if holder is None or len(holder.text_content().split()) > LONGEST:
        return None
    leaf = caller.rpartition("/")[2]
    returns = any((link.get("href") or "").split("#")[0].endswith(leaf) for link in holder.iter("a"))
    marked = "note" in f"{holder.get('epub:type') or ''}{found.get('epub:type') or ''}{holder.get('class') or ''}"
    return holder if returns or marked else None


def _brought(note: HtmlElement, fragment: str, number: int) -> HtmlElement:
    """Return a copy of a note as a paragraph of its own, and leave a mark where it stood."""
    copy = deepcopy(note)
    copy.tail = None
    for link in copy.iter("a"):
        href = link.get("href") or ""
        if "#" in href and "://" not in href:
            link.set("href", "#" + href.partition("#")[2])
    for one in copy.iter():
        if isinstance(one.tag, str) and one.get("id") == fragment:
            one.attrib.pop("id")
    copy.set("id", f"note-{number}-{fragment}")
    copy.tag = "div" if copy.tag in ("li", "dd", "tr") else copy.tag
    note.set("data-moved", "yes")
    return copy


def without_moved(read: Sequence[Text]) -> None:
    """Take out the notes that stand below their chapters now; a text that held nothing else is empty then."""
    for text in read:
        for one in [one for one in text.body.iter() if isinstance(one.tag, str) and one.get("data-moved")]:
            one.drop_tree()
        if text.words and _only_headed(text):
            for child in list(text.body):
                text.body.remove(child)


def _only_headed(text: Text) -> bool:
    """Say whether a text that lost its notes has only their heading ("Notes") left."""
    said = " ".join(text.body.text_content().split()).casefold().strip(" .:")
    return said in ("notes", "endnotes", "footnotes", "end notes", "author's notes", "anmerkungen", "fußnoten")
