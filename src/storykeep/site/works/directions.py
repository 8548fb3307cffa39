"""Which way each paragraph runs, said where scripts mix: by most of its letters, not by its first.

``dir="auto"`` goes by the first letter, so a Hebrew paragraph that opens with an English name would run the wrong way.
"""

from __future__ import annotations

import re

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
LETTER = re.compile(r"[^\W\d_]")
BLOCK = re.compile(
    r"<(p|li|dt|dd|h[1-6]|td|th|div|blockquote|pre)((?:\s[^>]*)?)>([^<]*(?:<(?!/?(?:p|li|dt|dd|h[1-6]|td|th|div|blockquote|pre)\b)[^<]*)*)"
)
TAG = re.compile(r"<[^>]*>")


def directed(html: str) -> str:
    """Return clean ``html`` with ``dir`` on its paragraphs when any of it runs from right to left.

    >>> directed("<p>One</p>"), directed("<p>One</p><p>שלום</p>")
    ('<p>One</p>', '<p dir="ltr">One</p><p dir="rtl">שלום</p>')
    """
    return BLOCK.sub(_direct, html) if RIGHT_TO_LEFT.search(html) else html


def _direct(found: re.Match[str]) -> str:
    name, attributes, inside = found.groups()
    words = TAG.sub("", inside)
    letters, leftward = len(LETTER.findall(words)), len(RIGHT_TO_LEFT.findall(words))
    if not letters or " dir=" in attributes:
        return found[0]
    return f'<{name}{attributes} dir="{"rtl" if leftward * 2 > letters else "ltr"}">{inside}'
