"""A page as the eye sees it: a flow of lines, from top to bottom.

Old pages say paragraph in a dozen ways (``<p>``, unclosed ``<p>``, ``<br><br>``, one ``<br>`` and an indent, ``<dd>``,
rows of tables, blank lines in ``<pre>``). So the tree is first flattened to lines with all that a rule may want to
know of them; :mod:`storykeep.sources.pages.weave` makes paragraphs of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from html import escape
from typing import cast

from lxml.html import HtmlElement

from storykeep.sources.pages.inline import nested
from storykeep.text.markup import BLOCKS

SKIPPED = frozenset(
    (
        "script style noscript head title select option textarea iframe object applet template "
        "map button xml nextid noframes"
    ).split()
)
EMPHASIS = frozenset({"i", "em", "cite", "var", "dfn"})
STRONG = frozenset({"b", "strong"})
PLAIN_FORMATS = frozenset({"u", "s", "sub", "sup", "q", "ins", "del", "ruby", "rt", "rp", "code"})
RENAMED = {"strike": "s", "kbd": "code", "samp": "code"}
SPACED = frozenset({"p", "dd", "div", "center"})  # blocks that show an empty line when they hold only a space
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_AROUND_NBSP = re.compile(r"(?<![ÃÂãâ])(?:[ \u00a0]*\u00a0[ \u00a0]+|[ \u00a0]+\u00a0[ \u00a0]*)")
_ITALIC_STYLE = re.compile(r"font-style\s*:\s*(italic|oblique)", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
_UPRIGHT_STYLE = re.compile(r"font-style\s*:\s*normal", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ALIGN_STYLE = re.compile(r"text-align\s*:\s*(center|right|left|justify)", re.IGNORECASE)
_POINTS = re.compile(r"font-size\s*:\s*([\d.]+)\s*(pt|px|em|%)", re.IGNORECASE)


class Kind(StrEnum):
    """What a line is."""

    TEXT = "text"
    RULE = "rule"
    IMAGE = "image"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Line:
    """One visible line.

    ``html`` is its words with inline marks only, ``text`` without. ``breaks`` is 0 when the line opens a block, 1 when
    only a ``<br>`` or a newline in ``<pre>`` parts it from the line before. ``block`` numbers the block that holds it.
    ``size`` is a font size on the scale of ``<font size>`` (3 is normal), for a picture its area. ``linked``, ``bold``
    and ``italic`` are shares of its letters, 0 to 1. ``indent`` counts spaces before the first letter.
    """

    text: str
    html: str
    kind: Kind
    element: HtmlElement
    breaks: int = 0
    block: int = 0
    tag: str = ""
    level: int = 0
    align: str = ""
    size: float = 3.0
    linked: float = 0.0
    bold: float = 0.0
    italic: float = 0.0
    indent: int = 0
    pre: bool = False
    source: str = ""
    links: tuple[tuple[str, str], ...] = ()
    words: int = 0


def lines(root: HtmlElement, *, without: frozenset[HtmlElement] = frozenset()) -> tuple[Line, ...]:
    """Return the visible lines under ``root``, top to bottom; elements in ``without`` are not looked into.

    >>> from storykeep.text.markup import parse
    >>> [line.text for line in lines(parse("<p>One<br>two<p>Three"))]
    ['One', 'two', 'Three']
    """
    flow = _Flow()
    for mark, element in _walk(root, without):
        if mark == "open":
            flow.open(element)
        elif mark == "close":
            flow.close(element)
        else:
            flow.text(cast("str", element.text if mark == "text" else element.tail))
    flow.end_line()
    return tuple(flow.done)


def _walk(root: HtmlElement, without: frozenset[HtmlElement]) -> Iterator[tuple[str, HtmlElement]]:
    """Yield open, text, close and tail in document order, without recursion: pages nest deeper than Python does."""
    todo: list[tuple[str, HtmlElement]] = [("visit", root)]
    while todo:
        mark, element = todo.pop()
        if mark != "visit":
            yield mark, element
            continue
        if element is not root and element.tail:
            todo.append(("tail", element))
        if not isinstance(element.tag, str) or element in without or _hidden(element):
            continue
        todo.append(("close", element))
        todo.extend(("visit", child) for child in reversed(element))
        yield "open", element
        if element.text:
            yield "text", element


def _hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.tag in SKIPPED or bool(style and _HIDDEN_STYLE.search(style))


@dataclass(slots=True)
class _State:
    """What holds inside an element: inherited by its children."""

    element: HtmlElement
    formats: tuple[str, ...] = ()
    align: str = ""
    level: int = 0
    size: float = 3.0
    pre: bool = False
    tag: str = ""
    holder: HtmlElement | None = None
    link: str = ""


@dataclass(slots=True)
class _Flow:
    """Collects runs of text into lines. Lives only while one page is flattened."""

    done: list[Line] = field(default_factory=list)
    stack: list[_State] = field(default_factory=list)
    runs: list[tuple[str, _State]] = field(default_factory=list)
    image: HtmlElement | None = None
    breaks: int = 0
    block: int = 0
    broken: bool = False

    def open(self, element: HtmlElement) -> None:
        tag = _name(element)
        if tag in BLOCKS:
            self.end_block()
        self.stack.append(_state(element, tag, self.stack[-1] if self.stack else None))
        if tag == "br":
            self.end_line(br=True)
        elif tag == "hr":
            self.end_block()
            self._add(Kind.RULE, self.stack[-1], source=_attributes(element))
            self.end_block()
        elif tag == "img":
            self.image = element
            self.runs.append(("", self.stack[-1]))

    def close(self, element: HtmlElement) -> None:
        state = self.stack.pop()
        tag = _name(element)
        if tag not in BLOCKS or tag == "hr":
            return
        if tag in SPACED and self.broken is False and not self._has_words() and self._is_spacer():
            self._add(Kind.BLANK, state)
            self.runs.clear()
        self.end_block()

    def text(self, words: str) -> None:
        state = self.stack[-1]
        if not state.pre:
            self.runs.append((words, state))
            return
        first, *rest = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.runs.append((first, state))
        for piece in rest:
            self.end_line(br=True)
            self.runs.append((piece, state))

    def _has_words(self) -> bool:
        return any(words.strip() for words, _ in self.runs) or self.image is not None

    def _is_spacer(self) -> bool:
        return any("\u00a0" in words for words, _ in self.runs)

    def end_block(self) -> None:
        self.end_line()
        self.block += 1
        self.breaks = 0
        self.broken = False

    def end_line(self, *, br: bool = False) -> None:
        """Close the line that is being collected; ``br`` says that a ``<br>`` or newline ends it."""
        state = self.stack[-1] if self.stack else None
        if self._has_words() and self.runs:
            self._line()
        elif br and state is not None:
            self._add(Kind.BLANK, state)
        self.runs.clear()
        self.image = None
        if br:
            self.breaks = 1
            self.broken = True

    def _line(self) -> None:
        state = next((s for words, s in self.runs if words.strip()), self.runs[0][1])
        made = _set(self.runs, pre=state.pre)
        if not made.text:
            image = self.image
            if image is not None:
                self._add(
                    Kind.IMAGE,
                    state,
                    source=image.get("src") or "",
                    text=_alt(image),
                    links=made.links,
                    size=_area(image),
                )
            return
        self.done.append(
            Line(
                text=made.text,
                html=made.html,
                kind=Kind.TEXT,
                element=cast("HtmlElement", state.holder),
                breaks=self.breaks,
                block=self.block,
                tag=state.tag,
                level=state.level,
                align=state.align,
                size=made.size,
                linked=made.linked,
                bold=made.bold,
                italic=made.italic,
                indent=made.indent,
                pre=state.pre,
                links=made.links,
                words=made.text.count(" ") + 1 if made.text.isascii() else len(made.text.split()),
            )
        )
        self.breaks = 0

    def _add(  # noqa: PLR0913  # what a line that has no words may have
        self,
        kind: Kind,
        state: _State,
        *,
        source: str = "",
        text: str = "",
        links: tuple[tuple[str, str], ...] = (),
        size: float = 3.0,
    ) -> None:
        line = Line(text, "", kind, cast("HtmlElement", state.holder), self.breaks, self.block, state.tag)
        self.done.append(replace(line, align=state.align, pre=state.pre, size=size, source=source, links=links))


def _name(element: HtmlElement) -> str:
    tag = str(element.tag).lower()
    return tag.rsplit(":", 1)[-1] if ":" in tag and tag != "o:p" else ("span" if tag == "o:p" else tag)


def _attributes(element: HtmlElement) -> str:
    return " ".join(
        f"{name}={value}"
        for name, value in sorted(element.attrib.items())
        if name in ("width", "size", "class", "align")
    )


def _area(image: HtmlElement) -> float:
    """Return the area of a picture in square pixels, 0 when the page doesn't say."""
    sides = [re.match(r"\d{1,5}", image.get(side) or "") for side in ("width", "height")]
    return float(sides[0].group()) * float(sides[1].group()) if sides[0] and sides[1] else 0.0


