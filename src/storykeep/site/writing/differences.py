"""Two versions of a text, compared as a reader would: paragraph by paragraph, and in each of them word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from storykeep.site.writing.merge import shared
from storykeep.site.writing.paragraphs import split

PIECE = re.compile(r'<(?:"[^"]*"|[^">])*>|&[a-z]+;|\w+|\s+|[^\w\s]')
ALIKE = 0.4  # share of the words that two paragraphs have in common when one became the other
NEAR = 40  # paragraphs ahead among which the one is looked for that a new one was
MOST = 40_000_000  # words before times words after: more of them are told as gone and new, not compared one by one
AROUND = 1  # paragraphs that are shown before and after a change
SAME, CHANGED, NEW, GONE, FOLDED = "same", "changed", "new", "gone", "folded"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a comparison. ``html`` is clean HTML with ``ins`` and ``del`` in it.

    ``kind`` is same, changed, new, gone, or folded: then ``count`` paragraphs that are the same are not shown.
    """

    kind: str
    html: str = ""
    count: int = 0


def compare(before: str, after: str) -> tuple[Line, ...]:
    """Return what changed between two clean bodies, with a little of what stands around it.

    >>> [line.html for line in compare("<p>A dark night.</p>", "<p>A cold night.</p>")]
    ['<p>A <del>dark</del><ins>cold</ins> night.</p>']
    """
    return tuple(folded(list(lines(split(before), split(after)))))


def folded(found: list[Line]) -> Iterator[Line]:
    """Yield ``found`` without what is the same far from any change."""
    changed = [at for at, line in enumerate(found) if line.kind != SAME]
    near = {at + step for at in changed for step in range(-AROUND, AROUND + 1)}
    hidden = 0
    for at, line in enumerate(found):
        if line.kind == SAME and at not in near:
            hidden += 1
            continue
        if hidden:
            yield Line(FOLDED, count=hidden)
            hidden = 0
        yield line
    if hidden:
        yield Line(FOLDED, count=hidden)


def lines(old: list[str], new: list[str]) -> Iterator[Line]:
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Line(SAME, block) for block in old[i:j])
        else:
            yield from replaced(old[i:j], new[k:m])


def replaced(old: list[str], new: list[str]) -> Iterator[Line]:
    """Yield changed paragraphs: each new one beside the old one that it was, if there is one."""
    at = 0
    for block, was in zip(new, partners(old, new), strict=True):
        if was is None:
            yield Line(NEW, marked("", block))
            continue
        yield from (Line(GONE, marked(each, "")) for each in old[at:was])
        yield Line(CHANGED, marked(old[was], block))
        at = was + 1
    yield from (Line(GONE, marked(each, "")) for each in old[at:])


def partners(old: list[str], new: list[str]) -> list[int | None]:
    """Return for each new paragraph the number of the old one that it was: in order, and each once.

    >>> partners(["<p>One lamp.</p>", "<p>A boat.</p>"], ["<p>No sea.</p>", "<p>The boat.</p>"])
    [None, 1]
    """
    bags, at = [words_in(block) for block in old], 0
    found: list[int | None] = []
    for block in new:
        words = words_in(block)
        here = next((n for n in range(at, min(at + NEAR, len(old))) if alike(bags[n], words)), None)
        found.append(here)
        at = at if here is None else here + 1
    return found


def words_in(block: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", block))


def alike(old: frozenset[str], new: frozenset[str]) -> bool:
    return len(old & new) >= ALIKE * max(len(old | new), 1)


def marked(old: str, new: str) -> str:
    """Return ``new`` (or, where it is gone, ``old``) with the words that changed marked."""
    if not new:
        return wrapped(PIECE.findall(old), "del", tags=True)
    a, b = PIECE.findall(old), PIECE.findall(new)
    head = shared(a, b)
    tail = shared(a[head:][::-1], b[head:][::-1])
    end_a, end_b = len(a) - tail, len(b) - tail
    return "".join([*b[:head], *between(a[head:end_a], b[head:end_b]), *b[end_b:]])


def between(a: list[str], b: list[str]) -> Iterator[str]:
    """Yield the pieces of ``b``, and what went of ``a``, marked."""
    if len(a) * len(b) > MOST:
        yield from (wrapped(a, "del", tags=False), wrapped(b, "ins", tags=True))
        return
    for kind, i, j, k, m in SequenceMatcher(str.isspace, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from b[k:m]
        else:
            yield from (wrapped(a[i:j], "del", tags=False), wrapped(b[k:m], "ins", tags=True))


def wrapped(pieces: list[str], name: str, *, tags: bool) -> str:
    """Return ``pieces`` with their words inside of the element ``name``; their tags stay outside, or go."""
    out: list[str] = []
    run: list[str] = []
    for piece in [*pieces, "<>"]:
        if not piece.startswith("<"):
            run.append(piece)
            continue
        if run:
            out.append(f"<{name}>{''.join(run)}</{name}>")
            run = []
        if tags and piece != "<>":
            out.append(piece)
    return "".join(out)
