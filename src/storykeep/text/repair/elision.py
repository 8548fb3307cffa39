"""Apostrophes that a word processor took for opening quotes: ``‘til``, ``‘cause``, ``rock ‘n’ roll``, ``the ‘80s``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.text.repair.view import Edit, View

CODE = "repair.elision"

# Words that have lost their first letters. Some are words of their own as well (round, ere, e): none of these is
# touched where a closing quote follows that it could have opened.
_LOST_LETTERS = (
    "alf appen ard ave bacco bout bye cause cept cos course coz cross cuz cuse e eard ello em er ere erself fore fraid "
    "gainst gin hood im imself kay less lil lowed magine mongst nam neath nother nuff ome orse ospital ouse ow round "
    "scuse spect specially spose spite stead sup tain tched thout til till tis tisn tude tween twas twasn tweren twere "
    "twill twixt twould way zactly zat"
)
_BOTH = "|".join(sorted(_LOST_LETTERS.split(), key=len, reverse=True))
_WRONG_WAY = re.compile(rf"(?<![\w’'])‘(?=(?:{_BOTH}|[2-9]0s|\d\ds?)(?![\w]))", re.IGNORECASE)
_AND = re.compile(
    r"(?<!\bthe[ -])(?<!\bletter[ -])(?<!\ban[ -])(?<=\w[ -])"
    r"‘(?=n[’'‘]?[ -](?!(?:is|was|are|in|and|or|at|on|of|to)\b)\w)"
)
_INSIDE = re.compile(r"(?<=[A-Za-z])‘(?=(?:s|t|m|d|ll|ve|re)(?![\w]))")
_AND_END = re.compile(r"(?<=[‘’']n)‘(?=[\s-])", re.IGNORECASE)
_CLOSER = re.compile(r"(?P<word>[\w’]*)(?P<point>[.,;:!?…—–-]*)’(?![\w])")
# An apostrophe at the end of these is an elision or a possessive, and closes nothing.
_TRAILING = re.compile(r"\w+in|\w*s|an|o|t|th|wi|wit|ol|mo|po|li|fo|yo|ha", re.IGNORECASE)
_REACH = 400  # characters in which a quotation of one line would close


def edits(seen: View) -> Iterator[Edit]:
    """Yield an edit for every apostrophe that stands the wrong way round; quotations in single quotes stay."""
    if "‘" not in seen.words:
        return
    for pattern, reason in ((_INSIDE, "inside a word"), (_AND, "before n for and"), (_AND_END, "after n for and")):
        for found in pattern.finditer(seen.words):
            yield Edit(found.start(), found.end(), "’", CODE, f"an apostrophe {reason}", 0.97)
    for found in _WRONG_WAY.finditer(seen.words):
        word = re.match(r"\w+", seen.words[found.end() :])
        if word and word[0].lower() != "n" and not _closes(seen.words, found.end() + len(word[0])):
            yield Edit(
                found.start(),
                found.end(),
                "’",
                CODE,
                f"an apostrophe before “{word[0]}”, which has lost its beginning",
                0.9,
            )


def _closes(words: str, at: int) -> bool:
    """Say whether a closing single quote follows in the same paragraph, before another one opens."""
    stop = words.find("\n", at)
    rest = words[at : min(stop if stop >= 0 else len(words), at + _REACH)]
    opener = re.search(r"(?<![\w])‘(?=\w)", rest)
    for found in _CLOSER.finditer(rest, 0, opener.start() if opener else len(rest)):
        if found["point"] or not _TRAILING.fullmatch(found["word"]):
            return True
    return False
