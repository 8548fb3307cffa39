"""A name becomes a tag: the one that is called so, or was once, or a new one."""

from __future__ import annotations

from collections.abc import Iterable

from storykeep.model.identity import sha256
from storykeep.model.story import Tag as StoryTag
from storykeep.site.tags import presets
from storykeep.site.tags.models import BEGINNING, Beginning, OldName, Tag, TagKind, Whole
from storykeep.text.fold import fold

Named = dict[tuple[str, str], Tag]


def tags_named(given: Iterable[StoryTag]) -> Named:
    """Return a tag for each of ``given`` by (kind, name), made if new."""
    given = tuple(given)
    found = known(given)
    for tag in given:
        if (tag.kind, tag.name) not in found:
            found[tag.kind, tag.name] = new_tag(tag)
    return found


def known(given: tuple[StoryTag, ...]) -> Named:
    """Return the tags that are there by (kind, name); one that was renamed or moved, by its old name too. 2 queries."""
    if not given:
        return {}
    kinds = {tag.kind for tag in given}
    old = OldName.objects.filter(kind__key__in=kinds, digest__in={sha256(tag.name.encode()) for tag in given})
    found = {(row.kind.key, row.name): row.tag for row in old.select_related("kind", "tag__kind")}
    folded = {fold(tag.name) for tag in given}
    rows = Tag.objects.alias(beginning=Beginning("folded"), whole=Whole("folded")).select_related("kind")
    now = rows.filter(kind__key__in=kinds, beginning__in={each[:BEGINNING] for each in folded}, whole__in=folded)
    return found | {(tag.kind.key, tag.name): tag for tag in now}


def new_tag(given: StoryTag) -> Tag:
    """Make a tag; one that only differs in accents or case from another is its synonym."""
    kind, _ = TagKind.objects.get_or_create(key=given.kind, defaults=rescued_kind(given.kind))
    alike = Tag.called(kind.pk, given.name).filter(synonym_of=None).first()
    tag = Tag.objects.create(kind=kind, name=given.name, synonym_of=alike)
    if given.parent and given.parent != given.name and not alike:
        (over,) = tags_named([StoryTag(kind=given.kind, name=given.parent)]).values()
        if over.canonical != tag:
            tag.parents.add(over.canonical)
    return tag


def rescued_kind(key: str) -> dict[str, object]:
    """Return a kind's usual values, but nothing that a rescued work might not keep to."""
    return {**presets.defaults(key), "open": True, "many": True, "required": False}
