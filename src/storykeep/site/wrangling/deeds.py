"""A form of the wrangling desk says what is to be done: which verb, to which tags, with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from storykeep.model.errors import UsageError
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.wrangling import queries, verbs
from storykeep.site.wrangling.sheet import Sheet

MOST = 5_000  # tags in one action; a list of tags (CSV) takes more
AT_ONCE = {"settle", "unsettle"}  # nobody's search or address changes, so nothing is asked first


@dataclass(frozen=True, slots=True)
class Deed:
    """What a wrangler asks for: ``write`` writes it on a sheet and returns it in words."""

    verb: str
    write: Callable[[Sheet], str]


def deed(form) -> Deed:
    """Return what ``form`` (a QueryDict) asks for. Raises UsageError that says what is missing."""
    verb = form.get("verb", "")
    if verb not in DEEDS:
        raise UsageError("Choose what is to be done.")
    tags = chosen(form)
    if not tags and verb != "make":
        raise UsageError("Tick at least one tag.")
    return Deed(verb, DEEDS[verb](form, tags))


def chosen(form) -> list[int]:
    """Return the ids of the tags that are ticked, or of all that the filter shows."""
    if form.get("all"):
        found = list(queries.tags(queries.Filter.asked(form)).values_list("pk", flat=True)[: MOST + 1])
    else:
        found = list(dict.fromkeys(int(tag) for tag in form.getlist("tag") if tag.isascii() and tag.isdigit()))
    if len(found) > MOST:
        raise UsageError(f"One action takes at most {MOST} tags. Narrow them down, or bring in a list of tags.")
    return found


def into(form, field: str, tags: list[int]) -> int:
    """Return the tag that a field names: by "kind: name", or by its name alone, in the kind of ``tags`` first."""
    words = " ".join(form.get(field, "").split())
    if not words:
        raise UsageError("Name the tag.")
    if form.get(f"{field}_id", "").isdigit():
        known = Tag.objects.filter(pk=int(form[f"{field}_id"]), name=words).first()
        if known:
            return known.pk
    return by_name(words, Tag.objects.filter(pk__in=tags[:1]).values_list("kind", flat=True).first())


def by_name(words: str, first: int | None) -> int:
    key, colon, rest = words.partition(":")
    kind = TagKind.objects.filter(key=key.strip().lower()).first() if colon else None
    if kind and (there := Tag.called(kind.pk, rest.strip()).first()):
        return there.pk
    kinds = sorted(TagKind.objects.all(), key=lambda each: each.pk != first)
    found = [there for each in kinds if (there := Tag.called(each.pk, words).first())]
    if not found:
        raise UsageError(f"There is no tag called “{words}”. Add it first, or rename this one.")
    if len(found) > 1 and found[0].kind_id != first:
        raise UsageError(f"Several tags are called “{words}”. Write the kind before it: {kinds[0].key}: {words}")
    return found[0].pk


def kind_named(form) -> TagKind:
    kind = TagKind.objects.filter(key=form.get("kind_to", "")).first()
    if kind is None:
        raise UsageError("Choose a kind of tags.")
    return kind


def one(tags: list[int]) -> int:
    if len(tags) != 1:
        raise UsageError("This is done to one tag at a time.")
    return tags[0]


def parts(form, tags: list[int]) -> list[tuple[TagKind, str]]:
    """Return the parts of a split, one a line: a name in the tag's own kind, or "kind: name"."""
    kinds = {kind.key: kind for kind in TagKind.objects.all()}
    own = TagKind.objects.get(tags__pk=one(tags))
    lines = [line.strip() for line in form.get("parts", "").splitlines() if line.strip()]
    return [part(line, kinds, own) for line in lines]


def part(line: str, kinds: dict[str, TagKind], own: TagKind) -> tuple[TagKind, str]:
    key, colon, rest = line.partition(":")
    named = kinds.get(key.strip().lower()) if colon else None
    return (named, rest.strip()) if named else (own, line)


def merging(form, tags):
    target = into(form, "into", tags)
    return lambda sheet: verbs.merge(sheet, tags, target)


def nesting(form, tags):
    target = into(form, "under", tags)
    return lambda sheet: verbs.nest(sheet, tags, target)


def taking_out(form, tags):
    over = form.get("over", "")
    if not over.isdigit():
        raise UsageError("Choose what it is taken out of.")
    return lambda sheet: verbs.take_out(sheet, tags, int(over))


def renaming(form, tags):
    tag, name = one(tags), form.get("name", "")
    return lambda sheet: verbs.rename(sheet, tag, name)


def moving(form, tags):
    kind = kind_named(form)
    return lambda sheet: verbs.move(sheet, tags, kind)


def splitting(form, tags):
    tag, pieces = one(tags), parts(form, tags)
    return lambda sheet: verbs.split(sheet, tag, pieces)


def making(form, tags):
    kind, name = kind_named(form), form.get("name", "")
    return lambda sheet: verbs.make(sheet, kind, name)


def simply(verb, **given):
    return lambda _, tags: lambda sheet: verb(sheet, tags, **given)


DEEDS: dict[str, Callable[..., Callable[[Sheet], str]]] = {
    "merge": merging,
    "separate": simply(verbs.separate),
    "rename": renaming,
    "nest": nesting,
    "take-out": taking_out,
    "move": moving,
    "split": splitting,
    "whole": simply(verbs.whole),
    "settle": simply(verbs.settle),
    "unsettle": simply(verbs.settle, settled=False),
    "remove": simply(verbs.remove),
    "make": making,
}
