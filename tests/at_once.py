"""Deeds at the same moment, each in a thread and with a connection of its own."""

from __future__ import annotations

import threading

from django.db import connection


def in_threads(calls):
    """Do all ``calls`` at once.

    On SQLite one after another: it lets one write at a time, and the tests' database is one connection's own. What
    happens there at once is tried at an archive that is served (tests/browser/test_talk.py).
    """
    if connection.vendor == "sqlite":
        for call in calls:
            call()
        return
    start, failed = threading.Barrier(len(calls)), []

    def together(call):
        try:
            start.wait(10)
            call()
        except Exception as error:  # noqa: BLE001 — told below, in the thread of the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=together, args=(call,)) for call in calls]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert not any(each.is_alive() for each in threads)
    if failed:
        raise failed[0]
