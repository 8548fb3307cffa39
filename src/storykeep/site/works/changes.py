"""The outbox: what changed, written in the same transaction as the change, for whatever is derived from works."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction

from storykeep.site.base.clock import Clock
from storykeep.site.works.models import Change, Recounted

EVERY = 15  # seconds for which changed numbers are gathered
AT_ONCE = 500  # works

listeners: list[Callable[[], None]] = []
"""Called after each commit that changed works. They may be lost in a crash; the outbox is not."""


def record(works: Iterable[int]) -> None:
    """Say that the works with these ids changed (or were deleted). Call it in the transaction of the change."""
    Change.objects.bulk_create([Change(work=work) for work in works])
    transaction.on_commit(tell)


def tell() -> None:
    for listener in listeners:
        listener()


# ── numbers
def recounted(works: Iterable[int]) -> None:
    """Say that numbers at the works with these ids changed. Call it in the transaction of the change.

    A thousand kudos are one line, which is held until the transaction ends: :func:`gather` never takes it too early.
    """
    rows = [Recounted(work=work) for work in sorted(set(works))]
    Recounted.objects.bulk_create(rows, update_conflicts=True, unique_fields=["work"], update_fields=["at"])


def gather() -> int:
    """Record each work whose numbers changed since the last time, once; return how many. Safe in several processes."""
    done = 0
    while Recounted.objects.exists() and (some := gather_some()):
        done += some
    return done


@transaction.atomic
def gather_some() -> int:
    """Do it for some. What somebody is changing at this moment is left for the next time."""
    rows = Recounted.objects.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE]
    ids = [row.pk for row in rows]
    record(ids)
    Recounted.objects.filter(pk__in=ids).delete()
    return len(ids)


CLOCKS = (Clock("clock that gathers changed numbers", gather, every=EVERY),)
