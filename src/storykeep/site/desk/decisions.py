"""Deciding and undoing. Everything that the desk changes goes through here, and nothing else writes the log.

A decision is a list of changes to places; all of them happen, or none. Undoing writes the earlier values back, unless
somebody has changed the same place since: then nothing is undone, and the message says what stands there now.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from storykeep.model.errors import Conflict, UsageError
from storykeep.site.desk import places
from storykeep.site.desk.models import Decision
from storykeep.site.desk.places import Place
from storykeep.site.works import keeping_stories
from storykeep.site.works.models import Chapter, EditedField, Work

LOOKED_BACK = 500  # decisions


FREE = frozenset(("leads_to_id", "opens_on"))
"""Fields of a work that no rescue sets."""


@transaction.atomic
def decide(
    user, verb: str, words: str, changes: Iterable[tuple[Place, object]], *, work: Work | None = None
) -> Decision:
    """Write each new value to its place, and log it. Returns the decision, which holds what stood there before."""
    log, changed = [], []
    for place, after in changes:
        before = place.read()
        if before != after:
            place.write(after)
            changed.append(place)
            log.append({"place": place.name, "before": before, "after": place.read()})
            if field := edited_field(place):
                log[-1]["marked"] = mark_edited(*field, user)
    finish_all(changed)
    return Decision.objects.create(verb=verb, words=words, work=work, changes=log, by=user)


@transaction.atomic
def undo(decision: Decision, user) -> None:
    """Write back what stood there before. Raises Conflict when a place was changed since; then nothing is undone."""
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if decision.undone_at:
        raise UsageError("This decision was already undone.")
    changed = []
    for entry in reversed(decision.changes):
        place = places.find(entry["place"])
        changed.append(place)
        if hasattr(place, "take_back"):  # a place of many rows: each by itself
            place.take_back(entry["before"], entry["after"])
            continue
        if place.read() != entry["after"]:
            raise Conflict(
                f"{place.row} was changed after this decision, so it was left alone. Undo the later one first."
            )
        place.write(entry["before"])
        if entry.get("marked") and (field := edited_field(place)):
            EditedField.objects.filter(work=field[0], field=field[1]).delete()
    decision.undone_by, decision.undone_at = user, timezone.now()
    decision.save()
    finish_all(changed)


def finish_all(changed: Iterable[Place]) -> None:
    """Let pages and the index notice what happened to works."""
    works = {work.pk: work for place in changed if (work := work_of(place))}
    for work in works.values():
        work.refresh_from_db()
        keeping_stories.finish(work)


def work_of(place: Place) -> Work | None:
    """Return the work that a place is of, if it is shown to readers there."""
    return place.row if isinstance(place.row, Work) else place.row.work if isinstance(place.row, Chapter) else None


def edited_field(place: Place) -> tuple[Work, str] | None:
    """Return the work and the name of the field that a later rescue has to leave alone, if any."""
    if isinstance(place.row, Work) and place.field not in FREE:
        return place.row, place.field
    if isinstance(place.row, Chapter):
        return place.row.work, f"chapters.{place.row.key}.{place.field}"
    return None


def mark_edited(work: Work, field: str, user) -> bool:
    """Keep a later rescue from overwriting what a person has set; return whether that is new."""
    return EditedField.objects.update_or_create(work=work, field=field, defaults={"by": user})[1]


def names_of(work: Work) -> list[str]:
    """Return the names of the places of a work and its chapters that a decision may have changed."""
    fields = ("visibility", "leads_to_id", "title", *keeping_stories.PLAIN, *keeping_stories.PARTS)
    chapters = work.chapters.values_list("pk", flat=True)
    parts = ("body", "label", "title")
    return [f"work:{work.pk}.{field}" for field in fields] + [
        f"chapter:{pk}.{part}" for pk in chapters for part in parts
    ]


def last_about(names: Iterable[str]) -> Decision | None:
    """Return the latest decision that changed one of the places called ``names`` and stands."""
    wanted = set(names)
    rows = Decision.objects.filter(undone_at=None).select_related("by")[:LOOKED_BACK]
    return next((row for row in rows if wanted & {entry["place"] for entry in row.changes}), None)
