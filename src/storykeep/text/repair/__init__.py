"""Damage to letters and quotation marks undone, in reversible steps, by families that can be turned off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from storykeep.model.provenance import Finding, Severity, Step
from storykeep.text.repair import elision, misread, mojibake, quotes, residue, utf8
from storykeep.text.repair.view import Edit, View, is_html, steps, view

_SURE = 0.8  # confidence under which somebody should look
_ALL_QUOTES = frozenset((quotes.DIRECTION, quotes.STRAIGHT, quotes.MISSING))

_FAMILIES: tuple[tuple[str, str, Callable[[View], Iterator[Edit]]], ...] = (
    ("entities", "repair.entity", residue.entities),
    ("mail-codes", "repair.mail-code", residue.mail_codes),
    ("mojibake", utf8.CODE, utf8.edits),
    ("mojibake", mojibake.CODE, mojibake.edits),
    ("mojibake", mojibake.CODE, mojibake.controls),
    ("mojibake", misread.CODE, misread.edits),
    ("slashes", "repair.slash", residue.slashes),
    ("question-marks", "repair.question-mark", residue.question_marks),
    ("elision", elision.CODE, elision.edits),
    ("quotes", quotes.STRAIGHT, quotes.apostrophes),
    ("quotes", "", lambda seen: quotes.edits(seen, codes=_ALL_QUOTES)),
)
"""Family, code and function, in the order in which they are tried: letters before marks."""

FAMILIES = tuple(dict.fromkeys(family for family, _, _ in _FAMILIES))
"""The names that ``off`` may hold."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """The mended text, the steps that led to it in order, and what an archivist may want to know.

    ``provenance.undo(text, steps)`` is the text as it came.
    """

    text: str
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] = ()


def repair(text: str, *, off: frozenset[str] = frozenset(), html: bool | None = None) -> Repaired:
    """Return ``text`` mended. Plain text and HTML alike; tags and attributes are never touched.

    ``off`` names families (see FAMILIES) or codes of steps that are not wanted. ``html`` says what the text is; None
    means HTML when there is a tag in it. Good text comes back as it is, without steps.

    >>> repair("It’s not ‘til now").text
    'It’s not ’til now'
    """
    seen = view(text, html=is_html(text) if html is None else html)
    made: list[Step] = []
    for family, code, edits in _FAMILIES:
        if family in off or code in off:
            continue
        if wanted := [edit for edit in edits(seen) if edit.code not in off]:
            mended, new = steps(seen, wanted)
            seen = view(mended, html=seen.html)
            made += new
    return Repaired(seen.text, tuple(made), tuple(_findings(seen.text, made)))


def _findings(text: str, made: Iterable[Step]) -> Iterator[Finding]:
    """Yield one finding for each kind of repair, and one when characters are lost for good."""
    kinds: dict[str, list[Step]] = {}
    for step in made:
        kinds.setdefault(step.code, []).append(step)
    for code, of_kind in kinds.items():
        first = of_kind[0]
        yield Finding(
            code=code,
            where=f"{len(of_kind)} places",
            evidence=f"{first.before or 'nothing'} → {first.after or 'nothing'}",
            suggestion=f"Repaired: {first.reason}. Each step can be taken back.",
            severity=Severity.INFO if min(step.confidence for step in of_kind) > _SURE else Severity.DOUBT,
        )
    if lost := text.count("\ufffd"):
        yield Finding(
            code="encoding.lost",
            where=f"{lost} places",
            evidence="\ufffd",
            suggestion="These characters were lost before the copy was made. Only another copy can fill them.",
            severity=Severity.LOSS,
        )
