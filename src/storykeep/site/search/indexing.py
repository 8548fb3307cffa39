"""The index follows the database: changes are drained from the outbox after they were committed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.db.models import QuerySet

from storykeep.site.search.contract import Checked, Engine, Question, Reader
from storykeep.site.search.documents import documents
from storykeep.site.search.embedded import Embedded
from storykeep.site.works.models import GONE, Change, Work
from storykeep.site.works.opening import open_due

AT_ONCE = 200  # works between two commits of the index
EVERY = 5  # seconds after which changes of other processes are looked for

log = logging.getLogger(__name__)


def engine() -> Engine:
    """Return the engine of this archive."""
    return opened(Path(settings.INDEX))


@lru_cache(maxsize=4)
def opened(folder: Path) -> Engine:
    return Embedded(folder)


def catch_up(tick: Callable[[int], None] = lambda _: None) -> int:
    """Index every work that changed since the last time; return how many. 0 too while another process does it."""
    done = 0
    while lines := list(Change.objects.order_by("pk").values_list("pk", "work")[:AT_ONCE]):
        works = list(dict.fromkeys(work for _, work in lines))
        there = set(findable().filter(pk__in=works).values_list("pk", flat=True))
        gone = [work for work in works if work not in there]
        if not engine().index(documents(there), gone):
            break
        Change.objects.filter(pk__in=[pk for pk, _ in lines]).delete()
        done += len(works)
        tick(len(works))
    return done


def findable() -> QuerySet[Work]:
    """Return the works that anybody can find: not what an author has removed, nor what leads to another work."""
    return Work.objects.exclude(visibility__in=GONE)


def rebuild() -> int:
    """Make the index anew from the database; return the number of works."""
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    ids = list(findable().order_by("pk").values_list("pk", flat=True))
    if not engine().rebuild(documents(ids)):
        return 0
    Change.objects.filter(pk__lte=last).delete()
    return len(ids)


def verify() -> Checked:
    """Compare the index with the database."""
    return engine().verify(dict(findable().values_list("pk", "version")))


def open_index() -> int:
    """Bring the index up to date when the archive opens; made anew when it does not hold as many works as there are."""
    done = catch_up()
    held = engine().search(Question(reader=Reader(archivist=True), most=1)).total
    return done if held == Work.objects.count() else rebuild()


class Follower(threading.Thread):
    """Lets the index follow the database while the site runs. One is enough, in whatever process."""

    def __init__(self) -> None:
        super().__init__(name="search index", daemon=True)
        self.woken = threading.Event()

    def run(self) -> None:
        while True:
            self.woken.wait(EVERY)
            self.woken.clear()
            try:
                open_due()
                catch_up()
            except (DatabaseError, ValueError, OSError):
                log.exception("The search index could not take in the last changes; it will try again.")
            finally:
                close_old_connections()
                if not settings.HOUSE.database:
                    connection.close()


follower = Follower()


def follow() -> None:
    """Start following; the serving process calls this once."""
    if not follower.is_alive():
        follower.start()


def wake() -> None:
    """Say that something was committed. Nothing happens in a process that doesn't follow."""
    follower.woken.set()
