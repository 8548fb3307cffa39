"""A rescue from beginning to end: scan, read the materials, learn the pages' shape, read them, put them together.

Each stage asks the journal what is missing. So a rescue that was killed goes on when it is started again, and one that
was done changes nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from storykeep.model.bundle import Record
from storykeep.model.errors import UsageError
from storykeep.rescue import assemble as assembly
from storykeep.rescue.learn import learn
from storykeep.rescue.materials import read_materials
from storykeep.rescue.read import read
from storykeep.rescue.report import Report, report_of
from storykeep.rescue.scan import Scan
from storykeep.rescue.workplace import Workplace, workplace

Progress = Callable[[str, int, int], None]
"""Is told the stage (``scan``, ``materials``, ``learn``, ``read``, ``assemble``), how much is done and of how much."""
KINDS = ("archive", "person", "series", "story", "page")


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def rescue(path: Path, data_folder: Path, *, name: str = "", progress: Progress = _silent) -> Report:
    """Rescue what is at ``path`` (a folder, a zip, a file) into ``data_folder``; return what came of it.

    May be interrupted at any moment and called again. Raises UsageError when there is nothing at ``path``, and
    SettingsError when the data folder can't be written; never for what is wrong with the remains.

    >>> rescue(Path("saved-pages"), Path("storykeep-data")).stories  # doctest: +SKIP
    12
    """
    with opened(path, data_folder, name) as place:
        run(place, path.resolve(), name, progress)
        return report_of(place)


@contextmanager
def opened(path: Path, data_folder: Path, name: str = "") -> Iterator[Workplace]:
    """Give the workplace of the rescue of ``path``. Raises UsageError when there is nothing at ``path``."""
    if not path.exists():
        raise UsageError(f"There is nothing at {path}. Give the folder, the zip or the file that holds what was saved.")
    brought, data = path.resolve(), data_folder.resolve()
    with workplace(data, brought, name) as place:
        yield place


def run(place: Workplace, brought: Path, told: str, progress: Progress) -> None:
    """Do all that is still to be done for what was ``brought``. ``told`` is the archive's name, if anybody said."""
    with place.journal.writing():
        place.journal.note("name", told or place.journal.get("name") or place.name)
        told = told or place.journal.get("told")
        place.journal.note("told", told)
    total = _count(brought)
    Scan(place.journal, place.originals, place.unpacked, lambda seen: progress("scan", seen, total)).scan(brought)
    os.sync()  # the originals are on the disk before anything is made of them
    read_materials(place, lambda done, of: progress("materials", done, of))
    shape = learn(place, lambda done, of: progress("learn", done, of))
    read(place, shape, lambda done, of: progress("read", done, of))
    assembly.assemble(place, told, lambda done, of: progress("assemble", done, of))
    shutil.rmtree(place.unpacked, ignore_errors=True)


def records(place: Workplace) -> Iterator[Record]:
    """Yield all that was rescued, one record in memory at a time: archives, people, series, stories, pages."""
    yield from place.journal.records(*KINDS)


class Keeping:
    """What the site (identified by ``site``, its database) has not got yet, or not in its newest form."""

    def __init__(self, place: Workplace, site: str) -> None:
        self.journal = place.journal
        if self.journal.get("site") != site:
            with self.journal.writing() as db:
                db.execute("UPDATE records SET kept = ''")
                self.journal.note("site", site)

    def __len__(self) -> int:
        return self.journal.one("SELECT count(*) FROM records WHERE kept <> digest")

    def __iter__(self) -> Iterator[Record]:
        yield from self.journal.records(*KINDS, unkept=True)

    def kept(self, records: Sequence[Record]) -> None:
        """Note that the site has these records for ever."""
        with self.journal.writing():
            for record in records:
                self.journal.kept(record)


def _count(brought: Path) -> int:
    """Return how many files there are, for the time left; links are not followed."""
    if brought.is_file():
        return 0
    return sum(len(files) for _, _, files in os.walk(brought))
