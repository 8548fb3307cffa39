"""The index follows the database: changes are drained from the outbox after they were committed.

A line leaves the outbox only when the index has it for good, so that a crash at any moment loses nothing; what is
done twice does no harm.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from storykeep.site.search import filling
from storykeep.site.search.contract import Checked, Document, Engine, Question, Reader, Rebuilding
from storykeep.site.search.documents import documents
from storykeep.site.search.embedded import Embedded
from storykeep.site.search.stems import Stems
from storykeep.site.works import retagged
from storykeep.site.works.models import GONE, Change, Work

AT_ONCE = 200  # works between two commits of the index
FILLED_AT_ONCE = 20_000  # the same while it is filled
MANY = 20_000  # works: so many, and the index is made anew by several processes
PROCESSORS = min(8, len(os.sched_getaffinity(0)))
SOON = 5_000  # works that are indexed while the archive opens; more are left to the follower

Tick = Callable[[int], None]
busy = threading.RLock()
"""Held by the one thread of this process that indexes."""
follower = threading.Thread(name="nobody follows")
"""What lets the index follow the database in this process (:mod:`.following`), and keeps it open for writing."""


def silent(_: int) -> None: ...


def engine() -> Engine:
    """Return the engine of this archive."""
    return opened(Path(settings.INDEX), getattr(settings, "STEMMING", ()))


@lru_cache(maxsize=4)
def opened(folder: Path, stemming: tuple[str, ...]) -> Engine:
    return Embedded(folder, Stems(stemming))


def findable() -> QuerySet[Work]:
    """Return the works that anybody can find: not what an author has removed, nor what leads to another work."""
    return Work.objects.exclude(visibility__in=GONE)


# ── changes
def catch_up(tick: Tick = silent) -> int:
    """Index every work that changed since the last time; return how many. 0 too while somebody else does it.

    A process that doesn't follow lets others write afterwards.
    """
    if not busy.acquire(blocking=False):
        return 0
    try:
        return sum(map(len, drained(tick)))
    finally:
        if not follower.is_alive():
            engine().close()
        busy.release()


def drained(tick: Tick = silent) -> Iterator[list[int]]:
    """Take lines from the outbox until it is empty; yield the works that each part of it was about."""
    retagged.spread()
    while lines := list(Change.objects.order_by("pk").values_list("pk", "work")[:AT_ONCE]):
        works = list(dict.fromkeys(work for _, work in lines))
        if not engine().index(*as_they_are(works)):
            return
        Change.objects.filter(pk__in=[pk for pk, _ in lines]).delete()
        tick(len(works))
        yield works


def as_they_are(works: list[int]) -> tuple[Iterator[Document], list[int]]:
    """Return the documents of those ``works`` that can be found, and the ids of those that can't."""
    there = set(findable().filter(pk__in=works).values_list("pk", flat=True))
    return documents(there), [work for work in works if work not in there]


# ── all of it
def rebuild(tick: Tick = silent, processes: int = 0) -> int:
    """Make the index anew beside the one that answers, and then let it answer; return the number of works.

    What changes meanwhile goes into the one that answers at once, and at the end into the new one. Many works are read
    by as many ``processes`` as there are processors. 0 while somebody else writes.
    """
    with busy:
        beside = engine().rebuilding()
        if beside is None:
            return 0
        done, changed = 0, set()
        some = parted(findable().order_by("pk").values_list("pk", flat=True).iterator(), FILLED_AT_ONCE // 4)
        processes = processes or (PROCESSORS if findable().count() > MANY else 1)
        parts = filling.by_processes(beside.place, some, processes) if processes > 1 else by_this_one(beside, some)
        for count in parts:
            done += count
            tick(count)
            changed.update(*drained())
        if processes > 1:
            beside.gather()
        for works in parted(sorted(changed), AT_ONCE):
            beside.index(*as_they_are(works))
        beside.finish()
        if not follower.is_alive():
            engine().close()
        return done


def by_this_one(beside: Rebuilding, parts: Iterable[list[int]]) -> Iterator[int]:
    for ids in parts:
        beside.index(documents(ids))
        yield len(ids)


def mend(tick: Tick = silent) -> int:
    """Index what the index lacks or holds in an old version, and take out what is gone; return how many works."""
    with busy:
        checked, done = verify(), 0
        if len(checked.missing) > MANY and len(checked.missing) > findable().count() // 2:
            return rebuild(tick)
        for ids in parted((*checked.missing, *checked.stale), FILLED_AT_ONCE):
            if not engine().index(documents(ids)):
                return done
            done += len(ids)
            tick(len(ids))
            list(drained())
        if engine().index((), checked.surplus):
            engine().settle()
        if not follower.is_alive():
            engine().close()
        return done + len(checked.surplus)


def verify() -> Checked:
    """Compare the index with the database."""
    return engine().verify(findable().order_by("pk").values_list("pk", "version").iterator(chunk_size=20_000))


def open_index() -> int:
    """Bring the index up to date when the archive opens; return how many works it took in.

    Where very much is to be done, it is left to the follower, and the archive opens at once.
    """
    done, there = catch_up(), findable().count()
    held = engine().search(Question(reader=Reader(archivist=True), most=1)).total
    if abs(there - held) > SOON or (held == there and engine().whole):
        return done
    return done + mend()


def parted(ids: Iterable[int], count: int) -> Iterator[list[int]]:
    waiting = iter(ids)
    while some := list(islice(waiting, count)):
        yield some
