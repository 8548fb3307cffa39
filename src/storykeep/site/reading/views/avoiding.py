"""What a member never wants to meet: asked once, kept, listed, taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from storykeep.site.reading import cards
from storykeep.site.reading.pages import Head, Link
from storykeep.site.search.avoiding import MOST
from storykeep.site.search.models import Avoided
from storykeep.site.search.naming import people_at, tags_at
from storykeep.site.search.narrowing import token_of
from storykeep.site.works.queries import listing, readable_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing that could be avoided: ``name`` and ``value`` are what the button sends."""

    name: str
    value: str
    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One thing that is avoided."""

    id: int
    label: str
    link: Link


@never_cache
@login_required
def listed(request):
    """Show all that this member avoids, each with a way back."""
    rows = Avoided.objects.filter(account=request.user).select_related("tag__kind", "person", "work").order_by("-pk")
    context = {"page": {"head": Head(title="Never shown", hidden=True), "kept": tuple(map(kept, rows[:MOST]))}}
    return render(request, "reading/never.html", context)


def kept(row: Avoided) -> Kept:
    it = row.tag or row.person or row.work
    label = row.tag.kind.name if row.tag else "Author" if row.person else "Work"
    return Kept(id=row.pk, label=label, link=Link(words=str(it), url=it.get_absolute_url()))


@never_cache
@login_required
def ask(request):
    """Ask what exactly should never be shown; on POST keep it and lead back."""
    if request.method == "POST":
        return keep(request)
    offers = tuple(offered(request))
    if not offers:
        raise Http404
    context = {"head": Head(title="Never show me", hidden=True), "offers": offers, "back": way_back(request)}
    return render(request, "reading/never_ask.html", {"page": context})


def offered(request):
    """Yield what the address names, and with a work its authors and tags."""
    given = request.GET
    if given.get("work"):
        yield from around(request.user, given["work"])
    if given.get("tag"):
        yield from (tag_offer(tag) for tag in tags_at(request.user, [given["tag"]]).values())
    if given.get("person"):
        yield from (person_offer(person) for person in people_at(request.user, [given["person"]]).values())


def around(user, ref: str):
    work = listing(readable_by(user).filter(ref=ref)).first()
    if not work:
        return
    yield Offer(name="work", value=work.ref, label="This work", words=str(work))
    yield from (person_offer(credit.person) for credit in work.author_credits if credit.person)
    tags = {each.tag.canonical.pk: each.tag.canonical for each in cards.browsable(work.shown_tags)}
    yield from map(tag_offer, tags.values())


def tag_offer(tag) -> Offer:
    return Offer(name="tag", value=token_of(tag), label=tag.kind.name, words=tag.name)


def person_offer(person) -> Offer:
    return Offer(name="person", value=person.slug, label="All works by", words=person.name)


def keep(request):
    found = named(request)
    if not found:
        raise Http404
    if Avoided.objects.filter(account=request.user).count() >= MOST:
        messages.error(request, f"You avoid {MOST:,} things already. Take something back first.")
        return redirect("never")
    row, _ = Avoided.objects.get_or_create(account=request.user, **found)
    (it,) = found.values()
    messages.success(request, f"You will not meet “{it}” again.", extra_tags=f"undo-{row.pk}")
    return redirect(way_back(request))


def named(request) -> dict[str, object]:
    """Return the one thing that was sent, as far as this member may know of it."""
    given, user = request.POST, request.user
    if given.get("work"):
        work = readable_by(user).filter(ref=given["work"]).first()
        return {"work": work} if work else {}
    if given.get("tag"):
        return only("tag", tags_at(user, [given["tag"]]))
    if given.get("person"):
        return only("person", people_at(user, [given["person"]]))
    return {}


def only(name: str, found: dict) -> dict[str, object]:
    first = next(iter(found.values()), None)
    return {name: first} if first else {}


@require_POST
@login_required
def undo(request):
    row = Avoided.objects.filter(account=request.user, pk=whole(request.POST.get("id", ""))).first()
    if row:
        messages.success(request, f"“{row}” is shown again.")
        row.delete()
    return redirect(way_back(request))


def whole(given: str) -> int:
    given = given.removeprefix("undo-")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0  # noqa: PLR2004 — digits of 64 bits


def way_back(request) -> str:
    """Return where the member came from, on this site only; their list of what is never shown otherwise."""
    asked = request.POST.get("back") or request.GET.get("back") or request.headers.get("Referer", "")
    host = request.get_host()
    safe = url_has_allowed_host_and_scheme(asked, {host}, require_https=request.is_secure())
    return asked if safe and asked.startswith(("/", "http")) and "/never" not in asked else reverse("never")
