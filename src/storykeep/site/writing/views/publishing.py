"""Publishing a work: now, at a date, or no longer. And the trash."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from storykeep.site.submissions import deciding, gate
from storykeep.site.submissions.models import Rules
from storykeep.site.works.models import Visibility
from storykeep.site.writing import drafts, publishing, queries
from storykeep.site.writing.doors import for_writers, own_work
from storykeep.site.writing.names import desk_of

ZONES = [*sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and zone[:4] != "Etc/"), "UTC"]


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def publish(request, ref):
    """Say what is missing and where; publish when nothing is."""
    found = own_work(request, ref)
    told = publishing.missing(found)
    why = gate.closed(found)
    if request.method == "POST" and why == gate.CURATED and not told and found.visibility == Visibility.DRAFT:
        deciding.send_in(request.user, found, request.POST.get("words", "")[:5000])
        messages.success(request, f"“{found}” is sent in. You see here what the archivist says.")
        return redirect("write-submission", found.ref)
    if request.method == "POST" and found.visibility == Visibility.DRAFT:
        told = publishing.publish(found)
        if not told:
            found.refresh_from_db()
            messages.success(request, f"“{found}” is published.")
            return redirect(found)
    gates = {"why": why, "curated": why == gate.CURATED, "rules": Rules.current()}
    context = {"work": found, "missing": told, "rows": queries.chapters_of(found), **gates, **clock_of(request.user)}
    return render(request, "writing/publish.html", context, status=422 if told and request.method == "POST" else 200)


@require_POST
@for_writers
def schedule(request, ref):
    """Publish at a date, to the minute, in the writer's own time; without a date, not at all."""
    found = own_work(request, ref)
    if found.visibility != Visibility.DRAFT:
        raise Http404
    when = moment(request)
    if when is None and request.POST.get("day"):
        messages.warning(request, "That is no date and time. Nothing changed.")
    elif when and when <= timezone.now():
        messages.warning(request, "That time has passed already. Choose a later one, or publish now.")
    else:
        found.publish_at = when
        found.save(update_fields=["publish_at"])
        said = f"It will be published on {said_at(when, request.user)}." if when else "It stays a draft."
        messages.success(request, said)
    return redirect("write-publish", found.ref)


def moment(request) -> dt.datetime | None:
    """Return the time that was chosen, and remember the writer's time zone; None when there is none."""
    typed = request.POST.get("zone", "")
    try:
        naive = dt.datetime.fromisoformat(f"{request.POST.get('day', '')}T{request.POST.get('time', '') or '00:00'}")
        desk = desk_of(request.user)
        desk.time_zone = typed if typed in zoneinfo.available_timezones() else desk.time_zone or "UTC"
        local = naive.replace(tzinfo=zoneinfo.ZoneInfo(desk.time_zone), second=0, microsecond=0, fold=0)
        when = local.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    desk.save()
    if remark := clock_change(local):
        messages.info(request, remark)
    return when


def clock_change(local: dt.datetime) -> str:
    """Say what is odd about a time on the night when clocks are changed; nothing about all others.

    >>> clock_change(dt.datetime(2027, 3, 28, 2, 30, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")))
    'The clocks go forward then, and 02:30 is left out that night: it is taken for 03:30.'
    """
    if local.utcoffset() == local.replace(fold=1).utcoffset():
        return ""
    there = local.astimezone(dt.UTC).astimezone(local.tzinfo)
    if there.replace(tzinfo=None) == local.replace(tzinfo=None):
        return f"The clocks go back then, and {local:%H:%M} comes twice that night: the first time is meant."
    return f"The clocks go forward then, and {local:%H:%M} is left out that night: it is taken for {there:%H:%M}."


def said_at(when: dt.datetime, user) -> str:
    zone = zone_of(user)
    local = when.astimezone(zone)
    return f"{local:%-d %B %Y at %H:%M} ({zone.key.replace('_', ' ')})"


def zone_of(user) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(desk_of(user).time_zone or "UTC")


def clock_of(user) -> dict[str, object]:
    """Return what the form for a date needs."""
    return {"zones": ZONES, "zone": desk_of(user).time_zone or "UTC"}


@require_POST
@for_writers
def withdraw(request, ref):
    found = own_work(request, ref)
    if found.visibility not in publishing.PUBLISHED:
        raise Http404
    publishing.withdraw(found)
    messages.success(request, f"“{found}” is a draft again. Nobody but its authors sees it.")
    return redirect("write-work", found.ref)


@require_POST
@for_writers
def trash(request, ref):
    """Put a work into the trash. One that was rescued has other choices, which its author page offers."""
    found = own_work(request, ref)
    if found.rescued:
        return redirect("my-work", found.ref)
    drafts.trash(found)
    messages.success(request, f"“{found}” is in the trash for {drafts.DAYS_IN_TRASH} days. You can bring it back.")
    return redirect("writing")


@require_POST
@for_writers
def bring_back(request, ref):
    found = get_object_or_404(queries.trashed_by(request.user), ref=ref)
    drafts.bring_back(found)
    messages.success(request, f"“{found}” is back, as it was.")
    return redirect("writing")
