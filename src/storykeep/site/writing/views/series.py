"""Arranging a series."""

from __future__ import annotations

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.writing import entry
from storykeep.site.writing import series as shelf
from storykeep.site.writing.doors import for_writers, wants_json

LONGEST = 255
STEPS = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def series(request, ref):
    """Show a series that is one's own to arrange; name it, say what it is about, put its works in order."""
    found = get_object_or_404(shelf.series_of(request.user), ref=ref)
    if request.method == "POST" and ("move" in request.POST or "work" in request.POST):
        return arranged(request, found)
    if request.method == "POST" and named(request, found):
        return redirect("write-series", found.ref)
    typed = request.POST or {"title": found.title, "summary": entry.source(found.summary, "light")}
    context = {"series": found, "places": shelf.places_of(found)}
    context |= {"title": typed.get("title", ""), "summary": typed.get("summary", "")}
    return render(request, "writing/series.html", context, status=422 if request.method == "POST" else 200)


def arranged(request, found):
    """Move one work, or take the order of all."""
    direction, _, work = request.POST.get("move", "").partition(":")
    if direction in STEPS:
        shelf.move(found, work, STEPS[direction])
    else:
        shelf.arrange(found, request.POST.getlist("work"))
    if wants_json(request):
        return JsonResponse({"notes": {row.work.ref: f"part {row.position}" for row in shelf.places_of(found)}})
    return redirect("write-series", found.ref)


def named(request, found) -> bool:
    """Say whether the series is called now as was typed; what can't be its name is said, and stays on the page."""
    title = " ".join(request.POST.get("title", "").split())
    if not title or len(title) > LONGEST:
        messages.warning(request, f"A series is called something, in at most {LONGEST} characters. Nothing changed.")
        return False
    shelf.call(found, title, entry.body(request.POST.get("summary", ""), "light"), request.user)
    messages.success(request, "Saved.")
    return True
