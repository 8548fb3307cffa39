"""Names for things: content hashes, slugs for people, keys that stay the same between rescues."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w]+|_+", re.UNICODE)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def slug(words: str, *, limit: int = 60) -> str:
    """Return ``words`` as a readable part of an address: ASCII where possible, never empty, ≤ ``limit`` characters.

    >>> slug("Café Noir, Two Sugars!")
    'cafe-noir-two-sugars'
    >>> slug("***")
    'untitled'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    parts = _NOT_WORD.sub("-", plain.casefold().replace("’", "").replace("'", "")).strip("-")
    if len(parts) > limit:
        parts = parts[:limit].rsplit("-", 1)[0] or parts[:limit]
    return unicodedata.normalize("NFC", parts) or "untitled"


def key(*parts: str) -> str:
    """Return a stable key of the given parts, readable at the front and safe in a path.

    >>> key("All About Spike", "fic", "663")
    'all-about-spike/fic/663'
    """
    return "/".join(slug(part, limit=80) for part in parts if part)
