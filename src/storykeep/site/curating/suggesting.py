"""An archivist suggests edits: what they typed is kept beside the work, paragraph by paragraph."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.curating import fields
from storykeep.site.curating.models import Edit, Suggestion
from storykeep.site.curating.passages import passages_of
from storykeep.site.submissions.models import Note, State, Submission
from storykeep.site.works.models import Chapter

Bodies = dict[str, str]
"""{name of a field: its clean HTML}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy that an archivist has edited: the fields as they had them, and as they would have them."""

    chapter: Chapter | None
    before: Bodies
    after: Bodies
    words: str = ""

    def edits(self) -> list[tuple[str, list[dict]]]:
        """Return (field, passages) of all that differs."""
        both = [(name, passages_of(text, self.after[name])) for name, text in self.before.items() if name in self.after]
        return [(name, passages) for name, passages in both if passages]


def open_one(user, found: Submission, chapter: Chapter | None, now: Bodies) -> Suggestion | None:
    """Return the edits of ``user`` that nobody has answered and that still fit the text: they are gone on with."""
    rows = found.suggestions.filter(by=user, chapter=chapter, withdrawn_at=None).prefetch_related("edits")
    last = rows.last()
    fits = last and all(each.before == now.get(each.field) and not answered(each) for each in last.edits.all())
    return last if fits else None


def answered(edit: Edit) -> bool:
    return any(each["answer"] for each in edit.passages)


def suggest(user, found: Submission, copy: Copy) -> int:
    """Keep the edits of ``copy``; return how many passages they change.

    What the same archivist suggested there before and nobody has answered is replaced. Raises UsageError where the
    writer has taken the work back.
    """
    with transaction.atomic():
        found = Submission.objects.select_for_update().get(pk=found.pk)
        if found.state == State.WITHDRAWN:
            raise UsageError("The writer has taken this work back. Nothing was suggested.")
        last, edits = open_one(user, found, copy.chapter, copy.before), copy.edits()
        count = sum(len(passages) for _, passages in edits)
        if not edits:
            if last:
                withdraw(user, last)
            return 0
        row = last or Suggestion.objects.create(submission=found, chapter=copy.chapter, by=user)
        row.edits.all().delete()
        Edit.objects.bulk_create(
            Edit(suggestion=row, field=name, before=copy.before[name], passages=passages, place=place)
            for place, (name, passages) in enumerate(edits)
        )
        tell(user, row, count, copy.words)
    return count


def tell(user, row: Suggestion, count: int, words: str) -> None:
    """Write into the thread that edits are suggested; the same edits once, however often they are changed."""
    deed = f"suggested {counted(count)} in {where(row)}"
    known = Note.objects.filter(submission=row.submission, suggestion=row.ref, by=user).first()
    if known is None:
        Note.objects.create(submission=row.submission, by=user, words=words, deed=deed, suggestion=row.ref)
        return
    known.deed, known.words = deed, words or known.words
    known.save(update_fields=["deed", "words"])


def withdraw(user, row: Suggestion) -> None:
    """Take suggested edits back; what was taken of them stays in the text."""
    if row.withdrawn_at is None:
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        deed = f"took the edits in {where(row)} back"
        row.submission.notes.create(by=user, deed=deed, suggestion=row.ref)


def where(row: Suggestion) -> str:
    """Return where the edits are, in words. 1 query."""
    return place_of(row.chapter, alone=fields.is_alone(row.submission.work))


def place_of(chapter: Chapter | None, *, alone: bool) -> str:
    if chapter is None:
        return "title, summary and notes"
    return "the text" if alone and not (chapter.title or chapter.label) else f"“{chapter}”"


def counted(count: int) -> str:
    return "1 edit" if count == 1 else f"{count} edits"


def mark_of(row: Suggestion) -> str:
    """Return what tells these edits from those that they may become while a writer looks at them."""
    told = [[each.field, each.before, [(p["begin"], p["new"]) for p in each.passages]] for each in row.edits.all()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
