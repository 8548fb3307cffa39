"""Long tables of tags come in while the wrangler does something else; the desk tells how far they are."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import close_old_connections, connection
from django.utils import timezone

from storykeep.model.errors import StorykeepError, UsageError
from storykeep.site.wrangling import long_lists
from storykeep.site.wrangling.bringing_in import summary
from storykeep.site.wrangling.models import LongList

LARGEST = 200 * 1024 * 1024  # bytes; `storykeep tags import` takes tables of any size
EVERY = 0.5  # seconds between two notes of how far it is
STILL = dt.timedelta(seconds=60)  # without a note for so long, nobody works on it any more
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


def runs(row: LongList) -> bool:
    """Say whether somebody works on it: what was left by a process that ended does not count."""
    return row.state == LongList.State.RUNNING and bool(row.alive_at and row.alive_at > timezone.now() - STILL)


def start(row: LongList) -> None:
    """Let it come in, in a thread of its own; whoever asks second does nothing."""
    waiting = LongList.objects.filter(pk=row.pk, state=LongList.State.WAITING)
    if waiting.update(state=LongList.State.RUNNING, alive_at=timezone.now()):
        threading.Thread(target=apart, args=(row.pk,), name="a long list of tags", daemon=True).start()


def apart(pk: int) -> None:
    try:
        come_in(LongList.objects.get(pk=pk))
    finally:
        close_old_connections()
        connection.close()


def come_in(row: LongList) -> None:
    """Bring the table in, and note what became of it."""
    row.action = long_lists.begin(row.by)
    row.state, row.alive_at = LongList.State.RUNNING, timezone.now()
    row.save()
    try:
        _, bringing = long_lists.bring_in(row.by, Path(row.path), Noting(row), row.action)
        row.state, row.said, row.wrong = LongList.State.DONE, summary(bringing), bringing.wrong
    except StorykeepError as error:
        row.state, row.said = LongList.State.FAILED, str(error)
    except Exception as error:
        log.exception("The list %s could not be brought in.", row.ref)
        row.state, row.said = LongList.State.FAILED, f"Something went wrong in Storykeep itself ({error})."
    row.save()
    Path(row.path).unlink(missing_ok=True)


class Noting:
    """Notes how far it is, twice a second at most."""

    def __init__(self, row: LongList) -> None:
        self.row, self.last = row, 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.last < EVERY and done < total:
            return
        self.last = now
        self.row.done, self.row.total, self.row.alive_at = done, total, timezone.now()
        self.row.save(update_fields=["done", "total", "alive_at"])
