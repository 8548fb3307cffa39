"""Long lists from A to Z: letters, the sections of a letter, and a stretch of lines from one place on.

A place is the beginning of a sorted name and how many lines of that very beginning come before it. So a page deep in
a million titles costs what the first one costs, and an address goes on leading to its place while works come and go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr

from storykeep.site.base.letters import HAN, NO_LETTER
from storykeep.site.tags.models import BEGINNING, Beginning

SECTIONS = 36  # at most about so many sections of a letter
MOST_ALIKE = 20_000  # lines of one beginning that can be paged through

Letters = list[tuple[str, int]]


class Place(NamedTuple):
    """Where a stretch begins: at the first name from ``start`` on, ``skip`` lines further down. "" is the top."""

    start: str = ""
    skip: int = 0


TOP = Place()


class Stretch(NamedTuple):
    """Some lines in order, and the places of those before and after; None where there are none."""

    rows: list[Any]
    earlier: Place | None
    later: Place | None


def place(start: str, skip: str) -> Place:
    """Return the place that an address names; what is no number is none."""
    number = int(skip) if skip.isascii() and skip.isdigit() and len(skip) < 7 else 0  # noqa: PLR2004 — digits
    return Place(start.replace("\0", "")[:BEGINNING], min(number, MOST_ALIKE))


# ── letters
def letters(rows: QuerySet) -> Letters:
    """Return the letters under which ``rows`` stand, with numbers; what is no letter last. 1 query."""
    found = rows.order_by().values_list("letter").annotate(Count("pk"))
    return sorted(found, key=lambda each: numbers_last(each[0]))


def numbers_last(letter: str) -> tuple[bool, str]:
    return letter == NO_LETTER, letter


def sections(rows: QuerySet, field: str, letter: str, least: int) -> list[str]:
    """Return beginnings that part the rows under ``letter`` evenly, none of fewer than ``least`` lines. 1 query."""
    size = 1 if letter in {HAN, NO_LETTER} else 2
    beginnings = rows.filter(letter=letter).order_by().values_list(Substr(field, 1, size)).annotate(Count("pk"))
    counted = sorted((start, number) for start, number in beginnings)
    target = max(least, sum(number for _, number in counted) // SECTIONS)
    return evenly(counted, target)


def evenly(counted: Iterable[tuple[str, int]], target: int) -> list[str]:
    """Return the first of each run of beginnings that come to ``target`` together.

    >>> evenly([("ba", 5), ("be", 1), ("bi", 1), ("bo", 9)], 5)
    ['ba', 'be', 'bo']
    """
    starts: list[str] = []
    held = target
    for start, number in counted:
        if held >= target or (starts and number >= target):
            starts.append(start)
            held = 0
        held += number
    return starts


# ── lines
def stretch(rows: QuerySet, field: str, at: Place, most: int) -> Stretch:
    """Return ``most`` of ``rows`` in the order of ``field`` from ``at`` on. At most 3 queries."""
    rows = rows.annotate(beginning=Beginning(field))
    ordered = from_(rows, at.start).order_by("beginning", "pk")
    found = list(ordered[at.skip : at.skip + most + 1])
    return Stretch(found[:most], before(rows, at, most), following(found, at, most))


def from_(rows: QuerySet, start: str) -> QuerySet:
    return rows.filter(beginning__gte=start) if start else rows


def following(found: list[Any], at: Place, most: int) -> Place | None:
    """Return the place of the line after ``found[:most]``, which is the last of ``found`` if there is one."""
    if len(found) <= most:
        return None
    start = found[most].beginning
    alike = sum(row.beginning == start for row in found[:most])
    return Place(start, alike + (at.skip if start == at.start else 0))


def before(rows: QuerySet, at: Place, most: int) -> Place | None:
    """Return where the stretch that ends before ``at`` begins. At most 2 queries."""
    if at.skip >= most:
        return Place(at.start, at.skip - most)
    if not at.start:
        return TOP if at.skip else None
    ahead = rows.filter(beginning__lt=at.start).order_by("-beginning", "-pk")
    starts = list(ahead.values_list("beginning", flat=True)[: most - at.skip])
    if not starts:
        return TOP if at.skip else None
    alike = rows.filter(beginning=starts[-1]).count()
    return Place(starts[-1], alike - starts.count(starts[-1]))
