"""The rows of a dump put on shelves, so that chapters, which come before their stories, can wait for them.

The shelves are a private database in a temporary file (SQLite), which the system deletes with the process: a dump of
any size needs a few megabytes of memory. Columns that nobody may read (passwords, real names) are not put there at all.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from storykeep.sources.efiction import tables
from storykeep.sources.sql.dump import Row
from storykeep.sources.sql.rows import Value

SAMPLE, SAMPLE_BYTES = 40, 4 << 20
_KEYS = {
    "stories": ("sid", "psid"),
    "chapters": ("sid", "chapid"),
    "authors": ("uid",),
    "reviews": ("item", "psid", "chapid"),
    "inseries": ("sid", "seriesid", "subseriesid"),
    "coauthors": ("sid",),
    "series": ("seriesid",),
    "comments": ("nid",),
    "authorinfo": ("uid",),
    "favorites": ("uid",),
    "favauth": ("uid",),
    "favstor": ("uid",),
    "challenges": ("chalid",),
}
"""The columns that rows are looked up by."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row with named values. ``get`` gives bytes; what is NULL, missing or a number is bytes, too."""

    line: int
    charset: str
    values: Mapping[str, bytes]

    def get(self, name: str) -> bytes:
        return self.values.get(name, b"")

    def id(self, name: str) -> str:
        """Return an id or number as text without spaces: ``"13"``, ``"-1"``, ``""``."""
        return self.get(name).decode("latin-1").strip()

    def number(self, name: str) -> int:
        """Return a number, 0 when there is none."""
        text = self.id(name)
        return int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 19 else 0  # noqa: PLR2004 — fits 64 bits

    def has(self, name: str) -> bool:
        return name in self.values


@dataclass(slots=True)
class _Unsorted:
    """Rows without column names, until enough are seen to name the columns."""

    rows: list[Row] = field(default_factory=list)
    size: int = 0
    columns: tuple[str, ...] | None = None


