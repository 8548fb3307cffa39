"""What takes long goes on while the wrangler does something else, and the desk tells how far it is.

Long tables of tags come in so; long actions are undone so, and done again.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import close_old_connections, connection
from django.utils import timezone

from storykeep.model.errors import StorykeepError, UsageError
from storykeep.site.wrangling import long_lists, turning
from storykeep.site.wrangling.bringing_in import summary
from storykeep.site.wrangling.models import Action, LongList, Turning

LARGEST = 200 * 1024 * 1024  # bytes; `storykeep tags import` takes tables of any size
EVERY = 0.5  # seconds between two notes of how far it is
STILL = dt.timedelta(seconds=60)  # without a note for so long, nobody works on it any more
FEW = 3_000  # facts that are turned while a page waits
One = TypeVar("One", LongList, Turning)
log = logging.getLogger(__name__)


def keep(file: UploadedFile, user) -> LongList:
    """Keep the table ``file`` until somebody lets it come in. Raises UsageError where it is none."""
    if file.size > LARGEST:
        raise UsageError("This list is too long to be sent. `storykeep tags import` takes lists of any length.")
    row = LongList(name=(file.name or "list")[:200], by=user)
    path = settings.HOUSE.data / "lists" / f"{row.ref}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        out.writelines(file.chunks())
    try:
        row.path, row.total = str(path), 2 * long_lists.count(path)
    except UsageError:
        path.unlink()
        raise
    row.save()
    return row


def runs(row: LongList | Turning) -> bool:
    """Say whether somebody works on it: what was left by a process that ended does not count."""
    return row.state == "running" and bool(row.alive_at and row.alive_at > timezone.now() - STILL)


def start(row: LongList) -> None:
    """Let it come in, in a thread of its own; whoever asks second does nothing."""
    waiting = LongList.objects.filter(pk=row.pk, state=LongList.State.WAITING)
    if waiting.update(state=LongList.State.RUNNING, alive_at=timezone.now()):
        go_apart(come_in, row, "a long list of tags")


def go_apart(work: Callable[[One], None], row: One, name: str) -> None:
    threading.Thread(target=apart, args=(work, type(row), row.pk), name=name, daemon=True).start()


def apart(work: Callable[[One], None], model: type[One], pk: int) -> None:
    try:
        work(model.objects.get(pk=pk))
    finally:
        close_old_connections()
        connection.close()


def come_in(row: LongList) -> None:
    """Bring the table in, and note what became of it."""
    row.action = long_lists.begin(row.by)
    row.state, row.alive_at = LongList.State.RUNNING, timezone.now()
    row.save()
    note(row, partial(take_all, row))
    Path(row.path).unlink(missing_ok=True)


def take_all(row: LongList) -> str:
    _, bringing = long_lists.bring_in(row.by, Path(row.path), Noting(row), row.action)
    row.wrong = bringing.wrong
    return summary(bringing)


# ── long actions
def is_long(action: Action) -> bool:
    """Say whether an action altered more than is turned while a page waits."""
    return len(action.altered.order_by("pk").values_list("pk")[: FEW + 1]) > FEW


def turn(action: Action, user, *, back: bool) -> None:
    """Undo ``action``, or do it again, in a thread of its own; where somebody is at it already, do nothing."""
    if any(map(runs, action.turnings.all()[:1])):
        return
    row = Turning.objects.create(action=action, back=back, by=user, alive_at=timezone.now())
    go_apart(turn_all, row, "a long action")


def turn_all(row: Turning) -> None:
    note(row, partial(undo_all if row.back else redo_all, row))


def undo_all(row: Turning) -> str:
    return undone(row.action, turning.undo(row.action, row.by, Noting(row)))


def undone(action: Action, kept: int) -> str:
    """Say that ``action`` is undone, and how many new tags stay."""
    more = f" {kept:,} new tag{'s are' if kept > 1 else ' is'} on works by now, and stay there." if kept else ""
    return f"Undone: {action.words}.{more}"


def redo_all(row: Turning) -> str:
    turning.redo(row.action, row.by, Noting(row))
    return f"{row.action.words}."


def note(row: LongList | Turning, work: Callable[[], str]) -> None:
    """Do ``work``, and note what became of it."""
    try:
        row.said, row.state = work(), row.State.DONE
    except StorykeepError as error:
        row.said, row.state = str(error), row.State.FAILED
    except Exception as error:
        log.exception("%s did not come to its end.", type(row).__name__)
        row.said, row.state = f"Something went wrong in Storykeep itself ({error}).", row.State.FAILED
    row.save()


class Noting:
    """Notes how far it is, twice a second at most."""

    def __init__(self, row: LongList | Turning) -> None:
        self.row, self.last = row, 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.last < EVERY and done < total:
            return
        self.last = now
        self.row.done, self.row.total, self.row.alive_at = done, total, timezone.now()
        self.row.save(update_fields=["done", "total", "alive_at"])
