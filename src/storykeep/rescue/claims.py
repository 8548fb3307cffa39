"""The claim store: how to reach authors so that they can claim their works.

Addresses are private. They are kept in a file of their own that only its owner can read, and go nowhere else: not
into stories, reports or logs.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from storykeep.model.story import Contact

PAGE = "page "
"""How the origin of a contact begins that stood on a saved page; its arrival's number follows."""


class Claims:
    """The claim store at ``path``; made, readable by its owner only, when the first contact comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: sqlite3.Connection | None = None
        self._waiting: list[tuple[str, str, str]] = []

    def keep(self, contact: Contact, origin: str) -> None:
        """Keep a contact, from the next :meth:`flush` on; the same one again changes nothing."""
        self._waiting.append((contact.person, contact.email.strip(), origin))

    def flush(self) -> None:
        """Write what waits, in one transaction. Done before the journal says that its page was read."""
        if self._waiting:
            db = self._open()
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT OR IGNORE INTO contacts VALUES (?, ?, ?)", self._waiting)
            db.execute("COMMIT")
            self._waiting.clear()

    def contacts(self) -> Iterator[Contact]:
        """Yield what is kept of persons, by their keys. What a page says of a name is not tied to a person yet."""
        self.flush()
        yield from self._those("origin NOT LIKE ?", f"{PAGE}%")

    def on_page(self, arrival: int) -> Iterator[Contact]:
        """Yield what one page says, by the names that it gives."""
        yield from self._those("origin = ?", f"{PAGE}{arrival}")  # written by an earlier stage

    def _those(self, condition: str, value: str) -> Iterator[Contact]:
        if self._db or self.path.exists():
            query = f"SELECT DISTINCT person, email FROM contacts WHERE {condition} ORDER BY person, email"  # noqa: S608 — own words
            for person, email in self._open().execute(query, (value,)).fetchall():
                yield Contact(person=person, email=email)

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        self.flush()
        if self._db:
            self._db.close()
            self._db = None

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self.path.chmod(0o600)
            self._db = sqlite3.connect(self.path, timeout=20, isolation_level=None)
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS contacts (person TEXT NOT NULL, email TEXT NOT NULL,"
                " origin TEXT NOT NULL, PRIMARY KEY (person, email, origin)) STRICT, WITHOUT ROWID"
            )
            self._db.execute("CREATE INDEX IF NOT EXISTS contacts_by_origin ON contacts (origin)")
        return self._db
