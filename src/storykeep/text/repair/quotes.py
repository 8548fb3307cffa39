"""Double quotation marks that a word processor turned the wrong way, or that got lost on one side.

A program that curls quotes as one types looks at the character before: after a dash it opens, whatever was meant, so
that speech that breaks off ends with ``—“``. Every language has its own marks, so the style of the whole text is
learned first, and only a text that opens with “ and closes with ” is touched: „German“, ”svenska” and « français » are
none of our business.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from storykeep.text.repair.view import Edit, View

DIRECTION, STRAIGHT, MISSING = "repair.quote-direction", "repair.quote-straight", "repair.quote-missing"

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")
_LINE = re.compile(r"[^\n]+")
_OPEN_BEFORE = frozenset(" \t\n\u00a0([{—–-‘'’/*_“")
_CLOSE_AFTER = frozenset(" \t\n\u00a0)]},;:.!?—–-’'…/*_”")
_WITH_DASH = frozenset("—–-")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text writes speech: how many marks open and close as in English, how many are straight, or of elsewhere."""

    openers: int
    closers: int
    straight: int
    foreign: int

    @property
    def curly(self) -> bool:
        """Say whether “ opens and ” closes here."""
        return self.openers >= 2 and self.closers >= 2 and self.foreign * 10 <= self.openers

    @property
    def mostly_curly(self) -> bool:
        """Say whether a straight mark is the exception."""
        return self.curly and (self.openers + self.closers) >= 6 * self.straight


def style(words: str) -> Style:
    """Return how ``words`` write speech.

    >>> style("“Yes,” she said. “No.”").curly, style("„Ja“, sagte sie. „Nein.“").curly
    (True, False)
    """
    marks: Counter[str] = Counter()
    for found in re.finditer('[“”"„«»]', words):
        left, right = _neighbours(words, found.start())
        marks[_role(found[0], left, right)] += 1
    return Style(marks["opener"], marks["closer"], marks["straight"], marks["foreign"])


def _role(mark: str, left: str, right: str) -> str:
    if mark == '"':
        return "straight"
    if mark in "„«»":
        return "foreign"
    opens, closes = _opens(left, right), _closes(left, right)
    if mark == "“":
        return "opener" if opens or not closes else "misfit"
    # ”Hej”, sade hon: where the closing mark opens words, the text is Swedish or Finnish.
    return "closer" if closes or not opens else "misfit"


def edits(seen: View, *, codes: frozenset[str]) -> Iterator[Edit]:
    """Yield an edit for every mark of ``codes`` that is turned the wrong way, straight among curly ones, or missing."""
    words = seen.words
    found_style = style(words)
    if not found_style.curly:
        return
    unsettled = found_style.foreign > 0
    still_open = False
    for paragraph in _paragraphs(words):
        made, still_open = _paragraph(words, *paragraph, found_style, still_open, unsettled=unsettled)
        yield from (edit for edit in made if edit.code in codes)


def _paragraphs(words: str) -> Iterator[tuple[int, int]]:
    """Yield where paragraphs start and end: parted by blank lines where there are any, else by newlines."""
    blank = re.search(r"\n[ \t]*\n", words) is not None
    for found in (_PARAGRAPH if blank else _LINE).finditer(words):
        if found[0].strip():
            yield found.start(), found.end()


def _paragraph(
    words: str, start: int, end: int, seen: Style, still_open: bool, *, unsettled: bool
) -> tuple[list[Edit], bool]:
    """Return the edits of one paragraph, and whether speech is open at its end."""
    made: list[Edit] = []
    first_closer = -1
    depth = marks = 0
    for found in re.finditer('[“”"]', words[start:end]):
        at = start + found.start()
        mark = _meant(words, at, start, end, seen, opened=depth > 0 or still_open)
        if mark != found[0]:
            made.append(_turned(at, found[0], mark))
        if mark == "“":
            depth = 1
        elif mark == "”":
            if not depth and not still_open and first_closer < 0 and not marks:
                first_closer = at
            depth = 0
            still_open = False
        marks += mark != '"'
    if first_closer >= 0 and not unsettled:
        made += _missing_opener(words, start, end, first_closer, marks)
    return made, depth > 0


def _turned(at: int, before: str, after: str) -> Edit:
    if before == '"':
        return Edit(at, at + 1, after, STRAIGHT, "a straight mark among curly ones", 0.95)
    side = "closes" if after == "”" else "opens"
    return Edit(at, at + 1, after, DIRECTION, f"this mark {side} what is said", 0.95)


def _meant(words: str, at: int, start: int, end: int, seen: Style, *, opened: bool) -> str:
    """Return the mark that was meant at ``at``; the one that stands there when that is not sure."""
    mark = words[at]
    left = words[at - 1] if at > start else ""
    right = words[at + 1] if at + 1 < end else ""
    if mark == '"':
        return _straight(words, left, right, opened=opened) if seen.mostly_curly else mark
    opens, closes = _opens(left, right), _closes(left, right)
    if mark == "“" and closes and not _next_word(right):
        # Before a space or at the end a mark can only close; “ mot ” with spaces on both sides is French and stays.
        return "”" if left and not left.isspace() else mark
    if mark == "”" and opens and not closes and seen.openers >= 4:
        return "“" if not opened and left not in _WITH_DASH else mark
    return mark


def _straight(words: str, left: str, right: str, *, opened: bool) -> str:
    if left.isdigit():  # 6'2" tall
        return "”" if opened else '"'
    if not left or left.isspace() or left in "([":
        return "“" if right and not right.isspace() else '"'
    if not right or right.isspace() or right in _CLOSE_AFTER:
        return "”"
    if left in _WITH_DASH:
        return "”" if opened else "“"
    return '"'


def _missing_opener(words: str, start: int, end: int, closer: int, marks: int) -> list[Edit]:
    """Propose the mark that a paragraph lost at its start: only where the one closing mark ends all that is said."""
    rest = words[closer + 1 : end].strip()
    begins = start + len(words[start:end]) - len(words[start:end].lstrip(" \t\u00a0"))
    if marks != 1 or not words[begins].isalnum() and words[begins] not in "‘’…—–-":
        return []
    if rest and not rest[0].islower():
        return []
    confidence = 0.6 if not rest else 0.5
    return [Edit(begins, begins, "“", MISSING, "the paragraph closes speech that nothing opened", confidence)]


def apostrophes(seen: View) -> Iterator[Edit]:
    """Yield an edit for every straight apostrophe inside a word of a text whose apostrophes are curly."""
    words = seen.words
    curly = len(re.findall(r"(?<=\w)’(?=\w)", words))
    straight = [found for found in re.finditer(r"(?<=[^\W\d_])'(?=[^\W\d_])", words)]
    if curly >= 6 * len(straight):
        for found in straight:
            yield Edit(found.start(), found.end(), "’", STRAIGHT, "a straight apostrophe among curly ones", 0.95)


def _neighbours(words: str, at: int) -> tuple[str, str]:
    return words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""


def _opens(left: str, right: str) -> bool:
    """Say whether a mark between these two stands where speech begins."""
    return (not left or left in _OPEN_BEFORE) and _next_word(right)


def _closes(left: str, right: str) -> bool:
    """Say whether a mark between these two stands where speech ends."""
    return bool(left) and not left.isspace() and (not right or right in _CLOSE_AFTER)


def _next_word(right: str) -> bool:
    """Say whether what follows a mark can begin speech."""
    return bool(right) and (right.isalnum() or right in "‘’…—–-¡¿([*_$£€&#@.")
