"""Doing. All that changes tags at the wrangling desk goes through here, and leaves a line in the log.

An action is a list of facts before and after; :mod:`.turning` undoes it, and does it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.db import IntegrityError, transaction

from storykeep.model.errors import Conflict, UsageError
from storykeep.site.tags.models import Retagged, Tag, TagKind
from storykeep.site.works import changes
from storykeep.site.wrangling import facts
from storykeep.site.wrangling.models import Action, Altered
from storykeep.site.wrangling.sheet import Sheet
from storykeep.site.wrangling.soundness import everything_is_there, sound

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


def sign(action: Action, sheet: Sheet, part: int = 0) -> dict[int, int]:
    """Make true what is on the sheet, and keep it in the log; return the ids of new tags by those on the sheet."""
    altered, ids = numbered(sheet.facts())
    keep(action, altered, part)
    make_true(altered, {f"tag:{tag}" for tag in ids.values()})
    return ids


def keep(action: Action, altered: Facts, part: int) -> None:
    rows = (
        Altered(action=action, part=part, place=place, before=before, after=after)
        for place, (before, after) in altered.items()
    )
    Altered.objects.bulk_create(rows, batch_size=facts.AT_ONCE)


# ── an action in parts: each is true at once, and all of them are undone as one
@transaction.atomic
def go_on(action: Action, sheet: Sheet, part: int) -> dict[int, int]:
    """Make true what is on one more sheet: a part of ``action``. Raises UsageError when it was undone meanwhile."""
    lock()
    if Action.objects.select_for_update().get(pk=action.pk).undone_at:
        raise UsageError("This was undone before it was at its end, so it goes no further.")
    return sign(action, sheet, part)


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
