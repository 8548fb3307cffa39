"""The way in for Automated Archive: its database of records, and the folder of stories beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from storykeep.model import identity
from storykeep.model.errors import InputError, Unreadable
from storykeep.model.provenance import Capture, Evidence, Finding, Severity
from storykeep.model.story import (
    Archive,
    Chapter,
    Contact,
    Credit,
    Note,
    NoteKind,
    Person,
    Relation,
    RelationKind,
    Review,
    SeriesPlace,
    Story,
    Tag,
    TagKind,
)
from storykeep.sources import pages, prose
from storykeep.sources.automated_archive.comments import comments
from storykeep.sources.automated_archive.perl import usual
from storykeep.sources.automated_archive.records import Entry, Strange, entries
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.bytestream import Bytestream
from storykeep.sources.pages import dates, names
from storykeep.sources.parts import MOST_PARTS, PartMark, bare, part_of
from storykeep.sources.privacy import ADDRESS, addresses, masked, masked_story

HEAD = 1 << 16
_OWNS = r".*archive.*db.*|.*\.(?:pl|pm|cgi|dat|lock|bak|old)|.*_cmt\.html?"
ASKED = 60  # files of a folder that are looked into before it is given up
LONGEST_TAG = 200  # a longer value is prose
_DATABASE = re.compile(
    rb"[%@$](?:main::|::)?FILES\s*(?:=\s*[({\[]|\{)|\$VAR1\s*=\s*[{\[]|^\s*\d+\s*=>\s*\{\s*\r?\n\s*\w+\s*=>\s*'",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = re.compile(r".*archive.*db.*|.*db.*archive.*|.*\.(?:pl|pm)(?:\.gz)?", re.IGNORECASE)
_NOTHING = frozenset(("", "none", "n/a", "na", "no", "undef", "-", "0"))
_TAGS = {
    "category": ("category", "categories", "genre", "genres", "type"),
    "pairing": ("pairing", "pairings", "relationship", "relationships"),
    "rating": ("rating", "ratings"),
    "warning": ("warnings", "optionalwarnings", "warning"),
    "fandom": ("fandom", "fandoms", "show", "series_fandom"),
    "character": ("characters", "character"),
    "language": (),
}
_SINGLE = frozenset(("rating", "pairing"))
_KNOWN = frozenset(
    """title author authors email emailauthor authoremail summary description notes authornotes date dateprint
    printtime printabletime dateposted location file filename filetype ext locationurl storyurl url offsite
    sequelname sequel series size recipient writtenfor language hits count counter id password passwd ip host
    ipaddress remotehost updated emailstatus time lastmodified""".split()
)
_DAYS = ("printabletime", "date", "dateprint", "printtime", "dateposted", "time")


class AutomatedArchive:
    """Automated Archive (Perl, 1997 to 2012): ``ARCHIVE_DB.pl`` and ``archive/<letter or number>/<story>.html``."""

    code = "automated-archive"

    def probe(self, material: Material) -> Probe | None:
        path = material.path
        if path.is_file():
            return _sure(path) if _NAME.fullmatch(path.name) and _is_database(path) else None
        found = next(_directly(path), None)
        if found is None and any(child.is_dir() for child in (path / "archive", path / "Archive")):
            found = next(_databases(path), None)
        return _sure(found) if found else None

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        databases = list(_databases(material.path))
        if not databases:
            raise Unreadable(
                f"{material.name or material.path.name} holds no ARCHIVE_DB.pl. "
                "Ask the old host for that file and the folder archive/."
            )
        for database in databases:
            yield from _Reading(database, material, keep).records()


def _sure(database: Path) -> Probe:
    return Probe(confidence=0.92, evidence=f"{database.name} is a database of Automated Archive", owns=_OWNS)


def _directly(folder: Path) -> Iterator[Path]:
    for file in sorted(one for one in folder.iterdir() if _NAME.fullmatch(one.name))[:ASKED]:
        if file.is_file() and not file.is_symlink() and _is_database(file):
            yield file


def _databases(path: Path) -> Iterator[Path]:
    if path.is_file():
        if _NAME.fullmatch(path.name) and _is_database(path):
            yield path
        return
    for folder, below, files in os.walk(path, followlinks=False):
        below.sort()
        if len(Path(folder).relative_to(path).parts) > 2:  # noqa: PLR2004 — it lies near the top
            below.clear()
        for name in sorted(files):
            file = Path(folder) / name
            if _NAME.fullmatch(name) and not file.is_symlink() and _is_database(file):
                yield file


def _lines(stream: Bytestream) -> Iterator[bytes]:
    rest = b""
    for piece in stream:
        *lines, rest = (rest + piece).split(b"\n")
        yield from (line + b"\n" for line in lines)
    if rest:
        yield rest


def _is_database(path: Path) -> bool:
    try:
        head = Bytestream(path).head(HEAD)
    except OSError:
        return False
    return bool(_DATABASE.search(head)) and bool(
        re.search(rb"\b(?:Location|Author|Title)['\"]?\s*(?:=>|,\s*['\"]|\}\s*=)", head, re.IGNORECASE)
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One record as a part of a story."""

    entry: Entry
    title: str
    mark: PartMark
    authors: tuple[str, ...]
    location: str


