"""Leaving for good: a download first, a decision about each thing, a week to turn round."""

from __future__ import annotations

from django.contrib.auth import logout
from django.shortcuts import render

from storykeep.model.errors import UsageError
from storykeep.site.accounts import belongings, leaving
from storykeep.site.accounts.forms import LeaveForm
from storykeep.site.accounts.guards import afresh, for_members


@for_members
@afresh
def leave(request):
    form = LeaveForm(request.POST or None)
    asked = belongings.to_decide(request.user)
    if request.method == "POST" and form.is_valid():
        try:
            parting = leaving.leave(request.user, chosen(request.POST, asked))
        except UsageError as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            return render(request, "account/left.html", {"ends": parting.ends_at})
    return render(request, "account/leave.html", {"form": form, "asked": asked, "days": leaving.DAYS})


def chosen(given, asked) -> dict[str, dict[str, str]]:
    """Return what was chosen, room by room, thing by thing: ``all-ROOM`` for all, ``choice-ROOM-REF`` for one."""
    return {
        belonging.name: {
            thing.ref: given.get(f"choice-{belonging.name}-{thing.ref}") or given.get(f"all-{belonging.name}", "")
            for thing in things
        }
        for belonging, things in asked
    }
