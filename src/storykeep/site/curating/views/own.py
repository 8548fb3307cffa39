"""What a writer sees of a work that they sent in: where it stands, what was said, what was suggested."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from storykeep.model.errors import UsageError
from storykeep.site.accounts.guards import for_members
from storykeep.site.base import limits
from storykeep.site.curating import answering, edit_pages, pages
from storykeep.site.curating.forms import AnswerForm
from storykeep.site.curating.models import Suggestion
from storykeep.site.curating.suggesting import mark_of
from storykeep.site.submissions import deciding, letters
from storykeep.site.submissions.gate import authors, is_curated
from storykeep.site.submissions.models import State, Submission
from storykeep.site.works.models import Work
from storykeep.site.works.queries import readable_by
from storykeep.site.writing.doors import for_writers

READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])
MOST = 60  # words and steps in an hour: each is a letter to somebody
OF_WRITERS = frozenset(("", State.WAITING, State.WITHDRAWN))
TOLD = {State.WITHDRAWN: "took it back", "": "wrote to you"}


def own_work(request, ref: str) -> Work:
    """Return the work when the reader is one of its authors, else answer 404."""
    work = get_object_or_404(readable_by(request.user), ref=ref)
    if request.user not in authors(work):
        raise Http404
    return work


@READ_AND_WRITE
@for_members
def own(request, ref):
    """Let a writer answer, send a work in again, and take it back."""
    work = own_work(request, ref)
    found = Submission.objects.filter(work=work).first()
    if found is None and not is_curated():
        raise Http404
    form = AnswerForm(request.POST or None)
    if form.is_valid() and found and answered(request, found, form):
        return redirect("write-submission", ref)
    if found is None:
        return redirect("write-publish", ref)
    status = 422 if request.method == "POST" else 200
    return render(request, "curating/own.html", {"page": pages.own_page(found, form)}, status=status)


def answered(request, found: Submission, form: AnswerForm) -> bool:
    """Do what was asked; say whether it was done. What can't be is said in words."""
    state, words = form.cleaned_data["state"], form.cleaned_data["words"].strip()
    if state not in OF_WRITERS:
        raise Http404
    if not limits.allow(request, "submission", most=MOST, seconds=3600):
        form.add_error(None, "That was often enough for now. Nothing was sent; try again in an hour.")
        return False
    try:
        if not state:
            deciding.say(request.user, found, words)
        elif state == State.WAITING:
            deciding.send_in(request.user, found.work, words)
        else:
            deciding.decide(request.user, found, state, words)
    except UsageError as error:
        form.add_error(None, str(error))
        return False
    if state in TOLD:
        letters.tell_archivists(found, words, TOLD[state])
    messages.success(request, "Done." if state else "Said.")
    return True


@READ_AND_WRITE
@for_writers
def edits(request, ref, suggestion):
    """Show suggested edits with what they change; let the writer take or leave each."""
    work = own_work(request, ref)
    row = get_object_or_404(Suggestion.objects.select_related("chapter", "by"), ref=suggestion, submission__work=work)
    if request.method == "POST":
        return answer_edits(request, work, row)
    return render(request, "curating/edits.html", {"page": edit_pages.edits_page(row, work)})


def answer_edits(request, work: Work, row: Suggestion):
    how, chosen = asked(request.POST.get("do", ""), row)
    if how not in answering.ANSWERS:
        raise Http404
    here = redirect(reverse("write-suggestion", args=[work.ref, row.ref]) + place_on_page(chosen))
    if request.POST.get("mark", "") != mark_of(row):
        messages.warning(request, "The archivist has changed these edits meanwhile. Look at them once more.")
        return here
    try:
        done = answering.answer(request.user, row, how, chosen)
    except UsageError as error:
        messages.warning(request, str(error))
        return here
    if done.complete:
        letters.tell_archivists(row.submission, "", "answered the suggested edits", to=row.by)
    if done.conflicts:
        messages.warning(request, "You had changed this paragraph, too. Both stand in the text now: say what stays.")
        return redirect("write-conflicts", work.ref, row.chapter.ref)
    return here


def place_on_page(chosen: dict[int, frozenset[int]]) -> str:
    """Return where on the page one passage is, so that a writer goes on from there; nothing for all of them."""
    places = [f"#p{edit}-{number}" for edit, numbers in chosen.items() for number in numbers]
    return places[0] if len(places) == 1 else ""


def asked(value: str, row: Suggestion) -> tuple[str, dict[int, frozenset[int]]]:
    """Return how was answered, and which passages: ``take:12:0`` is one of an edit, ``take`` all that are open."""
    how, _, which = value.partition(":")
    edits = {each.pk: each for each in row.edits.all()}
    if not which:
        return how, {pk: frozenset(range(len(each.passages))) for pk, each in edits.items()}
    edit, _, number = which.partition(":")
    known = edit.isascii() and edit.isdigit() and number.isascii() and number.isdigit() and len(which) < 30  # noqa: PLR2004 — digits of two ids
    return how, {int(edit): frozenset([int(number)])} if known else {}
