"""A writer's own files, read as a rescue reads them: documents, books, pages and texts become stories to look at."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from storykeep.model import bundle
from storykeep.model.errors import StorykeepError, UnknownFormat, Unreadable
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.model.story import Chapter as StoryChapter
from storykeep.model.story import Story
from storykeep.site.tags.models import TagKind
from storykeep.site.works.keeping_stories import finish, keep_notes, keep_tags, title_was_set
from storykeep.site.works.models import Work
from storykeep.site.writing import chapters, drafts, queries, revisions
from storykeep.site.writing.models import Brought
from storykeep.site.writing.paragraphs import tidy
from storykeep.site.writing.revisions import Sent
from storykeep.sources import base, pages
from storykeep.text import sanitise

LARGEST = 20_000_000  # bytes of one file
MOST = 40  # files at once
WAYS = frozenset(("epub", "office", "markdown"))
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")


def bring(user, files) -> Brought:
    """Read uploaded files and keep what was found, for their owner to look at. What can't be read is told by name."""
    stories: list[str] = []
    remarks: list[str] = []
    for file in files[:MOST]:
        name = Path(file.name).name
        try:
            if file.size > LARGEST:
                raise Unreadable(f"it has {file.size:,} bytes; at most {LARGEST:,} are read at once.")
            stories += [bundle.dumps(story) for story in read(name, file.read())]
        except StorykeepError as error:
            remarks.append(f"{name}: {error}")
    if len(files) > MOST:
        remarks.append(f"{MOST} files are read at once; bring in the other {len(files) - MOST} after these.")
    named = ", ".join(Path(file.name).name for file in files[:3])
    return Brought.objects.create(account=user, name=named, stories=stories, remarks=remarks)


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