@dataclass(frozen=True, slots=True)
class _Words:
    """What the page of a part says: its chapter, and the notes and tags that its author put around the story."""

    chapter: Chapter
    notes: tuple[Note, ...] = ()
    tags: tuple[Tag, ...] = ()
    captures: tuple[Capture, ...] = ()


@dataclass(slots=True)
class _Reading:
    """One database on its way to become stories."""

    database: Path
    material: Material
    keep: Keep
    findings: list[Finding] = field(default_factory=list)
    used: set[Path] = field(default_factory=set)
    names: dict[str, list[Path]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    people: dict[str, Person] = field(default_factory=dict)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)

    @property
    def archive(self) -> str:
        folder = self.material.path if self.material.path.is_dir() else self.material.path.parent
        name = (self.material.name or folder.name).rstrip("/").rsplit("/", 1)[-1]
        return re.sub(r"\.(?:pl|pm|db|txt|zip)$", "", name) or "Automated Archive"

    def records(self) -> Iterator[Record]:
        parts = list(self._parts())
        yield self._about(parts)
        known = {mail for part in parts for mail in addresses(_text(part.entry, "email", "emailauthor", "authoremail"))}
        stories = [self._story(group, frozenset(known)) for group in _groups(parts)]
        yield from self.people.values()
        yield from self.contacts.values()
        yield from stories
        yield from self.findings
        yield from self._orphans()

    def _about(self, parts: list[_Part]) -> Archive:
        kinds = dict.fromkeys(tag.kind for part in parts for tag in _tags(part.entry))
        plural = {
            "category": "Categories",
            "pairing": "Pairings",
            "rating": "Ratings",
            "warning": "Warnings",
            "fandom": "Fandoms",
        }
        return Archive(
            name=self.archive,
            software="Automated Archive",
            tag_kinds=tuple(
                TagKind(key=kind, name=plural.get(kind, kind.capitalize()), many=kind != "rating") for kind in kinds
            ),
        )

    def _parts(self) -> Iterator[_Part]:
        stream, seen = Bytestream(self.database), set[tuple[tuple[str, bytes], ...]]()
        for found in entries(usual(_lines(stream))):
            if isinstance(found, Strange):
                self._strange(found)
                continue
            told = tuple(sorted(found.values.items()))
            if told not in seen and (part := self._part(found)) is not None:
                yield part
            seen.add(told)
        if stream.trouble:
            again = "Ask the old host for the file again, and compare its size."
            self._note("input.truncated", self.database.name, stream.trouble, again, Severity.LOSS)

    def _part(self, entry: Entry) -> _Part | None:
        title = prose.line(_text(entry, "title"))
        location = _text(entry, "location", "file", "filename").strip()
        if not entry.whole:
            self._note(
                "aa.record-damaged",
                f"record {entry.number}, line {entry.line}",
                "it has no end; what is there was read",
                severity=Severity.DOUBT,
            )
        if not title and not location:
            self._note(
                "aa.record-empty",
                f"record {entry.number}, line {entry.line}",
                "it has neither a title nor a file",
                severity=Severity.LOSS,
            )
            return None
        stem, mark = part_of(title)
        stated = masked(_text(entry, "author", "authors"))
        authors = names.authors(names.tidy(prose.line(stated)) or prose.line(stated))
        return _Part(entry, stem or title, mark, authors, location)

    def _strange(self, line: Strange) -> None:
        where = f"{self.database.name}, line {line.line}"
        if line.code:
            self._note(
                "perl.code",
                where,
                "this line looks like a command; nothing in the file is carried out",
                severity=Severity.DANGER,
            )
        else:
            self._note("aa.line-unread", where, "this line belongs to no record", severity=Severity.DOUBT)

    def _note(
        self, code: str, where: str, evidence: str = "", suggestion: str = "", severity: Severity = Severity.DOUBT
    ) -> None:
        self.findings.append(
            Finding(code=code, where=where, evidence=masked(evidence), suggestion=suggestion, severity=severity)
        )

    def _story(self, parts: list[_Part], known: frozenset[str]) -> Story:
        first = parts[0]
        key = self._own_key(first)
        read = [self._chapter(key, part, known, alone=len(parts) == 1) for part in parts]
        notes = dict.fromkeys(note for words in read for note in words.notes)
        tags = [tag for part in parts for tag in _tags(part.entry)]
        told = {tag.kind for tag in tags}
        tags += [tag for words in read for tag in words.tags if tag.kind not in told]
        own = _text(first.entry, "notes", "authornotes")
        total = max((part.mark.total for part in parts), default=0)
        self._missing(parts, total)
        for part in parts:
            self._person(part)
        evidence = tuple(
            Evidence(
                field=name,
                rule=f"automated-archive.{name}",
                quote=f"record {first.entry.number}, line {first.entry.line}",
            )
            for name in ("title", "authors.0", "summary")
        )
        return Story(
            key=key,
            title=first.title or None,
            archive=self.archive,
            credits=tuple(Credit(name=name, person=self._key(name)) for name in first.authors),
            summary=prose.short_prose(_text(first.entry, "summary", "description")),
            notes=tuple(
                dict.fromkeys(
                    (*((Note(kind=NoteKind.BEFORE, body=prose.short_prose(own)),) if own.strip() else ()), *notes)
                )
            ),
            tags=tuple(dict.fromkeys(tags)),
            published=_date(first.entry),
            updated=max((_date(part.entry) for part in parts), default=""),
            chapters_planned=total if total > 1 else 0,
            reads=_number(first.entry, "hits", "count", "counter"),
            series=tuple(SeriesPlace(title=name) for name in (_series(first.entry),) if name),
            relations=_gifts(first.entry),
            chapters=tuple(words.chapter for words in read),
            reviews=tuple(self._reviews(key, parts)),
            addresses=tuple(filter(None, (_text(first.entry, "locationurl", "storyurl", "url").strip(),))),
            captures=tuple(capture for words in read for capture in words.captures),
            evidence=evidence,
        )

    def _own_key(self, part: _Part) -> str:
        """Return the key of a story: where its file lay, and the record's number when two say the same place."""
        place = (part.location or part.entry.number).replace("\\", "/").split("/")
        key = identity.key(self.archive, "archive", *place)
        if key in self.keys:
            key = f"{key}-{identity.slug(part.entry.number)}-{len(self.keys)}"
        self.keys.add(key)
        return key

    def _chapter(self, key: str, part: _Part, known: frozenset[str], *, alone: bool) -> _Words:
        words = self._words(part, known)
        same = alone or bare(words.chapter.title) == bare(part.title)
        chapter = replace(
            words.chapter,
            key=f"{key}/{part.mark.order or 1:g}",
            title="" if same else words.chapter.title,
            label="" if part.mark.total == 1 else part.mark.label,
            published=_date(part.entry),
            notes=(),
            addresses=tuple(filter(None, (_text(part.entry, "locationurl", "storyurl", "url").strip(),))),
        )
        return replace(words, chapter=chapter, notes=(*words.notes, *words.chapter.notes))

    def _words(self, part: _Part, known: frozenset[str]) -> _Words:
        where = f"record {part.entry.number}, line {part.entry.line}"
        path = self._file(part)
        if path is None:
            elsewhere = _text(part.entry, "locationurl", "storyurl", "offsite").strip().lower() not in _NOTHING
            code = "story.offsite" if elsewhere and not part.location else "chapter.no-text"
            self._note(
                code,
                where,
                part.location,
                "The file of this story is not here. Ask the old host for the whole folder archive/, or the author.",
                Severity.LOSS,
            )
            return _Words(Chapter(key=""))
        self.used.add(path)
        data = path.read_bytes()
        name = path.relative_to(self._top).as_posix()
        capture = self.keep(
            data,
            Capture(
                sha256="",
                path=name,
                media_type="text/plain" if path.suffix.lower() == ".txt" else "text/html",
                size=len(data),
            ),
        )
        try:
            reading = pages.read(data, capture)
        except InputError as error:
            self._note(error.code, where, str(error), severity=Severity.LOSS)
            return _Words(Chapter(key="", captures=(capture.sha256,)), captures=(capture,))
        read = reading.story.chapters
        chapter = read[0] if len(read) == 1 else _one(read)
        clear, fictional = masked_story(chapter.body, known)
        if fictional:
            self._note(
                "email.in-text",
                where,
                f"{len(fictional)} that look like part of the story",
                "Is this fiction? If it is a real person's address, hide it.",
            )
        for finding in reading.story.findings:
            if not finding.code.startswith(("title.", "author.")):  # the record tells both
                self.findings.append(
                    replace(finding, where=f"{where}, {finding.where}".rstrip(", "), evidence=masked(finding.evidence))
                )
        notes = tuple(replace(note, body=masked(note.body)) for note in reading.story.notes)
        chapter = replace(chapter, body=clear, steps=chapter.steps if clear == chapter.body else ())
        tags = tuple(replace(tag, name=masked(tag.name)) for tag in reading.story.tags)
        return _Words(chapter, notes, tags, (capture,))

    @property
    def _top(self) -> Path:
        return self.material.path if self.material.path.is_dir() else self.material.path.parent

    def _file(self, part: _Part, ending: str = "") -> Path | None:
        """Return the file of a part, never one outside of what was brought."""
        if not self.material.path.is_dir() or not part.location:
            return None
        place = re.sub(r"^\w+://[^/]*/", "", part.location.replace("\\", "/")).strip("/ ")
        kind = _text(part.entry, "filetype", "ext").strip(". ") or "html"
        leaf = re.sub(r"\.(?:s?html?|txt)$", "", place, flags=re.IGNORECASE)
        tails = (
            [f"{leaf}{ending}.html", f"{leaf}{ending}.htm"]
            if ending
            else [f"{leaf}.{kind}", place, f"{leaf}.html", f"{leaf}.htm", f"{leaf}.txt", f"{leaf}.shtml"]
        )
        for folder in (
            "archive",
            "Archive",
            "",
            "../archive",
            "../public_html/archive",
            "public_html/archive",
            "html/archive",
        ):
            for tail in tails:
                if (found := self._inside(self.database.parent / folder / tail)) is not None:
                    return found
        return self._elsewhere(tails)

    def _elsewhere(self, tails: list[str]) -> Path | None:
        """Return the file by its name alone, whatever its case, when only one is called so and nobody else took it."""
        if not self.names:
            for here, below, files in os.walk(self._top, followlinks=False):
                below.sort()
                for name in files:
                    self.names.setdefault(name.lower(), []).append(Path(here) / name)
        for tail in tails:
            found = self.names.get(tail.rsplit("/", 1)[-1].lower(), [])
            if len(found) == 1 and found[0] not in self.used:
                return self._inside(found[0])
        return None

    def _inside(self, path: Path) -> Path | None:
        try:
            real = path.resolve()
            if real.is_file() and real.is_relative_to(self._top.resolve()):
                return self._top / real.relative_to(self._top.resolve())
        except (OSError, ValueError):
            return None
        return None

    def _reviews(self, key: str, parts: list[_Part]) -> Iterator[Review]:
        count = 0
        for part in parts:
            path = self._file(part, "_cmt")
            if path is None or path in self.used:
                continue
            self.used.add(path)
            data = path.read_bytes()
            self.keep(data, Capture(sha256="", path=path.relative_to(self._top).as_posix(), media_type="text/html"))
            for found in comments(data):
                count += 1
                yield Review(
                    key=f"{key}/comment-{count}",
                    name=found.name,
                    date=found.date,
                    body=found.body,
                    chapter=f"{key}/{part.mark.order or 1:g}",
                    by_author=found.name in part.authors,
                )

    def _missing(self, parts: list[_Part], total: int) -> None:
        have = {int(part.mark.order) for part in parts if part.mark.order}
        for number in range(1, min(total, MOST_PARTS) + 1):
            if have and number not in have:
                self._note(
                    "part.missing",
                    f"“{parts[0].title}”, part {number} of {total}",
                    suggestion="No record of this part is left. Look in the folder archive/.",
                    severity=Severity.LOSS,
                )

    def _person(self, part: _Part) -> None:
        mails = addresses(
            _text(part.entry, "email", "emailauthor", "authoremail") + " " + _text(part.entry, "author", "authors")
        )
        for name in part.authors:
            self.people.setdefault(self._key(name), Person(key=self._key(name), name=name))
        if len(part.authors) > 1 and len(mails) not in (0, len(part.authors)):
            self._note(
                "contact.unsure",
                f"record {part.entry.number}",
                f"{len(part.authors)} authors, {len(mails)} addresses",
                "Which address belongs to whom?",
            )
        for number, mail in enumerate(mails):
            owner = part.authors[number if len(mails) == len(part.authors) else 0] if part.authors else ""
            if owner:
                self.contacts.setdefault((owner, mail), Contact(person=self._key(owner), email=mail))

    def _key(self, name: str) -> str:
        return identity.key(self.archive, "author", name)

    def _orphans(self) -> Iterator[Finding]:
        folder = next(
            (one for one in (self.database.parent / "archive", self.database.parent / "Archive") if one.is_dir()), None
        )
        if folder is None or not self.material.path.is_dir():
            return
        for path in sorted(folder.rglob("*.htm*")):
            if self._inside(path) not in self.used and not path.is_symlink():
                yield Finding(
                    code="file.orphan",
                    where=path.relative_to(self._top).as_posix(),
                    evidence=f"{path.stat().st_size:,} bytes that no record belongs to",
                    suggestion="Was its record lost, or did its author take the story down?",
                )


