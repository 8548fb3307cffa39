"""What a wrangler does to tags. Each verb writes on a sheet and returns what was done, in one sentence.

Raises Conflict where it can't be done; the message says why, and what to do instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storykeep.model.errors import Conflict, UsageError
from storykeep.model.identity import slug
from storykeep.site.tags.models import BEGINNING, Beginning, Tag, TagKind, Whole
from storykeep.site.tags.rules import LONGEST
from storykeep.site.wrangling import facts
from storykeep.site.wrangling.sheet import Sheet
from storykeep.text.fold import fold

FEW = 20  # tags; of more, everything is read at once


def merge(sheet: Sheet, tags: Sequence[int], into: int) -> str:
    """Let ``tags`` be synonyms of ``into``, which gets their synonyms and links."""
    into = canonical(sheet, into)
    if sheet.row(into)["joint"]:
        raise Conflict(f"“{sheet.name(into)}” stands for several tags. Choose one of them.")
    sheet.load([*tags, into])
    merged = [tag for tag in dict.fromkeys(tags) if tag != into]
    handed: set[int] = set()
    for tag in merged:
        handed |= hand_over(sheet, tag, into)
        sheet.set(tag, synonym_of=into, joint=False, settled=True)
    sheet.set(into, settled=True)
    no_circle(sheet, handed)
    return f"{quoted(sheet, merged)} merged into “{sheet.name(into)}”"


def hand_over(sheet: Sheet, tag: int, into: int) -> set[int]:
    """Give the synonyms and links of ``tag`` to ``into``; return the tags that stand under something else now."""
    handed: set[int] = set()
    for synonym in sheet.same(tag):
        sheet.set(synonym, synonym_of=into)
    for over in sheet.up(tag):
        sheet.link(tag, over, there=False)
        if over != into:
            sheet.link(into, over)
            handed.add(into)
    for below in sheet.down(tag):
        sheet.link(below, tag, there=False)
        if below != into:
            sheet.link(below, into)
            handed.add(below)
    return handed


def separate(sheet: Sheet, tags: Sequence[int]) -> str:
    """Let synonyms stand for themselves again."""
    for tag in tags:
        if not sheet.row(tag)["synonym_of"]:
            raise Conflict(f"“{sheet.name(tag)}” stands for itself already.")
        sheet.set(tag, synonym_of=None, settled=True)
    return f"{quoted(sheet, tags)} {'stands' if len(tags) == 1 else 'stand'} for {themselves(tags)} again"


def rename(sheet: Sheet, tag: int, name: str) -> str:
    """Give ``tag`` another name. Its old name is remembered, and its old address leads on."""
    name = tidy(name)
    row = sheet.row(tag)
    was = row["name"]
    if name == was:
        return f"“{was}” keeps its name"
    there = Tag.objects.filter(kind=row["kind"], name=name).exclude(pk=tag).first()
    if there:
        raise Conflict(f"There is a tag called “{name}” already. Merge “{was}” into it instead.")
    kept = slug(name) == slug(str(was))
    address = sheet.address(tag, int(row["kind"]), name)
    sheet.was_called(tag)
    sheet.set(tag, name=name, slug=row["slug"] if kept else address, settled=True)
    return f"“{was}” renamed to “{name}”"


def nest(sheet: Sheet, tags: Sequence[int], under: int) -> str:
    """Let ``tags`` stand under another: a broader one, or one of another kind that they belong to."""
    under = canonical(sheet, under)
    if sheet.row(under)["joint"]:
        raise Conflict(f"“{sheet.name(under)}” stands for several tags. Choose one of them.")
    sheet.load(tags)
    for tag in tags:
        if tag == under:
            raise Conflict(f"“{sheet.name(tag)}” can’t stand under itself.")
        if sheet.row(tag)["synonym_of"]:
            raise Conflict(f"“{sheet.name(tag)}” is a synonym. Nest “{sheet.name(canonical(sheet, tag))}” instead.")
        sheet.link(tag, under)
        sheet.set(tag, settled=True)
    no_circle(sheet, tags)
    return f"{quoted(sheet, tags)} {'stands' if len(tags) == 1 else 'stand'} under “{sheet.name(under)}”"


def take_out(sheet: Sheet, tags: Sequence[int], over: int) -> str:
    """Let ``tags`` no longer stand under ``over``."""
    sheet.load([*tags, over])
    for tag in tags:
        sheet.link(tag, over, there=False)
        if sheet.row(tag)["joint"] and not sheet.up(tag):
            sheet.set(tag, joint=False)
    return f"{quoted(sheet, tags)} no longer under “{sheet.name(over)}”"


def move(sheet: Sheet, tags: Sequence[int], kind: TagKind) -> str:
    """Move ``tags``, with their synonyms, to another kind. One whose name is there already becomes its synonym."""
    sheet.load(tags)
    moved = [each for tag in tags for each in (tag, *sorted(sheet.same(tag))) if sheet.row(each)["kind"] != kind.pk]
    names = [(int(sheet.row(tag)["kind"]), sheet.name(tag)) for tag in moved]
    if len(moved) > FEW:
        sheet.foresee(kind.pk, [*names, *((kind.pk, name) for _, name in names)])
    there = canonical_by_name(kind.pk, {fold(name) for _, name in names})
    for tag in moved:
        move_one(sheet, tag, kind, there.get(fold(sheet.name(tag)), 0))
    return f"{quoted(sheet, tags)} moved to {kind.name}"


def canonical_by_name(kind: int, folded: set[str]) -> dict[str, int]:
    """Return the tags of ``kind`` that stand for themselves, by their folded names. 1 query for 500."""
    found: dict[str, int] = {}
    rows = Tag.objects.alias(beginning=Beginning("folded"), whole=Whole("folded")).filter(kind=kind, synonym_of=None)
    for some in facts.parts(sorted(folded)):
        near = rows.filter(beginning__in={each[:BEGINNING] for each in some}, whole__in=some)
        found |= dict(near.order_by("-pk").values_list("folded", "pk"))
    return found


def move_one(sheet: Sheet, tag: int, kind: TagKind, there: int) -> None:
    if there and there != tag and not sheet.row(tag)["synonym_of"]:
        merge(sheet, [tag], there)
    elif sheet.row(tag)["kind"] != kind.pk:
        address = sheet.address(tag, kind.pk, sheet.name(tag))
        sheet.was_called(tag)
        sheet.set(tag, kind=kind.pk, slug=address, settled=True)


def split(sheet: Sheet, tag: int, parts: Sequence[tuple[TagKind, str]]) -> str:
    """Let ``tag`` stand for several others, named by kind; those that are not there yet are made."""
    names = list(dict.fromkeys((kind, tidy(name)) for kind, name in parts))
    if len(names) < 2:  # noqa: PLR2004 — one part would be a synonym
        raise UsageError("A tag is split into two or more. To let it stand for one other, merge it.")
    row = sheet.row(tag)
    if row["synonym_of"]:
        raise Conflict(f"“{row['name']}” is a synonym. Let it stand for itself first.")
    if sheet.down(tag) or sheet.same(tag):
        raise Conflict(f"Other tags stand under “{row['name']}”, or are its synonyms. Move those first.")
    found = [named(sheet, kind, name) for kind, name in names]
    if tag in found:
        raise Conflict(f"“{row['name']}” can’t be one of its own parts.")
    for part in found:
        sheet.link(tag, part)
    sheet.set(tag, joint=True, settled=True)
    no_circle(sheet, [tag])
    return f"“{row['name']}” split into {quoted(sheet, found)}"


def named(sheet: Sheet, kind: TagKind, name: str) -> int:
    """Return the canonical tag of this name, made if there is none."""
    there = Tag.called(kind.pk, name).first()
    return canonical(sheet, there.pk) if there else sheet.new(kind.pk, name)


def whole(sheet: Sheet, tags: Sequence[int]) -> str:
    """Let tags that stood for several others be ordinary ones again."""
    for tag in tags:
        if sheet.row(tag)["joint"]:
            for part in sheet.up(tag):
                sheet.link(tag, part, there=False)
            sheet.set(tag, joint=False)
    return f"{quoted(sheet, tags)} {'is one tag' if len(tags) == 1 else 'are whole'} again"


def settle(sheet: Sheet, tags: Sequence[int], *, settled: bool = True) -> str:
    """Say that ``tags`` are good as they are, or are to be looked at again."""
    sheet.load(tags)
    for tag in tags:
        sheet.set(tag, settled=settled)
    good = "is good as it is" if len(tags) == 1 else "are good as they are"
    return f"{quoted(sheet, tags)} {good if settled else 'to be looked at again'}"


def make(sheet: Sheet, kind: TagKind, name: str) -> str:
    """Make a tag that no work has yet."""
    name = tidy(name)
    if there := Tag.called(kind.pk, name).first():
        raise Conflict(f"There is a tag called “{there}” among the {kind.name.lower()} already.")
    sheet.new(kind.pk, name)
    return f"“{name}” added to {kind.name}"


def remove(sheet: Sheet, tags: Sequence[int]) -> str:
    """Take away tags that nothing uses."""
    sheet.load(tags)
    names = quoted(sheet, tags)
    used = in_use(tags)
    for tag in tags:
        if tag in used or sheet.down(tag) or sheet.same(tag):
            raise Conflict(f"“{sheet.name(tag)}” is used: by works, by members, or by other tags. It stays.")
        sheet.remove(tag)
    return f"{names} removed"


def in_use(tags: Iterable[int]) -> set[int]:
    """Return those of ``tags`` that a row of any room refers to: works, favourites. Old names and links don't count."""
    wanted, found = sorted(set(tags)), set()
    ties = (each for each in Tag._meta.related_objects if each.one_to_many)  # noqa: SLF001 — Django documents _meta
    for each in ties:
        if each.related_model._meta.label not in OWN:  # noqa: SLF001
            for some in facts.parts(wanted):
                rows = each.related_model.objects.filter(**{f"{each.field.name}__in": some})
                found |= set(rows.order_by().values_list(each.field.name, flat=True).distinct())
    return found


