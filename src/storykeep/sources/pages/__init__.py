"""Saved web pages: one page in, one reading out.

Platform recognisers come first (one file each in ``platforms``), the shape learned from the archive's own pages next,
heuristics last. What an archivist taught (``rules``) stands above all of them.
"""

from __future__ import annotations

from storykeep.model.provenance import Capture
from storykeep.sources.pages import heuristic, listings, rules
from storykeep.sources.pages.finish import finish
from storykeep.sources.pages.page import opened
from storykeep.sources.pages.platforms import recognise
from storykeep.sources.pages.reading import Link, PageReading, PageRole
from storykeep.sources.pages.shape import Shape
from storykeep.sources.pages.spots import Sheet

__all__ = ["Link", "PageReading", "PageRole", "Shape", "read"]


def read(data: bytes, capture: Capture, *, shape: Shape | None = None) -> PageReading:
    r"""Return what one saved page (HTML or plain text) says.

    ``shape`` is what the archive's other pages taught (:class:`storykeep.sources.pages.shape.Learner`). Raises
    InputError (Unreadable, TooLarge) when there is no page in the bytes; damage inside a page becomes findings.

    >>> reading = read(b"Still Point\nBy Kalima\n\nHark. She comes.\n", Capture(sha256="", path="a.txt"))
    >>> reading.story.title, reading.story.authors
    ('Still Point', ('Kalima',))
    """
    page = opened(data, capture)
    draft = listings.recognise(page) or recognise(page) or heuristic.recognise(page, shape)
    taught = rules.taught(Sheet(page), shape.rules) if shape and shape.rules else None
    return taught.reading(finish(taught.draft(draft), page)) if taught else finish(draft, page)
