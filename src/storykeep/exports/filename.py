"""What a download is called: ``Author - Title.epub``, safe on every disk and in every header."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from storykeep.model.identity import sha256
from storykeep.model.story import Story

LIMIT = 150
"""Longest name in bytes, suffix included: e-readers, zip programs and old file systems stop between 200 and 255."""

_FORBIDDEN = re.compile(r'[/\\:*?"<>|]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SPELT = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
        "‘": "'",
        "’": "'",
        "“": "'",
        "”": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "%": " ",
        ";": ",",
    }
)


def name(story: Story, suffix: str) -> str:
    """Return the name of a download, in the story's own letters.

    >>> name(Story(key="x", title="Where? / Here: “Now”"), ".epub")
    'Where Here “Now”.epub'
    """
    return _fit(_clean(" - ".join(_parts(story))) or _stand_in(story), suffix)


def ascii_name(story: Story, suffix: str) -> str:
    """Return the same name in ASCII, for readers that know nothing else; letters without a likeness are left out.

    >>> ascii_name(Story(key="x", title="Café à la Østergård"), ".epub")
    'Cafe a la Ostergard.epub'
    """
    parts = [_ascii(part) for part in _parts(story)]
    title = parts[-1]
    if not re.search(r"[A-Za-z0-9]", title):
        parts[-1] = _stand_in(story)
    return _fit(_clean(" - ".join(part for part in parts if part)), suffix)


def disposition(story: Story, suffix: str) -> str:
    r"""Return the ``Content-Disposition`` of a download: ASCII for all, UTF-8 (RFC 5987) for those who understand.

    >>> disposition(Story(key="x", title="Café"), ".epub")
    'attachment; filename="Cafe.epub"; filename*=UTF-8\'\'Caf%C3%A9.epub'
    """
    plain, own = ascii_name(story, suffix), name(story, suffix)
    header = f'attachment; filename="{plain}"'
    return header if plain == own else f"{header}; filename*=UTF-8''{quote(own, safe='')}"


def _parts(story: Story) -> list[str]:
    """Return the byline (at most three names) and the title."""
    authors = story.authors[:3]
    byline = _clean(" & ".join(authors)) + (" et al" if len(story.authors) > len(authors) else "")
    return [part for part in (byline[:80], _clean(story.title or "Untitled") or "Untitled") if part]


def _clean(words: str) -> str:
    """Return ``words`` without what a disk, a header or the eye could be fooled by."""
    seen = "".join(c if _shown(c) else " " if c.isspace() else "" for c in unicodedata.normalize("NFC", words))
    return " ".join(_FORBIDDEN.sub(" ", seen).split()).strip(". ")


def _shown(letter: str) -> bool:
    return letter == " " or unicodedata.category(letter)[0] not in "CZ"


def _ascii(words: str) -> str:
    apart = unicodedata.normalize("NFKD", words.translate(_SPELT))
    return _clean(apart.encode("ascii", "ignore").decode("ascii")).strip("- ")


def _stand_in(story: Story) -> str:
    """Return a name that says nothing but stays the same, for titles that ASCII can't write."""
    return f"story-{sha256(story.key.encode('utf-8', 'replace'))[:8]}"


def _fit(stem: str, suffix: str) -> str:
    """Return ``stem`` and ``suffix`` in at most LIMIT bytes, cut between letters, and never a device's name."""
    room = LIMIT - len(suffix)
    if len(stem.encode()) > room:
        stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .-")
    if _RESERVED.fullmatch(stem):
        stem = f"{stem}_"
    return stem + suffix
