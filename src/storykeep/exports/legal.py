"""Letters that may leave the house: what XML forbids is taken out, and no single line can turn the ones around it."""

from __future__ import annotations

import re

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What XML 1.0 forbids or discourages: controls, surrogates, noncharacters."""

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def line(text: str) -> str:
    r"""Return a title, a name or a label as one line: no controls, no runs of space, no letters that turn direction.

    >>> line("  The \x07Lamp\n\u202egpj.exe ")
    'The Lamp gpj.exe'
    """
    return " ".join(_TURNS.sub("", ILLEGAL.sub("", text)).split())
