"""What becomes of a work that was sent in. Each step is written down, and the same step twice is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.submissions import letters, seen
from storykeep.site.submissions.gate import READERS, digest, unread
from storykeep.site.submissions.models import Note, Rules, Standing, State, Submission
from storykeep.site.works.models import Chapter, Work

accepted: list[Callable[[Work, list[Chapter]], None]] = []
"""Called with a work that was accepted and the chapters of it that were sent in by themselves, in the transaction."""
taken_back: list[Callable[[Work], None]] = []
"""Called with a work whose acceptance was taken back."""
STEPS = {
    State.ACCEPTED: (State.WAITING, State.CHANGES, State.DECLINED),
    State.DECLINED: (State.WAITING, State.CHANGES),
    State.CHANGES: (State.WAITING, State.DECLINED),
    State.WAITING: (State.ACCEPTED, State.DECLINED, State.CHANGES, State.WITHDRAWN),
    State.WITHDRAWN: (State.WAITING, State.CHANGES),
}
DONE = {
    State.ACCEPTED: "accepted it",
    State.DECLINED: "declined it",
    State.CHANGES: "asked for changes",
    State.WAITING: "took the decision back",
    State.WITHDRAWN: "took it back",
}
"""What somebody did, as the thread says it after their name."""
OF_A_TEXT = (State.ACCEPTED, State.DECLINED, State.CHANGES)
"""What is decided about one text only: whoever decides says which, by its mark."""
SENT_AGAIN = (State.CHANGES, State.DECLINED, State.WITHDRAWN)


class Changed(UsageError):
    """The writer changed the text since the archivist opened it."""


# ── the writer
def send_in(user, work: Work, words: str = "", chapters: Sequence[Chapter] = ()) -> Submission:
    """Send ``work`` to the archivist, for the first time or again. What waits already, waits once.

    ``chapters`` of an accepted work are sent in by themselves; readers keep the rest meanwhile.
    """
    words = words.replace("\0", "").strip()
    with transaction.atomic():
        work = Work.objects.select_for_update().get(pk=work.pk)
        usual = {"sent_at": timezone.now(), "sent_by": user, "policy_version": Rules.current().version}
        found, new = Submission.objects.get_or_create(work=work, defaults=usual)
        if found.state == State.ACCEPTED and work.visibility not in READERS:
            chapters = chapters or unread(work)
        asked = ask(chapters)
        if new or found.state in SENT_AGAIN or (found.state == State.ACCEPTED and chapters):
            Submission.objects.filter(pk=found.pk).update(state=State.WAITING, **usual)
            note = found.notes.create(by=user, state=State.WAITING, words=words, deed=told("sent it in", asked))
            letters.tell_archivists(found, words, note.deed)
        elif asked:
            note = found.notes.create(by=user, words=words, deed=told("sent more in", asked))
            letters.tell_archivists(found, words, note.deed)
        found.refresh_from_db()
    return found


def ask(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Let ``chapters`` wait for a look; return those that did not wait before."""
    new = []
    for row in chapters:
        standing, _ = Standing.objects.get_or_create(chapter=row)
        if standing.asked_at is None:
            standing.asked_at = timezone.now()
            standing.save(update_fields=["asked_at"])
            new.append(row)
    return new


def told(deed: str, chapters: Sequence[Chapter]) -> str:
    """Return what was done, with the chapters that were sent in by themselves."""
    return ": ".join(filter(None, (deed, ", ".join(f"“{row}”" for row in chapters))))[:300]


# ── the archivist, and the writer who takes it back
def decide(user, found: Submission, state: str, words: str, mark: str = "") -> bool:
    """Bring ``found`` to ``state`` with a note; say whether that is new.

    Raises Changed when ``mark`` is not that of the text now, UsageError for a step that can't follow, or that says
    of no text that it is about it.
    """
    with transaction.atomic():
        found = Submission.objects.select_for_update().get(pk=found.pk)
        if found.state == state:
            return False
        if found.state not in STEPS[State(state)]:
            raise UsageError(f"That can't be done now: this work is {found.get_state_display()}. Open it afresh.")
        if state in OF_A_TEXT:
            check(found.work, mark)
        was, found.state = found.state, after(found.work, state)
        found.save(update_fields=["state"])
        found.looks.filter(mark=mark, by=user).update(read_at=timezone.now())
        found.notes.create(by=user, state=state, words=words, deed=told(DONE[State(state)], waiting(found.work)))
        follow(found.work, was, state)
        if state == State.ACCEPTED:
            found.looks.exclude(mark=mark).delete()  # nobody asks any more what changed since
    return True


def check(work: Work, mark: str) -> None:
    """Hold the texts of ``work`` until the transaction ends, and see that they are those of ``mark``."""
    list(Chapter.written.select_for_update().filter(work=work).order_by("pk").values_list("pk"))
    if not mark:
        raise UsageError("Open the work and read it first: nothing was decided.")
    if mark != seen.mark_of(work):
        raise Changed("The writer changed this since you opened it. Read it once more; nothing was decided.")


def after(work: Work, state: str) -> str:
    """Return the state that follows: what readers have stays accepted, whatever becomes of the chapter sent in."""
    stays = state in {State.DECLINED, State.WITHDRAWN} and work.visibility in READERS
    return State.ACCEPTED if stays else state


def waiting(work: Work) -> list[Chapter]:
    """Return the chapters of ``work`` that were sent in by themselves. 1 query."""
    rows = work.chapters(manager="written").filter(standing__asked_at__isnull=False, trashed_at=None)
    return list(rows.select_related("work", "current", "working"))


def follow(work: Work, was: str, state: str) -> None:
    """Let the room of writers publish what was accepted, or take it from readers again."""
    asked = waiting(work)
    if state == State.ACCEPTED:
        for row in seen.chapters_of(work):
            passed(row)
        for publish in accepted:
            publish(work, asked)
    elif was == State.ACCEPTED:
        for take in taken_back:
            take(work)
    if state in {State.DECLINED, State.WITHDRAWN}:
        Standing.objects.filter(chapter__work=work).update(asked_at=None)


def passed(row: Chapter) -> None:
    """Remember that this text of a chapter has been looked at."""
    text = seen.head(row)
    now = {"asked_at": None, "passed_at": timezone.now(), "digest": digest(text.body) if text else ""}
    Standing.objects.update_or_create(chapter=row, defaults=now)


# ── both
def say(user, found: Submission, words: str) -> Note | None:
    """Add words to the thread; the same words twice in a row are said once."""
    last = found.notes.last()
    if not words or (last and last.by == user and last.words == words and not last.state):
        return None
    return found.notes.create(by=user, words=words)
