"""One installation of eFiction in a dump: its rows, its name and address, and how its values become words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from storykeep.model import identity
from storykeep.model.provenance import Evidence, Finding, Severity
from storykeep.sources import prose
from storykeep.sources.base import Keep
from storykeep.sources.efiction import charsets
from storykeep.sources.efiction.shelves import Record, Shelves
from storykeep.sources.efiction.textfiles import TextFiles
from storykeep.sources.privacy import masked
from storykeep.text.decode import decode

_PARAGRAPHS = re.compile(r"<(?:p|br|div|li|blockquote|table|pre|h[1-6])\b[^<>]*/?>", re.IGNORECASE)
_SLASHED_TAG = re.compile(r"<[A-Za-z/][^<>]*\\['\"][^<>]*>")
_TIDY = re.compile(rb"[\t\n\r -~]*")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SECONDS_FROM = 631_152_000  # 1990: a smaller number is no date of a web site


@dataclass(frozen=True, slots=True)
class House:
    """What all readers of one installation share. ``known`` are its members' e-mail addresses, in lower case."""

    shelves: Shelves
    code: str
    archive: str
    url: str
    dump: str
    keep: Keep
    texts: TextFiles
    store: str = ""
    version: str = ""
    known: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)

    def all(self, kind: str, *, by: str = "place", **where: str) -> Iterator[Record]:
        return self.shelves.all(self.code, kind, by=by, **where)

    def first(self, kind: str, **where: str) -> Record | None:
        return next(self.all(kind, **where), None)

    def key(self, *parts: str) -> str:
        """Return the stable key of something in this archive: made of old ids, never of titles."""
        return identity.key(self.archive, *parts)

    def addresses(self, path: str) -> tuple[str, ...]:
        """Return the old address of a page; relative when the dump does not tell the site's own."""
        return (f"{self.url}/{path}" if self.url else f"/{path}",)

    def found(
        self, code: str, where: str, evidence: str = "", suggestion: str = "", severity: Severity = Severity.DOUBT
    ) -> None:
        """Note something for the archivist."""
        self.findings.append(
            Finding(code=code, where=where, evidence=masked(evidence), suggestion=suggestion, severity=severity)
        )


def raw(record: Record, column: str) -> str:
    """Return a value decoded on its own, nothing else done to it."""
    value = record.get(column)
    if _TIDY.fullmatch(value):
        return value.decode("ascii")
    return decode(value, declared=charsets.declared(record.charset)).text


def line(record: Record, column: str) -> str:
    """Return a title, name or label as one line of plain text."""
    return prose.line(raw(record, column))


def words(record: Record, column: str) -> str:
    """Return a summary, note or biography as clean HTML, as eFiction would have shown it."""
    return prose.short_prose(shown(raw(record, column)))


def shown(text: str) -> str:
    r"""Return text as eFiction displays it: where no paragraphs are marked, newlines are line breaks.

    >>> shown("One\r\nTwo"), shown("<p>One\nline</p>")
    ('One<br>\nTwo', '<p>One\nline</p>')
    """
    text = _SLASHED_TAG.sub(lambda found: found[0].replace("\\", ""), text.strip())
    return text if _PARAGRAPHS.search(text) else prose.newlines_to_breaks(text)


def date(value: bytes) -> str:
    """Return a date of the database as ISO 8601. Only the day: the clock's zone is not known.

    eFiction wrote DATETIME until 3.5.5, and seconds since 1970 after.

    >>> date(b"2003-10-14 12:34:56"), date(b"0000-00-00 00:00:00"), date(b"1065704096")
    ('2003-10-14', '', '2003-10-09')
    """
    text = value.decode("latin-1").strip()
    if found := _DATE.match(text):
        year, month, day = (int(part) for part in found.groups())
        if not 1 <= month <= 12 or not 1 <= day <= 31:  # noqa: PLR2004 — months and days
            return str(year) if year and not month else ""
        return found[0] if year else ""
    if text.isascii() and text.isdigit() and len(text) < 12 and int(text) >= _SECONDS_FROM:  # noqa: PLR2004 — until the year 5138
        return datetime.fromtimestamp(int(text), UTC).date().isoformat()
    return ""


def stated(field_name: str, record: Record, column: str, table: str, *, capture: str = "") -> Evidence:
    """Return the evidence that a field stands in the dump."""
    return Evidence(
        field=field_name, rule=f"efiction.{table}.{column}", capture=capture, quote=f"line {record.line} of the dump"
    )


def ids(value: str) -> tuple[str, ...]:
    """Return the members of a comma list, spaces and empty places gone.

    >>> ids("4, 6,,12 "), ids("0"), ids("")
    (('4', '6', '12'), (), ())
    """
    return tuple(
        dict.fromkeys(
            part for part in (piece.strip() for piece in value.split(",")) if part and part not in ("0", "-1")
        )
    )
