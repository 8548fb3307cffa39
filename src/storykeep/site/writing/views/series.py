"""Arranging a series."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.writing import entry
from storykeep.site.writing import series as shelf
from storykeep.site.writing.doors import for_writers

LONGEST = 255
STEPS = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def series(request, ref):
    """Show a series that is one's own to arrange; name it, say what it is about, put its works in order."""
    found = get_object_or_404(shelf.series_of(request.user), ref=ref)
    if request.method == "POST":
        change(request, found)
        return redirect("write-series", found.ref)
    context = {"series": found, "places": shelf.places_of(found), "summary": entry.source(found.summary, "light")}
    return render(request, "writing/series.html", context)


def change(request, found) -> None:
    direction, _, work = request.POST.get("move", "").partition(":")
    title = " ".join(request.POST.get("title", "").split())
    if direction in STEPS:
        shelf.move(found, work, STEPS[direction])
    elif not title or len(title) > LONGEST:
        messages.warning(request, f"A series is called something, in at most {LONGEST} characters. Nothing changed.")
    else:
        shelf.call(found, title, entry.body(request.POST.get("summary", ""), "light"), request.user)
        messages.success(request, "Saved.")
