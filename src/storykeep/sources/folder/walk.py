"""Every file below a folder, in an order that does not depend on the file system. Links are never followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storykeep.model.provenance import Finding, Severity

DEEPEST = 200
"""Folders nested deeper than this are reported, not entered: nobody built an archive like that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A plain file: where it is, its name below the folder (forward slashes).

    ``size`` is in bytes, ``changed`` in nanoseconds since 1970.
    """

    path: Path
    name: str
    size: int
    changed: int


def _always(_path: Path, _name: str) -> bool:
    return True


def walk(root: Path, *, enter: Callable[[Path, str], bool] = _always, prefix: str = "") -> Iterator[Entry | Finding]:
    """Yield the files below ``root``, by name. ``enter(folder, name)`` may refuse a folder.

    What can't be read, and what is no plain file (links, pipes, devices), comes as a Finding; nothing is raised.

    >>> [entry.name for entry in walk(Path("saved/site"))]  # doctest: +SKIP
    ['fic.html@id=663.html', 'images/star.gif']
    """
    todo = [(root, prefix, 0)]
    while todo:
        folder, name, depth = todo.pop()
        if depth > DEEPEST:
            yield _finding("input.too-deep", name, "Folders are nested more than 200 deep.", "Look at it by hand.")
            continue
        inner: list[tuple[Path, str, int]] = []
        for found in _entries(folder, name):
            if isinstance(found, tuple):
                if enter(*found):
                    inner.append((*found, depth + 1))
            else:
                yield found
        todo.extend(reversed(inner))


def _entries(folder: Path, name: str) -> Iterator[Entry | Finding | tuple[Path, str]]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield _unreadable(name or ".", error)
        return
    for entry in entries:
        yield _entry(entry, f"{name}/{shown(entry.name)}" if name else shown(entry.name))


def _entry(entry: os.DirEntry[str], name: str) -> Entry | Finding | tuple[Path, str]:
    try:
        known = entry.stat(follow_symlinks=False)
    except OSError as error:
        return _unreadable(name, error)
    if stat.S_ISDIR(known.st_mode):
        return Path(entry.path), name
    if stat.S_ISLNK(known.st_mode):
        return _finding("input.link", name, "It is a link to another place.", "Bring in the folder that it leads to.")
    if not stat.S_ISREG(known.st_mode):
        return _finding("input.special", name, "It is a device or a pipe, not a file.", "It can be left out.")
    return Entry(path=Path(entry.path), name=name, size=known.st_size, changed=known.st_mtime_ns)


def shown(name: str) -> str:
    """Return a file name as text that can be stored: bytes that are no UTF-8 are read as Windows-1252 or Latin-1."""
    raw = os.fsencode(name)
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _unreadable(name: str, error: OSError) -> Finding:
    reason = error.strerror or type(error).__name__
    return _finding("input.unreadable", name, reason, "Check the rights of the file or the disk, and run again.")


def _finding(code: str, where: str, evidence: str, suggestion: str) -> Finding:
    return Finding(code=code, where=where, evidence=evidence, suggestion=suggestion, severity=Severity.DOUBT)
