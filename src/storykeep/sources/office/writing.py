"""What the formats have in common: paragraphs of marked runs, written down as HTML, notes below their chapter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from storykeep.sources.manuscripts import LONGEST_HEADING
from storykeep.sources.pages import chapters
from storykeep.sources.pages.inline import nested

_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACED = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_OWN = re.compile(f"[{_OPEN}{_CLOSE}]")
_LINK = re.compile(r"https?://[^\s\"<>]+", re.IGNORECASE)
SMALL_CAPS = 'span style="font-variant:small-caps"'
ORDER = ("em", "strong", "u", "s", "sup", "sub", SMALL_CAPS)
"""The marks of a run, in the order in which they nest."""


@dataclass(slots=True)
class Paragraph:
    """A paragraph being collected. ``level`` is that of a heading (0: none), ``item`` "ul" or "ol" in a list."""

    align: str = ""
    level: int = 0
    title: bool = False
    item: str = ""
    quoted: bool = False
    rule: bool = False
    pieces: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words, without what was placed in them."""
        return _PLACED.sub("", "".join(words for words, _ in self.pieces)).strip()


def link(address: str) -> str:
    """Return the mark of a run that leads to ``address``; empty for what is no address on the web."""
    found = _LINK.match(address.strip())
    return f'a href="{escape(found[0])}"' if found else ""


class Writing:
    """Collects paragraphs and writes them down. Notes wait until the chapter that calls them ends."""

    def __init__(self) -> None:
        self.html: list[str] = []
        self._placed: list[str] = []
        self._waiting: list[tuple[int, str]] = []
        self._notes = 0
        self._list = ""

    def place(self, html: str) -> str:
        """Return a sign that stands for ``html`` in the words of a run: a break, a picture, a call of a note."""
        self._placed.append(html)
        return f"{_OPEN}{len(self._placed) - 1}{_CLOSE}"

    def picture(self, address: str, alt: str) -> str:
        """Return the sign for a kept picture; its words where there is none."""
        return (
            self.place(f'<img src="{escape(address)}" alt="{escape(alt)}">')
            if address
            else f"[image: {alt}]"
            if alt
            else ""
        )

    def note(self, paragraphs: Iterable[Paragraph]) -> str:
        """Take a note, and return the sign that calls it."""
        self._notes += 1
        number = self._notes
        words = "<br>".join(filter(None, (self._inline(paragraph) for paragraph in paragraphs)))
        self._waiting.append((number, words))
        return self.place(f'<a id="call{number}" href="#note{number}"><sup>{number}</sup></a>')

    def add(self, paragraph: Paragraph) -> None:
        """Write a paragraph down."""
        text = paragraph.text
        if (0 < paragraph.level <= 3 or chapters.heading(text)) and len(text) <= LONGEST_HEADING:  # noqa: PLR2004 — h1 to h3
            self._settle_notes()
        if paragraph.item != self._list:
            self._end_list()
            self.html.append(f"<{paragraph.item}>" if paragraph.item else "")
            self._list = paragraph.item
        self.html.append(self._block(paragraph))

    def finished(self) -> str:
        """Return everything as HTML."""
        self._settle_notes()
        return "\n".join(filter(None, self.html))

    def _end_list(self) -> None:
        if self._list:
            self.html.append(f"</{self._list}>")
        self._list = ""

    def _settle_notes(self) -> None:
        self._end_list()
        for number, words in self._waiting:
            self.html.append(f'<p id="note{number}"><a href="#call{number}">{number}</a>. {words}</p>')
        self._waiting.clear()

    def _block(self, paragraph: Paragraph) -> str:
        inner = self._inline(paragraph)
        style = f' style="text-align:{paragraph.align}"' if paragraph.align in ("center", "right") else ""
        if paragraph.rule and not paragraph.text:
            return "<hr>"
        if paragraph.title:
            return f'<p class="document-title">{inner}</p>'
        if paragraph.level and paragraph.text:
            return f"<h{min(paragraph.level, 6)}{style}>{inner}</h{min(paragraph.level, 6)}>"
        if paragraph.item:
            return f"<li>{inner}</li>"
        return (
            f"<blockquote><p{style}>{inner}</p></blockquote>"
            if paragraph.quoted and paragraph.text
            else f"<p{style}>{inner}</p>"
        )

    def _inline(self, paragraph: Paragraph) -> str:
        return _PLACED.sub(lambda found: self._placed[int(found[1])], nested(paragraph.pieces))


def words_of(text: str) -> str:
    """Return words as they may stand in a run: without the signs of :meth:`Writing.place`."""
    return _OWN.sub("", text)


def marks(found: Iterable[str]) -> tuple[str, ...]:
    """Return marks in the order in which they nest; a link goes outside."""
    told = set(found)
    links = sorted(one for one in told if one.startswith("a "))
    return (*links, *(one for one in ORDER if one in told))
