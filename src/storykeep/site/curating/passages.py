"""The paragraphs that a suggested edit changes, one by one: shown, and taken into a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storykeep.site.curating.fields import LINES
from storykeep.site.curating.models import Edit
from storykeep.site.writing.differences import CHANGED, FOLDED, SAME, Line, marked, partners, replaced
from storykeep.site.writing.merge import Change, applied, changes
from storykeep.site.writing.paragraphs import join, split

TAKEN, LEFT = "taken", "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Paragraphs that change. ``around`` are lines that stay as they are and come before it."""

    number: int
    answer: str
    lines: tuple[Line, ...]
    around: tuple[Line, ...] = ()


def passages_of(before: str, after: str) -> list[dict]:
    """Return what changes between two clean bodies, as an edit keeps it.

    >>> passages_of("<p>One.</p><p>Two.</p>", "<p>One.</p><p>2.</p>")
    [{'begin': 1, 'end': 2, 'new': ['<p>2.</p>'], 'answer': ''}]
    """
    blocks = split(before)
    found = [finer for each in changes(blocks, split(after)) for finer in apart(blocks, each)]
    return [{"begin": each.begin, "end": each.end, "new": each.new, "answer": ""} for each in found]


def apart(blocks: list[str], change: Change) -> Iterator[Change]:
    """Yield a change in pieces that can be answered one by one: each paragraph beside the one that it was."""
    at, fresh = change.begin, []
    for block, was in zip(change.new, partners(blocks[change.begin : change.end], change.new), strict=True):
        if was is None:
            fresh.append(block)
            continue
        here = change.begin + was
        if fresh or here > at:
            yield Change(at, here, fresh)
        yield Change(here, here + 1, [block])
        at, fresh = here + 1, []
    if fresh or at < change.end:
        yield Change(at, change.end, fresh)


def with_those(edit: Edit, numbers: frozenset[int]) -> str:
    """Return the body in which the archivist suggested, with the passages ``numbers`` changed and no others."""
    blocks = split(edit.before)
    chosen = [Change(each["begin"], each["end"], each["new"]) for n, each in enumerate(edit.passages) if n in numbers]
    return join(applied(blocks, 0, len(blocks), chosen))


def all_of(edit: Edit) -> frozenset[int]:
    return frozenset(range(len(edit.passages)))


def taken(edit: Edit) -> frozenset[int]:
    return frozenset(n for n, each in enumerate(edit.passages) if each["answer"] == TAKEN)


def unanswered(edit: Edit) -> frozenset[int]:
    return frozenset(n for n, each in enumerate(edit.passages) if not each["answer"])


def shown(edit: Edit) -> Iterator[Passage]:
    """Yield the passages with a paragraph before each, so that one sees where it stands."""
    blocks, at = split(edit.before), 0
    for number, each in enumerate(edit.passages):
        begin, end = each["begin"], each["end"]
        lines = as_lines(edit.field, blocks[begin:end], each["new"])
        yield Passage(number=number, answer=each["answer"], lines=lines, around=tuple(between(blocks[at:begin])))
        at = end


def as_lines(field: str, old: list[str], new: list[str]) -> tuple[Line, ...]:
    """Return what a passage changes; a title is always the same line, however little of it stays."""
    if field in LINES and old and new:
        return (Line(CHANGED, marked(old[0], new[0])),)
    return tuple(replaced(old, new))


def between(blocks: list[str]) -> Iterator[Line]:
    """Yield what stands between two passages: its last paragraph, and how many come before that."""
    if len(blocks) > 1:
        yield Line(FOLDED, count=len(blocks) - 1)
    for block in blocks[-1:]:
        yield Line(SAME, block)


def rest(edit: Edit) -> int:
    """Return how many paragraphs come after the last passage."""
    end = edit.passages[-1]["end"] if edit.passages else 0
    return len(split(edit.before)) - end
