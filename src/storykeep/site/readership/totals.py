"""The number of readers at each work: visitors who were written are added to it, many at a time, once each."""

from __future__ import annotations

import math
from collections import Counter

from django.db import transaction
from django.db.models import Case, F, Value, When

from storykeep.site.readership.models import Visit, Way
from storykeep.site.works import changes
from storykeep.site.works.models import Work

AT_ONCE = 2000  # visitors
UPDATED_AT_ONCE = 200  # works in one statement
EXACT = 10  # readers up to which each one may change an order; beyond, a tenth more does
STEP = 1.1


def take_in() -> int:
    """Add who is not in the numbers of the works yet; return how many visitors that were. Safe in several processes.

    The index learns of a work when its number has grown by a tenth, and once more when the day is over: so a work
    that thousands read on a day is indexed some tens of times, and orders by readers are right all the same.
    """
    done = 0
    while Visit.objects.filter(counted=False).exists() and (some := take_in_some()):
        done += some
    return done


@transaction.atomic
def take_in_some() -> int:
    """Do it for some. Each visitor is held until it is done, so of two processes only one counts them."""
    rows = Visit.objects.select_for_update(skip_locked=True).filter(counted=False).order_by("work", "pk")[:AT_ONCE]
    taken = list(rows.values_list("pk", "work", "way"))
    add(Counter(work for _, work, way in taken if way == Way.READ))
    Visit.objects.filter(pk__in=[pk for pk, _, _ in taken]).update(counted=True)
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
