"""The way in for documents of word processors: one document is one story, its headings are its chapters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from lxml import etree

from storykeep.model.errors import InputError, TooLarge, Unreadable
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.manuscripts import Manuscript, document, key_of, story_of
from storykeep.sources.office import docx, odt, rtf
from storykeep.sources.packages import LARGEST_FILE, Package, mimetype_of
from storykeep.sources.pictures import Album
from storykeep.sources.strictxml import local, parse

LARGEST_RTF = 64 << 20
_ODT = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.sun.xml.writer",
    "application/vnd.oasis.opendocument.text-template",
)
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
}
_NAMES = {"docx": "a Word document", "odt": "an OpenDocument text", "rtf": "a rich text document"}
_FIELDS = {
    "title": "title",
    "creator": "author",
    "initial-creator": "author",
    "author": "author",
    "description": "summary",
    "comments": "summary",
    "doccomm": "summary",
    "keywords": "keywords",
    "keyword": "keywords",
}
_AFTER_RTF = re.compile(rb"\{\\rtf\d?")


class Office:
    """DOCX, ODT and RTF."""

    code = "office"

    def probe(self, material: Material) -> Probe | None:
        kind = _kind(material.path) if material.path.is_file() else ""
        return (
            Probe(confidence=0.95, evidence=f"its first bytes and parts are those of {_NAMES[kind]}") if kind else None
        )

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        kind = _kind(material.path)
        name = material.name or material.path.name
        if not kind:
            raise Unreadable(f"{name} is no document of a word processor that can be read here.")
        if material.path.stat().st_size > (LARGEST_RTF if kind == "rtf" else LARGEST_FILE):
            raise TooLarge(f"{name} is too large for a document. Unpack it or cut it by hand and look.")
        data = material.path.read_bytes()
        known = Capture(
            sha256=sha256(data),
            path=name,
            address=material.address,
            captured_at=material.captured_at,
            media_type=_TYPES[kind],
        )
        script = Manuscript(code=kind, capture=keep(data, known))
        script.key = key_of("document", "", script.capture.sha256)
        album = Album(name, keep)
        html = _rich_text(data, script, album) if kind == "rtf" else _package(material.path, kind, script, album)
        script.images.update(album.images)
        script.findings.extend(album.findings)
        document(script, html)
        story = story_of(script)
        if not any(chapter.body for chapter in story.chapters):
            reasons = " ".join(dict.fromkeys(one.evidence for one in script.findings))
            raise Unreadable(f"There are no words in {name}. {reasons}".strip()[:600])
        yield story


SOURCE = Office()


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(200)
    if _AFTER_RTF.match(head.lstrip(b"\xef\xbb\xbf\r\n\t ")):
        return "rtf"
    if mimetype_of(head) in _ODT:
        return "odt"
    if not head.startswith(b"PK\x03\x04") or mimetype_of(head):
        return ""
    try:
        with Package(path) as package:
            return "docx" if package.find("", "[Content_Types].xml") and docx.main_part(package) else ""
    except InputError:
        return ""


def _package(path: Path, kind: str, script: Manuscript, album: Album) -> str:
    """Return the document in a package as HTML, its properties told to ``script``."""
    with Package(path) as package:
        if found := package.find("", "docProps/core.xml" if kind == "docx" else "meta.xml"):
            _properties(package, found, script)
        read = docx.read if kind == "docx" else odt.read
        html, findings = read(package, partial(album.part, package))
        script.findings.extend(package.damage(script.capture.path))
    script.findings.extend(findings)
    return html


def _properties(package: Package, part: str, script: Manuscript) -> None:
    try:
        root, tricks = parse(package.read(part), part)
    except InputError:
        return
    script.findings.extend(tricks)
    told = {local(one): _words(one) for one in reversed(list(root.iter()))}
    told.setdefault("author", "")
    if told.get("initial-creator"):
        told.pop("creator", "")
    for name, value in told.items():
        if name in _FIELDS and value:
            script.says(_FIELDS[name], value, f"{script.code}.property.{name}")
    if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})?", told.get("language", "")):
        script.language = told["language"].replace("_", "-")


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _rich_text(data: bytes, script: Manuscript, album: Album) -> str:
    read = rtf.read(data, album.add)
    for field, value in read.info.items():
        if field in _FIELDS:
            script.says(_FIELDS[field], value, f"rtf.info.{field}")
    return read.html
