"""From draft to readers: what is still missing, now or at a date, and back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.submissions import deciding, gate
from storykeep.site.tags import rules
from storykeep.site.tags.models import TagKind
from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Chapter, Visibility, Work
from storykeep.site.works.records import tags_of
from storykeep.site.writing import chapters, revisions, ties
from storykeep.site.writing.queries import chapters_of, head
from storykeep.text.markup import plain

TITLE, SUMMARY, NOTES, CHAPTER = 255, 1_250, 5_000, 510_000  # characters at most, markup not counted
LABEL, NAME = 60, 255
PUBLISHED = (Visibility.PUBLIC, Visibility.MEMBERS)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands between a draft and its readers. ``field`` is where to put it right."""

    words: str
    field: str = ""
    chapter: Chapter | None = None


def missing(work: Work) -> list[Missing]:
    """Return what has to be there, or to be shorter, before readers may see ``work``. About 6 queries."""
    found = [*of_the_work(work), *of_the_tags(work)]
    rows = [row for row in chapters_of(work) if not row.draft]
    if not any(has_text(row) for row in rows):
        found.append(Missing("There is no text yet.", "body"))
    return found + [each for row in rows for each in of_a_chapter(row, alone=len(rows) == 1)]


def of_the_work(work: Work) -> list[Missing]:
    found = []
    if not (work.title or "").strip():
        found.append(Missing("It needs a title.", "title"))
    if not work.language.strip():
        found.append(Missing("Say in which language it is written.", "language"))
    found += [Missing(words, "sequel_of") for words in ties.circles(work)]
    found += too_long("The title", work.title or "", TITLE, "title")
    found += too_long("The summary", plain(work.summary), SUMMARY, "summary")
    for note in work.notes.filter(chapter=None):
        field = "end_notes" if note.kind == "after" else "notes"
        found += too_long("A note", plain(note.body), NOTES, field)
    return found


def of_the_tags(work: Work) -> list[Missing]:
    given: dict[str, list[str]] = {}
    for tag in tags_of(work):
        given.setdefault(tag.kind, []).append(tag.name)
    retired = set(TagKind.objects.filter(retired=True).values_list("key", flat=True)) if work.rescued else set()
    told = rules.problems({key: names for key, names in given.items() if key not in retired})
    return [Missing(words, f"tags_{key}") for key, sentences in told.items() for words in sentences]


def of_a_chapter(row: Chapter, *, alone: bool = False) -> list[Missing]:
    """Return what is wrong with one chapter. 1 query."""
    text = head(row)
    name = "The text" if alone else f"“{row}”"
    found = too_long(name, plain(text.body) if text else "", CHAPTER, "body")
    if text and text.conflicts:
        count = len(text.conflicts)
        places = "one place" if count == 1 else f"{count} places"
        found.append(Missing(f"Two people changed {name} at once: settle {places} first.", "conflicts"))
    if not alone and not has_text(row):
        found.append(Missing(f"{name} has no text yet. Make it a draft, or write it.", "body"))
    found += too_long("A chapter’s title", row.title, NAME, "chapter_title")
    for note in row.notes.all():
        found += too_long("A note", plain(note.body), NOTES, "chapter_notes")
    return [Missing(each.words, each.field, row) for each in found]


def has_text(row: Chapter) -> bool:
    text = head(row)
    return bool(text and (text.words or "<img" in text.body or plain(text.body).strip()))


def too_long(what: str, words: str, most: int, field: str) -> list[Missing]:
    if len(words) <= most:
        return []
    more = len(words) - most
    advice = " Split it in two." if most == CHAPTER else ""
    return [Missing(f"{what} has {len(words):,} characters; at most {most:,} fit. Take away {more:,}.{advice}", field)]


# ── acts
def publish(work: Work) -> list[Missing]:
    """Let readers see ``work``; return what is missing when it can't be yet, and change nothing then."""
    with transaction.atomic():
        work = Work.objects.select_for_update().get(pk=work.pk)
        told = missing(work) or at_the_gate(work)
        if told:
            return told
        rows = chapters_of(work)
        if not any(row.current and row.current.shown for row in rows):
            work.added_at = timezone.now()  # new is what readers see for the first time
        work.published = work.published or chapters.today()
        work.visibility, work.publish_at = work.publish_as, None
        work.save()
        for row in rows:
            if not row.draft:
                row.work = work
                revisions.show(row)
        chapters.number(work)
        finish(work)
    return []


def at_the_gate(work: Work) -> list[Missing]:
    """Return why the archive does not let ``work`` be published now: it is curated, or by invitation."""
    why = gate.closed(work)
    return [Missing(why)] if why else []


def publish_accepted(work: Work, asked: list[Chapter]) -> None:
    """Publish what an archivist accepted, unless its writers have set a date that is still to come.

    ``asked`` are chapters that were sent in by themselves.
    """
    for row in asked:
        told = of_a_chapter(row)
        if told:
            raise UsageError(f"“{row}” can’t be published yet. {told[0].words} Ask the writer for this change.")
        if not (row.publish_at and row.publish_at > timezone.now()):
            chapters.publish(row)
    if work.visibility != Visibility.DRAFT or (work.publish_at and work.publish_at > timezone.now()):
        return
    told = publish(work)
    if told:
        raise UsageError(f"It can’t be published yet. {told[0].words} Ask the writer for this change.")


def take_from_readers(work: Work) -> None:
    """Make a work a draft again whose acceptance was taken back; in the trash, too, out of which it may come."""
    if work.visibility in PUBLISHED:
        withdraw(work)
    elif work.visibility == Visibility.TRASH and work.before_trash != Visibility.DRAFT:
        work.before_trash = Visibility.DRAFT
        work.save(update_fields=["before_trash"])


def show_chapter(user, chapter: Chapter) -> str:
    """Let readers see the newest text of a chapter, or send it in where an archivist reads it first; say which.

    Raises UsageError that says what has to be put right first.
    """
    told = of_a_chapter(chapter)
    why = gate.closed_chapter(chapter) if chapter.work.visibility != Visibility.DRAFT else ""
    if told or why not in {"", gate.LATER}:
        raise UsageError(told[0].words if told else why)
    if why:
        deciding.send_in(user, chapter.work, chapters=[chapter])
        return f"“{chapter}” is sent in: an archivist reads it before readers do."
    chapters.publish(chapter)
    return f"“{chapter}” is published." if chapter.draft else "Your readers see the newest text."


def withdraw(work: Work) -> None:
    """Make a published work a draft again."""
    with transaction.atomic():
        work.publish_as, work.visibility = work.visibility, Visibility.DRAFT
        finish(work)


def publish_due() -> int:
    """Publish what its writers have set a date for; return how many works and chapters.

    What still lacks something waits, and the desk says so: it is published once nothing is missing.
    """
    now, done = timezone.now(), 0
    for work in list(Work.objects.filter(visibility=Visibility.DRAFT, publish_at__lte=now)):
        done += not publish(work)
    due = Chapter.written.filter(draft=True, trashed_at=None, publish_at__lte=now)
    for chapter in list(due.filter(work__visibility__in=PUBLISHED).select_related("work", "current", "working")):
        if not of_a_chapter(chapter) and not gate.closed_chapter(chapter):
            chapters.publish(chapter)
            done += 1
    return done
