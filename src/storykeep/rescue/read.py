"""Third stage: every page is read by a crew of processes, and what they find is written down as it comes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from storykeep.model.provenance import Finding, Severity
from storykeep.rescue.claims import PAGE
from storykeep.rescue.crew import PATIENCE, Crew, Lost
from storykeep.rescue.journal import Journal, storable
from storykeep.rescue.learn import reader_tag
from storykeep.rescue.reader import Job, Read, failure, read_page, setup
from storykeep.rescue.workplace import Tell, Workplace
from storykeep.sources.folder.kinds import Kind
from storykeep.sources.pages.shape import Shape

CREW = 2
FEW, SMALL = 12, 1 << 20
"""So few pages, of so few bytes together, are read in this process: starting others would take longer."""
BATCH, BATCH_SECONDS = 200, 1.0

MANY = 10
"""Of more files than this with the same bytes one is read: they are an error page or a frame, and no story."""
_TODO = """
WITH same AS (SELECT sha256, min(id) AS first FROM arrivals WHERE kind = 'page' GROUP BY sha256 HAVING count(*) > ?)
SELECT a.id, a.size FROM arrivals a LEFT JOIN readings r ON r.arrival = a.id LEFT JOIN same s ON s.sha256 = a.sha256
WHERE a.kind = ? AND (s.first IS NULL OR s.first = a.id) AND (r.reader IS NULL OR r.reader <> ?)
ORDER BY a.root, a.path
"""
_SAME = """
SELECT sha256, min(path), count(*), max(size) FROM arrivals WHERE kind = 'page'
GROUP BY sha256 HAVING count(*) > ? ORDER BY 2
"""

_READ = (
    "INSERT OR REPLACE INTO readings (arrival, reader, failed, role, platform, site, archive, work, place, chapters,"
    " words, title, authors, sketch, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def read(place: Workplace, shape: Shape | None, tell: Tell, *, crew: int = CREW, patience: float = PATIENCE) -> None:
    """Read the pages that have not been read, or were read knowing less."""
    journal, originals = place.journal, place.originals
    tag = reader_tag(journal)
    rows = journal.db.execute(_TODO, (MANY, Kind.PAGE, tag)).fetchall()
    todo = [row[0] for row in rows]
    desk = _Desk(place, tag, len(todo), tell)
    if crew < 1 or (len(todo) <= FEW and sum(row[1] for row in rows) <= SMALL):
        for job in _jobs(journal, todo):
            desk.take(read_page(job, originals, shape))
    else:
        with Crew(crew, setup, (str(originals.folder), shape), patience=patience) as readers:
            for answer in readers.answers(_jobs(journal, todo)):
                desk.take(answer)
    desk.write()
    with journal.writing():
        journal.find("same", "", _same(journal))


def _same(journal: Journal) -> Iterator[Finding]:
    """Yield what is said of files with the same bytes."""
    for digest, path, count, _ in journal.db.execute(_SAME, (MANY,)).fetchall():
        yield Finding(
            code="page.same",
            where=path,
            evidence=f"{count:,} files have the very same bytes. One of them was read.",
            suggestion="Probably an error page that the server sent for all that was gone. Nothing needs to be done.",
            severity=Severity.INFO,
            capture=digest,
        )


def _jobs(journal: Journal, arrivals: list[int]) -> Iterator[Job]:
    for number in arrivals:
        for arrival in list(journal.arrivals("id = ?", number)):
            yield Job(arrival.id, arrival.capture)


class _Desk:
    """Collects answers and writes them in batches, each on the disk before the next one is collected."""

    def __init__(self, place: Workplace, tag: str, total: int, tell: Tell) -> None:
        self.journal, self.claims, self.tag, self.total, self.tell = place.journal, place.claims, tag, total, tell
        self.done = 0
        self._answers: list[Read] = []
        self._since = time.monotonic()

    def take(self, answer: Read | Lost) -> None:
        self._answers.append(failure(answer.job, answer.reason) if isinstance(answer, Lost) else answer)
        if len(self._answers) >= BATCH or time.monotonic() - self._since > BATCH_SECONDS:
            self.write()

    def write(self) -> None:
        for answer in self._answers:
            for contact in answer.contacts:
                self.claims.keep(contact, f"{PAGE}{answer.arrival}")
        self.claims.flush()
        with self.journal.writing():
            for answer in self._answers:
                self._write(answer)
            if self._answers:
                self.journal.note("changed", "yes")
        self.done += len(self._answers)
        self._answers.clear()
        self._since = time.monotonic()
        self.tell(self.done, self.total)

    def _write(self, read: Read) -> None:
        db = self.journal.db
        values = (
            read.arrival, self.tag, int(read.failed), read.role, read.platform, read.site, read.archive, read.work,
            read.place, read.chapters, read.words, read.title, read.authors, read.sketch, read.body,
        )  # fmt: skip
        db.execute(_READ, tuple(map(storable, values)))
        for table in ("links", "mentions"):
            db.execute(f"DELETE FROM {table} WHERE arrival = ?", (read.arrival,))  # noqa: S608 — the names above
        for place, link in enumerate(read.links):
            db.execute("INSERT INTO links VALUES (?, ?, ?, ?, ?)", (read.arrival, place, *map(storable, link)))
        for place, listed in enumerate(read.listed):
            db.execute(
                "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?)", (read.arrival, place, *map(storable, listed))
            )
        self.journal.find("read", str(read.arrival), read.findings)
