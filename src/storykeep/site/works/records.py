"""Rows become records of the model again."""

from __future__ import annotations

from collections.abc import Iterable

from storykeep.model import bundle
from storykeep.model import provenance as p
from storykeep.model import story as m
from storykeep.site.base.models import Archive, SitePage
from storykeep.site.works.models import Chapter, Person, Series, Work
from storykeep.site.works.queries import said


def story_of(work: Work) -> m.Story:
    """Return ``work`` as a Story, with everything that it was kept from. About 12 queries."""
    names, notes = by_chapter(work.credits.all()), by_chapter(work.notes.all())
    return m.Story(
        key=work.key,
        title=work.title,
        kind=m.WorkKind(work.kind),
        archive=work.archive,
        credits=credits_of(names.get(None, ())),
        summary=work.summary,
        notes=notes_of(notes.get(None, ())),
        tags=tags_of(work),
        language=work.language,
        direction=work.direction,
        status=m.Status(work.status),
        written=work.written,
        published=work.published,
        updated=work.updated,
        stated_words=work.stated_words,
        reads=work.reads,
        chapters_planned=work.chapters_planned,
        series=series_places_of(work),
        relations=relations_of(work),
        chapters=tuple(
            chapter_of(row, names.get(row.pk, ()), notes.get(row.pk, ()))
            for row in work.chapters.select_related("current")
        ),
        reviews=reviews_of(work),
        images=plain_to(work.images, m.Image),
        addresses=tuple(work.addresses),
        captures=captures_of(work),
        evidence=evidence_of(work),
        findings=findings_of(work),
    )


def chapter_of(row: Chapter, names: Iterable, notes: Iterable) -> m.Chapter:
    text = row.current
    return m.Chapter(
        key=row.key,
        title=row.title,
        label=row.label,
        body=text.body if text else "",
        summary=row.summary,
        notes=notes_of(notes),
        credits=credits_of(names),
        rating=row.rating,
        published=row.published,
        stated_words=row.stated_words,
        truncated=row.truncated,
        steps=plain_to(text.steps if text else [], p.Step),
        gaps=plain_to(text.gaps if text else [], p.Gap),
        apparatus=plain_to(text.apparatus if text else [], p.Variant),
        images=plain_to(row.images, m.Image),
        captures=tuple(row.captures),
        addresses=tuple(row.addresses),
    )


def by_chapter(rows: Iterable) -> dict[int | None, list]:
    found: dict[int | None, list] = {}
    for row in rows:
        found.setdefault(row.chapter_id, []).append(row)
    return found


def plain_to(values: list, wanted: type) -> tuple:
    """Return JSON values as a tuple of records of the model."""
    return bundle.from_plain(tuple[wanted, ...], values, wanted.__name__.lower())


def credits_of(rows: Iterable) -> tuple[m.Credit, ...]:
    return tuple(m.Credit(name=row.name, role=m.Role(row.role), person=row.key) for row in rows)


def notes_of(rows: Iterable) -> tuple[m.Note, ...]:
    return tuple(m.Note(kind=m.NoteKind(row.kind), label=row.label, body=row.body) for row in rows)


def tags_of(work: Work) -> tuple[m.Tag, ...]:
    rows = work.work_tags.select_related("tag__kind")
    return tuple(m.Tag(kind=r.tag.kind.key, name=r.tag.name, old_id=r.old_id, parent=r.parent) for r in rows)


def series_places_of(work: Work) -> tuple[m.SeriesPlace, ...]:
    return tuple(m.SeriesPlace(title=r.title, position=r.position, key=r.key) for r in work.series_places.all())


def relations_of(work: Work) -> tuple[m.Relation, ...]:
    """Return the ties of a work, without names that would rather not be there."""
    return relations_from(said().filter(work=work))


def relations_from(rows: Iterable) -> tuple[m.Relation, ...]:
    return tuple(
        m.Relation(kind=m.RelationKind(row.kind), target=row.target, key=row.key, address=row.address) for row in rows
    )


def reviews_of(work: Work) -> tuple[m.Review, ...]:
    fields = ("key", "name", "person", "date", "rating", "body", "chapter", "reply_to", "by_author")
    return tuple(m.Review(**{name: getattr(row, name) for name in fields}) for row in work.reviews.all())


def captures_of(work: Work) -> tuple[p.Capture, ...]:
    fields = ("sha256", "path", "address", "captured_at", "media_type", "size", "declared_encoding", "encoding")
    return tuple(p.Capture(**{name: getattr(row, name) for name in fields}) for row in work.captures.all())


def evidence_of(owner: Work | Person) -> tuple[p.Evidence, ...]:
    fields = ("field", "rule", "confidence", "capture", "quote")
    return tuple(p.Evidence(**{name: getattr(row, name) for name in fields}) for row in owner.evidence.all())


def findings_of(work: Work) -> tuple[p.Finding, ...]:
    return tuple(
        p.Finding(
            code=row.code, where=row.where, evidence=row.evidence, suggestion=row.suggestion,
            severity=p.Severity(row.severity), capture=row.capture,
        )
        for row in work.findings.filter(current=True)
    )  # fmt: skip


def person_of(row: Person) -> m.Person:
    """Return a row as a Person of the model."""
    return m.Person(
        key=row.key,
        name=row.name,
        names=tuple(row.pen_names.values_list("name", flat=True)),
        sites=tuple(row.sites),
        bio=row.bio,
        interview=plain_to(row.interview, m.Answer),
        image=plain_to([row.image], m.Image)[0] if row.image else None,
        addresses=tuple(row.addresses),
        evidence=evidence_of(row),
    )


def series_of(row: Series) -> m.Series:
    """Return a row as a Series of the model."""
    return m.Series(
        key=row.key,
        title=row.title,
        summary=row.summary,
        credits=plain_to(row.credits, m.Credit),
        members=tuple(row.members),
        parent=row.stated_parent,
        open=row.open,
        addresses=tuple(row.addresses),
        reviews=plain_to(row.reviews, m.Review),
    )


def page_of(row: SitePage) -> m.Page:
    """Return a row as a Page of the model."""
    return m.Page(
        key=row.ref if row.key is None else row.key,
        kind=m.PageKind(row.kind),
        title=row.title,
        body=row.body,
        date=row.date,
        addresses=tuple(row.addresses),
    )


def archive_of(row: Archive) -> m.Archive:
    """Return the archive's row as an Archive of the model."""
    return m.Archive(
        name=row.name,
        slogan=row.slogan,
        description=row.description,
        addresses=tuple(row.addresses),
        language=row.language,
        software=row.software,
        founded=row.founded,
        closed=row.closed,
        tag_kinds=plain_to(row.tag_kinds, m.TagKind),
        questionnaire=tuple(row.questionnaire),
    )
