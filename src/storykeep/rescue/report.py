"""What came of a rescue: what came in, what was lost, what was repaired, what is doubtful."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from storykeep.model.errors import UsageError
from storykeep.model.provenance import called
from storykeep.model.story import Archive
from storykeep.rescue.journal import Journal
from storykeep.rescue.workplace import Workplace
from storykeep.text.cells import defused

FORMATS = ("html", "json", "csv")
_KEPT = "kind NOT IN ('unreadable', 'container')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often a finding occurs."""

    code: str
    severity: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of a rescue. ``workplace`` is the folder of its journal, from which the rest is read.

    ``files`` came in, ``pages`` of them could be pages, ``read`` were; ``stories`` have ``chapters`` of ``words``
    words by ``authors`` people. ``repairs`` are steps in ``repaired`` stories; ``gaps`` are places where something is
    missing; ``losses``, ``doubts`` and ``dangers`` are findings.
    """

    name: str
    workplace: Path
    files: int
    bytes: int
    pages: int
    read: int
    unread: int
    unreadable: int
    stories: int
    chapters: int
    words: int
    authors: int
    other_pages: int
    repairs: int
    repaired: int
    gaps: int
    gapped: int
    losses: int
    doubts: int
    dangers: int
    findings: tuple[Count, ...]

    @property
    def journal(self) -> Path:
        return self.workplace / "journal.sqlite3"


def report_of(place: Workplace) -> Report:
    """Return the report of a rescue, out of its journal."""
    one = place.journal.one
    story = "FROM records WHERE kind = 'story'"
    by_severity = dict(place.journal.db.execute("SELECT severity, count(*) FROM findings GROUP BY severity").fetchall())

    def facts(name: str) -> int:
        return one(f"SELECT sum(json_extract(facts, '$.{name}')) {story}")

    return Report(
        name=_called(place),
        workplace=place.folder,
        files=one("SELECT count(*) FROM arrivals"),
        bytes=one("SELECT sum(size) FROM arrivals WHERE kind <> 'container'"),
        pages=one("SELECT count(*) FROM arrivals WHERE kind = 'page'"),
        read=one("SELECT count(*) FROM readings WHERE NOT failed"),
        unread=one("SELECT count(*) FROM readings WHERE failed"),
        unreadable=one("SELECT count(*) FROM arrivals WHERE kind IN ('unreadable', 'unknown', 'empty', 'too-large')"),
        stories=one(f"SELECT count(*) {story}"),
        chapters=facts("chapters"),
        words=facts("words"),
        authors=one("SELECT count(*) FROM records WHERE kind = 'person'"),
        other_pages=one("SELECT count(*) FROM records WHERE kind = 'page'"),
        repairs=facts("steps"),
        repaired=one(f"SELECT count(*) {story} AND json_extract(facts, '$.steps') > 0"),
        gaps=facts("gaps"),
        gapped=one(f"SELECT count(*) {story} AND json_extract(facts, '$.gaps') > 0"),
        losses=by_severity.get("loss", 0),
        doubts=by_severity.get("doubt", 0),
        dangers=by_severity.get("danger", 0),
        findings=tuple(_counts(place.journal)),
    )


def _called(place: Workplace) -> str:
    """Return what the archive calls itself, when all that was rescued is of one; else the name of the rescue."""
    names = {record.name for record in place.journal.records("archive") if isinstance(record, Archive)}
    return names.pop() if len(names) == 1 else place.name


def write(place: Workplace, path: Path) -> None:
    """Write the report as the ending of ``path`` says: ``.html``, ``.json``, ``.csv``. Raises UsageError for others."""
    kind = path.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise UsageError(f"A report can be .html, .json or .csv, not {path.name}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        if kind == "json":
            write_json(place, out)
        elif kind == "csv":
            write_csv(place, out)
        else:
            from storykeep.rescue.report_page import write_html  # noqa: PLC0415 — builds on this module

            write_html(place, out)


def write_json(place: Workplace, out: TextIO) -> None:
    """Write figures, works and findings as one JSON object, finding by finding."""
    out.write('{"rescue": ' + json.dumps(figures(report_of(place)), ensure_ascii=False))
    for name, rows in (("works", works(place.journal)), ("findings", findings(place.journal))):
        out.write(f', "{name}": [')
        out.writelines(
            (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False) for number, row in enumerate(rows)
        )
        out.write("]")
    out.write("}\n")


def write_csv(place: Workplace, out: TextIO) -> None:
    """Write one line for each finding. Cells that a spreadsheet would run as a formula are defused."""
    rows = csv.writer(out)
    rows.writerow(["code", "severity", "work", "title", "file", "where", "evidence", "suggestion", "original"])
    for row in findings(place.journal):
        cells = (
            row["code"], row["severity"], row["work"], row["title"], row["file"], row["where"], row["evidence"],
            row["suggestion"], row["capture"],
        )  # fmt: skip
        rows.writerow([defused(cell) for cell in cells])


def figures(report: Report) -> dict[str, Any]:
    """Return the figures of a report as plain values."""
    plain = {name: getattr(report, name) for name in Report.__dataclass_fields__}
    plain["workplace"] = str(report.workplace)
    plain["findings"] = [{"code": c.code, "severity": c.severity, "count": c.count} for c in report.findings]
    return plain


def works(journal: Journal) -> Iterator[dict[str, Any]]:
    """Yield what is told of each work: key, title, authors, chapters, words, steps, gaps and the file it begins in."""
    query = "SELECT key, facts FROM records WHERE kind = 'story' ORDER BY place, key"
    for key, facts in journal.db.execute(query):
        yield {"key": key, **json.loads(facts)}


def findings(journal: Journal, code: str = "", limit: int = -1) -> Iterator[dict[str, str]]:
    """Yield the findings (all, or those with ``code``), each with its work's key and title, or its file."""
    query = (
        "SELECT f.*, json_extract(r.facts, '$.title') AS title, r.key AS work, a.path AS file, a.address"
        " FROM findings f"
        " LEFT JOIN records r ON f.stage = 'record' AND r.kind = 'story' AND r.key = substr(f.owner, 7)"
        " LEFT JOIN arrivals a ON f.stage = 'read' AND a.id = CAST(f.owner AS INTEGER)"
        " WHERE f.code = ? OR ? = '' ORDER BY f.code, f.owner, f.id LIMIT ?"
    )
    for row in journal.db.execute(query, (code, code, limit)):
        yield {
            "code": row["code"],
            "severity": row["severity"],
            "work": row["work"] or "",
            "title": row["title"] or "",
            "file": called(row["file"], row["address"]) if row["file"] else _file(journal, row["capture"]),
            "where": row["place"],
            "evidence": row["evidence"],
            "suggestion": row["suggestion"],
            "capture": row["capture"],
        }


def _file(journal: Journal, capture: str) -> str:
    query = "SELECT path, address FROM arrivals WHERE sha256 = ? ORDER BY root, path"
    row = journal.db.execute(query, (capture,)).fetchone()
    return called(*row) if row and capture else ""


def _counts(journal: Journal) -> Iterator[Count]:
    """Yield how often each finding occurs, the gravest first."""
    rank = "CASE severity WHEN 'danger' THEN 0 WHEN 'loss' THEN 1 WHEN 'doubt' THEN 2 ELSE 3 END"
    query = f"SELECT code, severity, count(*) FROM findings GROUP BY code, severity ORDER BY min({rank}), 3 DESC, 1"  # noqa: S608
    for code, severity, count in journal.db.execute(query):
        yield Count(code=code, severity=severity, count=count)
