"""Members who follow an author's page or a series by a saved search: how many, and since when."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Min, Q

from storykeep.site.search.models import SavedSearch
from storykeep.site.statistics import few
from storykeep.site.statistics.spans import Span
from storykeep.site.works.models import Series, Work


@dataclass(frozen=True, slots=True)
class Followers:
    """The day (UTC) on which each of those who follow now began. It is shown like a measure."""

    days: tuple[dt.date, ...]
    key: str = "followers"
    words: str = "New followers"
    about: str = "Members who follow your page or a series of yours by a saved search, by the day on which they began."
    quiet: bool = field(default=True)

    def by_bar(self, span: Span) -> list[int]:
        found = [0] * len(span.bars)
        for day in self.days:
            at = span.at(day)
            if at is not None:
                found[at] += 1
        return found


def of(user, works: Iterable[Work], *, page: bool = True) -> Followers:
    """Return who follows a series with one of ``works``, or (``page``) a page of ``user``. 3 queries."""
    pages = [f"/authors/{slug}" for slug in user.people.values_list("slug", flat=True)] if page else []
    series = Series.objects.filter(places__work__in=[work.pk for work in works]).distinct()
    pages += [each.get_absolute_url() for each in series]
    following = Q()
    for each in pages:
        following |= Q(address=each) | Q(address__startswith=f"{each}?")
    if not following:
        return Followers(())
    began = SavedSearch.objects.filter(following).exclude(account=user).values("account").annotate(at=Min("made_at"))
    days = Counter(row["at"].astimezone(dt.UTC).date() for row in began)
    told = few.in_steps(Counter({(0, day): number for day, number in days.items()}), few.utc_today())
    return Followers(tuple(sorted(day for _, day in told.elements())))
