"""The number of readers at each work: visitors who were written are added to it, many at a time, once each."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict

from django.db import transaction
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from storykeep.site.readership.models import Visit, Way
from storykeep.site.works import changes
from storykeep.site.works.models import Work

AT_ONCE = 500  # works, or visitors in one statement
STEP_OF_TODAY = 3  # readers
UPDATED_AT_ONCE = 200  # works in one statement
EXACT = 10  # readers up to which each one may change an order; beyond, a tenth more does
STEP = 1.1


def take_in(today: dt.date | None = None) -> int:
    """Add who is not in the numbers of the works yet; return how many visitors that were. Safe in several processes.

    Today's are taken in by threes, so that nobody sees a single reader come; the rest when the day (UTC) is over.
    The index learns of a work when its number has grown by a tenth, and once more when the day is over: so a work
    that thousands read on a day is indexed some tens of times, and orders by readers are right all the same.
    """
    today = today or timezone.now().astimezone(dt.UTC).date()
    done = 0
    while (works := ripe(today)) and (some := take_in_some(works, today)):
        done += some
    return done


def ripe(today: dt.date) -> list[int]:
    """Return works with visitors to take in: three of today, or any of a day that is over."""
    waiting = uncounted().order_by("work").values_list("work")
    over = Count("pk", filter=Q(day__lt=today))
    found = waiting.annotate(here=Count("pk"), over=over).filter(Q(here__gte=STEP_OF_TODAY) | Q(over__gt=0))
    return [work for work, *_ in found[:AT_ONCE]]


def uncounted() -> QuerySet[Visit]:
    return Visit.objects.filter(way=Way.READ, counted=False)


@transaction.atomic
def take_in_some(works: list[int], today: dt.date) -> int:
    """Do it for some. Each visitor is held until it is done, so of two processes only one counts them."""
    rows = uncounted().select_for_update(skip_locked=True).filter(work__in=works).order_by("work", "pk")
    over: Counter[int] = Counter()
    new: dict[int, list[int]] = defaultdict(list)
    taken = []
    for pk, work, day in rows.values_list("pk", "work", "day"):
        if day < today:
            over[work] += 1
            taken.append(pk)
        else:
            new[work].append(pk)
    for work, pks in new.items():
        whole = pks[: len(pks) - len(pks) % STEP_OF_TODAY]
        over[work] += len(whole)
        taken += whole
    add(+over)
    for start in range(0, len(taken), AT_ONCE):
        Visit.objects.filter(pk__in=taken[start : start + AT_ONCE]).update(counted=True)
    return len(taken)


def add(found: Counter[int]) -> None:
    """Add to the numbers of works: {id: readers}. Rows are held in one order, so nobody waits in a circle."""
    ids = sorted(found)
    for start in range(0, len(ids), UPDATED_AT_ONCE):
        some = ids[start : start + UPDATED_AT_ONCE]
        before = dict(
            Work.objects.select_for_update()
            .filter(pk__in=some)
            .order_by("pk")
            .values_list("pk", F("reads") + F("read_here"))
        )
        if not before:  # all of them went meanwhile
            continue
        more = Case(*(When(pk=work, then=Value(found[work])) for work in before))
        Work.objects.filter(pk__in=before).update(read_here=F("read_here") + more)
        changes.recounted(work for work, number in before.items() if rung(number) != rung(number + found[work]))


def rung(number: int) -> int:
    """Return on which rung of a ladder a number stands: each reader is one up to ten, then each tenth more.

    >>> [rung(each) for each in (0, 1, 9, 10, 11, 12, 100, 105, 110)]
    [0, 1, 9, 10, 11, 11, 34, 34, 35]
    """
    return number if number < EXACT else EXACT + int(math.log(number / EXACT, STEP) + 1e-9)
