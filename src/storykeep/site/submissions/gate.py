"""Whether a work may come to readers: the one question that publishing asks here."""

from __future__ import annotations

from storykeep.model.story import Role
from storykeep.site.accounts.models import User
from storykeep.site.accounts.roles import may
from storykeep.site.submissions.models import Rules, State, Submission, Way, Writer
from storykeep.site.works.models import Work

INVITED = "Only writers who were invited publish here. Ask an archivist to add you to the writers of this archive."
CURATED = "Works are sent in here: an archivist reads this one before readers do."


def closed(work: Work) -> str:
    """Return why ``work`` may not be published now, in words; nothing when it may. At most 4 queries."""
    way = Rules.current().way
    if way == Way.CURATED and not Submission.objects.filter(work=work, state=State.ACCEPTED).exists():
        return CURATED
    if way == Way.INVITED and not any(is_invited(user) for user in authors(work)):
        return INVITED
    return ""


def is_curated() -> bool:
    return Rules.current().way == Way.CURATED


def is_invited(user: User) -> bool:
    return may(user, "work at the desk") or Writer.objects.filter(account=user).exists()


def authors(work: Work) -> list[User]:
    found = User.objects.filter(people__credits__work=work, people__credits__role=Role.AUTHOR.value)
    return list(found.distinct())
