"""Searches with a name: kept, opened with what is new, renamed, deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from storykeep.site.accounts.mail import can_send
from storykeep.site.reading import saved_searches
from storykeep.site.reading.pages import Head
from storykeep.site.search import narrowing
from storykeep.site.search.contract import Order
from storykeep.site.search.models import Mailed, SavedSearch

MOST = 200  # saved searches of one account
LONGEST_NAME = 120
LONGEST_ADDRESS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A saved search in the list: ``new`` counts what came since it was last opened."""

    ref: str
    name: str
    said: str
    new: int
    feed: str


@never_cache
@login_required
def saved(request):
    rows = list(SavedSearch.objects.filter(account=request.user)[:MOST])
    lists = saved_searches.all_at(request.user, [row.address for row in rows])
    pairs = [(found, row.looked_at) for row, found in zip(rows, lists, strict=True)]
    new = saved_searches.new_in(request.user, pairs) if rows else []
    searches = tuple(shown(*each) for each in zip(rows, lists, map(len, new), strict=True))
    page = {"head": Head(title="Saved searches", hidden=True), "searches": searches}
    return render(request, "reading/saved_searches.html", {"page": page})


def shown(row: SavedSearch, found, new: int) -> Shown:
    said = found.said if found else "This list is gone."
    return Shown(ref=row.ref, name=row.name, said=said, new=new, feed=reverse("saved-feed", args=[row.token]))


@never_cache
@login_required
def new(request):
    """Ask for a name; on POST keep the search."""
    address = (request.POST.get("of") or request.GET.get("of", ""))[:LONGEST_ADDRESS]
    found = saved_searches.at(request.user, address)
    if not found:
        raise Http404
    if request.method == "GET":
        page = {
            "head": Head(title="Save this search", hidden=True),
            "of": address,
            "name": found.name,
            "said": found.said,
            "mails": Mailed.choices if can_send() else (),
            "mail": Mailed.NEVER,
        }
        return render(request, "reading/save_search.html", {"page": page})
    if SavedSearch.objects.filter(account=request.user).count() >= MOST:
        messages.error(request, f"You have {MOST} saved searches. Delete one first.")
        return redirect("saved-searches")
    name = request.POST.get("name", "").strip()[:LONGEST_NAME] or found.name
    SavedSearch.objects.create(account=request.user, name=name, address=found.address, mail=mail_asked(request))
    messages.success(request, f"“{name}” is kept.")
    return redirect("saved-searches")


def mail_asked(request, otherwise: str = Mailed.NEVER) -> str:
    """Return how often letters are wished, as the form says."""
    asked = request.POST.get("mail")
    return asked if asked in set(Mailed) else otherwise


def own(request, ref: str) -> SavedSearch:
    return get_object_or_404(SavedSearch, account=request.user, ref=ref)


@never_cache
@login_required
def look(request, ref: str):
    """Open a saved search, newest first where anything is new, and note that it was looked at."""
    row = own(request, ref)
    found = saved_searches.at(request.user, row.address)
    (new,) = saved_searches.new_in(request.user, [(found, row.looked_at)])
    SavedSearch.objects.filter(pk=row.pk).update(looked_at=timezone.now())
    if not (found and new):
        return redirect(row.address)
    messages.info(request, f"{len(new):,} new since you last looked. What is newest in the archive comes first.")
    return redirect(narrowing.address(found.listing.path, replace(found.chosen, order=Order.NEWEST)))


@never_cache
@login_required
def edit(request, ref: str):
    row = own(request, ref)
    if request.method == "POST":
        row.name = request.POST.get("name", "").strip()[:LONGEST_NAME] or row.name
        before, row.mail = row.mail, mail_asked(request, row.mail)
        row.mailed_at = (
            row.mailed_at if before else timezone.now()
        )  # the first letter begins when letters are asked for
        row.save(update_fields=["name", "mail", "mailed_at"])
        messages.success(request, f"“{row.name}” is kept so.")
        return redirect("saved-searches")
    head = Head(title=f"Change {row.name}", hidden=True)
    page = {"head": head, "name": row.name, "mails": Mailed.choices if can_send() else (), "mail": row.mail}
    return render(request, "reading/save_search.html", {"page": page})


@never_cache
@login_required
def delete(request, ref: str):
    row = own(request, ref)
    if request.method == "POST":
        row.delete()
        messages.success(request, f"“{row.name}” is deleted.")
        return redirect("saved-searches")
    page = {"head": Head(title=f"Delete {row.name}", hidden=True), "name": row.name}
    return render(request, "reading/delete_search.html", {"page": page})
