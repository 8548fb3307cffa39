"""Reads: what a writer finds at the desk. Everything starts from the one rule of who may see a work."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from storykeep.model.story import Role
from storykeep.site.works.models import Chapter, Credit, Person, Revision, Visibility, Work
from storykeep.site.works.queries import readable_by

WRITING_ROLES = tuple(role.value for role in Role if role is not Role.ARCHIVIST)


def own_credits(user) -> QuerySet[Credit]:
    return Credit.objects.filter(work=OuterRef("pk"), chapter=None, role__in=WRITING_ROLES, person__account=user)


def written_by(user) -> QuerySet[Work]:
    """Return the works that ``user`` may change: those under whose title one of their pen names stands."""
    return readable_by(user).filter(Exists(own_credits(user)))


def trashed_by(user) -> QuerySet[Work]:
    return Work.objects.filter(
        Exists(own_credits(user)), visibility=Visibility.TRASH, trashed_at__isnull=False
    ).order_by("-trashed_at")


def desk_works(user) -> list[Work]:
    """Return all works of ``user`` for their desk, the last changed first. 1 query.

    Each has ``head_words``, counted in the newest texts, and ``unshown``: how many of those readers don't see.
    """
    words = Sum(Coalesce("chapters__working__words", "chapters__current__words"))
    unshown = Count("chapters", filter=Q(chapters__working__isnull=False, chapters__draft=False))
    rows = written_by(user).select_related("submission").annotate(head_words=words, unshown=unshown)
    return list(rows.order_by("-changed_at", "-pk"))


def chapters_of(work: Work) -> list[Chapter]:
    """Return all chapters of ``work`` that are not in the trash, drafts too, in the writers' order. 2 queries."""
    rows = work.chapters(manager="written").filter(trashed_at=None).select_related("current", "working")
    rows = rows.prefetch_related("notes")
    return sorted(rows, key=lambda row: (row.order or row.place, row.pk))


def trashed_chapters(work: Work) -> list[Chapter]:
    return list(work.chapters(manager="written").exclude(trashed_at=None).select_related("current", "working"))


def chapter_of(work: Work, ref: str) -> Chapter | None:
    rows = work.chapters(manager="written").select_related("work", "current", "working")
    return rows.filter(ref=ref, trashed_at=None).first()


def head(chapter: Chapter) -> Revision | None:
    """Return the newest text of a chapter: what its writers go on with, whether readers see it or not."""
    return chapter.working or chapter.current


def pen_names_of(user) -> QuerySet[Person]:
    return user.people.filter(merged_into=None).order_by("folded", "pk")
