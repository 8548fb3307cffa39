"""The archive's kinds of tags with the tags that find most, as this reader may count them."""

from __future__ import annotations

from django.urls import reverse

from storykeep.site.reading import cards
from storykeep.site.reading.pages import KindOfTags
from storykeep.site.search.contract import Question
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.tags.models import Tag, TagKind


def kinds_to_browse() -> list[TagKind]:
    return list(TagKind.objects.filter(filter=True, retired=False))


def counted_kinds(user, most: int) -> tuple[KindOfTags, ...]:
    """Return the kinds that readers browse by, each with its ``most`` tags that find most. 2 queries."""
    kinds = kinds_to_browse()
    counts = engine().facets(Question(reader=reader_for(user)), [kind.key for kind in kinds], most + 1).tags
    found: dict[int, list[Tag]] = {}
    for tag in Tag.objects.filter(pk__in=counts).select_related("kind"):
        found.setdefault(tag.kind_id, []).append(tag)
    return tuple(kind_of_tags(kind, found[kind.pk], counts, most) for kind in kinds if kind.pk in found)


def kind_of_tags(kind: TagKind, tags: list[Tag], counts, most: int) -> KindOfTags:
    """Return a kind with its tags; a short list stands in the order of the alphabet, a part of a long one by count."""
    whole = len(tags) <= most
    ordered = sorted(tags, key=lambda tag: tag.folded if whole else (-counts[tag.pk], tag.folded))
    return KindOfTags(
        name=kind.name,
        url=reverse("tags", args=[kind.key]),
        tags=tuple(cards.tag_link(tag, counts[tag.pk]) for tag in ordered[:most]),
        more=not whole,
    )