def _alt(image: HtmlElement) -> str:
    return _SPACES.sub(" ", image.get("alt") or "").strip()


def _state(element: HtmlElement, tag: str, above: _State | None) -> _State:
    if above is None:
        return _State(element, tag=tag, holder=element)
    block = tag in BLOCKS
    return _State(
        element=element,
        formats=_formats(element, tag, above.formats),
        align=_align(element, tag) or above.align if tag not in ("table", "td") else _align(element, tag),
        level=HEADINGS.get(tag, above.level),
        size=_size(element, tag, above.size),
        pre=above.pre or tag in ("pre", "xmp", "listing", "plaintext"),
        tag=tag if block else above.tag,
        holder=element if block else above.holder,
        link=(element.get("href") or "").strip() if tag == "a" else above.link,
    )


def _formats(element: HtmlElement, tag: str, above: tuple[str, ...]) -> tuple[str, ...]:
    style = element.get("style") or ""
    own = [_format(element, tag)] if _format(element, tag) else []
    if style and _ITALIC_STYLE.search(style):
        own.append("em")
    if style and _BOLD_STYLE.search(style) and tag not in HEADINGS:
        own.append("strong")
    if style and _UPRIGHT_STYLE.search(style) and tag not in EMPHASIS:
        above = tuple(mark for mark in above if mark != "em")
    return above + tuple(mark for mark in own if mark not in above)


