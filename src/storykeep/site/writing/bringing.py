"""A writer's own files, read as a rescue reads them: documents, books, pages and texts become stories to look at."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from storykeep.model import bundle
from storykeep.model.errors import StorykeepError, TooLarge, UnknownFormat, Unreadable
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture, Finding
from storykeep.model.story import Chapter as StoryChapter
from storykeep.model.story import Story
from storykeep.site.tags.models import TagKind
from storykeep.site.works.keeping_stories import finish, keep_notes, keep_tags, title_was_set
from storykeep.site.works.models import Work
from storykeep.site.writing import chapters, coming_back, drafts, queries, revisions
from storykeep.site.writing.brought_files import keep_file
from storykeep.site.writing.models import Brought
from storykeep.site.writing.paragraphs import tidy
from storykeep.site.writing.revisions import Sent
from storykeep.sources import base, pages
from storykeep.sources.packages import Package
from storykeep.sources.zipped import Budget, members
from storykeep.text import sanitise

LARGEST = 20_000_000  # bytes of one file
LARGEST_ZIP = 250_000_000
MOST, MOST_INSIDE = 40, 500  # files at once, and in a zip
WAYS = frozenset(("epub", "office", "markdown"))
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")


def bring(user, files) -> Brought:
    """Read uploaded files and keep what was found, for their owner to look at. What can't be read is told by name."""
    named = ", ".join(Path(file.name).name for file in files[:3])
    brought = Brought(account=user, name=named)
    for file in files[:MOST]:
        name = Path(file.name).name
        try:
            take(brought, name, file)
        except StorykeepError as error:
            brought.remarks.append(f"{name}: {error}")
    if len(files) > MOST:
        brought.remarks.append(f"{MOST} files are read at once; bring in the other {len(files) - MOST} after these.")
    brought.save()
    return brought


def take(brought: Brought, name: str, file) -> None:
    """Read one file: a zip of works that were taken along, a zip of documents, or a document."""
    if is_zip(file) and file.size <= LARGEST_ZIP and take_parcel(brought, name, file):
        return
    if is_plain_zip(name, file):
        with on_disk(file) as path:
            take_members(brought, path, name)
        return
    if file.size > LARGEST:
        raise Unreadable(f"it has {file.size:,} bytes; at most {LARGEST:,} are read at once.")
    brought.stories += [bundle.dumps(story) for story in read(name, file.read())]


def is_zip(file) -> bool:
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return start == b"PK\x03\x04"


def is_plain_zip(name: str, file) -> bool:
    """Say whether this is a zip of files, not a document that is a zip inside (EPUB, DOCX, ODT)."""
    return is_zip(file) and file.size <= LARGEST_ZIP and name.lower().endswith(".zip")


@contextmanager
def on_disk(file) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(suffix=".zip") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        yield Path(kept.name)


def take_parcel(brought: Brought, name: str, file) -> bool:
    """Keep a zip of what was taken along, and the works that are in it; False when it is none."""
    with on_disk(file) as path, Package(path) as package:
        folders, whole = coming_back.folders(package), coming_back.is_everything(package)
        if not folders and not whole:
            return False
        if brought.works or brought.whole:
            raise Unreadable("one zip of everything is read at once; bring it in after this one.")
        for folder in folders:
            try:
                found = coming_back.read(package, folder, deep=False)
                brought.works.append(coming_back.line(found, folder, brought.account))
            except StorykeepError as error:
                brought.remarks.append(f"{name}: {folder}: {error}")
    brought.whole = whole
    file.seek(0)
    keep_file(brought, file)
    return True


def take_members(brought: Brought, path: Path, name: str) -> None:
    """Read every document in a zip; what is none, or would do harm, is told by name."""
    for at, member in enumerate(
        members(path, name, Budget(path.stat().st_size, total=LARGEST_ZIP, members=MOST_INSIDE))
    ):
        if isinstance(member, Finding):
            brought.remarks.append(f"{member.where}: {member.evidence}")
        elif at < MOST_INSIDE and not is_litter(member.name):
            try:
                data = read_whole(member)
                brought.stories += [bundle.dumps(story) for story in read(Path(member.name).name, data)]
            except StorykeepError as error:
                brought.remarks.append(f"{name} › {member.name}: {error}")


