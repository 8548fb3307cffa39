"""UTF-8 that was read with tables which ftfy does not try: DOS, Central European Macs, Cyrillic.

Every character of UTF-8 above ASCII is a run of two or three bytes of a strict shape. Where a table turns such runs
into text, runs of that shape hardly occur by accident; where several of them mean ordinary punctuation, they are it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import ftfy.bad_codecs  # registers the sloppy tables

from storykeep.text.repair.view import Edit, View

_ = ftfy.bad_codecs
CODE = "repair.mojibake"
_TABLES = ("cp850", "mac_latin2", "cp852", "cp866", "koi8_r", "mac_cyrillic", "cp1253", "iso8859_15")
# Tables that ftfy tries: where one of them explains as much, it is asked.
_TRIED_BY_FTFY = (
    "sloppy-windows-1252",
    "latin-1",
    "mac_roman",
    "sloppy-windows-1250",
    "sloppy-windows-1251",
    "iso8859_2",
    "cp437",
)
_ENOUGH = 2  # runs of one table, one of them punctuation
_DEAD = "\ufffd"
_PUNCTUATION = frozenset("‘’‚“”„–—…•™€")


def edits(seen: View) -> Iterator[Edit]:
    """Yield an edit for every run that is UTF-8 in the table which explains most of them."""
    if seen.words.isascii():
        return
    found = {table: list(_runs(seen.words, table)) for table in _TABLES}
    table = max(found, key=lambda name: len(found[name]))
    best = found[table]
    if not best or any(len(list(_runs(seen.words, other))) >= len(best) for other in _TRIED_BY_FTFY):
        return
    marks = sum(mended in _PUNCTUATION for _, _, mended in best)
    dead = sum(mended == _DEAD for _, _, mended in best)
    if (marks and len(best) >= _ENOUGH) or dead:
        for start, end, mended in best:
            if marks or mended == _DEAD:
                yield Edit(start, end, mended, CODE, f"UTF-8 read as {table}", 0.95)


def _runs(words: str, table: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and meaning of every run of ``table`` that is one ordinary character in UTF-8."""
    for found in _shape(table).finditer(words):
        try:
            mended = found[0].encode(table).decode()
        except UnicodeError:
            continue
        if mended in _PUNCTUATION or mended == _DEAD or "\u00a0" <= mended <= "\u017f":
            yield found.start(), found.end(), mended


@cache
def _shape(table: str) -> re.Pattern[str]:
    two, three, rest = (_characters(table, *span) for span in ((0xC2, 0xDF), (0xE0, 0xEF), (0x80, 0xBF)))
    return re.compile(f"[{two}][{rest}]|[{three}][{rest}]{{2}}")


def _characters(table: str, first: int, last: int) -> str:
    decoded = bytes(range(first, last + 1)).decode(table, "ignore")
    return "".join(re.escape(c) for c in decoded)
