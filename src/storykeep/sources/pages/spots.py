"""Where things stand on a page, in words that hold for other pages too: places, lines, and the marks of a template.

A spot is a line of the page, a run of words inside one (bold, a link), or what isn't shown (``<title>``, the chosen
chapter of a menu). Taught rules (:mod:`storykeep.sources.pages.rules`) look for values in spots and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape

from lxml.html import HtmlElement

from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.shape import place_of
from storykeep.text import repair as mending
from storykeep.text.markup import BLOCKS

RULE = "———"
"""What a spot says that is a ruled line."""
TEXT = "text"
LONGEST = 300  # letters of a run inside a line; what is longer is prose
_LABEL = re.compile(r"^[\W_]{0,4}[A-Z][\w'’/ ()-]{0,30}?\s?(?:::|:|\.\.\.|=>?|->?>|>|~|–| - )\s?(?=\S|$)")
_RULED = re.compile(r"[^\w\s]{3,}(?:\s*[^\w\s]+)*")


@dataclass(frozen=True, slots=True)
class Spot:
    """Words at a place. ``line`` is its number among the lines of the page, -1 for what isn't shown."""

    text: str
    place: str
    html: str = ""
    line: int = -1
    inside: bool = False  # a run of words inside a line, not the line itself


class Sheet:
    """A page as rules see it: its spots and its marks, each found once."""

    def __init__(self, page: SavedPage) -> None:
        self.page = page

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """All spots: what isn't shown first, then line by line, each with the runs inside it."""
        return (*_unseen(self.page), *self._shown())

    @cached_property
    def lines(self) -> tuple[Spot, ...]:
        """The spots that are whole lines, ruled lines among them, top to bottom."""
        return tuple(spot for spot in self.spots if spot.line >= 0 and not spot.inside)

    @cached_property
    def places(self) -> dict[str, list[Spot]]:
        """The spots at each place, top to bottom."""
        found: dict[str, list[Spot]] = {}
        for spot in self.spots:
            found.setdefault(spot.place, []).append(spot)
        return found

    @cached_property
    def marks(self) -> frozenset[str]:
        """What other pages of the same template have as well: named elements and their nesting, labels of a text."""
        if self.page.tree is None:
            return frozenset({TEXT, *_labels(self.lines)})
        return frozenset({"html", *_trails(self.page.body)})

    @cached_property
    def sample(self) -> str:
        """Words of the page that show how its letters were damaged."""
        return "\n".join(spot.text for spot in self.lines[:200] if not spot.text.isascii())[:6000]

    def mended(self, text: str) -> str:
        """Return words as the reader would repair them."""
        if text.isascii():
            return mending.repair(text).text.strip()
        beside = f"{text}\n\n{self.sample}"
        return mending.repair(beside).text.split("\n\n", 1)[0].replace("\u00a0", " ").strip()

    def _shown(self) -> Iterator[Spot]:
        inside = _Inside(self.page)
        for number, line in enumerate(self.page.lines):
            if line.kind is Kind.RULE or (line.kind is Kind.TEXT and _RULED.fullmatch(line.text.strip())):
                yield Spot(RULE, "hr", line=number)
            elif line.kind is Kind.TEXT:
                yield Spot(_spaced(line.text), self._place(line), line.html, number)
                yield from inside.of(line, number)

    def _place(self, line: Line) -> str:
        return TEXT if self.page.tree is None else place_of(line.element)


class _Inside:
    """Finds the runs of words inside lines: what is bold, linked, or in a font of its own."""

    def __init__(self, page: SavedPage) -> None:
        self.page = page
        self.runs: dict[HtmlElement, list[HtmlElement]] = {}

    def of(self, line: Line, number: int) -> Iterator[Spot]:
        if self.page.tree is None or line.words > 60:
            return
        if line.element not in self.runs:
            self.runs[line.element] = list(_inline(line.element))
        waiting = self.runs[line.element]
        where = place_of(line.element)
        text = _spaced(line.text)
        for run in list(waiting):
            said = words(run)
            if said and said in text:
                waiting.remove(run)
                yield Spot(said, f"{where} > {_run(run)}", escape(said, quote=False), number, inside=True)


def label_of(text: str) -> str:
    """Return the label that a line starts with, with its sign; empty when it starts with none.

    >>> label_of("Penned by: Kalima"), label_of("She came in.")
    ('Penned by: ', '')
    """
    found = _LABEL.match(text)
    return found[0] if found else ""


def _inline(block: HtmlElement) -> Iterator[HtmlElement]:
    for child in block:
        if isinstance(child.tag, str) and child.tag not in BLOCKS and child.tag not in ("script", "style", "select"):
            if child.tag not in ("br", "img") and len(child.text_content() or "") <= LONGEST:
                yield child
            yield from _inline(child)


def _run(run: HtmlElement) -> str:
    own = place_of(run).rsplit(" > ", 1)[-1]
    if run.tag == "font" and run.get("size"):
        own += f"[size {run.get('size')}]"
    return f"{own}[to {_leads(run.get('href') or '')}]" if run.tag == "a" else own


def _leads(href: str) -> str:
    """Return what kind of page a link leads to: its program, or its folder and ending.

    >>> _leads("viewuser.php?uid=12"), _leads("../authors/kalima.html"), _leads("mailto:k@example.org")
    ('viewuser.php', 'authors/….html', 'mailto')
    """
    if ":" in href.split("/", maxsplit=1)[0] and not href.startswith(("http:", "https:")):
        return href.split(":", maxsplit=1)[0].lower()
    path, _, query = re.sub(r"^https?://[^/]*", "", href).partition("?")
    folder, _, name = path.split("#")[0].rpartition("/")
    near = re.sub(r"\d+", "", folder.rsplit("/", 1)[-1]).strip(".")
    if query or not name:
        return name or f"{near}/"
    ending = name.rpartition(".")[2] if "." in name else ""
    return (f"{near}/" if near else "") + "…" + (f".{ending}" if ending else "")


def _unseen(page: SavedPage) -> Iterator[Spot]:
    if page.tree is None:
        return
    if page.title_tag:
        yield Spot(page.title_tag, "title")
    for meta in page.html.iter("meta"):
        name, said = (meta.get("name") or meta.get("property") or "").lower(), (meta.get("content") or "").strip()
        if name and said:
            yield Spot(_spaced(said)[:2000], f"meta {name}")
    for option in page.html.iter("option"):
        if option.get("selected") is not None:
            yield Spot(words(option), "option chosen")


def _labels(lines: tuple[Spot, ...]) -> Iterator[str]:
    for spot in (*lines[:30], *lines[-15:]):
        if spot.text == RULE:
            yield "hr"
        elif label := label_of(spot.text):
            yield f"label {label.strip()}"
        elif len(spot.text) <= 80:
            yield f"line {re.sub(r'[0-9]+', '0', spot.text)}"


_QUIET = frozenset("p br i em b strong u a img hr span tt big small sub sup wbr li".split())


def _trails(body: HtmlElement) -> Iterator[str]:
    """Yield the tags above each element that gives a page its structure."""
    for element in body.iter():
        if isinstance(element.tag, str) and (element.tag not in _QUIET or element.get("id") or element.get("class")):
            yield place_of(element)
            if element.tag not in _QUIET:
                above = [str(each.tag) for each in (element, *element.iterancestors()) if isinstance(each.tag, str)]
                yield ">".join(reversed([tag for tag in above if tag not in ("html", "body")][:6]))


def _spaced(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text).strip()
