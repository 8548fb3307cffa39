"""Rescued works wait for their authors: members read them, and only a date that an archivist set opens them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Credit, Visibility, Work


def waiting() -> QuerySet[Work]:
    """Return the rescued works that members read until their authors are asked: none of these was found yet."""
    return Work.objects.filter(rescued=True, visibility=Visibility.MEMBERS).exclude(author_found())


def author_found() -> Q:
    """Return the condition that an author of a work has an account here, or decided about it: they open it, not we."""
    claimed = Credit.objects.filter(work=OuterRef("pk"), person__account__isnull=False)
    return Q(reached_at__isnull=False) | Exists(claimed)


def waits(work: Work, authors: Iterable[Credit]) -> bool:
    """Say whether ``work``, of these ``authors`` with their people, is one of :func:`waiting`. No query."""
    if not work.rescued or work.visibility != Visibility.MEMBERS or work.reached_at:
        return False
    return not any(credit.person_id and credit.person.account_id for credit in authors)


def open_due(today: dt.date | None = None) -> int:
    """Open the waiting works whose date has come; return how many."""
    due = waiting().filter(opens_on__lte=today or timezone.now().date())
    ids = list(due.values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            work = Work.objects.select_for_update().get(pk=pk)
            if work.visibility == Visibility.MEMBERS and work.opens_on and not work.reached_at:
                work.visibility, work.opens_on = Visibility.PUBLIC, None
                finish(work)
    return len(ids)
