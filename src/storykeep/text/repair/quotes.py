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
from dataclasses import dataclass, replace

from storykeep.text.repair.view import Edit, View

DIRECTION, STRAIGHT, MISSING = "repair.quote-direction", "repair.quote-straight", "repair.quote-missing"

_PARAGRAPH = re.compile(r"[^\n]++(?:\n(?![ \t]*+\n)[^\n]++)*+")
_LINE = re.compile(r"[^\n]+")
_OPEN_BEFORE = frozenset(" \t\n\u00a0([{—–-‘'’/*_“")
_CLOSE_AFTER = frozenset(" \t\n\u00a0)]},;:.!?—–-’'…/*_”")
_DASHES = frozenset("—–-")
_PAIRS = 2  # so many pairs make a habit
_HABIT = 4  # marks that open before one that does not is an accident
_FEW_TIMES, _MANY_TIMES = 3, 6  # so many curly marks for each straight one, and the straight ones are accidents


@dataclass(frozen=True, slots=True)
class Style:
    """How a text writes speech: how many marks open and close as in English, how many are straight, or of elsewhere."""

    openers: int
    closers: int
    straight: int
    foreign: int
    misfits: int = 0
    right_to_left: bool = False

    @property
    def curly(self) -> bool:
        """Say whether “ opens and ” closes here."""
        if self.right_to_left:
            return False
        return min(self.openers, self.closers) >= _PAIRS and self.foreign * 10 <= self.openers

    @property
    def mostly_curly(self) -> bool:
        """Say whether a straight mark is the exception."""
        return self.curly and (self.openers + self.closers) >= _MANY_TIMES * self.straight


def style(words: str) -> Style:
    """Return how ``words`` write speech.

    >>> style("“Yes,” she said. “No.”").curly, style("„Ja“, sagte sie. „Nein.“").curly
    (True, False)
    """
    marks: Counter[str] = Counter()
    for found in re.finditer('[“”"„«»]', words):
        left, right = _neighbours(words, found.start())
        marks[_role(found[0], left, right)] += 1
    # In Arabic and Hebrew the marks stand the other way round as often as not.
    turned = len(re.findall("[\u0590-\u06ff]", words)) * 10 > len(words)
    return Style(marks["opener"], marks["closer"], marks["straight"], marks["foreign"], marks["misfit"], turned)


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
    learned = style(seen.words)
    if not learned.curly:
        return
    is_open = False
    for start, end in _paragraphs(seen.words):
        paragraph = _Paragraph(seen.words[start:end], learned, is_open)
        for edit in paragraph.edits():
            if edit.code in codes:
                yield replace(edit, start=edit.start + start, end=edit.end + start)
        is_open = paragraph.is_open


def _paragraphs(words: str) -> Iterator[tuple[int, int]]:
    """Yield where paragraphs start and end: parted by blank lines where there are any, else by newlines."""
    blank = re.search(r"\n[ \t]*\n", words) is not None
    for found in (_PARAGRAPH if blank else _LINE).finditer(words):
        if found[0].strip():
            yield found.start(), found.end()


