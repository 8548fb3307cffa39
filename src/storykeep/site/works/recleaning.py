"""A stricter sanitiser cleans what came in before it: every text says which version cleaned it."""

from __future__ import annotations

from django.db import transaction

from storykeep.site.works import changes
from storykeep.site.works.keeping_stories import PROVENANCE, revise
from storykeep.site.works.models import Work
from storykeep.text import sanitise


def reclean() -> int:
    """Clean every work that an older version has cleaned; return how many. May be stopped, and goes on next time."""
    old = Work.objects.filter(sanitiser__lt=sanitise.VERSION).order_by("pk")
    waiting = list(old.values_list("pk", flat=True))
    for pk in waiting:
        with transaction.atomic():
            reclean_work(Work.objects.select_for_update().get(pk=pk))
    return len(waiting)


def reclean_work(work: Work) -> None:
    for row in (*work.notes.all(), *work.reviews.all()):
        row.body = sanitise.clean(row.body)
        row.save(update_fields=["body"])
    for chapter in work.chapters.select_related("current"):
        chapter.summary = sanitise.clean(chapter.summary)
        chapter.save(update_fields=["summary"])
        if chapter.current:
            provenance = {name: getattr(chapter.current, name) for name in PROVENANCE}
            revise(chapter, chapter.current.body, reason=f"sanitiser {sanitise.VERSION}", **provenance)
    work.summary, work.sanitiser = sanitise.clean(work.summary), sanitise.VERSION
    work.version += 1
    work.save()
    changes.record([work.pk])
