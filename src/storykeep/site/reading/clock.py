"""The letters of long indexes are counted before a visitor asks, where an archive is so large that it takes long."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.models import AnonymousUser

from storykeep.site.base.clock import Clock
from storykeep.site.reading import queries
from storykeep.site.reading.alphabet import letters
from storykeep.site.reading.remembered import LARGE, WHILE, works_of
from storykeep.site.search.readers import reader_for

SOON = 5  # seconds after the archive was opened
INDEXES = {"titles": queries.titles, "authors": queries.people, "series": queries.all_series}


def count_ahead() -> None:
    """Count what visitors are shown; what was counted is counted anew in the background."""
    visitor = AnonymousUser()
    if works_of(reader_for(visitor)) < LARGE:
        return
    for name, rows in INDEXES.items():
        queries.now_and_then(visitor, name, partial(letters, rows(visitor)))


CLOCKS = (Clock("clock that counts the letters of indexes", count_ahead, every=WHILE, first=SOON),)
