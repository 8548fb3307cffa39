"""On how many works a tag stands, kept up to date with the works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import F

from storykeep.site.tags.models import Tag


def changed(before: Iterable[int], after: Iterable[int]) -> None:
    """Count a work that had the tags ``before`` and has those ``after``. Call it in the transaction of the change."""
    differences = Counter(set(after))
    differences.subtract(set(before))
    counted(differences)


def counted(differences: Mapping[int, int]) -> None:
    """Count tags that stand on so many works more, or fewer: {id: how many}. Call it in the same transaction."""
    lock(sorted(tag for tag, difference in differences.items() if difference))
    for step in sorted({difference for difference in differences.values() if difference}):
        rows = Tag.objects.filter(pk__in=[tag for tag, difference in differences.items() if difference == step])
        if step < 0:
            rows.filter(uses__lt=-step).update(uses=0)
            rows = rows.filter(uses__gte=-step)
        rows.update(uses=F("uses") + step)


def lock(ids: list[int]) -> None:
    """Lock the tags in one order, so that two works with the same tags never wait for each other in a circle."""
    if connection.features.has_select_for_update:
        list(Tag.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))
