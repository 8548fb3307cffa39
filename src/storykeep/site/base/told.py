"""What an archivist changes is told here, so that a higher room can log it and undo it; rooms below know no log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core import serializers
from django.db import models, transaction

Changes = list[tuple[str, dict | None, dict | None]]
"""(name of the row, what it was, what it is): see :func:`name_of` and :func:`snapshot`; None where there was no row."""
listeners: list[Callable[[object, str, Changes], None]] = []
"""Called with who did it, what was done in words, and what changed; in the transaction of the change."""


@contextmanager
def watched(user, words: str, *rows: models.QuerySet) -> Iterator[None]:
    """Do what stands inside in one transaction, and tell how it changed ``rows`` (with those that it added)."""
    with transaction.atomic():
        before = snapshots(rows)
        yield
        after = snapshots(rows)
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        changes = [(name, before.get(name), after.get(name)) for name in names]
        if changes:
            for listener in listeners:
                listener(user, words, changes)


def snapshots(sets: tuple[models.QuerySet, ...]) -> dict[str, dict]:
    return {name_of(row): snapshot(row) for rows in sets for row in rows.all()}


def name_of(row: models.Model) -> str:
    """Return the name of a row: ``base.sitepage/12``."""
    return f"{row._meta.label_lower}/{row.pk}"  # noqa: SLF001 — Django's public way to a model's name


def snapshot(row: models.Model) -> dict:
    """Return all fields of ``row`` as JSON values."""
    return json.loads(serializers.serialize("json", [row]))[0]


def restore(value: dict) -> None:
    """Write a row as its snapshot says."""
    for each in serializers.deserialize("json", json.dumps([value])):
        each.save()