def is_litter(name: str) -> bool:
    """Say whether a file is what a computer left in the folder, and nobody wrote."""
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in {"thumbs.db", "desktop.ini"}


def read_whole(member) -> bytes:
    parts, size = [], 0
    while data := member.stream.read(-1):
        size += len(data)
        if size > LARGEST:
            raise TooLarge(f"it has more than {LARGEST:,} bytes.")
        parts.append(data)
    return b"".join(parts)


def read(name: str, data: bytes) -> Iterator[Story]:
    """Yield the stories in a file. Raises an error of ours that says what is wrong with it."""
    if not data.strip():
        raise Unreadable("it is empty.")
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{" and not data.startswith(b"{\\rtf"):
        yield from of_bundle(data)
        return
    suffix = SUFFIX.search(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"brought{suffix[0] if suffix else ''}"
        path.write_bytes(data)
        material = base.Material(path=path, name=name)
        known = base.best(material)
        if known and known[0].code in WAYS:
            yield from (found for found in known[0].read(material, kept) if isinstance(found, Story))
        elif known:
            raise UnknownFormat("it holds a whole archive. Ask the archivist to bring it in.")
        else:
            yield of_page(name, data)


def kept(data: bytes, capture: Capture) -> Capture:
    """Know originals by their hash; the file stays with its owner, and is not kept here."""
    return replace(capture, sha256=sha256(data), size=len(data))


def of_bundle(data: bytes) -> Iterator[Story]:
    record = bundle.loads(data)
    if not isinstance(record, Story):
        raise UnknownFormat("it is a bundle, but not of a story.")
    yield record


def of_page(name: str, data: bytes) -> Story:
    if b"\0" in data[:4096] and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        raise UnknownFormat("it is none of DOCX, ODT, RTF, EPUB, HTML, Markdown and text.")
    story = pages.read(data, Capture(sha256=sha256(data), path=name, size=len(data))).story
    if not story.chapters:
        raise UnknownFormat("it was read, but there is no story in it.")
    return story


# ── drafts
def stories_of(brought: Brought) -> list[Story]:
    return [bundle.loads(each) for each in brought.stories]


def make_drafts(brought: Brought, chosen: list[int]) -> list[Work]:
    """Make a draft of each chosen story (by number, 0 for the first). Asked twice, there is one draft of each."""
    found = stories_of(brought)
    return [draft_of(brought, number, found[number]) for number in chosen if number < len(found)]


def draft_of(brought: Brought, number: int, story: Story) -> Work:
    """Return the draft of a story. One that was taken along as a bundle is known again, and not made twice."""
    if story.key and not story.captures and not story.evidence:
        return coming_back.take_in(brought.account, coming_back.Parcel(story=story), coming_back.Wish())[0]
    with transaction.atomic():
        work = drafts.begin(brought.account, f"{brought.ref}{number}")
        rows = queries.chapters_of(work)
        if any(map(queries.head, rows)):
            return work
        tell(work, story)
        for at, chapter in enumerate(story.chapters):
            fill(rows[0] if at == 0 else chapters.add(work), chapter, brought.account)
        finish(work)
    return work


def tell(work: Work, story: Story) -> None:
    """Say of a draft what the file said of its story. Who wrote it is whoever brought it in."""
    work.title, work.kind, work.status = story.title or "", story.kind.value, story.status.value
    work.language, work.published = story.language or work.language, story.published
    work.chapters_planned, work.summary = story.chapters_planned, sanitise.clean(story.summary)
    title_was_set(work)
    work.save()
    keep_notes(work, story)
    known = set(TagKind.objects.values_list("key", flat=True))
    keep_tags(work, replace(story, tags=tuple(tag for tag in story.tags if tag.kind in known)))


def fill(row, chapter: StoryChapter, user) -> None:
    row.title, row.label, row.published = chapter.title, chapter.label, chapter.published
    row.summary = sanitise.clean(chapter.summary)
    row.save()
    keep_notes(row.work, Story(key=""), row, chapter.notes)
    revisions.save(row, Sent(body=tidy(chapter.body), by=user))
    revisions.show(revisions.locked(row))
