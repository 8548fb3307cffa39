"""Materials other than saved pages: dumps, mailboxes, books. Their sources yield records; this writes them down."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from storykeep.model import bundle
from storykeep.model.errors import InputError
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.model.story import Contact, Story
from storykeep.rescue.counted import counted
from storykeep.rescue.crew import Lost, Teller
from storykeep.rescue.journal import Arrival, key_of
from storykeep.rescue.originals import Originals
from storykeep.rescue.workplace import Tell, Workplace
from storykeep.sources import base
from storykeep.sources.folder.addresses import same_page
from storykeep.sources.folder.kinds import Kind

BATCH = 50
PATIENCE = 300.0
"""Seconds that a source may be silent. A dump of gigabytes says something every few seconds."""


def read_materials(place: Workplace, tell: Tell, *, patience: float = PATIENCE) -> None:
    """Read every material that is new or has changed since it was read, in a process of its own.

    A material that crashes that process, or says nothing for ``patience`` seconds, becomes a finding.
    """
    query = "SELECT root, name, source, path, state FROM materials WHERE read <> state ORDER BY root, name"
    todo = place.journal.db.execute(query).fetchall()
    with Teller(setup, (str(place.originals.folder),), patience=patience) as teller:
        for number, (root, name, source, path, state) in enumerate(todo):
            tell(number, len(todo))
            job = Task(source, base.Material(path=Path(os.fsdecode(path.encode("latin-1"))), name=name))
            _Reading(place, root, name).read(teller.tell(job), state)


@dataclass(frozen=True, slots=True)
class Task:
    """A material and the code of the source that reads it."""

    source: str
    material: base.Material


@dataclass(frozen=True, slots=True)
class Kept:
    """The SHA-256 of original bytes that a source has kept."""

    sha256: str


def setup(folder: str) -> Callable[[Task], Iterator[base.Record | Kept]]:
    """Return what reads a material and keeps its originals in ``folder``."""
    originals = Originals(Path(folder))

    def told(task: Task) -> Iterator[base.Record | Kept]:
        kept: list[Kept] = []

        def keep(data: bytes, capture: Capture) -> Capture:
            digest = originals.keep(data)
            kept.append(Kept(digest))
            return replace(capture, sha256=digest, size=len(data))

        try:
            for record in base.load(task.source).read(task.material, keep):
                yield from kept
                kept.clear()
                yield record
        except InputError as error:
            yield _failed(error.code, str(error))
        yield from kept

    return told


def _failed(code: str, evidence: str) -> Finding:
    return Finding(
        code=code,
        evidence=evidence,
        suggestion="What was read before is kept. Look for another copy of the file.",
        severity=Severity.LOSS,
    )


class _Reading:
    """One material being read. Records are written in batches; a killed reading starts again and ends the same."""

    def __init__(self, place: Workplace, root: str, name: str) -> None:
        self.place, self.root, self.name = place, root, name
        self.origin = f"material {root}|{name}"
        self.findings: list[Finding] = []
        self.kept: list[str] = []
        self.handed_on: set[str] = set()  # pages that a source found: they are read like any other
        self.round = int(place.journal.get(f"round {self.origin}", "0")) + 1
        self.count = 0

    def read(self, told: Iterator[base.Record | Kept | Lost], state: str) -> None:
        more = True
        while more:
            with self.place.journal.writing():
                more = self._some(told)
        with self.place.journal.writing() as db:
            self.place.journal.sweep(self.origin, self.round)
            self.place.journal.find("source", self.origin, self.findings)
            self.place.journal.note(f"round {self.origin}", str(self.round))
            self.place.journal.note("changed", "yes")
            for digest in (one for one in self.kept if one not in self.handed_on):
                for arrival in list(self.place.journal.arrivals("sha256 = ? AND kind = 'page'", digest)):
                    self.place.journal.arrive(replace(arrival, kind="material"))
            values = (state, self.root, self.name)
            db.execute("UPDATE materials SET read = ? WHERE root = ? AND name = ?", values)

    def _some(self, told: Iterator[base.Record | Kept | Lost]) -> bool:
        """Write the next records; return whether there may be more."""
        record = None
        for _ in range(BATCH):
            record = next(told, None)
            if record is None:
                break
            self._write(record)
        self.place.claims.flush()
        return record is not None

    def _write(self, record: base.Record | Kept | Lost) -> None:
        if isinstance(record, Kept):
            self.kept.append(record.sha256)
        elif isinstance(record, Lost):
            self.findings.append(replace(_failed("source.failed", record.reason), where=self.name))
        elif isinstance(record, Finding):
            self.findings.append(replace(record, where=": ".join(filter(None, (self.name, record.where)))))
        elif isinstance(record, Contact):
            self.place.claims.keep(record, self.origin)
        elif isinstance(record, Capture):
            self._page(record)
        else:
            self._record(record)

    def _record(self, record: bundle.Record) -> None:
        self.count += 1
        facts: dict[str, object] = {"name": str(getattr(record, "name", "") or getattr(record, "title", "") or "")}
        if isinstance(record, Story):
            facts = story_facts(record)
            self.place.journal.find("record", f"story {key_of(record)}", record.findings)
        place = f"{self.root}|{self.name}|{self.count:08}"
        self.place.journal.put(record, origin=self.origin, place=place, round_=self.round, facts=facts)

    def _page(self, capture: Capture) -> None:
        """Note a page that the source found, to be read like any saved page."""
        self.handed_on.add(capture.sha256)
        arrival = Arrival(
            root=self.root,
            path=capture.path,
            kind=Kind.PAGE,
            sha256=capture.sha256,
            size=capture.size,
            address=capture.address,
            page=same_page(capture.address) if capture.address else "",
            captured_at=capture.captured_at,
            media_type=capture.media_type,
            container=self.name,
        )
        self.place.journal.arrive(arrival)


def story_facts(story: Story) -> dict[str, object]:
    """Return what the report says of a story."""
    return {
        "title": story.title,
        "authors": list(story.authors),
        "chapters": len(story.chapters),
        "words": sum(counted(chapter.body) for chapter in story.chapters),
        "steps": sum(len(chapter.steps) for chapter in story.chapters),
        "gaps": sum(len(chapter.gaps) for chapter in story.chapters),
        "path": story.captures[0].path if story.captures else "",
    }
