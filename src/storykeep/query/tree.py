"""What was asked, as a tree. Engines translate it; no engine ever sees what a reader typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """These words in this order, side by side; one word is the usual case.

    ``words`` are as typed; ``field`` is where to look ("" for everywhere); ``prefix`` lets the last word go on.
    """

    words: tuple[str, ...]
    field: str = ""
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds, both included; None is no bound."""

    field: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """A date between two, both included, in ISO 8601: "2003" to "2003" is the whole year. None is no bound."""

    field: str
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Is:
    """What a work is, or is not: "complete", "crossover". What nobody knows is neither."""

    field: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be there."""

    inner: Node


@dataclass(frozen=True, slots=True)
class All:
    """Everything in it must be there. Empty: everything there is."""

    inner: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one in it must be there."""

    inner: tuple[Node, ...]


Node = Words | Number | Dates | Is | Not | All | Any
EVERYTHING = All(())


def positive(node: Node) -> list[Words]:
    """Return the words that must or may be there, from the whole tree.

    >>> positive(All((Words(("storm",)), Not(Words(("ship",))))))
    [Words(words=('storm',), field='', prefix=False)]
    """
    if isinstance(node, Words):
        return [node]
    if isinstance(node, All | Any):
        return [words for each in node.inner for words in positive(each)]
    return []


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: the tree, the order that was asked for ("" for none), and remarks: sentences for the reader."""

    tree: Node = EVERYTHING
    remarks: tuple[str, ...] = ()
    order: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was asked at all."""
        return self.tree == EVERYTHING
