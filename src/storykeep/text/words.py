"""How many words a text has, and how long it takes to read."""

from __future__ import annotations

import re

from storykeep.text.markup import plain

PER_MINUTE = 238  # silent reading of fiction in English, Brysbaert's mean over 190 studies

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_JOIN = "'’\u00b7\u2019\u200c\u200d\u00ad-"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}](?:[{_JOIN}]?[^\W{_CJK}])*")


def count(html_or_text: str) -> int:
    """Return the number of words; each Chinese or Japanese character is one.

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
