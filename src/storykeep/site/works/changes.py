"""The outbox: what changed, written in the same transaction as the change, for whatever is derived from works."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction

from storykeep.site.works.models import Change

listeners: list[Callable[[], None]] = []
"""Called after each commit that changed works. They may be lost in a crash; the outbox is not."""


def record(works: Iterable[int]) -> None:
    """Say that the works with these ids changed (or were deleted). Call it in the transaction of the change."""
    Change.objects.bulk_create([Change(work=work) for work in works])
    transaction.on_commit(tell)


def tell() -> None:
    for listener in listeners:
        listener()
