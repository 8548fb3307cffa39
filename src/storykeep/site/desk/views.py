"""The desk's pages: fetch or 404, check, act, answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from storykeep.model.errors import Conflict, UsageError
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.desk import answers, compare, decisions, queries, side_by_side
from storykeep.site.desk.models import Decision
from storykeep.site.desk.places import Place
from storykeep.site.desk.queries import chapter_at
from storykeep.site.works.models import GONE, Finding, FindingState, Visibility, Work

PER_PAGE = 50
FOR_READERS = [choice for choice in Visibility.choices if choice[0] not in GONE]
STEPS, VARIANTS = 300, 60  # of a chapter that one page shows


@require_GET
@for_archivists
def desk(request):
    return render(
        request,
        "desk/desk.html",
        {
            "here": "desk",
            "totals": queries.totals(),
            "waits": queries.waits(),
            "queues": queries.queues(),
            "recent": queries.decided()[:8],
        },
    )


@require_GET
@for_archivists
def works(request):
    show, words = request.GET.get("show", "open"), request.GET.get("q", "").strip()[:200]
    page = Paginator(queries.works(show=show, words=words), PER_PAGE).get_page(request.GET.get("page"))
    context = {"here": "works", "page": page, "show": show, "words": words, "visibilities": FOR_READERS}
    return render(request, "desk/works.html", context)


@require_GET
@for_archivists
def work(request, ref):
    found = get_object_or_404(
        Work.objects.select_related("leads_to").prefetch_related("credits", "captures", "evidence"), ref=ref
    )
    context = {
        "work": found,
        "findings": queries.explained(found.findings.filter(current=True)),
        "chapters": found.chapters.select_related("current"),
        "edited": found.edited_fields.select_related("by"),
        "decisions": queries.decided_about(found)[:20],
        "visibilities": FOR_READERS,
        "next": queries.next_work(found),
    }
    return render(request, "desk/work.html", context)


@require_POST
@for_archivists
def approve_many(request):
    """Accept all that is open on the works that are ticked, or on all that the list shows."""
    if request.POST.get("all"):
        chosen = queries.works(show=request.POST.get("show", "open"), words=request.POST.get("q", "").strip()[:200])
    else:
        chosen = Work.objects.filter(ref__in=request.POST.getlist("work"))
    rows = Finding.objects.filter(queries.OPEN, work__in=chosen.values("pk"))
    changes = [(Place(finding, "state"), FindingState.ACCEPTED.value) for finding in rows]
    many = len({place.row.work_id for place, _ in changes})
    if changes:
        words = f"{many} work{'s' * (many > 1)} approved as they are"
        answers.say(request, decisions.decide(request.user, "approve", words, changes))
    else:
        messages.info(request, "Nothing was ticked, so nothing changed.")
    return answers.back(request, "desk-works")


@require_POST
@for_archivists
def show_to(request, ref):
    """Set who may see the work."""
    found = get_object_or_404(Work, ref=ref)
    visibility = request.POST.get("visibility", "")
    if visibility not in Visibility.values or Visibility.LED in (visibility, found.visibility):
        raise Http404
    if overtaken(request, found):
        return late(request, found)
    words = f"“{found}” is now for: {Visibility(visibility).label}"
    answers.say(
        request,
        decisions.decide(request.user, "visibility", words, [(Place(found, "visibility"), visibility)], work=found),
    )
    return answers.back(request, "desk-work", ref=ref)


@require_POST
@for_archivists
def approve(request, ref):
    """Accept all that is open on the work, and go on to the next."""
    found = get_object_or_404(Work, ref=ref)
    if overtaken(request, found):
        return late(request, found)
    rows = found.findings.filter(queries.OPEN)
    changes = [(Place(finding, "state"), FindingState.ACCEPTED.value) for finding in rows]
    following = queries.next_work(found)
    answers.say(request, decisions.decide(request.user, "approve", f"“{found}” approved as it is", changes, work=found))
    return redirect("desk-work", ref=following.ref) if following else redirect("desk-works")


@require_GET
@for_archivists
def chapter(request, ref, place):
    """The words as they were saved beside the words as they are."""
    found = chapter_at(ref, place)
    value = Place(found, "body").read()
    rows = side_by_side.rows(compare.saved(value), value.get("body", ""))
    only = request.GET.get("only") == "differences"
    steps, variants = compare.lines(value), compare.variants(value, queries.copy_names(value["apparatus"]))
    context = {
        "work": found.work,
        "chapter": found,
        "rows": [row for row in rows if row.differs] if only else rows,
        "only": only,
        "differs": sum(row.differs for row in rows),
        "steps": steps[:STEPS],
        "more_steps": steps[STEPS:],
        "variants": variants[:VARIANTS],
        "more_variants": len(variants[VARIANTS:]),
        "captures": found.work.captures.filter(sha256__in=found.captures),
    }
    return render(request, "desk/chapter.html", context)


@require_POST
@for_archivists
def switch_steps(request, ref, place):
    """Take back the steps that are not ticked."""
    found = chapter_at(ref, place)
    if overtaken(request, found.work):
        return late(request, found.work)
    value = Place(found, "body").read()
    on = {int(number) for number in request.POST.getlist("step") if number.isdigit()}
    off = frozenset(range(len(value.get("steps", [])))) - on
    words = f"{len(off)} repairs taken back in “{found.work}”, {found}"
    change = (Place(found, "body"), compare.without_steps(value, off))
    answers.say(request, decisions.decide(request.user, "steps", words, [change], work=found.work))
    return redirect("desk-chapter", ref=ref, place=place)


@require_POST
@for_archivists
def choose(request, ref, place):
    """Settle a place where two copies have different words."""
    found = chapter_at(ref, place)
    if overtaken(request, found.work):
        return late(request, found.work)
    value = Place(found, "body").read()
    number, taking = request.POST.get("variant", ""), request.POST.get("take") == "theirs"
    if not number.isdigit() or int(number) >= len(value["apparatus"]):
        raise Http404
    try:
        change = (Place(found, "body"), compare.choose(value, int(number), theirs=taking))
        words = f"“{found.work}”, {found}: {'the other copy’s words taken' if taking else 'our words kept'}"
        answers.say(request, decisions.decide(request.user, "choose", words, [change], work=found.work))
    except UsageError as error:
        messages.warning(request, str(error))
    return redirect("desk-chapter", ref=ref, place=place)


@require_GET
@for_archivists
def log(request):
    rows = queries.decided()
    return render(
        request, "desk/log.html", {"here": "log", "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))}
    )


@require_POST
@for_archivists
def take_back(request, ref):
    decision = get_object_or_404(Decision, ref=ref)
    try:
        decisions.undo(decision, request.user)
        messages.success(request, f"Undone: {decision.words}")
    except (Conflict, UsageError) as error:
        messages.warning(request, str(error))
    return answers.back(request, "desk-log")


def overtaken(request, work: Work) -> bool:
    """Say whether ``work`` was changed since the form was shown."""
    return request.POST.get("version", str(work.version)) != str(work.version)


def late(request, work: Work):
    """Show what was done to ``work`` meanwhile, and let the archivist choose."""
    theirs = decisions.last_about(decisions.names_of(work))
    home = reverse("desk-work", args=[work.ref])
    return answers.overtaken(request, theirs, f"“{work}”", {"version": work.version}, home)
