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
from storykeep.site.works.models import EditedField, Work


@transaction.atomic
def decide(
    user, verb: str, words: str, changes: Iterable[tuple[Place, object]], *, work: Work | None = None
) -> Decision:
    """Write each new value to its place, and log it. Returns the decision, which holds what stood there before."""
    log = []
    for place, after in changes:
        before = place.read()
        if before != after:
            place.write(after)
            log.append({"place": place.name, "before": before, "after": place.read()})
    if work is not None and log:
        _settle(work, [entry["place"] for entry in log], user)
    return Decision.objects.create(verb=verb, words=words, work=work, changes=log, by=user)


@transaction.atomic
def undo(decision: Decision, user) -> None:
    """Write back what stood there before. Raises Conflict when a place was changed since; then nothing is undone."""
    decision = Decision.objects.select_for_update().get(pk=decision.pk)
    if decision.undone_at:
        raise UsageError("This decision was already undone.")
    for entry in reversed(decision.changes):
        place = places.find(entry["place"])
        if place.read() != entry["after"]:
            raise Conflict(
                f"{place.row} was changed after this decision, so it was left alone. Undo the later one first."
            )
        place.write(entry["before"])
    decision.undone_by, decision.undone_at = user, timezone.now()
    decision.save()
    if decision.work is not None:
        keeping_stories.finish(decision.work)


def _settle(work: Work, names: list[str], user) -> None:
    """Keep a later rescue from overwriting what a person has set, and let pages and the index notice."""
    for name in names:
        row, _, field = name.partition(".")
        if row.startswith("work:") and field != "visibility":
            mark_edited(work, field, user)
        elif row.startswith("chapter:"):
            mark_edited(work, f"chapters.{places.find(name).row.key}.{field}", user)
    work.refresh_from_db()
    keeping_stories.finish(work)


def mark_edited(work: Work, field: str, user) -> None:
    EditedField.objects.update_or_create(work=work, field=field, defaults={"by": user})
