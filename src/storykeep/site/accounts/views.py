"""Signing in by a link that works once."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from storykeep.site.accounts import once

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


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
    login(request, user, backend=BACKEND)
    return redirect("account_set_password")


@never_cache
def forgotten(request):
    """Say what to do about a lost password, in an archive that sends no mail."""
    return render(request, "account/forgotten.html")
