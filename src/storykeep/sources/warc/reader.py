"""The way in for web captures: of every address the newest good page, with the day on which it was saved."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from storykeep.model.errors import Unreadable
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.folder.addresses import same_page
from storykeep.sources.warc.answers import Answer, answer
from storykeep.sources.warc.records import Skipped, WebRecord, records
from storykeep.sources.warc.unpacking import MAGIC, Unpacked
from storykeep.text import markup
from storykeep.text.decode import decode

LISTED = 200
MOST_REVISITS = 200_000
LONGEST_ADDRESS = 2_000
_SIGN = re.compile(rb"\s*(?:WARC/\d\.\d+\r?\n|filedesc://)")
_NAME = re.compile(r".*\.w?arc(?:\.gz)?(?:\.open)?", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"\b404\b|not found|no longer (?:exists?|available)|(?:does|do)(?:n['’]t| not) exist|cannot be found"
    r"|can['’]t be found|page missing|has been (?:removed|moved|deleted)|domain (?:is )?for sale"
    r"|account (?:has been )?suspended",
    re.IGNORECASE,
)
_FEW_WORDS = 120
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)")


@dataclass(slots=True)
class _Seen:
    """What was counted in one file."""

    counts: Counter[str] = field(default_factory=Counter)
    digests: dict[str, str] = field(default_factory=dict)  # payload digest → page
    revisits: list[tuple[str, str, str, str, int]] = field(default_factory=list)  # waiting for their pages
    told: int = 0


class WebArchive:
    """WARC 1.0 and 1.1, and ARC; gzip per record or around the whole. Pages are handed on, to be read as saved ones."""

    code = "warc"

    def probe(self, material: Material) -> Probe | None:
        path = material.path
        if not path.is_file():
            return None
        with path.open("rb") as file:
            head = file.read(4096)
        if head[:2] == MAGIC[:2]:
            head = next(iter(Unpacked(path)), b"")[:4096]
        named = _NAME.fullmatch(path.name) is not None
        if _SIGN.match(head) or (named and b"WARC/1" in head):
            return Probe(confidence=0.95, evidence=f"{path.name} is a web capture file")
        return None

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        unpacked = Unpacked(material.path)
        name = material.name or material.path.name
        base = sqlite3.connect("")  # "" is SQLite's name for a temporary file of its own
        seen = _Seen()
        try:
            base.execute(_TABLE)
            for number, record in enumerate(records(unpacked), 1):
                yield from _look(record, number, name, base, seen)
            _repeated(base, seen)
            if not seen.counts:
                raise Unreadable(f"{name} holds no web captures that can be read.")
            yield from _pages(base, name, keep)
            yield from _told(unpacked, name, seen)
        finally:
            base.close()


_TABLE = (
    "CREATE TABLE page (page TEXT PRIMARY KEY, address TEXT, at TEXT, media TEXT, charset TEXT, "
    "size INTEGER, number INTEGER, body BLOB)"
)


def _look(
    record: WebRecord | Skipped, number: int, name: str, base: sqlite3.Connection, seen: _Seen
) -> Iterator[Finding]:
    """Put a record's page aside, count everything else, and tell of damage."""
    if isinstance(record, Skipped):
        yield from _damage(seen, f"{name}, byte {record.at}", f"{record.size:,} bytes that belong to no record")
        return
    seen.counts["records"] += 1
    if record.damage:
        yield from _damage(seen, f"{name}, byte {record.at}", record.damage)
    if record.kind == "revisit":
        _revisited(record, number, seen)
    elif record.kind in ("response", "resource", "conversion", ""):
        found = answer(record)
        if found.trouble:
            yield from _damage(seen, f"{name}, byte {record.at}", f"its page can't be unpacked whole: {found.trouble}")
        _count(found, seen)
        if found.is_page and not _is_lost_page(found):
            _keep_best(record, found, number, base, seen)


def _damage(seen: _Seen, where: str, what: str) -> Iterator[Finding]:
    seen.told += 1
    if seen.told <= LISTED:
        yield Finding(
            code="warc.damaged",
            where=where,
            evidence=what,
            suggestion="What could be read was read; look for another copy.",
        )


def _count(found: Answer, seen: _Seen) -> None:
    if found.status in (0, 200, 203):
        if not found.is_page:
            seen.counts["pictures and other files"] += 1
        elif _is_lost_page(found):
            seen.counts["pages that say they are missing"] += 1
    elif 300 <= found.status < 400:  # noqa: PLR2004 — redirections
        seen.counts["redirections"] += 1
    else:
        seen.counts["errors"] += 1


