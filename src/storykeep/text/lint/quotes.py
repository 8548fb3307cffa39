"""Speech that is opened and not closed, or closed and not opened, and marks of several kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storykeep.model.provenance import Finding, Severity
from storykeep.text.blocks import Block
from storykeep.text.lint.look import Look, several
from storykeep.text.repair.quotes import style

_BACKTICK = re.compile(r"(?<!\w)`(?=\w)|(?<=[\w.,!?])`(?!\w)")
_MOST = 20  # places named in one story; more are a habit of the writer


def findings(look: Look) -> Iterator[Finding]:
    """Yield what is wrong with quotation marks."""
    yield from several(
        "quotes.backtick", list(look.matches(_BACKTICK)), "Keep them, or let them be shown as quotes.", Severity.INFO
    )
    seen = style("\n\n".join(block.text for block in look.blocks))
    if not seen.curly:
        return
    if seen.straight:
        yield Finding(
            code="quotes.mixed",
            evidence=f"{seen.openers + seen.closers} curly, {seen.straight} straight",
            suggestion="Keep them as they were written, or make them alike.",
            severity=Severity.INFO,
        )
    unbalanced = list(_unbalanced(look.blocks))
    if len(unbalanced) <= _MOST:
        yield from unbalanced


def _unbalanced(blocks: Sequence[Block]) -> Iterator[Finding]:
    """Yield a finding for each paragraph whose marks don't pair; speech that goes on in the next paragraph does."""
    was_open = False
    for number, block in enumerate(blocks, 1):
        is_open, orphan = _ends(block.text, was_open=was_open)
        follows = blocks[number].text if number < len(blocks) else ""
        if orphan:
            yield _finding("quotes.unopened", number, block)
        if is_open and not follows.startswith("“") and "”" not in follows.split("“")[0]:
            yield _finding("quotes.unclosed", number, block)
        was_open = is_open


def _ends(text: str, *, was_open: bool) -> tuple[bool, bool]:
    """Return whether speech is open at the end of a paragraph, and whether a mark closed what nothing opened."""
    is_open, orphan = was_open, False
    for mark in re.findall("[“”]", text):
        orphan = orphan or (mark == "”" and not is_open)
        is_open = mark == "“"
    return is_open and ("“" in text or "”" in text or was_open) and bool(text), orphan


def _finding(code: str, number: int, block: Block) -> Finding:
    return Finding(
        code=code,
        where=f"block {number}",
        evidence=block.text[-60:] if code == "quotes.unclosed" else block.text[:60],
        suggestion="A mark is missing, or a line before or after it is.",
        severity=Severity.DOUBT,
    )
