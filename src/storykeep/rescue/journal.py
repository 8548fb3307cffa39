"""What a rescue has done so far: one SQLite file, so that a killed run goes on where it was.

Every row says what is true of the remains, never what is planned; each stage asks for what is missing. Rows are
written in transactions that are on the disk when they return (WAL, ``synchronous=FULL``), and each can be written
again without harm. The order of everything is that of names, not of arrival: a rescue that was killed ten times ends
in the same rows as one that was left in peace.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from storykeep.model import bundle
from storykeep.model.errors import UsageError
from storykeep.model.provenance import Capture, Finding, Severity

VERSION = 1
PAGES = "pages"
"""The origin of what was made of saved pages; other origins are materials."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE arrivals (
    id INTEGER PRIMARY KEY, root TEXT NOT NULL, path TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL,
    size INTEGER NOT NULL, changed INTEGER NOT NULL, address TEXT NOT NULL, page TEXT NOT NULL,
    captured_at TEXT NOT NULL, media_type TEXT NOT NULL, container TEXT NOT NULL, UNIQUE (root, path)) STRICT;
CREATE INDEX arrivals_by_page ON arrivals (page);
CREATE INDEX arrivals_by_sha ON arrivals (sha256);
CREATE TABLE readings (
    arrival INTEGER PRIMARY KEY REFERENCES arrivals, reader TEXT NOT NULL, failed INTEGER NOT NULL,
    role TEXT NOT NULL, platform TEXT NOT NULL, site TEXT NOT NULL, archive TEXT NOT NULL, work TEXT NOT NULL,
    place INTEGER NOT NULL, chapters INTEGER NOT NULL, words INTEGER NOT NULL, title TEXT NOT NULL,
    authors TEXT NOT NULL, sketch BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX readings_by_role ON readings (role);
CREATE TABLE links (arrival INTEGER NOT NULL, place INTEGER NOT NULL, page TEXT NOT NULL, label TEXT NOT NULL,
    address TEXT NOT NULL, PRIMARY KEY (arrival, place)) STRICT, WITHOUT ROWID;
CREATE TABLE mentions (arrival INTEGER NOT NULL, place INTEGER NOT NULL, site TEXT NOT NULL, work TEXT NOT NULL,
    title TEXT NOT NULL, authors TEXT NOT NULL, story BLOB NOT NULL, PRIMARY KEY (arrival, place))
    STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_work ON mentions (site, work);
CREATE INDEX mentions_by_title ON mentions (title, authors);
CREATE TABLE findings (
    id INTEGER PRIMARY KEY, stage TEXT NOT NULL, owner TEXT NOT NULL, code TEXT NOT NULL, place TEXT NOT NULL,
    evidence TEXT NOT NULL, suggestion TEXT NOT NULL, severity TEXT NOT NULL, capture TEXT NOT NULL) STRICT;
CREATE INDEX findings_by_owner ON findings (stage, owner);
CREATE INDEX findings_by_code ON findings (code);
CREATE TABLE keys (arrival INTEGER PRIMARY KEY, key TEXT NOT NULL) STRICT;
CREATE TABLE records (
    origin TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, place TEXT NOT NULL, digest TEXT NOT NULL,
    round INTEGER NOT NULL, kept TEXT NOT NULL, facts TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key))
    STRICT, WITHOUT ROWID;
