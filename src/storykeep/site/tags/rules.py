"""What the archive asks of the tags of a work: closed lists, one or many, what every work needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from storykeep.site.tags.models import OldName, Tag, TagKind
from storykeep.text.fold import fold

LONGEST = 150  # characters of a tag
MOST = 75  # tags of one kind on a work


def problems(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what is wrong with the tags ``given`` (names by key of kind), in sentences by key of kind. 3 queries.

    Nothing is wrong when the answer is empty. A form shows each list beside the field of that kind.
    """
    kinds = {kind.key: kind for kind in TagKind.objects.all()}
    listed = names_in_lists([kind.pk for kind in kinds.values() if not kind.open])
    found = {key: list(wrong_with(kind, given.get(key, ()), listed)) for key, kind in kinds.items()}
    unknown = {key: ["There is no such kind of tags here."] for key in given if key not in kinds and given[key]}
    return {key: words for key, words in found.items() if words} | unknown


def names_in_lists(kinds: list[int]) -> set[tuple[int, str]]:
    rows = Tag.objects.filter(kind__in=kinds).values_list("kind", "folded")
    old = OldName.objects.filter(kind__in=kinds).values_list("kind", "name")
    return {*rows, *((kind, fold(name)) for kind, name in old)}


def wrong_with(kind: TagKind, names: Sequence[str], listed: set[tuple[int, str]]) -> Iterator[str]:
    if kind.required and not kind.retired and not names:
        yield f"Every work needs one of the {kind.name.lower()}."
    if not kind.many and len(names) > 1:
        yield "A work has one of these only."
    if len(names) > MOST:
        yield f"A work has at most {MOST} of these."
    if kind.retired and names:
        yield "This kind of tags is no longer used."
    for name in names:
        if len(name) > LONGEST:
            yield f"“{name[:40]}…” is too long; a tag has at most {LONGEST} characters."
        elif not kind.open and (kind.pk, fold(name)) not in listed:
            yield f"“{name}” is not in the list of {kind.name.lower()}."
