"""storykeep convert: one story, from one format into another."""

from __future__ import annotations

import codecs
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storykeep.exports import FORMATS, Format, Images, by_suffix
from storykeep.model import bundle
from storykeep.model.errors import TooLarge, UnknownFormat, Unreadable, UsageError
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.model.story import Note, Story

if TYPE_CHECKING:
    from storykeep.sources.base import Source

LARGEST = 200_000_000
"""Most bytes of one page or bundle. The longest stories known are under twenty million."""


@click.command("convert")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--to", "code", type=click.Choice(list(FORMATS)), help="The format of OUT, where its name does not say.")
@click.option("--story", "key", default="", help="Which story, by key or title, when IN holds several.")
def command(source: Path, target: Path, code: str | None, key: str) -> None:
    """Turn the story in IN into OUT.

    IN is a Storykeep bundle (.json), a saved page (HTML or text), or anything else that a rescue reads.
    OUT is written as its name says (.epub .kepub.epub .html .txt .md .json), or to standard output for "-" with --to.
    """
    form = _form(target, code)
    kept: dict[str, bytes] = {}
    story = _one(_stories(source, kept), key, source)
    if str(target) == "-":
        form.write(story, sys.stdout.buffer, images=kept.get)
        return
    _write(form, story, target, kept.get)
    click.echo(f"Wrote {target} ({target.stat().st_size:,} bytes).", err=True)


def _form(target: Path, code: str | None) -> Format:
    if code:
        return FORMATS[code]
    if str(target) == "-":
        raise UsageError(f'With "-" say the format: --to {", --to ".join(FORMATS)}.')
    return by_suffix(target.name)


def _write(form: Format, story: Story, target: Path, images: Images) -> None:
    """Write the whole file under another name first, so that nobody ever sees half of it."""
    if target.is_dir():
        raise UsageError(f"{target} is a folder. Name a file in it.")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}-", dir=target.parent)
    except OSError as error:
        raise UsageError(f"I can't write into {target.parent}: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as out:
            form.write(story, out, images=images)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _one(stories: Iterator[Story], key: str, source: Path) -> Story:
    """Return the story that is meant, holding no more than one. Raises UsageError when it is not clear which."""
    first, names = None, []
    for story in stories:
        if key and key in {story.key, story.title}:
            return story
        first = first or story
        names.append(f"{story.key} ({story.title or 'no title'})")
    if first is None:
        raise UnknownFormat(f"I found no story in {source}. A whole archive comes in with: storykeep rescue")
    if len(names) == 1 and not key:
        return first
    listed = "; ".join(names[:10]) + (" …" if len(names) > 10 else "")  # noqa: PLR2004 — ten are enough to choose from
    if key:
        raise UsageError(f"There is no story {key!r} in {source}. There are: {listed}.")
    raise UsageError(f"{source} holds {len(names)} stories. Say which with --story: {listed}.")


def _stories(source: Path, kept: dict[str, bytes]) -> Iterator[Story]:
    """Yield the stories in ``source``; pictures that come with them are left in ``kept``."""
    if not source.exists():
        raise UsageError(f"There is no file {source}. Is the name right?")
    head = b"" if source.is_dir() else _head(source)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{") and not start.startswith(b"{\\rtf"):
        yield _from_bundle(source)
        return
    from storykeep.sources import base

    known = base.best(base.Material(path=source, name=source.name))
    if known is not None:
        yield from _from_archive(source, known[0], kept)
    elif source.is_dir():
        raise UsageError(f"{source} is a folder, and convert takes one story. Bring in folders with: storykeep rescue")
    else:
        yield _from_page(source, head)


def _from_bundle(source: Path) -> Story:
    record = bundle.loads(_bytes(source))
    if not isinstance(record, Story):
        kind = type(record).__name__.lower()
        an = "an" if kind[0] in "aeiou" else "a"
        raise UnknownFormat(f"{source} is not the bundle of a story, but of {an} {kind}.")
    return _cleaned(record)


def _from_page(source: Path, head: bytes) -> Story:
    from storykeep.sources import pages

    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnknownFormat(f"{source} is no page, no text, no bundle, and nothing else that Storykeep reads.")
    data = _bytes(source)
    if not data.strip():
        raise Unreadable(f"{source} is empty.")
    reading = pages.read(data, Capture(sha256=sha256(data), path=source.name, size=len(data)))
    if not reading.story.chapters:
        raise UnknownFormat(f"{source} was read, but holds no story: it is a page of the kind “{reading.role}”.")
    return reading.story


def _from_archive(source: Path, reader: Source, kept: dict[str, bytes]) -> Iterator[Story]:
    from storykeep.sources.base import Material

    def keep(data: bytes, capture: Capture) -> Capture:
        known = replace(capture, sha256=sha256(data), size=len(data))
        if known.media_type.startswith("image/"):
            kept[known.sha256] = data
        return known

    for record in reader.read(Material(path=source, name=source.name), keep):
        if isinstance(record, Story):
            yield record


def _cleaned(story: Story) -> Story:
    """Return a story from outside with only safe HTML in it; repairs stay undoable where nothing had to change."""
    from storykeep.text.sanitise import clean

    chapters = []
    for chapter in story.chapters:
        body = clean(chapter.body)
        steps = chapter.steps if body == chapter.body else ()
        notes = tuple(map(_clean_note, chapter.notes))
        chapters.append(replace(chapter, body=body, steps=steps, summary=clean(chapter.summary), notes=notes))
    reviews = tuple(replace(review, body=clean(review.body)) for review in story.reviews)
    notes = tuple(map(_clean_note, story.notes))
    return replace(story, summary=clean(story.summary), notes=notes, chapters=tuple(chapters), reviews=reviews)


def _clean_note(note: Note) -> Note:
    from storykeep.text.sanitise import clean

    return replace(note, body=clean(note.body))


def _bytes(source: Path) -> bytes:
    try:
        size = source.stat().st_size
        if size > LARGEST:
            raise TooLarge(
                f"{source} has {size:,} bytes; convert takes {LARGEST:,}. Bring it in with: storykeep rescue"
            )
        return source.read_bytes()
    except OSError as error:
        raise Unreadable(f"I can't read {source}: {error.strerror}.") from error


def _head(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            return file.read(4096)
    except OSError as error:
        raise Unreadable(f"I can't read {source}: {error.strerror}.") from error
