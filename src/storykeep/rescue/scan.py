"""First stage: everything that was brought is seen, kept by its SHA-256, and sorted into pages, materials and the rest.

A page is read later. A material is something that a source other than saved pages knows (a dump, a mailbox): it is
noted, and what is inside is the source's business, because it may hold passwords that must not be kept. Containers
are unpacked into the rescue's own workspace and then walked like any folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from storykeep.model.errors import InputError
from storykeep.model.provenance import Finding, Severity
from storykeep.rescue.journal import Arrival, Journal
from storykeep.rescue.originals import CHUNK, Originals
from storykeep.sources import base
from storykeep.sources.folder.addresses import Origin, is_host, origin, same_page
from storykeep.sources.folder.kinds import HEAD, Kind, kind_of, media_type
from storykeep.sources.folder.walk import Entry, shown, walk
from storykeep.sources.zipped import Budget, Member, Names, is_mhtml, members
from storykeep.sources.zipped.members import refused

SURE = 0.5
"""A source that is at least this sure of a material gets it."""
LARGEST_PAGE = 32 << 20
"""Bytes. Nobody wrote a larger page by hand; it is kept, and reported instead of read."""
BATCH, BATCH_SECONDS = 500, 2.0
_TWICE = re.compile(r" \(\d+\)$")  # how a member is told from another one of its name

Tell = Callable[[int], None]
"""Is told how many files have been seen."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk is: a folder on the disk and what it stands for in the remains."""

    folder: Path
    root: str  # what was brought
    prefix: str = ""  # before every name
    container: str = ""
    depth: int = 0
    site: str = ""  # the folder's own name, which may be a host
    names: dict[str, str] = field(default_factory=dict)  # safe names of unpacked members → their own
    origins: dict[str, Origin] = field(default_factory=dict)  # by safe name, where the container tells them
    wrapper: str = ""  # the one folder that everything in a container lies in, which was on no server


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of a container: safe names → their own, safe names → where they were served, what was refused."""

    names: dict[str, str] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class Scan:
    """One walk through what was brought. ``workspace`` is a folder for unpacked containers."""

    def __init__(self, journal: Journal, originals: Originals, workspace: Path, tell: Tell = lambda _: None) -> None:
        self.journal, self.originals, self.workspace, self.tell = journal, originals, workspace, tell
        self.seen = 0
        self._waiting: list[tuple[Arrival, list[Finding]]] = []
        self._since = time.monotonic()
        self._taken: list[tuple[str, str]] = []  # where a material lies, and which of its files are only its own

    def scan(self, path: Path) -> None:
        """See everything at ``path``, a file or a folder. Raises nothing for what can't be read."""
        root = shown(str(path))
        if path.is_dir():
            self._folder(Place(path, root, site=shown(path.name)))
        else:
            known = path.stat()
            entry = Entry(path=path, name=shown(path.name), size=known.st_size, changed=known.st_mtime_ns)
            self._file(entry, Place(path.parent, root), None)
        self.flush()

    def flush(self) -> None:
        """Write what was seen."""
        with self.journal.writing():
            for arrival, findings in self._waiting:
                self.journal.arrive(arrival)
                self.journal.find("scan", f"{arrival.root}|{arrival.path}", findings)
        self._waiting.clear()
        self._since = time.monotonic()
        self.tell(self.seen)

    def _folder(self, place: Place, budget: Budget | None = None) -> None:
        found: list[Finding] = []
        self._material(place.folder, place.prefix.rstrip("/"), place)
        for entry in walk(place.folder, enter=lambda folder, name: self._enter(folder, name, place)):
            if isinstance(entry, Finding):
                found.append(replace(entry, where=place.prefix + entry.where))
            else:
                self._file(entry, place, budget)
        with self.journal.writing():
            self.journal.find("walk", f"{place.root}|{place.prefix}", found)

    def _enter(self, folder: Path, name: str, place: Place) -> bool:
        """Note a folder that a source knows; go in all the same, for what the source leaves."""
        if folder == self.originals.folder.parent:
            return False  # the data folder itself, when it lies inside what was brought
        if not self._in_material(name, place):
            self._material(folder, place.prefix + name, place)
        return True

    def _file(self, entry: Entry, place: Place, budget: Budget | None) -> None:
        self.seen += 1
        name = place.prefix + place.names.get(entry.name, entry.name)
        known = self.journal.arrival(place.root, name)
        if known and self._same(known, entry, place):
            return
        try:
            self._arrive(entry, name, place, budget)
        except OSError as error:
            finding = _unreadable(name, error.strerror or str(error))
            self._wait(Arrival(root=place.root, path=name, kind="unreadable", sha256="", size=entry.size), [finding])

    def _same(self, known: Arrival, entry: Entry, place: Place) -> bool:
        """Return whether a file is as it was at the last run, and kept. What was just unpacked never is."""
        if place.container or known.changed != entry.changed:
            return False
        if known.size != entry.size and not known.container:  # a page that was saved compressed has another size
            return False
        return not known.sha256 or known.kind == Kind.CONTAINER or self.originals.holds(known.sha256, known.size)

    def _arrive(self, entry: Entry, name: str, place: Place, budget: Budget | None) -> None:
        if self._is_owned(entry.name, place):
            return self._taken_in(entry, name, place)
        data = _read(entry)
        head = data[:HEAD]
        kind = Kind.CONTAINER if is_mhtml(head) else kind_of(name, head)
        if not is_mhtml(head) and _may_be_material(kind, head) and not self._in_material(entry.name, place):
            if self._material(entry.path, name, place, base.Material(path=entry.path, name=name)):
                return self._taken_in(entry, name, place)
        elif self._in_material(entry.name, place) and kind not in (Kind.PAGE, Kind.IMAGE):
            return self._taken_in(entry, name, place)
        if kind is Kind.CONTAINER and not _is_document(head):
            return self._container(entry, name, place, budget)
        return self._keep(entry, name, place, data)

    def _keep(self, entry: Entry, name: str, place: Place, data: bytes, findings: Sequence[Finding] = ()) -> None:
        kind = kind_of(name, data[:HEAD])
        movable = bool(place.container) and not self._in_material(entry.name, place)
        digest, size = self.originals.keep_file(entry.path, movable=movable)
        inside = name.removeprefix(place.prefix).removeprefix(place.wrapper)
        found = place.origins.get(entry.name) or origin(_TWICE.sub("", inside), place.site, data)
        address = found.address if "://" in found.address or (place.site and _is_html(name, data)) else ""
        arrival = Arrival(
            root=place.root,
            path=name,
            kind=kind if kind is not Kind.PAGE or size <= LARGEST_PAGE else "too-large",
            sha256=digest,
            size=size,
            changed=entry.changed,
            address=address,
            page=same_page(address) if address else "",
            captured_at=found.captured_at,
            media_type=media_type(data[:HEAD]),
            container=place.container,
        )
        self._wait(arrival, [*findings, *_objections(arrival)])

    def _taken_in(self, entry: Entry, name: str, place: Place) -> None:
        """Note a file that belongs to a material. Its bytes are the source's business."""
        arrival = Arrival(root=place.root, path=name, kind="material", sha256="", size=entry.size)
        self._wait(replace(arrival, changed=entry.changed, container=place.container), [])

    def _wait(self, arrival: Arrival, findings: list[Finding]) -> None:
        self._waiting.append((arrival, findings))
        if len(self._waiting) >= BATCH or time.monotonic() - self._since > BATCH_SECONDS:
            self.flush()

    # ── containers
    def _container(self, entry: Entry, name: str, place: Place, budget: Budget | None) -> None:
        """Unpack a container into the workspace, walk it, and note it when all of it has been seen."""
        with entry.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        arrival = Arrival(
            root=place.root, path=name, kind=Kind.CONTAINER, sha256=digest, size=entry.size, changed=entry.changed
        )
        if place.depth > 1:
            self.originals.keep_file(entry.path, movable=bool(place.container))
            self._wait(arrival, [refused(name, "", "It lies in a container inside a container.", "input.too-deep")])
            return
        budget = budget or Budget(entry.size)
        view = self.workspace / digest[:16]
        out = self._unpack(entry.path, name, view, budget)
        if out.findings or out.origins:  # not all of it came out, or not byte by byte
            self.originals.keep_file(entry.path, movable=False)
        if _is_packed_page(out.names, name, view):
            self._packed_page(entry, name, place, view, out.findings)
            return
        alone = place.root == shown(str(entry.path))
        inner = Place(
            view,
            place.root,
            prefix="" if alone else f"{name}/",
            container=name,
            depth=place.depth + 1,
            site=Path(entry.name).stem or "-",
            names=out.names,
            origins=out.origins,
            wrapper=_wrapper(out.names),
        )
        self._folder(inner, budget)
        self._wait(arrival, out.findings)

    def _packed_page(self, entry: Entry, name: str, place: Place, view: Path, findings: list[Finding]) -> None:
        """Keep what a compressed page holds, under the page's own name: servers sent pages compressed."""
        inner = next(path for path in view.iterdir() if path.is_file())
        if not inner.stat().st_size:
            self._wait(Arrival(root=place.root, path=name, kind="damaged", sha256="", size=entry.size), findings)
            return
        own = name.removesuffix(".gz").removesuffix(".bz2").removesuffix(".xz")
        plain = Entry(path=inner, name=entry.name, size=inner.stat().st_size, changed=entry.changed)
        self._keep(plain, own, replace(place, container=name), _read(plain), findings)

    def _unpack(self, path: Path, name: str, view: Path, budget: Budget) -> Unpacked:
        out, names, taken = Unpacked(), Names(), set[str]()
        for member in members(path, name, budget):
            if isinstance(member, Finding):
                out.findings.append(member)
                continue
            safe = names.path(member.name)
            try:
                _write(member, view / safe)
            except InputError as error:
                (view / safe).unlink(missing_ok=True)
                out.findings.append(refused(name, member.name, str(error), error.code))
                continue
            out.names[safe] = member.name if member.name not in taken else f"{member.name} ({len(out.names) + 1})"
            taken.add(member.name)
            if member.address:
                out.origins[safe] = Origin(member.address, member.captured_at)
        view.mkdir(parents=True, exist_ok=True)
        return out

    # ── materials
    def _material(self, path: Path, name: str, place: Place, material: base.Material | None = None) -> bool:
        """Note ``path`` as a material if a source other than saved pages is sure of it."""
        try:
            found = base.best(material or base.Material(path=path, name=name))
        except Exception:  # noqa: BLE001 — the edge of a file: what a source can't even look at is none of its own
            return False
        if found is None or found[1].confidence < SURE:
            return False
        where = f"{place.container}|{name}/" if name else f"{place.container}|"
        self._taken.append((where, found[1].owns if path.is_dir() else ""))
        with self.journal.writing() as db:
            state = _fingerprint(path)
            db.execute(
                "INSERT INTO materials VALUES (?, ?, ?, ?, ?, ?, '') ON CONFLICT (root, name) DO UPDATE SET"
                " source = excluded.source, evidence = excluded.evidence, path = excluded.path, state = excluded.state",
                (place.root, name, found[0].code, shown(found[1].evidence), os.fsencode(path).decode("latin-1"), state),
            )
        return True

    def _in_material(self, name: str, place: Place) -> bool:
        whole = f"{place.container}|{place.prefix}{name}"
        return any(whole.startswith(taken) for taken, _ in self._taken)

    def _is_owned(self, name: str, place: Place) -> bool:
        """Say whether a file is only its source's: private entries and dumps are never kept or read as pages."""
        whole = f"{place.container}|{place.prefix}{name}"
        return any(
            whole.startswith(taken) and re.fullmatch(owned, whole[len(taken) :], re.IGNORECASE) is not None
            for taken, owned in self._taken
            if owned
        )


