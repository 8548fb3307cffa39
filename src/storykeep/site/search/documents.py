"""Works as the search sees them, read from the database many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q, Sum

from storykeep.model.story import Role, Status
from storykeep.site.search.contract import Document, Name, Passage
from storykeep.site.search.labels import Labels
from storykeep.site.search.snippets import words_of
from storykeep.site.works.models import Chapter, Credit, Note, PenName, Review, SeriesPlace, Work, WorkTag
from storykeep.text.fold import fold

AT_ONCE = 500  # works that are in memory at once,
MOST_WORDS = 300_000  # and words of them
DENSE = 2  # ids from the first to the last, for each that is wanted
COMPLETE = {Status.COMPLETE.value: True, Status.IN_PROGRESS.value: False, Status.ABANDONED.value: False}
FOUND_BY = frozenset((Role.AUTHOR.value, Role.TRANSLATOR.value, Role.ARTIST.value))
FIELDS = (
    "title", "sort_title", "summary", "language", "kind", "status", "visibility", "published", "updated", "words",
    "chapter_count", "reads", "read_here", "kudos_count", "comments_count", "shelves_count", "version", "added_at",
)  # fmt: skip

Rows = dict[int, list[tuple]]


def documents(ids: Iterable[int], labels: Labels | None = None) -> Iterator[Document]:
    """Yield the works ``ids`` that exist, some hundred at a time. 10 queries for each of those; 3 more for new tags."""
    labels = labels or Labels()
    for some in parted(ids):
        parts = Parts.of(some)
        labels.learn(tag for rows in parts.tags.values() for (tag,) in rows)
        for work in Work.objects.filter(among("pk", some)).order_by("pk").values_list("pk", *FIELDS, named=True):
            if work.pk in parts.wanted:
                yield document(work, parts, labels)


def parted(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield ``ids`` in parts that fit into memory."""
    some, words, wanted = [], 0, set(ids)
    lengths = dict(Chapter.objects.filter(among("work", wanted)).values_list("work").annotate(Sum("words")).order_by())
    for each in Work.objects.filter(among("pk", wanted)).order_by("pk").values_list("pk", flat=True):
        if each not in wanted:
            continue
        length = lengths.get(each, 0)
        if some and (len(some) == AT_ONCE or words + length > MOST_WORDS):
            yield some
            some, words = [], 0
        some.append(each)
        words += length
    if some:
        yield some


def among(field: str, ids: Collection[int]) -> Q:
    """Return the condition that holds for all of ``ids``; where they stand close together, for some between them, too.

    From the first to the last is one comparison for the database, and two numbers to tell it.
    """
    first, last = min(ids, default=0), max(ids, default=-1)
    if last - first < DENSE * len(ids):
        return Q(**{f"{field}__gte": first, f"{field}__lte": last})
    return Q(**{f"{field}__in": list(ids)})


# ── rows
@dataclass(slots=True)
class Parts:
    """What belongs to some works: rows by the work's id."""

    wanted: frozenset[int]
    credits: Rows
    pen_names: Rows
    tags: Rows
    series: Rows
    notes: Rows
    reviews: Rows
    chapters: Rows = field(default_factory=dict)

    @classmethod
    def of(cls, ids: list[int]) -> Parts:
        """Read them. 7 queries. What is still being written is not among them."""
        published, these = Q(chapter=None) | Q(chapter__draft=False), among("work", ids)
        credits_ = rows(
            Credit.objects.filter(published, these).order_by("place", "pk"),
            "work", "name", "role", "person", "person__name", "person__account",
        )  # fmt: skip
        people = {person for found in credits_.values() for _, _, person, *_ in found if person}
        return cls(
            wanted=frozenset(ids),
            credits=credits_,
            pen_names=rows(PenName.objects.filter(person__in=people).order_by("place", "pk"), "person", "name"),
            tags=rows(WorkTag.objects.filter(these).order_by("place", "pk"), "work", "tag"),
            series=rows(
                SeriesPlace.objects.filter(these).order_by("place", "pk"),
                "work",
                "title",
                "series",
                "series__title",
            ),
            notes=rows(Note.objects.filter(published, these).order_by("place", "pk"), "work", "body"),
            reviews=rows(Review.objects.filter(these, shown=True).order_by(), "work", "pk"),
            chapters=rows(
                Chapter.objects.filter(these).order_by("place", "pk"),
                "work",
                "place",
                "label",
                "title",
                "current__body",
            ),
        )


def rows(found, *fields: str) -> Rows:
    """Return the rows of ``found`` by their first field, without it."""
    by: Rows = defaultdict(list)
    for key, *values in found.values_list(*fields):
        by[key].append(tuple(values))
    return by


# ── documents
def document(work: NamedTuple, parts: Parts, labels: Labels) -> Document:
    credited, places = parts.credits.get(work.pk, ()), parts.series.get(work.pk, ())
    marked = labels.of_work([tag for (tag,) in parts.tags.get(work.pk, ())])
    return Document(
        id=work.pk,
        version=work.version,
        visibility=work.visibility,
        owners=unique(account for *_, account in credited if account),
        title=work.title or "",
        sort_title=work.sort_title,
        authors=unique(author_names(credited, parts.pen_names)),
        sort_author=next((fold(name) for name, role, *_ in credited if role == Role.AUTHOR.value), ""),
        people=unique(person for _, _, person, *_ in credited if person),
        summary=words_of(work.summary),
        series=unique(name for title, _, stated in places for name in (title, stated) if name),
        series_ids=unique(series for _, series, _ in places),
        notes="\n".join(words_of(body) for (body,) in parts.notes.get(work.pk, ())),
        tags=marked.names,
        tag_ids=marked.ids,
        facets=marked.facets,
        fandoms=marked.fandoms,
        language=work.language,
        kind=work.kind,
        complete=COMPLETE.get(work.status),
        words=work.words,
        chapters=work.chapter_count,
        reads=work.reads + work.read_here,
        kudos=work.kudos_count,
        comments=work.comments_count + len(parts.reviews.get(work.pk, ())),
        shelves=work.shelves_count,
        added=int(work.added_at.timestamp() * 1_000_000),
        published=work.published,
        updated=work.updated,
        passages=tuple(passages(parts.chapters.get(work.pk, ()))),
        names=(*marked.offered, *names_of(credited, places, parts.pen_names)),
    )


def passages(chapters: Iterable[tuple]) -> Iterator[Passage]:
    for place, label, title, body in chapters:
        yield Passage(place=place, title=f"{label} {title}".strip(), text=words_of(body or ""))


def author_names(credited: Iterable[tuple], pen_names: Rows) -> Iterator[str]:
    """Yield each name that a work may be looked for by: as printed, and the person's other names."""
    for name, role, person, known, _ in credited:
        if role in FOUND_BY:
            yield name
            if person:
                yield known
                yield from (other for (other,) in pen_names.get(person, ()))


def names_of(credited: Iterable[tuple], places: Iterable[tuple], pen_names: Rows) -> Iterator[Name]:
    """Yield the people and the series that are offered while a reader types."""
    for name, role, person, known, _ in credited:
        if person and role in FOUND_BY:
            yield Name("author", person, known, "", unique((name, *(other for (other,) in pen_names.get(person, ())))))
    for title, series, stated in places:
        yield Name("series", series, stated, "", unique((title,)) if title else ())


def unique(values: Iterable) -> tuple:
    return tuple(dict.fromkeys(values))
