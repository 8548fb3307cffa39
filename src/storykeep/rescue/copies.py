"""Which chapters are copies of one text? Found among any number of them, whatever page, host or archive they are on.

Each chapter leaves a sketch: of the runs of five words in it, those whose hash is a multiple of ``SCALE``
(FracMinHash). Two sketches tell how much of the shorter text stands in the longer one (containment), which also finds
a chapter inside a whole story and a truncated copy. Sketches are rows of an SQLite file, so memory does not grow.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from storykeep.text.fold import fold
from storykeep.text.markup import plain

SCALE = 8  # one run in eight is kept: a chapter of 1,000 words leaves about 125
RUN = 5  # words
COMMON = 25  # a run that more chapters share is a disclaimer or a song, and tells nothing
FEWEST = 4  # shared runs below which likeness is chance
TABLES = """
CREATE TABLE IF NOT EXISTS chapter (
    id INTEGER PRIMARY KEY, story TEXT, chapter TEXT, size INTEGER, UNIQUE (story, chapter)
);
CREATE TABLE IF NOT EXISTS sketch (hash INTEGER, chapter INTEGER, PRIMARY KEY (hash, chapter)) WITHOUT ROWID;
"""
PAIRS = """
WITH telling AS (SELECT hash FROM sketch GROUP BY hash HAVING count(*) BETWEEN 2 AND ?)
SELECT one.story, one.chapter, other.story, other.chapter, count(*), min(one.size, other.size)
FROM telling JOIN sketch a USING (hash) JOIN sketch b ON b.hash = a.hash AND b.chapter > a.chapter
JOIN chapter one ON one.id = a.chapter JOIN chapter other ON other.id = b.chapter
GROUP BY a.chapter, b.chapter HAVING count(*) >= ? AND count(*) >= ? * min(one.size, other.size)
ORDER BY one.story, one.id, other.story, other.id
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """Two chapters, as (story key, chapter key), and how much of the shorter stands in the longer, 0 to 1."""

    one: tuple[str, str]
    other: tuple[str, str]
    contained: float


class Copies:
    """The sketches of an archive's chapters in the SQLite file ``path`` (``:memory:`` for a few)."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._rows = sqlite3.connect(path)
        self._rows.executescript(TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._rows.commit()
        self._rows.close()

    def add(self, story: str, chapter: str, body: str) -> None:
        """Add or replace the sketch of a chapter. ``body`` is HTML or plain text."""
        hashes = sketch(body)
        self._rows.execute("INSERT OR IGNORE INTO chapter (story, chapter) VALUES (?, ?)", (story, chapter))
        (row,) = self._rows.execute(
            "SELECT id FROM chapter WHERE story = ? AND chapter = ?", (story, chapter)
        ).fetchone()
        self._rows.execute("UPDATE chapter SET size = ? WHERE id = ?", (len(hashes), row))
        self._rows.execute("DELETE FROM sketch WHERE chapter = ?", (row,))
        self._rows.executemany("INSERT INTO sketch VALUES (?, ?)", ((number, row) for number in hashes))

    def pairs(self, least: float = 0.5) -> Iterator[Copy]:
        """Yield the pairs of chapters of which the shorter stands in the longer by at least ``least``.

        >>> with Copies() as copies:
        ...     copies.add("a", "1", "the seventh lamp would not take the flame " * 3 + "and so he went home " * 9)
        ...     copies.add("b", "1", "nothing of the kind was ever said by anyone in this house " * 9)
        ...     list(copies.pairs())
        []
        """
        for story, chapter, other, inner, shared, size in self._rows.execute(PAIRS, (COMMON, FEWEST, least)):
            yield Copy((story, chapter), (other, inner), min(shared / size, 1.0))


def sketch(body: str) -> frozenset[int]:
    """Return the hashes (63 bits) of the runs of words of ``body`` that its sketch keeps."""
    words = fold(plain(body)).split()
    runs = {" ".join(words[at : at + RUN]) for at in range(max(len(words) - RUN + 1, 1 if words else 0))}
    return frozenset(number for run in runs if (number := _hash(run)) % SCALE == 0)


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") >> 1
