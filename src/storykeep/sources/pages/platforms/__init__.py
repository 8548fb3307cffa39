"""Recognisers, one file for each kind of archive software; the first that knows a page reads it."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from storykeep.sources.pages.draft import Draft
from storykeep.sources.pages.page import SavedPage

ORDER = ("fanficfare", "ao3", "spike", "efiction", "ffnet", "automated_archive", "journal", "lists", "wattpad", "forum")


class Recogniser(Protocol):
    """A module with ``recognise``."""

    def recognise(self, page: SavedPage) -> Draft | None:
        """Return what it found on ``page``, None when the page is not of its kind."""
        ...


def recognise(page: SavedPage) -> Draft | None:
    """Return what the first recogniser that knows ``page`` found, None when none does."""
    for name in ORDER:
        recogniser: Recogniser = import_module(f"storykeep.sources.pages.platforms.{name}")
        if (found := recogniser.recognise(page)) is not None:
            return found
    return None