def _is_lost_page(found: Answer) -> bool:
    """Say whether a page that was answered as found says that nothing was found."""
    if len(found.body) > 20_000:  # noqa: PLR2004 — such a page says more
        return False
    words = markup.plain(decode(found.body, declared=found.charset).text)
    return len(words.split()) < _FEW_WORDS and _NOT_FOUND.search(words) is not None


def _keep_best(record: WebRecord, found: Answer, number: int, base: sqlite3.Connection, seen: _Seen) -> None:
    """Keep a page if it is the best of its address: the newest, unless it is less than half of an older one."""
    address, at = _address(record), _time(record.headers.get("warc-date", ""))
    page = same_page(address) if address else f"#{number}"
    digest = record.headers.get("warc-payload-digest", "")
    if digest:
        seen.digests[digest] = page
    row = base.execute("SELECT at, size FROM page WHERE page = ?", (page,)).fetchone()
    if row is not None:
        seen.counts["other captures of the same pages"] += 1
        newer = (at or "") >= (row[0] or "")
        if len(found.body) * 2 < row[1] or (not newer and len(found.body) <= row[1] * 2):
            return
    else:
        seen.counts["pages"] += 1
    values = (page, address, at, found.media_type, found.charset, len(found.body), number, zlib.compress(found.body, 1))
    base.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def _revisited(record: WebRecord, number: int, seen: _Seen) -> None:
    """Put a revisit aside: the page that it repeats may come later in the file."""
    seen.counts["revisits"] += 1
    digest, first = record.headers.get("warc-payload-digest", ""), record.headers.get("warc-refers-to-target-uri", "")
    if len(seen.revisits) < MOST_REVISITS:
        at = _time(record.headers.get("warc-date", ""))
        seen.revisits.append((_address(record), at, digest, first.strip("<> "), number))


def _repeated(base: sqlite3.Connection, seen: _Seen) -> None:
    """Give every revisit its page: an address gave the same as before, or as another address did."""
    for address, at, digest, refers, number in seen.revisits:
        page = same_page(address) if address else ""
        first = seen.digests.get(digest, "") or (same_page(refers) if refers else "")
        if not first or base.execute("SELECT 1 FROM page WHERE page = ?", (first,)).fetchone() is None:
            seen.counts["revisits of pages that are not here"] += 1
        elif page and base.execute("SELECT 1 FROM page WHERE page = ?", (page,)).fetchone() is None:
            seen.counts["pages"] += 1
            base.execute(_COPY, (page, address, at, number, first))


_COPY = "INSERT INTO page SELECT ?, ?, ?, media, charset, size, ?, body FROM page WHERE page = ?"


def _address(record: WebRecord) -> str:
    """Return the address of a record; empty when it is none of the web's, or longer than any address."""
    told = record.headers.get("warc-target-uri", "").strip().strip("<>")
    whole = re.fullmatch(r"https?://[^\s\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+", told, re.IGNORECASE)
    return told if whole and len(told) <= LONGEST_ADDRESS else ""


def _time(told: str) -> str:
    found = _DATE.match(told)
    return f"{found[0]}Z" if found else ""


def _pages(base: sqlite3.Connection, name: str, keep: Keep) -> Iterator[Capture]:
    """Yield the pages in the order in which they were saved."""
    query = "SELECT address, at, media, charset, size, number, body FROM page ORDER BY number"
    for address, at, media, charset, size, number, body in base.execute(query):
        known = Capture(
            sha256="",
            path=f"{name}#{number}",
            address=address,
            captured_at=at,
            media_type=media,
            size=size,
            declared_encoding=charset,
        )
        yield keep(zlib.decompress(body), known)


def _told(unpacked: Unpacked, name: str, seen: _Seen) -> Iterator[Finding]:
    for place in unpacked.breaks[:LISTED]:
        yield Finding(
            code="warc.damaged",
            where=f"{name}, byte {place} of the packed file",
            evidence="the packed data is damaged here; reading went on at the next record",
            suggestion="Look for another copy of the file.",
            severity=Severity.LOSS,
        )
    if seen.told > LISTED:
        yield Finding(
            code="warc.damaged", where=name, evidence=f"{seen.told - LISTED:,} more like these", severity=Severity.INFO
        )
    counted = ", ".join(f"{count:,} {what}" for what, count in seen.counts.items())
    yield Finding(code="warc.counted", where=name, evidence=counted, severity=Severity.INFO)
