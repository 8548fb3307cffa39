"""Addresses of lists become lists again: for saved searches, feeds and letters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve

from storykeep.site.reading import listings
from storykeep.site.reading.listings import Listing
from storykeep.site.reading.panel import active
from storykeep.site.search import narrowing
from storykeep.site.search.asking import Answer, answer
from storykeep.site.search.contract import Order
from storykeep.site.search.models import SavedSearch
from storykeep.site.search.naming import used
from storykeep.site.search.narrowing import Narrowing
from storykeep.site.works import queries

NEW_LOOKED_AT = 200  # works that are looked at for what is new


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A list at an address, narrowed: ``said`` tells in words what is in it."""

    listing: Listing
    chosen: Narrowing
    address: str
    name: str
    said: str


def at(user, address: str) -> Found | None:
    """Return the list at ``address`` (path and query) as ``user`` may see it, or None. A few queries."""
    parts = urlsplit(address)
    listing = listing_at(user, parts.path)
    if not listing or parts.scheme or parts.netloc:
        return None
    chosen = replace(narrowing.read(QueryDict(parts.query), user), page=1)
    return Found(
        listing=listing,
        chosen=chosen,
        address=narrowing.address(listing.path, chosen),
        name=name_of(listing, chosen),
        said=sentence(listing, chosen),
    )


def opened(user, row: SavedSearch) -> Found | None:
    return at(user, row.address)


def listing_at(user, path: str) -> Listing | None:
    """Return the list at ``path``, or None where there is none that ``user`` may see."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    named = {"newest": listings.newest, "updated": listings.updated, "search": listings.everything}
    if match.url_name in named:
        return named[match.url_name]()
    found = {"tag": tag_listing, "person": person_listing, "series": series_listing}.get(match.url_name)
    return found(user, match.kwargs) if found else None


def tag_listing(user, given) -> Listing | None:
    tag = queries.tag_page(given["kind"], given["slug"])
    return listings.tagged(user, tag) if tag and used(user, [tag.pk]) else None


def person_listing(user, given) -> Listing | None:
    person = queries.person_page(user, given["slug"])
    return listings.by(person) if person else None


def series_listing(user, given) -> Listing | None:
    series = queries.series_page(user, given["ref"])
    return listings.in_series(series) if series else None


def name_of(listing: Listing, chosen: Narrowing) -> str:
    conditions = [each.words for each in active(chosen) if not each.not_]
    head = [listing.heading] if listing.heading != "Search" else []
    return ", ".join([*head, *conditions])[:120] or "All works"


def sentence(listing: Listing, chosen: Narrowing) -> str:
    parts = [f"{'not ' if each.not_ else ''}{each.label}: {each.words}" for each in active(chosen)]
    return " · ".join([listing.heading, *parts])


def newest_of(user, found: Found, most: int) -> Answer:
    """Return the works of the list that came last to the archive first."""
    chosen = replace(found.chosen, order=Order.NEWEST)
    usual = Order.NEWEST
    return answer(user, chosen, found.listing.within, usual, most)


def new_in(user, row: SavedSearch, found: Found, most: int = NEW_LOOKED_AT) -> int:
    """Return how many works came to the archive since ``row`` was last opened; at most ``most`` are counted."""
    works = newest_of(user, found, most).works
    return sum(each.work.added_at > row.looked_at for each in works)
