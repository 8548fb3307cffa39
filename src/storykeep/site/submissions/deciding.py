"""What becomes of a work that was sent in. Each step is written down, and the same step twice is one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.accounts import mail
from storykeep.site.submissions.gate import authors
from storykeep.site.submissions.models import Note, Rules, State, Submission
from storykeep.site.works.models import Work

accepted: list[Callable[[Work], None]] = []
"""Called with a work that was accepted, in the transaction: the room of writers publishes it."""
taken_back: list[Callable[[Work], None]] = []
"""Called with a work whose acceptance was taken back."""
STEPS = {
    State.ACCEPTED: (State.WAITING, State.CHANGES, State.DECLINED),
    State.DECLINED: (State.WAITING, State.CHANGES),
    State.CHANGES: (State.WAITING, State.DECLINED),
    State.WAITING: (State.ACCEPTED, State.DECLINED, State.CHANGES, State.WITHDRAWN),
    State.WITHDRAWN: (State.WAITING, State.CHANGES),
}


class Changed(UsageError):
    """The writer changed the text since the archivist opened it."""


def mark_of(work: Work) -> str:
    """Return what tells this text of ``work`` from any other: a short hash of its words and versions. 1 query."""
    rows = work.chapters(manager="written").filter(trashed_at=None).order_by("order", "pk")
    texts = list(rows.values_list("pk", "title", "draft", "current", "working"))
    told = json.dumps([work.title, work.summary, texts])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def send_in(user, work: Work, words: str = "") -> Submission:
    """Send ``work`` to the archivist, for the first time or again. What waits already, waits once."""
    with transaction.atomic():
        Work.objects.select_for_update().get(pk=work.pk)
        now, version = timezone.now(), Rules.current().version
        usual = {"sent_at": now, "sent_by": user, "policy_version": version}
        found, new = Submission.objects.get_or_create(work=work, defaults=usual)
        if new or found.state in {State.CHANGES, State.DECLINED, State.WITHDRAWN}:
            Submission.objects.filter(pk=found.pk).update(state=State.WAITING, **usual)
            found.notes.create(by=user, state=State.WAITING, words=words)
            found.refresh_from_db()
    return found


def decide(user, found: Submission, state: str, words: str, mark: str = "") -> bool:
    """Bring ``found`` to ``state`` with a note; say whether that is new.

    Raises Changed when ``mark`` is not that of the text now, UsageError for a step that can't follow.
    """
    with transaction.atomic():
        found = Submission.objects.select_for_update().get(pk=found.pk)
        if found.state == state:
            return False
        if found.state not in STEPS[State(state)]:
            raise UsageError(f"That can't be done now: this work is {found.get_state_display()}. Open it afresh.")
        if mark and mark != mark_of(found.work):
            raise Changed("The writer changed this since you opened it. Read it once more; nothing was decided.")
        was, found.state = found.state, state
        found.save(update_fields=["state"])
        found.notes.create(by=user, state=state, words=words)
        follow(found.work, was, state)
    return True


def follow(work: Work, was: str, state: str) -> None:
    """Let the room of writers publish what was accepted, or take it from readers again."""
    for each in accepted if state == State.ACCEPTED else taken_back if was == State.ACCEPTED else ():
        each(work)


def say(user, found: Submission, words: str) -> Note | None:
    """Add words to the thread; the same words twice in a row are said once."""
    last = found.notes.last()
    if not words or (last and last.by == user and last.words == words and not last.state):
        return None
    return found.notes.create(by=user, words=words)


def tell(found: Submission, words: str, address: str) -> None:
    """Write to the authors that there is news of their work, if they wish such mail."""
    found.refresh_from_db()
    known = {"submission": found, "words": words, "address": mail.origin() + address}
    for user in authors(found.work):
        mail.tell(user, "submission", "submissions/email/answer", known)