class Shelves:
    """Rows by installation (``house``: database and prefix) and kind of table. Close it when done."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")  # "" is SQLite's name for a temporary file of its own
        self._base.execute("PRAGMA journal_mode=OFF")
        self._base.execute("PRAGMA synchronous=OFF")
        self._unsorted: dict[tuple[str, str, int], _Unsorted] = defaultdict(_Unsorted)
        self._made: dict[str, tuple[str, ...]] = {}
        self.houses: dict[str, set[str]] = defaultdict(set)
        self.unknown: list[tuple[str, str, int]] = []
        self.extra: dict[str, set[str]] = defaultdict(set)
        self.charsets: dict[str, str] = {}  # what an installation mostly wrote in, when that is known

    def put(self, house: str, kind: str, row: Row) -> None:
        """Put one row of the dump on its shelf."""
        self.houses[house].add(kind)
        if row.columns:
            self._store(house, kind, tuple(name.lower() for name in row.columns), row)
            return
        waiting = self._unsorted[house, kind, len(row.values)]
        if waiting.columns is not None:
            self._store(house, kind, waiting.columns, row)
            return
        waiting.rows.append(row)
        waiting.size += sum(len(value) for value in row.values if value)
        if len(waiting.rows) >= SAMPLE or waiting.size > SAMPLE_BYTES:
            self._name(house, kind, waiting)

    def sort(self) -> dict[str, int]:
        """Name the columns of what is still unsorted, and make the rows easy to find.

        Of rows with the same id the last stays (a dump may hold a table twice); the answer says how many went.
        Stories are an exception: two different ones with one number are both kept by their reader.
        """
        for (house, kind, _), waiting in self._unsorted.items():
            if waiting.columns is None:
                self._name(house, kind, waiting)
        for kind, columns in self._made.items():
            for column in _KEYS.get(kind, ()):
                if column in columns:
                    self._base.execute(f'CREATE INDEX "{kind}_{column}" ON "{kind}" (house, "{column}")')
        return {kind: gone for kind in self._made if (gone := self._without_repeats(kind))}

    def _without_repeats(self, kind: str) -> int:
        column = tables.IDS.get(kind, "")
        if kind == "stories" or column not in self._made[kind]:
            return 0
        last = f'SELECT max(place) FROM "{kind}" GROUP BY house, "{column}"'  # noqa: S608 — names are ours
        query = f'DELETE FROM "{kind}" WHERE length("{column}") > 0 AND place NOT IN ({last})'  # noqa: S608
        return self._base.execute(query).rowcount

    def all(self, house: str, kind: str, *, by: str = "place", **where: str) -> Iterator[Record]:
        """Yield the records of a kind, in the order of the column ``by`` (numbers as numbers, then as in the dump)."""
        columns = self._made.get(kind, ())
        if not columns or any(name not in columns for name in where):
            return
        order = "place" if by not in columns else f'CAST("{by}" AS INTEGER), place'
        terms = "".join(f' AND "{name}" = ?' for name in where)
        wanted = f"line, charset, values_named, {_list(columns)}"
        query = f'SELECT {wanted} FROM "{kind}" WHERE house = ?{terms} ORDER BY {order}'  # noqa: S608 — names are ours
        for line, charset, named, *values in self._base.execute(query, (house, *(_stored(v) for v in where.values()))):
            known = set(named.split())
            yield Record(
                line,
                self.charsets.get(house) or charset,
                {n: v for n, v in zip(columns, values, strict=True) if n in known and v is not None},
            )

    def count(self, house: str, kind: str) -> int:
        if kind not in self._made:
            return 0
        return int(self._base.execute(f'SELECT count(*) FROM "{kind}" WHERE house = ?', (house,)).fetchone()[0])  # noqa: S608

    def values(self, house: str, kind: str, column: str) -> Iterator[str]:
        """Yield the distinct values of a column, as ids."""
        if column in self._made.get(kind, ()):
            query = f'SELECT "{column}" FROM "{kind}" WHERE house = ? GROUP BY 1 ORDER BY min(place)'  # noqa: S608
            for (value,) in self._base.execute(query, (house,)):
                if value is not None:
                    yield bytes(value).decode("latin-1").strip()

    def move(self, kind: str, from_house: str, to_house: str, *, new_by: str = "") -> int:
        """Move rows from one installation to another; with ``new_by``, only those whose id is not there yet."""
        if kind not in self._made or (new_by and new_by not in self._made[kind]):
            return 0
        known = f' AND "{new_by}" NOT IN (SELECT "{new_by}" FROM "{kind}" WHERE house = ?2)' if new_by else ""  # noqa: S608
        query = f'UPDATE "{kind}" SET house = ?2 WHERE house = ?1{known}'  # noqa: S608 — names are ours
        moved = self._base.execute(query, (from_house, to_house)).rowcount
        if moved:
            self.houses[to_house].add(kind)
        return moved

    def forget(self, house: str) -> None:
        """Take an installation off the shelves."""
        for kind in self._made:
            self._base.execute(f'DELETE FROM "{kind}" WHERE house = ?', (house,))  # noqa: S608
        self.houses.pop(house, None)

    def close(self) -> None:
        self._base.close()

    def _name(self, house: str, kind: str, waiting: _Unsorted) -> None:
        waiting.columns = tables.columns_of(kind, [row.values for row in waiting.rows])
        if not any(waiting.columns):
            self.unknown.append((house, kind, waiting.rows[0].line if waiting.rows else 0))
        for row in waiting.rows:
            self._store(house, kind, waiting.columns, row)
        waiting.rows.clear()

    def _store(self, house: str, kind: str, columns: tuple[str, ...], row: Row) -> None:
        wanted = self._shelf(kind)
        given = {n: v for n, v in zip(columns, row.values, strict=False) if n in wanted}
        self.extra[kind].update(name for name in columns if name not in wanted and name not in tables.NEVER)
        cells = [_stored(given.get(name)) for name in wanted]
        marks = ", ".join("?" * (len(wanted) + 4))
        self._base.execute(
            f'INSERT INTO "{kind}" (house, line, charset, values_named, {_list(wanted)}) VALUES ({marks})',  # noqa: S608
            (house, row.line, row.charset, " ".join(given), *cells),
        )

    def _shelf(self, kind: str) -> tuple[str, ...]:
        if kind not in self._made:
            known = {name.lower(): None for layout in tables.LAYOUTS[kind] for name in layout}
            columns = tuple(name for name in known if name not in tables.NEVER)
            self._base.execute(
                f'CREATE TABLE "{kind}" (place INTEGER PRIMARY KEY, house TEXT, line INTEGER, charset TEXT, '
                f"values_named TEXT, {_list(columns)})"
            )
            self._made[kind] = columns
        return self._made[kind]


def _list(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _stored(value: Value | str) -> bytes | None:
    """Return a value as it is stored. Ids are stored without spaces, so that `` 13`` finds ``13``."""
    if isinstance(value, str):
        value = value.encode("latin-1", "replace")
    return value.strip() if value is not None and len(value) < 20 else value  # noqa: PLR2004
