"""One pair of tags after another: the same, or not the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from storykeep.model.errors import StorykeepError
from storykeep.site.accounts.guards import for_wranglers
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.wrangling import actions, looking, queries, verbs
from storykeep.site.wrangling.likeness import REASONS
from storykeep.site.wrangling.models import Alike
from storykeep.site.wrangling.views import say

PER_PAGE = 25
SAYS = {"same", "other-way", "apart"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair as the page shows it: why they may be the same, and on how many works each stands."""

    row: Alike
    reason: str
    sure: int
    works: int
    into_works: int


@require_safe
@for_wranglers
def alike(request):
    look = looking.look_if_needed()
    kind, reason = request.GET.get("kind", ""), request.GET.get("reason", "")
    page = Paginator(looking.open_pairs(kind, reason), PER_PAGE).get_page(request.GET.get("page"))
    known = {"here": "alike", "look": look, "page": page, "proposals": proposals(list(page)), "kind": kind}
    choices = {"kinds": TagKind.objects.all(), "reason": reason, "reasons": REASONS.items(), "at": at(request.GET)}
    return render(request, "wrangling/alike.html", {**known, **choices})


def proposals(rows: list[Alike]) -> list[Proposal]:
    uses = queries.uses_with_synonyms([tag for row in rows for tag in (row.tag_id, row.into_id)])
    return [
        Proposal(row, REASONS.get(row.reason, row.reason), round(100 * row.sure), uses[row.tag_id], uses[row.into_id])
        for row in rows
    ]


@require_POST
@for_wranglers
def decide(request, pk: int):
    """Say whether two tags are the same, and go on to the next pair."""
    said = request.POST.get("said", "")
    if said not in SAYS:
        raise Http404
    row = get_object_or_404(Alike.objects.select_related("tag", "into"), pk=pk)
    tag, into = (row.into, row.tag) if said == "other-way" else (row.tag, row.into)
    try:
        say(request, decided(request.user, said, tag, into))
    except StorykeepError as error:
        messages.warning(request, str(error))
    asked = {"kind": request.POST.get("kind"), "reason": request.POST.get("reason"), "page": request.POST.get("page")}
    asked["at"] = at(request.POST)
    return redirect(f"{reverse('wrangling-alike')}?{urlencode({key: value for key, value in asked.items() if value})}")


def decided(user, said: str, tag: Tag, into: Tag):
    if said == "apart":
        return actions.do(user, "apart", lambda sheet: verbs.apart(sheet, [(tag.pk, into.pk)]))
    action = actions.do(user, "merge", lambda sheet: verbs.merge(sheet, [tag.pk], into.pk))
    looking.follow(tag.pk, into.pk)
    return action


def at(form) -> int:
    """Return the place on the page from which to go on."""
    given = form.get("at", "")
    return min(int(given), PER_PAGE) if given.isascii() and given.isdigit() else 0


@require_POST
@for_wranglers
def look(request):
    found = looking.look()
    messages.success(request, f"{found} pair{'' if found == 1 else 's'} of tags look alike.")
    return redirect("wrangling-alike")