def _read(entry: Entry) -> bytes:
    """Return the bytes of a page, and only the beginning of what is too large to be one."""
    with entry.path.open("rb") as file:
        return file.read(LARGEST_PAGE if entry.size <= LARGEST_PAGE else HEAD)


def _write(member: Member, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        while data := member.stream.read(CHUNK):
            file.write(data)


def _may_be_material(kind: Kind, head: bytes) -> bool:
    """Return whether sources are asked about a file. Not about pages of HTML: there are too many of them."""
    if kind in (Kind.EMPTY, Kind.IMAGE):
        return False
    start = head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1000].lower()
    is_html = start.startswith(b"<") and (b"<html" in start or b"<body" in start or b"<!doctype html" in start)
    return kind is not Kind.PAGE or not is_html  # a web capture or a mailbox has pages inside, but does not start so


def _wrapper(names: dict[str, str]) -> str:
    """Return the folder, with its slash, that all members lie in, unless its name is a host's: that says something."""
    named = [name for name in names.values() if not name.startswith("__MACOSX/")]
    tops = {name.partition("/")[0] if "/" in name else "" for name in named}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top and not is_host(top) and not top.isdigit() else ""


def _is_html(name: str, data: bytes) -> bool:
    """Return whether bytes are a page of a site; a text or a file alone has no place on one unless it says so."""
    return media_type(data[:HEAD]) != "text/plain" and not name.lower().endswith(".txt")


