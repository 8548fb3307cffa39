"""What an archivist has before them: all that readers would get, and a mark that tells it from any other text."""

from __future__ import annotations

import hashlib
import json

from django.db.models import Q
from django.utils import timezone

from storykeep.site.submissions.models import Look, Submission
from storykeep.site.works.models import Chapter, Revision, Work

ABOUT_CHAPTER = ("title", "label", "summary", "rating")


def chapters_of(work: Work) -> list[Chapter]:
    """Return the chapters that an acceptance would show: no drafts, but those that were sent in. 2 queries."""
    rows = work.chapters(manager="written").filter(trashed_at=None).select_related("current", "working", "standing")
    wanted = rows.filter(Q(draft=False) | Q(standing__asked_at__isnull=False)).prefetch_related("notes")
    return sorted(wanted, key=lambda row: (row.order or row.place, row.pk))


def head(row: Chapter) -> Revision | None:
    """Return the newest text of a chapter, as its writers have it."""
    return row.working or row.current


def seen(work: Work, rows: list[Chapter]) -> dict:
    """Return all that is seen of ``work`` as JSON values, texts by their ids. 2 queries."""
    notes = [[note.kind, note.body] for note in work.notes.filter(chapter=None)]
    tags = list(work.work_tags.values_list("tag__kind__key", "tag__name"))
    about = {"title": work.title or "", "summary": work.summary, "language": work.language}
    return {**about, "notes": notes, "tags": [list(tag) for tag in tags], "chapters": [seen_of(row) for row in rows]}


def seen_of(row: Chapter) -> dict:
    text, notes = head(row), [[note.kind, note.body] for note in row.notes.all()]
    about = {name: getattr(row, name) for name in ABOUT_CHAPTER}
    return {"chapter": row.pk, **about, "notes": notes, "text": text.pk if text else None}


def mark(found: dict) -> str:
    """Return a short hash of what was seen."""
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def mark_of(work: Work) -> str:
    """Return the mark of ``work`` as it is now. 4 queries."""
    return mark(seen(work, chapters_of(work)))


def remember(submission: Submission, by, found: dict, *, read: bool) -> Look:
    """Keep what ``by`` sees now, so that a later text can be compared with it. The same text is kept once.

    ``read`` says that they have the texts themselves before them.
    """
    now = {"seen": found, **({"read_at": timezone.now()} if read else {})}
    look, new = Look.objects.get_or_create(submission=submission, by=by, mark=mark(found), defaults=now)
    if new:
        look.texts.set(filter(None, (each["text"] for each in found["chapters"])))
    elif read:
        Look.objects.filter(pk=look.pk).update(**now)
    return look


def last_read(submission: Submission, by) -> Look | None:
    """Return what ``by`` read last of it, if they have read any of it."""
    return submission.looks.filter(by=by).exclude(read_at=None).order_by("-read_at").first()
