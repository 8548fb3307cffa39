"""What the templates of the writers' desk may use."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from django.forms import BoundField

from storykeep.site.works.models import Chapter, Work
from storykeep.site.writing import entry
from storykeep.site.writing.forms import ChapterForm, WorkForm
from storykeep.site.writing.of_chapter import ChapterSheet
from storykeep.site.writing.of_work import TAGS, WorkSheet
from storykeep.site.writing.publishing import PUBLISHED, Missing
from storykeep.site.writing.queries import head
from storykeep.site.writing.sheets import Typed
from storykeep.text.words import minutes

LONG = ("notes", "end_notes", "series", "sequel_of", "inspired_by", "translation_of", "gift_to")


@dataclass(frozen=True, slots=True)
class Row:
    """One field. ``told`` are sentences about it; ``now`` is what somebody else wrote into it meanwhile."""

    field: BoundField
    told: tuple[str, ...] = ()
    now: str | None = None
    plain: bool = True  # a label and one control; else a group of boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The text that is being written: ``body`` is clean HTML, ``source`` the same as it is typed."""

    body: str
    source: str
    entry: str
    base: str
    words: int
    minutes: int
    conflicts: int
    unpublished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together, under a heading; ``folded`` until they are wanted."""

    name: str
    rows: tuple[Row, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingPage:
    """The page on which a work or one of its chapters is written."""

    work: Work | None
    chapter: Chapter | None
    title: Row | None
    groups: tuple[Group, ...]
    text: Text | None
    was: str
    request: str
    published: bool = False
    chapters: tuple[Chapter, ...] = ()
    trashed: tuple[Chapter, ...] = ()
    missing: tuple[Missing, ...] = ()
    unsaved: bool = False
    languages: tuple[str, ...] = ()
    own_series: tuple[str, ...] = ()
    collides: bool = False


@dataclass(slots=True)
class Rows:
    """Makes the rows of a form: what is typed, what is told about it, what stands there now."""

    form: WorkForm | ChapterForm
    missing: tuple[Missing, ...] = ()
    conflicts: Typed = field(default_factory=dict)

    def __call__(self, *names: str) -> tuple[Row, ...]:
        return tuple(self.row(name) for name in names if name in self.form.fields)

    def row(self, name: str) -> Row:
        told = tuple(each.words for each in self.missing if each.field == name)
        described = [f"help-{name}"] if self.form.fields[name].help_text else []
        described += [f"told-{name}"] if told or name in self.conflicts else []
        if described:
            self.form.fields[name].widget.attrs["aria-describedby"] = " ".join(described)
        return Row(
            self.form[name], told, self.conflicts.get(name), plain=name not in {"pen_names", "comments_moderated"}
        )

    def any_told(self, rows: tuple[Row, ...]) -> bool:
        return any(row.told or row.now is not None for row in rows)


def work_groups(rows: Rows) -> tuple[Group, ...]:
    tags = rows(*(f"{TAGS}{kind.key}" for kind in rows.form.kinds))
    about = rows("summary")
    notes = rows("notes", "end_notes")
    ties = rows("series", "sequel_of", "inspired_by", "translation_of", "gift_to")
    facts = rows("kind", "language", "status", "chapters_planned", "published")
    readers = rows("publish_as", "comments", "comments_moderated")
    return (
        Group(name="What it is about", rows=(*about, *tags)),
        Group(name="Who wrote it", rows=rows("pen_names")),
        Group(name="Notes", rows=notes, folded=not any(filled(notes)) and not rows.any_told(notes)),
        Group(name="Series and other works", rows=ties, folded=not any(filled(ties)) and not rows.any_told(ties)),
        Group(name="Kind, language, dates", rows=facts, folded=not rows.any_told(facts)),
        Group(name="Readers and comments", rows=readers),
    )


def chapter_groups(rows: Rows, *, folded: bool) -> tuple[Group, ...]:
    names = ("label", "rating", "published", "summary", "notes", "end_notes")
    more = rows(*(f"chapter_{name}" for name in names))
    return (Group(name="About this chapter", rows=more, folded=folded and not any(filled(more))),)


def filled(rows: tuple[Row, ...]) -> list[bool]:
    return [bool(row.field.initial) for row in rows]


def text_of(chapter: Chapter | None, way: str) -> Text:
    """Return the newest text of ``chapter`` for its writers; an empty one when there is none yet."""
    now = head(chapter) if chapter else None
    body = now.body if now else ""
    return Text(
        body=body,
        source=entry.source(body, way),
        entry=way,
        base=str(now.pk) if now else "",
        words=now.words if now else 0,
        minutes=minutes(now.words) if now else 0,
        conflicts=len(now.conflicts or ()) if now else 0,
        unpublished=bool(chapter and chapter.working_id and chapter.current_id and not chapter.draft),
    )


def shown_as(work: WorkSheet | None, chapter: ChapterSheet | None) -> Typed:
    """Return what the form shows, so that a later save knows what was changed."""
    return {**(work.read() if work else {}), **(chapter.read() if chapter else {})}


def as_json(was: Typed) -> str:
    return json.dumps(was, ensure_ascii=False, separators=(",", ":"))


def is_published(work: Work) -> bool:
    return work.visibility in PUBLISHED
