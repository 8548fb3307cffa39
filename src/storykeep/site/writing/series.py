"""A series of one's own: what it is called, what it is about, in which order its works are read."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from storykeep.site.works import sorting
from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import EditedField, Series, SeriesPlace, Visibility
from storykeep.site.writing.queries import written_by


def series_of(user) -> QuerySet[Series]:
    """Return the series in which every work is one that ``user`` may change: those are theirs to arrange."""
    places = SeriesPlace.objects.filter(series=OuterRef("pk"))
    mine = written_by(user).values("pk")
    gone = (Visibility.TRASH, Visibility.REMOVED)
    others = places.exclude(work__in=mine).exclude(work__visibility__in=gone)
    return Series.objects.filter(Exists(places.filter(work__in=mine)), ~Exists(others)).order_by("sort_title", "pk")


def places_of(series: Series) -> list[SeriesPlace]:
    """Return the places in reading order; works without a number come last, as they came."""
    rows = series.places.select_related("work").exclude(work__visibility__in=(Visibility.TRASH, Visibility.REMOVED))
    return sorted(rows, key=lambda row: (row.position == 0, row.position, row.pk))


def call(series: Series, title: str, summary: str, by) -> None:
    """Change what a series is called, everywhere, and what is said about it (clean HTML)."""
    with transaction.atomic():
        series.title, series.summary = title, summary
        series.sort_title = sorting.sort_title(title)
        series.save()
        series.places.update(title=title)
        for field in ("title", "summary"):
            EditedField.objects.get_or_create(series=series, field=field, defaults={"by": by})
        for row in places_of(series):
            finish(row.work)


def move(series: Series, ref: str, step: int) -> None:
    """Move the work ``ref`` by ``step`` places; all works are numbered from 1 on then."""
    refs = [row.work.ref for row in places_of(series)]
    if ref in refs:
        at = refs.index(ref)
        refs.insert(max(0, min(len(refs) - 1, at + step)), refs.pop(at))
        arrange(series, refs)


def arrange(series: Series, refs: list[str]) -> None:
    """Put the works into the order of ``refs`` and number them from 1 on; what is not named comes after, as it was."""
    rank = {ref: at for at, ref in enumerate(refs)}
    with transaction.atomic():
        rows = sorted(places_of(series), key=lambda row: rank.get(row.work.ref, len(rank)))
        for position, row in enumerate(rows, start=1):
            if row.position != position:
                row.position = position
                row.save(update_fields=["position"])
                finish(row.work)
