"""What the indexes list: titles, authors, series, tags of a kind, for one reader, without what they avoid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from storykeep.site.reading.remembered import reader_alike, remembered, works_of
from storykeep.site.search.avoiding import shown_to
from storykeep.site.search.contract import Question
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.tags.queries import offered
from storykeep.site.works.models import Person, Series, SeriesPlace, Work
from storykeep.site.works.queries import authors_of, authors_only, series_of, standing, written

MANY = 3_000  # tags of a kind; more are read from the database, a page at a time


def titles(user) -> QuerySet[Work]:
    """Return the works with what a line of an index needs, and ``author_credits``. 2 queries."""
    names = Prefetch("credits", authors_only().select_related(None).only("name", "work"), to_attr="author_credits")
    return shown_to(user).only("ref", "title", "letter").prefetch_related(names)


def people(user) -> QuerySet[Person]:
    """Return the authors of whom ``user`` finds anything."""
    return authors_of(shown_to(user)).only("slug", "name", "letter")


def with_words_of_their_own(rows: QuerySet[Person]) -> QuerySet[Person]:
    """Return those of ``rows`` who gave an interview, or were merged with somebody who did."""
    told = Person.objects.exclude(interview=[]).order_by()
    who = ("pk", "merged_into", "merged_into__merged_into")  # few gave one: looked up from them, not for each row
    return rows.filter(pk__in={pk for found in told.values_list(*who) for pk in found if pk})


def interview_of(person: Person) -> list[dict[str, str]]:
    """Return the interview of ``person``, then of everybody who turned out to be them. 1 query, mostly."""
    found, people = list(person.interview), [person]
    while people := list(Person.objects.filter(merged_into__in=people).order_by("pk")):
        found += [pair for each in people for pair in each.interview if pair not in found]
    return found


def works_by(user, people: Iterable[int]) -> dict[int, int]:
    """Return how many works ``user`` finds by each of ``people``. 1 query."""
    names = written(shown_to(user)).filter(person__in=list(people))
    return dict(names.order_by().values_list("person").annotate(Count("work", distinct=True)))


def all_series(user) -> QuerySet[Series]:
    """Return the series of which ``user`` finds a work."""
    return series_of(shown_to(user)).only("ref", "title", "letter")


def works_in(user, series: Iterable[int]) -> dict[int, int]:
    """Return how many works ``user`` finds in each of ``series``. 1 query."""
    places = standing(SeriesPlace.objects.filter(series__in=list(series)), shown_to(user))
    return dict(places.order_by().values_list("series").annotate(Count("work", distinct=True)))


def now_and_then(user, name: str, count: Callable[[], Any]) -> Any:
    """Return what ``count`` gives for ``user``; a large archive counts it every few minutes only."""
    reader = reader_alike(user)
    return remembered(f"index of {name}", reader, works_of(reader), count)


# ── tags of a kind
def tag_counts(user, kind: TagKind) -> Mapping[int, int]:
    """Return how many works each tag of ``kind`` finds, at most MANY + 1 of them; the engine counts."""
    return engine().facets(Question(reader=reader_for(user)), [kind.key], MANY + 1).tags


def tags_of(kind: TagKind, counts: Mapping[int, int]) -> QuerySet[Tag]:
    """Return the tags of ``kind`` that find anything; where there are very many, those that might."""
    if len(counts) <= MANY:
        return Tag.objects.filter(pk__in=counts)
    tied = Exists(Tag.objects.filter(synonym_of=OuterRef("pk"))) | Exists(Tag.objects.filter(parents=OuterRef("pk")))
    return offered().filter(Q(uses__gt=0) | tied, kind=kind)
