"""A member's invitations: how many are left, to whom they went, a new one."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from storykeep.model.errors import UsageError
from storykeep.site.accounts import invitations, mail
from storykeep.site.accounts.forms import InviteForm
from storykeep.site.accounts.guards import for_members
from storykeep.site.base import limits

NEW = "new invitation"  # where a session keeps a link until it is shown, once
MOST = 50  # a day: an account that was taken over must not become a mill for letters


@for_members
def mine(request):
    """List invitations, and make one. Its link is shown once: only a digest is kept."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invited(request, form):
        return redirect("account_invitations")
    context = {
        "form": form,
        "left": invitations.left(request.user),
        "invitations": request.user.invitations.select_related("used_by"),
        "link": request.session.pop(NEW, "") if request.method == "GET" else "",
        "can_send": mail.can_send(),
    }
    return render(request, "account/invitations.html", context)


def _invited(request, form) -> bool:
    if not limits.allow(request, "invite", most=MOST, seconds=86_400):
        form.add_error(None, "That was often enough for today.")
        return False
    email = form.cleaned_data["email"]
    try:
        link = invitations.invite(request.user, email, form.cleaned_data["note"])
    except UsageError as error:
        form.add_error(None, str(error))
        return False
    if email:
        messages.success(request, f"The invitation is on its way to {email}.")
    else:
        request.session[NEW] = link
    return True


@for_members
@require_POST
def withdraw(request, ref):
    invitations.withdraw(get_object_or_404(request.user.invitations.filter(used_at=None), ref=ref))
    messages.success(request, "That invitation is no longer good.")
    return redirect("account_invitations")
