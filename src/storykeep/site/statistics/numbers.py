"""The numbers of some works in a span of time: per bar, per work, in all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from storykeep.site.search.models import SavedSearch
from storykeep.site.statistics import spans
from storykeep.site.statistics.measures import MEASURES, Counted
from storykeep.site.statistics.spans import Span
from storykeep.site.works.models import Credit, Series, Work
from storykeep.site.works.queries import readable_by


def works_of(user) -> QuerySet[Work]:
    """Return the works under whose title a pen name of ``user`` stands, as far as they may still see them."""
    named = Credit.objects.filter(work=OuterRef("pk"), chapter=None, person__account=user)
    return readable_by(user).filter(Exists(named))


def followers(user) -> int:
    """Return how many members follow a page or a series of ``user`` by a saved search. 3 queries."""
    pages = [f"/authors/{slug}" for slug in user.people.values_list("slug", flat=True)]
    series = Series.objects.filter(places__work__in=works_of(user)).distinct()
    pages += [each.get_absolute_url() for each in series]
    following = Q()
    for page in pages:
        following |= Q(address=page) | Q(address__startswith=f"{page}?")
    return (
        SavedSearch.objects.filter(following).exclude(account=user).values("account").distinct().count() if pages else 0
    )


@dataclass(frozen=True, slots=True)
class Numbers:
    """``counted`` is {key of a measure: {(id of a work, day): number}}."""

    span: Span
    counted: dict[str, Counted]

    def total(self, key: str) -> int:
        return self.counted[key].total()

    def by_bar(self, key: str) -> list[int]:
        """Return the number of each bar of the span."""
        found = [0] * len(self.span.bars)
        for (_, day), number in self.counted[key].items():
            at = self.span.at(day)
            if at is not None:
                found[at] += number
        return found

    def by_work(self, key: str) -> Counter[int]:
        found: Counter[int] = Counter()
        for (work, _), number in self.counted[key].items():
            found[work] += number
        return found


def numbers(works: Iterable[int], span: Span) -> Numbers:
    """Count what happened to ``works`` (ids) in ``span``. 2 queries for each measure, however many works."""
    ids = list(works)
    return Numbers(span, {each.key: each.counted(ids, span.first, span.last) for each in MEASURES})


def span_of(key: str, works: Iterable[int]) -> Span:
    """Return the span called ``key``; the last thirty days where there is none of that name."""
    today = timezone.now().astimezone(dt.UTC).date()
    if key == "year":
        return spans.months(today)
    if key != "all":
        return spans.days(today)
    ids = list(works)
    first = [day for each in MEASURES if (day := each.since(ids))]
    return spans.years(today, min(first, default=today))
