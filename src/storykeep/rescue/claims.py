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


class Claims:
    """The claim store at ``path``; made, readable by its owner only, when the first contact comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: sqlite3.Connection | None = None

    def keep(self, contact: Contact, origin: str) -> None:
        """Keep a contact; the same one again changes nothing."""
        values = (contact.person, contact.email.strip(), origin)
        self._open().execute("INSERT OR IGNORE INTO contacts VALUES (?, ?, ?)", values)

    def contacts(self) -> Iterator[Contact]:
        """Yield what is kept, by person."""
        if self.path.exists():
            rows = self._open().execute("SELECT DISTINCT person, email FROM contacts ORDER BY person, email")
            yield from (Contact(person=person, email=email) for person, email in rows)

    def close(self) -> None:
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
        return self._db