CREATE INDEX records_in_order ON records (kind, place, key);
CREATE TABLE materials (
    root TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, evidence TEXT NOT NULL, path TEXT NOT NULL,
    state TEXT NOT NULL, read TEXT NOT NULL, PRIMARY KEY (root, name)) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that came in: ``root`` is what was brought, ``path`` its name inside, ``container`` what held it."""

    root: str
    path: str
    kind: str
    sha256: str
    size: int
    changed: int = 0
    address: str = ""
    page: str = ""
    captured_at: str = ""
    media_type: str = ""
    container: str = ""
    id: int = 0

    @property
    def capture(self) -> Capture:
        return Capture(
            sha256=self.sha256,
            path=self.path,
            address=self.address,
            captured_at=self.captured_at,
            media_type=self.media_type,
            size=self.size,
        )


class Journal:
    """The journal at ``path``; made when it isn't there. Use it in one process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = _open(path)
        self.db.row_factory = sqlite3.Row
        self._prepare()

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all that is written inside is on the disk afterwards, or none of it."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    # ── small facts
    def get(self, name: str, default: str = "") -> str:
        """Return what was noted under ``name``."""
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def note(self, name: str, value: str) -> None:
        """Note ``value`` under ``name``; inside :meth:`writing` it belongs to that transaction."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (storable(name), storable(value)))

    def one(self, query: str, *values: object) -> int:
        """Return the number that ``query`` gives."""
        row = self.db.execute(query, values).fetchone()
        return int(row[0] or 0) if row else 0

    # ── what came in
    def arrival(self, root: str, path: str) -> Arrival | None:
        row = self.db.execute("SELECT * FROM arrivals WHERE root = ? AND path = ?", (root, path)).fetchone()
        return Arrival(**dict(row)) if row else None

    def arrive(self, arrival: Arrival) -> None:
        """Note a file. What was read of other bytes, or under another address, is forgotten."""
        known = self.arrival(arrival.root, arrival.path)
        if known and (known.sha256, known.address, known.kind) != (arrival.sha256, arrival.address, arrival.kind):
            self.forget(known.id)
        self.db.execute(_ARRIVE, _values(arrival))

    def forget(self, arrival: int) -> None:
        """Forget what was read on a page."""
        for table in ("readings", "links", "mentions"):
            self.db.execute(f"DELETE FROM {table} WHERE arrival = ?", (arrival,))  # noqa: S608 — the names above
        self.find("read", str(arrival), ())

    def arrivals(self, where: str = "1", *values: object) -> Iterator[Arrival]:
        """Yield the files that came in, by root and path."""
        query = f"SELECT * FROM arrivals WHERE {where} ORDER BY root, path"  # noqa: S608 — only the house's own words
        for row in self.db.execute(query, values):
            yield Arrival(**dict(row))

    # ── findings
    def find(self, stage: str, owner: str, findings: Iterable[Finding]) -> None:
        """Set the findings of one stage about ``owner`` (an arrival's id, a record's key, a root)."""
        self.db.execute("DELETE FROM findings WHERE stage = ? AND owner = ?", (stage, owner))
        self.db.executemany(
            "INSERT INTO findings (stage, owner, code, place, evidence, suggestion, severity, capture)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                tuple(
                    map(
                        storable, (stage, owner, f.code, f.where, f.evidence, f.suggestion, f.severity.value, f.capture)
                    )
                )
                for f in dict.fromkeys(findings)
            ],
        )

    def findings(self, where: str = "1", *values: object) -> Iterator[tuple[str, str, Finding]]:
        """Yield (stage, owner, finding), by code and place."""
        query = f"SELECT * FROM findings WHERE {where} ORDER BY code, owner, id"  # noqa: S608 — the same
        for row in self.db.execute(query, values):
            yield row["stage"], row["owner"], _finding(row)

    # ── what was made of it
    def put(self, record: bundle.Record, *, origin: str, place: str, round_: int, facts: dict[str, object]) -> bool:
        """Keep a finished record; return whether it is new or has changed.

        What a material says of something (its own origin) is not replaced by what the pages say of it.
        """
        kind = type(record).__name__.lower()
        text, key = bundle.dumps(record).encode("utf-8", "replace"), str(storable(key_of(record)))
        digest = sha256(text).hexdigest()
        known = self.db.execute("SELECT digest, origin FROM records WHERE kind = ? AND key = ?", (kind, key))
        row = known.fetchone()
        if row and origin == PAGES and row[1] != PAGES:
            return False
        if row and row[0] == digest:
            self.db.execute(
                "UPDATE records SET round = ?, place = ?, origin = ? WHERE kind = ? AND key = ?",
                (round_, place, origin, kind, key),
            )
            return False
        values = (origin, kind, key, place, digest, round_, "", json.dumps(facts), zlib.compress(text, 3))
        self.db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        return True

    def sweep(self, origin: str, round_: int) -> None:
        """Drop the records of ``origin`` that the round ``round_`` did not make again, with their findings."""
        self.db.execute(
            "DELETE FROM findings WHERE stage = 'record' AND owner IN"
            " (SELECT kind || ' ' || key FROM records WHERE origin = ? AND round <> ?)",
            (origin, round_),
        )
        self.db.execute("DELETE FROM records WHERE origin = ? AND round <> ?", (origin, round_))

    def records(self, *kinds: str, unkept: bool = False) -> Iterator[bundle.Record]:
        """Yield the finished records of each kind in turn, in the order of the remains; one in memory at a time.

        ``unkept`` are those that :meth:`kept` was not told of since they changed.
        """
        which = "AND kept <> digest" if unkept else ""
        for kind in kinds:
            query = f"SELECT key FROM records WHERE kind = ? {which} ORDER BY place, key"  # noqa: S608 — own words
            for (key,) in self.db.execute(query, (kind,)).fetchall():
                row = self.db.execute("SELECT body FROM records WHERE kind = ? AND key = ?", (kind, key)).fetchone()
                yield bundle.loads(zlib.decompress(row[0]))

    def kept(self, record: bundle.Record) -> None:
        """Note that the site has this record as it is."""
        kind = type(record).__name__.lower()
        self.db.execute("UPDATE records SET kept = digest WHERE kind = ? AND key = ?", (kind, key_of(record)))

    def _prepare(self) -> None:
        if not self.one("SELECT count(*) FROM sqlite_master WHERE name = 'meta'"):
            with self.writing():
                for statement in _TABLES.split(";\n"):
                    if statement.strip():
                        self.db.execute(statement)
                self.note("version", str(VERSION))
        if self.get("version") != str(VERSION):
            raise UsageError(
                f"{self.path} was written by another version of Storykeep. Move it away; the rescue then starts afresh."
            )


def storable(value: object) -> object:
    """Return ``value`` as SQLite can store it: text without halves of surrogate pairs, which broken UTF-16 leaves."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def key_of(record: bundle.Record) -> str:
    """Return the key of any record; an archive has its name."""
    return str(getattr(record, "key", "") or getattr(record, "name", ""))


def packed(value: object) -> bytes:
    """Return a dataclass as compressed JSON."""
    plain = json.dumps(bundle.to_plain(value), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(plain.encode("utf-8", "surrogatepass"), 3)


def unpacked(wanted: type, data: bytes) -> object:
    """Return the dataclass in :func:`packed` bytes."""
    plain = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
    return bundle.from_plain(wanted, plain, wanted.__name__)


_FIELDS = tuple(name for name in Arrival.__dataclass_fields__ if name != "id")
_ARRIVE = (
    f"INSERT INTO arrivals ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))})"  # noqa: S608 — own names
    " ON CONFLICT (root, path) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in _FIELDS[2:])
)


def _values(arrival: Arrival) -> tuple[object, ...]:
    return tuple(storable(getattr(arrival, name)) for name in _FIELDS)


def _finding(row: sqlite3.Row) -> Finding:
    return Finding(
        code=row["code"],
        where=row["place"],
        evidence=row["evidence"],
        suggestion=row["suggestion"],
        severity=Severity(row["severity"]),
        capture=row["capture"],
    )


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=20, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -16000"):
        db.execute(f"PRAGMA {pragma}")
    return db
