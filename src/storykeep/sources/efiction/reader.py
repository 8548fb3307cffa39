"""The way in for eFiction: a dump of its database, alone or in a folder with its text files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from storykeep.model.errors import Unreadable
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.bytestream import Bytestream
from storykeep.sources.efiction import backups, charsets, dumps, site, tables
from storykeep.sources.efiction.house import House, line, raw
from storykeep.sources.efiction.labels import Labels
from storykeep.sources.efiction.losses import losses
from storykeep.sources.efiction.people import People
from storykeep.sources.efiction.shelves import Record as Shelved
from storykeep.sources.efiction.shelves import Shelves
from storykeep.sources.efiction.talk import Talk
from storykeep.sources.efiction.textfiles import TextFiles, text_of
from storykeep.sources.efiction.works import Works
from storykeep.sources.privacy import addresses
from storykeep.sources.sql.dump import Broken, Dump, Event, Row, Statement
from storykeep.sources.sql.findings import broken, statement

LISTED = 200  # findings of one kind that are told one by one
MOST_LOSSES = 2000
_HOLDS_STORIES = frozenset(("stories", "chapters"))
_NO_STORIES = (
    "The dump has eFiction's tables, but neither stories nor chapters. Ask the old host for the whole database."
)


class EFiction:
    """eFiction 1 to 3.5. ``read`` needs no database server and executes nothing of the dump."""

    code = "efiction"

    def probe(self, material: Material) -> Probe | None:
        return dumps.claim(material.path)

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        found = sorted(dumps.find(material.path), key=lambda path: path.stat().st_size)
        if not found:
            raise Unreadable(
                f"{material.name or material.path.name} holds no dump with eFiction's tables. "
                "Look for a file that ends in .sql or .sql.gz."
            )
        shelves = Shelves()
        try:
            for number, path in enumerate(found):
                yield from _shelved(path, _name(path, material), number, shelves)
            for kind, gone in shelves.sort().items():
                told = f"{gone:,} rows of {kind} with an id that another row has; the last of each was taken"
                yield Finding(code="id.repeated", where=material.name, evidence=told, severity=Severity.INFO)
            yield from backups.united(shelves, [_name(path, material) for path in found])
            yield from _houses(shelves, material, keep, found)
        finally:
            shelves.close()


def _name(path: Path, material: Material) -> str:
    if path == material.path:
        return material.name or path.name
    return path.relative_to(material.path).as_posix()


def _shelved(path: Path, name: str, number: int, shelves: Shelves) -> Iterator[Finding]:
    """Put the rows of a dump on the shelves; yield what is wrong with it and what it would have done to a database."""
    stream = Bytestream(path)
    bare = dumps.is_bare(path)
    told: dict[str, int] = {}
    for event in Dump(stream, tables.widths):
        finding = _shelve(event, name, number, shelves, bare=bare)
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


def _shelve(event: Event, name: str, number: int, shelves: Shelves, *, bare: bool) -> Finding | None:
    if isinstance(event, Statement):
        return None if event.quiet else statement(event, name)
    if isinstance(event, Broken):
        return broken(event, name) if tables.split(event.table, bare=bare)[1] not in ("", *tables.UNREAD) else None
    if isinstance(event, Row):
        prefix, kind = tables.split(event.table, bare=bare)
        if kind in tables.LAYOUTS:
            shelves.put(f"{number}:{event.database}.{prefix}", kind, event)
            if any(b"\0" in value for value in event.values if value):
                return Finding(
                    code="encoding.nul",
                    where=f"{name}, line {event.line}",
                    evidence=f"a value in {event.table} holds a character that is none (NUL); it was left out",
                    severity=Severity.INFO,
                )
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

    def dump_of(self, code: str) -> Path:
        """Return the dump that an installation was found in; its number starts the code."""
        return self.dumps[int(code.partition(":")[0])]


def _other_name(code: str) -> str:
    number, _, place = code.partition(":")
    return place.strip("._") or f"backup {int(number) + 1}"


def _houses(shelves: Shelves, material: Material, keep: Keep, found_dumps: list[Path]) -> Iterator[Record]:
    """Yield the records of every installation in the dumps."""
    codes = [code for code, kinds in shelves.houses.items() if kinds & _HOLDS_STORIES]
    if not codes:
        yield Finding(code="efiction.no-stories", where=material.name, suggestion=_NO_STORIES, severity=Severity.LOSS)
    texts = TextFiles(material.path if material.path.is_dir() else None, _storiespath(shelves))
    found = _Found(material, tuple(found_dumps), shelves, texts, keep)
    names: set[str] = set()
    for code in codes or list(shelves.houses):
        house, settings = _house(found, code, names)
        names.add(house.archive)
        yield from _records(house, settings)
    yield from _leftovers(shelves, texts, keep)


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
    yield from islice(losses(house), MOST_LOSSES)
    if silent := people.silent():
        told = f"members who left nothing to read, and were not kept: {silent:,}"
        yield Finding(code="efiction.members", evidence=told, severity=Severity.INFO)


def _house(found: _Found, code: str, taken: set[str]) -> tuple[House, Shelved | None]:
    """Return an installation and its settings. Two of the same name get their prefixes behind it."""
    if encoding := charsets.usual(found.shelves, code):
        found.shelves.charsets[code] = encoding
    settings = _settings(found.shelves, code)
    name = (line(settings, "sitename") if settings else "") or _name_of(found.dump_of(code))
    members = found.shelves.all(code, "authors")
    house = House(
        shelves=found.shelves,
        code=code,
        archive=f"{name} ({_other_name(code)})" if name in taken else name,
        url=line(settings, "url").rstrip("/") if settings else "",
        dump=_name(found.dump_of(code), found.material),
        keep=found.keep,
        texts=found.texts,
        store=line(settings, "store").lower() if settings else "",
        version=line(settings, "version") if settings else "",
        known=frozenset(address for record in members for address in addresses(raw(record, "email"))),
    )
    return house, settings


def _settings(shelves: Shelves, code: str) -> Shelved | None:
    """Return the settings of an installation: they may lie under another prefix, and name the prefix of the tables."""
    same_dump = [house for house in shelves.houses if house.partition(":")[0] == code.partition(":")[0]]
    everybody = [(house, record) for house in same_dump for record in shelves.all(house, "settings")]
    prefix = code.rpartition(".")[2]
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


def _leftovers(shelves: Shelves, texts: TextFiles, keep: Keep) -> Iterator[Finding]:
    for house, kind, number in shelves.unknown:
        yield Finding(
            code="sql.columns-unknown",
            where=f"{house.rpartition('.')[2]}fanfiction_{kind}, line {number}",
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
    yield from _orphans(texts, keep)


def _orphans(texts: TextFiles, keep: Keep) -> Iterator[Finding]:
    """Keep the text files that no chapter belongs to, and tell of them. They are not shown: somebody deleted them."""
    for number, path in enumerate(texts.orphans()):
        capture = keep(text_of(path), Capture(sha256="", path=texts.name_of(path), media_type="text/html"))
        if number < LISTED:
            yield Finding(
                code="file.orphan",
                where=texts.name_of(path),
                evidence=f"{path.stat().st_size:,} bytes that no chapter in the dump belongs to",
                suggestion="Its author may have deleted it. Look at it before you do anything with it.",
                capture=capture.sha256,
            )
        elif number == LISTED:
            yield Finding(code="file.orphan", evidence="and more like these", severity=Severity.INFO)
