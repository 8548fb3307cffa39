"""An action is undone, or done again: each fact is turned, if it still is as the action left it.

Nothing else that happened since stands in its way. An action in parts is turned part by part, the last first, and each
part at once: so others go on meanwhile, and what stopped on its way goes on when it is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from storykeep.model.errors import Conflict, UsageError
from storykeep.site.wrangling import facts, verbs
from storykeep.site.wrangling.actions import lock, make_true
from storykeep.site.wrangling.foresight import in_the_way, look_ahead
from storykeep.site.wrangling.models import Action

Facts = Mapping[str, tuple[object, object]]
Progress = Callable[[int, int], object]
"""Called with how many parts are done, of how many."""


class Turned(NamedTuple):
    """A part that was turned; ``kept`` counts tags that stay."""

    part: int
    kept: int = 0


def silent(done: int, total: int) -> None: ...


def undo(action: Action, user, progress: Progress = silent) -> int:
    """Write back what was before. Returns how many tags stay because they are used by now. Raises Conflict."""
    total = parts_of(action)
    if total > 1:
        look_ahead(action, back=True)
    turned, kept = undo_part(action, user), 0
    while turned:
        kept += turned.kept
        progress(total - turned.part, total)
        turned = undo_part(action, user, turned.part)
    return kept


def redo(action: Action, user, progress: Progress = silent) -> None:
    """Do again what was undone. Raises Conflict."""
    total = parts_of(action)
    if total > 1:
        look_ahead(action, back=False)
    turned = redo_part(action, user)
    while turned:
        progress(turned.part + 1, total)
        turned = redo_part(action, user, turned.part)


def parts_of(action: Action) -> int:
    last = action.altered.aggregate(last=Max("part"))["last"]
    return 0 if last is None else last + 1


# ── one part
@transaction.atomic
def undo_part(action: Action, user, after: int | None = None) -> Turned | None:
    """Undo the part before part ``after`` (None: the last one that is not undone); None where there is none."""
    action = locked(action)
    rows = action.altered.filter(undone=False)
    part = first_part(rows.order_by("-part") if after is None else rows.filter(part__lt=after).order_by("-part"))
    if action.undone_at and part is None and after is None:
        raise UsageError("This is undone already.")
    if not action.undone_at:
        action.undone_by, action.undone_at = user, timezone.now()
        action.save(update_fields=["undone_by", "undone_at"])
    return None if part is None else Turned(part, write_back(action, part))


def write_back(action: Action, part: int) -> int:
    """Turn the facts of a part back; return how many tags stay."""
    altered = {place: (after, before) for place, (before, after) in altered_in(action, part).items()}
    kept = made_and_used(altered)
    turn(action, {place: values for place, values in altered.items() if place not in kept})
    action.altered.filter(part=part).update(undone=True)
    return len(kept)


@transaction.atomic
def redo_part(action: Action, user, after: int | None = None) -> Turned | None:
    """Do the part after part ``after`` again (None: the first one that is undone); None where there is none."""
    action = locked(action)
    rows = action.altered.filter(undone=True)
    part = first_part(rows.order_by("part") if after is None else rows.filter(part__gt=after).order_by("part"))
    if not action.undone_at and part is None and after is None:
        raise UsageError("This is done already.")
    if action.undone_at:
        action.by, action.undone_by, action.undone_at = user, None, None
        action.save(update_fields=["by", "undone_by", "undone_at"])
    if part is None:
        return None
    stayed = tags_that_stayed(altered := altered_in(action, part))
    turn(action, {place: values for place, values in altered.items() if place not in stayed})
    action.altered.filter(part=part).update(undone=False)
    return Turned(part)


def locked(action: Action) -> Action:
    lock()
    return Action.objects.select_for_update().get(pk=action.pk)


def first_part(rows) -> int | None:
    return rows.values_list("part", flat=True).first()


# ── facts
def altered_in(action: Action, part: int) -> dict[str, tuple[object, object]]:
    """Return what ``action`` altered in a part, (before, after) by place; what it altered again and again as one."""
    found: dict[str, tuple[object, object]] = {}
    rows = action.altered.filter(part=part).order_by("pk").values_list("place", "before", "after")
    for place, before, after in rows.iterator():
        found[place] = joined(*found[place], before, after) if place in found else (before, after)
    return found


def joined(first: object, then: object, before: object, after: object) -> tuple[object, object]:
    """Return two changes of one fact as one. Changes of a tag hold those of its fields that changed."""
    if isinstance(then, dict) and isinstance(after, dict):
        first = {**before, **first} if isinstance(first, dict) and isinstance(before, dict) else first
        return first, {**then, **after}
    return first, after


def turn(action: Action, altered: Facts) -> None:
    """Turn facts from the first value to the second, if each still has the first. Raises Conflict."""
    now = facts.read({place: value for place, (value, _) in altered.items()})
    different = [place for place, (value, _) in altered.items() if now[place] != value]
    if different:
        raise Conflict(in_the_way(action, different))
    make_true(altered)


def made_and_used(altered: Facts) -> set[str]:
    """Return the places of tags that an undo would take away, though works or members use them by now."""
    gone = [facts.number(place) for place, (_, after) in altered.items() if place.startswith("tag:") and after is None]
    return {f"tag:{tag}" for tag in verbs.in_use(gone)}


def tags_that_stayed(altered: Facts) -> set[str]:
    """Return the places of tags that are to be made again, but were never taken away, and are as they were made."""
    made = {place: after for place, (before, after) in altered.items() if place.startswith("tag:") and before is None}
    now = facts.read(made)
    return {place for place, after in made.items() if now[place] == after}
