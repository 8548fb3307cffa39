"""Who may enter a view. Each guard leaves its name on the view as ``door``, where a test reads it."""

from __future__ import annotations

from functools import wraps

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from storykeep.site.accounts.roles import may


def for_those_who_may(deed: str):
    """Return a guard that answers 404 to everybody who may not do ``deed`` (a line of roles.MAY)."""

    def guard(view):
        @wraps(view)
        @never_cache
        def guarded(request, *args, **kwargs):
            if not may(request.user, deed):
                raise Http404
            if lacks_second_factor(request.user):
                messages.info(request, "In this archive, whoever has a role signs in with a second step. Set one up.")
                return redirect("mfa_index")
            return view(request, *args, **kwargs)

        guarded.door = deed
        return guarded

    return guard


def lacks_second_factor(user) -> bool:
    """Say whether the host asks for a second factor (STORYKEEP_STAFF_SECOND_FACTOR) that this account doesn't have."""
    return settings.HOUSE.staff_second_factor and not user.authenticator_set.exists()


def for_archivists(view):
    """Answer 404 to everybody else: who is no archivist learns nothing of the desk."""
    return for_those_who_may("work at the desk")(view)


def for_wranglers(view):
    """Answer 404 to everybody but wranglers and archivists."""
    return for_those_who_may("wrangle tags")(view)


def for_moderators(view):
    """Answer 404 to everybody but moderators and archivists."""
    return for_those_who_may("moderate")(view)


def for_members(view):
    """Ask visitors to sign in, and lead them back to here afterwards."""

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        return view(request, *args, **kwargs)

    guarded.door = "have an account page"
    return guarded


def afresh(view):
    """Ask for the password or passkey once more, unless that was just done: for what can't be undone."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if is_reauthentication_required(request, app="storykeep"):
            back = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('account_reauthenticate')}?{back}")
        return view(request, *args, **kwargs)

    guarded.door = getattr(view, "door", None)
    return guarded
