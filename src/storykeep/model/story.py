"""The story model: every way in yields these records, every way out takes them.

All records are frozen values. Every field but a key may be empty, because sources know different things.
Bodies, summaries, notes and biographies are *clean HTML*: the small vocabulary of
:mod:`storykeep.text.sanitise`, in which ``<hr class="scene">`` is a scene break, ``<div class="lines">`` holds
verse, letters or chat line by line (``<br>``), and ``<hr class="gap gap-reply">`` marks a missing line.
Dates are ISO 8601 strings as precise as is known: ``2003``, ``2003-07``, ``2003-07-14`` or a full UTC time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storykeep.model.provenance import Capture, Evidence, Finding, Gap, Step, Variant


class WorkKind(StrEnum):
    STORY = "story"
    ESSAY = "essay"
    POEM = "poem"
    SCRIPT = "script"
    ART = "art"


class Role(StrEnum):
    AUTHOR = "author"
    TRANSLATOR = "translator"
    BETA = "beta"
    ARTIST = "artist"
    ARCHIVIST = "archivist"


class Status(StrEnum):
    COMPLETE = "complete"
    IN_PROGRESS = "in-progress"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A name under a title. ``name`` is as printed (case matters); ``person`` is the key of a Person, if known."""

    name: str
    role: Role = Role.AUTHOR
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A label of a kind that the archive defines (``rating``, ``pairing``, ``timeline`` …).

    ``name`` is as shown, ``old_id`` what the old software called it, ``parent`` the name of a broader tag.
    """

    kind: str
    name: str
    old_id: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagKind:
    """A kind of tag: ``key`` for machines, ``name`` for people (plural), and how the archive uses it."""

    key: str
    name: str
    open: bool = True
    many: bool = True
    required: bool = False
    filter: bool = True


class NoteKind(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    DISCLAIMER = "disclaimer"
    DEDICATION = "dedication"
    THANKS = "thanks"
    SPOILERS = "spoilers"
    WARNING = "warning"
    FEEDBACK = "feedback"
    DISTRIBUTION = "distribution"
    SETTING = "setting"
    EPIGRAPH = "epigraph"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Words around a text that are not the text. ``label`` is as printed ("Author's Notes"), ``body`` clean HTML."""

    kind: NoteKind = NoteKind.BEFORE
    label: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture. Its bytes are kept under ``sha256``; empty when only the address survived."""

    sha256: str = ""
    address: str = ""
    alt: str = ""
    media_type: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlace:
    """A place in a series. ``position`` is 1-based, 0 when unknown."""

    title: str
    position: int = 0
    key: str = ""


class RelationKind(StrEnum):
    SEQUEL_OF = "sequel-of"
    PREQUEL_OF = "prequel-of"
    INSPIRED_BY = "inspired-by"
    TRANSLATION_OF = "translation-of"
    GIFT_TO = "gift-to"
    CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A tie to another work or a person: ``target`` as printed, ``key`` and ``address`` when known."""

    kind: RelationKind
    target: str
    key: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A reader's words on a work, or on a chapter of it (``chapter`` is its key).

    ``reply_to`` is the key of the review that this one answers; ``rating`` is as the old site gave it.
    """

    key: str
    name: str = ""
    person: str = ""
    date: str = ""
    rating: str = ""
    body: str = ""
    chapter: str = ""
    reply_to: str = ""
    by_author: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One chapter. ``label`` is as printed ("Prologue", "2b"), ``title`` what follows it.

    ``body`` is clean, repaired HTML; undoing ``steps`` on it gives the words as they were saved.
    ``stated_words`` is what the old site said; counted words are computed, not stored.
    ``captures`` names the originals (SHA-256), best witness first.
    """

    key: str
    title: str = ""
    label: str = ""
    body: str = ""
    summary: str = ""
    notes: tuple[Note, ...] = ()
    credits: tuple[Credit, ...] = ()
    rating: str = ""
    published: str = ""
    stated_words: int = 0
    truncated: bool = False
    steps: tuple[Step, ...] = ()
    gaps: tuple[Gap, ...] = ()
    apparatus: tuple[Variant, ...] = ()
    images: tuple[Image, ...] = ()
    captures: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One work with all that is known of it.

    ``key`` is stable between rescues: it comes from the old address or id, never from the title.
    ``title`` is None when it was lost. ``archive`` is the name of the archive that it comes from.
    ``addresses`` are all old URLs that should lead here.
    """

    key: str
    title: str | None = None
    kind: WorkKind = WorkKind.STORY
    archive: str = ""
    credits: tuple[Credit, ...] = ()
    summary: str = ""
    notes: tuple[Note, ...] = ()
    tags: tuple[Tag, ...] = ()
    language: str = ""
    direction: str = ""
    status: Status = Status.UNKNOWN
    written: str = ""
    published: str = ""
    updated: str = ""
    stated_words: int = 0
    reads: int = 0
    chapters_planned: int = 0
    series: tuple[SeriesPlace, ...] = ()
    relations: tuple[Relation, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    reviews: tuple[Review, ...] = ()
    images: tuple[Image, ...] = ()
    addresses: tuple[str, ...] = ()
    captures: tuple[Capture, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the authors, as printed, in order."""
        return tuple(credit.name for credit in self.credits if credit.role is Role.AUTHOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question of the archive's questionnaire and what the author answered (clean HTML).

    ``asked`` names the questionnaire, where the archive had several.
    """

    question: str
    answer: str
    asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who wrote. ``names`` are other spellings; ``sites`` their own web pages.

    An e-mail address is never here: see :class:`Contact`.
    """

    key: str
    name: str
    names: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    bio: str = ""
    interview: tuple[Answer, ...] = ()
    image: Image | None = None
    addresses: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach a person so that they can claim their works. Goes to the claim store and nowhere else."""

    person: str
    email: str

    def __repr__(self) -> str:  # keeps addresses out of logs and tracebacks
        return f"Contact(person={self.person!r}, email=…)"


class PageKind(StrEnum):
    NEWS = "news"
    POLICY = "policy"
    ABOUT = "about"
    FOOTER = "footer"
    LINKS = "links"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the archive that is no story: news, rules, welcome, links. ``body`` is clean HTML."""

    key: str
    kind: PageKind = PageKind.OTHER
    title: str = ""
    body: str = ""
    date: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A series: ``members`` are story keys (or keys of inner series) in reading order."""

    key: str
    title: str
    summary: str = ""
    credits: tuple[Credit, ...] = ()
    members: tuple[str, ...] = ()
    parent: str = ""
    open: bool = False
    addresses: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The place itself, since it is part of the history."""

    name: str
    slogan: str = ""
    description: str = ""
    addresses: tuple[str, ...] = ()
    language: str = ""
    software: str = ""
    founded: str = ""
    closed: str = ""
    tag_kinds: tuple[TagKind, ...] = ()
    questionnaire: tuple[str, ...] = ()
