"""The shape of an archive's pages, learned from the pages themselves: what repeats is furniture, what varies is story.

Nothing is trained and nothing is weighed: the shape is a list of lines and places with the numbers of pages on which
they were seen, so that a person can read why a line was left out. The same pages in any order give the same shape.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from storykeep.model.errors import BadBundle
from storykeep.model.provenance import Capture
from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import chapters, labels, names, sorts, tails
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.page import SavedPage, opened
from storykeep.sources.pages.weave import is_scene_mark

if TYPE_CHECKING:
    from storykeep.sources.pages.rules import Rule

FEWEST = 3  # pages on which a line must stand
SHARE = 0.5  # of the pages that have its place
LONGEST = 300  # letters; what is longer is no furniture unless it repeats word by word
MOST = 200_000  # different lines that are remembered


@dataclass(frozen=True, slots=True)
class Repeat:
    """A line that repeats: its letters, where it stands, on how many of how many pages, and how it reads."""

    key: str
    where: str
    pages: int
    of: int
    example: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What an archive's pages have in common. ``boxes`` hold only furniture; ``story`` is where stories stand.

    ``rules`` are those that an archivist taught, in the order of teaching.
    """

    pages: int = 0
    site: str = ""
    repeats: tuple[Repeat, ...] = ()
    boxes: tuple[str, ...] = ()
    story: str = ""
    rules: tuple[Rule, ...] = ()

    @property
    def repeated(self) -> frozenset[str]:
        """The letters of all lines that are furniture."""
        return frozenset(repeat.key for repeat in self.repeats)

    def furniture_on(self, page: SavedPage) -> frozenset[HtmlElement]:
        """Return the elements of ``page`` that stand where the archive keeps its furniture."""
        if page.tree is None or not self.boxes:
            return frozenset()
        wanted = set(self.boxes)
        return frozenset(
            element for element in page.body.iter() if isinstance(element.tag, str) and place_of(element) in wanted
        )

    def explain(self) -> Iterator[str]:
        """Yield a sentence for each thing that was taught or learned."""
        yield from (rule.words for rule in self.rules)
        if self.site:
            yield f"The archive calls itself “{self.site}”."
        if self.story:
            yield f"Stories stand in {self.story}."
        for box in self.boxes:
            yield f"{box} holds no part of a story."
        for repeat in self.repeats:
            yield f"“{repeat.example}” stands on {repeat.pages} of {repeat.of} pages that have {repeat.where}."

    def to_plain(self) -> dict[str, object]:
        """Return the shape as JSON values."""
        return {
            "pages": self.pages,
            "site": self.site,
            "repeats": [[r.key, r.where, r.pages, r.of, r.example] for r in self.repeats],
            "boxes": list(self.boxes),
            "story": self.story,
            **({"rules": [rule.to_plain() for rule in self.rules]} if self.rules else {}),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> Shape:
        """Return the shape that :meth:`to_plain` gave. Raises BadBundle when it doesn't fit."""
        from storykeep.sources.pages.rules import Rule  # noqa: PLC0415 — rules know places, which are named here

        try:
            repeats = tuple(Repeat(str(k), str(w), int(p), int(o), str(e)) for k, w, p, o, e in plain["repeats"])  # type: ignore[attr-defined]  # checked by the except
            boxes = tuple(str(box) for box in plain["boxes"])  # type: ignore[attr-defined]  # the same
            rules = tuple(map(Rule.from_plain, plain.get("rules", ())))  # type: ignore[call-overload]  # the same
            return cls(int(str(plain["pages"])), str(plain["site"]), repeats, boxes, str(plain["story"]), rules)
        except (KeyError, TypeError, ValueError) as error:
            raise BadBundle(f"This is no page shape: {error}. Learn it anew from the pages.") from error


@dataclass(slots=True)
class Learner:
    """Sees pages one by one and says what repeats. Holds counts, never pages."""

    count: int = 0
    lines: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    words: dict[str, Counter[str]] = field(default_factory=dict)
    segments: dict[str, set[int]] = field(default_factory=dict)
    boxes: Counter[str] = field(default_factory=Counter)
    works: dict[str, int] = field(default_factory=dict)

    def see(self, data: bytes, capture: Capture) -> None:
        """Look at one page. Raises InputError when it can't be read; nothing is learned from it then."""
        page = opened(data, capture)
        self.count += 1
        work = self._work(page, capture)
        found = page.lines if page.tree is not None else ()
        seen: set[tuple[str, str]] = set()
        for line in found:
            if line.kind is Kind.TEXT and (key := _key(line)):
                seen.add((key, place_of(line.element)))
                place = place_of(line.element)
                self.examples[key, place] = min(line.text[:120], self.examples.get((key, place), line.text[:120]))
        for one in seen:
            if one in self.lines or len(self.lines) < MOST:
                self.lines.setdefault(one, set()).add(work)
        self._weigh(found)
        for piece in sorts.segments(page.title_tag)[1:]:
            self.segments.setdefault(piece, set()).add(work)

    def _work(self, page: SavedPage, capture: Capture) -> int:
        """Return a number for the work that the page seems to be of: chapters of one work count once."""
        name = re.split(r"[?#]", capture.path or capture.address)[0].rsplit("/", 1)[-1]
        stem = re.sub(r"\.\w+$|\d+|(?:ch(?:apter)?|part|pt)[-_ ]?$", "", name.lower())
        told = addresses.place(page.address).work or (stem if len(stem) > 3 else name)
        return self.works.setdefault(told, len(self.works))

    def _weigh(self, found: tuple[Line, ...]) -> None:
        """Count for each place the pages that have it, and the words of each line in it."""
        here: set[str] = set()
        for line in found:
            if line.kind is not Kind.TEXT:
                continue
            for element in (line.element, *line.element.iterancestors()):
                where = place_of(element)
                here.add(where)
                if element.tag in ("p", "li", "dd", "pre", "tr", "h1", "h2", "h3", "h4") and not element.get("class"):
                    continue  # a paragraph is no place
                if len(self.words) < MOST and _is_named(where):
                    self.words.setdefault(where, Counter())[_key(line) or line.text[:40]] += line.words
        self.places.update(here)

    def shape(self) -> Shape:
        """Return what was learned so far; empty from fewer than three pages."""
        if self.count < FEWEST:
            return Shape(pages=self.count)
        repeats = tuple(sorted(self._repeats(), key=lambda r: (-r.pages, r.key, r.where)))
        keys = {repeat.key for repeat in repeats}
        boxes = tuple(sorted(self._boxes(keys)))
        return Shape(self.count, self._site(), repeats, boxes, self._story(keys, boxes))

    def _repeats(self) -> Iterator[Repeat]:
        fewest = FEWEST if len(self.works) >= FEWEST else max(2, len(self.works))
        for (key, where), works in self.lines.items():
            of = min(self.places[where], len(self.works))
            if len(works) >= fewest and len(works) >= SHARE * of and len(self.works) > 1:
                yield Repeat(key, where, len(works), of, self.examples[key, where])

    def _boxes(self, keys: set[str]) -> Iterator[str]:
        """Yield the named places whose words are nearly all furniture, on several pages."""
        for where, words in self.words.items():
            total = sum(words.values())
            if self.places[where] < FEWEST or total == 0:
                continue
            if sum(count for key, count in words.items() if key in keys) >= 0.8 * total:
                yield where

    def _story(self, keys: set[str], boxes: tuple[str, ...]) -> str:
        """Return the named place that holds most of the words that are no furniture, on at least half of the pages."""
        free = {
            where: sum(count for key, count in words.items() if key not in keys)
            for where, words in self.words.items()
            if where not in boxes and self.places[where] >= 0.5 * self.count
        }
        most = max(free.values(), default=0)
        good = [where for where, words in free.items() if words >= 0.8 * most]
        return max(good, key=lambda where: (where.count(">"), where), default="")

    def _site(self) -> str:
        often = {
            piece: len(works) for piece, works in self.segments.items() if len(works) >= max(2, SHARE * len(self.works))
        }
        return min(often, key=lambda piece: (-often[piece], -len(piece), piece)) if often else ""


def _key(line: Line) -> str:
    """Return the letters of a line that may be furniture, digits as 0; empty for what stories and labels say."""
    text = line.text
    if len(text) > LONGEST or is_scene_mark(text) or tails.is_end_mark(text) or chapters.heading(text):
        return ""
    if text[:1] in "\"“”‘'«„":
        return ""  # speech: "No." is said in every story
    if names.byline(text) or (labels.parse(line.html) and line.linked < 0.5):
        return ""
    return re.sub(r"\d+", "0", sorts.key(text))


def key_of(line: Line) -> str:
    """Return the key under which a shape knows a line."""
    return _key(line)


def place_of(element: HtmlElement) -> str:
    """Return where an element stands: its named ancestors and itself, figures in names left out.

    >>> from storykeep.text.markup import parse
    >>> place_of(parse('<div id="side7"><p>x</p></div>').find(".//p"))
    'div#side > p'
    """
    steps = [
        _step(item)
        for item in (element, *element.iterancestors())
        if isinstance(item.tag, str) and item.tag not in ("html", "body")
    ]
    steps = [step for number, step in enumerate(steps) if number == 0 or _is_named(step)]
    return " > ".join(reversed(steps)) or "body"


def _step(element: HtmlElement) -> str:
    name = re.sub(r"\d+", "", element.get("id") or "")
    kinds = re.sub(r"\d+", "", element.get("class") or "").split()
    width = element.get("width") or ""
    said = f"#{name}" if name else ("." + ".".join(kinds[:2]) if kinds else "")
    return f"{element.tag}{said}" + (f"[{width}]" if element.tag == "td" and width and not said else "")


def _is_named(where: str) -> bool:
    return any(sign in where for sign in "#.[")