def _is_packed_page(names: dict[str, str], name: str, view: Path) -> bool:
    """Return whether a container held one file of its own name: a page that is only compressed."""
    own = name.rpartition("/")[2]
    if len(names) != 1 or next(iter(names.values())) not in (own, own.rpartition(".")[0]):
        return False
    with (view / next(iter(names))).open("rb") as file:
        return kind_of(own, file.read(HEAD)) is not Kind.CONTAINER


def _is_document(head: bytes) -> bool:
    """Return whether a zip is one document (EPUB, DOCX, ODT), which is no container of pages."""
    first = head[30:60]  # the name of the first member; further on it may be that of a document in a zip
    return head.startswith(b"PK") and first.startswith((b"mimetypeapplication/", b"[Content_Types].xml"))


def _fingerprint(path: Path) -> str:
    """Return something that changes when a file of the material changes."""
    digest = hashlib.sha256()
    entries: Iterator[Entry | Finding] = walk(path) if path.is_dir() else iter(())
    for entry in entries:
        if isinstance(entry, Entry):
            digest.update(f"{entry.name}|{entry.size}|{entry.changed}\n".encode("utf-8", "surrogatepass"))
    if path.is_file():
        known = path.stat()
        digest.update(f"{known.st_size}|{known.st_mtime_ns}".encode())
    return digest.hexdigest()


