"""Autosaves are thinned as they grow old; what anybody did on purpose never is.

Of what was saved by itself, all of the last two minutes stays; then four a minute for ten minutes, one a minute for
an hour, one in ten minutes for a day, one an hour for a month, and one a day for ever. Never thinned: the newest text,
what readers see or saw, a save by hand, a version with a name, one that was brought together or brought back, and what
one of those was made from.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from storykeep.site.works.models import Chapter, Revision
from storykeep.site.writing.brought_files import forget_file
from storykeep.site.writing.models import Brought
from storykeep.site.writing.revisions import AUTO

AGES = (
    (dt.timedelta(minutes=2), dt.timedelta(0)),
    (dt.timedelta(minutes=10), dt.timedelta(seconds=15)),
    (dt.timedelta(hours=1), dt.timedelta(minutes=1)),
    (dt.timedelta(days=1), dt.timedelta(minutes=10)),
    (dt.timedelta(days=30), dt.timedelta(hours=1)),
)
OLDEST = dt.timedelta(days=1)
KEPT_UPLOADS = dt.timedelta(days=7)


def thin_all() -> int:
    """Thin every chapter that has more autosaves than its age allows; return how many went."""
    chapters = Revision.objects.filter(how=AUTO).order_by().values_list("chapter", flat=True).distinct()
    return sum(thin(chapter) for chapter in list(chapters))


def thin(chapter: int, now: dt.datetime | None = None) -> int:
    """Delete the autosaves of a chapter (by id) that are too many for their age; return how many."""
    now = now or timezone.now()
    rows = Revision.objects.filter(chapter=chapter, how=AUTO, name="", shown=False, conflicts__isnull=True, looks=None)
    held = {pk for pair in Chapter.written.filter(pk=chapter).values_list("current", "working") for pk in pair}
    held |= set(Revision.objects.filter(chapter=chapter).exclude(how=AUTO).values_list("parent", flat=True))
    free = rows.exclude(pk__in=held - {None}).order_by("-number").values_list("pk", "made_at")
    seen: set[object] = set()
    gone = []
    for pk, made_at in free:
        stretch = stretch_of(made_at, now)
        if stretch in seen:
            gone.append(pk)
        elif stretch is not None:
            seen.add(stretch)
    Revision.objects.filter(pk__in=gone).delete()
    return len(gone)


def stretch_of(made_at: dt.datetime, now: dt.datetime) -> object:
    """Return the stretch of time of which the last autosave stays; None where all stay."""
    age = now - made_at
    step = next((step for limit, step in AGES if age < limit), OLDEST)
    return (step, int(made_at.timestamp() // step.total_seconds())) if step else None


def forget_brought() -> None:
    """Forget files that were brought in a week ago; what became a draft stays."""
    for brought in Brought.objects.filter(at__lt=timezone.now() - KEPT_UPLOADS).defer("stories"):
        forget_file(brought)
        brought.delete()
