"""Search folding: what a reader types finds what a writer wrote, whatever the accents, case, width or ligatures."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not decompose, but that everybody types with plain ones.
_PLAIN = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t",
        "ı": "i", "ŋ": "n", "ĸ": "k", "ſ": "s", "ƒ": "f", "ə": "e",
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None,
    }
)  # fmt: skip


def fold(words: str) -> str:
    """Return ``words`` as the search compares them: no accents, no case, no width, ligatures open.

    >>> fold("Straße, Ｃａｆé, ﬁancée")
    'strasse, cafe, fiancee'
    """
    apart = unicodedata.normalize("NFKD", words.casefold())
    marks = [ord(c) for c in set(apart) if unicodedata.combining(c)]
    bare = apart.translate(dict.fromkeys(marks)) if marks else apart
    return unicodedata.normalize("NFKC", bare.casefold().translate(_PLAIN))
