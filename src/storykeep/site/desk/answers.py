"""How the desk answers: what was decided, with a way to undo it; and what another archivist did in the meantime."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from storykeep.site.desk.models import Decision

OURS = frozenset(("csrfmiddlewaretoken",))
CONFLICT = 409


def say(request, decision: Decision) -> None:
    """Tell what was decided; the message carries the way to undo it."""
    if decision.changes:
        messages.success(request, f"{decision.words}.", extra_tags=f"undo:{decision.ref}")
    else:
        messages.info(request, "Nothing was different, so nothing changed.")


def overtaken(request, theirs: Decision | None, what: str, fresh: dict[str, object], home: str):
    """Show what another archivist did meanwhile (``theirs``, if it is known); mine can be done all the same.

    ``fresh`` are the fields of the form that say what was seen, as they would be now; ``home`` is where to go instead.
    """
    if theirs:
        theirs.undoable = bool(theirs.changes)
    given = [(name, value) for name in request.POST if name not in OURS for value in request.POST.getlist(name)]
    mine = [(name, value) for name, value in given if name not in fresh] + list(fresh.items())
    context = {"theirs": theirs, "what": what, "mine": mine, "home": home}
    return render(request, "desk/overtaken.html", context, status=CONFLICT)


def back(request, view: str, **kwargs):
    """Go back to where the form stood, or else to ``view``."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    if ours and target.startswith("/"):
        return redirect(target)
    return redirect(view, **kwargs)
