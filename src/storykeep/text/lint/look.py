"""A body with its blocks: what every family of the lint is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storykeep.model.provenance import Finding, Severity
from storykeep.text.blocks import Block

_CONTEXT = 24


@dataclass(frozen=True, slots=True)
class Look:
    """A clean body, and the blocks that it shows."""

    body: str
    blocks: tuple[Block, ...]

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
        """Yield every match in the words, with the number of its block (from 1)."""
        for number, block in enumerate(self.blocks, 1):
            for found in pattern.finditer(block.text):
                yield number, found


def several(code: str, seen: list[tuple[int, re.Match[str]]], suggestion: str, severity: Severity) -> Iterator[Finding]:
    """Yield one finding for all matches of a kind: where the first is, how many there are."""
    if not seen:
        return
    number, first = seen[0]
    more = f", and {len(seen) - 1} more" if len(seen) > 1 else ""
    yield Finding(
        code=code, where=f"block {number}{more}", evidence=around(first), suggestion=suggestion, severity=severity
    )


def around(found: re.Match[str]) -> str:
    """Return a match with a few words on both sides."""
    return found.string[max(0, found.start() - _CONTEXT) : found.end() + _CONTEXT].replace("\n", " ").strip()
