"""What the filter panel's template may use: groups of choices, the histogram, what is active, and how it is undone."""

from __future__ import annotations

from dataclasses import dataclass

from storykeep.site.reading.pages import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose. ``count`` is how many works it would leave; None where nobody counts."""

    value: str
    words: str
    count: int | None = None
    chosen: bool = False
    left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The tags of one kind. ``any``: one of the chosen is enough; ``joins``: there are several to say so of.

    ``more`` leads to all tags of the kind, ``suggest`` answers a field that finds them by name.
    """

    key: str
    name: str
    choices: tuple[Choice, ...]
    any: bool = False
    joins: bool = False
    single: bool = False
    more: str = ""
    suggest: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of the histogram of lengths: ``height`` in hundredths of the highest, ``url`` narrows to its range."""

    url: str
    words: str
    count: int
    height: int
    here: bool = False

    @property
    def top(self) -> int:
        return 100 - self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Two fields, from and to."""

    name: str
    least: str = ""
    most: str = ""

    @property
    def open(self) -> bool:
        return bool(self.least or self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """Something that is active; ``url`` is the same list without it. ``not_`` is set for what is left out."""

    label: str
    words: str
    url: str
    not_: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Everything that narrows a list. ``action`` is the list's own address; ``kept`` are hidden fields."""

    action: str
    groups: tuple[Group, ...]
    languages: tuple[Choice, ...] = ()
    kinds: tuple[Choice, ...] = ()
    complete: tuple[Choice, ...] = ()
    crossover: tuple[Choice, ...] = ()
    single: Choice | None = None
    bars: tuple[Bar, ...] = ()
    length: Span = Span(name="words")
    updated: Span = Span(name="updated")
    posted: Span = Span(name="posted")
    chips: tuple[Chip, ...] = ()
    orders: tuple[Link, ...] = ()
    order: str = ""
    order_words: str = ""
    clear: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    words: str = ""
    box: bool = True

    @property
    def active(self) -> int:
        return len(self.chips)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosened:
    """What would be found without one of the conditions."""

    words: str
    url: str
    count: int
