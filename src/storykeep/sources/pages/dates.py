"""Dates as old sites wrote them, as precise as they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_SHAPES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH},?[\s-]*(?P<year>\d{{4}}|\d\d)\b", re.IGNORECASE
    ),
    re.compile(rf"\b{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}|'?\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"\b(?P<first>\d{1,2})(?P<sign>[/.-])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)\b"),
    re.compile(r"\b(?P<year>(?:19[89]|20[0-4])\d)\b"),
)


def iso(words: str) -> str:
    """Return the date in ``words`` as ISO 8601, as precise as it is told; empty when there is none.

    ``04-17-05`` is read the American way unless the first figure can only be a day.

    >>> iso("09 Jan 2005"), iso("on January 9th, 2005"), iso("04-17-05"), iso("spring 2003")
    ('2005-01-09', '2005-01-09', '2005-04-17', '2003')
    """
    for shape in _SHAPES:
        if (found := shape.search(words)) and (date := _date(found.groupdict())):
            return date
    return ""


def _date(said: dict[str, str | None]) -> str:
    year = _year(said.get("year") or "")
    if said.get("first"):
        first, second = int(said["first"] or 0), int(said["second"] or 0)
        month, day = (second, first) if first > 12 or said.get("sign") == "." else (first, second)
    else:
        name = said.get("month")
        month = _MONTHS[name.lower()[:3]] if name else int(said.get("number") or 0)
        day = int(said.get("day") or 0)
    if not 1985 <= year <= 2100 or month > 12 or day > 31:
        return ""
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if month and day else "")


def _year(words: str) -> int:
    bare = words.strip("'")
    year = int(bare) if bare.isdigit() else 0
    if len(bare) == 2:
        return year + (1900 if year >= 80 else 2000)
    return year


def unix(seconds: str) -> str:
    """Return unix seconds as an ISO date, empty when out of range.

    >>> unix("1105228800")
    '2005-01-09'
    """
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
