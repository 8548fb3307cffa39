"""What an archivist is told about a dump."""

from __future__ import annotations

from storykeep.model.provenance import Finding, Severity
from storykeep.sources.privacy import masked
from storykeep.sources.sql.dump import Broken, Statement


def broken(event: Broken, name: str) -> Finding:
    """Return the finding for a row that can't be read. Its words are not quoted: they may be private."""
    return Finding(
        code="sql.row-broken",
        where=f"{name}, line {event.line}",
        evidence=f"a row of {event.table}: {event.reason}",
        suggestion="Mend the line in a copy of the dump, or find the row in an older backup.",
        severity=Severity.LOSS,
    )


def statement(event: Statement, name: str) -> Finding:
    """Return the finding for a statement that belongs to no backup. It was not carried out."""
    return Finding(
        code="sql.statement",
        where=f"{name}, line {event.line}",
        evidence=masked(" ".join(event.text.split()))[:120],
        suggestion="Nothing in a dump is carried out; this was only noted. Do not load this file into a database.",
        severity=Severity.DANGER,
    )
