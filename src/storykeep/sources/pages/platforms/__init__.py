"""Recognisers, one file for each kind of archive software; the first that knows a page reads it."""

from __future__ import annotations

from storykeep.sources.pages.draft import Draft
from storykeep.sources.pages.page import SavedPage


def recognise(page: SavedPage) -> Draft | None:
    """Return what the first recogniser that knows ``page`` found, None when none does."""
    return None
