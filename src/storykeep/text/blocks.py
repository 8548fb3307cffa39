"""A body seen as the blocks that a reader sees: paragraphs, verse, scene breaks, gaps and headings, in order."""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field

from lxml import etree

from storykeep.text import markup

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_ITALIC = frozenset("em i cite dfn var".split())
_SPACES = re.compile(r"[ \t\n\f\r]+")
_SCENE_MARKS = re.compile(r"^[\W_]{1,40}$")


@dataclass(frozen=True, slots=True)
class Block:
    """One block. ``type`` is ``p``, ``lines``, ``scene_break``, ``gap`` or ``heading``.

    ``text`` is plain (lines joined by ``\\n``), ``italics`` the slanted runs in order, ``html`` its inline HTML;
    ``kind`` is the GapKind of a gap or the element of a heading (``h3``).
    """

    type: str
    text: str
    italics: tuple[str, ...] = ()
    html: str = ""
    kind: str = ""


def blocks(body: str) -> tuple[Block, ...]:
    """Return the blocks of a clean body.

    Quotations, list items and table cells are paragraphs; ``pre``, ``address`` and ``div.lines`` are lines.

    >>> [b.type for b in blocks('<p>One</p><hr class="scene"><p>Two</p><hr class="gap gap-reply">')]
    ['p', 'scene_break', 'p', 'gap']
    """
    writer = _Writer()
    root = markup.parse(body).find("body")
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "start":
            writer.start(element)
            writer.words(element.text)
        elif event == "end":
            writer.end(element)
        if event != "start" and element is not root:
            writer.words(element.tail)
    writer.flush()
    return tuple(writer.found)


@dataclass(slots=True)
class _Writer:
    """Collects the words of the block that is being read; ``shape`` is the block element around it."""

    found: list[Block] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    open_tags: list[tuple[str, str]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    italics: list[list[str]] = field(default_factory=list)
    slant: int = 0
    pre: int = 0

    def start(self, element: etree._Element) -> None:
        name = str(element.tag)
        if name == "br":
            self._break()
        elif name == "hr":
            self.flush()
            self.found.append(_rule(element))
        elif name in markup.BLOCKS:
            self.flush(inside=self._in_lines())
            self.shapes.append(_shape(element))
            self.pre += name in ("pre", "listing", "xmp")
        elif name not in ("wbr", "img"):
            self._open(name, element)

    def end(self, element: etree._Element) -> None:
        name = str(element.tag)
        if name in ("br", "hr", "wbr", "img"):
            return
        if name in markup.BLOCKS:
            self.flush(inside=len(self.shapes) > 1 and "lines" in self.shapes[:-1])
            self.shapes.pop()
            self.pre -= name in ("pre", "listing", "xmp")
        else:
            self._close(name)

    def words(self, words: str | None) -> None:
        if not words:
            return
        words = words if self.pre else _SPACES.sub(" ", words)
        self.text.append(words)
        self.html.append(entities.escape(words, quote=False))
        if self.slant:
            self.italics[-1].append(words)

    def flush(self, *, inside: bool = False) -> None:
        """End the block; ``inside`` a block of lines it is only a line that ends."""
        if inside:
            if self.text and not "".join(self.text).endswith("\n"):
                self._break()
            return
        text = _trim("".join(self.text), pre=bool(self.pre))
        if text:
            shape = next((s for s in reversed(self.shapes) if s), "p")
            runs = tuple(run for words in self.italics if (run := _trim("".join(words))))
            kind = shape if shape.startswith("h") else ""
            closers = "".join(f"</{tag}>" for tag, _ in reversed(self.open_tags))
            self.found.append(
                Block("heading" if kind else shape, text, runs, ("".join(self.html) + closers).strip(), kind)
            )
        self.text, self.italics = [], [[]] if self.slant else []
        self.html = [words for _, words in self.open_tags]

    def _in_lines(self) -> bool:
        return "lines" in self.shapes

    def _break(self) -> None:
        self.text.append("\n")
        self.html.append("<br>")
        if self.slant:
            self.italics[-1].append("\n")

    def _open(self, name: str, element: etree._Element) -> None:
        words = "".join(f' {k}="{entities.escape(str(v))}"' for k, v in element.attrib.items())
        self.open_tags.append((name, f"<{name}{words}>"))
        self.html.append(f"<{name}{words}>")
        if name in _ITALIC:
            self.slant += 1
            if self.slant == 1:
                self.italics.append([])

    def _close(self, name: str) -> None:
        self.open_tags.pop()
        self.html.append(f"</{name}>")
        self.slant -= name in _ITALIC


def _rule(element: etree._Element) -> Block:
    words = (element.get("class") or "").split()
    if "gap" in words:
        kind = next((word[4:] for word in words if word.startswith("gap-")), "unknown")
        return Block("gap", "", kind=kind)
    return Block("scene_break", "")


def _shape(element: etree._Element) -> str:
    name = str(element.tag)
    if name in _HEADINGS:
        return name
    if name in ("pre", "address", "listing", "xmp") or "lines" in (element.get("class") or "").split():
        return "lines"
    return ""


def _trim(text: str, *, pre: bool = False) -> str:
    if pre:
        return text.strip("\n").rstrip()
    return "\n".join(line.strip(" \t") for line in text.split("\n")).strip()
