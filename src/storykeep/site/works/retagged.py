"""The tags' outbox becomes lines of the works' outbox: which works are found or shown otherwise, a batch at a time."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from storykeep.site.tags.models import Retagged
from storykeep.site.tags.queries import within
from storykeep.site.works import changes
from storykeep.site.works.models import Work, WorkTag

WORKS_AT_ONCE = 2000
TAGS_AT_ONCE = 200


def spread() -> int:
    """Go through all works under retagged tags; return how many. It may be stopped anywhere, and goes on there."""
    done = 0
    while Retagged.objects.exists() and (works := spread_some()) is not None:
        done += works
    return done


@transaction.atomic
def spread_some() -> int | None:
    """Do one batch; None when nothing is left, or somebody else is at it."""
    rows = Retagged.objects.select_for_update(skip_locked=True).order_by("pk")
    first = rows.first()
    if first is None:
        return None
    lines = list(rows.filter(after=first.after)[:TAGS_AT_ONCE])
    ids = [line.pk for line in lines]
    found = WorkTag.objects.filter(tag__in=within(*{line.tag for line in lines}), work__gt=first.after)
    works = list(found.order_by("work").values_list("work", flat=True).distinct()[:WORKS_AT_ONCE])
    Work.objects.filter(pk__in=works).update(version=F("version") + 1)
    changes.record(works)
    if len(works) < WORKS_AT_ONCE:
        Retagged.objects.filter(pk__in=ids).delete()
    else:
        Retagged.objects.filter(pk__in=ids).update(after=works[-1])
    return len(works)
