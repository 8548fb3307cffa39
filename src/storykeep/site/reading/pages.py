"""What each template may use: one frozen record per page, and the small records that they are made of.

Everything here is ready to print. ``html`` in a name or a comment means clean HTML of our own sanitiser;
all other strings are plain words that the template escapes. Empty strings mean "say nothing".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


# ── small things
@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Words that lead somewhere; ``url`` may be empty when there is nowhere to go. ``count`` 0 is not shown.

    ``outside`` is the host of an address that is not of this archive.
    """

    words: str
    url: str = ""
    count: int = 0
    here: bool = False
    outside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """The people of one role: ``role`` is "by" or "translated by"."""

    role: str
    names: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A work in a list, as a catalogue would print it. ``title`` is empty when it was lost; ``summary`` is HTML."""

    url: str
    title: str
    bylines: tuple[Byline, ...] = ()
    summary: str = ""
    tags: tuple[Link, ...] = ()
    facts: tuple[str, ...] = ()
    part: str = ""
    snippets: tuple[str, ...] = ()
    language: str = ""
    direction: str = ""
    ref: str = ""
    log: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettered:
    """The part of an index under one letter."""

    letter: str
    links: tuple[IndexLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """A line of an index: words, and what stands quietly after them."""

    words: str
    url: str
    after: str = ""
    count: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Where one is in a long list: on a page by its number, or, as ``said``, between two names.

    ``onward`` are the words of the way on, where it is not simply the next page.
    """

    number: int = 0
    of: int = 0
    said: str = ""
    earlier: str = ""
    later: str = ""
    onward: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsLine:
    title: str
    url: str
    date: str = ""
    iso: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head of a page tells machines: its title, its address, and what belongs to it."""

    title: str
    canonical: str = ""
    description: str = ""
    previous: str = ""
    next: str = ""
    author: str = ""
    alternates: tuple[Alternate, ...] = ()
    graph: tuple[tuple[str, str], ...] = ()
    data: dict = field(default_factory=dict)
    hidden: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """The same thing in another form."""

    url: str
    media_type: str
    label: str


# ── pages of lists
@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    head: Head
    newest: tuple[Entry, ...]
    news: tuple[NewsLine, ...]
    kinds: tuple[KindOfTags, ...]
    pages: tuple[Link, ...]
    stories: int
    authors: int
    words: str
    more: str
    favourites: tuple[Link, ...] = ()
    waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfTags:
    """A kind of tags. ``all`` leads to the whole index, ``more`` says that there are others."""

    name: str
    url: str
    tags: tuple[Link, ...]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowsePage:
    head: Head
    kinds: tuple[KindOfTags, ...]
    favourites: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """A page that is an index: titles, authors, series, tags of a kind."""

    head: Head
    heading: str
    lead: str
    letters: tuple[Link, ...]
    parts: tuple[Lettered, ...]
    sections: tuple[Link, ...] = ()
    others: tuple[Link, ...] = ()
    paging: Paging | None = None
    empty: str = "Nothing here yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a list holds: ``said`` counts it, ``understood`` is the question in words, ``loosened`` a way out."""

    total: int
    said: str
    entries: tuple[Entry, ...]
    understood: str = ""
    remarks: tuple[str, ...] = ()
    paging: Paging | None = None
    loosened: tuple = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A heading, works under it, and the panel that narrows them. ``intro`` is HTML.

    ``feed``, ``save`` and ``never`` lead to the list as a feed, to keeping it under a name, and to never meeting it.
    """

    head: Head
    heading: str
    results: Results
    panel: object = None
    eyebrow: Link | None = None
    lead: str = ""
    intro: str = ""
    related: tuple[Related, ...] = ()
    words: str = ""
    feed: str = ""
    save: str = ""
    never: str = ""
    favourite: Favourite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite:
    """Where a member keeps a tag as a favourite, and whether it is one."""

    url: str
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MorePage:
    """All tags of a kind that a list can be narrowed by. ``find`` is what their names were searched for."""

    head: Head
    heading: str
    lead: str
    back: Link
    action: str
    kept: tuple[tuple[str, str], ...]
    find: str
    letters: tuple[Link, ...]
    choices: tuple[MoreLine, ...]
    paging: Paging | None = None
    chips: tuple = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreLine:
    """A tag of :class:`MorePage`: ``url`` narrows the list to it, ``without`` leaves it out."""

    words: str
    count: int
    url: str
    without: str
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A line such as "Broader: Crossovers, Alternate universes"."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of an interview; ``answer`` is HTML."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """What was answered at one time; ``asked`` names the questionnaire, and is empty where there was but one."""

    asked: str
    pairs: tuple[Question, ...]


def interviews(told: Iterable[Mapping[str, str]]) -> tuple[Interview, ...]:
    """Return questions and answers by the questionnaire that they belong to, in the order in which they stand."""
    parts: dict[str, list[Question]] = {}
    for each in told:
        pair = Question(question=each["question"], answer=each["answer"])
        parts.setdefault(each.get("asked", ""), []).append(pair)
    return tuple(Interview(asked=asked if len(parts) > 1 else "", pairs=tuple(pairs)) for asked, pairs in parts.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """``bio`` is HTML; ``sites`` lead away from the archive."""

    head: Head
    slug: str
    name: str
    unclaimed: bool
    other_names: tuple[str, ...]
    bio: str
    sites: tuple[Link, ...]
    interview: tuple[Interview, ...]


# ── a story
@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNote:
    """Words around a text; ``body`` is HTML. A warning stays folded until it is asked for."""

    label: str
    body: str
    folded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsLine:
    number: int
    label: str
    title: str
    url: str
    date: str = ""
    words: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChapter:
    """A chapter with its text. ``html`` is the stored rendering; ``eyebrow`` and ``title`` its heading."""

    number: int
    eyebrow: str
    title: str
    html: str
    bylines: tuple[Byline, ...] = ()
    facts: tuple[str, ...] = ()
    summary: str = ""
    before: tuple[ShownNote, ...] = ()
    after: tuple[ShownNote, ...] = ()
    opening: bool = False
    broken_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InSeries:
    """The works before and after one in a series that this reader may see."""

    title: str
    url: str
    previous: Link | None
    next: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """A work, or one chapter of it. ``title`` is empty when it was lost; ``summary`` is HTML."""

    head: Head
    ref: str
    url: str
    title: str
    bylines: tuple[Byline, ...]
    summary: str
    short_summary: bool
    tags: tuple[Related, ...]
    facts: tuple[str, ...]
    series: tuple[Link, ...]
    relations: tuple[Related, ...]
    before: tuple[ShownNote, ...]
    after: tuple[ShownNote, ...]
    contents: tuple[ContentsLine, ...]
    chapters: tuple[ShownChapter, ...]
    language: str
    direction: str
    whole: bool
    first: bool
    last: bool
    number: int
    previous: Link | None = None
    next: Link | None = None
    minutes: int = 0
    downloads: tuple[Download, ...] = ()
    about_copy: tuple[str, ...] = ()
    for_archivist: bool = False
    saved_url: str = ""
    more_by: tuple[Link, ...] = ()
    alike: tuple[Entry, ...] = ()
    never: str = ""
    links: dict[str, str] = field(default_factory=dict)
    talk: object = None
    in_series: tuple[InSeries, ...] = ()

    @property
    def labels(self) -> tuple[Related, ...]:
        """Ties and tags, as the lines of one card."""
        return (*self.relations, *self.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    label: str
    url: str
    said: str


# ── as it was saved
@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCopy:
    """One original. ``media_type`` is what it was served as, ``size`` in words."""

    name: str
    url: str
    address: str = ""
    date: str = ""
    size: str = ""
    encoding: str = ""
    sha256: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    code: str
    before: str
    after: str
    reason: str
    context: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """The page as it was saved beside the story as it is, and the steps between them."""

    head: Head
    title: str
    url: str
    copies: tuple[SavedCopy, ...]
    copy: SavedCopy | None
    frame_url: str
    download_url: str
    source: str
    cut: bool
    chapters: tuple[ShownChapter, ...]
    steps: tuple[ShownStep, ...]
    more_steps: int
    language: str
    direction: str


# ── the archive's own texts
@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage:
    """News, rules, about: ``body`` is HTML."""

    head: Head
    title: str
    body: str
    url: str
    date: str = ""
    iso: str = ""
    eyebrow: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsPage:
    head: Head
    news: tuple[TextPage, ...]
    paging: Paging | None = None
