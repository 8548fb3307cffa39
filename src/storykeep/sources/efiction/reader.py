"""The way in for eFiction: a dump of its database, alone or in a folder with its text files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storykeep.model.errors import Unreadable
from storykeep.model.provenance import Finding, Severity
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.bytestream import Bytestream
from storykeep.sources.efiction import site, tables
from storykeep.sources.efiction.house import House, line, raw
from storykeep.sources.efiction.labels import Labels
from storykeep.sources.efiction.people import People
from storykeep.sources.efiction.shelves import Record as Shelved
from storykeep.sources.efiction.shelves import Shelves
from storykeep.sources.efiction.talk import Talk
from storykeep.sources.efiction.textfiles import TextFiles
from storykeep.sources.efiction.works import Works
from storykeep.sources.privacy import addresses
from storykeep.sources.sql.dump import Broken, Dump, Row, Statement, Table
from storykeep.sources.sql.findings import broken, statement

HEAD, SAMPLES, SAMPLE = 1 << 20, 24, 1 << 16
LISTED = 200  # findings of one kind that are told one by one
_DUMP = re.compile(r".*\.(?:sql|dump|mysql|bak|txt)(?:\.(?:gz|bz2|xz))?|.*\.(?:gz|bz2|xz)", re.IGNORECASE)
_SIGN = re.compile(rb"(?:INSERT|REPLACE|CREATE\s+TABLE|DROP\s+TABLE)[^\n(]{0,80}fanfiction_\w", re.IGNORECASE)
_BARE_SIGN = re.compile(rb"(?:INSERT\s+INTO|CREATE\s+TABLE)[^\n(]{0,60}chapters\W[^;]{0,200}\bchapid\b", re.IGNORECASE)
_HOLDS_STORIES = frozenset(("stories", "chapters"))
_NO_STORIES = (
    "The dump has eFiction's tables, but neither stories nor chapters. Ask the old host for the whole database."
)


class EFiction:
    """eFiction 1 to 3.5. ``read`` needs no database server and executes nothing of the dump."""

    code = "efiction"

    def probe(self, material: Material) -> Probe | None:
        dumps = list(_dumps(material.path))
        if not dumps:
            return None
        names = ", ".join(path.name for path in dumps[:3])
        with_texts = " and a folder of text files" if material.path.is_dir() and TextFiles(material.path) else ""
        return Probe(confidence=0.95, evidence=f"{names} holds tables of eFiction{with_texts}")

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        dumps = list(_dumps(material.path))
        if not dumps:
            raise Unreadable(
                f"{material.name or material.path.name} holds no dump with eFiction's tables. "
                "Look for a file that ends in .sql or .sql.gz."
            )
        shelves = Shelves()
        try:
            for path in sorted(dumps, key=lambda path: path.stat().st_size):
                yield from _shelved(path, _name(path, material), shelves)
            shelves.sort()
            yield from _houses(shelves, material, keep, dumps)
        finally:
            shelves.close()


def _dumps(path: Path) -> Iterator[Path]:
    if path.is_file():
        if _is_dump(path):
            yield path
        return
    for folder, below, files in os.walk(path, followlinks=False):
        below.sort()
        if len(Path(folder).relative_to(path).parts) > 3:  # noqa: PLR2004 — dumps lie near the top
            below.clear()
        for name in sorted(files):
            file = Path(folder) / name
            if _DUMP.fullmatch(name) and not name[:1].isdigit() and not file.is_symlink() and _is_dump(file):
                yield file


def _is_dump(path: Path) -> bool:
    """Say whether a file holds eFiction's tables: its head is read, and samples of the rest of a large one."""
    try:
        stream = Bytestream(path)
        head = stream.head(HEAD)
        if _SIGN.search(head) or _BARE_SIGN.search(head):
            return True
        if b"\0" in head[:4096] or not re.search(rb"INSERT\s+INTO|CREATE\s+TABLE", head, re.IGNORECASE):
            return False
        return any(_SIGN.search(sample) for sample in _samples(path))
    except OSError:
        return False


