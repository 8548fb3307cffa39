"""A sweep over several works: planned and shown, done once, taken back once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from storykeep.site.works.models import Work
from storykeep.site.writing.models import Sweep
from storykeep.site.writing.together.acts import Remains, Turn, apply
from storykeep.site.writing.together.plans import Entry, plan
from storykeep.site.writing.together.states import State, states_of
from storykeep.site.writing.together.wishes import Wish

KEPT = dt.timedelta(days=30)
NO_LONGER_YOURS = "It is no longer here, or no longer yours."


def prepare(user, works: Iterable[Work], wish: Wish) -> Sweep:
    """Keep what ``wish`` would do to ``works``, to be looked at; nothing is changed yet."""
    ids = [work.pk for work in works]
    states = states_of(user, ids)
    entries = plan(user, [states[pk] for pk in ids if pk in states], wish)
    return Sweep.objects.create(account=user, wish=wish.plain, plan=[entry.plain for entry in entries])


def do(sweep: Sweep) -> bool:
    """Change what the plan says, where it still says what it said then. False when it was done before."""
    with transaction.atomic():
        sweep = Sweep.objects.select_for_update().get(pk=sweep.pk)
        if sweep.done_at:
            return False
        entries = [Entry(**each) for each in sweep.plan]
        turns = turned(sweep.account, entries, back=False)
        sweep.remains = asdict(apply(sweep.account, turns, Remains()))
        keep(sweep, entries, done_at=timezone.now())
    return True


def undo(sweep: Sweep) -> bool:
    """Put back what the plan had found, where nobody changed it since. False when there is nothing to take back."""
    with transaction.atomic():
        sweep = Sweep.objects.select_for_update().get(pk=sweep.pk)
        if not sweep.done_at or sweep.undone_at:
            return False
        entries = [Entry(**each) for each in sweep.plan]
        apply(sweep.account, turned(sweep.account, entries, back=True), Remains(**sweep.remains))
        keep(sweep, entries, undone_at=timezone.now())
    return True


def keep(sweep: Sweep, entries: list[Entry], **moment: dt.datetime) -> None:
    sweep.plan = [entry.plain for entry in entries]
    for name, value in moment.items():
        setattr(sweep, name, value)
    sweep.save()


def turned(user, entries: list[Entry], *, back: bool) -> list[Turn]:
    """Return what to set. What says something else by now is left as it is, and the entry says so."""
    states = states_of(user, [entry.work for entry in entries], held=True)
    turns: list[Turn] = []
    for entry in entries:
        skipped, entry.left = set(entry.left), []
        state = states.get(entry.work)
        for name, (before, after) in entry.changes.items():
            old, new = (after, before) if back else (before, after)
            if not back or name not in skipped:
                turns += set_or_left(entry, state, (name, old, new))
    return turns


def set_or_left(entry: Entry, state: State | None, change: tuple[str, str, str]) -> list[Turn]:
    name, old, new = change
    if state is not None and state.value(name) == old:
        return [(state, name, new)]
    entry.left.append(name)
    return []


def forget_old() -> None:
    """Forget sweeps of a month ago: what they changed stays."""
    Sweep.objects.filter(at__lt=timezone.now() - KEPT).delete()
