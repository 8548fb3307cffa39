"""Dates as exact as they are known: for machines, and in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from storykeep.model.story import Story

_KNOWN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?)?)?")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
BEFORE_ALL = "1980-01-01T00:00:00Z"
"""Stands where a format demands a date and none is known; zip archives know no earlier one."""


def known(date: str) -> str:
    """Return ``date`` when it is a real ISO 8601 date (year, month or day exact), else an empty string.

    >>> known("2003-07"), known("2003-02-31"), known("last summer")
    ('2003-07', '', '')
    """
    form = _KNOWN.fullmatch(date.strip())
    if form is None or _moment(form) is None:
        return ""
    return "-".join(part for part in form.groups()[:3] if part)


def in_words(date: str) -> str:
    """Return a date as people say it; what is no date is returned as it is.

    >>> in_words("2003-07-14"), in_words("2003-07"), in_words("last summer")
    ('14 July 2003', 'July 2003', 'last summer')
    """
    exact = known(date)
    if not exact:
        return date.strip()
    year, month, day = (*exact.split("-"), "", "")[:3]
    name = _MONTHS[int(month) - 1] if month else ""
    return " ".join(part for part in (day.lstrip("0"), name, year) if part)


def modified(story: Story) -> str:
    """Return when the words last changed as far as is known: ``2003-07-14T00:00:00Z``.

    It never says when the file was made, so that the same story always gives the same bytes.
    """
    told = (story.updated, story.published, *(chapter.published for chapter in story.chapters))
    older = (story.written, *(capture.captured_at for capture in story.captures))
    for dates in (told, older):
        moments = sorted(moment for moment in map(_parse, dates) if moment)
        if moments:
            return moments[-1].strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)
    return BEFORE_ALL


def _parse(date: str) -> datetime | None:
    form = _KNOWN.fullmatch(date.strip())
    return _moment(form) if form else None


def _moment(form: re.Match[str]) -> datetime | None:
    year, month, day, clock, zone = form.groups()
    zone = "+00:00" if zone in {None, "Z"} else zone
    try:
        moment = datetime.fromisoformat(f"{year}-{month or '01'}-{day or '01'}T{clock or '00:00'}{zone}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
