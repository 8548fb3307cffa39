"""The order of chapters, some of which the rescued story does not have."""

from __future__ import annotations

from collections.abc import Sequence

from storykeep.site.works.models import Chapter, Work


def in_order(keys: Sequence[str], added: Sequence[tuple[str, str]]) -> list[str]:
    """Return ``keys`` with each of ``added`` (key, the key it follows) in its place; at the end when that is gone.

    >>> in_order(["1", "2", "4"], [("3", "2"), ("0", ""), ("9", "8")])
    ['0', '1', '2', '3', '4', '9']
    """
    found = list(keys)
    for key, after in added:
        at = found.index(after) + 1 if after in found else 0 if not after else len(found)
        found.insert(at, key)
    return found


def set_places(work: Work, keys: Sequence[str]) -> None:
    """Number the chapters of ``work`` as ``keys`` stand."""
    rows: dict[str, list[Chapter]] = {}
    for row in work.chapters.order_by("place", "id"):
        rows.setdefault(row.key, []).append(row)
    ordered = [rows[key].pop(0) for key in keys if rows.get(key)]
    for place, row in enumerate(ordered, start=1):
        row.place = place
    Chapter.objects.bulk_update(ordered, ["place"])
