"""Views: one's own comments, and what authors and moderators decide about those of others."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from storykeep.site.accounts.guards import for_members
from storykeep.site.talk import pages, queries, rules, saying
from storykeep.site.talk.forms import WordsForm
from storykeep.site.talk.models import State

PER_PAGE = 30


@for_members
@require_safe
def mine(request):
    """Show what one has said, with a search."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    rows = Paginator(queries.mine(request.user, words), PER_PAGE).get_page(request.GET.get("page"))
    lines = pages.listed(rows, request.user)
    return render(request, "talk/mine.html", {"lines": lines, "rows": rows, "words": words})


@for_members
@require_safe
def waiting(request):
    """Show the comments that wait for this author or moderator."""
    rows = Paginator(queries.waiting(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "talk/waiting.html", {"lines": pages.listed(rows, request.user), "rows": rows})


def found(request, ref: str):
    return get_object_or_404(queries.visible(request.user).select_related("work", "thread"), ref=ref)


@for_members
@require_http_methods(["GET", "POST"])
def edit(request, ref: str):
    row = found(request, ref)
    if not rules.is_ones_own(request.user, row):
        raise Http404
    if not rules.may_edit(request.user, row):
        messages.info(request, "Somebody has answered already, so your words stay as they are. You can delete them.")
        return redirect(row)
    form = WordsForm(request.POST or None, initial={"words": row.source})
    if request.method == "POST" and form.is_valid():
        saying.edit(row, form.cleaned_data["words"])
        return redirect(row)
    return render(request, "talk/edit.html", {"form": form, "work": row.work})


@for_members
@require_http_methods(["GET", "POST"])
def delete(request, ref: str):
    row = found(request, ref)
    if not (rules.is_ones_own(request.user, row) or rules.looks_after(request.user, row.work)):
        raise Http404
    if request.method == "POST":
        saying.delete(row)
        messages.success(request, "The comment is gone.")
        return redirect("comments", row.work.ref)
    return render(request, "talk/delete.html", {"each": pages.listed([row], request.user)[0], "work": row.work})


@for_members
@require_POST
def settle(request, ref: str):
    """Show, hide, call spam, close or open a conversation: what the button says."""
    row = found(request, ref)
    if not rules.looks_after(request.user, row.work) or row.state == State.DELETED:
        raise Http404
    deed = request.POST.get("deed", "")
    if deed in {"close", "open"} and row.thread_id is None:
        row.frozen = deed == "close"
        row.save(update_fields=["frozen"])
    elif deed in {State.SHOWN, State.HIDDEN, State.SPAM}:
        saying.settle(row, State(deed))
    messages.success(request, "Done.")
    return redirect("waiting-comments") if "waiting" in request.POST else redirect("comments", row.work.ref)
