"""The contract of search. The database is the truth; an engine holds what is derived from it, and can be rebuilt.

An engine gets documents and questions, both values, and knows nothing of the site. Every question carries its
reader: who may see what is part of the query, never a filter afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from storykeep.query.tree import EVERYTHING, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One chapter's text, plain. ``place`` is 1 for the first."""

    place: int
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One work as the search sees it.

    ``id`` and ``version`` are the work's; ``owners`` the ids of accounts that see it as its authors; ``added`` is in
    microseconds. ``tags`` are (kind, names) with broader tags included; ``tag_ids`` the same as canonical ids, for
    facets.
    """

    id: int
    version: int
    visibility: str
    owners: tuple[int, ...] = ()
    title: str = ""
    authors: tuple[str, ...] = ()
    summary: str = ""
    series: tuple[str, ...] = ()
    notes: str = ""
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tag_ids: tuple[int, ...] = ()
    language: str = ""
    kind: str = ""
    words: int = 0
    chapters: int = 0
    added: int = 0
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asks: a visitor, a member (with the id of the account), an archivist."""

    account: int = 0
    archivist: bool = False


class Order(StrEnum):
    BEST = "best"
    NEWEST = "newest"
    LONGEST = "longest"
    SHORTEST = "shortest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, by whom, and which part of the answer is wanted. ``tags`` narrow it: all these, by id."""

    tree: Node = EVERYTHING
    reader: Reader = Reader()
    tags: tuple[int, ...] = ()
    order: Order = Order.BEST
    first: int = 0
    most: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A work that answers, and the chapter in which the words stand closest (0: not in a text)."""

    id: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. ``total`` counts all of them, for this reader."""

    hits: tuple[Hit, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """How an index differs from the database: ids that it lacks, holds in an old version, or should not hold."""

    missing: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    surplus: tuple[int, ...] = ()

    @property
    def good(self) -> bool:
        return not (self.missing or self.stale or self.surplus)


class Engine(Protocol):
    """What every engine offers."""

    def index(self, documents: Iterable[Document], remove: Iterable[int] = ()) -> bool:
        """Take in ``documents`` and forget ``remove``, whole or not at all. False while somebody else writes."""
        ...

    def search(self, question: Question) -> Found: ...

    def facets(self, question: Question, most: int = 1000) -> dict[int, int]:
        """Return for each tag (id) how many works answer ``question`` and carry it."""
        ...

    def suggest(self, beginning: str, reader: Reader, most: int = 10) -> list[tuple[str, int]]:
        """Return words that begin so, in titles, names and tags that ``reader`` may see, and how many works each."""
        ...

    def more_like_this(self, id: int, reader: Reader, most: int = 6) -> list[int]:  # noqa: A002 — the work's id
        """Return works whose words are like those of work ``id``, most alike first."""
        ...

    def rebuild(self, documents: Iterable[Document]) -> bool:
        """Forget everything, and take in ``documents``."""
        ...

    def verify(self, versions: Mapping[int, int]) -> Checked:
        """Compare with the database: ``versions`` gives the version of every work by id."""
        ...
