"""Who may say what, and who may decide about it: every door asks here."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from storykeep.site.accounts.roles import may
from storykeep.site.talk.models import Block, Comment, State
from storykeep.site.talk.speakers import Speaker
from storykeep.site.works.models import Commenting, Credit, Work


def is_own(user, work: Work) -> bool:
    """Say whether ``user`` is one of the authors of ``work``."""
    return user.is_authenticated and Credit.objects.filter(work=work, person__account=user).exists()


def looks_after(user, work: Work) -> bool:
    """Say whether ``user`` decides about the comments of ``work``: its authors do, and moderators."""
    return may(user, "moderate") or is_own(user, work)


def is_blocked(user, work: Work, parent: Comment | None = None) -> bool:
    """Say whether an author of ``work``, or who is answered, has blocked ``user``. Nobody blocks a moderator."""
    if not user.is_authenticated or may(user, "moderate"):
        return False
    authors = Exists(Credit.objects.filter(work=work, person__account=OuterRef("owner")))
    answered = Q(owner=parent.account_id) if parent and parent.account_id else Q()
    return Block.objects.filter(Q(authors) | answered, whom=user).exists()


def why_not_kudos(user, work: Work) -> str:
    """Return why ``user`` can't give kudos, in words; nothing when they can."""
    if is_own(user, work):
        return "This is your own work: kudos come from others."
    return "The author of this work has blocked you." if is_blocked(user, work) else ""


def why_not_comment(user, work: Work, parent: Comment | None = None) -> str:
    """Return why ``user`` can't comment on ``work``, or answer ``parent``; nothing when they can."""
    if work.comments == Commenting.NONE:
        return "Comments on this work are closed."
    if work.comments == Commenting.MEMBERS and not user.is_authenticated:
        return "Only members comment on this work. Sign in first."
    if parent and parent.state != State.SHOWN:
        return "This comment can’t be answered."
    if parent and (parent.thread or parent).frozen:
        return "This conversation has been closed."
    return "Whom you would write to has blocked you." if is_blocked(user, work, parent) else ""


def may_edit(speaker: Speaker, comment: Comment) -> bool:
    """Say whether ``speaker`` may still change their words: until somebody has answered them."""
    open_still = comment.state in {State.SHOWN, State.WAITING} and not (comment.thread or comment).frozen
    return speaker.wrote(comment) and open_still and not comment.answers.exists()


def first_state(user, work: Work, *, by_author: bool, links: bool) -> State:
    """Return how a new comment begins: it waits when the authors wish that, or a guest's has links."""
    if by_author or may(user, "moderate"):
        return State.SHOWN
    guest_links = links and not user.is_authenticated
    return State.WAITING if work.comments_moderated or guest_links else State.SHOWN


def may_block(user, comment: Comment) -> bool:
    """Say whether ``user`` can block who wrote ``comment``: another member, still here."""
    return user.is_authenticated and comment.account_id not in {None, user.pk}
