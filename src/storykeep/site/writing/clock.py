"""What happens at the desks without anybody being there: publishing at a date, emptying the trash, thinning autosaves.

All of it is in the database: a restart loses nothing, and what fell due meanwhile is done at once.
"""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from storykeep.site.writing.drafts import empty_trash
from storykeep.site.writing.publishing import publish_due
from storykeep.site.writing.thinning import forget_brought, thin_all

EVERY = 5  # seconds between two looks at what is due
TIDY_EVERY = 3600

log = logging.getLogger(__name__)


class Clock(threading.Thread):
    """Looks at what is due while the site runs. Several processes may do so: each act checks once more, in its lock."""

    def __init__(self) -> None:
        super().__init__(name="writing clock", daemon=True)
        self.tidied = float("-inf")

    def run(self) -> None:
        while True:
            time.sleep(EVERY)
            try:
                self.tick()
            except (DatabaseError, OSError):
                log.exception("What was due at the writers' desks could not be done; it will be tried again.")
            finally:
                close_old_connections()
                if not settings.HOUSE.database:
                    connection.close()

    def tick(self) -> None:
        publish_due()
        if time.monotonic() - self.tidied > TIDY_EVERY:
            self.tidied = time.monotonic()
            empty_trash()
            thin_all()
            forget_brought()


clock = Clock()


def start() -> None:
    """Start the clock; the serving process calls this once."""
    if not clock.is_alive():
        clock.start()
