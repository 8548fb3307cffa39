"""An archivist invites somebody to write here, with the invitations by which anybody joins."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from storykeep.model.errors import UsageError
from storykeep.site.accounts import invitations
from storykeep.site.accounts.guards import for_archivists
from storykeep.site.base import limits
from storykeep.site.curating.forms import WriterForm
from storykeep.site.curating.views.queue import LINK, rules_form, rules_page
from storykeep.site.submissions import writers

MOST = 50  # a day, as for other invitations


@for_archivists
@require_POST
def invite(request):
    form = WriterForm(request.POST)
    if form.is_valid() and invited(request, form):
        return redirect("desk-submission-rules")
    return rules_page(request, rules_form(), form, status=422)


def invited(request, form: WriterForm) -> bool:
    if not limits.allow(request, "invite", most=MOST, seconds=86_400):
        form.add_error(None, "That was often enough for today.")
        return False
    email = form.cleaned_data["email"]
    try:
        known, link = writers.invite(request.user, email, form.cleaned_data["note"])
    except UsageError as error:
        form.add_error(None, str(error))
        return False
    if known:
        messages.success(request, f"{known} has an account here, and may publish now.")
    elif email:
        messages.success(request, f"The invitation is on its way to {email}.")
    else:
        request.session[LINK] = link
    return True


@for_archivists
@require_POST
def withdraw(request, ref):
    promise = get_object_or_404(writers.promised(), invitation__ref=ref)
    invitations.withdraw(promise.invitation)
    messages.success(request, "That invitation is no longer good.")
    return redirect("desk-submission-rules")
