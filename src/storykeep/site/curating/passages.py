"""The paragraphs that a suggested edit changes, one by one: shown, and taken into a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storykeep.site.curating.models import Edit
from storykeep.site.writing.differences import FOLDED, SAME, Line, replaced
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
    found = changes(split(before), split(after))
    return [{"begin": each.begin, "end": each.end, "new": each.new, "answer": ""} for each in found]


def with_those(edit: Edit, numbers: frozenset[int]) -> str:
    """Return the body in which the archivist suggested, with the passages ``numbers`` changed and no others."""
    blocks = split(edit.before)
    chosen = [Change(each["begin"], each["end"], each["new"]) for n, each in enumerate(edit.passages) if n in numbers]
    return join(applied(blocks, 0, len(blocks), chosen))


def all_of(edit: Edit) -> frozenset[int]:
    return frozenset(range(len(edit.passages)))


def unanswered(edit: Edit) -> frozenset[int]:
    return frozenset(n for n, each in enumerate(edit.passages) if not each["answer"])


def shown(edit: Edit) -> Iterator[Passage]:
    """Yield the passages with a paragraph before each, so that one sees where it stands."""
    blocks, at = split(edit.before), 0
    for number, each in enumerate(edit.passages):
        begin, end = each["begin"], each["end"]
        lines = tuple(replaced(blocks[begin:end], each["new"]))
        yield Passage(number=number, answer=each["answer"], lines=lines, around=tuple(between(blocks[at:begin])))
        at = end


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
