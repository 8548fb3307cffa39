"""The chapters of a work in their writers' order, and the numbers that readers see."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.base.refs import new_ref
from storykeep.site.submissions import gate
from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Chapter, EditedField, Work
from storykeep.site.writing import revisions
from storykeep.site.writing.queries import chapters_of


def add(work: Work) -> Chapter:
    """Return a new chapter at the end: a draft of its own where the work is published already."""
    with transaction.atomic():
        count = len(number(work))
        draft = work.visibility != "draft" and count > 0
        row = Chapter.written.create(
            work=work, key=f"written/{new_ref()}", order=count + 1, place=count + 1, draft=draft
        )
        number(work)
    return row


def number(work: Work) -> list[Chapter]:
    """Give all chapters their order, and the published ones their numbers from 1 on. 1 query, and 1 for each change."""
    rows = chapters_of(work)
    shown = 0
    for order, row in enumerate(rows, start=1):
        place = shown + 1
        shown += 0 if row.draft else 1
        if (row.order, row.place) != (order, place):
            row.order, row.place = order, place
            row.save(update_fields=["order", "place"])
    return rows


def reorder(work: Work, refs: list[str], by) -> None:
    """Put the chapters into the order of ``refs``; what is not named comes after, as it was."""
    with transaction.atomic():
        rows = chapters_of(work)
        rank = {ref: at for at, ref in enumerate(refs)}
        rows.sort(key=lambda row: rank.get(row.ref, len(rank)))
        for order, row in enumerate(rows, start=1):
            Chapter.written.filter(pk=row.pk).update(order=order)
        number(work)
        if work.rescued:
            EditedField.objects.get_or_create(work=work, field="chapters", defaults={"by": by})
        finish(work)


def publish(chapter: Chapter) -> None:
    """Let readers see the newest text of ``chapter``, and the chapter itself when it was a draft.

    Raises UsageError where an archivist has to read it first, and has not.
    """
    with transaction.atomic():
        chapter = revisions.locked(chapter)
        work = Work.objects.select_for_update().get(pk=chapter.work_id)
        chapter.work = work
        if work.visibility != "draft" and (why := gate.closed_chapter(chapter)):
            raise UsageError(why)
        new = chapter.draft
        if new:
            chapter.draft, chapter.publish_at = False, None
            chapter.published = chapter.published or today()
            chapter.save(update_fields=["draft", "publish_at", "published"])
        revisions.show(chapter)
        number(work)
        if new and work.visibility != "draft":
            work.updated = today()
        finish(work)


def withdraw(chapter: Chapter) -> None:
    """Make a published chapter a draft again: readers no longer see it, its writers keep it."""
    set_aside(chapter, draft=True)


def trash(chapter: Chapter) -> None:
    set_aside(chapter, draft=True, trashed_at=timezone.now(), publish_at=None)


def bring_back(chapter: Chapter) -> None:
    """Take a chapter out of the trash; it is a draft then."""
    set_aside(chapter, trashed_at=None, order=10_000)


def set_aside(chapter: Chapter, **values) -> None:
    with transaction.atomic():
        Chapter.written.filter(pk=chapter.pk).update(**values)
        number(chapter.work)
        finish(chapter.work)


def today() -> str:
    return timezone.now().astimezone(dt.UTC).date().isoformat()
