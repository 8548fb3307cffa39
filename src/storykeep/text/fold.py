"""Search folding: what a reader types finds what a writer wrote, whatever the accents, case, width or ligatures."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

# Letters that Unicode does not decompose, but that everybody types with plain ones.
_PLAIN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t",
    "ı": "i", "ŋ": "n", "ĸ": "k", "ſ": "s", "ƒ": "f", "ə": "e",
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
    "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
}  # fmt: skip


def fold(words: str) -> str:
    """Return ``words`` as the search compares them: no accents, no case, no width, ligatures open.

    >>> fold("Straße, Ｃａｆé, ﬁancée")
    'strasse, cafe, fiancee'
    """
    if words.isascii():
        return words.lower().replace("`", "'")
    apart = unicodedata.normalize("NFKD", words.casefold())
    bare = _swapped(apart, {c: "" for c in set(apart) if unicodedata.combining(c)})
    return unicodedata.normalize("NFKC", _swapped(bare.casefold(), _PLAIN))


def _swapped(words: str, others: Mapping[str, str]) -> str:
    """Return ``words`` with some letters put in the place of others; few of them occur, so this beats translate()."""
    for letter in set(words) & others.keys():
        words = words.replace(letter, others[letter])
    return words