def _format(element: HtmlElement, tag: str) -> str:
    tag = RENAMED.get(tag, tag)
    if tag in EMPHASIS:
        return "em"
    if tag in STRONG:
        return "strong"
    if tag == "a":
        return _link(element)
    if tag in ("span", "bdo") and (element.get("lang") or element.get("dir")):
        return _span(element)
    return tag if tag in PLAIN_FORMATS else ""


def _link(element: HtmlElement) -> str:
    href = (element.get("href") or "").strip()
    return f'a href="{escape(href)}"' if href.lower().startswith(("http://", "https://")) else ""


def _span(element: HtmlElement) -> str:
    kept = [f'{name}="{escape(element.get(name, ""))}"' for name in ("lang", "dir") if element.get(name)]
    return f"span {' '.join(kept)}"


def _align(element: HtmlElement, tag: str) -> str:
    if tag == "center":
        return "center"
    found = _ALIGN_STYLE.search(element.get("style") or "")
    align = (found[1] if found else element.get("align") or "").lower()
    align = {"middle": "center"}.get(align, align)
    return (
        align
        if align in ("center", "right", "left", "justify") and tag in BLOCKS and tag not in ("table", "hr")
        else ""
    )


def _size(element: HtmlElement, tag: str, above: float) -> float:
    if tag in HEADINGS:
        return 7.0 - HEADINGS[tag]
    if tag in ("big", "small"):
        return above + (1 if tag == "big" else -1)
    said = (element.get("size") or "").strip() if tag in ("font", "basefont") else ""
    if re.fullmatch(r"[+-]?\d+", said):
        return (3.0 if said[0] in "+-" else 0.0) + float(said)
    found = _POINTS.search(element.get("style") or "")
    return _steps(float(found[1]), found[2].lower()) if found and found[1] != "." and found[1].count(".") < 2 else above


