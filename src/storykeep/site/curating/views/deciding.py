"""An archivist reads a work that was sent in, as readers would get it, and decides."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from storykeep.model.errors import UsageError
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.curating import pages, queries
from storykeep.site.curating.forms import AnswerForm
from storykeep.site.submissions import deciding, letters, seen
from storykeep.site.submissions.models import State, Submission
from storykeep.site.works.queries import work_page
from storykeep.site.writing.views.works import previewed

OF_ARCHIVISTS = frozenset(("", State.ACCEPTED, State.DECLINED, State.CHANGES, State.WAITING))


def sent_in(request, ref: str) -> Submission:
    return get_object_or_404(queries.of(request.user).select_related("work", "looked_by"), ref=ref)


@require_http_methods(["GET", "HEAD", "POST"])
@for_archivists
def one(request, ref):
    """Show a work with the policy beside it; take a decision or words."""
    found = sent_in(request, ref)
    form = AnswerForm(request.POST or None)
    if form.is_valid() and answered(request, found, form):
        return redirect("desk-submission", ref)
    mark = request.POST.get("mark", "")
    page = pages.submission_page(request.user, found, form, mark=mark)
    status = 422 if request.method == "POST" else 200
    return render(request, "curating/one.html", {"here": "submissions", "page": page}, status=status)


def answered(request, found: Submission, form: AnswerForm) -> bool:
    """Do what was asked; say whether it was done. What can't be is said in words."""
    state, words = form.cleaned_data["state"], form.cleaned_data["words"].strip()
    if state not in OF_ARCHIVISTS:
        raise Http404
    try:
        if state:
            done = deciding.decide(request.user, found, state, words, form.cleaned_data["mark"])
        else:
            done = deciding.say(request.user, found, words) is not None
    except UsageError as error:
        form.add_error(None, str(error))
        return False
    if done:
        said = "" if state else "the archivist wrote to you"
        letters.tell_writers(found, words, said)
    messages.success(request, decided(request.user, found, state))
    return True


def decided(user, found: Submission, state: str) -> str:
    """Say what was done, and how many works still wait."""
    if not state:
        return "Said."
    left = queries.of(user).filter(state=State.WAITING).exclude(pk=found.pk).count()
    return "Done. Nothing else waits." if not left else f"Done. {left} more {'waits' if left == 1 else 'wait'}."


@require_GET
@for_archivists
def reading(request, ref):
    """Show a chapter on the page that readers would get, with the decision below it."""
    found = sent_in(request, ref)
    rows = seen.chapters_of(found.work)
    wanted = request.GET.get("chapter", "")
    at = next((n for n, row in enumerate(rows) if row.ref == wanted), None) if wanted else 0
    if at is None:
        raise Http404
    page = pages.submission_page(request.user, found, AnswerForm(), read=True)
    work = work_page(request.user, found.work.ref)
    story = previewed(request, work, rows, at, lambda row: pages.reading(found, row))
    edit = reverse("desk-suggest-chapter", args=[ref, rows[at].ref]) if rows else ""
    return render(request, "curating/reading.html", {"page": story, "sent": page, "edit": edit})
