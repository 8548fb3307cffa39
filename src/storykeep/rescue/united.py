"""Two works that are one story: what each chapter of one lost is given back by the other, whatever their chapters are.

Chapters find each other by their words. Where one work is a single long text, it is divided where the chapters of the
other one show. What only the other one has are chapters of their own, each with the chapter that it follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storykeep.model.provenance import Variant
from storykeep.model.story import Chapter
from storykeep.rescue import witnesses
from storykeep.rescue.copies import anchored
from storykeep.rescue.divide import divide
from storykeep.text.words import count

ENOUGH = 0.3
"""Share of the shorter sketch from which two chapters are compared word by word."""
FEWEST_WORDS = 40
"""A shorter text that only the other work has is a note, not a chapter."""
FEWEST_UNNAMED = 250
"""Words, in a text in one piece: without a heading, a shorter stretch is no chapter."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A chapter that only the other work has; ``after`` is the key of the chapter it follows, "" for the first."""

    chapter: Chapter
    after: str


@dataclass(frozen=True, slots=True)
class United:
    """``chapters`` are those of the work that stays, in order, with what the other one gave back."""

    chapters: tuple[Chapter, ...]
    missing: tuple[Missing, ...]


def united(ours: Sequence[Chapter], theirs: Sequence[Chapter]) -> United:
    """Return our chapters, completed from theirs, and the chapters that only they have. Nothing of ours is dropped."""
    mates = _mates(ours, theirs)
    if not any(mates):  # another story, or the same one told anew
        return United(tuple(ours), ())
    copies: list[list[Chapter]] = [[] for _ in ours]
    missing: list[Missing] = []
    last = ""
    for number, other in enumerate(theirs):
        found = mates[number]
        if not found and count(other.body) >= FEWEST_WORDS:
            missing.append(Missing(other, last))
        elif len(found) > 1:
            missing += _divided(ours, found, other, copies)
        for at in found[:1] if len(found) == 1 else ():
            copies[at].append(other)
        last = ours[found[-1]].key if found else last
    done = tuple(witnesses.collated(own, found) if found else own for own, found in zip(ours, copies, strict=True))
    return United(done, tuple(missing))


def news(before: Chapter, after: Chapter) -> tuple[Variant, ...]:
    """Return what the other work says of a chapter, of which nothing was known before."""
    return after.apparatus[len(before.apparatus) :]


def _divided(ours: Sequence[Chapter], found: list[int], other: Chapter, copies: list[list[Chapter]]) -> list[Missing]:
    """Deal a long text out to our chapters that it holds; return what it has besides."""
    missing: list[Missing] = []
    for part in divide(other, [ours[at] for at in found]):
        if part.known is None and not _is_chapter(part.chapter):
            continue
        if part.known is None:
            after = ours[found[part.after]].key if part.after is not None else ""
            missing.append(Missing(replace(part.chapter, key=f"{other.key}-{len(missing) + 1}"), after))
        else:
            copies[found[part.known]].append(replace(part.chapter, captures=other.captures))
    return missing


def _is_chapter(between: Chapter) -> bool:
    """Say whether what stands between two known chapters is one of its own.

    A few lines without a heading were lost at the end of one or the beginning of the next; nobody can tell which.
    """
    return bool(between.label or between.title) or count(between.body) >= FEWEST_UNNAMED


def _mates(ours: Sequence[Chapter], theirs: Sequence[Chapter]) -> list[list[int]]:
    """Return for each of their chapters the numbers of ours that are copies of it, or of a part of it."""
    mine, yours = [anchored(each.body) for each in ours], [anchored(each.body) for each in theirs]
    found = []
    for number, other in enumerate(yours):
        near = [at for at, own in enumerate(mine) if _alike(own, other)]
        near = near or ([number] if number < len(ours) else [])
        found.append([at for at in near if witnesses.is_copy(ours[at], theirs[number])])
    return found


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return bool(one and other) and len(one & other) >= ENOUGH * min(len(one), len(other))