def _groups(parts: list[_Part]) -> list[list[_Part]]:
    """Return the records by story: parts with the same title stem and author, in the order of their numbers."""
    groups: dict[tuple[str, str], list[_Part]] = {}
    alone: list[list[_Part]] = []
    for part in parts:
        if part.mark.order:
            groups.setdefault((bare(part.title), bare(" ".join(part.authors))), []).append(part)
        else:
            alone.append([part])
    joined = [sorted(group, key=lambda part: part.mark.order) for group in groups.values()]
    return sorted([*joined, *alone], key=lambda group: min(part.entry.line for part in group))


def _text(entry: Entry, *fields: str) -> str:
    return prose.read_bytes(entry.get(*fields))


def _date(entry: Entry) -> str:
    for name in _DAYS:
        told = _text(entry, name).strip()
        if found := (dates.unix(told) if told.isdigit() and len(told) >= 9 else dates.iso(told)):  # noqa: PLR2004 — seconds since 1970
            return found
    return ""


def _number(entry: Entry, *fields: str) -> int:
    told = _text(entry, *fields).strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else 0  # noqa: PLR2004


def _series(entry: Entry) -> str:
    name = prose.line(_text(entry, "sequelname", "series", "sequel"))
    return "" if name.casefold() in _NOTHING else name


