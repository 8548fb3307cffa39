"""The contract of search. The database is the truth; an engine holds what is derived from it, and can be rebuilt.

An engine gets documents and questions, both values, and knows nothing of the site. Every question carries its
reader: who may see what, and what the reader never wants, is part of the query, never a filter afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from storykeep.model.errors import StorykeepError
from storykeep.query.tree import EVERYTHING, Node

Numbers = tuple[int | None, int | None]
"""From and to, both included; None is no bound."""
Dates = tuple[str | None, str | None]
"""From and to as ISO 8601 dates, both included: "2003" to "2003" is the whole year. None is no bound."""

WORDS_BUCKETS = (0, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000)
"""Where the bars of the histogram of lengths begin, in words; the last has no end."""


# ── what is searched
@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One chapter's text, plain. ``place`` is 1 for the first."""

    place: int
    title: str
    text: str


class Name(NamedTuple):
    """Something that a work is found by: a canonical tag, a person, a series.

    ``kind`` is "tag", "author" or "series", ``tag_kind`` the key of a tag's kind, ``also`` its other spellings.
    """

    kind: str
    id: int
    text: str
    tag_kind: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One work as the search sees it.

    ``id`` and ``version`` are the work's; ``owners`` the ids of accounts that see it as its authors; ``added`` is in
    microseconds; ``published`` and ``updated`` are ISO 8601 as precise as is known, or empty. ``tags`` are
    (kind, names) with broader tags and synonyms included, ``tag_ids`` the canonical tags with all that stand over
    them, ``facets`` the same by kind. ``fandoms`` counts the tags of the kind that tells what a work is about.
    ``complete`` is None when nobody knows. ``names`` are offered while a reader types.
    """

    id: int
    version: int
    visibility: str
    owners: tuple[int, ...] = ()
    title: str = ""
    sort_title: str = ""
    authors: tuple[str, ...] = ()
    sort_author: str = ""
    people: tuple[int, ...] = ()
    summary: str = ""
    series: tuple[str, ...] = ()
    series_ids: tuple[int, ...] = ()
    notes: str = ""
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tag_ids: tuple[int, ...] = ()
    facets: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    fandoms: int = 0
    language: str = ""
    kind: str = ""
    complete: bool | None = None
    words: int = 0
    chapters: int = 0
    reads: int = 0
    kudos: int = 0
    comments: int = 0
    shelves: int = 0
    added: int = 0
    published: str = ""
    updated: str = ""
    passages: tuple[Passage, ...] = ()
    names: tuple[Name, ...] = ()


# ── what is asked
@dataclass(frozen=True, slots=True, kw_only=True)
class Avoid:
    """What a reader never wants to meet: ids of canonical tags, people, works. It holds everywhere, counts included."""

    tags: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    works: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who asks: a visitor, a member (with the id of the account), an archivist; and what they never want."""

    account: int = 0
    archivist: bool = False
    avoid: Avoid = Avoid()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a list. Everything must hold; inside a group (a tuple in ``include``, and lists) one is enough.

    ``include`` is a tuple of groups of canonical tags: ``((1,), (2, 3))`` is 1 and (2 or 3).
    """

    include: tuple[tuple[int, ...], ...] = ()
    exclude: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    series: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    words: Numbers = (None, None)
    chapters: Numbers = (None, None)
    updated: Dates = (None, None)
    posted: Dates = (None, None)
    complete: bool | None = None
    crossover: bool | None = None

    @property
    def empty(self) -> bool:
        return self == NO_FILTERS


NO_FILTERS = Filters()


class Order(StrEnum):
    """How works are ordered; among equals, by id in the same direction. BEST without words is UPDATED."""

    BEST = "best"
    UPDATED = "updated"
    POSTED = "posted"
    NEWEST = "newest"
    TITLE = "title"
    AUTHOR = "author"
    LONGEST = "longest"
    SHORTEST = "shortest"
    READS = "reads"
    KUDOS = "kudos"
    COMMENTS = "comments"
    SHELVES = "shelves"
    WORDS = LONGEST

    @classmethod
    def _missing_(cls, value: object) -> Order | None:
        return cls.LONGEST if value == "words" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, by whom, and which part of the answer is wanted."""

    tree: Node = EVERYTHING
    reader: Reader = Reader()
    filters: Filters = NO_FILTERS
    order: Order = Order.BEST
    first: int = 0
    most: int = 20


