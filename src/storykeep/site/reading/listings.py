"""The lists of works that this archive has: what stands at their head, and which works are in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from storykeep.site.reading import cards
from storykeep.site.reading.pages import Favourite, Link, Related
from storykeep.site.search.contract import NO_FILTERS, Filters, Order
from storykeep.site.search.naming import counted
from storykeep.site.tags.models import Tag
from storykeep.site.works.models import Person, Series

MOST = 60  # tags above, below and beside one that are named
IN_ORDER = (("", "In the order of the series"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of works before anybody narrows it. ``own_orders`` are those that only this list has, the usual first."""

    path: str
    heading: str
    lead: str = ""
    description: str = ""
    within: Filters = NO_FILTERS
    usual: Order = Order.UPDATED
    own_orders: tuple[tuple[str, str], ...] = ()
    eyebrow: Link | None = None
    intro: str = ""
    related: tuple[Related, ...] = ()
    series: Series | None = None
    language: str = ""
    favourite: Favourite | None = None


def newest() -> Listing:
    lead = "What came to the archive last."
    return Listing(path=reverse("newest"), heading="Newest", lead=lead, description=lead, usual=Order.NEWEST)


def updated() -> Listing:
    lead = "By the date that the works themselves bear."
    return Listing(path=reverse("updated"), heading="Lately updated", lead=lead, description=lead)


def everything() -> Listing:
    return Listing(path=reverse("search"), heading="Search")


def tagged(tag: Tag | None) -> Listing | None:
    return tag and Listing(
        path=tag.get_absolute_url(),
        heading=tag.name,
        description=f"Works under {tag.name}.",
        within=Filters(include=((tag.pk,),)),
        eyebrow=Link(words=tag.kind.name, url=reverse("tags", args=[tag.kind.key])),
    )


def by(person: Person | None) -> Listing | None:
    return person and Listing(
        path=person.get_absolute_url(),
        heading=person.name,
        description=f"Works by {person.name}.",
        within=Filters(people=(person.pk,)),
        usual=Order.TITLE,
    )


def in_series(series: Series | None) -> Listing | None:
    return series and Listing(
        path=series.get_absolute_url(),
        heading=series.title,
        description=cards.sentence(series.summary),
        within=Filters(series=(series.pk,)),
        own_orders=IN_ORDER,
        eyebrow=Link(words="A series", url=reverse("all-series")),
        intro=series.summary,
        series=series,
    )


def related_tags(user, tag: Tag) -> tuple[Related, ...]:
    """Return what a tag stands under, what stands under it with counts, and its other names. 3 queries."""
    parents = list(tag.parents.select_related("kind"))
    children = list(tag.children.filter(synonym_of=None, joint=False).select_related("kind").order_by("-uses")[:MOST])
    counts = counted(user, [each.pk for each in (*parents, *children)])
    narrower = sorted((each for each in children if counts.get(each.pk)), key=lambda each: each.folded)
    lines = (
        ("Part of", [cards.tag_link(each) for each in parents if counts.get(each.pk)]),
        ("Narrower", [cards.tag_link(each, counts[each.pk]) for each in narrower]),
        ("Also called", [Link(words=each.name) for each in tag.synonyms.order_by("-uses", "folded")[:MOST]]),
    )
    return tuple(Related(label=label, links=tuple(links)) for label, links in lines if links)


def broader_series(series: Series) -> tuple[Related, ...]:
    if not series.parent:
        return ()
    return (Related(label="Part of", links=(Link(words=series.parent.title, url=series.parent.get_absolute_url()),)),)
