"""Interviews: the list for readers, the answers of an author, the questions of the archivist."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from storykeep.site.accounts.guards import for_archivists
from storykeep.site.base.told import watched
from storykeep.site.interviews import answering, queries
from storykeep.site.interviews.forms import NEW, AnswersForm, Questionnaire
from storykeep.site.interviews.models import Interview, Question
from storykeep.site.writing.doors import for_writers
from storykeep.site.writing.queries import pen_names_of

READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])
A_PAGE = 50
DONE = {
    "save": "Saved. Nobody else sees it before you publish it.",
    "publish": "Published: it stands on your page now.",
    "withdraw": "Withdrawn. Your answers are kept here as a draft.",
}


def interviews(request):
    rows = Paginator(queries.with_interview(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "interviews/interviews.html", {"rows": rows})


@require_GET
@for_writers
def own(request):
    """List the pen names; each has one interview."""
    return render(request, "interviews/own.html", {"names": queries.states(request.user)})


@READ_AND_WRITE
@for_writers
def one(request, slug):
    """Let an author answer under one pen name; save, publish, withdraw."""
    person = get_object_or_404(pen_names_of(request.user), slug=slug)
    found = Interview.objects.filter(person=person, account=request.user).first()
    form = AnswersForm(request.POST or None, queries.asked(found))
    if request.method == "POST" and form.is_valid():
        do(request, person, form)
        return redirect("write-interview", slug)
    context = {"person": person, "interview": found, "form": form}
    return render(request, "interviews/one.html", context, status=422 if form.errors else 200)


def do(request, person, form: AnswersForm) -> None:
    deed = request.POST.get("do", "save")
    if deed not in DONE:
        raise Http404
    found = answering.save(request.user, person, form.typed())
    if deed == "publish":
        answering.publish(found)
    elif deed == "withdraw":
        answering.withdraw(found)
    nothing = deed == "publish" and not found.published
    messages.success(request, "Saved. Answer a question first, then publish." if nothing else DONE[deed])


@READ_AND_WRITE
@for_archivists
def questions(request):
    """Change the questionnaire: words, help, order; retire a question."""
    rows = Question.objects.all()
    last = max((row.place for row in rows), default=0)
    new = [{"place": last + number} for number in range(1, NEW + 1)]
    forms = Questionnaire(request.POST or None, queryset=rows, initial=new)
    if request.method == "POST" and forms.is_valid():
        with watched(request.user, "The questions of interviews are changed", Question.objects.all()):
            forms.save()
        messages.success(request, "Saved.")
        return redirect("desk-interviews")
    context = {"here": "interviews", "forms": forms}
    return render(request, "interviews/questions.html", context, status=422 if request.method == "POST" else 200)