def _gifts(entry: Entry) -> tuple[Relation, ...]:
    name = prose.line(_text(entry, "recipient", "writtenfor"))
    return (Relation(kind=RelationKind.GIFT_TO, target=name),) if name.casefold() not in _NOTHING else ()


def _tags(entry: Entry) -> Iterator[Tag]:
    """Yield the tags of a record: the usual fields first, then those that the archive added."""
    usual = {name for fields in _TAGS.values() for name in fields}
    for kind, fields in _TAGS.items():
        yield from _split(kind, _text(entry, *fields) if fields else "")
    for name, value in entry.values.items():
        if (
            name not in usual
            and name not in _KNOWN
            and len(value) < LONGEST_TAG
            and not ADDRESS.search(prose.read_bytes(value))
        ):
            yield from _split(identity.slug(name), prose.read_bytes(value))


def _split(kind: str, value: str) -> Iterator[Tag]:
    pieces = [value] if kind in _SINGLE else re.split(r"[,;\n]", value)
    for piece in pieces:
        name = prose.line(piece)
        if name.casefold() not in _NOTHING:
            yield Tag(kind=kind, name=name)


def _one(chapters: tuple[Chapter, ...]) -> Chapter:
    if not chapters:
        return Chapter(key="")
    body = "\n".join(chapter.body for chapter in chapters)
    return replace(chapters[0], body=body, steps=(), gaps=())
