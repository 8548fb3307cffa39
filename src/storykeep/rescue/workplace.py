"""Where a rescue works: its folder in the data folder, and what lies in it."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storykeep.model.errors import SettingsError, UsageError
from storykeep.model.identity import slug
from storykeep.rescue.claims import Claims
from storykeep.rescue.journal import Journal
from storykeep.rescue.originals import Originals
from storykeep.sources.folder.walk import shown

Tell = Callable[[int, int], None]
"""Is told how much is done, and of how much (0: not known)."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO})
_SAYS_NOTHING = frozenset(
    "pages html site files saved mirror archive data www web htdocs public_html captures backup dump remains".split()
)
_PACKED = re.compile(r"(?:\.(?:w?arc|tar|sql|mbox|txt|xml))?\.(?:gz|bz2|xz|zst)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Workplace:
    """``folder`` is ``rescues/<slug>``; originals are shared by all rescues of a data folder."""

    name: str
    folder: Path
    journal: Journal
    originals: Originals
    claims: Claims

    @property
    def unpacked(self) -> Path:
        return self.folder / "unpacked"


@contextmanager
def workplace(data_folder: Path, brought: Path, name: str) -> Iterator[Workplace]:
    """Give the workplace for what was ``brought``, to one process at a time.

    The same path finds its workplace again. Another path joins an earlier rescue only when the archivist gives that
    rescue's ``name``. Raises UsageError when another process works there, SettingsError when nothing can be written.
    """
    try:
        folder = _folder(data_folder / "rescues", brought, name)
        _make(folder, data_folder)
        with _alone(folder):
            (folder / "path").write_text(str(brought), "utf-8", "surrogateescape")
            journal, claims = Journal(folder / "journal.sqlite3"), Claims(folder / "claims.sqlite3")
            try:
                shown = journal.get("name") or name or name_of(brought)
                yield Workplace(name or shown, folder, journal, Originals(data_folder / "originals"), claims)
            finally:
                claims.close()
                journal.close()
    except PermissionError as error:
        raise SettingsError(f"{error.filename} can't be written. Choose another folder with --into.") from error
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise SettingsError(_full(data_folder, error.strerror or "full")) from error
    except sqlite3.OperationalError as error:
        raise SettingsError(_full(data_folder, str(error))) from error
    except sqlite3.DatabaseError as error:
        raise SettingsError(f"The journal in {folder} is damaged ({error}). Move it away and start afresh.") from error


def _make(folder: Path, data_folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (NotADirectoryError, FileExistsError, FileNotFoundError) as error:
        raise SettingsError(f"{data_folder} can't be a data folder ({error.strerror}). Name a folder.") from error


def _full(data_folder: Path, reason: str) -> str:
    return (
        f"{data_folder} can't be written ({reason}). What was rescued so far is kept; "
        "make room there, and the same command goes on."
    )


def name_of(brought: Path) -> str:
    """Return a name for a rescue: that of the folder or file, or of the folder around it when that says nothing.

    >>> name_of(Path("/home/ann/lantern-archive/pages"))
    'lantern-archive'
    >>> name_of(Path("lanterns-2007.warc.gz"))
    'lanterns-2007'
    """
    packed = _PACKED.search(brought.name)
    stem = brought.name[: packed.start()] if packed and packed.end() == len(brought.name) else ""
    own = shown(stem or (brought.stem if brought.is_file() else brought.name))
    if own.casefold() in _SAYS_NOTHING and brought.parent.name:
        return name_of(brought.parent)
    return own or "archive"


def _folder(rescues: Path, brought: Path, name: str) -> Path:
    wanted = slug(name or name_of(brought))
    if name:
        return rescues / wanted
    older = rescues / slug(shown(brought.stem if brought.is_file() else brought.name))
    if _is_of(older, brought):  # named by an earlier version
        return older
    for folder in (rescues / wanted, *(rescues / f"{wanted}-{number}" for number in range(2, 1000))):
        if not (folder / "path").exists() or _is_of(folder, brought):
            return folder
    raise UsageError(f"There are 1,000 rescues called {wanted}. Give this one a name of its own with --name.")


def _is_of(folder: Path, brought: Path) -> bool:
    """Say whether ``folder`` is the workplace of what was ``brought``."""
    marked = folder / "path"
    return marked.exists() and marked.read_text("utf-8", "surrogateescape") == str(brought)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the workplace's lock; it goes with the process, however that ends."""
    handle = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise UsageError(f"Another rescue is at work in {folder}. Wait for it to end.") from error
    finally:
        os.close(handle)
