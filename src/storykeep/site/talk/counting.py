"""The numbers at a work: counted anew in the transaction that changes what they count; the outbox gathers them."""

from __future__ import annotations

from django.db.models import F, Q

from storykeep.site.talk.models import Comment, Kept, State
from storykeep.site.works import changes
from storykeep.site.works.models import Work


def add_kudos(work: Work, number: int) -> None:
    """Add ``number`` to the kudos of ``work``; the database adds, so two at once both count."""
    Work.objects.filter(pk=work.pk).update(kudos_count=F("kudos_count") + number)
    changes.recounted([work.pk])


def recount_kudos(works: list[int]) -> None:
    for work in Work.objects.select_for_update().filter(pk__in=works).order_by("pk"):
        Work.objects.filter(pk=work.pk).update(kudos_count=work.kudos.values("who").distinct().count())
    changes.recounted(works)


def recount_comments(work: int) -> None:
    """Count the comments of a work that everybody sees. The row is locked first, so that the last count is right."""
    Work.objects.select_for_update().filter(pk=work).first()
    unseen = Q(thread__state__in=(State.WAITING, State.HIDDEN, State.SPAM))  # nobody sees what answers those
    number = Comment.objects.filter(work=work, state=State.SHOWN).exclude(unseen).count()
    Work.objects.filter(pk=work).update(comments_count=number)
    changes.recounted([work])


def recount_shelves(work: int | None) -> None:
    """Count the members who keep a work for all to see."""
    if work is None:
        return
    Work.objects.select_for_update().filter(pk=work).first()
    Work.objects.filter(pk=work).update(shelves_count=Kept.objects.filter(work=work, public=True).count())
    changes.recounted([work])
