"""What is counted about works, each as {(id of a work, day): number}. The only place that knows where numbers lie."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import TruncDate

from storykeep.site.readership.models import Day, Visit, Way
from storykeep.site.talk.models import Comment, Kept, Kudo, State

ONE_DAY = dt.timedelta(days=1)
Counted = Counter[tuple[int, dt.date]]


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is counted. ``counted(works, first, last)`` costs at most 2 queries, ``since(works)`` one.

    What is ``quiet`` only its author learns: of it, small numbers are told so that they point at nobody (:mod:`.few`).
    """

    key: str
    words: str
    one: str
    about: str
    counted: Callable[[Iterable[int], dt.date, dt.date], Counted]
    since: Callable[[Iterable[int]], dt.date | None]
    quiet: bool = False


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


def rows(found: Callable[[], QuerySet]):
    """Return what counts the rows that ``found`` gives, by the day (UTC) of their ``at``."""

    def counted(works: Iterable[int], first: dt.date, last: dt.date) -> Counted:
        within = found().filter(work__in=list(works), at__gte=midnight(first), at__lt=midnight(last + ONE_DAY))
        by_day = within.order_by().values("work", day=TruncDate("at", tzinfo=dt.UTC)).annotate(n=Count("pk"))
        return Counter({(row["work"], row["day"]): row["n"] for row in by_day})

    return counted


def first_row(found: Callable[[], QuerySet]):
    def since(works: Iterable[int]) -> dt.date | None:
        first = found().filter(work__in=list(works)).aggregate(first=Min("at"))["first"]
        return first.astimezone(dt.UTC).date() if first else None

    return since


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def comments() -> QuerySet[Comment]:
    return Comment.objects.filter(state__in=(State.SHOWN, State.WAITING), by_author=False)


MEASURES = (
    Measure(
        "readers", "Readers", "reader",
        "People who opened it, counted once a day. Somebody who comes back another day counts again; search engines, "
        "other machines and its own authors don’t count.",
        visits(Way.READ), first_visit(Way.READ), quiet=True,
    ),
    Measure(
        "downloads", "Downloads", "download", "People who took a copy along, counted once a day.",
        visits(Way.TAKEN), first_visit(Way.TAKEN), quiet=True,
    ),
    Measure(
        "kudos", "Kudos", "kudo", "For the whole work or for one of its chapters.",
        rows(Kudo.objects.all), first_row(Kudo.objects.all),
    ),
    Measure(
        "comments", "Comments", "comment", "Said here by readers; those that wait for you are counted.",
        rows(comments), first_row(comments),
    ),
    Measure(
        "shelves", "Shelves", "shelf", "Members who keep it, whether others may see that or not.",
        rows(Kept.objects.all), first_row(Kept.objects.all), quiet=True,
    ),
)  # fmt: skip
