"""Which chapters are copies of one text? Found among any number of them, whatever page, host or archive they are on.

Each chapter leaves a sketch: hashes of some of its runs of five words. Two sketches tell how much of the shorter text
stands in the longer one (containment), which also finds a chapter inside a whole story and a truncated copy. Pages
leave those runs whose hash is a multiple of ``SCALE`` (FracMinHash); the chapters of a whole archive leave those that
begin with certain words, which is three times as fast. Sketches are rows of an SQLite file, so memory does not grow.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self
from zlib import crc32

from storykeep.text.fold import fold
from storykeep.text.markup import plain

SCALE = 8  # one run in eight is kept: a page of 1,000 words leaves about 125
ANCHORS = 12  # one word in twelve begins a run that is kept, if it has more than SMALL letters
SMALL = 3
RUN = 5  # words
COMMON = 25  # a run that more chapters share is a disclaimer or a song, and tells nothing
FEWEST = 4  # shared runs below which likeness is chance
TABLES = """
CREATE TABLE IF NOT EXISTS story (story TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chapter (
    id INTEGER PRIMARY KEY, story TEXT, chapter TEXT, size INTEGER, UNIQUE (story, chapter)
);
CREATE TABLE IF NOT EXISTS sketch (hash INTEGER, chapter INTEGER, PRIMARY KEY (hash, chapter)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sketch_of ON sketch (chapter);
CREATE TEMP TABLE fresh (chapter INTEGER PRIMARY KEY);
"""
PAIRS = """
WITH telling AS (
    SELECT hash FROM sketch WHERE hash IN (SELECT hash FROM sketch JOIN fresh USING (chapter))
    GROUP BY hash HAVING count(*) BETWEEN 2 AND ?
)
SELECT one.story, one.chapter, other.story, other.chapter, count(*), one.size, other.size
FROM telling JOIN sketch a USING (hash) JOIN sketch b ON b.hash = a.hash AND b.chapter > a.chapter
JOIN chapter one ON one.id = a.chapter JOIN chapter other ON other.id = b.chapter
WHERE a.chapter IN fresh OR b.chapter IN fresh
GROUP BY a.chapter, b.chapter HAVING count(*) >= ? AND count(*) >= ? * min(one.size, other.size)
ORDER BY one.story, one.id, other.story, other.id
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """Two chapters, as (story key, chapter key), and how much of the shorter stands in the longer, 0 to 1.

    ``shorter`` is the size of the shorter one's sketch, which grows with its words.
    """

    one: tuple[str, str]
    other: tuple[str, str]
    contained: float
    shorter: int = 0


class Copies:
    """The sketches of an archive's chapters in the SQLite file ``path`` (``:memory:`` for a few)."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._rows = sqlite3.connect(path, timeout=20)
        self._rows.executescript(TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._rows.commit()
        self._rows.close()

    def stamps(self) -> dict[str, str]:
        """Return what each story that is known was stamped with."""
        return dict(self._rows.execute("SELECT story, stamp FROM story").fetchall())

    def add_story(self, story: str, stamp: str, chapters: Iterable[tuple[str, str]]) -> None:
        """Add or replace a story: ``chapters`` are keys and bodies; ``stamp`` tells later whether it has changed."""
        self.forget(story)
        self._rows.execute("INSERT INTO story VALUES (?, ?)", (story, stamp))
        for chapter, body in chapters:
            self.add(story, chapter, body)

    def forget(self, story: str) -> None:
        """Forget a story and its chapters."""
        own = "(SELECT id FROM chapter WHERE story = ?)"
        self._rows.execute(f"DELETE FROM sketch WHERE chapter IN {own}", (story,))  # noqa: S608 — own words
        for table in ("chapter", "story"):
            self._rows.execute(f"DELETE FROM {table} WHERE story = ?", (story,))  # noqa: S608 — own words

    def add(self, story: str, chapter: str, body: str) -> None:
        """Add or replace the sketch of a chapter. ``body`` is HTML or plain text."""
        hashes = anchored(body)
        self._rows.execute("INSERT OR IGNORE INTO chapter (story, chapter) VALUES (?, ?)", (story, chapter))
        (row,) = self._rows.execute(
            "SELECT id FROM chapter WHERE story = ? AND chapter = ?", (story, chapter)
        ).fetchone()
        self._rows.execute("UPDATE chapter SET size = ? WHERE id = ?", (len(hashes), row))
        self._rows.execute("DELETE FROM sketch WHERE chapter = ?", (row,))
        self._rows.executemany("INSERT INTO sketch VALUES (?, ?)", ((number, row) for number in hashes))
        self._rows.execute("INSERT OR IGNORE INTO fresh VALUES (?)", (row,))

    def sizes(self) -> dict[str, int]:
        """Return the size of each story's sketch, which grows with its words."""
        return dict(self._rows.execute("SELECT story, sum(size) FROM chapter GROUP BY story").fetchall())

    def pairs(self, least: float = 0.5) -> Iterator[Copy]:
        """Yield the pairs of chapters of which the shorter stands in the longer by at least ``least``.

        One of each pair was added since this was opened.

        >>> with Copies() as copies:
        ...     copies.add("a", "1", "the seventh lamp would not take the flame " * 3 + "and so he went home " * 9)
        ...     copies.add("b", "1", "nothing of the kind was ever said by anyone in this house " * 9)
        ...     list(copies.pairs())
        []
        """
        for row in self._rows.execute(PAIRS, (COMMON, FEWEST, least)):
            story, chapter, other, inner, shared, size, second = row
            shorter = min(size, second)
            yield Copy((story, chapter), (other, inner), min(shared / shorter, 1.0), shorter)


def anchored(body: str) -> frozenset[int]:
    """Return the hashes (63 bits) of the runs of words of ``body`` that begin with one of the certain words."""
    words = fold(plain(body)).split()
    starts = (at for at, word in enumerate(words[: len(words) - RUN + 1]) if _begins(word))
    return frozenset(_hash(" ".join(words[at : at + RUN])) for at in starts)


@lru_cache(maxsize=200_000)
def _begins(word: str) -> bool:
    return len(word) > SMALL and crc32(word.encode("utf-8", "replace")) % ANCHORS == 0


def sketch(body: str) -> frozenset[int]:
    """Return the hashes (63 bits) of the runs of words of ``body`` that its sketch keeps."""
    words = fold(plain(body)).split()
    runs = {" ".join(words[at : at + RUN]) for at in range(max(len(words) - RUN + 1, 1 if words else 0))}
    return frozenset(number for run in runs if (number := _hash(run)) % SCALE == 0)


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") >> 1
