"""A Story becomes rows, or the rows that it already has are brought up to date."""

from __future__ import annotations

import hashlib

from storykeep.model import bundle
from storykeep.model.story import Chapter as StoryChapter
from storykeep.model.story import Credit as StoryCredit
from storykeep.model.story import Note as StoryNote
from storykeep.model.story import Story
from storykeep.site.tags import counting
from storykeep.site.tags.naming import tags_named
from storykeep.site.works import changes, keeping_people, old_addresses, pictures, sorting
from storykeep.site.works.chapter_order import in_order, set_places
from storykeep.site.works.keeping_provenance import forget, keep_evidence, keep_findings
from storykeep.site.works.models import (
    Capture,
    Chapter,
    Credit,
    Note,
    Person,
    Relation,
    Review,
    Revision,
    SeriesPlace,
    Visibility,
    Work,
    WorkTag,
)
from storykeep.site.works.rendering import render
from storykeep.text import sanitise, words

PROVENANCE = ("steps", "gaps", "apparatus")
PLAIN = (
    "title", "kind", "archive", "language", "direction", "status", "written", "published", "updated", "stated_words",
    "reads", "chapters_planned",
)  # fmt: skip


def keep_story(story: Story, visibility: str = Visibility.PUBLIC) -> Work:
    """Write ``story``; a work that is new gets ``visibility``. Skips a record that was kept before, unchanged."""
    digest = hashlib.sha256(f"{sanitise.VERSION} {bundle.dumps(story)}".encode()).hexdigest()
    work = Work.objects.select_for_update().filter(key=story.key).first()
    if work and work.kept == digest:
        return work
    work = work or Work(key=story.key, rescued=True, visibility=visibility)
    edited = edited_fields(work)
    keep_fields(work, story, edited, digest)
    for part, keep_part in PARTS.items():
        if part not in edited:
            keep_part(work, story)
    keep_chapters(work, story, edited)
    keep_findings(work, story.findings)
    keep_evidence(work, story)
    old_addresses.keep_for_work(work)
    finish(work)
    return work


def edited_fields(work: Work) -> set[str]:
    """Return the fields of ``work`` that a person has set; every chapter's are named ``chapters.<key>.<field>``."""
    return set(work.edited_fields.values_list("field", flat=True)) if work.pk else set()


def keep_fields(work: Work, story: Story, edited: set[str], digest: str) -> None:
    for name in PLAIN:
        if name not in edited:
            setattr(work, name, getattr(story, name))
    if "summary" not in edited:
        work.summary = sanitise.clean(story.summary)
    work.addresses, work.images = list(story.addresses), bundle.to_plain(story.images)
    work.kept, work.sanitiser = digest, sanitise.VERSION
    title_was_set(work)
    work.save()


def title_was_set(work: Work) -> None:
    """Bring what sorts the lists in line with the title."""
    work.sort_title = sorting.sort_title(work.title or "")
    work.letter = sorting.letter(work.sort_title)


def finish(work: Work) -> None:
    """Count, and leave a line in the outbox: whoever changes a work calls this, in the same transaction."""
    counts = list(work.chapters.values_list("words", flat=True))
    work.words, work.chapter_count = sum(counts), len(counts)
    work.version += 1
    work.save()
    changes.record([work.pk])


# ── parts that are replaced whole
def keep_credits(work: Work, story: Story, chapter: Chapter | None = None, own: tuple[StoryCredit, ...] | None = None):
    given = story.credits if own is None else own
    forget(work.credits.filter(chapter=chapter))
    rows = [
        Credit(
            work=work, chapter=chapter, name=credit.name, key=credit.person, role=credit.role.value, place=place,
            **whose(keeping_people.person_for(credit, story.archive)),
        )
        for place, credit in enumerate(given)
    ]  # fmt: skip
    Credit.objects.bulk_create(rows)


def whose(stated: Person | None) -> dict[str, Person | None]:
    """Return whose a credit is: who the stated person was merged into, if an archivist has done that."""
    person = stated and stated.lead
    return {"person": person, "stated": stated if person != stated else None}


def keep_notes(work: Work, story: Story, chapter: Chapter | None = None, own: tuple[StoryNote, ...] | None = None):
    given = story.notes if own is None else own
    forget(work.notes.filter(chapter=chapter))
    rows = [
        Note(
            work=work,
            chapter=chapter,
            kind=note.kind.value,
            label=note.label,
            body=sanitise.clean(note.body),
            place=place,
        )
        for place, note in enumerate(given)
    ]
    Note.objects.bulk_create(rows)


def keep_tags(work: Work, story: Story) -> None:
    before = list(work.work_tags.values_list("tag", flat=True))
    forget(work.work_tags.all())
    rows = tags_named(story.tags)
    links = [
        WorkTag(work=work, tag=rows[tag.kind, tag.name], place=place, old_id=tag.old_id, parent=tag.parent)
        for place, tag in enumerate(story.tags)
    ]
    WorkTag.objects.bulk_create(links)
    counting.changed(before, [link.tag_id for link in links])


def keep_series(work: Work, story: Story) -> None:
    forget(work.series_places.all())
    rows = [
        SeriesPlace(
            work=work, series=keeping_people.series_for(place, story.archive), title=place.title,
            position=place.position, key=place.key, place=number,
        )
        for number, place in enumerate(story.series)
    ]  # fmt: skip
    SeriesPlace.objects.bulk_create(rows)


def keep_relations(work: Work, story: Story) -> None:
    gifts = dict(work.relations.exclude(gift=None).values_list("target", "gift"))  # what was said to them stays
    forget(work.relations.all())
    rows = [
        Relation(
            work=work, kind=each.kind.value, target=each.target, key=each.key, address=each.address, place=place,
            gift_id=gifts.get(each.target),
        )
        for place, each in enumerate(story.relations)
    ]  # fmt: skip
    Relation.objects.bulk_create(rows)