def _steps(amount: float, unit: str) -> float:
    """Return a CSS font size on the scale of ``<font size>``: 12pt, 16px, 1em and 100% are 3."""
    normal = {"pt": 12.0, "px": 16.0, "em": 1.0, "%": 100.0}[unit]
    return 3.0 + 3.0 * (amount / normal - 1.0)


@dataclass(frozen=True, slots=True)
class _Set:
    """The words of one line, set: spaces as a browser would show them, marks nested and closed."""

    text: str
    html: str
    indent: int
    linked: float
    bold: float
    italic: float
    size: float
    links: tuple[tuple[str, str], ...]


def _set(runs: list[tuple[str, _State]], *, pre: bool) -> _Set:
    indent = _indent(runs, pre=pre)
    pieces = list(_trimmed(_spaced(runs, pre=pre)))
    if len(pieces) == 1 and not pieces[0][1].formats and not pieces[0][1].link:
        words, state = pieces[0]
        return _Set(words, escape(words, quote=False), indent, 0.0, 0.0, 0.0, state.size, ())
    letters = sum(len(words.strip()) for words, _ in pieces) or 1

    def share(wanted: Iterable[int]) -> float:
        return min(1.0, sum(wanted) / letters)

    return _Set(
        text="".join(words for words, _ in pieces),
        html=nested([(words, state.formats) for words, state in pieces]),
        indent=indent,
        linked=share(len(words.strip()) for words, state in pieces if state.link),
        bold=share(len(words.strip()) for words, state in pieces if "strong" in state.formats),
        italic=share(len(words.strip()) for words, state in pieces if "em" in state.formats),
        size=max((state.size for words, state in pieces if words.strip()), default=3.0),
        links=_links(pieces),
    )


def _links(pieces: list[tuple[str, _State]]) -> tuple[tuple[str, str], ...]:
    """Return (address, label) for each link, its pieces put together."""
    found: list[tuple[str, str]] = []
    for words, state in pieces:
        if not state.link:
            continue
        if found and found[-1][0] == state.link:
            found[-1] = (state.link, found[-1][1] + words)
        else:
            found.append((state.link, words))
    return tuple((address, label.strip()) for address, label in found)


def _indent(runs: list[tuple[str, _State]], *, pre: bool) -> int:
    """Count the spaces before the first letter: any in ``<pre>``, elsewhere only those that a browser shows."""
    head = ""
    for words, _ in runs:
        head += words[: len(words) - len(words.lstrip())]
        if words.strip():
            break
    return len(head.expandtabs(8)) if pre else sum(head.count(space) for space in "\u00a0\u2003\u2002\u3000")


def _spaced(runs: list[tuple[str, _State]], *, pre: bool) -> list[tuple[str, _State]]:
    """Collapse spaces across the runs as a browser does; runs of non-breaking spaces become one space.

    A non-breaking space after Ã or Â stays: it is the second half of a letter that was encoded twice.
    """
    out: list[tuple[str, _State]] = []
    after_space = False
    for words, state in runs:
        set_words = words.replace("\t", " ") if pre else _SPACES.sub(" ", words)
        if "\u00a0" in set_words:
            set_words = _AROUND_NBSP.sub(" ", set_words)
        if after_space and set_words.startswith(" "):
            set_words = set_words.lstrip(" ")
        if set_words:
            after_space = set_words.endswith(" ")
            out.append((set_words, state))
    return out


def _trimmed(runs: list[tuple[str, _State]]) -> Iterator[tuple[str, _State]]:
    last = max((n for n, (words, _) in enumerate(runs) if words.strip()), default=-1)
    first = next((n for n, (words, _) in enumerate(runs) if words.strip()), 0)
    for number, (words, state) in enumerate(runs[first : last + 1], start=first):
        kept = words.lstrip() if number == first else words
        yield (_rstrip(kept) if number == last else kept), state


def _rstrip(words: str) -> str:
    bare = words.rstrip()
    return bare + "\u00a0" if bare.endswith(("Ã", "Â")) and words[len(bare) :].startswith("\u00a0") else bare
