"""Rescued works that wait for their authors are opened on the date that an archivist has set, and never without one."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Visibility, Work


def open_due() -> int:
    """Open the works whose date has come; return how many."""
    due = Work.objects.filter(visibility=Visibility.MEMBERS, opens_on__lte=timezone.now().date())
    ids = list(due.values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            work = due.select_for_update().filter(pk=pk).first()
            if work:
                work.visibility, work.opens_on = Visibility.PUBLIC, None
                finish(work)
    return len(ids)
