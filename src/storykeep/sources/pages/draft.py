"""What a recogniser found on one page, before it is repaired and becomes a Story: guesses with their reasons."""

from __future__ import annotations

from dataclasses import dataclass

from storykeep.model.provenance import Finding
from storykeep.model.story import Person, Review, Story
from storykeep.sources.pages.flow import Line
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.reading import Link, PageRole


@dataclass(frozen=True, slots=True)
class Guess:
    """A value with the rule that found it, how sure that rule is (0 to 1), and what it saw."""

    value: str
    rule: str
    confidence: float
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One chapter as lines of the page; ``place`` is its number, 0 when unknown."""

    lines: tuple[Line, ...]
    title: Guess | None = None
    label: str = ""
    place: int = 0
    summary: str = ""
    labels: tuple[Label, ...] = ()
    after: tuple[Label, ...] = ()
    authors: tuple[str, ...] = ()
    address: str = ""
    ending: str = ""
    first_line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that was found on a page. Of several guesses the surest wins; the others stay as proposals."""

    platform: str
    role: PageRole
    parts: tuple[Part, ...] = ()
    titles: tuple[Guess, ...] = ()
    authors: tuple[Guess, ...] = ()
    labels: tuple[Label, ...] = ()
    archive: Guess | None = None
    software: str = ""
    work: str = ""
    place: int = 0
    planned: int = 0
    links: tuple[Link, ...] = ()
    person: Person | None = None
    person_key: str = ""
    listed: tuple[Story, ...] = ()
    reviews: tuple[Review, ...] = ()
    series: tuple[tuple[str, int], ...] = ()
    status: str = ""
    findings: tuple[Finding, ...] = ()
    own_head: bool = True
