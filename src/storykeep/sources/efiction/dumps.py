"""Which files are dumps of eFiction, and which folder is one archive's remains."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from storykeep.sources.base import Probe
from storykeep.sources.bytestream import Bytestream

HEAD, SAMPLES, SAMPLE = 1 << 20, 24, 1 << 16
DEPTH = 3  # dumps lie near the top
ASKED = 60  # files of a folder that are looked into before it is given up
LOOKED = 5000  # names below a folder that are looked at
_NAME = re.compile(
    r"[^\d].*\.(?:sql|dump|mysql|bak|gz|bz2|xz)|.*(?:sql|dump|backup|database|db)\w*\.txt|\d.*\.sql(?:\.\w+)?",
    re.IGNORECASE,
)
_OWNS = rf"(?:.*/)?(?:{_NAME.pattern}|\d+\.txt|imagelist\.js|stor(?:y|ies)/(?:[^/]+/)?\d+\.html?)"
_TEXT = re.compile(r"(?:.*/)?(?:\d+\.txt|stor(?:y|ies)/(?:[^/]+/)?\d+\.html?)", re.IGNORECASE)
_START = re.compile(
    rb"\s*(?:--|#|/\*|<|(?:CREATE|INSERT|REPLACE|DROP|SET|USE|BEGIN|LOCK|START|ALTER)\b)", re.IGNORECASE
)
_SIGN = re.compile(rb"(?:INSERT|REPLACE|CREATE\s+TABLE|DROP\s+TABLE)[^\n(]{0,80}fanfiction_\w", re.IGNORECASE)
_BARE_SIGN = re.compile(rb"(?:INSERT\s+INTO|CREATE\s+TABLE)[^\n(]{0,60}chapters\W[^;]{0,200}\bchapid\b", re.IGNORECASE)
_SQL = re.compile(rb"INSERT\s+INTO|CREATE\s+TABLE", re.IGNORECASE)


def claim(path: Path) -> Probe | None:
    """Return how sure it is that a file is a dump of eFiction, or that a folder is what is left of such an archive.

    A folder is claimed when a dump and the archive's text files lie in it, not both in the same folder below, or when
    several dumps do. One dump alone in a folder speaks for itself.
    """
    if path.is_file():
        return Probe(confidence=0.95, evidence=f"{path.name} holds tables of eFiction") if is_dump(path) else None
    here = list(islice(_directly(path), 3))
    names = ", ".join(one.name for one in here)
    if len(here) > 1 and not _holds_texts(path):
        return Probe(confidence=0.95, evidence=f"{names} hold tables of eFiction", owns=_OWNS)
    if here and _holds_texts(path):
        return Probe(confidence=0.97, evidence=f"{names} and a folder of text files", owns=_OWNS)
    if here:
        return Probe(confidence=0.45, evidence=f"{names} holds tables of eFiction", owns=_OWNS)
    return _apart(path)


def _apart(path: Path) -> Probe | None:
    """Claim a folder when the dump lies in one folder below and the texts in others."""
    below = next(find(path), None)
    if below is None or _holds_texts(path / below.relative_to(path).parts[0]) or not _holds_texts(path):
        return None  # when both lie in one folder, that speaks for itself
    return Probe(confidence=0.9, evidence=f"{below.name} and a folder of text files", owns=_OWNS)


def _holds_texts(folder: Path) -> bool:
    """Say whether text files of chapters lie below ``folder``. Looks at so many files and no more."""
    seen = 0
    for place, below, files in os.walk(folder, followlinks=False):
        below.sort()
        relative = Path(place).relative_to(folder.parent).as_posix()
        if any(_TEXT.fullmatch(f"{relative}/{name}") for name in files):
            return True
        seen += len(files) + len(below)
        if seen > LOOKED:
            return False
    return False


def find(path: Path) -> Iterator[Path]:
    """Yield the dumps in a folder, or the dump that ``path`` is."""
    if path.is_file():
        if is_dump(path):
            yield path
        return
    asked = 0
    for folder, below, files in os.walk(path, followlinks=False):
        below.sort()
        if len(Path(folder).relative_to(path).parts) >= DEPTH:
            below.clear()
        for name in sorted(files):
            file = Path(folder) / name
            if _NAME.fullmatch(name) and not file.is_symlink():
                asked += 1
                if is_dump(file):
                    yield file
                if asked > ASKED * DEPTH:
                    return


def is_dump(path: Path) -> bool:
    """Say whether a file holds eFiction's tables: its head is read, and samples of the rest of a large one."""
    try:
        stream = Bytestream(path)
        start = stream.head(4096)
        if start.count(b"\0") > 0.05 * len(start):
            return False  # bytes that are no text; Bytestream has turned UTF-16 already
        if path.suffix.lower() == ".txt" and not _START.match(start):
            return False
        head = stream.head(HEAD)
        if _SIGN.search(head) or _BARE_SIGN.search(head):
            return True
        return bool(_SQL.search(head)) and any(_SIGN.search(sample) for sample in _samples(path))
    except OSError:
        return False


def is_bare(path: Path) -> bool:
    """Say whether the tables have lost the word ``fanfiction_`` in their names."""
    head = Bytestream(path).head(HEAD)
    return not _SIGN.search(head) and bool(_BARE_SIGN.search(head))


def _directly(folder: Path) -> Iterator[Path]:
    for file in sorted(one for one in folder.iterdir() if _NAME.fullmatch(one.name))[:ASKED]:
        if file.is_file() and not file.is_symlink() and is_dump(file):
            yield file


def _samples(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    if size <= HEAD or path.suffix.lower() in (".gz", ".bz2", ".xz"):
        return
    with path.open("rb") as file:
        for number in range(SAMPLES):
            file.seek(HEAD + number * max(1, (size - HEAD) // SAMPLES))
            yield file.read(SAMPLE)