OWN = {"tags.OldName", "tags.Tag", "tags.Tag_parents", "wrangling.Alike", "wrangling.Apart"}


def apart(sheet: Sheet, pairs: Iterable[tuple[int, int]]) -> str:
    """Say that tags that look alike are not the same."""
    words = ""
    for one, other in pairs:
        first, second = sorted((one, other))
        place = f"apart:{first}:{second}"
        sheet.put(place, facts.read({place: None})[place], True)
        words = f"“{sheet.name(one)}” and “{sheet.name(other)}” are not the same"
    return words


# ── what all verbs need
def canonical(sheet: Sheet, tag: int) -> int:
    return int(sheet.row(tag)["synonym_of"] or tag)


def no_circle(sheet: Sheet, tags: Iterable[int]) -> None:
    """Raise Conflict if any of ``tags`` would stand over itself."""
    for tag in tags:
        if tag in sheet.over(tag):
            through = next(iter(sorted(sheet.up(tag) & {*circle(sheet, tag)})))
            raise Conflict(
                f"“{sheet.name(tag)}” and “{sheet.name(through)}” would stand under each other. "
                "Take one out from under the other first."
            )


def circle(sheet: Sheet, tag: int) -> set[int]:
    """Return what stands both over and under ``tag``."""
    return {over for over in sheet.over(tag) if tag in sheet.over(over)}


def tidy(name: str) -> str:
    """Return a name as tags have them: one line, no control characters. Raises UsageError for what is no name."""
    words = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not words:
        raise UsageError("A tag needs a name.")
    if len(words) > LONGEST:
        raise UsageError(f"A tag has at most {LONGEST} characters; this one has {len(words)}.")
    return words


def quoted(sheet: Sheet, tags: Sequence[int]) -> str:
    """Return the names of some tags as they stand in a sentence."""
    names = [f"“{sheet.name(tag)}”" for tag in tags[:3]]
    more = len(tags) - len(names)
    if more > 0:
        return f"{', '.join(names)} and {more} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "Nothing"


def themselves(tags: Sequence[int]) -> str:
    return "itself" if len(tags) == 1 else "themselves"