def tie_relations() -> int:
    """Find the works of this archive that relations and series name; return how many were tied."""
    tied = 0
    for relation in Relation.objects.filter(to=None).exclude(key="", address=""):
        found = old_addresses.work_at(relation.address) if relation.address else None
        relation.to = found or (Work.objects.filter(key=relation.key).first() if relation.key else None)
        if relation.to_id and relation.to_id != relation.work_id:
            relation.save(update_fields=["to"])
            tied += 1
    return tied


def keep_reviews(work: Work, story: Story) -> None:
    hidden = set(work.reviews.filter(shown=False).values_list("key", flat=True))
    forget(work.reviews.all())
    rows = [
        Review(
            work=work, key=each.key, name=each.name, person=each.person, date=each.date, rating=each.rating,
            body=sanitise.clean(each.body), chapter=each.chapter, reply_to=each.reply_to, by_author=each.by_author,
            shown=each.key not in hidden, place=place,
        )
        for place, each in enumerate(story.reviews)
    ]  # fmt: skip
    Review.objects.bulk_create(rows)


def keep_captures(work: Work, story: Story) -> None:
    forget(work.captures.all())
    fields = ("sha256", "path", "address", "captured_at", "media_type", "size", "declared_encoding", "encoding")
    rows = [
        Capture(work=work, place=place, **{name: getattr(each, name) for name in fields})
        for place, each in enumerate(story.captures)
    ]
    Capture.objects.bulk_create(rows)


PARTS = {
    "credits": keep_credits,
    "notes": keep_notes,
    "tags": keep_tags,
    "series": keep_series,
    "relations": keep_relations,
    "reviews": keep_reviews,
    "captures": keep_captures,
}


# ── chapters
def keep_chapters(work: Work, story: Story, edited: set[str]) -> None:
    """Match chapters by key, add new ones, and take away those that the story no longer has (never an edited one)."""
    if "chapters" in edited:
        return
    rows: dict[str, list[Chapter]] = {}
    before = list(work.chapters.select_related("current"))
    for row in before:
        rows.setdefault(row.key, []).append(row)
    for place, chapter in enumerate(story.chapters, start=1):
        known = rows.get(chapter.key)
        row = known.pop(0) if known else Chapter(work=work, key=chapter.key)
        row.place = place
        keep_chapter(row, story, chapter, edited)
    gone = [row for group in rows.values() for row in group]
    kept = [row for row in gone if any(field.startswith(f"chapters.{row.key}.") for field in edited)]
    for row in gone:
        if row not in kept:
            row.delete()
    if kept:
        keep_between(work, [chapter.key for chapter in story.chapters], before, kept)


def keep_between(work: Work, keys: list[str], before: list[Chapter], kept: list[Chapter]) -> None:
    """Let chapters that the story does not have stand where they stood, each behind the one that it followed."""
    added: list[tuple[str, str]] = []
    for row in kept:
        there = {*keys, *(key for key, _ in added)}
        earlier = [other.key for other in before[: before.index(row)] if other.key in there]
        added.append((row.key, earlier[-1] if earlier else ""))
    set_places(work, in_order(keys, added))


def keep_chapter(row: Chapter, story: Story, chapter: StoryChapter, edited: set[str]) -> None:
    def free(field: str) -> bool:
        return f"chapters.{chapter.key}.{field}" not in edited

    for name in ("title", "label", "rating", "published", "stated_words", "truncated"):
        if free(name):
            setattr(row, name, getattr(chapter, name))
    if free("summary"):
        row.summary = sanitise.clean(chapter.summary)
    row.captures, row.addresses = list(chapter.captures), list(chapter.addresses)
    row.images = bundle.to_plain(chapter.images)
    row.save()
    if free("notes"):
        keep_notes(row.work, story, row, chapter.notes)
    if free("credits"):
        keep_credits(row.work, story, row, chapter.credits)
    if free("body"):
        provenance = {name: bundle.to_plain(getattr(chapter, name)) for name in PROVENANCE}
        revise(row, chapter.body, reason="rescue", **provenance)


def revise(chapter: Chapter, body: str, *, reason: str = "", by=None, **provenance) -> Revision:
    """Give ``chapter`` the text ``body`` as a new revision, unless it is what it has already.

    ``provenance`` names the ``steps``, ``gaps`` and ``apparatus`` that belong to this text, as JSON values.
    """
    new = {"body": sanitise.clean(body), **{name: list(provenance.get(name, ())) for name in PROVENANCE}}
    current, html = chapter.current, render(new["body"], pictures.addresses(chapter))
    if current and all(getattr(current, name) == value for name, value in new.items()):
        return shown_again(current, html)
    newest = chapter.revisions.order_by("-number").values_list("number", flat=True)
    last = (newest.first() or 0) if current or chapter.working_id else 0
    chapter.words = words.count(new["body"])
    chapter.current = Revision.objects.create(
        chapter=chapter, number=last + 1, html=html, sanitiser=sanitise.VERSION, words=chapter.words,
        reason=reason, made_by=by, **new,
    )  # fmt: skip
    chapter.save()
    return chapter.current


def shown_again(revision: Revision, html: str) -> Revision:
    """Let a text that did not change be shown as it would be now: pictures may have come in since."""
    if (revision.html, revision.sanitiser) != (html, sanitise.VERSION):
        revision.html, revision.sanitiser = html, sanitise.VERSION
        revision.save(update_fields=["html", "sanitiser"])
    return revision
