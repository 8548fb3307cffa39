"""While the site runs, a thread of it lets the index follow the database."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from storykeep.model.errors import StorykeepError
from storykeep.site.search import indexing
from storykeep.site.search.contract import Order, Question
from storykeep.site.works.opening import open_due

EVERY = 0.5  # seconds after which changes of other processes are looked for
MINUTE = 60

log = logging.getLogger(__name__)


class Follower(threading.Thread):
    """Lets the index follow the database. One is enough, in whatever process; another takes over when it ends."""

    def __init__(self) -> None:
        super().__init__(name="search index", daemon=True)
        self.woken = threading.Event()
        self.sound = False  # whether the index was looked at since this process began
        self.opened = 0.0

    def run(self) -> None:
        while True:
            try:
                self.follow()
            except (DatabaseError, ValueError, OSError, StorykeepError):
                log.exception("The search index could not take in the last changes; it will try again.")
                time.sleep(EVERY)
            finally:
                close_old_connections()
                if not settings.HOUSE.database:
                    connection.close()
            self.woken.wait(EVERY)
            self.woken.clear()

    def follow(self) -> None:
        if time.monotonic() - self.opened > MINUTE:
            self.opened = time.monotonic()
            open_due()
        indexing.catch_up()
        if not self.sound or not indexing.engine().whole:
            self.look()

    def look(self) -> None:
        """Look whether the index is whole and sound, and mend it where it is not."""
        hurt = indexing.engine().damaged()
        if hurt:
            log.warning("The search index is damaged (%s); it is made anew, and finds more and more.", ", ".join(hurt))
            indexing.engine().begin()
        done = indexing.mend()
        if done:
            log.warning("The search index has taken in %s works that it did not have.", f"{done:,}")
        self.sound = indexing.engine().whole
        warm()


def warm() -> None:
    """Ask once what is asked often, so that the first reader need not wait for the disk."""
    for order in Order:
        indexing.engine().search(Question(order=order, most=1))
    indexing.engine().facets(Question())


follower = Follower()


def follow() -> None:
    """Start following; the serving process calls this once."""
    if not follower.is_alive():
        follower.start()
        indexing.follower = follower


def wake() -> None:
    """Say that something was committed. Nothing happens in a process that doesn't follow."""
    follower.woken.set()
