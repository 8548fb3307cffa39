"""Damage to letters and quotation marks undone, each change a reversible step."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storykeep.model.provenance import Finding, Step, apply

_WRONG_CLOSER = re.compile("(?<=[—–-])“(?=\\s|$|</)", re.MULTILINE)
_ELISION = re.compile("‘(?=(?:cause|til|em|bout|tis|twas|fraid|round)\\b)")


@dataclass(frozen=True, slots=True)
class Repaired:
    """The mended text, the steps that led to it in order, and what an archivist may want to know."""

    text: str
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] = ()


def repair(text: str, *, off: frozenset[str] = frozenset()) -> Repaired:
    """Return ``text`` mended, families named in ``off`` left out. Works on plain text and on HTML alike.

    >>> repair("It’s not ‘til now").text
    'It’s not ’til now'
    """
    steps = []
    if "quotes" not in off:
        steps += [Step(code="repair.quote", at=m.start(), before="“", after="”") for m in _WRONG_CLOSER.finditer(text)]
    if "elision" not in off:
        steps += [Step(code="repair.elision", at=m.start(), before="‘", after="’") for m in _ELISION.finditer(text)]
    return Repaired(apply(text, steps), tuple(steps))
