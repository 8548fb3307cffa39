"""Hard-wrapped letters: mail programs broke lines at 65 to 78 columns; here the paragraphs become whole again.

A line was broken by a program when the next word would not have fitted. A shorter line that ends anyway was meant:
verse, a list, the head of a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from storykeep.sources.pages import labels

WIDEST = 84
LONG = 45  # a shorter line says nothing of the width
LOWEST, HIGHEST = 52, 66
_RULE = re.compile(r"^\s*(?:[-_=*~#+.oO] ?){3,}\s*$")
_LABEL = re.compile(r"^\W*([A-Z][\w' /-]{1,28}):")
_ITEM = re.compile(r"^\s*(?:[*•·-]|\d{1,3}[.)])\s")
_CUT_WORD = re.compile(r"[^\W\d_]-$")


def unwrapped(text: str) -> str:
    r"""Return a text in which every paragraph that was broken at a width is one line.

    >>> unwrapped("In August you could walk across it, and people did, and nobody mentioned\nit.\n\nOne,\ntwo.")
    'In August you could walk across it, and people did, and nobody mentioned it.\n\nOne,\ntwo.'
    """
    lines = [line.rstrip() for line in text.split("\n")]
    reach = _reach(lines)
    return "\n".join(_joined(lines, reach)) if reach else text


def _reach(lines: list[str]) -> int:
    """Return how far a line and the next word must reach for the break to be the program's; 0 when nothing is wrapped.

    Where a program wraps at 72, every broken line and the next word reach beyond 72; a few breaks were meant.
    """
    long = [len(line) for line in lines if len(line) >= LONG and "://" not in line and not _is_label(line)]
    if sum(length > WIDEST for length in long) > 0.3 * len(long):
        return 0
    reaches = sorted(
        len(one) + 1 + len(other.split(None, 1)[0])
        for one, other in pairwise(lines)
        if LONG <= len(one) <= WIDEST and other.strip() and not _is_label(one)
    )
    fitting = [length for length in long if length <= WIDEST]
    usual = min(reaches[int(len(reaches) * 0.08)], max(fitting, default=HIGHEST) + 1) if reaches else HIGHEST
    return min(HIGHEST, max(LOWEST, usual))


def _is_label(line: str) -> bool:
    found = _LABEL.match(line)
    return found is not None and bool(labels.field_of(found[1]))


def _joined(lines: list[str], reach: int) -> Iterator[str]:
    whole = lines[0] if lines else ""
    for before, line in pairwise(lines):
        if _goes_on(before, line, reach):
            whole = _glued(whole, line.lstrip())
        else:
            yield whole
            whole = line
    yield whole


def _goes_on(before: str, line: str, reach: int) -> bool:
    """Say whether ``line`` continues ``before``: its first word would not have fitted any more."""
    if not before.strip() or not line.strip() or not LONG - 10 <= len(before) <= WIDEST:
        return False
    deeper = _indent(line) >= _indent(before) + 2
    if deeper or _RULE.match(before) or _RULE.match(line) or _is_label(line) or _ITEM.match(line):
        return False
    return len(before) + 1 + len(line.split(None, 1)[0]) >= reach


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _glued(whole: str, line: str) -> str:
    """Join by a space; by nothing after a hyphen or beside a dash that has none around it."""
    if _CUT_WORD.search(whole) and line[:1].islower():
        return whole + line
    dash = (whole.endswith(("--", "—")) and not whole.endswith((" --", " —"))) or (
        line.startswith(("--", "—")) and line[2:3] != " "
    )
    return whole + line if dash else f"{whole} {line}"
