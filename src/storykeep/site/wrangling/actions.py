"""Doing and undoing. All that changes tags at the wrangling desk goes through here, and leaves a line in the log.

An action is a list of facts before and after. Undoing writes back what was, if each fact is still as the action left
it; nothing else that happened since stands in its way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone

from storykeep.model.errors import Conflict, UsageError
from storykeep.site.tags.models import Retagged, Tag, TagKind
from storykeep.site.tags.queries import ids_over
from storykeep.site.works import changes
from storykeep.site.wrangling import facts, verbs
from storykeep.site.wrangling.models import Action, Altered
from storykeep.site.wrangling.sheet import Sheet

SEEN = {"kind", "name", "synonym_of", "joint"}  # fields of a tag by which its works are found or shown
Facts = Mapping[str, tuple[object, object]]


@transaction.atomic
def do(user, verb: str, write: Callable[[Sheet], str]) -> Action:
    """Let ``write`` write on a sheet, and make it true. ``write`` returns what was done, in words."""
    lock()
    sheet = Sheet()
    words = written(sheet, write)
    action = Action.objects.create(verb=verb, words=words, by=user)
    sign(action, sheet)
    return action


def written(sheet: Sheet, write: Callable[[Sheet], str]) -> str:
    try:
        return write(sheet)
    except KeyError as error:
        raise UsageError("One of these tags is no longer there. Load the page again.") from error


def sign(action: Action, sheet: Sheet) -> dict[int, int]:
    """Make true what is on the sheet, and keep it in the log; return the ids of new tags by those on the sheet."""
    altered, ids = numbered(sheet.facts())
    keep(action, altered)
    make_true(altered, {f"tag:{tag}" for tag in ids.values()})
    return ids


def keep(action: Action, altered: Facts) -> None:
    Altered.objects.bulk_create(
        [Altered(action=action, place=place, before=before, after=after) for place, (before, after) in altered.items()],
        batch_size=facts.AT_ONCE,
    )


# ── an action in parts: each is true at once, and all of them are undone as one
@transaction.atomic
def go_on(action: Action, sheet: Sheet) -> dict[int, int]:
    """Make true what is on one more sheet of ``action``. Raises UsageError when it was undone meanwhile."""
    lock()
    if Action.objects.select_for_update().get(pk=action.pk).undone_at:
        raise UsageError("This was undone before it was at its end, so it goes no further.")
    return sign(action, sheet)


def altered_by(action: Action) -> dict[str, tuple[object, object]]:
    """Return what ``action`` altered, (before, after) by place; of a place that it altered again and again, as one."""
    found: dict[str, tuple[object, object]] = {}
    for place, before, after in action.altered.order_by("pk").values_list("place", "before", "after").iterator():
        found[place] = joined(*found[place], before, after) if place in found else (before, after)
    return found


def joined(first: object, then: object, before: object, after: object) -> tuple[object, object]:
    """Return two changes of one fact as one. Changes of a tag hold those of its fields that changed."""
    if isinstance(then, dict) and isinstance(after, dict):
        first = {**before, **first} if isinstance(first, dict) and isinstance(before, dict) else first
        return first, {**then, **after}
    return first, after


@transaction.atomic
def undo(action: Action, user) -> int:
    """Write back what was before. Returns how many tags stay because they are used by now. Raises Conflict."""
    lock()
    action = Action.objects.select_for_update().get(pk=action.pk)
    if action.undone_at:
        raise UsageError("This is undone already.")
    altered = {place: (after, before) for place, (before, after) in altered_by(action).items()}
    kept = made_and_used(altered)
    turn(action, {place: values for place, values in altered.items() if place not in kept})
    action.undone_by, action.undone_at = user, timezone.now()
    action.save(update_fields=["undone_by", "undone_at"])
    return len(kept)


@transaction.atomic
def redo(action: Action, user) -> None:
    """Do again what was undone. Raises Conflict."""
    lock()
    action = Action.objects.select_for_update().get(pk=action.pk)
    if not action.undone_at:
        raise UsageError("This is done already.")
    turn(action, altered_by(action))
    action.by, action.undone_by, action.undone_at = user, None, None
    action.save(update_fields=["by", "undone_by", "undone_at"])


def turn(action: Action, altered: Facts) -> None:
    """Turn facts from the first value to the second, if each still has the first. Raises Conflict."""
    now = facts.read({place: value for place, (value, _) in altered.items()})
    different = [place for place, (value, _) in altered.items() if now[place] != value]
    if different:
        raise Conflict(in_the_way(action, different))
    make_true(altered)


def in_the_way(action: Action, places: list[str]) -> str:
    """Say which action changed the same facts since."""
    rows = Altered.objects.filter(place__in=places[: facts.AT_ONCE], action__undone_at=None).exclude(action=action)
    last = rows.select_related("action").order_by("-action_id").first()
    if last is None:
        return "The tags have changed since, so nothing was done."
    return f"The same was changed since: {last.action.words}. Undo that first; then this can be undone or done again."


def make_true(altered: Facts, made: Collection[str] = ()) -> None:
    """Write the facts; those of the tags ``made`` are written already."""
    everything_is_there(altered)
    try:
        with transaction.atomic():
            facts.write({place: after for place, (_, after) in altered.items() if place not in made})
    except IntegrityError as error:
        raise Conflict("Another tag has this address by now. Rename that first.") from error
    sound(altered)
    Retagged.objects.bulk_create([Retagged(tag=tag) for tag in reached(altered)], batch_size=facts.AT_ONCE)
    transaction.on_commit(changes.tell)


def lock() -> None:
    """Let one wrangler at a time change how tags stand to each other; works and writers go on meanwhile."""
    list(TagKind.objects.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def numbered(altered: Facts) -> tuple[dict[str, tuple[object, object]], dict[int, int]]:
    """Make the tags that are new on the sheet; return the facts with their real ids, and these by those of the sheet.

    New synonyms of new tags are made after those.
    """
    ids: dict[int, int] = {}
    new = {facts.number(place): after for place, (_, after) in altered.items() if place.startswith("tag:-")}
    for second in (False, True):
        some = [tag for tag, values in new.items() if (values["synonym_of"] in new) is second]
        made = Tag.objects.bulk_create(
            [facts.tag_with(Tag(), real(new[tag], ids)) for tag in some], batch_size=facts.AT_ONCE
        )
        ids |= {tag: row.pk for tag, row in zip(some, made, strict=True)}
    found = {
        real_place(place, ids): (real(before, ids), real(after, ids)) for place, (before, after) in altered.items()
    }
    return found, ids


def real_place(place: str, ids: Mapping[int, int]) -> str:
    if place.startswith("old:"):
        return place
    name, *numbers = place.split(":")
    return ":".join([name, *(str(ids.get(int(number), number)) for number in numbers)])


def real(value: object, ids: Mapping[int, int]) -> object:
    """Return a fact's value in which the tags have their real ids."""
    if not isinstance(value, dict):
        return value
    return {key: ids.get(each, each) if key in {"synonym_of", "tag"} else each for key, each in value.items()}


def made_and_used(altered: Facts) -> set[str]:
    """Return the places of tags that an undo would take away, though works or members use them by now."""
    gone = [facts.number(place) for place, (_, after) in altered.items() if place.startswith("tag:") and after is None]
    return {f"tag:{tag}" for tag in verbs.in_use(gone)}


def reached(altered: Facts) -> list[int]:
    """Return the tags whose works are found otherwise now, or shown otherwise. A new tag has no works."""
    tags: dict[int, None] = {}
    new = {facts.number(place) for place, (before, _) in altered.items() if place.startswith("tag:") and before is None}
    for place, (before, after) in altered.items():
        if place.startswith("link:"):
            tags[facts.pair(place)[0]] = None
        elif place.startswith("tag:") and isinstance(before, dict) and SEEN & before.keys() and after is not None:
            tags[facts.number(place)] = None
    return [tag for tag in tags if tag not in new]


# ── what is always true
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
