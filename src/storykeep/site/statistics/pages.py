"""What the pages of numbers show."""

from __future__ import annotations

from dataclasses import dataclass

from storykeep.site.statistics.plots import Plot


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that is one of several; ``here`` is the one that is shown."""

    words: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One work among others: its bar in per cent of the longest, and its numbers in words."""

    title: str
    url: str
    width: str
    said: str
    earlier: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPage:
    heading: str
    work_url: str
    spans: tuple[Choice, ...]
    orders: tuple[Choice, ...]
    plots: tuple[Plot, ...]
    lines: tuple[Line, ...]
    more: int
    earlier: int
    csv: str
    any_works: bool
    followers: int = 0
