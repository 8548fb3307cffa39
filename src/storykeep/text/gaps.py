"""Places where a plain text lacks something. They are shown, never filled by guess.

Every source has its own habits, so the text is its own measure: the blank run that it has most often is its separator,
and only longer ones mean that a line between them is gone (a filter that deletes lines leaves both separators behind).
A text in which every paragraph is followed by two blank lines is normal. What was lost is told from the speech around
it where that can be told; "unknown" is an honest answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from storykeep.model.provenance import Gap, GapKind

MOST = 4  # gaps told apart in one place; more lines are one gap
_RUN = re.compile(r"\n(?:[ \t\u00a0]*\n)+")
_SPEECH, _LINE = 300, 400  # characters of a paragraph that is one turn of talk; of a line that leads to an address
_LONG = 3  # a text needs this many separators before one of them can be unusual
_OPENER, _CLOSER = '“"«„‘', '”"»“’'


@dataclass(frozen=True, slots=True)
class _Place:
    """A blank run: the paragraphs around it, the line before it, how many separators it is too long."""

    before: str
    after: str
    line: int
    number: int
    extra: int
    blank: int
    usual: int


def find(text: str) -> tuple[Gap, ...]:
    r"""Return the gaps of a plain text, in order.

    ``line`` is the 1-based line after which something is missing (for a cut-out address: the line itself), ``after``
    counts the paragraphs before it. Several lost lines in one place are several gaps with the same numbers.

    >>> talk = "“Fine. I won’t.”\n\n\n“Am I dismissed now?”"
    >>> [(gap.line, gap.kind.value) for gap in find("One.\n\nTwo.\n\nThree.\n\n" + talk)]
    [(7, 'reply')]
    """
    found = [gap for place in _places(text) for gap in _gaps(place)]
    found += _addresses(text)
    found += _tail(text)
    return tuple(sorted(found, key=lambda gap: (gap.line, gap.after)))


def separator(text: str) -> int:
    r"""Return how many blank lines part the paragraphs of a text: its most frequent run, the shortest on a tie.

    >>> separator("a\n\nb\n\nc\n\n\nd"), separator("a\n\n\nb\n\n\nc"), separator("a\nb")
    (1, 2, 0)
    """
    lengths = Counter(found[0].count("\n") - 1 for found in _RUN.finditer(text.strip("\n")))
    if not lengths:
        return 0
    most = max(lengths.values())
    return min(length for length, count in lengths.items() if count == most)


def _places(text: str) -> Iterator[_Place]:
    usual = separator(text)
    leading = len(text) - len(text.lstrip())
    runs = list(_RUN.finditer(text, leading, len(text.rstrip())))
    if not usual or len(runs) < _LONG:
        return
    start = line = counted = 0
    for number, run in enumerate(runs, 1):
        line += text.count("\n", counted, run.start())
        counted = run.start()
        blank = run[0].count("\n") - 1
        if blank > usual:
            stop = runs[number].start() if number < len(runs) else len(text)
            before, after = text[start : run.start()].strip(), text[run.end() : stop].strip()
            extra = max(1, round((blank - usual) / usual))
            yield _Place(before, after, line + 1, number, extra, blank, usual)
        start = run.end()


def _gaps(place: _Place) -> Iterator[Gap]:
    """Yield what is missing in one place: one gap for each line that is gone."""
    reason = f"{place.blank} blank lines where {place.usual} is usual"
    if place.extra > MOST:
        yield _gap(place, GapKind.UNKNOWN, 0.4, reason)
        return
    for kind, confidence, why in _kinds(place):
        yield _gap(place, kind, confidence, f"{reason}; {why}")


def _gap(place: _Place, kind: GapKind, confidence: float, reason: str) -> Gap:
    return Gap(kind=kind, after=place.number, line=place.line, confidence=confidence, reason=reason)


def _kinds(place: _Place) -> Iterator[tuple[GapKind, float, str]]:
    """Yield a kind, its confidence and the reason for every line that is missing in a place."""
    speech_before, speech_after = _is_speech_end(place.before), _is_speech_start(place.after)
    new_scene = not speech_after and (speech_before or _SCENE_START.match(place.after) is not None)
    if place.extra > 1 and new_scene:
        yield from ((GapKind.UNKNOWN, 0.4, "nothing tells what the line was"),) * (place.extra - 1)
        yield GapKind.SCENE_BREAK, 0.6, "talk before, narration after: a scene ends here"
        return
    for _ in range(place.extra):
        yield _kind(place, speech_before=speech_before, speech_after=speech_after)


def _kind(place: _Place, *, speech_before: bool, speech_after: bool) -> tuple[GapKind, float, str]:
    if speech_before and speech_after:
        return GapKind.REPLY, 0.7, "two people speak in turn, and a turn is missing"
    if speech_after and _ANSWER.match(place.after):
        return GapKind.REPLY, 0.55, "what follows is an answer, and nothing asks"
    if speech_before and _asks(place.before) and not speech_after and not _SCENE_START.match(place.after):
        return GapKind.REPLY, 0.45, "a question is asked, and nobody answers"
    if _SCENE_START.match(place.after):
        return GapKind.SCENE_BREAK, 0.5, "what follows begins a new scene"
    return GapKind.UNKNOWN, 0.4, "a deleted line or an empty spacer; nothing tells which"


_ANSWER = re.compile(
    r"[“\"«„‘]?\s*(?:yes|yeah|yep|yup|no|nope|nah|sure|of course|okay|ok|alright|all right|maybe|perhaps|"
    r"never|always|what\?|pardon|sorry\?|who\?|where\?|why\?|oui|non|ja|nein|sí|da|nie|tak)\b",
    re.IGNORECASE,
)
_SCENE_START = re.compile(
    r"(?:later\b|meanwhile\b|(?:the )?(?:next|following) (?:day|morning|night|evening|afternoon|week|month|year)\b|"
    r"that (?:night|evening|morning|afternoon)\b|"
    r"(?:\w+ ){1,3}(?:minutes|hours|days|weeks|months|years) (?:later|after|ago)\b|"
    r"(?:it|dawn|dusk|night|morning) (?:was|came|had) (?:\w+ ){0,3}(?:morning|night|dark|evening|late|dawn|\w*day)\b|"
    r"(?:by|at) (?:dawn|dusk|noon|midnight|nightfall)\b|back (?:at|in|on) (?:the|his|her|their)\b|"
    r"when (?:he|she|they|i) (?:woke|awoke|came to)\b)",
    re.IGNORECASE,
)


def _is_speech_start(paragraph: str) -> bool:
    """Say whether a paragraph begins with speech; a repair may have had to add the mark (“’Bout time”)."""
    return paragraph[:1] in _OPENER and len(paragraph) > 1 and not paragraph[1].isspace()


def _is_speech_end(paragraph: str) -> bool:
    """Say whether a paragraph is speech for the most part or ends with it."""
    if not paragraph:
        return False
    if paragraph[-1] in _CLOSER and any(mark in paragraph for mark in _OPENER):
        return True
    return paragraph[0] in _OPENER and len(paragraph) < _SPEECH


def _asks(paragraph: str) -> bool:
    return paragraph.rstrip('”"»’ ').endswith("?")


# Lines in which a filter cut out an address: it leaves the words that led to it, with nothing behind.
_CUT_OUT = (
    re.compile(
        r"^\W*(?:(?:author'?s?\s+)?e-?mail(?:\s+address)?|url|web\s?(?:site|page)|home\s?page|site|contact|"
        r"feedback|reviews?|archived? at|link)\s*[:=]\s*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:web\s?site|site|home\s?page|web\s?page|page|archive|journal|livejournal|blog|list|group|stories|fic|fics)"
        r"\s+(?:is\s+|are\s+|can be found\s+|is located\s+|found\s+|here\s+)?(?:at|on)"
        r"\s*[:]?\s*(?:[<(\[]\s*[>)\]])?(?:\s+[.,;)!])?\s*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:e-?mail|write|send|feedback|reviews?|comments?|contact|reach|flames)\b[^.\n]{0,40}\b(?:to|at)\s*:?\s*(?:[<(\[]\s*[>)\]])?(?:\s+[.,;)!])?\s*$",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:reviews?|feedback|comments?|visit|e-?mail(?: me)?)\s*:\s*$", re.IGNORECASE),
)


def _addresses(text: str) -> Iterator[Gap]:
    """Yield a gap for every line from which an address was cut out."""
    number = 0
    new = True
    for at, line in enumerate(text.split("\n"), 1):
        blank = not line.strip()
        number += new and not blank
        new = blank
        if not blank and len(line) < _LINE and any(pattern.search(line) for pattern in _CUT_OUT):
            yield Gap(
                kind=GapKind.ADDRESS,
                after=number,
                line=at,
                confidence=0.6,
                reason=f"the words “{line.strip()[-40:]}” lead to an address that is gone",
            )


def _tail(text: str) -> Iterator[Gap]:
    """Yield a gap when a text that lost lines elsewhere ends with more blank lines than its own separator."""
    usual = separator(text)
    trailing = text[len(text.rstrip()) :]
    blank = trailing.count("\n") - 1
    runs = [run.count("\n") - 1 for run in _RUN.findall(text.strip())]
    if usual and blank > usual and len(runs) >= _LONG and max(runs) > usual:
        yield Gap(
            kind=GapKind.TAIL,
            after=len(runs) + 1,
            line=text.rstrip().count("\n") + 1,
            confidence=0.3,
            reason=f"{blank} blank lines at the end where {usual} part paragraphs; something may have followed",
        )
