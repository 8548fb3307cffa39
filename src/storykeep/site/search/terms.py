"""Text becomes terms, the same way for what was written and for what is looked for.

Words are folded: no accents, no case, no apostrophes. Scripts that put no spaces between words, or put more than a word
between two (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese), are cut into pairs of letters: 東京の is 東京, 京の
and の. So two letters are one term, more are terms side by side, and one letter is the beginning of terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from storykeep.text.fold import fold

LONGEST = 60  # characters of a term
_JOINED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
_RUN = re.compile(rf"(?P<joined>[{_JOINED}]+)|(?:[^\W{_JOINED}]|(?<=\w)['’ʼ](?=\w))+")
_TERM = re.compile(r"\w+")
_ODD = re.compile(r"(\S*[^\x00-\x7f]\S*)")  # what stands between spaces and has a letter beyond ASCII
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_BETWEEN = "“”‘—–…\u00a0"  # typographers' marks that end a word wherever they stand


def terms(text: str) -> list[str]:
    """Return the terms of ``text``.

    >>> terms("Don’t say “Café” 東京")
    ['dont', 'say', 'cafe', '東京', '京']
    """
    if text.isascii():
        return _plain(text)
    text = text.replace("’", "'")
    for mark in _BETWEEN:
        text = text.replace(mark, " ")
    if text.isascii():
        return _plain(text)
    found: list[str] = []
    for number, part in enumerate(_ODD.split(text)):
        found += (
            (each for run in _RUN.finditer(part) for each in _written(run[0], run.lastgroup))
            if number % 2
            else _plain(part)
        )
    return found


def _plain(text: str) -> list[str]:
    """Return the terms of ASCII text: most of what is written here, in a tenth of the time."""
    found = _TERM.findall(_APOSTROPHE.sub("", text.lower()) if "'" in text else text.lower())
    return [term[:LONGEST] for term in found] if len(max(found, key=len, default="")) > LONGEST else found


class Wanted(NamedTuple):
    """Terms that must stand side by side: (offset, term). ``goes_on`` lets the last one go on."""

    terms: tuple[tuple[int, str], ...]
    goes_on: bool = False


def wanted(text: str, *, goes_on: bool = False) -> Wanted:
    """Return what to look for when ``text`` was typed; ``goes_on`` when its last word may go on.

    >>> wanted("東京の café")
    Wanted(terms=((0, '東京'), (1, '京の'), (2, 'の'), (3, 'cafe')), goes_on=False)
    >>> wanted("夜")
    Wanted(terms=((0, '夜'),), goes_on=True)
    """
    runs = [(run.lastgroup, _written(run[0], run.lastgroup)) for run in _RUN.finditer(text)]
    runs = [(joined, found) for joined, found in runs if found]
    placed = list(enumerate(term for _, found in runs for term in found))
    if runs and runs[-1][0]:
        single = len(runs[-1][1]) == 1
        return Wanted(tuple(placed if single else placed[:-1]), single)
    return Wanted(tuple(placed), goes_on and bool(placed))


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the folded words of ``text``, and whether each is of a script without spaces.

    >>> list(runs("Café 東京"))
    [('cafe', False), ('東京', True)]
    """
    for run in _RUN.finditer(text):
        for word in _folded(run[0]):
            yield word[: None if run.lastgroup else LONGEST], bool(run.lastgroup)


def _written(run: str, joined: str | None) -> tuple[str, ...]:
    if not joined:
        return _spaced(run)
    return tuple(pair for word in _folded(run) for pair in (word[at : at + 2] for at in range(len(word))))


@lru_cache(maxsize=65_536)
def _spaced(run: str) -> tuple[str, ...]:
    return tuple(term[:LONGEST] for term in _folded(run))


def _folded(run: str) -> list[str]:
    return _TERM.findall(fold(run).replace("'", ""))
