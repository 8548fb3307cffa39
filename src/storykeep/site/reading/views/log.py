"""A member's reading log: what they opened, when, how far; one switch turns it off and one button empties it."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from storykeep.site.reading import cards
from storykeep.site.reading.models import NoLog, Opened
from storykeep.site.reading.pages import Entry, Head, Paging
from storykeep.site.reading.reading_log import keeps, said
from storykeep.site.reading.views.lists import paging
from storykeep.site.works.queries import listing, readable_by
from storykeep.text.cells import defused

PER_PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    head: Head
    on: bool
    entries: tuple[Entry, ...]
    total: int
    paging: Paging | None


@never_cache
@login_required
def log(request):
    if request.method == "POST":
        return change(request)
    rows = Paginator(opened(request.user), PER_PAGE).get_page(request.GET.get("page"))
    works = {work.pk: work for work in listing(readable_by(request.user).filter(pk__in=[row.work_id for row in rows]))}
    page = LogPage(
        head=Head(title="Reading log", hidden=True),
        on=keeps(request.user),
        entries=tuple(
            cards.entry(works[row.work_id], log=f"{said(row, works[row.work_id].chapter_count)} · {row.at:%-d %B %Y}")
            for row in rows
            if row.work_id in works
        ),
        total=rows.paginator.count,
        paging=paging(request, rows),
    )
    return render(request, "reading/log.html", {"page": page})


def opened(user):
    """Return what ``user`` has opened of the works that they may still see, the latest first."""
    return Opened.objects.filter(account=user, work__in=readable_by(user).values("pk")).order_by("-at", "-pk")


def change(request):
    if "empty" in request.POST:
        Opened.objects.filter(account=request.user).delete()
        messages.success(request, "Your reading log is empty.")
    elif "off" in request.POST:
        NoLog.objects.get_or_create(account=request.user)
        messages.success(request, "Nothing more is noted. What was noted stays until you empty the log.")
    elif "on" in request.POST:
        NoLog.objects.filter(account=request.user).delete()
        messages.success(request, "From now on your log notes what you open.")
    return redirect("reading-log")


@never_cache
@login_required
@require_safe
def as_csv(request):
    """Give the whole log as a table."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="reading-log.csv"'
    table = csv.writer(answer)
    table.writerow(["title", "address", "opened to chapter", "chapters then", "last opened"])
    for row in opened(request.user).select_related("work"):
        place = request.build_absolute_uri(reverse("work", args=[row.work.ref, row.work.slug]))
        table.writerow([defused(row.work), place, row.furthest, row.known, row.at.isoformat(timespec="seconds")])
    return answer
