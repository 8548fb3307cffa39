"""What the pages of suggested edits may use: the form of the archivist, and what both sides see of each edit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from storykeep.site.curating import fields, passages, suggesting
from storykeep.site.curating.models import Suggestion
from storykeep.site.curating.passages import Passage
from storykeep.site.submissions.models import Note, Submission
from storykeep.site.works.models import Chapter, Work
from storykeep.site.writing import entry
from storykeep.site.writing.names import desk_of
from storykeep.site.writing.pages import Text, as_json, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EditShown:
    """What is suggested in one field: its passages, and how many paragraphs come after the last."""

    pk: int
    name: str
    passages: tuple[Passage, ...]
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditsPage:
    """Edits that an archivist suggested in one chapter, or in what is said about the work."""

    suggestion: Suggestion
    work: Work
    where: str
    edits: tuple[EditShown, ...]
    mark: str
    words: str
    open: int
    taken: int
    count: int
    history: str


def edits_page(row: Suggestion, work: Work) -> EditsPage:
    """Return suggested edits as both sides see them. 3 queries."""
    shown = tuple(
        EditShown(
            pk=each.pk, name=fields.NAMES[each.field], passages=tuple(passages.shown(each)), rest=passages.rest(each)
        )
        for each in row.edits.all()
    )
    answers = [each.answer for edit in shown for each in edit.passages]
    first = Note.objects.filter(submission=row.submission_id, suggestion=row.ref).first()
    return EditsPage(
        suggestion=row,
        work=work,
        where=suggesting.where(row),
        edits=shown,
        mark=suggesting.mark_of(row),
        words=first.words if first else "",
        open=answers.count(""),
        taken=answers.count(passages.TAKEN),
        count=len(answers),
        history=reverse("write-history", args=[work.ref, row.chapter.ref]) if row.chapter else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the form in which an archivist edits a copy."""

    name: str
    label: str
    value: str
    line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestPage:
    """The form in which an archivist edits a copy of a text. ``again`` says that they go on with edits of theirs."""

    submission: Submission
    work: Work
    chapter: Chapter | None
    fields: tuple[Field, ...]
    text: Text | None
    was: str
    words: str = ""
    again: bool = False


def suggest_page(
    user, found: Submission, row: Chapter | None, now: suggesting.Bodies, last: Suggestion | None
) -> SuggestPage:
    """Return the form: each field as it is now, or as the same archivist has edited it already."""
    edits = {each.field: each for each in last.edits.all()} if last else {}
    after = now | {name: passages.with_those(each, passages.all_of(each)) for name, each in edits.items()}
    names = fields.names_for(found.work, row)
    typed = fields.typed_now(user, found.work, row)
    first = Note.objects.filter(submission=found, suggestion=last.ref).first() if last else None
    return SuggestPage(
        submission=found,
        work=found.work,
        chapter=row,
        fields=tuple(
            Field(name=name, label=label, value=fields.as_typed(name, after[name]), line=name in fields.LINES)
            for name, label in names.items()
            if name != fields.BODY
        ),
        text=text_to_edit(row, user, after[fields.BODY]) if row else None,
        was=as_json({name: typed[name] for name in names if name != fields.BODY}),
        words=first.words if first else "",
        again=last is not None,
    )


def text_to_edit(row: Chapter, user, body: str) -> Text:
    """Return what the editor of the writers' desk needs to show ``body``, made from the newest text of ``row``."""
    way = desk_of(user).entry
    found = text_of(row, way)
    return replace(found, body=body, source=entry.source(body, way), conflicts=0, unpublished=False)
