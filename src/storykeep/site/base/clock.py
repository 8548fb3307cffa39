"""What a room does while nobody is there: one small thread per room, in the process that serves."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

log = logging.getLogger(__name__)


class Clock(threading.Thread):
    """Calls ``act`` every so many seconds, first after ``first``. What fails is logged and tried at the next round.

    Several processes may run the same clock: each act sees to it that it is done once, whoever is first.
    """

    def __init__(self, name: str, act: Callable[[], object], *, every: float, first: float | None = None) -> None:
        super().__init__(name=name, daemon=True)
        self.act = act
        self.every = every
        self.first = every if first is None else first

    def run(self) -> None:
        time.sleep(self.first)
        while True:
            try:
                self.act()
            except (DatabaseError, OSError):
                log.exception("The %s could not do what was due; it will be tried again.", self.name)
            finally:
                close_old_connections()
                if not settings.HOUSE.database:
                    connection.close()
            time.sleep(self.every)

    def begin(self) -> None:
        """Start, once; the serving process calls this."""
        if not self.is_alive():
            self.start()
