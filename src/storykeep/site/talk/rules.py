"""Who may say what, and who may decide about it: every door asks here."""

from __future__ import annotations

from storykeep.site.accounts.roles import may
from storykeep.site.talk.models import Comment, State
from storykeep.site.works.models import Commenting, Credit, Work


def is_own(user, work: Work) -> bool:
    """Say whether ``user`` is one of the authors of ``work``."""
    return user.is_authenticated and Credit.objects.filter(work=work, person__account=user).exists()


def looks_after(user, work: Work) -> bool:
    """Say whether ``user`` decides about the comments of ``work``: its authors do, and moderators."""
    return may(user, "moderate") or is_own(user, work)


def why_not_kudos(user, work: Work) -> str:
    """Return why ``user`` can't give kudos, in words; nothing when they can."""
    return "This is your own work: kudos come from others." if is_own(user, work) else ""


def why_not_comment(user, work: Work, parent: Comment | None = None) -> str:
    """Return why ``user`` can't comment on ``work``, or answer ``parent``; nothing when they can."""
    if work.comments == Commenting.NONE:
        return "Comments on this work are closed."
    if work.comments == Commenting.MEMBERS and not user.is_authenticated:
        return "Only members comment on this work. Sign in first."
    if parent is None:
        return ""
    if parent.state != State.SHOWN:
        return "This comment can’t be answered."
    return "This conversation has been closed." if (parent.thread or parent).frozen else ""


def is_ones_own(user, comment: Comment) -> bool:
    return user.is_authenticated and comment.account_id == user.pk


def may_edit(user, comment: Comment) -> bool:
    """Say whether ``user`` may still change their words: until somebody has answered them."""
    open_still = comment.state in {State.SHOWN, State.WAITING} and not (comment.thread or comment).frozen
    return is_ones_own(user, comment) and open_still and not comment.answers.exists()


def first_state(user, work: Work, *, by_author: bool, links: bool) -> State:
    """Return how a new comment begins: it waits when the authors wish that, or a guest's has links."""
    if by_author or may(user, "moderate"):
        return State.SHOWN
    guest_links = links and not user.is_authenticated
    return State.WAITING if work.comments_moderated or guest_links else State.SHOWN
