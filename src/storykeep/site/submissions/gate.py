"""Whether a work, or a chapter of it, may come to readers: the one question that publishing asks here."""

from __future__ import annotations

import hashlib

from storykeep.model.story import Role
from storykeep.site.accounts.models import User
from storykeep.site.accounts.roles import may
from storykeep.site.submissions.models import Later, Rules, Standing, State, Submission, Way, Writer
from storykeep.site.works.models import Chapter, Visibility, Work

INVITED = "Only writers who were invited publish here. Ask an archivist to add you to the writers of this archive."
CURATED = "Works are sent in here: an archivist reads this one before readers do."
LATER = "An archivist reads this before readers do: new chapters, or changed texts, are sent in here."
READERS = (Visibility.PUBLIC, Visibility.MEMBERS)


def closed(work: Work) -> str:
    """Return why ``work`` may not be published now, in words; nothing when it may. Few queries for each chapter."""
    way = Rules.current().way
    if way == Way.CURATED and not Submission.objects.filter(work=work, state=State.ACCEPTED).exists():
        return CURATED
    if way == Way.CURATED and unread(work):
        return CURATED
    if way == Way.INVITED and not any(is_invited(user) for user in authors(work)):
        return INVITED
    return ""


def closed_again(work: Work) -> str:
    """Return why a work that was hidden may not come back to readers; what they had before may, unless it waits."""
    if Submission.objects.filter(work=work).exclude(state=State.ACCEPTED).exists():
        return CURATED
    rows = work.chapters.select_related("current", "work")
    return "" if any(was_shown(row) for row in rows) else closed(work)


def closed_chapter(chapter: Chapter) -> str:
    """Return why readers may not see the newest text of ``chapter``, when they see the work. At most 5 queries."""
    rules = Rules.current()
    if rules.way == Way.INVITED and not was_shown(chapter):
        return "" if any(is_invited(user) for user in authors(chapter.work)) else INVITED
    return LATER if rules.way == Way.CURATED and needs_look(chapter, rules.later) else ""


def unread(work: Work) -> list[Chapter]:
    """Return the chapters that publishing ``work`` would show, and whose text an archivist has to look at first."""
    later = Rules.current().later
    rows = work.chapters(manager="written").filter(draft=False, trashed_at=None).select_related("current", "working")
    return [row for row in rows if needs_look(row, later)]


def needs_look(chapter: Chapter, later: str) -> bool:
    """Say whether the archive's rule for accepted works asks for a look at the newest text of ``chapter``."""
    text = chapter.working or chapter.current
    if later == Later.FREE or text is None:
        return False
    passed = Standing.objects.filter(chapter=chapter).exclude(digest="").first()
    if later == Later.CHAPTERS:
        return not passed and not was_shown(chapter)
    return not (passed and passed.digest == digest(text.body)) and not was_shown(chapter, text.body)


def was_shown(chapter: Chapter, body: str | None = None) -> bool:
    """Say whether readers of this archive have seen ``chapter``, in any text or in this one."""
    seen_now = chapter.current is not None and not chapter.draft and chapter.work.visibility in READERS
    if seen_now and body in {None, chapter.current.body}:
        return True
    shown = chapter.revisions.filter(shown=True).exclude(reason="brought in")  # what a file says of itself proves none
    return shown.exists() if body is None else shown.filter(body=body).exists()


def digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def is_curated() -> bool:
    return Rules.current().way == Way.CURATED


def is_invited(user: User) -> bool:
    return may(user, "work at the desk") or Writer.objects.filter(account=user).exists()


def authors(work: Work) -> list[User]:
    found = User.objects.filter(people__credits__work=work, people__credits__role=Role.AUTHOR.value)
    return list(found.distinct())
