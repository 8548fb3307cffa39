"""What is always true of tags: none stands over itself, no synonym has synonyms, nothing stands under a synonym."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storykeep.model.errors import Conflict
from storykeep.site.tags.models import Tag
from storykeep.site.tags.queries import ids_over
from storykeep.site.wrangling import facts

Facts = Mapping[str, tuple[object, object]]


def sound(altered: Facts) -> None:
    """Raise Conflict if tags would stand in a circle, or synonyms of synonyms, or tags under synonyms."""
    links = {facts.pair(place) for place, (_, after) in altered.items() if place.startswith("link:") and after}
    tags = [facts.number(place) for place, (_, after) in altered.items() if place.startswith("tag:") and after]
    no_circles(links)
    both = sorted({*tags, *(tag for pair in links for tag in pair)})
    for some in facts.parts(both):
        no_chains(some)


def everything_is_there(altered: Facts) -> None:
    """Raise Conflict where a fact names a tag that was removed."""
    made = {facts.number(place) for place, (_, after) in altered.items() if place.startswith("tag:") and after}
    wanted: set[int] = set()
    for place, (_, after) in altered.items():
        if after and place.startswith(("link:", "apart:")):
            wanted |= {*facts.pair(place)}
        elif isinstance(after, dict):
            wanted |= {id for key in ("synonym_of", "tag") if (id := after.get(key))}  # noqa: A001 — a tag's id
    for some in facts.parts(sorted(wanted - made)):
        if Tag.objects.filter(pk__in=some).count() < len(some):
            raise Conflict("A tag that this needs was removed since. Undo that first.")


def no_circles(links: Iterable[tuple[int, int]]) -> None:
    links = list(links)
    over = ids_over(parent for _, parent in links)
    for child, parent in links:
        if child in over.get(parent, ()):
            names = dict(Tag.objects.filter(pk__in=(child, parent)).values_list("pk", "name"))
            raise Conflict(f"“{names[child]}” and “{names[parent]}” would stand under each other now.")


def no_chains(tags: Iterable[int]) -> None:
    rows = Tag.objects.filter(pk__in=tags)
    chained = rows.filter(synonym_of__isnull=False, synonyms__isnull=False).first()
    second = rows.filter(synonym_of__synonym_of__isnull=False).select_related("synonym_of").first()
    tied = rows.filter(synonym_of__isnull=False, parents__isnull=False) | rows.filter(
        synonym_of__isnull=False, children__isnull=False
    )
    hollow = rows.filter(joint=True, children__isnull=False)
    wrong = chained or (second and second.synonym_of) or tied.first() or hollow.first()
    if wrong:
        raise Conflict(f"“{wrong}” was merged or split since, and other tags depend on that. Undo that first.")
