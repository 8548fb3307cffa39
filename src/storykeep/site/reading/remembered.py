"""Figures about a whole archive: in a very large one they are counted now and then, not for every reader anew."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import DatabaseError, close_old_connections, connection

from storykeep.site.search.contract import Question, Reader
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.works.models import Credit, Visibility

LARGE = 50_000  # works
WHILE = 300  # seconds
KEPT = 500
ANY_MEMBER = -1  # an account that nobody has

NOTHING = object()
log = logging.getLogger(__name__)

_lock = threading.Lock()
_kept: OrderedDict[tuple[str, Reader], tuple[float, Any]] = OrderedDict()


def works_of(reader: Reader) -> int:
    """Return how many works ``reader`` finds; the engine knows without counting."""
    return engine().search(Question(reader=reader, most=1)).total


def reader_alike(user) -> Reader:
    """Return a reader who finds just what ``user`` does, the same one for as many users as can be. At most 1 query.

    Archivists see the same; so do members who have no drafts and avoid nothing. So a count is shared by them.
    """
    reader = reader_for(user)
    if not reader.account or reader.archivist or has_drafts(user):
        return replace(reader, account=0) if reader.archivist else reader
    return replace(reader, account=ANY_MEMBER)


def has_drafts(user) -> bool:
    return Credit.objects.filter(person__account=user, work__visibility=Visibility.DRAFT).exists()


def remembered(name: str, reader: Reader, works: int, count: Callable[[], Any]) -> Any:
    """Return what ``count`` gives; in a large archive what it gave this reader last.

    After five minutes it is counted anew, in the background: nobody waits for it but the first.
    """
    if works < LARGE:
        return count()
    key, now = (name, reader), time.monotonic()
    with _lock:
        until, value = _kept.get(key, (0.0, NOTHING))
        old = value is not NOTHING and now >= until
        if old:
            _kept[key] = (now + WHILE, value)
    if value is NOTHING:
        return keep(key, count())
    if old:
        threading.Thread(target=count_apart, args=(key, count), name=f"count of {name}", daemon=True).start()
    return value


def keep(key: tuple[str, Reader], value: Any) -> Any:
    with _lock:
        _kept[key] = (time.monotonic() + WHILE, value)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return value


def count_apart(key: tuple[str, Reader], count: Callable[[], Any]) -> None:
    try:
        keep(key, count())
    except DatabaseError:
        log.exception("The %s could not be counted anew; the old count stands for a while.", key[0])
    finally:
        close_old_connections()
        connection.close()