def _samples(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    if size <= HEAD or path.suffix.lower() in (".gz", ".bz2", ".xz"):
        return
    with path.open("rb") as file:
        for number in range(SAMPLES):
            file.seek(HEAD + number * max(1, (size - HEAD) // SAMPLES))
            yield file.read(SAMPLE)


def _name(path: Path, material: Material) -> str:
    if path == material.path:
        return material.name or path.name
    return path.relative_to(material.path).as_posix()


def _shelved(path: Path, name: str, shelves: Shelves) -> Iterator[Finding]:
    """Put the rows of a dump on the shelves; yield what is wrong with it and what it would have done to a database."""
    stream = Bytestream(path)
    bare = not _SIGN.search(stream.head(HEAD)) and bool(_BARE_SIGN.search(stream.head(HEAD)))
    told: dict[str, int] = {}
    for event in Dump(stream, tables.widths):
        finding = _shelve(event, name, shelves, bare=bare)
        if finding is not None:
            told[finding.code] = told.get(finding.code, 0) + 1
            if told[finding.code] <= LISTED:
                yield finding
    for code, times in told.items():
        if times > LISTED:
            yield Finding(code=code, where=name, evidence=f"{times - LISTED:,} more like these", severity=Severity.INFO)
    if stream.trouble:
        yield Finding(
            code="input.truncated",
            where=name,
            evidence=stream.trouble,
            suggestion="Ask the old host for the file again, and compare its size.",
            severity=Severity.LOSS,
        )


def _shelve(event: Row | Table | Statement | Broken, name: str, shelves: Shelves, *, bare: bool) -> Finding | None:
    if isinstance(event, Statement):
        return None if event.quiet else statement(event, name)
    if isinstance(event, Broken):
        return broken(event, name) if tables.split(event.table, bare=bare)[1] not in ("", *tables.UNREAD) else None
    if isinstance(event, Row):
        prefix, kind = tables.split(event.table, bare=bare)
        if kind in tables.LAYOUTS:
            shelves.put(f"{event.database}.{prefix}", kind, event)
            if event.calls:
                return Finding(
                    code="sql.call",
                    where=f"{name}, line {event.line}",
                    evidence=f"a value in {event.table} is a function call; it was not carried out",
                    severity=Severity.DANGER,
                )
    return None


@dataclass(frozen=True, slots=True)
class _Found:
    """What was brought in, and where its parts lie."""

    material: Material
    dumps: tuple[Path, ...]
    shelves: Shelves
    texts: TextFiles
    keep: Keep


def _houses(shelves: Shelves, material: Material, keep: Keep, dumps: list[Path]) -> Iterator[Record]:
    """Yield the records of every installation in the dumps."""
    codes = [code for code, kinds in shelves.houses.items() if kinds & _HOLDS_STORIES]
    if not codes:
        yield Finding(code="efiction.no-stories", where=material.name, suggestion=_NO_STORIES, severity=Severity.LOSS)
    texts = TextFiles(material.path if material.path.is_dir() else None, _storiespath(shelves))
    found = _Found(material, tuple(dumps), shelves, texts, keep)
    names: set[str] = set()
    for code in codes or list(shelves.houses):
        house, settings = _house(found, code, names)
        names.add(house.archive)
        yield from _records(house, settings)
    yield from _leftovers(shelves, texts)


def _records(house: House, settings: Shelved | None) -> Iterator[Record]:
    people, labels = People(house), Labels(house)
    talk = Talk(house, people)
    yield site.archive(house, settings, labels.kinds)
    yield from people.records()
    yield from site.pages(house, settings, people)
    yield from site.series(house, people, talk)
    for story in Works(house, people, labels, talk).records():
        yield story
        yield from house.findings
        house.findings.clear()
    yield from house.findings
    if silent := people.silent():
        told = f"members who left nothing to read, and were not kept: {silent:,}"
        yield Finding(code="efiction.members", evidence=told, severity=Severity.INFO)


def _house(found: _Found, code: str, taken: set[str]) -> tuple[House, Shelved | None]:
    """Return an installation and its settings. Two of the same name get their prefixes behind it."""
    settings = _settings(found.shelves, code)
    name = (line(settings, "sitename") if settings else "") or _name_of(found.dumps[0])
    members = found.shelves.all(code, "authors")
    house = House(
        shelves=found.shelves,
        code=code,
        archive=f"{name} ({code.strip('._')})" if name in taken else name,
        url=line(settings, "url").rstrip("/") if settings else "",
        dump=_name(found.dumps[0], found.material),
        keep=found.keep,
        texts=found.texts,
        store=line(settings, "store").lower() if settings else "",
        version=line(settings, "version") if settings else "",
        known=frozenset(address for record in members for address in addresses(raw(record, "email"))),
    )
    return house, settings


def _settings(shelves: Shelves, code: str) -> Shelved | None:
    """Return the settings of an installation: they may lie under another prefix, and name the prefix of the tables."""
    everybody = [(house, record) for house in shelves.houses for record in shelves.all(house, "settings")]
    prefix = code.partition(".")[2]
    named = [
        record for _, record in everybody if record.has("tableprefix") and record.id("tableprefix") == prefix and prefix
    ]
    own = [record for house, record in everybody if house == code]
    return next(iter(named or own or [record for _, record in everybody if len(everybody) == 1]), None)


def _storiespath(shelves: Shelves) -> str:
    found = (record.id("storiespath") for house in shelves.houses for record in shelves.all(house, "settings"))
    return next((path for path in found if path), "stories")


def _name_of(dump: Path) -> str:
    """Return an archive's name from that of its dump.

    >>> _name_of(Path("The_Quayside_Library08-09-2016.sql.gz"))
    'The Quayside Library'
    """
    name = re.sub(r"(\.(sql|gz|bz2|xz|dump|txt|mysql|bak))+$", "", dump.name, flags=re.IGNORECASE)
    name = re.sub(r"[-_. ]*\d{1,4}[-_.]\d{1,2}[-_.]\d{1,4}.*$", "", name)
    return " ".join(re.split(r"[_\s]+", name)).strip(" -.") or "An eFiction archive"


def _leftovers(shelves: Shelves, texts: TextFiles) -> Iterator[Finding]:
    for house, kind, number in shelves.unknown:
        yield Finding(
            code="sql.columns-unknown",
            where=f"{house.partition('.')[2]}fanfiction_{kind}, line {number}",
            suggestion="The columns of this table are like no version of eFiction. "
            "A dump with CREATE TABLE would name them.",
            severity=Severity.LOSS,
        )
    for kind, columns in shelves.extra.items():
        if names := sorted(filter(None, columns)):
            yield Finding(
                code="sql.columns-unread",
                where=f"fanfiction_{kind}",
                evidence=", ".join(names)[:300],
                severity=Severity.INFO,
            )
    for number, path in enumerate(texts.orphans()):
        if number >= LISTED:
            yield Finding(code="file.orphan", evidence="and more like these", severity=Severity.INFO)
            return
        yield Finding(
            code="file.orphan",
            where=texts.name_of(path),
            evidence=f"{path.stat().st_size:,} bytes that no chapter in the dump belongs to",
            suggestion="Its author may have deleted it. Look at it before you do anything with it.",
        )
