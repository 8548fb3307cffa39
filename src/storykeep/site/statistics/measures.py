"""What is counted about works, each as {(id of a work, day): number}. The only place that knows where numbers lie."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Min, Sum

from storykeep.site.readership.models import Day, Visit, Way

Counted = Counter[tuple[int, dt.date]]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted. ``counted(works, first, last)`` costs at most 2 queries, ``since(works)`` one."""

    key: str
    words: str
    one: str
    about: str
    counted: Callable[[Iterable[int], dt.date, dt.date], Counted]
    since: Callable[[Iterable[int]], dt.date | None]


def visits(way: str):
    def counted(works: Iterable[int], first: dt.date, last: dt.date) -> Counted:
        ids, between = list(works), {"way": way, "day__range": (first, last)}
        found: Counted = Counter()
        for row in Day.objects.filter(work__in=ids, **between).values("work", "day").annotate(n=Sum("readers")):
            found[row["work"], row["day"]] += row["n"]
        for row in Visit.objects.filter(work__in=ids, **between).values("work", "day").annotate(n=Count("pk")):
            found[row["work"], row["day"]] += row["n"]
        return found

    return counted


def first_visit(way: str):
    def since(works: Iterable[int]) -> dt.date | None:
        return Day.objects.filter(work__in=list(works), way=way).aggregate(day=Min("day"))["day"]

    return since


MEASURES = (
    Measure(
        "readers", "Readers", "reader",
        "People who opened it, counted once a day. Somebody who comes back another day counts again; search engines, "
        "other machines and its own authors don’t count.",
        visits(Way.READ), first_visit(Way.READ),
    ),
    Measure(
        "downloads", "Downloads", "download", "People who took a copy along, counted once a day.",
        visits(Way.TAKEN), first_visit(Way.TAKEN),
    ),
)  # fmt: skip
