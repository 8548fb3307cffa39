"""Two texts side by side, block by block, with what differs marked: as it was saved, and as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from storykeep.site.desk.compare import pieces
from storykeep.text.blocks import Block, blocks

SCENE, GAP = "* * *", "[a line is missing]"


@dataclass(frozen=True, slots=True)
class Row:
    """One block of both texts, in pieces: (same, gone or new; words). ``number`` is that of the right one's block."""

    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]
    number: int
    differs: bool


def rows(saved: str, now: str) -> list[Row]:
    """Return the blocks of two bodies in order, each beside its like."""
    before, after = blocks(saved), blocks(now)
    ours, theirs = [said(block) for block in before], [said(block) for block in after]
    found: list[Row] = []
    for verb, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if verb == "equal":
            found += [row(text, text, number) for number, text in enumerate(theirs[c:d], start=c)]
        else:
            found += list(changed(ours[a:b], theirs[c:d], c))
    return found


def around(all_rows: Sequence[Row], block: int, reach: int = 3) -> list[Row]:
    """Return the rows around the block with this number."""
    at = next((place for place, each in enumerate(all_rows) if each.number >= block), len(all_rows) - 1)
    return list(all_rows[max(at - reach, 0) : at + reach + 1])


def changed(before: Sequence[str], after: Sequence[str], start: int) -> Iterator[Row]:
    for number, (old, new) in enumerate(zip_longest(before, after, fillvalue="")):
        yield row(old, new, start + number)


def row(old: str, new: str, number: int) -> Row:
    if old == new:
        return Row((("same", old),), (("same", new),), number, differs=False)
    found = pieces(old, new)
    left = tuple((kind, text) for kind, text in found if kind != "new")
    right = tuple((kind, text) for kind, text in found if kind != "gone")
    return Row(left, right, number, differs=True)


def said(block: Block) -> str:
    """Return the words of a block, or what stands for a mark."""
    return SCENE if block.type == "scene_break" else GAP if block.type == "gap" else block.text
