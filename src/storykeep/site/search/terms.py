"""Text becomes terms, the same way for what was written and for what is looked for."""

from __future__ import annotations

import re
from functools import lru_cache

from storykeep.text.fold import fold

LONGEST = 60  # characters of a term
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUN = re.compile(rf"[{_CJK}]|(?:[^\W{_CJK}]|(?<=\w)['’ʼ](?=\w))+")
_TERM = re.compile(r"\w+")


def terms(text: str) -> list[str]:
    """Return the terms of ``text``: folded words without apostrophes; each Chinese or Japanese character is one.

    >>> terms("Don’t say “Café” 東京")
    ['dont', 'say', 'cafe', '東', '京']
    """
    return [term for run in _RUN.findall(text) for term in _folded(run)]


@lru_cache(maxsize=65_536)
def _folded(run: str) -> tuple[str, ...]:
    bare = fold(run).replace("'", "")
    return tuple(term[:LONGEST] for term in _TERM.findall(bare))
