"""A body seen as the blocks that a reader sees: paragraphs, verse, scene breaks, gaps and headings, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from storykeep.text import markup
from storykeep.text.references import escape, quote

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_ITALIC = frozenset("em i cite dfn var".split())
_VERBATIM = frozenset("pre listing xmp".split())
_EMPTY = frozenset("br hr img wbr col".split())
_SPACES = re.compile(r"[ \t\n\f\r]+")
_LEADING_BREAKS = re.compile(r"(?:\s|<br>)*+")


@dataclass(frozen=True, slots=True)
class Block:
    r"""One block. ``type`` is ``p``, ``lines``, ``scene_break``, ``gap`` or ``heading``.

    ``text`` is plain (lines joined by ``\n``), ``italics`` the slanted runs in order, ``html`` its inline HTML;
    ``kind`` is the GapKind of a gap or the element of a heading (``h3``).
    """

    type: str
    text: str
    italics: tuple[str, ...] = ()
    html: str = ""
    kind: str = ""


def blocks(body: str) -> tuple[Block, ...]:
    """Return the blocks of a clean body.

    Quotations, list items and table cells are paragraphs; ``pre``, ``address`` and ``div.lines`` are lines. A block
    without words (a picture alone) is none.

    >>> [block.type for block in blocks('<p>One</p><hr class="scene"><p>Two</p><hr class="gap gap-reply">')]
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


def to_html(found: Iterable[Block]) -> str:
    r"""Return blocks as body HTML, a line for each: the inverse of :func:`blocks` for bodies that have no more to them.

    >>> body = '<p>One <em>two</em></p>\n<hr class="scene">\n<div class="lines">a<br>b</div>'
    >>> to_html(blocks(body)) == body
    True
    """
    return "\n".join(_written(block) for block in found)


def _written(block: Block) -> str:
    if block.type == "scene_break":
        return '<hr class="scene">'
    if block.type == "gap":
        return f'<hr class="gap gap-{block.kind or "unknown"}">'
    inner = block.html or escape(block.text).replace("\n", "<br>")
    if block.type == "lines":
        return f'<div class="lines">{inner}</div>'
    tag = (block.kind or "h3") if block.type == "heading" else "p"
    return f"<{tag}>{inner}</{tag}>"


@dataclass(slots=True)
class _Writer:
    """Collects the words of the block that is being read; ``shapes`` are the block elements around it."""

    found: list[Block] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    italics: list[list[str]] = field(default_factory=list)
    slant: int = 0
    verbatim: int = 0

    def start(self, element: etree._Element) -> None:
        name = _name(element)
        if name == "br":
            self._break()
        elif name == "hr":
            self.flush()
            self.found.append(_rule(element))
        elif name in markup.BLOCKS:
            self.flush(line_only="lines" in self.shapes)
            self.shapes.append(_shape(name, element))
            self.verbatim += name in _VERBATIM
        elif name not in _EMPTY:
            self._open(name, element)

    def end(self, element: etree._Element) -> None:
        name = _name(element)
        if name in markup.BLOCKS and name != "hr":
            self.flush(line_only="lines" in self.shapes[:-1])
            self.shapes.pop()
            self.verbatim -= name in _VERBATIM
        elif name not in _EMPTY:
            self.html.append(f"</{self.tags.pop()[0]}>")
            self.slant -= name in _ITALIC

    def words(self, words: str | None) -> None:
        if not words:
            return
        words = words if self.verbatim else _SPACES.sub(" ", words)
        self.text.append(words)
        self.html.append(escape(words).replace("\n", "<br>"))
        if self.slant:
            self.italics[-1].append(words)

    def flush(self, *, line_only: bool = False) -> None:
        """End the block; inside a block of lines it is only a line that ends."""
        if line_only:
            if self.text and not self.text[-1].endswith("\n"):
                self._break()
            return
        if text := _trim("".join(self.text), verbatim=bool(self.verbatim)):
            self.found.append(self._block(text))
        self.text, self.italics = [], [[]] if self.slant else []
        self.html = [opening for _, opening in self.tags]

    def _block(self, text: str) -> Block:
        shape = next((shape for shape in reversed(self.shapes) if shape), "p")
        heading = shape if shape in _HEADINGS else ""
        runs = tuple(run for words in self.italics if (run := _trim("".join(words))))
        ends = "".join(f"</{tag}>" for tag, _ in reversed(self.tags))
        inner = _without_outer_breaks("".join(self.html) + ends)
        return Block("heading" if heading else shape, text, runs, inner, heading)

    def _break(self) -> None:
        self.text.append("\n")
        self.html.append("<br>")
        if self.slant:
            self.italics[-1].append("\n")

    def _open(self, name: str, element: etree._Element) -> None:
        given = "".join(f' {key}="{quote(value)}"' for key, value in _attributes(element))
        self.tags.append((name, f"<{name}{given}>"))
        self.html.append(f"<{name}{given}>")
        if name in _ITALIC:
            self.slant += 1
            if self.slant == 1:
                self.italics.append([])


def _attributes(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in element.attrib.items()]


def _name(element: etree._Element) -> str:
    return str(element.tag)


def _without_outer_breaks(html: str) -> str:
    start = _LEADING_BREAKS.match(html)
    end = len(html.rstrip())
    while html.endswith("<br>", 0, end):
        end -= len("<br>")
        while end and html[end - 1].isspace():
            end -= 1
    return html[start.end() if start else 0 : end]


def _rule(element: etree._Element) -> Block:
    words = (element.get("class") or "").split()
    if "gap" not in words:
        return Block("scene_break", "")
    return Block("gap", "", kind=next((word[4:] for word in words if word.startswith("gap-")), "unknown"))


def _shape(name: str, element: etree._Element) -> str:
    if name in _HEADINGS:
        return name
    lines = name in _VERBATIM or name == "address" or "lines" in (element.get("class") or "").split()
    return "lines" if lines else ""


def _trim(text: str, *, verbatim: bool = False) -> str:
    if verbatim:
        return "\n".join(line.rstrip() for line in text.strip("\n").split("\n")).rstrip()
    return "\n".join(line.strip(" \t") for line in text.split("\n")).strip()
