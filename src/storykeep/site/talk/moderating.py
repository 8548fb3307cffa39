"""Views: what authors and moderators decide about the comments of others, one by one or several at once."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from storykeep.site.accounts.guards import for_members
from storykeep.site.talk import queries, rules, saying, showing
from storykeep.site.talk.conversations import found
from storykeep.site.talk.models import Comment, State
from storykeep.site.talk.speakers import Speaker

PER_PAGE = 30
SHELVES = (
    (State.WAITING.value, "Waiting"), (State.SHOWN.value, "Shown"), (State.HIDDEN.value, "Hidden"),
    (State.SPAM.value, "Spam"),
)  # fmt: skip
DEEDS = {State.SHOWN.value: "shown", State.HIDDEN.value: "hidden", State.SPAM.value: "spam", "delete": "deleted"}


@for_members
@require_http_methods(["GET", "POST"])
def waiting(request):
    """Show the comments at one's works by what has become of them: those that wait first; decide about several."""
    state = request.GET.get("state", "")
    state = state if state in dict(SHELVES) else State.WAITING.value
    if request.method == "POST":
        number = settle_some(request)
        messages.success(request, f"Done: {number} comment{'' if number == 1 else 's'} {said(request)}.")
        return redirect(f"{reverse('waiting-comments')}?state={state}")
    there = queries.at_works_of(request.user).filter(state=state)
    order = ("at", "pk") if state == State.WAITING else ("-at", "-pk")
    rows = Paginator(there.order_by(*order), PER_PAGE).get_page(request.GET.get("page"))
    lines = showing.listed(rows, showing.Eyes(Speaker(request.user)))
    return render(request, "talk/waiting.html", {"lines": lines, "rows": rows, "state": state, "shelves": SHELVES})


def said(request) -> str:
    return DEEDS.get(request.POST.get("deed", ""), "changed")


def settle_some(request) -> int:
    """Do what the button says with the comments that are ticked; return how many that were."""
    deed, refs = request.POST.get("deed", ""), request.POST.getlist("ref")[:PER_PAGE]
    if deed not in DEEDS:
        return 0
    rows = list(queries.at_works_of(request.user).filter(ref__in=refs).select_related("parent"))
    for row in rows:
        do(row, deed)
    return len(rows)


def do(row: Comment, deed: str) -> None:
    saying.delete(row) if deed == "delete" else saying.settle(row, State(deed))


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
    return redirect(back(request, reverse("comments", args=[row.work.ref])))


def back(request, usual: str) -> str:
    """Return where the button stood, if that is a page of ours."""
    there = request.POST.get("back", "")
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) and there.startswith("/") else usual
