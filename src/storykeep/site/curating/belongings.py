"""What is kept of edits that somebody suggested, or that were suggested in what they sent in."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import Q

from storykeep.site.accounts.belongings import Belonging
from storykeep.site.curating.models import Edit, Suggestion
from storykeep.site.curating.suggesting import answered
from storykeep.site.submissions.models import Note


def export(user) -> Iterator[tuple[str, bytes]]:
    """Yield the edits that ``user`` suggested, and those in what ``user`` sent in."""
    rows = Suggestion.objects.filter(Q(by=user) | Q(submission__sent_by=user)).select_related("submission__work")
    told = [told_of(row) for row in rows.prefetch_related("edits")]
    if told:
        yield "suggested-edits.json", json.dumps(told, ensure_ascii=False, indent=2).encode()


def told_of(row: Suggestion) -> dict[str, object]:
    edits = [edit_of(each) for each in row.edits.all()]
    return {"at": row.at.isoformat(), "work": str(row.submission.work), "edits": edits}


def edit_of(edit: Edit) -> dict[str, object]:
    return {"field": edit.field, "before": edit.before, "passages": edit.passages}


def erase(user) -> None:
    """Take back what ``user`` suggested and nobody has answered yet. Safe to call twice."""
    rows = Suggestion.objects.filter(by=user).prefetch_related("edits")
    refs = [row.ref for row in rows if not any(map(answered, row.edits.all()))]
    Note.objects.filter(suggestion__in=refs).update(suggestion="")
    Suggestion.objects.filter(ref__in=refs).delete()


BELONGING = Belonging(name="suggested edits", words="edits that were suggested", export=export, erase=erase)
