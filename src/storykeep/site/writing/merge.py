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
    blocks, out, at = split(base), [], 0
    conflicts: list[Conflict] = []
    for begin, end, ours, others in places(blocks, changes(blocks, split(mine)), changes(blocks, split(theirs))):
        out += blocks[at:begin]
        out += both(ours, others, conflicts) if None not in (ours, others) and ours != others else ours or others or []
        at = end
    return Merged(join(out + blocks[at:]), tuple(conflicts))


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


@dataclass(frozen=True, slots=True)
class Change:
    """The paragraphs from ``begin`` up to ``end`` became ``new``; nothing stood there when both are the same."""

    begin: int
    end: int
    new: list[str]


def changes(base: list[str], other: list[str]) -> list[Change]:
    """Return what was done to ``base``: paragraph by paragraph where as many came as went."""
    found: list[Change] = []
    for kind, i, j, k, m in SequenceMatcher(None, base, other, autojunk=False).get_opcodes():
        if kind == "replace" and j - i == m - k:
            found += [Change(i + n, i + n + 1, [other[k + n]]) for n in range(j - i)]
        elif kind != "equal":
            found.append(Change(i, j, other[k:m]))
    return found


Place = tuple[int, int, list[str] | None, list[str] | None]


def places(base: list[str], mine: list[Change], theirs: list[Change]) -> Iterator[Place]:
    """Yield the places that were changed, in order: (begin, end, mine, theirs); None for who changed nothing there."""
    waiting = sorted([(each, 0) for each in mine] + [(each, 1) for each in theirs], key=lambda pair: order(*pair))
    while waiting:
        begin, end = waiting[0][0].begin, waiting[0][0].end
        inside: tuple[list[Change], list[Change]] = ([], [])
        while waiting and (touches(waiting[0][0], begin, end) or not (inside[0] or inside[1])):
            change, whose = waiting.pop(0)
            inside[whose].append(change)
            end = max(end, change.end)
        yield begin, end, *(applied(base, begin, end, each) if each else None for each in inside)


def order(change: Change, whose: int) -> tuple[int, int, int]:
    return change.begin, change.end, whose


def touches(change: Change, begin: int, end: int) -> bool:
    """Say whether a change is about paragraphs of this place, or puts new ones exactly where this place does."""
    return change.begin < end or (change.begin == change.end == begin == end)


def applied(base: list[str], begin: int, end: int, done: list[Change]) -> list[str]:
    """Return what the paragraphs from ``begin`` up to ``end`` became."""
    out, at = [], begin
    for change in done:
        out += [*base[at : change.begin], *change.new]
        at = change.end
    return out + base[at:end]
