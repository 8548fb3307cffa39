"""Figures about a whole archive: in a very large one they are counted now and then, not for every reader anew."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from storykeep.site.search.contract import Question, Reader
from storykeep.site.search.readers import engine

LARGE = 50_000  # works
WHILE = 300  # seconds
KEPT = 500

_lock = threading.Lock()
_kept: OrderedDict[tuple[str, Reader], tuple[float, Any]] = OrderedDict()


def works_of(reader: Reader) -> int:
    """Return how many works ``reader`` finds; the engine knows without counting."""
    return engine().search(Question(reader=reader, most=1)).total


def remembered(name: str, reader: Reader, works: int, count: Callable[[], Any]) -> Any:
    """Return what ``count`` gives; in a large archive what it gave this reader in the last five minutes."""
    if works < LARGE:
        return count()
    with _lock:
        until, value = _kept.get((name, reader), (0.0, None))
    if time.monotonic() >= until:
        value = count()
        with _lock:
            _kept[name, reader] = (time.monotonic() + WHILE, value)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return value
