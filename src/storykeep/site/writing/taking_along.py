"""A work to take along: as a book and a page to read, as a bundle, and with all that only its writers see."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Iterator

from django.db.models import Exists, Q, QuerySet, Sum
from django.db.models.functions import Length

from storykeep.exports import FORMATS, filename
from storykeep.model import bundle
from storykeep.model import story as m
from storykeep.site.reading.views.downloads import stored_images
from storykeep.site.works import records
from storykeep.site.works.models import Chapter, Revision, Series, Visibility, Work
from storykeep.site.writing import queries
from storykeep.site.writing.models import CameFrom
from storykeep.site.writing.series import series_of

FORMAT, VERSION = "storykeep-desk", 1
TO_READ = ("epub", "html")
PART = 4_000_000  # characters of versions in one file, about
LOCAL = ("pen/", "written/")  # keys that mean something in this archive only

Kept = tuple[str, bytes, str]


def works_of(user) -> QuerySet[Work]:
    """Return the works that ``user`` takes along: all that they may change, and what is in their trash."""
    mine = Q(pk__in=queries.written_by(user).values("pk")) | Q(pk__in=queries.trashed_by(user).values("pk"))
    return Work.objects.filter(mine).order_by("pk")


def to_copy(user) -> QuerySet[Work]:
    """Return the works of which ``user`` may keep a copy: what is hidden, too, before it is removed or left."""
    hidden = Work.objects.filter(Exists(queries.own_credits(user)), visibility=Visibility.HIDDEN)
    return Work.objects.filter(Q(pk__in=works_of(user).values("pk")) | Q(pk__in=hidden.values("pk")))


def weight(user) -> int:
    """Return about how many bytes all of it has. 1 query."""
    texts = Revision.objects.filter(chapter__work__in=works_of(user).values("pk"))
    characters = texts.aggregate(total=Sum(Length("body")))["total"] or 0
    return characters + 60_000 * works_of(user).count()


def everything(user) -> Iterator[Kept]:
    """Yield the files of all works, one work at a time; then what is said about series and pen names."""
    for work in works_of(user).iterator(chunk_size=20):
        yield from of_work(work, user)
    yield "series.json", as_json([series_line(row) for row in series_of(user)]), "Your series, for a machine"
    yield "pen-names.json", as_json([name_line(row) for row in queries.pen_names_of(user)]), "Your pen names, the same"


def of_work(work: Work, user) -> Iterator[Kept]:
    """Yield the files of one work, in a folder of its own."""
    folder, title = f"{work.slug[:60]}-{work.ref}", str(work)
    story = whole(work, user)
    for code in TO_READ:
        form, out = FORMATS[code], io.BytesIO()
        form.write(story, out, images=stored_images())
        name = filename.ascii_name(story, form.suffix)
        yield f"{folder}/{name}", out.getvalue(), f"{title}: {form.label}"
    yield f"{folder}/story.json", bundle.dumps(story, indent=1).encode(), f"{title}: for another archive"
    yield f"{folder}/desk.json", as_json(desk(work, user)), f"{title}: what only you see"
    for number, part in enumerate(versions(work, user), start=1):
        yield f"{folder}/revisions-{number:03}.jsonl", part, f"{title}: its versions, part {number}"


# ── what is kept
def whole(work: Work, user) -> m.Story:
    """Return ``work`` with its newest texts and its draft chapters, under the key that it came with."""
    story = records.story_of(work)
    came = CameFrom.objects.filter(work=work).first()
    mine = set(work.credits.filter(person__account=user).values_list("key", flat=True))
    return dataclasses.replace(
        story,
        key=came.key if came else story.key,
        archive=came.archive if came else story.archive,
        credits=tuple(unkeyed(each, "person", mine) for each in story.credits),
        series=tuple(unkeyed(each, "key") for each in story.series),
        chapters=tuple(newest(row) for row in queries.chapters_of(work)),
    )


def unkeyed(value, field: str, keys=frozenset()):
    """Return a credit or a place without a key that means something in this archive only."""
    key = getattr(value, field)
    return dataclasses.replace(value, **{field: ""}) if key in keys or key.startswith(LOCAL) else value


def newest(row: Chapter) -> m.Chapter:
    """Return a chapter with its newest text; none of this is saved."""
    row.current = queries.head(row)
    return records.chapter_of(row, row.credits.all(), row.notes.all())


def desk(work: Work, user) -> dict[str, object]:
    """Return what only the writers of ``work`` know of it, as JSON values."""
    own = work.credits.filter(chapter=None, person__account=user)
    return {
        "format": FORMAT,
        "version": VERSION,
        "address": work.ref,
        "mine": list(own.values_list("name", flat=True)),
        "visibility": work.visibility,
        "publish_as": work.publish_as,
        "publish_at": moment(work.publish_at),
        "trashed_at": moment(work.trashed_at),
        "comments": work.comments,
        "comments_moderated": work.comments_moderated,
        "chapters": [of_chapter(row) for row in queries.chapters_of(work)],
        "trash": [{**of_chapter(row), "chapter": bundle.to_plain(newest(row))} for row in trashed(work)],
    }


def trashed(work: Work) -> list[Chapter]:
    return queries.trashed_chapters(work)


def of_chapter(row: Chapter) -> dict[str, object]:
    text = queries.head(row)
    return {
        "ref": row.ref,
        "draft": row.draft,
        "publish_at": moment(row.publish_at),
        "shown": row.current.number if row.current else None,
        "newest": text.number if text else None,
    }


def versions(work: Work, user) -> Iterator[bytes]:
    """Yield all versions of all chapters, oldest first, one a line, in files of a few megabytes."""
    lines: list[str] = []
    size = 0
    rows = Revision.objects.filter(chapter__work=work).select_related("chapter", "parent")
    for row in rows.order_by("chapter", "number").iterator(chunk_size=20):
        lines.append(json.dumps(version_line(row, user), ensure_ascii=False))
        size += len(lines[-1])
        if size > PART:
            yield "\n".join(lines).encode()
            lines, size = [], 0
    if lines:
        yield "\n".join(lines).encode()


def version_line(row: Revision, user) -> dict[str, object]:
    by = "me" if row.made_by_id == user.pk else "somebody else" if row.made_by_id else ""
    return {
        "chapter": row.chapter.ref,
        "number": row.number,
        "made": moment(row.made_at),
        "by": by,
        "how": row.how,
        "name": row.name,
        "shown": row.shown,
        "from": row.parent.number if row.parent else None,
        "body": row.body,
    }


def series_line(row: Series) -> dict[str, str]:
    return {"title": row.title, "summary": row.summary}


def name_line(person) -> dict[str, object]:
    return {"name": person.name, "about": person.bio, "sites": person.sites}


def moment(value) -> str | None:
    return value.isoformat() if value else None


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
