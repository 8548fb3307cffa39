"""What the templates of a curated archive may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from storykeep.site.curating import fields, passages, queries
from storykeep.site.curating.changed import Difference, changed
from storykeep.site.curating.forms import AnswerForm
from storykeep.site.curating.models import Suggestion
from storykeep.site.curating.suggesting import place_of
from storykeep.site.submissions import deciding, seen
from storykeep.site.submissions.models import Look, Note, Rules, State, Submission
from storykeep.site.works.models import Chapter, Visibility, Work
from storykeep.site.writing.differences import Line, compare

DECIDED = (State.ACCEPTED, State.DECLINED)
OPEN = (State.WAITING, State.CHANGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterLine:
    """One chapter that was sent in: where it is read, and where edits are suggested; ``news`` is what is new in it."""

    words: str
    count: int
    read: str
    edit: str
    news: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionPage:
    """One work that was sent in. ``since`` is what changed since this archivist read it, at ``read_at``."""

    submission: Submission
    work: Work
    signed: str
    mark: str
    rules: Rules
    form: AnswerForm
    notes: Sequence[Note]
    steps: tuple[tuple[str, str], ...]
    chapters: tuple[ChapterLine, ...] = ()
    other: str = ""
    next: Submission | None = None
    since: tuple[Difference, ...] = ()
    read_at: dt.datetime | None = None

    @property
    def with_readers(self) -> bool:
        """Whether readers have the work already, in the text that they have."""
        return self.work.visibility in {Visibility.PUBLIC, Visibility.MEMBERS}

    @property
    def is_draft(self) -> bool:
        return self.work.visibility == Visibility.DRAFT


def submission_page(user, found: Submission, form: AnswerForm, *, read: bool = False, mark: str = "") -> SubmissionPage:
    """Return the page on which an archivist decides, and remember what they have before them.

    ``mark`` is that of the text that a refused decision was about. As many queries for each chapter as its notes and
    what readers saw of it take.
    """
    rows = seen.chapters_of(found.work)
    now = seen.seen(found.work, rows)
    before = refused_about(found, mark) or seen.last_read(found, user)
    seen.remember(found, user, now, read=read)
    return SubmissionPage(
        submission=found,
        work=found.work,
        signed=queries.signed(found.work),
        mark=seen.mark(now),
        rules=Rules.current(),
        form=form,
        notes=found.notes.select_related("by"),
        steps=steps(found.state),
        chapters=() if read else tuple(chapter_line(found, row, many=len(rows) > 1) for row in rows),
        other=queries.look(user, found),
        next=queries.next_waiting(user, found),
        since=changed(before.seen, now) if before and before.mark != seen.mark(now) else (),
        read_at=(before.read_at or before.at) if before else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What a writer sees of a work that they sent in. ``open`` are suggested edits that they have not answered."""

    submission: Submission
    work: Work
    rules: Rules
    form: AnswerForm
    notes: Sequence[Note]
    edits: str
    open: tuple[tuple[Suggestion, str, int], ...]
    waiting: tuple[Chapter, ...]

    @property
    def is_draft(self) -> bool:
        return self.work.visibility == Visibility.DRAFT


def own_page(found: Submission, form: AnswerForm) -> OwnPage:
    """Return a writer's page about what they sent in. 6 queries."""
    return OwnPage(
        submission=found,
        work=found.work,
        rules=Rules.current(),
        form=form,
        notes=found.notes.select_related("by"),
        edits=f"/write/works/{found.work.ref}/edits/",
        open=unanswered(found),
        waiting=tuple(deciding.waiting(found.work)),
    )


def unanswered(found: Submission) -> tuple[tuple[Suggestion, str, int], ...]:
    """Return the suggestions that wait for the writer: where, and how many passages. 3 queries."""
    rows = found.suggestions.filter(withdrawn_at=None).select_related("chapter", "by").prefetch_related("edits")
    counted = [(row, sum(len(passages.unanswered(each)) for each in row.edits.all())) for row in rows]
    alone = fields.is_alone(found.work)
    return tuple((row, place_of(row.chapter, alone=alone), count) for row, count in counted if count)


def refused_about(found: Submission, mark: str) -> Look | None:
    return found.looks.filter(mark=mark).first() if mark else None


def chapter_line(found: Submission, row: Chapter, *, many: bool) -> ChapterLine:
    text, standing = seen.head(row), getattr(row, "standing", None)
    waits = bool(standing and standing.asked_at)
    changes = waits and not row.draft and row.current and text and row.current.pk != text.pk
    return ChapterLine(
        words=str(row) if row.title or row.label or many else "The text",
        count=text.words if text else 0,
        read=reading(found, row),
        edit=reverse("desk-suggest-chapter", args=[found.ref, row.ref]),
        news="" if not waits else "new" if row.draft else "changed",
        lines=compare(row.current.body, text.body) if changes else (),
    )


def reading(found: Submission, row: Chapter) -> str:
    return f"{reverse('desk-submission-reading', args=[found.ref])}?chapter={row.ref}"


def steps(state: str) -> tuple[tuple[str, str], ...]:
    """Return what may be decided now: (state, words on the button), the main thing first."""
    found = []
    if state in OPEN:
        found.append((State.ACCEPTED.value, "Accept it"))
    if state == State.WAITING:
        found.append((State.CHANGES.value, "Ask for changes"))
    if state in OPEN:
        found.append((State.DECLINED.value, "Decline it"))
    if state in DECIDED:
        found.append((State.WAITING.value, "Take the decision back"))
    return (*found, ("", "Only say this"))
