"""What is said about a chapter, as fields: label, title, summary, notes, rating, date."""

from __future__ import annotations

from storykeep.model.story import NoteKind
from storykeep.site.works.models import Chapter, Note
from storykeep.site.writing import entry, revisions
from storykeep.site.writing.of_work import DATE
from storykeep.site.writing.sheets import Outcome, Part, Typed, reconcile, typed


class ChapterSheet:
    """The fields of ``chapter``, each named ``chapter_…`` in forms."""

    def __init__(self, chapter: Chapter, user) -> None:
        self.chapter, self.user = chapter, user

    def read(self) -> Typed:
        return {name: typed(part.read(self)) for name, part in PARTS.items()}

    def write(self, was: Typed, mine: Typed) -> Outcome:
        """Set what ``mine`` changed since ``was``; whoever calls this calls ``finish`` for the work."""
        setting, conflicts = reconcile(was, mine, self.read())
        for name, value in setting.items():
            PARTS[name].put(self, value)
            revisions.edited(self.chapter, PARTS[name].edits or name.removeprefix("chapter_"), self.user)
        if setting:
            self.chapter.save()
        return Outcome(tuple(setting), conflicts)


def line(name: str) -> Part:
    def put(sheet: ChapterSheet, value: str) -> None:
        setattr(sheet.chapter, name, " ".join(value.split()))

    return Part(lambda sheet: getattr(sheet.chapter, name), put)


def put_summary(sheet: ChapterSheet, value: str) -> None:
    sheet.chapter.summary = entry.body(value, "light")


def put_date(sheet: ChapterSheet, value: str) -> None:
    if not value or DATE.fullmatch(value):
        sheet.chapter.published = value


def notes_part(kind: NoteKind) -> Part:
    def put(sheet: ChapterSheet, value: str) -> None:
        chapter = sheet.chapter
        chapter.notes.filter(kind=kind.value).delete()
        if value:
            body = entry.body(value, "light")
            Note.objects.create(work=chapter.work, chapter=chapter, kind=kind.value, body=body)

    def read(sheet: ChapterSheet) -> str:
        return "\n\n".join(entry.source(row.body, "light") for row in sheet.chapter.notes.filter(kind=kind.value))

    return Part(read, put, edits="notes")


PARTS = {
    "chapter_title": line("title"),
    "chapter_label": line("label"),
    "chapter_rating": line("rating"),
    "chapter_published": Part(lambda sheet: sheet.chapter.published, put_date),
    "chapter_summary": Part(lambda sheet: entry.source(sheet.chapter.summary, "light"), put_summary),
    "chapter_notes": notes_part(NoteKind.BEFORE),
    "chapter_end_notes": notes_part(NoteKind.AFTER),
}
