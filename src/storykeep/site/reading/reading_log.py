"""What a member has opened, told in lists: "Read · kudos given", "2 new chapters". Off by one switch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils import timezone

from storykeep.site.reading.models import NoLog, Opened
from storykeep.site.talk.models import Kudo
from storykeep.site.works.models import Work

AGAIN = dt.timedelta(hours=1)  # the same page within it is not noted twice


def keeps(user) -> bool:
    """Say whether ``user`` has a reading log: every member who has not switched it off. 1 query."""
    return bool(user is not None and user.is_authenticated and not NoLog.objects.filter(account=user).exists())


def note(request, work: Work, place: int) -> None:
    """Note that a member has opened ``work`` to chapter ``place``. What a browser fetches ahead does not count."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose") == "prefetch"
    if ahead or request.method != "GET" or not keeps(request.user):
        return
    chapters = max(1, work.chapter_count)
    row = Opened.objects.filter(account=request.user, work=work).first()
    if row and row.furthest >= place and row.known == chapters and timezone.now() - row.at < AGAIN:
        return
    furthest = max(place, row.furthest if row else 0)
    with transaction.atomic():
        Opened.objects.update_or_create(
            account=request.user, work=work, defaults={"furthest": min(furthest, chapters), "known": chapters}
        )


def states(user, works: Iterable[Work]) -> dict[int, str]:
    """Return what a list says of those of ``works`` that ``user`` has opened or given kudos. At most 3 queries."""
    by_id = {work.pk: work for work in works}
    if not by_id or not keeps(user):
        return {}
    rows = Opened.objects.filter(account=user, work__in=by_id)
    opened = {row.work_id: said(row, by_id[row.work_id].chapter_count) for row in rows}
    liked = set(Kudo.objects.filter(account=user, work__in=by_id).values_list("work", flat=True))
    return {work: " · ".join(words(opened.get(work, ""), liked=work in liked)) for work in {*opened, *liked}}


def words(opened: str, *, liked: bool) -> Iterator[str]:
    if opened:
        yield opened
    if liked:
        yield "kudos given" if opened else "Kudos given"


def said(row: Opened, chapters: int) -> str:
    """Return what is known of a work that was opened. Only its last chapter tells that it was read."""
    new = chapters - row.known
    if new > 0 and row.furthest >= row.known:
        return "1 new chapter" if new == 1 else f"{new} new chapters"
    if row.furthest >= chapters:
        return "Read"
    return f"Opened to chapter {row.furthest}"
