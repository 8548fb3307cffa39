"""Two people changed one text at once: what both did is kept, paragraph by paragraph.

Where only one of them changed something, that is taken. Where both changed the same paragraphs, both versions stand
in the text, one after the other, and the place is told; nothing is ever decided for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from storykeep.site.writing.paragraphs import join, split


@dataclass(frozen=True, slots=True)
class Conflict:
    """Paragraphs that both changed, as clean HTML; empty where one of them took them away."""

    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The text that has what both wrote, and the places where both stand."""

    body: str
    conflicts: tuple[Conflict, ...] = ()


def merge(base: str, mine: str, theirs: str) -> Merged:
    r"""Return ``mine`` and ``theirs``, which were both made from ``base``, as one text. All are clean bodies.

    >>> merge("<p>a</p><p>b</p>", "<p>A</p><p>b</p>", "<p>a</p><p>b</p><p>c</p>").body
    '<p>A</p>\n<p>b</p>\n<p>c</p>'
    >>> merge("<p>a</p>", "<p>one</p>", "<p>two</p>").conflicts
    (Conflict(theirs='<p>two</p>', mine='<p>one</p>'),)
    """
    out: list[str] = []
    conflicts: list[Conflict] = []
    for old, ours, others in chunks(split(base), split(mine), split(theirs)):
        if ours in (others, old):
            out += others
        elif others == old:
            out += ours
        else:
            out += both(ours, others, conflicts)
    return Merged(join(out), tuple(conflicts))


def both(ours: list[str], others: list[str], conflicts: list[Conflict]) -> list[str]:
    """Return both versions of some paragraphs, what is the same at their edges only once."""
    head = shared(ours, others)
    tail = shared(ours[head:][::-1], others[head:][::-1])
    mine, theirs = ours[head : len(ours) - tail], others[head : len(others) - tail]
    conflicts.append(Conflict(join(theirs), join(mine)))
    return [*ours[:head], *theirs, *mine, *ours[len(ours) - tail :]]


def shared(one: list[str], other: list[str]) -> int:
    """Return how many items at the beginning are the same."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


Chunk = tuple[list[str], list[str], list[str]]


def chunks(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Chunk]:
    """Yield stretches of the three texts that belong together, in order: (base, mine, theirs)."""
    at_base = at_mine = at_theirs = 0
    for begin, in_mine, in_theirs, size in anchors(base, mine, theirs):
        yield base[at_base:begin], mine[at_mine:in_mine], theirs[at_theirs:in_theirs]
        same = base[begin : begin + size]
        yield same, same, same
        at_base, at_mine, at_theirs = begin + size, in_mine + size, in_theirs + size


def anchors(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches of ``base`` that neither changed: (in base, mine, theirs, length); the last is empty."""
    ones, others = matches(base, mine), matches(base, theirs)
    one = other = 0
    while one < len(ones) and other < len(others):
        a, b = ones[one], others[other]
        begin, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if begin < end:
            yield begin, a.b + begin - a.a, b.b + begin - b.a, end - begin
        if a.a + a.size < b.a + b.size:
            one += 1
        else:
            other += 1
    yield len(base), len(mine), len(theirs), 0


def matches(base: list[str], other: list[str]) -> list:
    return SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
