"""A writer answers suggested edits: takes a passage into the text, leaves it, or changes their mind.

Taking one is a save of the writer's. Where they have written on meanwhile, both are brought together by paragraph, as
any two saves are; where both changed the same paragraph, both stand there until the writer settles it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from storykeep.model.errors import UsageError
from storykeep.site.curating import fields, passages
from storykeep.site.curating.models import Edit, Suggestion
from storykeep.site.curating.passages import LEFT, TAKEN
from storykeep.site.curating.suggesting import where
from storykeep.site.works.models import Visibility
from storykeep.site.writing import revisions, saving
from storykeep.site.writing.merge import merge
from storykeep.site.writing.paragraphs import tidy
from storykeep.site.writing.queries import head

ANSWERS = {"take": TAKEN, "leave": LEFT, "open": ""}


@dataclass(frozen=True, slots=True)
class Shift:
    """What is to become of a field: it changes as ``mine`` differs from ``base``. ``how`` is that of the revision."""

    base: str
    mine: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of an answer: how many passages have one now, and whether both texts stand somewhere."""

    count: int = 0
    conflicts: int = 0
    complete: bool = False


def answer(user, row: Suggestion, how: str, chosen: dict[int, frozenset[int]]) -> Answered:
    """Answer the passages ``chosen`` ({id of the edit: numbers}) with "take", "leave" or "open" them again.

    Raises UsageError that says what stands in the way; then nothing is changed.
    """
    with transaction.atomic():
        row = Suggestion.objects.select_for_update(of=("self",)).select_related("chapter", "submission").get(pk=row.pk)
        if row.withdrawn_at:
            raise UsageError("The archivist has taken these edits back. Nothing was changed.")
        edits = list(row.edits.all())
        was_open = any(passages.unanswered(each) for each in edits)
        count = conflicts = 0
        for each in edits:
            numbers = moving(each, how, chosen.get(each.pk, frozenset()))
            if numbers:
                conflicts += carry_out(user, row, each, how, numbers)
                count += len(numbers)
        complete = was_open and not any(passages.unanswered(each) for each in edits)
        if complete:
            row.submission.notes.create(by=user, deed=said(row, edits), suggestion=row.ref)
    return Answered(count=count, conflicts=conflicts, complete=complete)


def moving(edit: Edit, how: str, numbers: frozenset[int]) -> frozenset[int]:
    """Return those of ``numbers`` that this answer changes: an open one is answered, an answered one opened."""
    known = {n: each["answer"] for n, each in enumerate(edit.passages)}
    return frozenset(n for n in numbers if n in known and bool(known[n]) == (how == "open"))


def carry_out(user, row: Suggestion, edit: Edit, how: str, numbers: frozenset[int]) -> int:
    """Give the passages their answer, and the text what follows from it; return how many places collide."""
    there = passages.taken(edit)
    wanted = there | numbers if how == "take" else there - numbers
    collide = 0
    if wanted != there:
        name = revisions.SUGGESTED if how == "take" else revisions.RESTORED
        shift = Shift(passages.with_those(edit, there), passages.with_those(edit, wanted), name)
        collide = bring_in(user, row, edit, shift)
    for n in numbers:
        edit.passages[n]["answer"] = ANSWERS[how]
    edit.save(update_fields=["passages"])
    return collide


def bring_in(user, row: Suggestion, edit: Edit, shift: Shift) -> int:
    """Change the field that ``edit`` is about, whatever else its writer has changed in it; count what collides."""
    if edit.field == fields.BODY:
        return into_text(user, row, shift)
    into_field(user, row, edit.field, shift)
    return 0


def into_text(user, row: Suggestion, shift: Shift) -> int:
    """Make a revision of the writer's that has the edits; return how many places two people changed."""
    chapter = revisions.locked(row.chapter)
    now = head(chapter)
    found = merge(shift.base, shift.mine, now.body if now else "")
    body = tidy(found.body)
    if now and body == now.body:
        return 0
    told = [{"theirs": each.theirs, "mine": each.mine} for each in found.conflicts]
    new = revisions.make(chapter, revisions.Sent(body=body, by=user, how=shift.how), parent=now, conflicts=told)
    if shift.how == revisions.SUGGESTED:
        new.name = f"With edits that were suggested on {row.at:%-d %B %Y}"
        new.save(update_fields=["name"])
    saving.show_draft(row.submission.work, chapter)
    return len(told)


def into_field(user, row: Suggestion, name: str, shift: Shift) -> None:
    """Set a field of the work or of its chapter. Raises UsageError where the writer changed the same words."""
    work, chapter = row.submission.work, row.chapter
    typed = fields.typed_now(user, work, chapter)[name]
    found = merge(shift.base, shift.mine, fields.as_body(name, typed))
    if found.conflicts:
        raise UsageError(
            f"{fields.NAMES[name]}: this has changed meanwhile. It says now: “{typed}”. Change it by hand."
        )
    form = saving.Form(was={name: typed}, fields={name: fields.as_typed(name, found.body)})
    try:
        saving.keep_fields(user, work, chapter, form, published=work.visibility != Visibility.DRAFT)
    except saving.Refused as refused:
        raise UsageError(refused.told[0].words) from refused


def said(row: Suggestion, edits: Iterable[Edit]) -> str:
    answers = [each["answer"] for edit in edits for each in edit.passages]
    return f"took {answers.count(TAKEN)} of {len(answers)} suggested edits in {where(row)}"
