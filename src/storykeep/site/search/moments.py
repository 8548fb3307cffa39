"""Dates as numbers that can be compared: minutes since the year 1.

A date of which only the year is known counts as its first day.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, datetime, timedelta

UNKNOWN = 0
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d))?)?)?")
_START = datetime(1, 1, 1)  # noqa: DTZ001 — dates of old works have no zone


def moment(date: str) -> int:
    """Return when ``date`` (ISO 8601, as precise as is known) begins; 0 when it is none.

    >>> moment("2003") == moment("2003-01-01") < moment("2003-01-01T08:30")
    True
    """
    parts = _parts(date)
    return _minutes(parts) + 1 if parts else UNKNOWN


def end_of(date: str) -> int:
    """Return the last minute of ``date``: of the year, the month, the day that it names; 0 when it is none.

    >>> end_of("2003") == moment("2003-12-31T23:59")
    True
    """
    parts = _parts(date)
    return _minutes(_next(parts)) if parts else UNKNOWN


def _parts(date: str) -> list[int]:
    found = _DATE.match(date or "")
    parts = [int(part) for part in found.groups() if part is not None] if found else []
    try:
        datetime(*_whole(parts))  # noqa: DTZ001 — the same
    except (ValueError, TypeError):
        return []
    return parts


def _whole(parts: list[int]) -> list[int]:
    return [*parts, *(1, 1, 0, 0)[len(parts) - 1 :]] if parts else parts


def _minutes(parts: list[int]) -> int:
    if parts[0] > MAXYEAR:
        return _minutes([MAXYEAR, 12, 31, 23, 59]) + 1
    return (datetime(*_whole(parts)) - _START) // timedelta(minutes=1)  # noqa: DTZ001 — the same


def _next(parts: list[int]) -> list[int]:
    """Return the year, month, day or minute after ``parts``."""
    if len(parts) <= 2:  # noqa: PLR2004 — a year, or a year and a month
        year, month = parts[0], parts[1] if len(parts) > 1 else 12
        return [year + 1, 1] if month == 12 else [year, month + 1]  # noqa: PLR2004 — December
    step = timedelta(days=1) if len(parts) == 3 else timedelta(minutes=1)  # noqa: PLR2004 — a day
    try:
        after = datetime(*_whole(parts)) + step  # noqa: DTZ001 — the same
    except OverflowError:
        return [MAXYEAR + 1]
    return [after.year, after.month, after.day, after.hour, after.minute]
