"""Trees seen as plain formats see them: blocks, and runs of words between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from lxml import etree

from storykeep.exports import frame
from storykeep.exports.nesting import INLINE
from storykeep.exports.tree import Scene, trees
from storykeep.model.story import Chapter, Note, Story

Run: TypeAlias = "list[str | etree._Element]"  # noqa: SLF001 — lxml gives its element class no public name
"""Words and inline elements that stand in one paragraph, in order."""

Labelled: TypeAlias = "tuple[tuple[str, etree._Element], ...]"  # noqa: SLF001 — the same


class Told(NamedTuple):
    """The text of a chapter as a tree, and the words around it, each with its label; they may link to each other."""

    before: Labelled
    text: etree._Element
    after: Labelled


SLANTED = frozenset({"em", "i", "cite", "dfn", "var"})
HEAVY = frozenset({"strong", "b"})
_SPACE = re.compile(r"[ \t\n\r\f]+")


def told(work: Story | Chapter, scene: Scene) -> Told:
    """Return summary, notes and text of a chapter, or summary and notes of a whole story."""
    summary = [Note(label="Summary", body=work.summary)] if work.summary else []
    before, after = [*summary, *frame.notes_before(work.notes)], frame.notes_after(work.notes)
    body = work.body if isinstance(work, Chapter) else ""
    text, *around = trees([body, *(note.body for note in (*before, *after))], scene)
    labelled = [(frame.note_label(note), tree) for note, tree in zip((*before, *after), around, strict=True)]
    return Told(tuple(labelled[: len(before)]), text, tuple(labelled[len(before) :]))


def parts(element: etree._Element) -> Iterator[etree._Element | Run]:
    """Yield what is inside ``element``: runs of words, and block elements, in order."""
    run: Run = [element.text] if element.text else []
    for child in element:
        if child.tag in INLINE:
            run.append(child)
        else:
            yield from _said(run)
            run = []
            yield child
        if child.tail:
            run.append(child.tail)
    yield from _said(run)


def squeezed(text: str) -> str:
    """Return ``text`` with runs of white space as one space, as a browser shows it; no-break spaces stay."""
    return _SPACE.sub(" ", text)


def classes(element: etree._Element) -> frozenset[str]:
    """Return the classes of an element."""
    return frozenset((element.get("class") or "").split())


def width(text: str) -> int:
    """Return how many columns ``text`` takes on a screen: Han, kana and hangul two, marks above letters none.

    >>> width("漢字 a"), width("e\u0301")
    (6, 1)
    """
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _said(run: Run) -> Iterator[Run]:
    if any(not isinstance(part, str) or part.strip() for part in run):
        yield run
