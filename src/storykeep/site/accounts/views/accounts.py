"""For people with a role: who may join, which accounts there are, their roles, suspensions, ways in."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render

from storykeep.model.errors import UsageError
from storykeep.site.accounts import deeds, queries
from storykeep.site.accounts.forms import JoiningForm, RoleForm, SuspendForm
from storykeep.site.accounts.guards import afresh, for_those_who_may
from storykeep.site.accounts.models import Joining, User
from storykeep.site.accounts.pages import MemberPage

A_PAGE = 50
LINK = "way in"


@for_those_who_may("decide who may join")
def joining(request):
    row = Joining.current()
    form = JoiningForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Kept. It holds from now on.")
        return redirect("desk-joining")
    return render(request, "account/desk_joining.html", {"form": form, "here": "joining"})


@for_those_who_may("see accounts")
def accounts(request):
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    role = request.GET.get("role", "")
    found = Paginator(queries.accounts(words, role), A_PAGE).get_page(request.GET.get("page"))
    context = {"found": found, "words": words, "role": role, "roles": queries.ROLES_SHOWN, "here": "accounts"}
    return render(request, "account/desk_accounts.html", context)


@for_those_who_may("see accounts")
def account(request, ref):
    member = get_object_or_404(User, ref=ref, erased_at=None)
    page = MemberPage.of(request.user, member, request.session.pop(LINK, ""))
    return render(request, "account/desk_account.html", {"page": page, "form": SuspendForm(), "here": "accounts"})


@for_those_who_may("see accounts")
@afresh
def act(request, ref, deed):
    """Do one of :data:`DEEDS` to an account, and say what became of it."""
    member = get_object_or_404(User, ref=ref, erased_at=None)
    if request.method == "POST" and deed in DEEDS:
        try:
            messages.success(request, DEEDS[deed](request, member))
        except UsageError as error:
            messages.error(request, str(error))
    return redirect("desk-account", ref=ref)


def _role(request) -> str:
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise UsageError("There is no such role.")
    return form.cleaned_data["role"]


def _give(request, member) -> str:
    role = _role(request)
    deeds.give_role(request.user, member, role)
    return f"{member} has the role {role} now."


def _take(request, member) -> str:
    role = _role(request)
    deeds.take_role(request.user, member, role)
    return f"{member} no longer has the role {role}."


def _suspend(request, member) -> str:
    form = SuspendForm(request.POST)
    if not form.is_valid():
        raise UsageError("Say why: the member reads it at the door.")
    deeds.suspend(request.user, member, form.cleaned_data["reason"])
    return f"{member} can't sign in until you open the account again."


def _restore(request, member) -> str:
    deeds.restore(request.user, member)
    return f"{member} can sign in again."


def _end_sessions(request, member) -> str:
    count = deeds.end_sessions(request.user, member)
    return f"{member} was signed out in {count} places."


def _way_in(request, member) -> str:
    forget = "forget" in request.POST
    request.session[LINK] = deeds.way_in(request.user, member, forget_second_factor=forget)
    return "Here is a link that signs in once, within the hour. It is shown only now."


DEEDS = {
    "give": _give,
    "take": _take,
    "suspend": _suspend,
    "restore": _restore,
    "end-sessions": _end_sessions,
    "way-in": _way_in,
}
