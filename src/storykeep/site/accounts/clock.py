"""What accounts need while nobody is there: about once an hour, and soon after the site opens."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from storykeep.site.accounts.daily import tidy

FIRST = 60  # seconds after the site opened
EVERY = 3600

log = logging.getLogger(__name__)


class Clock(threading.Thread):
    """Tidies while the site runs. Several processes may do so: each act is done once, whoever is first."""

    def __init__(self) -> None:
        super().__init__(name="accounts clock", daemon=True)

    def run(self) -> None:
        time.sleep(FIRST)
        while True:
            try:
                tidy()
            except (DatabaseError, OSError):
                log.exception("Accounts could not be tidied; it will be tried again.")
            finally:
                close_old_connections()
                if not settings.HOUSE.database:
                    connection.close()
            time.sleep(EVERY)


clock = Clock()


def start() -> None:
    """Start the clock; the serving process calls this once."""
    if not clock.is_alive():
        clock.start()
