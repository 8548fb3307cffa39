"""Two versions of a text, compared as a reader would: paragraph by paragraph, and in each of them word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from storykeep.site.writing.paragraphs import split

PIECE = re.compile(r'<(?:"[^"]*"|[^">])*>|&[a-z]+;|\w+|\s+|[^\w\s]')
ALIKE = 0.4  # share of the words that two paragraphs have in common when one became the other
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
    for block in new:
        at = next((n for n, each in enumerate(old) if alike(each, block)), None)
        if at is None:
            yield Line(NEW, marked("", block))
            continue
        yield from (Line(GONE, marked(each, "")) for each in old[:at])
        yield Line(CHANGED, marked(old[at], block))
        old = old[at + 1 :]
    yield from (Line(GONE, marked(each, "")) for each in old)


def alike(old: str, new: str) -> bool:
    a, b = set(re.findall(r"\w+", old)), set(re.findall(r"\w+", new))
    return len(a & b) >= ALIKE * max(len(a | b), 1)


def marked(old: str, new: str) -> str:
    """Return ``new`` (or, where it is gone, ``old``) with the words that changed marked."""
    if not new:
        return wrapped(PIECE.findall(old), "del", tags=True)
    a, b = PIECE.findall(old), PIECE.findall(new)
    out: list[str] = []
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            out += b[k:m]
        else:
            out += [wrapped(a[i:j], "del", tags=False), wrapped(b[k:m], "ins", tags=True)]
    return "".join(out)


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
