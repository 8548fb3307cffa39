"""The queue of a curated archive, and what a writer sees of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from storykeep.model.errors import UsageError
from storykeep.site.accounts.guards import for_archivists, for_members
from storykeep.site.base.told import watched
from storykeep.site.curating import queries
from storykeep.site.curating.forms import AnswerForm, RulesForm
from storykeep.site.submissions import deciding
from storykeep.site.submissions.gate import authors, is_curated
from storykeep.site.submissions.models import Rules, State, Submission, Writer
from storykeep.site.works.models import Visibility
from storykeep.site.works.queries import readable_by

READ_AND_WRITE = require_http_methods(["GET", "HEAD", "POST"])
OF_ARCHIVISTS = frozenset(("", State.ACCEPTED, State.DECLINED, State.CHANGES, State.WAITING))
OF_WRITERS = frozenset(("", State.WAITING, State.WITHDRAWN))


@for_archivists
def queue(request):
    state = request.GET.get("state", State.WAITING)
    if state not in State.values:
        raise Http404
    known = {"here": "submissions", "state": state, "counts": queries.counts(request.user), "rules": Rules.current()}
    return render(request, "curating/queue.html", {**known, "rows": queries.queue(request.user, state)})


@READ_AND_WRITE
@for_archivists
def rules(request):
    row = Rules.current()
    before = row.policy
    invited = "\n".join(Writer.objects.order_by("account__username").values_list("account__username", flat=True))
    form = RulesForm(request.POST or None, instance=row, initial={"writers": invited})
    if form.is_valid():
        row.version += form.cleaned_data["policy"] != before
        with watched(request.user, "How works come to readers is changed", Rules.objects.all(), Writer.objects.all()):
            form.save()
            Writer.objects.exclude(account__in=form.cleaned_data["writers"]).delete()
            for user in form.cleaned_data["writers"]:
                Writer.objects.get_or_create(account=user)
        messages.success(request, "Saved.")
        return redirect("desk-submission-rules")
    return render(request, "curating/rules.html", {"here": "submissions", "form": form})


@READ_AND_WRITE
@for_archivists
def one(request, ref):
    """Show a work with the policy beside it; take a decision or words."""
    found = get_object_or_404(queries.of(request.user).select_related("work", "looked_by"), ref=ref)
    form = AnswerForm(request.POST or None)
    if form.is_valid() and answered(request, found, form, OF_ARCHIVISTS):
        deciding.tell(found, form.cleaned_data["words"], reverse("write-submission", args=[found.work.ref]))
        return redirect("desk-submission", ref)
    context = {"here": "submissions", "other": queries.look(request.user, found), **shown(found, form)}
    return render(request, "curating/one.html", context, status=status_of(request))


@READ_AND_WRITE
@for_members
def own(request, ref):
    """Let a writer send a work in, answer, and take it back."""
    work = get_object_or_404(readable_by(request.user), ref=ref)
    if request.user not in authors(work):
        raise Http404
    found = Submission.objects.filter(work=work).first()
    if found is None and not is_curated():
        raise Http404
    form = AnswerForm(request.POST or None)
    if form.is_valid() and found and answered(request, found, form, OF_WRITERS):
        return redirect("write-submission", ref)
    if found is None:
        return redirect("write-publish", ref)
    return render(request, "curating/own.html", shown(found, form), status=status_of(request))


def shown(found: Submission, form: AnswerForm) -> dict:
    return {
        "submission": found,
        "work": found.work,
        "signed": queries.signed(found.work),
        "texts": queries.texts(found.work),
        "mark": deciding.mark_of(found.work),
        "notes": found.notes.select_related("by"),
        "rules": Rules.current(),
        "form": form,
        "draft": found.work.visibility == Visibility.DRAFT,
    }


def answered(request, found: Submission, form: AnswerForm, allowed: frozenset) -> bool:
    """Do what was asked; say whether it was done. What can't be is said in words."""
    state, words = form.cleaned_data["state"], form.cleaned_data["words"].strip()
    if state not in allowed:
        raise Http404
    try:
        if not state:
            deciding.say(request.user, found, words)
        elif state == State.WAITING and allowed is OF_WRITERS:
            deciding.send_in(request.user, found.work, words)
        else:
            deciding.decide(request.user, found, state, words, form.cleaned_data["mark"])
    except UsageError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, "Done." if state else "Said.")
    return True


def status_of(request) -> int:
    return 422 if request.method == "POST" else 200