class _Paragraph:
    """One paragraph, read mark by mark; ``is_open`` says whether speech is open, at first from the paragraph before."""

    def __init__(self, words: str, learned: Style, is_open: bool) -> None:
        self.words = words
        self.style = learned
        self.is_open = self.was_open = is_open
        self.speaks = False  # a mark of this paragraph has opened speech
        self.marks = 0
        self.orphan = -1  # the first mark, when it closes what nothing opened

    def edits(self) -> Iterator[Edit]:
        """Yield the edits of the paragraph; offsets count from its start."""
        for found in re.finditer('[“”"]', self.words):
            at = found.start()
            mark = self._meant(at)
            if mark != found[0]:
                yield _turned(at, found[0], mark)
            self._follow(at, mark)
        if self.orphan >= 0 and not self.style.foreign:
            yield from self._missing_opener()
        self.is_open = self.speaks

    def _follow(self, at: int, mark: str) -> None:
        """Keep in mind what a mark does to the speech around it."""
        if mark == '"':
            return
        if mark == "”" and not self.speaks and not self.was_open and not self.marks:
            self.orphan = at
        self.marks += 1
        self.speaks = mark == "“"
        self.was_open = self.was_open and mark == "“"

    def _meant(self, at: int) -> str:
        """Return the mark that was meant at ``at``; the one that stands there when that is not sure."""
        mark = self.words[at]
        left, right = _neighbours(self.words, at)
        if mark == '"':
            return self._straight(left, right) if self.style.mostly_curly else mark
        closes = _closes(left, right)
        if mark == "“" and closes and not _begins(right):
            # Before a space or at the end a mark can only close; “ mot ” with spaces inside is French, and stays.
            return "”"
        lonely = not self.speaks and not self.was_open and left not in _DASHES
        # Where many marks open with ”, somebody writes Swedish or Finnish among the English.
        habit = self.style.openers >= max(_HABIT, _FEW_TIMES * self.style.misfits)
        if mark == "”" and _opens(left, right) and not closes and lonely and habit:
            return "“"
        return mark

    def _straight(self, left: str, right: str) -> str:
        """Return the curly mark that a straight one should be."""
        speaks = self.speaks or self.was_open
        if left.isdigit():  # 6'2" tall
            return "”" if speaks else '"'
        if not left or left.isspace() or left in "([":
            return "“" if right and not right.isspace() else '"'
        if not right or right.isspace() or right in _CLOSE_AFTER:
            return "”"
        if left in _DASHES:
            return "”" if speaks else "“"
        return '"'

    def _missing_opener(self) -> Iterator[Edit]:
        """Propose the mark that was lost at the start, where the only mark closes all that is said."""
        rest = self.words[self.orphan + 1 :].strip()
        begins = len(self.words) - len(self.words.lstrip())
        starts_words = self.words[begins].isalnum() or self.words[begins] in "‘’…—–-"
        if self.marks == 1 and starts_words and (not rest or rest[0].islower()):
            confidence = 0.5 if rest else 0.6
            yield Edit(begins, begins, "“", MISSING, "the paragraph closes speech that nothing opened", confidence)


def _turned(at: int, before: str, after: str) -> Edit:
    if before == '"':
        return Edit(at, at + 1, after, STRAIGHT, "a straight mark among curly ones", 0.95)
    side = "closes" if after == "”" else "opens"
    return Edit(at, at + 1, after, DIRECTION, f"this mark {side} what is said", 0.95)


def apostrophes(seen: View) -> Iterator[Edit]:
    """Yield an edit for every straight apostrophe inside a word of a text whose apostrophes are curly."""
    curly = len(re.findall(r"(?<=\w)’(?=\w)", seen.words))
    straight = list(re.finditer(r"(?<=[^\W\d_])'(?=[^\W\d_])", seen.words))
    if curly >= _MANY_TIMES * len(straight):
        for found in straight:
            yield Edit(found.start(), found.end(), "’", STRAIGHT, "a straight apostrophe among curly ones", 0.95)


def _neighbours(words: str, at: int) -> tuple[str, str]:
    return words[at - 1 : at], words[at + 1 : at + 2]


def _opens(left: str, right: str) -> bool:
    """Say whether a mark between these two stands where speech begins."""
    return (not left or left in _OPEN_BEFORE) and _begins(right)


def _closes(left: str, right: str) -> bool:
    """Say whether a mark between these two stands where speech ends."""
    return bool(left) and not left.isspace() and (not right or right in _CLOSE_AFTER)


def _begins(right: str) -> bool:
    """Say whether what follows a mark can begin speech."""
    return bool(right) and (right.isalnum() or right in "‘’…—–-¡¿([*_$£€&#@.")
