"""Works that were given to me, and works that lead to mine: what I say to them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.works.tied import GiveNothing, Led, Taken
from storykeep.site.works.ties import LEADING_BACK
from storykeep.site.writing import giving, leading
from storykeep.site.writing.doors import for_writers

READ_AND_SAY = require_http_methods(["GET", "HEAD", "POST"])
SAID = {
    "sequel-of": "follows",
    "prequel-of": "comes before",
    "inspired-by": "was inspired by",
    "translation-of": "is a translation of",
}


@READ_AND_SAY
@for_writers
def gifts(request):
    """Show what was given to me; take it or rather not; say whether I take gifts at all."""
    if request.method == "POST":
        say_to_gift(request)
        return redirect("gifts")
    context = {
        "given": giving.works_given(request.user),
        "refused": giving.works_given(request.user, Taken.REFUSED),
        "none": GiveNothing.objects.filter(account=request.user).exists(),
    }
    return render(request, "writing/gifts.html", context)


def say_to_gift(request) -> None:
    if "setting" in request.POST:
        giving.take_none(request.user, none="none" in request.POST)
        messages.success(request, "Your wish is kept.")
        return
    refused = "refuse" in request.POST
    ref = request.POST.get("refuse" if refused else "take", "")
    gift = get_object_or_404(giving.gifts_of(request.user, Taken.GIVEN if refused else Taken.REFUSED), ref=ref)
    giving.answer(gift, Taken.REFUSED if refused else Taken.GIVEN)
    said = "Your name no longer stands there." if refused else "Your name stands there again."
    messages.success(request, f"“{gift.work}”: {said}")


@READ_AND_SAY
@for_writers
def ties(request):
    """Show which works lead to mine; let mine lead back, or not."""
    if request.method == "POST":
        row = tie_at(request, request.POST.get("show") or request.POST.get("decline", ""))
        leading.answer(row, Led.SHOWN if "show" in request.POST else Led.DECLINED)
        words = "leads back to it" if "show" in request.POST else "does not lead to it"
        messages.success(request, f"“{row.to}” {words}.")
        return redirect("write-ties")
    context = {
        "asked": told(leading.asked_of(request.user)),
        "shown": told(leading.shown_of(request.user)),
        "declined": told(leading.declined_of(request.user)),
    }
    return render(request, "writing/ties.html", context)


def tie_at(request, value: str):
    """Return the tie to a work of mine that a button names: the refs of both works, and the kind."""
    work, to, kind = [*value.split(":"), "", "", ""][:3]
    if kind not in LEADING_BACK:
        raise Http404
    rows = leading.of(request.user).filter(work__ref=work, to__ref=to, kind=kind)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def told(rows) -> list:
    """Return ties with ``said``, how the other work leads to mine, and ``mark``, by which a button names them."""
    found = list(rows[:200])
    for row in found:
        row.said, row.mark = SAID[row.kind], f"{row.work.ref}:{row.to.ref}:{row.kind}"
    return found
