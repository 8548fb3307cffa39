"""Who may enter a view."""

from __future__ import annotations

from functools import wraps

from django.http import Http404
from django.views.decorators.cache import never_cache


def for_archivists(view):
    """Answer 404 to everybody else: who is no archivist learns nothing of the desk."""

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        if not (request.user.is_authenticated and request.user.is_archivist):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
