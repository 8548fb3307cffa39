"""What was rescued: the report, the works as readers will see them, and the step that opens them."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from storykeep.model.errors import UsageError
from storykeep.rescue import report, teaching
from storykeep.rescue.meanings import meaning
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.desk import answers, opening, queries
from storykeep.site.desk.models import Rescue
from storykeep.site.works.queries import listing, readable_by

PER_PAGE = 30
TYPES = {"html": "text/html; charset=utf-8", "json": "application/json", "csv": "text/csv; charset=utf-8"}
SEALED = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": True}
"""The report is a page of its own with its style inside; nothing in it can act."""


@require_GET
@for_archivists
def rescue(request, name):
    """Show what came of a rescue, and what waits."""
    row = get_object_or_404(Rescue, name=name)
    context = {
        "here": "bring",
        "rescue": row,
        "figures": row.figures,
        "findings": [item | {"meaning": meaning(item["code"])} for item in row.figures.get("findings", [])],
        "seen": opening.seen(row),
        "waiting": queries.waiting_in(row),
        "steps": [opening.step(row, to) for to in opening.STEPS],
    }
    return render(request, "desk/rescue.html", context)


@require_GET
@for_archivists
def preview(request, name):
    """List the works of a rescue as readers will find them; each leads to its page."""
    row = get_object_or_404(Rescue, name=name)
    rows = listing(readable_by(request.user).filter(brought_by__rescue=row)).order_by("sort_title", "id")
    context = {"here": "bring", "rescue": row, "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "desk/preview.html", context)


@for_archivists
def open_to(request, name):
    """Show in numbers what opening would do, and do it when it is confirmed."""
    row = get_object_or_404(Rescue, name=name)
    to = request.POST.get("to") or request.GET.get("to", "")
    if to not in opening.STEPS:
        raise Http404
    step = opening.step(row, to)
    if request.method != "POST":
        return render(request, "desk/open_to.html", {"here": "bring", "rescue": row, "step": step})
    if request.POST.get("count") != str(step.count):
        messages.warning(request, "The numbers have changed meanwhile. Look at them once more.")
        return redirect(f"{request.path}?to={to}")
    answers.say(request, opening.open_to(request.user, row, step))
    return redirect("desk-rescue", name)


@require_GET
@for_archivists
@csp_replace(SEALED)
def show_report(request, name, kind):
    """Hand out the report of a rescue as a page, a table or data."""
    row = get_object_or_404(Rescue, name=name)
    if kind not in TYPES:
        raise Http404
    path = settings.HOUSE.data / "rescues" / f"{row.name}.{kind}"
    try:
        with teaching.opened_rescue(settings.HOUSE.data, row.name) as place:
            report.write(place, path)
    except UsageError as error:
        if not path.exists():  # no earlier one either: say why
            return HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=409)
    return FileResponse(
        path.open("rb"), content_type=TYPES[kind], as_attachment=kind != "html", filename=f"report-{row.name}.{kind}"
    )
