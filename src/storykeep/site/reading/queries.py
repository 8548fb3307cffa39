"""What the indexes list: titles, authors, series, tags of a kind, for one reader, without what they avoid."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from storykeep.site.reading.remembered import remembered, works_of
from storykeep.site.search.avoiding import shown_to
from storykeep.site.search.contract import Question
from storykeep.site.search.naming import counted
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.tags.queries import offered
from storykeep.site.works.models import Person, Series, Work
from storykeep.site.works.queries import authors_of, counted_letters, listing

MANY = 3_000  # tags of a kind; more are read from the database, a page at a time


def titles(user, letter: str = "") -> QuerySet[Work]:
    """Return the works from A to Z, or those under one letter ("#" for what is no letter)."""
    works = listing(shown_to(user)).order_by("sort_title", "id")
    return works.filter(letter=letter) if letter else works


def title_letters(user) -> list[tuple[str, int]]:
    reader = reader_for(user)
    return remembered("titles", reader, works_of(reader), lambda: counted_letters(shown_to(user)))


def people(user, letter: str = "") -> QuerySet[Person]:
    """Return the authors of whom ``user`` may see anything, from A to Z, each with ``works_count``."""
    found = authors_of(shown_to(user)).order_by("folded", "id")
    return found.filter(letter=letter) if letter else found


def people_letters(user) -> list[tuple[str, int]]:
    reader, people = reader_for(user), Person.objects.filter(pk__in=authors_of(shown_to(user)).values("pk"))
    return remembered("people", reader, works_of(reader), lambda: counted_letters(people))


def all_series(user) -> QuerySet[Series]:
    """Return the series of which ``user`` finds a work, each with ``works_count``."""
    shown = Q(places__work__in=shown_to(user).values("pk"))
    count = Count("places__work", filter=shown, distinct=True)
    return Series.objects.annotate(works_count=count).filter(works_count__gt=0).order_by("sort_title", "id")


# ── tags of a kind
def tag_counts(user, kind: TagKind) -> Mapping[int, int]:
    """Return how many works each tag of ``kind`` finds, at most MANY + 1 of them; the engine counts."""
    return engine().facets(Question(reader=reader_for(user)), [kind.key], MANY + 1).tags


def tags_from(user, kind: TagKind, counts: Mapping[int, int], letter: str, part: slice):
    """Return (tag, count) of a part of the tags of ``kind`` in the order of the alphabet. 1 query."""
    rows = offered().filter(kind=kind).select_related("kind").order_by("folded", "id")
    if len(counts) <= MANY:
        rows = rows.filter(pk__in=counts)
    if letter:
        rows = under_letter(rows, letter)
    some = list(rows[part])
    known = counts if len(counts) <= MANY else counted(user, [tag.pk for tag in some])
    return [(tag, known[tag.pk]) for tag in some if known.get(tag.pk)]


def tag_letters(kind: TagKind, counts: Mapping[int, int]) -> list[tuple[str, int]]:
    """Return the letters under which tags of ``kind`` stand, "#" for all that is no letter, with numbers. 1 query."""
    rows = offered().filter(kind=kind, uses__gt=0) if len(counts) > MANY else Tag.objects.filter(pk__in=counts)
    found: dict[str, int] = {}
    for first, number in (
        rows.annotate(first=Substr("folded", 1, 1)).order_by().values_list("first").annotate(n=Count("pk"))
    ):
        letter = first.upper() if first.isalpha() else "#"
        found[letter] = found.get(letter, 0) + number
    return sorted(found.items())


def under_letter(rows: QuerySet[Tag], letter: str) -> QuerySet[Tag]:
    if letter != "#":
        return rows.filter(folded__startswith=letter.lower())
    return rows.annotate(first=Substr("folded", 1, 1)).exclude(first__in=letters_of(rows))


def letters_of(rows: QuerySet[Tag]) -> list[str]:
    firsts = rows.annotate(first=Substr("folded", 1, 1)).order_by().values_list("first", flat=True).distinct()
    return [first for first in firsts if first.isalpha()]
