"""Who may enter a view."""

from __future__ import annotations

from functools import wraps

from django.http import Http404
from django.views.decorators.cache import never_cache


def for_archivists(view):
    """Answer 404 to everybody else: who is no archivist learns nothing of the desk."""
    return only(view, lambda user: user.is_archivist)


def for_wranglers(view):
    """Answer 404 to everybody but wranglers and archivists."""
    return only(view, lambda user: user.is_wrangler)


def only(view, may_enter):
    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        if not (request.user.is_authenticated and may_enter(request.user)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
