"""Reads: who may see what, and all that a page needs in a constant number of queries.

:func:`readable_by` is the one visibility function. Page, feed, search, download and mail all start from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from storykeep.model.story import Role
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.tags.queries import found_at, ids_over, offered, under
from storykeep.site.works.models import (
    GONE,
    Capture,
    Chapter,
    Credit,
    Person,
    Series,
    SeriesPlace,
    Visibility,
    Work,
    WorkTag,
)


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


def work_page(user, ref: str) -> Work | None:
    """Return the work with everything that its own page shows, or None when there is none that ``user`` may see.

    Beyond :func:`listing`: ``chapter_list`` (no texts), ``work_notes``, ``shown_relations``. 7 queries.
    """
    notes = Prefetch("notes", to_attr="all_notes")
    relations = Prefetch("relations", to_attr="shown_relations")
    chapters = Prefetch("chapters", to_attr="chapter_list")
    found = listing(readable_by(user)).filter(ref=ref).prefetch_related(notes, relations, chapters).first()
    if found:
        found.work_notes = [note for note in found.all_notes if note.chapter_id is None]
        found.shown_relations = readable_targets(user, found.shown_relations)
    return found


def readable_targets(user, relations):
    """Return ``relations``, with ``to`` emptied where the other work is not for this user; 1 query when any has one."""
    wanted = {relation.to_id for relation in relations if relation.to_id}
    known = readable_by(user).in_bulk(wanted) if wanted else {}
    for relation in relations:
        relation.to = known.get(relation.to_id)
    return relations


def chapter_texts(work: Work) -> QuerySet[Chapter]:
    """Return the chapters of ``work`` in order, each with ``current`` (its text), notes and credits. 3 queries."""
    return work.chapters.select_related("current").prefetch_related("notes", "credits__person")


def chapter_text(work: Work, place: int) -> Chapter | None:
    """Return chapter number ``place`` with its text, or None."""
    return chapter_texts(work).filter(place=place).first()


def captures_of(work: Work) -> list[Capture]:
    """Return the saved copies that ``work`` was read from, then those of works that lead here. 2 queries."""
    return [*work.captures.all(), *Capture.objects.filter(work__leads_to=work)]


# ── lists
def titles(user, letter: str = "") -> QuerySet[Work]:
    """Return the works from A to Z, or those under one letter ("#" for what is no letter)."""
    works = listing(readable_by(user)).order_by("sort_title", "id")
    return works.filter(letter=letter) if letter else works


def title_letters(user) -> list[tuple[str, int]]:
    """Return the letters under which ``user`` finds titles, each with the number of works. 1 query."""
    return counted_letters(readable_by(user))


def newest(user) -> QuerySet[Work]:
    """Return the works, those that came to this archive last first."""
    return listing(readable_by(user)).order_by("-added_at", "-id")


def recently_updated(user) -> QuerySet[Work]:
    """Return the works that say when they were updated or published, the latest first."""
    when = Coalesce(nothing_is_null("updated"), nothing_is_null("published"))
    return listing(readable_by(user)).annotate(when=when).exclude(when=None).order_by("-when", "-id")


def people(user, letter: str = "") -> QuerySet[Person]:
    """Return the authors of whom ``user`` may see anything, from A to Z, each with ``works_count``. 1 query."""
    found = authors_of(readable_by(user)).order_by("folded", "id")
    return found.filter(letter=letter) if letter else found


def people_letters(user) -> list[tuple[str, int]]:
    return counted_letters(Person.objects.filter(pk__in=authors_of(readable_by(user)).values("pk")))


def person_page(user, slug: str) -> Person | None:
    """Return the person when ``user`` may see anything of theirs, with ``pen_names``; None otherwise. 2 queries."""
    allowed = Person.objects if is_archivist(user) else credited_in(readable_by(user))
    return allowed.filter(slug=slug, merged_into=None).prefetch_related("pen_names").first()


def person_now(user, slug: str) -> Person | None:
    """Return who the person with this address is now, after a merging; None when there is nobody for ``user``."""
    merged = Person.objects.filter(slug=slug).exclude(merged_into=None).first()
    return person_page(user, merged.lead.slug) if merged else None


def works_by(user, person: Person) -> QuerySet[Work]:
    """Return what ``person`` wrote, translated or drew, from A to Z."""
    credited = Credit.objects.filter(work=OuterRef("pk"), person=person)
    return listing(readable_by(user).filter(Exists(credited))).order_by("sort_title", "id")


def all_series(user) -> QuerySet[Series]:
    """Return the series of which ``user`` may see a work, each with ``works_count``. 1 query."""
    readable = Q(places__work__in=readable_by(user).values("pk"))
    count = Count("places__work", filter=readable, distinct=True)
    return Series.objects.annotate(works_count=count).filter(works_count__gt=0).order_by("sort_title", "id")


def series_page(user, ref: str) -> Series | None:
    found = Series.objects if is_archivist(user) else all_series(user)
    return found.filter(ref=ref).select_related("parent").first()


def works_in(user, series: Series) -> QuerySet[Work]:
    """Return the works of ``series`` in reading order; those of unknown place come last."""
    in_series = readable_by(user).filter(series_places__series=series)
    unplaced = Q(series_places__position=0)
    works = in_series.annotate(
        position=Max("series_places__position", filter=Q(series_places__series=series) & ~unplaced)
    )
    return listing(works).order_by(F("position").asc(nulls_last=True), "published", "sort_title", "id")


# ── tags
@dataclass(frozen=True, slots=True)
class CountedTag:
    """A canonical tag and how many works a reader finds under it, its synonyms and the tags below it."""

    tag: Tag
    count: int


@dataclass(frozen=True, slots=True)
class KindOfTags:
    kind: TagKind
    tags: tuple[CountedTag, ...]


def tag_kinds(user) -> list[KindOfTags]:
    """Return the kinds of tags that readers browse by, each with its counted tags by name. 4 queries."""
    counts = tag_counts(user)
    canonical = offered().filter(kind__filter=True).select_related("kind").order_by("folded", "id")
    found: dict[int, list[CountedTag]] = {}
    for tag in canonical:
        if counts.get(tag.pk):
            found.setdefault(tag.kind_id, []).append(CountedTag(tag, counts[tag.pk]))
    kinds = TagKind.objects.filter(filter=True, retired=False)
    return [KindOfTags(kind, tuple(found[kind.pk])) for kind in kinds if kind.pk in found]


def tag_counts(user) -> dict[int, int]:
    """Return for each canonical tag (id) how many readable works it finds. 2 queries, 3 where tags are nested."""
    used = WorkTag.objects.filter(work__in=readable_by(user).values("pk"))
    canonical = used.annotate(canonical=Coalesce("tag__synonym_of", "tag")).values("canonical")
    counts = {row["canonical"]: row["n"] for row in canonical.annotate(n=Count("work", distinct=True)).order_by()}
    nested = {tag for pair in parent_links() for tag in pair}
    if nested:
        pairs = used.annotate(canonical=Coalesce("tag__synonym_of", "tag")).filter(canonical__in=nested)
        counts |= counts_with_children(ids_over(nested), pairs.values_list("canonical", "work"))
    return counts


def counts_with_children(over: dict[int, tuple[int, ...]], pairs) -> dict[int, int]:
    """Return how many different works each nested tag finds, from what stands over each and (tag, work) pairs."""
    works: dict[int, set[int]] = {}
    for tag, work in pairs:
        for each in over.get(tag, ()):
            works.setdefault(each, set()).add(work)
    return {tag: len(found) for tag, found in works.items()}


def parent_links() -> list[tuple[int, int]]:
    """Return all (child, parent) pairs of tags. 1 query."""
    return list(Tag.parents.through.objects.values_list("from_tag_id", "to_tag_id"))


def tag_page(kind: str, slug: str) -> Tag | None:
    """Return the tag that this address leads to now (a synonym to its canonical tag), or None. 1 or 2 queries."""
    found = found_at(kind, slug)
    return found and found.canonical


def works_tagged(user, tag: Tag) -> QuerySet[Work]:
    """Return the works under ``tag``, its synonyms and everything below it, from A to Z."""
    links = WorkTag.objects.filter(tag__in=under(tag.pk), work=OuterRef("pk"))
    return listing(readable_by(user).filter(Exists(links))).order_by("sort_title", "id")


# ── parts
def authors_of(works: QuerySet[Work]) -> QuerySet[Person]:
    written = Q(credits__work__in=works.values("pk"), credits__role=Role.AUTHOR.value)
    count = Count("credits__work", filter=written, distinct=True)
    return Person.objects.annotate(works_count=count).filter(works_count__gt=0)


def credited_in(works: QuerySet[Work]) -> QuerySet[Person]:
    return Person.objects.filter(Exists(Credit.objects.filter(person=OuterRef("pk"), work__in=works.values("pk"))))


def counted_letters(rows) -> list[tuple[str, int]]:
    return list(rows.order_by("letter").values_list("letter").annotate(Count("pk")))


def nothing_is_null(field: str) -> NullIf:
    return NullIf(F(field), Value("", output_field=TextField()))
