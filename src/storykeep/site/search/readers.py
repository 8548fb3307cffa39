"""A reader as the engine knows one, and the engine as a page asks it."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from storykeep.site.search import indexing
from storykeep.site.search.avoiding import NOTHING, avoided_by
from storykeep.site.search.contract import Engine, Reader
from storykeep.site.search.stems import Stems
from storykeep.site.works.queries import is_archivist


def reader_for(user, *, avoiding: bool = True) -> Reader:
    """Return ``user`` as the engine knows readers, with what they never want to meet. At most 1 query per request."""
    signed_in = user is not None and user.is_authenticated
    avoid = avoided_by(user) if avoiding else NOTHING
    return Reader(account=user.pk if signed_in else 0, archivist=is_archivist(user), avoid=avoid)


def engine() -> Engine:
    """Return the engine. Where nobody follows the outbox in the background, whoever asks does: 1 query more."""
    if not indexing.follower.is_alive():
        indexing.catch_up()
    return indexing.engine()


def stemming() -> Stems:
    """Return the stems that this archive's host wants found."""
    return stems_of(tuple(settings.STEMMING))


@lru_cache(maxsize=4)
def stems_of(languages: tuple[str, ...]) -> Stems:
    return Stems(languages)
