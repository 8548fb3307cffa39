"""What is said about a work, as fields: title, summary, tags, series, ties, who may read and comment."""

from __future__ import annotations

import re

from storykeep.model import story as m
from storykeep.site.base.refs import new_ref
from storykeep.site.tags.models import TagKind
from storykeep.site.works import sorting
from storykeep.site.works.keeping_stories import finish, keep_tags, title_was_set
from storykeep.site.works.models import (
    Commenting,
    EditedField,
    Note,
    Person,
    Series,
    SeriesPlace,
    Visibility,
    Work,
)
from storykeep.site.works.records import tags_of
from storykeep.site.writing import entry, names, ties
from storykeep.site.writing.queries import pen_names_of, written_by
from storykeep.site.writing.sheets import Outcome, Part, Typed, reconcile, typed

TAGS = "tags_"
YES = "yes"
DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
NUMBERED = re.compile(r"(.*?)\s*#\s*(\d{1,6})\s*")


class WorkSheet:
    """The fields of ``work`` for one of its writers."""

    def __init__(self, work: Work, user) -> None:
        self.work, self.user = work, user
        self.kinds = list(TagKind.objects.filter(retired=False))
        self.tags = list(tags_of(work)) if work.pk else []
        self.parts = {**PARTS, **{f"{TAGS}{kind.key}": self.tag_part(kind.key) for kind in self.kinds}}

    def read(self) -> Typed:
        """Return every field as it would be typed."""
        return {name: typed(part.read(self)) for name, part in self.parts.items()}

    def write(self, was: Typed, mine: Typed) -> Outcome:
        """Set what ``mine`` changed since ``was``. Call it in a transaction that holds the work."""
        setting, conflicts = reconcile(was, mine, self.read())
        for name, value in setting.items():
            self.parts[name].put(self, value)
        if setting:
            self.edited(setting)
            finish(self.work)
        return Outcome(tuple(setting), conflicts)

    def edited(self, setting: Typed) -> None:
        """Remember what a person has set of a rescued work, so that no later rescue writes over it."""
        if self.work.rescued:
            fields = {"tags" if name.startswith(TAGS) else self.parts[name].edits or name for name in setting}
            for name in fields:
                EditedField.objects.get_or_create(work=self.work, field=name, defaults={"by": self.user})

    def tag_part(self, key: str) -> Part:
        def read(_) -> str:
            return "\n".join(tag.name for tag in self.tags if tag.kind == key)

        def put(_, value: str) -> None:
            known = {tag.name: tag for tag in self.tags if tag.kind == key}
            given = dict.fromkeys(" ".join(line.split()) for line in value.split("\n") if line.strip())
            self.tags = [tag for tag in self.tags if tag.kind != key]
            self.tags += [known.get(name) or m.Tag(kind=key, name=name) for name in given]
            keep_tags(self.work, m.Story(key=self.work.key, tags=tuple(self.tags)))

        return Part(read, put)


# ── plain fields
def plain(name: str, allowed: frozenset[str] | None = None) -> Part:
    def put(sheet: WorkSheet, value: str) -> None:
        if allowed is None or value in allowed:
            setattr(sheet.work, name, value)

    return Part(lambda sheet: getattr(sheet.work, name), put)


def put_title(sheet: WorkSheet, value: str) -> None:
    sheet.work.title = " ".join(value.split())
    title_was_set(sheet.work)


def put_summary(sheet: WorkSheet, value: str) -> None:
    sheet.work.summary = entry.body(value, "light")


def put_planned(sheet: WorkSheet, value: str) -> None:
    digits = value.strip().rpartition("/")[2]
    sheet.work.chapters_planned = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0  # noqa: PLR2004 — digits of a number of chapters


def put_date(sheet: WorkSheet, value: str) -> None:
    if not value or DATE.fullmatch(value):
        sheet.work.published = value


def put_moderated(sheet: WorkSheet, value: str) -> None:
    sheet.work.comments_moderated = value == YES


def read_as(sheet: WorkSheet) -> str:
    work = sheet.work
    return work.publish_as if work.visibility == Visibility.DRAFT else work.visibility


def put_as(sheet: WorkSheet, value: str) -> None:
    """Set who may read the work: at once when it is published, else from when it is."""
    if value not in {Visibility.PUBLIC, Visibility.MEMBERS}:
        return
    sheet.work.publish_as = value
    if sheet.work.visibility in {Visibility.PUBLIC, Visibility.MEMBERS}:
        sheet.work.visibility = value


