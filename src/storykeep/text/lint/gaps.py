"""What is missing: gaps that a rescue has marked, and a text that breaks off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.model.provenance import Finding, Severity
from storykeep.text.lint.look import Look

_ENDED = re.compile(r"[.!?…:;\"”“’‘'»«)\]*~—–♥-]\s*$")
_WORDS = 12  # a last paragraph needs so many to be a sentence that breaks off


def findings(look: Look) -> Iterator[Finding]:
    """Yield the gaps of a body, and its end when that is missing."""
    for number, block in enumerate(look.blocks, 1):
        if block.type == "gap":
            before = look.blocks[number - 2].text[-60:] if number > 1 else ""
            yield Finding(
                code=f"gap.{block.kind or 'unknown'}",
                where=f"block {number}",
                evidence=before,
                suggestion="Another copy of the text can show what stood here.",
                severity=Severity.LOSS,
            )
    last = look.blocks[-1] if look.blocks else None
    if last and last.type == "p" and len(last.text.split()) >= _WORDS and not _ENDED.search(last.text):
        yield Finding(
            code="text.truncated",
            where=f"block {len(look.blocks)}",
            evidence=last.text[-60:],
            suggestion="Look for another copy; this one seems to break off.",
            severity=Severity.LOSS,
        )
