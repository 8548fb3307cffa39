"""Whether all is well with what the archive stands on; each line says it, or what to do."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from storykeep.model.errors import StorykeepError
from storykeep.rescue.originals import Originals
from storykeep.site.search import indexing
from storykeep.site.works.models import Capture, Change

SAMPLE = 200  # originals that are read
NAMED = 5  # that are named in one line
LOW = 1_000_000_000  # bytes free; a rescue and the index want more
WAITING = 1_000  # changes that may wait for the index


@dataclass(frozen=True, slots=True)
class Line:
    """What was looked at, whether it is good, and the sentence about it."""

    subject: str
    good: bool
    said: str


def lines(sample: int = SAMPLE) -> Iterator[Line]:
    """Yield a line for each thing that was looked at. ``sample`` originals are read; 0 for all of them."""
    yield versions()
    yield checked("folder", folder)
    yield checked("disk", disk)
    found = checked("database", database)
    yield found
    yield checked("mail", mail)
    if found.good:
        yield checked("search index", index)
        yield checked("changes", outbox)
        yield checked("originals", lambda: originals(sample))


def checked(subject: str, look: Callable[[], tuple[bool, str]]) -> Line:
    try:
        return Line(subject, *look())
    except (DatabaseError, OSError, ValueError, StorykeepError) as error:
        return Line(subject, False, f"It could not be looked at: {error}")


def versions() -> Line:
    said = f"Storykeep {version('storykeep')}, Python {platform.python_version()}, Django {django.get_version()}"
    return Line("versions", True, f"{said}, tantivy {version('tantivy')}, {connection.vendor}.")


def folder() -> tuple[bool, str]:
    data = settings.HOUSE.data
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        return False, f"{data} can't be read and written. Give it to the account that runs Storykeep: chown -R."
    key = data / "secret-key"
    if key.exists() and key.stat().st_mode & 0o077:
        return False, f"Others can read {key}, which opens every session: chmod 600 {key}"
    return True, f"{data} can be read and written."


def disk() -> tuple[bool, str]:
    free = shutil.disk_usage(settings.HOUSE.data).free
    said = f"{free / 1e9:,.1f} GB are free"
    if free < LOW:
        return False, f"{said}. Make room: when the disk is full nothing more is saved, though reading goes on."
    return True, f"{said}."


def database() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False, "It is of an older version. Start the archive once (storykeep serve); that brings it up to date."
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(5)")
            hurt = [line for (line,) in cursor.fetchall() if line != "ok"]
        if hurt:
            return False, f"It is damaged ({hurt[0]}). Stop the archive and bring back the last backup."
    return True, "It is sound and of this version."


def mail() -> tuple[bool, str]:
    if not settings.HOUSE.mail:
        return True, "No mail server is set, so no letter is promised to anybody (STORYKEEP_MAIL sets one)."
    if settings.HOUSE.sender.endswith("@localhost"):
        return False, "Letters would come from localhost, and be refused: set STORYKEEP_MAIL_FROM."
    return True, f"Letters are from {settings.HOUSE.sender}."


def index() -> tuple[bool, str]:
    engine = indexing.engine()
    hurt = engine.damaged()
    if hurt:
        return False, f"It is damaged ({', '.join(hurt[:NAMED])}). A start of the archive makes it anew by itself."
    found = indexing.verify()
    size = f"{engine.size() / 1e6:,.1f} MB"
    if not found.good:
        parts = f"Works missing: {len(found.missing):,}, old: {len(found.stale):,}, too many: {len(found.surplus):,}"
        if Change.objects.exists():
            return True, f"{parts}; changes are waiting, which a running archive takes in by itself."
        return False, f"{parts}. Start the archive, which mends it, or: storykeep doctor --rebuild-index"
    return True, f"It holds what the database holds ({size})."


def outbox() -> tuple[bool, str]:
    waiting = Change.objects.count()
    if waiting > WAITING:
        return (
            False,
            f"{waiting:,} changes wait for the search index. Is the archive running? Its log says what stops it.",
        )
    return True, f"{waiting:,} wait for the search index."


def originals(sample: int) -> tuple[bool, str]:
    known = Capture.objects.order_by("?") if sample else Capture.objects.order_by("pk")
    hashes = list(dict.fromkeys(known.values_list("sha256", flat=True)[: sample or None]))
    kept = Originals(Path(settings.ORIGINALS))
    wrong = [each for each in hashes if not kept.sound(each)]
    if wrong:
        named = ", ".join(each[:12] for each in wrong[:NAMED])
        return (
            False,
            f"{len(wrong):,} of {len(hashes):,} are missing or changed ({named}). Bring them back from a backup.",
        )
    return True, f"{len(hashes):,} were read, and are as they came in."
