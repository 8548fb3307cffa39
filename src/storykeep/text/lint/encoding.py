"""Letters that are wrong still."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ftfy.badness import badness

from storykeep.model.provenance import Finding, Severity
from storykeep.text.lint.look import Look, several

_LOST = re.compile("\ufffd+")
_CONTROLS = re.compile("[\u0080-\u009f]+")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]+")


def findings(look: Look) -> Iterator[Finding]:
    """Yield what is wrong with letters."""
    yield from several("encoding.lost", list(look.matches(_LOST)), "Look for another copy of this page.", Severity.LOSS)
    yield from several(
        "encoding.controls",
        list(look.matches(_CONTROLS)),
        "Run the repair again, or choose the encoding.",
        Severity.DOUBT,
    )
    yield from several(
        "encoding.private-use", list(look.matches(_PRIVATE)), "Find out what the font showed here.", Severity.DOUBT
    )
    bad = [number for number, block in enumerate(look.blocks, 1) if not block.text.isascii() and badness(block.text)]
    if bad:
        yield Finding(
            code="encoding.mojibake",
            where=f"block {bad[0]}" + (f", and {len(bad) - 1} more" if len(bad) > 1 else ""),
            evidence=look.blocks[bad[0] - 1].text[:80],
            suggestion="Read the original in another encoding, or put the letters right by hand.",
            severity=Severity.DOUBT,
        )
