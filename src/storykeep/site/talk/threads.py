"""Where each conversation stands, and each answer in it: found from ids and dates, before any words are read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from storykeep.exports import dates
from storykeep.site.talk import queries
from storykeep.site.talk.models import Comment
from storykeep.site.talk.speakers import Speaker
from storykeep.site.works.models import Chapter, Review, Work

PER_PAGE = 20  # conversations
FEW = 25  # comments of each that stand on the page of a work
MANY = 100  # comments on a page of one conversation


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in its conversation: how deep, behind what, and whether something answers it."""

    pk: int
    depth: int = 0
    parent: int = 0
    answered: bool = False


def spots(root: int, under: dict[int, list[int]]) -> list[Spot]:
    """Return the conversation that begins with ``root``, everything behind what it answers; circles end."""
    found, waiting, seen = [], [(root, 0, 0)], {root}
    while waiting:
        pk, depth, parent = waiting.pop()
        below = [each for each in under.get(pk, ()) if each not in seen]
        seen.update(below)
        found.append(Spot(pk, depth, parent, bool(below)))
        waiting.extend((each, depth + 1, pk) for each in reversed(below))
    return found


# ── the conversations about a work
@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A conversation: of today (``comment`` is the id of its first one), or one that came with the work (``old``)."""

    when: str
    rank: int
    comment: int = 0
    old: tuple[Spot, ...] = field(default=(), compare=False)


def entries(speaker: Speaker, work: Work, chapter: Chapter | None = None) -> list[Entry]:
    """Return the conversations about ``work``, or its ``chapter``: the newest first, the undated last. 2 queries."""
    living = queries.visible(speaker.user, speaker.refs).filter(work=work, thread=None).order_by()
    old = rescued(work)
    if chapter:
        living, old = living.filter(chapter=chapter), old.filter(chapter=chapter.key)
    found = [Entry(at.astimezone(dt.UTC).isoformat(), pk, pk) for pk, at in living.values_list("pk", "at")]
    return sorted((*found, *old_entries(old)), reverse=True)


def rescued(work: Work):
    """Return what readers of the old site said, as far as it is shown."""
    return work.reviews.filter(shown=True)


def old_entries(reviews) -> list[Entry]:
    rows = list(reviews.values_list("pk", "key", "reply_to", "date", "place"))
    by_key = {key: pk for pk, key, *_ in rows if key}
    under: dict[int, list[int]] = defaultdict(list)
    first, later = [], []
    for row in rows:
        asked = by_key.get(row[2])
        (later if asked else first).append(row)
        if asked:
            under[asked].append(row[0])
    found, seen = [], set()
    for pk, _, _, date, place in (*first, *later):  # of those that answer one another in a circle, one comes first
        if pk not in seen:
            there = tuple(spots(pk, under))
            seen.update(spot.pk for spot in there)
            found.append(Entry(dates.known(date), -place, old=there))
    return found


# ── answers
@dataclass(slots=True)
class Answers:
    """Who answers whom in some conversations: {id of a comment: ids of its answers, the oldest first}."""

    under: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, speaker: Speaker, roots: Iterable[int]) -> Answers:
        """Find them. 1 query. What answers something unseen stands right under the first comment."""
        seen = queries.visible(speaker.user, speaker.refs).filter(thread__in=list(roots)).order_by("at", "pk")
        rows = list(seen.values_list("pk", "parent", "thread"))
        there, found = {pk for pk, *_ in rows}, cls()
        for pk, parent, thread in rows:
            found.under[parent if parent in there else thread].append(pk)
        return found

    def spots(self, root: int) -> list[Spot]:
        return spots(root, self.under)


def comments(speaker: Speaker, there: Iterable[Spot]) -> dict[int, Comment]:
    """Return the comments that stand ``there`` by their ids. 1 query."""
    rows = queries.visible(speaker.user, speaker.refs).filter(pk__in=[spot.pk for spot in there])
    return {row.pk: row for row in rows.select_related("account", "chapter")}


def reviews(there: Iterable[Spot]) -> dict[int, Review]:
    """Return what came with the work and stands ``there``, by its id. 1 query."""
    return Review.objects.in_bulk([spot.pk for spot in there])
