"""A dump of a database that no other way in knows: it is looked through, and the archivist is told what is in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from storykeep.model.errors import Unreadable
from storykeep.model.provenance import Finding, Severity
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.bytestream import Bytestream
from storykeep.sources.sql.dump import Dump, Row, Statement, Table
from storykeep.sources.sql.findings import statement

HEAD = 1 << 16
LISTED = 100
_NAME = re.compile(r".*\.(?:sql|mysql|dump)(?:\.(?:gz|bz2|xz))?", re.IGNORECASE)
_SIGN = re.compile(
    rb"(?:^|\n)\s*(?:(?:INSERT|REPLACE)\s+INTO\s|(?:CREATE|DROP)\s+TABLE\s|COPY\s\S+\s|\\copy\b"
    rb"|-- (?:MySQL|PostgreSQL) )",
    re.IGNORECASE,
)
_SOFTWARE = {
    "WordPress": r"\w*_posts$|\w*_postmeta$",
    "phpBB": r"\w*_topics$|phpbb\w*",
    "vBulletin": r"\w*thread$|\w*usergroup$",
    "Drupal": r"\w*node_revisions?$|\w*field_data_body$",
    "MediaWiki": r"\w*revision$|\w*pagelinks$",
    "OTW Archive": r"works$|creatorships$",
}


class AnyDump:
    """The last resort for dumps. Nothing in them is carried out; no rows are brought in."""

    code = "sql"

    def probe(self, material: Material) -> Probe | None:
        path = material.path
        if not path.is_file() or not _NAME.fullmatch(path.name) or not _is_dump(path):
            return None
        return Probe(confidence=0.55, evidence=f"{path.name} is a dump of a database")

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        if not material.path.is_file():
            raise Unreadable(f"{material.name or material.path.name} is no file.")
        stream = Bytestream(material.path)
        rows: Counter[str] = Counter()
        told = 0
        for event in Dump(stream):
            if isinstance(event, Row):
                rows[event.table] += 1
            elif isinstance(event, Table):
                rows[event.name] += 0
            elif isinstance(event, Statement) and not event.quiet:
                told += 1
                if told <= LISTED:
                    yield statement(event, material.name or material.path.name)
        if stream.trouble:
            yield Finding(code="input.truncated", where=material.name, evidence=stream.trouble, severity=Severity.LOSS)
        yield _unknown(rows, material)


def _is_dump(path: Path) -> bool:
    try:
        return bool(_SIGN.search(Bytestream(path).head(HEAD)))
    except OSError:
        return False


def _unknown(rows: Counter[str], material: Material) -> Finding:
    tables = ", ".join(f"{name} ({count:,})" for name, count in rows.most_common(12))
    software = next(
        (name for name, signs in _SOFTWARE.items() if any(re.fullmatch(signs, table) for table in rows)), ""
    )
    return Finding(
        code="sql.unknown-tables",
        where=material.name,
        evidence=f"{len(rows)} tables: {tables}" if rows else "no tables",
        suggestion=(f"These look like tables of {software}. " if software else "")
        + "No way in knows them. Bring the archive's pages instead, or its own export.",
        severity=Severity.LOSS,
    )
