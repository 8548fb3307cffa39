"""An author answers: saved by hand and by itself, looked at as readers will see it, published, taken back."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from storykeep.site.interviews import answering, queries
from storykeep.site.interviews.forms import AnswersForm
from storykeep.site.interviews.models import Interview
from storykeep.site.interviews.queries import Sitting
from storykeep.site.reading.pages import interviews as as_pages
from storykeep.site.writing.doors import for_writers, wants_json

DONE = {
    "save": "Saved. Nobody else sees it before you publish it.",
    "preview": "",
    "publish": "Published: it stands on your page now.",
    "withdraw": "Withdrawn. Your answers are kept here as a draft.",
}
FIELD = "answer-"


@require_GET
@for_writers
def own(request):
    """List what is asked, and under each questionnaire the pen names."""
    context = {"asked": queries.sittings(request.user), "names": queries.names_of(request.user)}
    return render(request, "interviews/own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def one(request, slug, ref):
    """Let an author answer under one pen name; save, look at it, publish, withdraw."""
    sitting = sitting_of(request.user, slug, ref)
    typed = answering.typed_in(sitting.interview)
    form = AnswersForm(request.POST or None, queries.asked_in(sitting.questionnaire, typed))
    if request.method == "POST" and form.is_valid():
        return saved(request, sitting, form)
    if request.method == "POST" and wants_json(request):
        return JsonResponse({"told": "One of the answers is too long. It is kept on this device."}, status=422)
    return render(request, "interviews/one.html", page(sitting, form), status=422 if form.errors else 200)


def sitting_of(user, slug: str, ref: str) -> Sitting:
    """Return whose answers to what are meant, or answer 404."""
    person = get_object_or_404(queries.names_of(user), slug=slug)
    asked = get_object_or_404(queries.asked_ever(), ref=ref)
    found = Interview.objects.filter(person=person, questionnaire=asked, account=user).select_related("hidden").first()
    if found is None and not queries.may_begin(person, asked):
        raise Http404
    return Sitting(person, asked, found)


def page(sitting: Sitting, form: AnswersForm, was: dict | None = None, collides=()) -> dict[str, object]:
    was = answering.typed_in(sitting.interview) if was is None else was
    shown = {f"{FIELD}{number}": text for number, text in was.items()}
    return {
        "sitting": sitting,
        "interview": sitting.interview,
        "hidden": getattr(sitting.interview, "hidden", None),
        "form": form,
        "was": json.dumps(shown, ensure_ascii=False),
        "collides": collides,
    }


def saved(request, sitting: Sitting, form: AnswersForm):
    deed = request.POST.get("do", "save")
    if deed not in DONE:
        raise Http404
    was = was_shown(request)
    found, collides = answering.save(request.user, sitting.person, sitting.questionnaire, form.typed(), was)
    if wants_json(request):
        return as_json(request, found, collides)
    if collides:
        sitting = Sitting(sitting.person, sitting.questionnaire, found)
        return render(request, "interviews/one.html", page(sitting, form, collides=theirs(form, collides)), status=409)
    do(request, deed, found)
    where = "write-interview-preview" if deed == "preview" else "write-interview"
    return redirect(where, sitting.person.slug, sitting.questionnaire.ref)


def was_shown(request) -> dict[str, str]:
    """Return what the form had shown, by the number of the question; a form that does not say is taken at its word."""
    try:
        told = json.loads(request.POST.get("was", "{}"))
    except ValueError:
        return {}
    told = told if isinstance(told, dict) else {}
    return {str(name).removeprefix(FIELD): text for name, text in told.items() if isinstance(text, str)}


def theirs(form: AnswersForm, collides) -> list[tuple[str, str]]:
    return [(form.fields[f"{FIELD}{number}"].label, answering.as_html(text)) for number, text in collides.items()]


def as_json(request, found: Interview, collides) -> JsonResponse:
    """Tell the page's script what is saved now."""
    was = {f"{FIELD}{number}": text for number, text in answering.typed_in(found).items()}
    return JsonResponse(
        {
            "url": request.path,
            "was": was,
            "conflicts": {f"{FIELD}{number}": text for number, text in collides.items()},
            "told": [],
            "published": found.published_at is not None,
        }
    )


def do(request, deed: str, found: Interview) -> None:
    if deed == "publish":
        answering.publish(found)
    elif deed == "withdraw":
        answering.withdraw(found)
    nothing = deed == "publish" and not found.published
    if nothing:
        messages.warning(request, "Saved. Answer a question first, then publish.")
    elif deed == "publish" and getattr(found, "hidden", None):
        messages.success(request, "Kept. Readers see it once an archivist shows it again.")
    elif DONE[deed]:
        messages.success(request, DONE[deed])


@require_http_methods(["GET", "HEAD"])
@for_writers
def preview(request, slug, ref):
    """Show the answers as they are saved, as they will stand on the page."""
    sitting = sitting_of(request.user, slug, ref)
    pairs = answering.pairs_of(sitting.interview) if sitting.interview else []
    return render(request, "interviews/preview.html", {"sitting": sitting, "interview": as_pages(pairs)})
