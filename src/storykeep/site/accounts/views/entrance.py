"""Coming in: sign-up, a lost password, links that work once, a door that is shut."""

from __future__ import annotations

import time

from allauth.account import views as allauth
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from storykeep.site.accounts import forms, invitations, leaving, mail, once
from storykeep.site.base import limits
from storykeep.site.base.errors import too_often

MOST_NEW = 40  # accounts that one network may try to make in an hour: a school behind one address still can


@never_cache
def sign_up(request):
    """Ask for what an account needs. Answers nobody who is not let in, and no flood."""
    if request.method == "GET":
        request.session[forms.OPENED] = time.time()
    elif not limits.allow(request, "sign-up", most=MOST_NEW, seconds=3600):
        return too_often(request)
    return allauth.signup(request)


@never_cache
def forgotten(request):
    """Write a letter with a link; in an archive that sends no mail, say whom to ask."""
    if mail.can_send():
        return allauth.password_reset(request)
    return render(request, "account/forgotten.html")


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_once(request, ref, token):
    """Show a button first, so that a preview of the link does not use it up; then sign in and ask for a password."""
    user = once.user_for(ref, token)
    if user is None:
        raise Http404
    if request.method == "GET":
        return render(request, "account/once.html", {"account": user})
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return perform_login(request, Login(user, email_verification="none", redirect_url=reverse("account_set_password")))


@never_cache
def invitation(request, token):
    """Show who invites. The invitation is taken with a button, and used when the account is made."""
    found = invitations.of(token)
    if found is None:
        return render(request, "account/invitation_over.html", status=404)
    if request.method == "POST":
        invitations.hold(request, found)
        return redirect("account_signup")
    return render(request, "account/invitation.html", {"invitation": found})


@never_cache
def shut(request):
    """Say why the door is shut, to who has just shown that the account is theirs."""
    return render(request, "account/account_inactive.html", {"reason": request.session.pop("shut out", "")})


@never_cache
def come_back(request):
    """Let somebody who is leaving, and has just shown that the account is theirs, turn round."""
    user = leaving.of_ref(request.session.get("returning", ""))
    if user is None:
        return redirect("account_login")
    return _turn_round(request, user)


@never_cache
def come_back_by_link(request, token):
    """The same, by the link in the letter."""
    user = leaving.returning(token)
    if user is None:
        raise Http404
    return _turn_round(request, user)


def _turn_round(request, user):
    if request.method != "POST":
        return render(request, "account/return.html", {"account": user, "ends": user.leaving.ends_at})
    leaving.turn_round(user)
    request.session.pop("returning", None)
    return render(request, "account/returned.html", {"account": user})
