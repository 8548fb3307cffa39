"""How many words a text has, and how long it takes to read.

Letters, marks and digits of every script make words; combining accents stay with their letters.
"""

from __future__ import annotations

import re

from storykeep.text.markup import plain

PER_MINUTE = 238  # silent reading of fiction in English, Brysbaert's mean over 190 studies

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_JOIN = "'’\u00b7\u2019\u200c\u200d\u00ad-"
# Marks that stand on letters, which \w leaves out: Latin, Arabic, Devanagari, Bengali, Thai.
_MARKS = (
    r"\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_LETTER = rf"[^\W_{_CJK}][{_MARKS}]*"
_WORD = re.compile(rf"[{_CJK}]|{_LETTER}(?:[{_JOIN}]?{_LETTER}|(?<=\d)[.,:/](?=\d))*+")


def count(html_or_text: str) -> int:
    """Return the number of words, for people: ``don’t``, ``well-known`` and ``3,000`` are one each, marks are none.

    Each Chinese or Japanese character counts as one, as readers and translators there count.

    >>> count("<p>Don’t look <em>up</em>.</p>"), count("漢字 and kana")
    (3, 4)
    """
    text = plain(html_or_text) if "<" in html_or_text or "&" in html_or_text else html_or_text
    return sum(1 for _ in _WORD.finditer(text))


def minutes(words: int) -> int:
    """Return how many minutes ``words`` take to read, at least 1 for anything that has words.

    >>> minutes(2380), minutes(3), minutes(0)
    (10, 1, 0)
    """
    return max(1, round(words / PER_MINUTE)) if words else 0
