"""Several of my works changed together: asked for, looked at, done, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Work
from storykeep.site.writing import queries
from storykeep.site.writing.doors import for_writers
from storykeep.site.writing.models import Sweep
from storykeep.site.writing.together import pages, sweeps
from storykeep.site.writing.together.wishes import FREE, Wish

RECENT = 8
NOTHING_TICKED = "Tick the works that shall change."
NOTHING_ASKED = "Say what should be different: nothing below is filled in yet."


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def together(request):
    """Tick works, say what shall be different; what is left empty stays as it is in each. Nothing is changed here."""
    mine = queries.desk_works(request.user)
    if request.method == "GET":
        return render(request, "writing/together.html", asked(request, mine, **remembered(request)))
    kinds = list(TagKind.objects.filter(retired=False))
    wish = Wish.of(request.POST, kinds)
    ticked = set(request.POST.getlist("work"))
    chosen = [work for work in mine if work.ref in ticked]
    told = [words for words, lacks in ((NOTHING_TICKED, not chosen), (NOTHING_ASKED, wish.empty)) if lacks]
    if told:
        context = asked(request, mine, wish=wish, ticked=chosen)
        return render(request, "writing/together.html", context | {"told": told}, status=422)
    return redirect("write-sweep", sweeps.prepare(request.user, chosen, wish).ref)


def remembered(request) -> dict[str, object]:
    """Return what was asked in the sweep that the address names, to ask it differently."""
    before = Sweep.objects.filter(account=request.user, ref=request.GET.get("again", "")).first()
    if before is None:
        return {}
    return {
        "wish": Wish.kept(before.wish),
        "ticked": Work.objects.filter(pk__in=[each["work"] for each in before.plan]),
    }


def asked(request, mine, *, wish: Wish | None = None, ticked=()) -> dict[str, object]:
    """Return what the form shows: all works, the kinds of tags, and what was typed before."""
    wish, chosen = wish or Wish(), set(ticked)
    kinds = [
        {"kind": kind, "more": wish.more.get(kind.key, ""), "less": wish.less.get(kind.key, "")}
        for kind in TagKind.objects.filter(retired=False)
    ]
    choices = [choice(name, wish) for name in ("publish_as", "comments", "comments_moderated", "status", "kind")]
    recent = Sweep.objects.filter(account=request.user).exclude(done_at=None)[:RECENT]
    return {
        "works": [(work, work in chosen) for work in mine],
        "kinds": kinds,
        "choices": choices,
        "typed": {name: wish.sets.get(name, "") for name in FREE},
        "names": queries.pen_names_of(request.user),
        "recent": [(each, len([entry for entry in each.plan if entry["changes"]])) for each in recent],
    }


def choice(name: str, wish: Wish) -> dict[str, object]:
    return {
        "name": name,
        "label": pages.LABELS[name],
        "options": list(pages.SAID[name].items()),
        "chosen": wish.sets.get(name, ""),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def sweep(request, ref):
    """Show what would change in each work, and what can't; do it, or take it back."""
    found = get_object_or_404(Sweep, ref=ref, account=request.user)
    if request.method == "GET":
        return render(request, "writing/sweep.html", {"page": pages.sweep_page(found)})
    if request.POST.get("act") == "undo":
        done, words = sweeps.undo(found), "It is taken back."
    else:
        done, words = sweeps.do(found), "It is done. You can take it back below."
    if done:
        messages.success(request, words)
    else:
        messages.info(request, "That was done already. Nothing more was changed.")
    return redirect("write-sweep", found.ref)
