"""Findings: as a list, and one by one with the text around them; settled one, all like it, or all."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from storykeep.rescue.meanings import meaning
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.desk import answers, compare, decisions, ledger, looking, queries, side_by_side
from storykeep.site.desk.models import WorksAlike
from storykeep.site.desk.places import Place, read_text
from storykeep.site.works.models import Finding, FindingState

PER_PAGE = 50
SHORT, TELLING = 8, 40  # letters: what is seen in fewer stands anywhere, and so many are enough
CHAPTER, BLOCK = re.compile(r"chapter (\d+)"), re.compile(r"block (\d+)")


@require_GET
@for_archivists
def queue(request):
    state = asked_state(request)
    code = request.GET.get("code", "")
    rows = queries.findings(code=code, state=state, severity=request.GET.get("severity", ""))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = queries.explained(page.object_list)
    context = {
        "here": "findings",
        "page": page,
        "code": code,
        "meaning": meaning(code),
        "state": state,
        "states": FindingState.choices,
        "queues": queries.queues(),
    }
    return render(request, "desk/queue.html", context)


@require_GET
@for_archivists
def one(request):
    """Show one open finding with the text around it; deciding goes on to the next."""
    code = request.GET.get("code", "")
    rows = queries.findings(code=code)
    at = request.GET.get("at", "")
    finding = Finding.objects.select_related("work").filter(pk=at).first() if at.isdigit() else None
    if finding is None or finding.state != FindingState.OPEN:  # settled meanwhile: what comes after it
        finding = (queries.beside(rows, finding)[1] if finding else None) or rows.first()
    context = {
        "here": "findings",
        "code": code,
        "meaning": meaning(code or (finding.code if finding else "")),
        "finding": finding,
    }
    if finding:
        last, following = queries.beside(rows, finding)
        context |= {
            "last": last and address(code, last),
            "following": address(code, following)
            if following
            else reverse("desk-findings") + "?" + urlencode({"code": code}),
            "left": rows.count(),
            "like": queries.like(finding).count(),
            "means": meaning(finding.code),
            "unfound": finding.code == ledger.UNFOUND,
            "heir": ledger.heir(finding.work) if finding.code == ledger.UNFOUND else None,
            "pair": pair_of(finding),
            **context_of(finding),
        }
    return render(request, "desk/one.html", context)


@require_POST
@for_archivists
def settle(request):
    """Accept or reject the findings that are ticked, all that are like one of them, or all of a kind."""
    state = request.POST.get("state", request.GET.get("state", ""))
    if state not in FindingState.values:
        raise Http404
    chosen = list(asked(request).select_related("work"))
    seen = dict(pair.split(":", 1) for pair in request.POST.getlist("was") if ":" in pair)
    overtaken = [row for row in chosen if seen.get(str(row.pk), row.state) not in (row.state, state)]
    changes = [(Place(row, "state"), state) for row in chosen if row not in overtaken]
    if overtaken:
        many = f"{len(overtaken)} finding{'s' * (len(overtaken) > 1)}"
        theirs = decisions.last_about(f"finding:{row.pk}.state" for row in overtaken)
        if not changes:
            fresh = {"was": f"{overtaken[0].pk}:{overtaken[0].state}"} if len(overtaken) == 1 else {}
            return answers.overtaken(request, theirs, many, fresh, request.POST.get("next") or reverse("desk-findings"))
        messages.warning(request, f"Somebody else settled {many} meanwhile. They were left as they are.")
    if not chosen:
        messages.info(request, "Nothing was ticked, so nothing changed.")
    elif changes:
        answers.say(request, decisions.decide(request.user, "settle", words(changes, state), changes))
    return answers.back(request, "desk-findings")


def asked(request):
    """Return the findings that the form is about."""
    if request.POST.get("like", "").isdigit():
        return queries.like(get_object_or_404(Finding, pk=request.POST["like"]))
    if request.POST.get("all"):
        return queries.findings(code=request.POST["all"])
    return Finding.objects.filter(pk__in=[pk for pk in request.POST.getlist("finding") if pk.isdigit()])


def words(changes, state: str) -> str:
    first, label = changes[0][0].row, FindingState(state).label.lower()
    if len(changes) == 1:
        return f"{meaning(first.code)}: {label}" + (f" in “{first.work}”" if first.work else "")
    codes = list(dict.fromkeys(place.row.code for place, _ in changes))
    return f"{len(changes)} findings {label}: {', '.join(meaning(code) for code in codes[:3])}"


def address(code: str, finding: Finding) -> str:
    return reverse("desk-one") + "?" + urlencode({"code": code, "at": finding.pk})


def context_of(finding: Finding) -> dict:
    """Return what helps to decide: the text around the place, saved and as it is, or why a field says what it says."""
    work = finding.work
    if work is None:
        return {}
    told = CHAPTER.search(finding.where)
    block = BLOCK.search(finding.where)
    chapter = work.chapters.select_related("current").filter(place=int(told[1]) if told else 1).first()
    field = finding.where.partition(" ")[0] or finding.code.partition(".")[0]
    found = {
        "chapter": chapter,
        "credits": work.credits.filter(chapter=None),
        "evidence": work.evidence.filter(field=field)[:5],
        "captures": work.captures.all()[:5],
    }
    if chapter:
        value = read_text(chapter)
        rows = side_by_side.rows(compare.saved(value), value["body"])
        number = int(block[1]) - 1 if block else place_of(finding, value, rows)
        found["rows"] = side_by_side.around(rows, number)
    return found


def pair_of(finding: Finding) -> WorksAlike | None:
    """Return the two works that a suspicion is about, when they wait to be looked at side by side."""
    if finding.code != looking.SUSPECTED or finding.work is None:
        return None
    keys = finding.evidence.split(" · ")
    either = Q(one=finding.work, other__key__in=keys) | Q(other=finding.work, one__key__in=keys)
    return looking.waiting(WorksAlike).filter(either).first()


def place_of(finding: Finding, value: dict, rows) -> int:
    """Return the number of the block that a finding without one is about, as well as can be told.

    A missing line is the gap of the same number; else the words that were seen tell, or the first repair.
    """
    if finding.code.startswith("gap.") and value["gaps"]:
        gaps = finding.work.findings.filter(current=True, code__startswith="gap.", place__lt=finding.place).count()
        return value["gaps"][min(gaps, len(value["gaps"]) - 1)].get("after", 0)
    seen = finding.evidence[:TELLING].strip()
    said = next(
        (row.number for row in rows if len(seen) > SHORT and seen in "".join(text for _, text in row.right)), None
    )
    return said if said is not None else next((row.number for row in rows if row.differs), 0)


def asked_state(request) -> str:
    state = request.GET.get("state", "open")
    return state if state in FindingState.values else FindingState.OPEN.value
