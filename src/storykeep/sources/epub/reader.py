"""The way in for EPUB: one book is one story, whoever made it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from storykeep.model.errors import InputError, Unreadable
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.model.story import Story
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.epub import archives, notes, ours
from storykeep.sources.epub.chapters import sections
from storykeep.sources.epub.metadata import tell
from storykeep.sources.epub.package import Book, lost, opened
from storykeep.sources.epub.texts import Text, texts
from storykeep.sources.manuscripts import Manuscript, fronted, key_of, story_of
from storykeep.sources.packages import LARGEST_FILE, Package, mimetype_of
from storykeep.sources.pictures import Album

MEDIA_TYPE = "application/epub+zip"
_ENCRYPTED = re.compile(rb"Algorithm=\"[^\"]*(?:xmlenc|adobe|adept)[^\"]*\"", re.IGNORECASE)


class Epub:
    """EPUB 2 and 3, with what FanFicFare, Archive of Our Own and Storykeep itself write into them."""

    code = "epub"

    def probe(self, material: Material) -> Probe | None:
        if not material.path.is_file():
            return None
        with material.path.open("rb") as file:
            head = file.read(200)
        if mimetype_of(head) == MEDIA_TYPE:
            return Probe(confidence=0.98, evidence="its first part says that it is an EPUB")
        if not head.startswith(b"PK\x03\x04"):
            return None
        try:
            with Package(material.path) as package:
                known = bool(package.find("", "META-INF/container.xml"))
        except InputError:
            return None
        return Probe(confidence=0.9, evidence="it holds META-INF/container.xml") if known else None

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        with Package(material.path) as package:
            book = opened(package)
            name = material.name or material.path.name
            capture = _kept(material, name, keep)
            story = _story(book, package, name, capture, keep)
        if not any(chapter.body for chapter in story.chapters):
            reasons = "; ".join(dict.fromkeys(one.evidence for one in story.findings if one.severity is Severity.LOSS))
            raise Unreadable(f"No words could be read from this book. {reasons}"[:600])
        yield story


SOURCE = Epub()


def _kept(material: Material, name: str, keep: Keep) -> Capture:
    if material.path.stat().st_size > LARGEST_FILE:
        raise Unreadable("This book is too large to be kept.")
    data = material.path.read_bytes()
    known = Capture(sha256=sha256(data), path=name, address=material.address, captured_at=material.captured_at)
    return keep(data, replace(known, media_type=MEDIA_TYPE, size=len(data)))


def _story(book: Book, package: Package, name: str, capture: Capture, keep: Keep) -> Story:
    script = Manuscript(code="epub", capture=capture, findings=[*package.damage(name), *book.findings])
    _locked(package, script)
    read = [text for item in book.spine if (text := _text(item.name, package, script)) is not None]
    album = Album(name, keep)
    _pictures(read, book, package, album)
    script.images.update(album.images)
    script.findings.extend(album.findings)
    if (whole := archives.ao3(read, capture)) is not None:
        return _completed(whole, script)
    tell(book, script)
    script.key = key_of("book", book.first("identifier"), capture.sha256)
    if ours.is_ours(read):
        return ours.story(read, script)
    archives.fanficfare(read, script)
    notes.gather(read, package)
    notes.without_moved(read)
    script.sections = sections(read, book)
    fronted(script)
    return story_of(script)


def _text(name: str, package: Package, script: Manuscript) -> Text | None:
    try:
        text, tricks = texts(name, package)
    except InputError as error:
        script.findings.append(lost(name, str(error), error.code))
        return None
    script.findings.extend(tricks)
    return text


def _pictures(read: list[Text], book: Book, package: Package, album: Album) -> None:
    """Keep the pictures that the texts show, and the cover; each text then shows the kept one, or its words."""
    for text in read:
        text.show(partial(_place, text.name, package, album))
    if book.cover:
        album.part(package, book.cover, "Cover")


def _place(text: str, package: Package, album: Album, href: str, alt: str) -> str:
    found = package.find(text, href)
    return album.part(package, found, alt) if found else ""


def _completed(story: Story, script: Manuscript) -> Story:
    """Add what the book holds beside the page that the archive wrote into it."""
    shown = "".join(chapter.body for chapter in story.chapters)
    cover = tuple(image for image in script.images.values() if image.sha256 not in shown)
    return replace(story, images=(*story.images, *cover), findings=(*story.findings, *script.findings))


def _locked(package: Package, script: Manuscript) -> None:
    """Say when the book is locked for one owner; fonts alone are often disguised, which harms nobody."""
    part = package.find("", "META-INF/encryption.xml")
    if part and _ENCRYPTED.search(package.read(part)):
        script.findings.append(
            Finding(
                code="epub.locked",
                where=part,
                evidence="Parts of this book are encrypted.",
                suggestion="If its words can't be read here, ask the owner for a copy without a lock.",
                severity=Severity.DOUBT,
            )
        )
