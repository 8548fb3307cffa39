"""What an archivist is told about a dump."""

from __future__ import annotations

import re

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
    """Return the finding for a statement that belongs to no backup. It was not carried out.

    Only its words before the first value are quoted; what is no statement at all is not quoted, it may be private.
    """
    words = masked(" ".join(_VALUE.split(event.text, maxsplit=1)[0].split()))[:120]
    if not _COMMAND.match(words):
        return Finding(
            code="sql.unread",
            where=f"{name}, line {event.line}",
            evidence="these lines are neither a row nor a statement",
            suggestion="Something before them is lost. Look for another copy of the dump.",
            severity=Severity.LOSS,
        )
    return Finding(
        code="sql.statement",
        where=f"{name}, line {event.line}",
        evidence=words,
        suggestion="Nothing in a dump is carried out; this was only noted. Do not load this file into a database.",
        severity=Severity.DANGER,
    )


_VALUE = re.compile(r"['\"(]")
_COMMAND = re.compile(
    r"(?:/\*!?[\dM]*\s*)?(?:\\\S|(?:drop|delete|update|insert|replace|create|alter|grant|revoke|attach|detach|truncate|load|copy|call"
    r"|select|do|set|exec|execute|declare|merge|rename|flush|kill|install|import|handler|change|reset|purge|shutdown|system"
    r"|source|tee|pager|edit|connect|prompt|pragma|vacuum|reindex|lock|use)\b)",
    re.IGNORECASE,
)
