"""EPUB 3.3, written directly: valid for strict readers, equal bytes for equal stories, quick.

:func:`pieces` gives the parts of the book, each already deflated; :func:`assemble` puts them into the zip. A site can
keep the pieces of a story, or of its chapters, and put a book together on request. docs/explain/epub.md says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

from storykeep import __version__
from storykeep.exports import Images, frame, language
from storykeep.exports.epub import pages
from storykeep.exports.epub.container import Piece, assemble, piece
from storykeep.exports.epub.package import CONTAINER, Leaf, nav, ncx, opf
from storykeep.exports.epub.pages import Page
from storykeep.exports.pictures import Picture, Pictures
from storykeep.model.story import Story

__all__ = ["Piece", "assemble", "fingerprint", "pieces", "write"]


def write(story: Story, out: BinaryIO, *, images: Images | None = None) -> None:
    """Write ``story`` to ``out`` as an EPUB, one chapter in memory at a time. Raises TooLarge over 4 GB.

    >>> import io
    >>> book = io.BytesIO()
    >>> write(Story(key="a"), book)
    >>> book.getvalue()[30:58]
    b'mimetypeapplication/epub+zip'
    """
    assemble(pieces(story, images=images), out)


def pieces(
    story: Story, *, images: Images | None = None, kept: MutableMapping[str, Piece] | None = None
) -> Iterator[Piece]:
    """Yield the files of the book in the order of the zip; give them to :func:`assemble`.

    ``kept`` is where finished chapters may be found and are left (a dict, a cache): a chapter that did not change is
    not written again.
    """
    story = replace(story, language=language.stated_or_likely(story))
    book = _Book(story, images, kept)
    yield piece("mimetype", "application/epub+zip", stored=True)
    yield piece("META-INF/container.xml", CONTAINER)
    yield _style()
    yield from book.pages()
    yield _file("nav.xhtml", pages.page(story, frame.CONTENTS, nav(book.leaves)))
    yield _file("toc.ncx", ncx(story, book.leaves))
    yield _file("package.opf", opf(story, book.leaves, list(book.shown.values())))


class _Book:
    """A book as it is written: what it has shown so far, and the order of its pages."""

    def __init__(self, story: Story, images: Images | None, kept: MutableMapping[str, Piece] | None) -> None:
        self.story = story
        self.kept = kept
        known = (*story.images, *(image for chapter in story.chapters for image in chapter.images))
        self.library = Pictures(known, images)
        self.leaves: list[Leaf] = []
        self.shown: dict[str, Picture] = {}

    def pages(self) -> Iterator[Piece]:
        """Yield the pages in reading order, each followed by the pictures that it is the first to show."""
        yield from self._add(pages.title_page(self.story), "titlepage")
        if len(self.story.chapters) > 1:
            self.leaves.append(Leaf("nav.xhtml", frame.CONTENTS, "toc"))
        yield from self._add(pages.preface(self.story, self.library), "preface")
        for number in range(1, len(self.story.chapters) + 1):
            yield from self._chapter(number)
        yield from self._add(pages.afterword(self.story, self.library), "afterword")
        yield from self._add(pages.colophon(self.story), "colophon")

    def _chapter(self, number: int) -> Iterator[Piece]:
        mark = "bodymatter" if number == 1 else ""
        key = fingerprint(self.story, number) if self.kept is not None else ""
        known = self.kept.get(key) if self.kept is not None else None
        if known is not None:
            self.leaves.append(Leaf(known.name.removeprefix("EPUB/"), frame.heading(self.story, number), mark))
            yield known
            return
        for made in self._add(pages.chapter(self.story, number, self.library), mark):
            if self.kept is not None and key:
                self.kept[key] = made
            yield made

    def _add(self, page: Page | None, landmark: str) -> Iterator[Piece]:
        if page is None:
            return
        self.leaves.append(Leaf(page.name, page.label, landmark))
        yield _file(page.name, page.xhtml)
        for picture in page.shown:
            if picture.sha256 not in self.shown:
                self.shown[picture.sha256] = picture
                yield _file(f"images/{picture.name}", self.library.data(picture), stored=True)


def fingerprint(story: Story, number: int) -> str:
    """Return what tells one state of a chapter from every other; empty when it shows pictures and can't be kept."""
    chapter = story.chapters[number - 1]
    if chapter.images or "<img" in chapter.body:
        return ""
    around = (__version__, frame.title(story), story.language, story.direction, story.addresses[:1], story.credits)
    own = (number, len(story.chapters) > 1, replace(chapter, steps=(), gaps=(), captures=()))
    return hashlib.sha256(repr((around, own)).encode("utf-8", "replace")).hexdigest()


def _file(name: str, content: str | bytes, *, stored: bool = False) -> Piece:
    return piece(f"EPUB/{name}", content, stored=stored)


@cache
def _style() -> Piece:
    """Return the style sheet: how a story looks everywhere, and what only a book has."""
    assets = Path(__file__).parent.with_name("assets")
    return _file("style.css", "\n".join((assets / name).read_text("utf-8") for name in ("prose.css", "epub.css")))
