"""An archivist asks: questionnaires, their questions and the order of them; and hides an interview, with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.accounts.guards import for_archivists
from storykeep.site.base.told import watched
from storykeep.site.interviews import answering, queries
from storykeep.site.interviews.forms import NEW, HideForm, QuestionnaireForm, Questions
from storykeep.site.interviews.models import Hidden, Interview, Question, Questionnaire
from storykeep.site.works.models import Person

READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])
A_PAGE = 50


@READ_AND_WRITE
@for_archivists
def questionnaires(request):
    """List what was asked over time, and who answered; begin a new questionnaire."""
    form = QuestionnaireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with watched(request.user, f"A questionnaire is begun: “{form.cleaned_data['name']}”", Questionnaire.objects):
            made = form.save()
        return redirect("desk-questionnaire", made.ref)
    people = Paginator(queries.looked_after(), A_PAGE).get_page(request.GET.get("page"))
    context = {"here": "interviews", "rows": queries.questionnaires(), "form": form, "people": people}
    return render(request, "interviews/questionnaires.html", context, status=422 if form.errors else 200)


@READ_AND_WRITE
@for_archivists
def questions(request, ref):
    """Change a questionnaire: its name, words, help, order; close it; retire a question."""
    asked = get_object_or_404(Questionnaire, ref=ref)
    rows = Question.objects.filter(questionnaire=asked)
    last = max((row.place for row in rows), default=0)
    new = [{"place": last + number} for number in range(1, NEW + 1)]
    about = QuestionnaireForm(request.POST or None, instance=asked)
    forms = Questions(request.POST or None, queryset=rows, initial=new)
    if request.method == "POST" and about.is_valid() and forms.is_valid():
        with watched(
            request.user, f"The questions of “{asked}” are changed", rows, Questionnaire.objects.filter(ref=ref)
        ):
            about.save()
            keep(forms, asked)
            move(asked, request.POST.get("move", ""))
        messages.success(request, "Saved.")
        return redirect("desk-questionnaire", ref)
    context = {"here": "interviews", "asked": asked, "about": about, "forms": forms}
    return render(request, "interviews/questions.html", context, status=422 if request.method == "POST" else 200)


def keep(forms, asked: Questionnaire) -> None:
    for row in forms.save(commit=False):
        row.questionnaire = asked
        row.save()


def move(asked: Questionnaire, said: str) -> None:
    """Move a question by one (``up:12``, ``down:12``); all are numbered anew then."""
    way, _, number = said.partition(":")
    rows = list(asked.questions.all())
    at = next((at for at, row in enumerate(rows) if str(row.pk) == number), None)
    if at is None or way not in {"up", "down"}:
        return
    to = max(0, min(len(rows) - 1, at + (1 if way == "down" else -1)))
    rows.insert(to, rows.pop(at))
    for place, row in enumerate(rows, start=1):
        row.place = place
    Question.objects.bulk_update(rows, ["place"])


@READ_AND_WRITE
@for_archivists
def interview(request, slug):
    """Look after the interview of one person: hide a part of it with a reason, show it again."""
    person = get_object_or_404(Person, slug=slug)
    parts = queries.parts_of(person)
    form = HideForm(request.POST or None)
    chosen = next((part for part in parts if str(part.key) == request.POST.get("part")), None)
    if request.method == "POST" and chosen and (chosen.hidden or form.is_valid()):
        settle(request, person, chosen, form)
        return redirect("desk-interview", slug)
    context = {"here": "interviews", "person": person, "parts": parts, "form": form, "chosen": chosen}
    return render(request, "interviews/look_after.html", context, status=422 if request.method == "POST" else 200)


def settle(request, person: Person, part: queries.Part, form: HideForm) -> None:
    words = f"The interview of {person} is {'shown again' if part.hidden else 'hidden'}: {part.words}"
    rows = (Hidden.objects.filter(person=person), Person.objects.filter(pk=person.pk))
    with watched(request.user, words, *rows):
        if part.hidden:
            answering.show_again(part.hidden, request.user)
        else:
            found = Interview.objects.filter(pk=part.key).first()
            answering.hide(person, found, form.cleaned_data["reason"], request.user)
    messages.success(request, "Readers see it again." if part.hidden else "Hidden. Its author reads why.")