# ── notes
def notes_part(kind: m.NoteKind) -> Part:
    def rows(sheet: WorkSheet):
        return sheet.work.notes.filter(chapter=None, kind=kind.value)

    def put(sheet: WorkSheet, value: str) -> None:
        rows(sheet).delete()
        if value:
            place = 0 if kind is m.NoteKind.BEFORE else 100
            Note.objects.create(work=sheet.work, kind=kind.value, body=entry.body(value, "light"), place=place)

    def read(sheet: WorkSheet) -> str:
        return "\n\n".join(entry.source(row.body, "light") for row in rows(sheet))

    return Part(read, put, edits="notes")


# ── who
def read_pen_names(sheet: WorkSheet) -> str:
    own = sheet.work.credits.filter(chapter=None, role=m.Role.AUTHOR.value, person__account=sheet.user)
    return "\n".join(own.values_list("person__slug", flat=True))


def put_pen_names(sheet: WorkSheet, value: str) -> None:
    """Sign the work by these pen names of this writer; by their usual one when none is chosen."""
    work, own = sheet.work, pen_names_of(sheet.user)
    wanted = list(own.filter(slug__in=value.split())) or [names.usual(sheet.user)]
    rows = work.credits.filter(chapter=None, role=m.Role.AUTHOR.value)
    there = {row.person_id: row for row in rows if row.person_id}
    for person in wanted:
        if person.pk not in there:
            sign(work, person, place=len(there) + 1)
    kept = {person.pk for person in wanted}
    rows.filter(person__account=sheet.user).exclude(person__in=kept).delete()


def sign(work: Work, person: Person, *, role: str = m.Role.AUTHOR.value, place: int = 0, name: str = "") -> None:
    work.credits.create(person=person, name=name or person.name, key=person.key, role=role, place=place)


# ── series
def read_series(sheet: WorkSheet) -> str:
    rows = sheet.work.series_places.select_related("series")
    return "\n".join(f"{row.series.title} #{row.position}" if row.position else row.series.title for row in rows)


def put_series(sheet: WorkSheet, value: str) -> None:
    """Set the places in series. A series is one of this writer's own, or a new one: never somebody else's."""
    there = {row.series.title: row.series for row in sheet.work.series_places.select_related("series")}
    sheet.work.series_places.all().delete()
    for place, line in enumerate(filter(None, (" ".join(line.split()) for line in value.split("\n")))):
        found = NUMBERED.fullmatch(line)
        title, position = (found[1], int(found[2])) if found and found[1] else (line, 0)
        series = there.get(title) or own_series(sheet.user).filter(title=title).first() or new_series(title)
        SeriesPlace.objects.create(
            work=sheet.work, series=series, title=title, position=position, key=series.key, place=place
        )


def own_series(user):
    return Series.objects.filter(places__work__in=written_by(user).values("pk")).distinct()


def new_series(title: str) -> Series:
    return Series.objects.create(
        key=f"written/{new_ref()}", title=title, sort_title=sorting.sort_title(title), open=True
    )


PARTS = {
    "title": Part(lambda sheet: sheet.work.title, put_title),
    "kind": plain("kind", frozenset(kind.value for kind in m.WorkKind)),
    "pen_names": Part(read_pen_names, put_pen_names, edits="credits"),
    "summary": Part(lambda sheet: entry.source(sheet.work.summary, "light"), put_summary),
    "notes": notes_part(m.NoteKind.BEFORE),
    "end_notes": notes_part(m.NoteKind.AFTER),
    "language": plain("language"),
    "status": plain("status", frozenset(status.value for status in m.Status)),
    "chapters_planned": Part(lambda sheet: sheet.work.chapters_planned or "", put_planned),
    "series": Part(read_series, put_series),
    "sequel_of": ties.part(m.RelationKind.SEQUEL_OF),
    "inspired_by": ties.part(m.RelationKind.INSPIRED_BY),
    "translation_of": ties.part(m.RelationKind.TRANSLATION_OF),
    "gift_to": ties.part(m.RelationKind.GIFT_TO),
    "published": Part(lambda sheet: sheet.work.published, put_date),
    "publish_as": Part(read_as, put_as, edits="visibility"),
    "comments": plain("comments", frozenset(Commenting.values)),
    "comments_moderated": Part(lambda sheet: YES if sheet.work.comments_moderated else "", put_moderated),
}
