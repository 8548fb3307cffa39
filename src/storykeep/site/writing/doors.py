"""Who may enter, and how nothing typed is lost at a closed door: a form that comes too late is shown again."""

from __future__ import annotations

import logging
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import Http404, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from storykeep.site.works.models import Chapter, Work
from storykeep.site.writing.queries import chapter_of, written_by

log = logging.getLogger(__name__)
NOT_TYPED = frozenset(("csrfmiddlewaretoken",))


def for_writers(view):
    """Let signed-in people in. Who was signed out while typing gets the text back, and a way to save it after all.

    The check against forged forms is Django's own, made here: after signing in again, an open page has an old token,
    and what was typed on it must not be lost.
    """

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        if request.method == "POST" and (not request.user.is_authenticated or forged(request, view)):
            return given_back(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        try:
            return view(request, *args, **kwargs)
        except DatabaseError as error:
            if request.method != "POST":
                raise
            log.exception("Something that was typed could not be saved.")
            return given_back(request, why=unsaved(error))

    return csrf_exempt(guarded)


def unsaved(error: DatabaseError) -> str:
    """Say why the database took nothing: most often there is no room."""
    full = "full" in str(error).lower() or "space" in str(error).lower()
    reason = "there is no room left at the archive" if full else "the archive could not write it down"
    return f"Not saved: {reason}. All that you typed is here. Try again in a while, and tell the archivist."


def forged(request, view) -> bool:
    if getattr(request, "_dont_enforce_csrf_checks", False):  # Django's test client
        return False
    return Check(lambda _: None).process_view(request, view, (), {}) is not None


class Check(CsrfViewMiddleware):
    def _reject(self, request, reason):
        return reason


def given_back(request, why: str = ""):
    """Answer a form that could not be taken with everything that was typed into it."""
    if wants_json(request) and why:
        return JsonResponse({"told": why}, status=507)
    if wants_json(request):
        signed_out = not request.user.is_authenticated
        return JsonResponse({"signed_out": signed_out, "token": True}, status=401 if signed_out else 409)
    fields = [(key, value) for key in request.POST if key not in NOT_TYPED for value in request.POST.getlist(key)]
    status = 507 if why else 409 if request.user.is_authenticated else 401
    context = {"fields": fields, "body": request.POST.get("body", ""), "why": why}
    return render(request, "writing/given_back.html", context, status=status)


def wants_json(request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def own_work(request, ref: str) -> Work:
    """Return the work when the reader is one of its writers, else answer 404."""
    found = written_by(request.user).filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def own_chapter(request, ref: str, chapter: str) -> Chapter:
    found = chapter_of(own_work(request, ref), chapter)
    if found is None:
        raise Http404
    return found
