"""What stands before and after a work in each of its series, for one reader: in the order of the series' own page."""

from __future__ import annotations

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When

from storykeep.site.works.models import SeriesPlace, Work
from storykeep.site.works.queries import readable_by, standing

RANK = Case(When(position=0, then=Value(1)), default=Value(0))  # works of unknown place come last
ORDER = ("rank", "position", "work__published", "work__sort_title", "work")


def around(user, work: Work) -> list[tuple[SeriesPlace, Work | None, Work | None]]:
    """Return each place of ``work`` with the work before and the one after it that ``user`` may see. 2 queries."""
    others = standing(SeriesPlace.objects.filter(series=OuterRef("series")).exclude(work=work), readable_by(user))
    others = others.annotate(rank=RANK)
    places = list(
        work.series_places.select_related("series").annotate(
            rank=RANK, before=nearest(others, "lt"), after=nearest(others, "gt")
        )
    )
    wanted = {pk for place in places for pk in (place.before, place.after) if pk}
    known = readable_by(user).in_bulk(wanted) if wanted else {}
    return [(place, known.get(place.before), known.get(place.after)) for place in places]


def nearest(others: QuerySet[SeriesPlace], way: str) -> Subquery:
    """Return the work that stands next to the outer place, ``lt`` before it or ``gt`` after it."""
    order = [f"-{name}" if way == "lt" else name for name in ORDER]
    return Subquery(others.filter(beyond(way)).order_by(*order).values("work")[:1])


def beyond(way: str) -> Q:
    """Return the condition that a place comes before (or after) the outer one: by the first thing that differs."""
    found, same = Q(), Q()
    for name in ORDER:
        found |= same & Q(**{f"{name}__{way}": OuterRef(name)})
        same &= Q(**{name: OuterRef(name)})
    return found
