"""Who may enter a view. Who may not is told nothing: the page is not there."""

from __future__ import annotations

import functools

from django.contrib.auth.views import redirect_to_login
from django.http import Http404


def archivists_only(view):
    """Let archivists and the host in; ask visitors to sign in; for other members the page does not exist."""

    @functools.wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_archivist:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
