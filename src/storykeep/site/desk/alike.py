"""The queues of people and of works that may be one: look at both, say it with one key, go on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from storykeep.model.errors import Conflict, UsageError
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.desk import answers, compare, decisions, looking, together
from storykeep.site.desk.models import AlikeState, PeopleAlike, WorksAlike
from storykeep.site.works.models import Credit, Person, Work
from storykeep.text.blocks import blocks

PER_PAGE = 10
SHOWN = 60  # places of two texts on one page
CONTEXT = 120  # letters of the line before one that was lost
TITLES = 5  # works of a person that are named


@dataclass(slots=True)
class Seen:
    """What an archivist sees of a person beside another one."""

    person: Person
    titles: list[str] = field(default_factory=list)
    archives: dict[str, None] = field(default_factory=dict)
    works: int = 0

    @property
    def more(self) -> int:
        return self.works - len(self.titles)


@require_GET
@for_archivists
def people(request):
    state = asked_state(request)
    rows = PeopleAlike.objects.filter(state=state)
    if state == AlikeState.OPEN:
        rows = looking.waiting(PeopleAlike)
    page = Paginator(rows.select_related("one", "other"), PER_PAGE).get_page(request.GET.get("page"))
    known = seen([person for row in page for person in (row.one, row.other)])
    circles = together.circles() if state == AlikeState.OPEN else {}
    pairs = [
        {"row": row, "sides": ordered(known[row.one_id], known[row.other_id]), "all": len(circles.get(row.pk, ()))}
        for row in page
    ]
    context = {"here": "people", "page": page, "pairs": pairs, "state": state, "states": AlikeState.choices,
               "at": request.GET.get("at", "")}  # fmt: skip
    return render(request, "desk/people.html", context)


@require_POST
@for_archivists
def say_of_people(request, pk):
    """Decide about two people, and go on to the next."""
    row = get_object_or_404(PeopleAlike.objects.select_related("one", "other"), pk=pk)
    if row.state != request.POST.get("was", row.state):
        theirs = decisions.last_about([f"peoplealike:{row.pk}.state"])
        return answers.overtaken(request, theirs, f"“{row}”", {"was": row.state}, reverse("desk-people"))
    try:
        answers.say(request, together.people(request.user, row, request.POST.get("said", "")))
    except (Conflict, UsageError) as error:
        messages.warning(request, str(error))
    return redirect(onward(PeopleAlike, row, "desk-people"))


@require_GET
@for_archivists
def copies(request):
    """List the works that may be one, whichever archives and rescues they came from."""
    state = asked_state(request)
    rows = WorksAlike.objects.filter(state=state)
    if state == AlikeState.OPEN:
        rows = looking.waiting(WorksAlike)
    rows = rows.select_related("one", "other").prefetch_related("one__credits", "other__credits")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"here": "copies", "page": page, "state": state, "states": AlikeState.choices,
               "at": request.GET.get("at", "")}  # fmt: skip
    return render(request, "desk/copies.html", context)


@require_GET
@for_archivists
def both(request, pk):
    """Show two works side by side: what one could give back to the other, and where they differ."""
    row = get_object_or_404(WorksAlike.objects.select_related("one", "other"), pk=pk)
    stays = row.one if request.GET.get("keep", str(better(row).pk)) == str(row.one_id) else row.other
    gone = row.other if stays == row.one else row.one
    plan = together.plan(stays, gone)
    places = list(places_of(plan))
    context = {
        "here": "copies",
        "row": row,
        "stays": stays,
        "gone": gone,
        "sides": [stays, gone],
        "counts": plan.counts,
        "missing": plan.after.missing,
        "gains": bool(places or plan.after.missing),
        "places": places[:SHOWN],
        "more": max(len(places) - SHOWN, 0),
    }
    return render(request, "desk/both.html", context)


def better(row) -> Work:
    """Return the work that would better stay: what one lost of its text the other gives back, labels it can't.

    So the one of which more is known stays; of two that know as much, the one with more words, or that came first.
    """
    return max((row.one, row.other), key=lambda work: (known(work), work.words, -work.pk))


def known(work: Work) -> int:
    """Return how much a work says of itself: tags, summary, dates, a place in a series."""
    return sum(
        map(bool, (work.tags.exists(), work.summary, work.published or work.updated, work.series_places.exists()))
    )


def places_of(plan: together.Plan):
    """Yield the places at which the other work says something, the words that differ marked."""
    for number, (row, said) in enumerate(plan.news):
        text = blocks(plan.news_chapters[number].body)
        for variant in said:
            kind = variant.code.partition(".")[2]
            worded = kind in ("differs", "characters", "ending")
            pieces = compare.pieces(variant.base, variant.reading) if worded else []
            before = text[variant.block - 1].text if kind == "restored" and 0 < variant.block <= len(text) else ""
            yield {"chapter": row, "kind": kind, "variant": variant, "pieces": pieces, "before": before[-CONTEXT:]}


@require_POST
@for_archivists
def say_of_works(request, pk):
    """Decide about two works, and go on to the next."""
    row = get_object_or_404(WorksAlike.objects.select_related("one", "other"), pk=pk)
    fresh = {"was": row.state, "versions": f"{row.one.version} {row.other.version}"}
    if any(request.POST.get(name, now) != now for name, now in fresh.items()):
        names = [f"worksalike:{row.pk}.state", *decisions.names_of(row.one), *decisions.names_of(row.other)]
        return answers.overtaken(request, decisions.last_about(names), f"“{row.one}”", fresh, reverse("desk-copies"))
    try:
        answers.say(request, together.works(request.user, row, request.POST.get("said", "")))
    except (Conflict, UsageError) as error:
        messages.warning(request, str(error))
    return redirect(onward(WorksAlike, row, "desk-copies"))


@require_POST
@for_archivists
def look(request):
    """Compare everything anew."""
    if looking.look():
        messages.success(request, "Everything was compared anew.")
    else:
        messages.info(request, "Everything is being compared already. Look again in a while.")
    return answers.back(request, "desk-people")


def onward(model, row, view: str) -> str:
    """Return the address of the queue, with the pair that comes next in the focus."""
    rest = looking.waiting(model).exclude(pk=row.pk)
    later = rest.filter(confidence__lt=row.confidence) | rest.filter(confidence=row.confidence, pk__gt=row.pk)
    following = later.first() or rest.first()
    return reverse(view) + (f"?at={following.pk}#p{following.pk}" if following else "")


def asked_state(request) -> str:
    state = request.GET.get("state", "")
    return state if state in AlikeState.values else AlikeState.OPEN.value


def seen(people: list[Person]) -> dict[int, Seen]:
    """Return what there is to see of ``people``. 2 queries."""
    found = {person.pk: Seen(person) for person in people}
    rows = Credit.objects.filter(person__in=list(found)).values_list("person", "work", "work__title", "work__archive")
    works: dict[int, dict[int, str]] = defaultdict(dict)
    for person, work, title, archive in rows.order_by("work__sort_title"):
        works[person][work] = title or "Untitled"
        if archive:
            found[person].archives[archive] = None
    for person, titles in works.items():
        found[person].works, found[person].titles = len(titles), list(titles.values())[:TITLES]
    return found


def ordered(one: Seen, other: Seen) -> list[Seen]:
    """Return both, who stays first: who has an account, else who has more works here."""
    return sorted((one, other), key=lambda each: (not each.person.account_id, -each.works, each.person.pk))
