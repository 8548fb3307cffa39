"""Reads: who may see what, and all that a page needs in a constant number of queries.

:func:`readable_by` is the one visibility function. Page, feed, search, download and mail all start from it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from storykeep.model.story import Role
from storykeep.site.tags.models import Tag
from storykeep.site.tags.queries import found_at
from storykeep.site.works.models import (
    GONE,
    Capture,
    Chapter,
    Credit,
    Person,
    Relation,
    Series,
    SeriesPlace,
    Visibility,
    Work,
    WorkTag,
)
from storykeep.site.works.tied import Taken


def readable_by(user) -> QuerySet[Work]:
    """Return the works that ``user`` (anonymous too) may see. Everything that shows a work asks here."""
    if is_archivist(user):
        return Work.objects.exclude(visibility__in=GONE)
    seen = Q(visibility=Visibility.PUBLIC)
    if user is not None and user.is_authenticated:
        own = Credit.objects.filter(work=OuterRef("pk"), person__account=user)
        seen |= Q(visibility=Visibility.MEMBERS) | (Q(visibility=Visibility.DRAFT) & Exists(own))
    return Work.objects.filter(seen)


def was_removed(ref: str) -> bool:
    """Say whether there was a work here that its author has removed. Its address tells that, and nothing else."""
    return Work.objects.filter(ref=ref, visibility=Visibility.REMOVED).exists()


def led_to(user, ref: str) -> Work | None:
    """Return the work that the address of another one leads to, when ``user`` may see it."""
    led = Work.objects.select_related("leads_to").filter(ref=ref, visibility=Visibility.LED).first()
    target = led and led.leads_to
    seen = {ref}
    while target and target.visibility == Visibility.LED and target.ref not in seen:
        seen.add(target.ref)
        target = target.leads_to
    return readable_by(user).filter(pk=target.pk).first() if target else None


def is_archivist(user) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_archivist)


def listing(works: QuerySet[Work]) -> QuerySet[Work]:
    """Return ``works`` with ``author_credits``, ``shown_tags`` and ``shown_series``, for lists. 4 queries."""
    return works.prefetch_related(
        Prefetch("credits", authors_only(), to_attr="author_credits"),
        Prefetch("work_tags", WorkTag.objects.select_related("tag__kind"), to_attr="shown_tags"),
        Prefetch("series_places", SeriesPlace.objects.select_related("series"), to_attr="shown_series"),
    )


def authors_only() -> QuerySet[Credit]:
    return Credit.objects.filter(chapter=None, role=Role.AUTHOR.value).select_related("person")


def any_for_members() -> bool:
    """Say whether members find something here that visitors don't."""
    return Work.objects.filter(visibility=Visibility.MEMBERS).exists()


def work_page(user, ref: str) -> Work | None:
    """Return the work with everything that its own page shows, or None when there is none that ``user`` may see.

    Beyond :func:`listing`: ``chapter_list`` (no texts), ``work_notes``, ``shown_relations``. 7 queries.
    """
    notes = Prefetch("notes", to_attr="all_notes")
    relations = Prefetch("relations", said(), to_attr="shown_relations")
    chapters = Prefetch("chapters", to_attr="chapter_list")
    found = listing(readable_by(user)).filter(ref=ref).prefetch_related(notes, relations, chapters).first()
    if found:
        found.work_notes = [note for note in found.all_notes if note.chapter_id is None]
        found.shown_relations = ties_shown_to(user, found, found.shown_relations)
    return found


def said() -> QuerySet[Relation]:
    """Return the ties that works tell of: without names that would rather not be there."""
    return Relation.objects.exclude(gift__answer__in=(Taken.REFUSED, Taken.CLOSED))


def ties_shown_to(user, work: Work, rows: Iterable[Relation]) -> list[Relation]:
    """Return those of ``rows`` that ``work`` shows to ``user``; 1 query when any leads to a work here.

    A tie to a work that is not for this user is not there; what an old archive printed stays, and leads nowhere.
    """
    rows = list(rows)
    wanted = {row.to_id for row in rows if row.to_id}
    known = readable_by(user).in_bulk(wanted) if wanted else {}
    kept = [row for row in rows if not row.to_id or row.to_id in known or work.rescued]
    for row in kept:
        row.to = known.get(row.to_id)
    return [row for row in kept if row.to or row.target]


def chapter_texts(work: Work) -> QuerySet[Chapter]:
    """Return the chapters of ``work`` in order, each with ``current`` (its text), notes and credits. 3 queries."""
    return work.chapters.select_related("current").prefetch_related("notes", "credits__person")


def chapter_text(work: Work, place: int) -> Chapter | None:
    """Return chapter number ``place`` with its text, or None."""
    return chapter_texts(work).filter(place=place).first()


def captures_of(work: Work) -> list[Capture]:
    """Return the saved copies that ``work`` was read from, then those of works that lead here. 2 queries."""
    return [*work.captures.all(), *Capture.objects.filter(work__leads_to=work)]


# ── people and series
def person_page(user, slug: str) -> Person | None:
    """Return the person when ``user`` may see anything of theirs, with ``pen_names``; None otherwise. 2 queries."""
    allowed = Person.objects if is_archivist(user) else credited_in(readable_by(user))
    return allowed.filter(slug=slug, merged_into=None).prefetch_related("pen_names").first()


def person_now(user, slug: str) -> Person | None:
    """Return who the person with this address is now, after a merging; None when there is nobody for ``user``."""
    merged = Person.objects.filter(slug=slug).exclude(merged_into=None).first()
    return person_page(user, merged.lead.slug) if merged else None


def series_page(user, ref: str) -> Series | None:
    found = Series.objects if is_archivist(user) else series_of(readable_by(user))
    return found.filter(ref=ref).select_related("parent").first()


def works_in(user, series: Series) -> QuerySet[Work]:
    """Return the works of ``series`` in reading order; those of unknown place come last."""
    in_series = readable_by(user).filter(series_places__series=series)
    unplaced = Q(series_places__position=0)
    works = in_series.annotate(
        position=Max("series_places__position", filter=Q(series_places__series=series) & ~unplaced)
    )
    return listing(works).order_by(F("position").asc(nulls_last=True), "published", "sort_title", "id")


def tag_page(kind: str, slug: str) -> Tag | None:
    """Return the tag that this address leads to now (a synonym to its canonical tag), or None. 1 or 2 queries."""
    found = found_at(kind, slug)
    return found and found.canonical


# ── what works have: each row is followed to its works, so that no database begins with a million of those
def authors_of(works: QuerySet[Work]) -> QuerySet[Person]:
    """Return who has written any of ``works``."""
    return Person.objects.filter(Exists(written(works).filter(person=OuterRef("pk"))))


def written(works: QuerySet[Work]) -> QuerySet[Credit]:
    """Return the authors' names under any of ``works``, and under their chapters."""
    return standing(Credit.objects.filter(role=Role.AUTHOR.value), works)


def credited_in(works: QuerySet[Work]) -> QuerySet[Person]:
    return Person.objects.filter(Exists(standing(Credit.objects.filter(person=OuterRef("pk")), works)))


def series_of(works: QuerySet[Work]) -> QuerySet[Series]:
    """Return the series in which any of ``works`` stands."""
    return Series.objects.filter(Exists(standing(SeriesPlace.objects.filter(series=OuterRef("pk")), works)))


def standing(rows: QuerySet, works: QuerySet[Work]) -> QuerySet:
    """Return those of ``rows`` (credits, places, tags of works) whose work is one of ``works``."""
    return rows.filter(Exists(works.filter(pk=OuterRef("work"))))
