"""The numbers of some works in a span of time: per bar, per work, in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from storykeep.site.statistics import few, spans
from storykeep.site.statistics.measures import MEASURES, Counted
from storykeep.site.statistics.spans import Span
from storykeep.site.works.models import Credit, Work
from storykeep.site.works.queries import readable_by


def works_of(user) -> QuerySet[Work]:
    """Return the works under whose title a pen name of ``user`` stands, as far as they may still see them."""
    named = Credit.objects.filter(work=OuterRef("pk"), chapter=None, person__account=user)
    return readable_by(user).filter(Exists(named))


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
    ids, today = list(works), few.utc_today()
    counted = {each.key: each.counted(ids, span.first, span.last) for each in MEASURES}
    quiet = {each.key: few.in_steps(counted[each.key], today) for each in MEASURES if each.quiet}
    return Numbers(span, counted | quiet)


def span_of(key: str, works: Iterable[int]) -> Span:
    """Return the span called ``key``; the last thirty days where there is none of that name."""
    today = few.utc_today()
    if key == "year":
        return spans.months(today)
    if key != "all":
        return spans.days(today)
    ids = list(works)
    first = [day for each in MEASURES if (day := each.since(ids))]
    return spans.years(today, min(first, default=today))