# ── what is answered
@dataclass(frozen=True, slots=True)
class Hit:
    """A work that answers, and the chapter in which the words stand closest (0: not in a text)."""

    id: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. ``total`` counts all of them, for this reader.

    ``whole`` is False while the index is being made anew: there may be more.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many works each choice would leave.

    ``tags`` counts under everything that is asked, since tags add up; ``groups`` gives for each group of
    ``Filters.include`` what its tags would find under everything else, ``excluded`` how many works each excluded
    tag takes away. ``languages``, ``kinds``, ``words`` (from, to, count), ``complete`` and ``crossover`` count under
    everything but their own filter. ``to`` is None in the last bar.
    """

    tags: Mapping[int, int] = field(default_factory=dict)
    groups: tuple[Mapping[int, int], ...] = ()
    excluded: Mapping[int, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    words: tuple[tuple[int, int | None, int], ...] = ()
    complete: Mapping[bool, int] = field(default_factory=dict)
    crossover: Mapping[bool, int] = field(default_factory=dict)


class Suggested(NamedTuple):
    """What a reader may mean: ``kind`` is "title", "author", "tag" or "series", ``count`` the works that they find."""

    kind: str
    id: int
    text: str
    count: int
    tag_kind: str = ""


SUGGESTED = ("title", "author", "tag", "series")


@dataclass(frozen=True, slots=True)
class Checked:
    """How an index differs from the database: ids that it lacks, holds in an old version, or should not hold."""

    missing: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    surplus: tuple[int, ...] = ()

    @property
    def good(self) -> bool:
        return not (self.missing or self.stale or self.surplus)


class NotWritten(StorykeepError):
    """The index could not be written, for example since the disk is full. What it held can still be searched."""


class Part(Protocol):
    """What one of several processes writes of an index that is made anew: works that no other part has."""

    def index(self, documents: Iterable[Document]) -> None: ...

    def finish(self) -> None:
        """Write everything; the part waits for :meth:`Rebuilding.gather`."""
        ...


class Rebuilding(Protocol):
    """A new index beside the one that answers; it takes its place when it is finished."""

    @property
    def place(self) -> str:
        """Return by what other processes find it, to write parts of it."""
        ...

    def gather(self) -> None:
        """Take in the parts that were finished; before anything else is indexed."""
        ...

    def index(self, documents: Iterable[Document], remove: Iterable[int] = ()) -> None: ...

    def finish(self) -> None:
        """Let it answer from now on, and forget the old one."""
        ...


class Engine(Protocol):
    """What every engine offers. Many threads may use it at once."""

    @property
    def whole(self) -> bool:
        """False while the index may lack works: it is new, or was damaged. ``settle`` ends that."""
        ...

    def settle(self) -> None:
        """Say that the index holds everything."""
        ...

    def begin(self) -> None:
        """Begin anew with an empty index, which is not whole."""
        ...

    def index(self, documents: Iterable[Document], remove: Iterable[int] = ()) -> bool:
        """Take in ``documents`` and forget ``remove``, whole or not at all; then all searches see it.

        Returns False while somebody else writes; raises NotWritten when it can't be written.
        """
        ...

    def close(self) -> None:
        """Let somebody else write. It may be written again at any time."""
        ...

    def search(self, question: Question) -> Found: ...

    def facets(self, question: Question, kinds: Iterable[str] = (), most: int = 10) -> Facets:
        """Return the counts for ``question``: of each kind of tags in ``kinds`` the ``most`` that are most frequent."""
        ...

    def prepare(self, question: Question, kinds: Iterable[str] = (), most: int = 10) -> None:
        """Tell that :meth:`facets` will be asked for the same in a moment, so that it may begin. May do nothing."""
        ...

    def suggest(
        self, beginning: str, reader: Reader, kinds: Iterable[str] = SUGGESTED, tag_kind: str = "", most: int = 10
    ) -> list[Suggested]:
        """Return what ``reader`` may mean by ``beginning``, accents and a typo forgiven; never what they may not see.

        ``tag_kind`` narrows the tags to one kind.
        """
        ...

    def more_like_this(self, id: int, reader: Reader, most: int = 6) -> list[int]:  # noqa: A002 — the work's id
        """Return works whose words and tags are like those of work ``id``, most alike first."""
        ...

    def rebuilding(self) -> Rebuilding | None:
        """Begin a new index beside this one, which goes on answering. None while somebody else writes."""
        ...

    def part(self, place: str, number: int) -> Part:
        """Begin part ``number`` of the index that another process makes anew in ``place``."""
        ...

    def verify(self, versions: Iterable[tuple[int, int]]) -> Checked:
        """Compare with the database: ``versions`` are (id, version) of every work, by id."""
        ...

    def damaged(self) -> list[str]:
        """Return what of the index is not as it was written. Reads all of it."""
        ...

    def size(self) -> int:
        """Return how many bytes the index takes."""
        ...
