"""Reads. A comment is seen by who may read its work: every one of these starts from ``readable_by``."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from storykeep.site.accounts.roles import may
from storykeep.site.talk.models import Comment, Kept, Shelf, State
from storykeep.site.works.models import Credit, Work
from storykeep.site.works.queries import readable_by

SEEN = (State.SHOWN, State.DELETED)


def readable_work(user, ref: str) -> Work | None:
    return readable_by(user).filter(ref=ref).first()


def visible(user, refs: Iterable[str] = ()) -> QuerySet[Comment]:
    """Return the comments that ``user`` may see: of readable works, shown; their own; all for who looks after them.

    ``refs`` are a guest's own, see :mod:`.speakers`.
    """
    found = Comment.objects.filter(work__in=readable_by(user).values("pk")).select_related("account")
    if may(user, "moderate"):
        return found
    seen = Q(state__in=SEEN)
    if user.is_authenticated:
        own_work = Credit.objects.filter(work=OuterRef("work"), person__account=user)
        seen |= Q(account=user) | Exists(own_work)
    if refs:
        seen |= Q(ref__in=refs, account=None)
    return found.filter(seen)


# ── those who look after comments
def at_works_of(user) -> QuerySet[Comment]:
    """Return the comments that ``user`` decides about: those of others on their own works; all, for moderators."""
    found = visible(user).exclude(state=State.DELETED).select_related("work", "chapter")
    if not may(user, "moderate"):
        own_work = Credit.objects.filter(work=OuterRef("work"), person__account=user)
        found = found.filter(Exists(own_work)).exclude(account=user)
    return found


def waiting(user) -> QuerySet[Comment]:
    """Return the comments that wait for ``user``, the oldest first."""
    return at_works_of(user).filter(state=State.WAITING).order_by("at", "pk")


# ── one's own
def mine(user, words: str = "") -> QuerySet[Comment]:
    """Return the comments of ``user`` on works that they may still read; those with ``words``, when given."""
    found = visible(user).filter(account=user).exclude(state=State.DELETED).select_related("work", "thread")
    for word in words.split()[:10]:
        found = found.filter(Q(source__icontains=word) | Q(work__title__icontains=word))
    return found.order_by("-at", "-pk")


# ── shelves
def kept_of(user, owner) -> QuerySet[Kept]:
    """Return what ``owner`` keeps, as far as ``user`` may see it: nothing of an unreadable work.

    What is private is seen by its keeper only. A work that can't be read any more is left out for them, too.
    """
    found = Kept.objects.filter(account=owner).filter(
        Q(work=None) | Q(work__in=readable_by(user).values("pk"))
    ).select_related("work").prefetch_related("shelves")  # fmt: skip
    return found if user == owner else found.filter(public=True)


def shelves_of(user, owner) -> QuerySet[Shelf]:
    """Return the shelves of ``owner`` that ``user`` may see, each with ``number``: what they would find there."""
    found = Shelf.objects.filter(account=owner)
    found = found if user == owner else found.filter(public=True)
    on_it = Q(kept__in=kept_of(user, owner).values("pk"))
    return found.annotate(number=Count("kept", filter=on_it, distinct=True)).order_by("name", "pk")
