"""What one saved page says, before pages are grouped into works."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storykeep.model.provenance import Capture
from storykeep.model.story import Contact, Person, Story


class PageRole(StrEnum):
    """What a page was on its old site."""

    WHOLE = "whole"  # a work on one page, or its print version
    CHAPTER = "chapter"  # one chapter of a work
    LISTING = "listing"  # an index, a category, search results: metadata of many works
    PERSON = "person"  # an author's page
    REVIEWS = "reviews"
    NEWS = "news"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link on a page that leads to another part of the same work or person: label as printed, absolute address."""

    label: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """One page, read. ``story`` holds what the page itself says of the work, chapters included.

    ``platform`` names the recogniser (``efiction``, ``all-about-spike`` …, ``learned`` or ``heuristic``).
    ``work`` is the identity of the work inside its archive (``fic/663``), empty when only title and author tell.
    ``place`` is the chapter's number when the page is one chapter (0 unknown).
    ``chapter_links`` are the work's own table of contents, in order; ``listed`` the works that an index names.
    ``contacts`` are e-mail addresses of authors; they go to the claim store and nowhere else.
    """

    capture: Capture
    platform: str
    role: PageRole
    story: Story
    work: str = ""
    place: int = 0
    person: Person | None = None
    chapter_links: tuple[Link, ...] = ()
    listed: tuple[Story, ...] = ()
    contacts: tuple[Contact, ...] = ()
