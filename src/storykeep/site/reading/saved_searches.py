"""Addresses of lists become lists again: for saved searches, feeds and letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve

from storykeep.query.parse import parse
from storykeep.site.reading import listings
from storykeep.site.reading.conditions import active
from storykeep.site.reading.listings import Listing
from storykeep.site.search import narrowing
from storykeep.site.search.asking import Answer, answer, both
from storykeep.site.search.contract import Engine, Order, Question
from storykeep.site.search.naming import Names, names_at
from storykeep.site.search.narrowing import Narrowing
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.tags.models import TagKind
from storykeep.site.works.queries import readable_by

LOOKED_AT = 100  # works of a list, the newest, that are looked at for what is new


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A list at an address, narrowed: ``said`` tells in words what is in it."""

    listing: Listing
    chosen: Narrowing
    address: str
    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Place:
    """An address in its parts: the list, what its path names, and what narrows it."""

    list: str
    tags: tuple[str, ...]
    people: tuple[str, ...]
    series: tuple[str, ...]
    given: QueryDict


def at(user, address: str) -> Found | None:
    """Return the list at ``address`` (path and query) as ``user`` may see it, or None. At most 6 queries."""
    return all_at(user, [address])[0]


def all_at(user, addresses: Iterable[str]) -> list[Found | None]:
    """Return the lists at ``addresses``, None where there is none. At most 6 queries, however many there are."""
    places = [place_of(address) for address in addresses]
    known = [place for place in places if place]
    named = [narrowing.named(place.given) for place in known]
    names = names_at(
        user,
        tags=[each for place, (tags, *_) in zip(known, named, strict=True) for each in (*place.tags, *tags)],
        people=[each for place, (_, people, _) in zip(known, named, strict=True) for each in (*place.people, *people)],
        series=[each for place, (*_, series) in zip(known, named, strict=True) for each in (*place.series, *series)],
    )
    return [found_at(place, names) if place else None for place in places]


def place_of(address: str) -> Place | None:
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (Resolver404, ValueError):
        return None
    if parts.scheme or parts.netloc or match.url_name not in LISTS:
        return None
    kwargs = match.kwargs
    return Place(
        match.url_name,
        (f"{kwargs['kind']}:{kwargs['slug']}",) if match.url_name == "tag" else (),
        (kwargs["slug"],) if match.url_name == "person" else (),
        (kwargs["ref"],) if match.url_name == "series" else (),
        QueryDict(parts.query),
    )


LISTS = {
    "newest": lambda *_: listings.newest(),
    "updated": lambda *_: listings.updated(),
    "search": lambda *_: listings.everything(),
    "tag": lambda place, names: listings.tagged(names.tags.get(place.tags[0])),
    "person": lambda place, names: listings.by(names.people.get(place.people[0])),
    "series": lambda place, names: listings.in_series(names.series.get(place.series[0])),
}


def found_at(place: Place, names: Names) -> Found | None:
    listing = LISTS[place.list](place, names)
    if not listing:
        return None
    chosen = replace(narrowing.understood(place.given, names), page=1)
    return Found(
        listing=listing,
        chosen=chosen,
        address=narrowing.address(listing.path, chosen),
        name=name_of(listing, chosen),
        said=sentence(listing, chosen),
    )


def name_of(listing: Listing, chosen: Narrowing) -> str:
    conditions = [each.words for each in active(chosen) if not each.not_]
    head = [listing.heading] if listing.heading != "Search" else []
    return ", ".join([*head, *conditions])[:120] or "All works"


def sentence(listing: Listing, chosen: Narrowing) -> str:
    parts = [f"{'not ' if each.not_ else ''}{each.label}: {each.words}" for each in active(chosen)]
    return " · ".join([listing.heading, *parts])


# ── what is in them
def newest_of(user, found: Found, most: int) -> Answer:
    """Return the works of the list that came last to the archive first."""
    chosen = replace(found.chosen, order=Order.NEWEST)
    return answer(user, chosen, found.listing.within, Order.NEWEST, most)


def new_in(user, lists: Iterable[tuple[Found | None, datetime]]) -> list[list[int]]:
    """Return for each (list, date) the works that came to the archive since, the latest first. 2 queries in all.

    Of each list the newest 100 are looked at.
    """
    kinds = list(TagKind.objects.values_list("key", flat=True))
    asked = engine()
    pairs = [(newest_ids(asked, user, found, kinds) if found else [], since) for found, since in lists]
    ids = {each for some, _ in pairs for each in some}
    added = dict(readable_by(user).filter(pk__in=ids).values_list("pk", "added_at"))
    return [[each for each in some if each in added and added[each] > since] for some, since in pairs]


def newest_ids(asked: Engine, user, found: Found, kinds: list[str]) -> list[int]:
    question = Question(
        tree=parse(found.chosen.words, kinds).tree,
        reader=reader_for(user),
        filters=both(found.listing.within, found.chosen.filters),
        order=Order.NEWEST,
        most=LOOKED_AT,
    )
    return [hit.id for hit in asked.search(question).hits]