def _objections(arrival: Arrival) -> Iterator[Finding]:
    """Yield what is to be said about a file that is kept but not read."""
    if arrival.kind == Kind.EMPTY:
        yield Finding(
            code="page.empty",
            where=arrival.path,
            evidence="The file has no bytes.",
            suggestion="Look for another copy of it.",
            severity=Severity.LOSS,
        )
    if arrival.kind == Kind.UNKNOWN:
        yield Finding(
            code="input.unknown",
            where=arrival.path,
            evidence="Neither a page nor a picture, nor anything else that can be read here.",
            suggestion="Its bytes are kept. If it holds stories, say so: a reader for it can be written.",
            severity=Severity.DOUBT,
            capture=arrival.sha256,
        )
    if arrival.kind == "too-large":
        yield Finding(
            code="input.too-large",
            where=arrival.path,
            evidence=f"{arrival.size >> 20} MB; pages of up to {LARGEST_PAGE >> 20} MB are read.",
            suggestion="Its bytes are kept. Cut it into pages if it holds stories.",
            severity=Severity.LOSS,
            capture=arrival.sha256,
        )


def _unreadable(name: str, reason: str) -> Finding:
    return Finding(
        code="input.unreadable",
        where=name,
        evidence=reason,
        suggestion="Check the rights of the file and the disk, then run the rescue again.",
        severity=Severity.LOSS,
    )
