"""The page at which archivists bring what remains, and watch it come back."""

from __future__ import annotations

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from storykeep.model.errors import Conflict, InputError, UsageError
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.desk import arrivals, jobs
from storykeep.site.desk.models import Job, Rescue

PIECE = 1024 * 1024  # bytes read at a time
STAGES = {
    "scan": "Looking at what came in",
    "materials": "Reading databases and mailboxes",
    "learn": "Learning the pages’ shape",
    "read": "Reading pages",
    "assemble": "Putting works together",
    "keep": "Putting them into the archive",
    "compare": "Comparing with what is here",
}
VISIBILITIES = {"members": "Members, until their authors were asked", "hidden": "Nobody yet", "public": "Everybody"}


@for_archivists
def bring(request):
    """Show what lies in the inbox, and the rescues; take a file that comes without JavaScript."""
    if request.method == "POST" and request.FILES.get("file"):
        return _take_whole(request, request.FILES["file"])
    context = {
        "here": "bring",
        "waiting": arrivals.waiting(),
        "inbox": arrivals.inbox(),
        "rescues": Rescue.objects.all()[:100],
        "jobs": [{"job": job, **_state(job)} for job in Job.objects.select_related("started_by")[:30]],
        "visibilities": VISIBILITIES.items(),
    }
    return render(request, "desk/bring.html", context)


@for_archivists
def upload(request):
    """Take a piece of a file (POST), or say how much of it is here (GET)."""
    name, size = request.GET.get("name", "")[:255], request.GET.get("size", "")
    if not name or not size.isdigit():
        return JsonResponse({"said": "The name and the size of the file are missing."}, status=400)
    if request.method != "POST":
        return JsonResponse({"here": arrivals.length(arrivals.part_of(name, int(size)))})
    at = request.GET.get("at", "")
    try:
        here = arrivals.take_piece(name, int(size), int(at) if at.isdigit() else -1, _pieces(request))
        if here == int(size):
            return JsonResponse({"here": here, "name": arrivals.finish(name, int(size)).name})
        return JsonResponse({"here": here})
    except Conflict as error:
        return JsonResponse({"here": int(str(error))}, status=409)
    except (InputError, UsageError) as error:
        return JsonResponse({"said": str(error)}, status=413)


@require_POST
@for_archivists
def start(request):
    """Start a rescue of something in the inbox, or go on with one."""
    try:
        if request.POST.get("job"):
            job = get_object_or_404(Job, ref=request.POST["job"])
        else:
            path = arrivals.named(request.POST.get("what", ""))
            chosen = request.POST.get("visibility")
            job = Job.objects.create(
                path=str(path), name=request.POST.get("name", "").strip()[:200], started_by=request.user,
                visibility=chosen if chosen in VISIBILITIES else "members",
            )  # fmt: skip
        jobs.start(job)
    except UsageError as error:
        messages.warning(request, str(error))
    return redirect("desk-bring")


@require_GET
@for_archivists
def progress(request, ref):
    job = get_object_or_404(Job, ref=ref)
    return JsonResponse(_state(job))


def _state(job: Job) -> dict:
    running = jobs.alive(job)
    return {
        "ref": job.ref,
        "running": running,
        "stopped": job.state == "running" and not running,
        "state": job.get_state_display() if job.state != "running" or running else "Stopped",
        "stage": STAGES.get(job.stage, ""),
        "done": job.done,
        "total": job.total,
        "said": job.said,
        "rescue": job.rescue,
    }


def _take_whole(request, file):
    try:
        arrivals.part_of(file.name, file.size).unlink(missing_ok=True)
        arrivals.take_piece(file.name, file.size, 0, file.chunks())
        path = arrivals.finish(file.name, file.size)
        messages.success(request, f"{path.name} is here. Start its rescue below.")
    except (InputError, UsageError) as error:
        messages.warning(request, str(error))
    return redirect("desk-bring")


def _pieces(request):
    while piece := request.read(PIECE):
        yield piece
