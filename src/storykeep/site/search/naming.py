"""What an address names: tags, people and series, by what they were called once, too.

Whoever may see no work of theirs does not learn that they are there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from storykeep.site.search.contract import Order, Question
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.tags.models import OldName, Tag
from storykeep.site.works.models import Person, Series
from storykeep.site.works.queries import credited_in, readable_by

Tags = dict[str, Tag]


@dataclass(frozen=True, slots=True)
class Names:
    """What addresses name, as far as a reader may know of it: tags by "kind:slug", people by slug, series by ref."""

    tags: Tags = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)


def names_at(user, tags: Iterable[str] = (), people: Iterable[str] = (), series: Iterable[str] = ()) -> Names:
    """Return what is at all these places; however many there are, at most 5 queries."""
    wanted = list(dict.fromkeys(tags)), list(dict.fromkeys(people)), list(dict.fromkeys(series))
    return Names(
        tags_at(user, wanted[0]) if wanted[0] else {},
        people_at(user, wanted[1]) if wanted[1] else {},
        series_at(user, wanted[2]) if wanted[2] else {},
    )


def tags_at(user, tokens: Iterable[str]) -> Tags:
    """Return the tags that are here today by "kind:slug"; a synonym leads to its canonical tag. 1 or 2 queries."""
    wanted = {token: tuple(token.rpartition(":")[::2]) for token in tokens}
    found = by_place(Tag.objects.select_related("kind", "synonym_of__kind"), set(wanted.values()))
    missing = {place for place in wanted.values() if place not in found}
    if missing:
        old = OldName.objects.select_related("kind", "tag__kind", "tag__synonym_of__kind")
        found |= {place: row.tag for place, row in by_place(old, missing).items()}
    tags = {token: found[place].canonical for token, place in wanted.items() if place in found}
    known = used(user, [tag.pk for tag in tags.values()])
    return {token: tag for token, tag in tags.items() if tag.pk in known}


def used(user, tags: list[int]) -> set[int]:
    """Return those of ``tags`` that stand on a work that ``user`` may see, avoided or not."""
    return {tag for tag, count in counted(user, tags, avoiding=False).items() if count}


def counted(user, tags: list[int], question: Question | None = None, *, avoiding: bool = True) -> dict[int, int]:
    """Return how many works each of ``tags`` would leave of what ``question`` finds; without one, of all works.

    Each is only counted: that costs less than all the facets of so many works.
    """
    asked = question or Question(reader=reader_for(user, avoiding=avoiding))
    index, include = (engine(), asked.filters.include) if tags else (None, ())

    def total(tag: int) -> int:
        filters = replace(asked.filters, include=(*include, (tag,)))
        return index.search(replace(asked, filters=filters, order=Order.UPDATED, first=0, most=1)).total

    return {tag: total(tag) for tag in dict.fromkeys(tags)}


def by_place(rows, places: set[tuple[str, str]]) -> dict[tuple[str, str], object]:
    kinds, slugs = {kind for kind, _ in places}, {slug for _, slug in places}
    near = rows.filter(kind__key__in=kinds, slug__in=slugs).order_by("pk")
    return {(row.kind.key, row.slug): row for row in near if (row.kind.key, row.slug) in places}


def people_at(user, slugs: Iterable[str]) -> dict[str, Person]:
    """Return who is at these addresses now, after all mergings. 2 queries."""
    rows = {row.slug: row.lead for row in Person.objects.filter(slug__in=list(slugs)).select_related("merged_into")}
    seen = credited_in(readable_by(user)).filter(pk__in=[row.pk for row in rows.values()])
    known = set(seen.values_list("pk", flat=True))
    return {slug: row for slug, row in rows.items() if row.pk in known}


def series_at(user, refs: Iterable[str]) -> dict[str, Series]:
    rows = Series.objects.filter(ref__in=list(refs), places__work__in=readable_by(user).values("pk"))
    return {row.ref: row for row in rows.distinct()}
