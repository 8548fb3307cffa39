"""Small numbers of what only an author learns (readers, downloads, shelves), told so that they point at nobody.

Whoever sees a number grow by one in the minute after they sent somebody a link knows who it was. So the numbers of
today grow in steps of three, and a day with one or two is told as "1 or 2"; months, and all days together, are exact.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.utils import timezone

STEP = 3
WORDS = "1 or 2"

Counted = Counter[tuple[int, dt.date]]


def utc_today() -> dt.date:
    return timezone.now().astimezone(dt.UTC).date()


def in_steps(counted: Counted, today: dt.date) -> Counted:
    """Return ``counted`` ({(id of a work, day): number}) with the numbers of ``today`` in steps of three."""
    return Counter({(work, day): n - n % STEP if day == today else n for (work, day), n in counted.items()})


def is_few(number: int) -> bool:
    return 0 < number < STEP


def by_months(counted: Counted) -> list[tuple[str, int, int]]:
    """Return (day, work, number) for days with three or more; the other days of a month are one line, "2026-03, rest".

    >>> day = dt.date(2026, 3, 1)
    >>> by_months(Counter({(7, day): 5, (7, day.replace(day=2)): 1, (7, day.replace(day=9)): 2}))
    [('2026-03-01', 7, 5), ('2026-03, other days', 7, 3)]
    """
    lines: Counter[tuple[str, int]] = Counter()
    for (work, day), number in counted.items():
        lines[f"{day:%Y-%m}, other days" if is_few(number) else day.isoformat(), work] += number
    return [(day, work, number) for (day, work), number in sorted(lines.items())]
