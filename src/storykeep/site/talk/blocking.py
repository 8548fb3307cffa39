"""Views: whom a member blocks. Who is blocked can say nothing to them any more; what was said stays."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.accounts.guards import for_members
from storykeep.site.accounts.models import User
from storykeep.site.talk import rules, showing
from storykeep.site.talk.conversations import found
from storykeep.site.talk.models import Block
from storykeep.site.talk.speakers import Speaker

PER_PAGE = 100
MOST = 2000  # people whom one account blocks


@for_members
@require_http_methods(["GET", "POST"])
def blocked(request):
    """Show whom one has blocked; take one off the list."""
    if request.method == "POST":
        row = get_object_or_404(Block, owner=request.user, whom__ref=request.POST.get("whom", ""))
        row.delete()
        messages.success(request, f"{row.whom} is not blocked any more.")
        return redirect("blocked-people")
    there = Block.objects.filter(owner=request.user).select_related("whom")
    rows = Paginator(there, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "talk/blocked.html", {"rows": rows})


@for_members
@require_http_methods(["GET", "POST"])
def block(request, ref: str):
    """Ask whether to block who wrote the comment ``ref``, and do it."""
    row = found(request, ref)
    if not rules.may_block(request.user, row) or not row.account.is_active:
        raise Http404
    if request.method == "POST":
        add(request.user, row.account)
        messages.success(request, f"{row.account} is blocked. You can change that on your account’s page.")
        return redirect("comments", row.work.ref)
    each = showing.listed([row], showing.Eyes(Speaker(request.user)))[0]
    return render(request, "talk/block.html", {"each": each, "whom": row.account, "work": row.work})


def add(owner: User, whom: User) -> None:
    if Block.objects.filter(owner=owner).count() < MOST:
        Block.objects.get_or_create(owner=owner, whom=whom)
