"""The only crossing between records of the model and rows of the site.

``keep(record)`` writes what a rescue or a bundle brings; ``story_of(work)`` and its like give the records back.
For everything that a rescue brings, ``story_of(keep(story)) == story``. A field that a person has edited stays as
the person left it.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable

from django.db import transaction

from storykeep.model import bundle
from storykeep.model.story import Archive, Page, Person, Series, Story
from storykeep.site.works import keeping_people, keeping_places, keeping_stories, records
from storykeep.site.works.models import Visibility

story_of = records.story_of
person_of = records.person_of
series_of = records.series_of
page_of = records.page_of
archive_of = records.archive_of

Record = Story | Person | Series | Page | Archive


def keep(record: Record, visibility: str = Visibility.PUBLIC) -> object:
    """Write ``record`` and return its row. Idempotent: the same record again changes nothing.

    A work that is new gets ``visibility``; one that is there keeps what it has.
    """
    more = {"visibility": visibility} if isinstance(record, Story) else {}
    with transaction.atomic():
        return KEEPERS[type(record)](storable(record), **more)


def keep_all(
    records: Iterable[object],
    tick: Callable[[object], None] = lambda _: None,
    *,
    visibility: str = Visibility.PUBLIC,
    wanted: Callable[[object], bool] = lambda _: True,
) -> dict[str, int]:
    """Write all ``records``, each in its own transaction, and return how many there were of each type.

    What is no Record (findings about the rescue, contacts, which belong to the claim store) is passed over, and so is
    what is not ``wanted``. ``tick`` is called with each record when it is done.
    """
    counts: Counter[str] = Counter()
    for record in records:
        if type(record) in KEEPERS and wanted(record):
            keep(record, visibility)
            counts[type(record).__name__.lower()] += 1
        tick(record)
    keeping_stories.tie_relations()
    return dict(counts)


def storable(record: Record) -> Record:
    """Return ``record`` without what no database stores: NUL, halves of surrogate pairs, numbers beyond 64 bits."""
    plain = bundle.dumps(record)
    odd = "\\u0000" in plain or UNSTORABLE.search(plain)
    return _without(record) if odd else record


def _without(value):
    if isinstance(value, tuple):
        return tuple(_without(item) for item in value)
    if dataclasses.is_dataclass(value):
        changed = {f.name: _without(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **changed)
    if type(value) is str:
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if type(value) is int:
        return max(-MOST, min(value, MOST))
    return value


MOST = 2**63 - 1
UNSTORABLE = re.compile("[\ud800-\udfff]|[0-9]{19}")
KEEPERS: dict[type, Callable] = {
    Story: keeping_stories.keep_story,
    Person: keeping_people.keep_person,
    Series: keeping_people.keep_series,
    Page: keeping_places.keep_page,
    Archive: keeping_places.keep_archive,
}
