"""Reads: the queue, and one work in it. Both start from the one rule of who may see a work."""

from __future__ import annotations

import datetime as dt

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils import timezone

from storykeep.site.submissions.models import State, Submission
from storykeep.site.works.models import Work
from storykeep.site.works.queries import authors_only, readable_by

LOOKING = dt.timedelta(minutes=15)
ON_A_PAGE = 50


def queue(user, state: str, page: object) -> Page:
    """Return a page of what is in ``state``, the oldest first, with works and who looks at each. 2 queries.

    A number of a page that there isn't leads to the nearest one.
    """
    rows = of(user).filter(state=state).select_related("work", "sent_by", "looked_by")
    return Paginator(rows, ON_A_PAGE).get_page(page)


def counts(user) -> list[tuple[str, str, int]]:
    """Return (state, its words, how many) for every state. 1 query."""
    found = dict(of(user).order_by().values_list("state").annotate(Count("pk")))
    return [(state.value, state.label, found.get(state.value, 0)) for state in State]


def of(user) -> QuerySet[Submission]:
    return Submission.objects.filter(work__in=readable_by(user))


def next_waiting(user, but: Submission) -> Submission | None:
    """Return the oldest work that waits and that nobody else has open. 1 query."""
    rows = of(user).filter(state=State.WAITING).exclude(pk=but.pk).select_related("work")
    busy = rows.filter(looked_at__gt=timezone.now() - LOOKING).exclude(looked_by=user)
    return rows.exclude(pk__in=busy.values("pk")).first()


def signed(work: Work) -> str:
    return ", ".join(str(credit.person) for credit in authors_only().filter(work=work) if credit.person_id)


def look(user, found: Submission) -> str:
    """Note that ``user`` looks at ``found`` now; return who else does, if anybody."""
    now = timezone.now()
    fresh = found.looked_at and found.looked_at > now - LOOKING
    if fresh and found.looked_by_id and found.looked_by_id != user.pk:
        return str(found.looked_by)
    Submission.objects.filter(pk=found.pk).update(looked_by=user, looked_at=now)
    return ""
