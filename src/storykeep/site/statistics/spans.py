"""Stretches of time that a plot shows, cut into bars: days, months or years. Days are UTC."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

DAYS, MONTHS, MOST_YEARS = 30, 12, 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar's time: from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date
    words: str
    short: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time. ``each`` says what one bar is, for sentences."""

    key: str
    words: str
    each: str
    bars: tuple[Bar, ...]

    @property
    def first(self) -> dt.date:
        return self.bars[0].first

    @property
    def last(self) -> dt.date:
        return self.bars[-1].last

    def at(self, day: dt.date) -> int | None:
        """Return the number of the bar that ``day`` belongs to; None outside the span."""
        if not self.first <= day <= self.last:
            return None
        if self.key == "month":
            return (day - self.first).days
        if self.key == "year":
            return (day.year - self.first.year) * 12 + day.month - self.first.month
        return day.year - self.first.year


def days(today: dt.date) -> Span:
    first = today - dt.timedelta(days=DAYS - 1)
    each = [first + dt.timedelta(days=number) for number in range(DAYS)]
    bars = tuple(Bar(day, day, f"{day.day} {day:%B %Y}", f"{day.day} {day:%b}") for day in each)
    return Span("month", "30 days", "day", bars)


def months(today: dt.date) -> Span:
    firsts = [month_before(today, number) for number in reversed(range(MONTHS))]
    bars = tuple(Bar(first, month_end(first), f"{first:%B %Y}", f"{first:%b}") for first in firsts)
    return Span("year", "12 months", "month", bars)


def years(today: dt.date, since: dt.date) -> Span:
    """Return the years from ``since``, at least two and at most thirty."""
    first = max(min(since.year, today.year - 1), today.year - MOST_YEARS + 1)
    each = range(first, today.year + 1)
    bars = tuple(Bar(dt.date(year, 1, 1), dt.date(year, 12, 31), str(year), str(year)) for year in each)
    return Span("all", "All years", "year", bars)


def month_before(today: dt.date, number: int) -> dt.date:
    """Return the first day of the month that lies ``number`` months before that of ``today``.

    >>> month_before(dt.date(2026, 1, 31), 2)
    datetime.date(2025, 11, 1)
    """
    year, month = divmod(today.year * 12 + today.month - 1 - number, 12)
    return dt.date(year, month + 1, 1)


def month_end(first: dt.date) -> dt.date:
    return month_before(first, -1) - dt.timedelta(days=1)
