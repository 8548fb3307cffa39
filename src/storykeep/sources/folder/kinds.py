"""What a file is, told by its first bytes; its name only helps where bytes can't."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    PAGE = "page"  # HTML or text: worth reading
    IMAGE = "image"
    ASSET = "asset"  # style sheets, scripts, fonts: kept, not read
    CONTAINER = "container"  # zip, tar, gzip: opened
    EMPTY = "empty"
    UNKNOWN = "unknown"


HEAD = 4096
"""How many bytes of a file are looked at."""

_IMAGES = (b"\x89PNG\r\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"BM", b"\0\0\1\0", b"II*\0", b"MM\0*")
_CONTAINERS = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_ASSET_NAMES = re.compile(
    r"\.(css|js|mjs|json|map|woff2?|ttf|otf|eot|ico|xsl|dtd|rdf|lst|class|swf|cdx|midi?|mp3|wav|ram?|mov|mpe?g|avi)$",
    re.IGNORECASE,
)
_HOUSEKEEPING = re.compile(
    r"(^|/)(hts-(cache|log\.txt)|robots\.txt$|\.DS_Store$|Thumbs\.db$|desktop\.ini$|__MACOSX/|\.git/)"
)
_PARTS = re.compile(r"(^|/)[^/]+(_files|_fichiers|-Dateien|_archivos|-filer)/", re.IGNORECASE)  # of one saved page
_MARKUP = re.compile(
    rb"<\s*(!doctype|!--|html|head|title|body|table|t[rd]|div|span|p|br|hr|[biua]|font|center|h[1-6]|meta|link|style|"
    rb"script|pre|ul|ol|dl|img|i?frame\w*|blockquote)\b",
    re.IGNORECASE,
)
_CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 27})


def kind_of(name: str, head: bytes) -> Kind:
    """Return what the file called ``name`` is, whose first bytes are ``head``.

    >>> kind_of("fic663.txt", b"All About Spike")
    <Kind.PAGE: 'page'>
    """
    if not head:
        return Kind.EMPTY
    if head.startswith(_CONTAINERS) or is_tar(head):
        return Kind.CONTAINER
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Kind.IMAGE
    if _HOUSEKEEPING.search(name) or _PARTS.search(name) or (_ASSET_NAMES.search(name) and not _MARKUP.search(head)):
        return Kind.ASSET
    return Kind.PAGE if _MARKUP.search(head) or is_text(head) else Kind.UNKNOWN


def is_text(head: bytes) -> bool:
    """Return whether the bytes look like words in some encoding, UTF-16 included."""
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or _looks_like_utf16(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls * 50 <= len(head)


def is_tar(head: bytes) -> bool:
    """Return whether the bytes begin a tar archive (``ustar`` stands 257 bytes into each header)."""
    return head[257:262] == b"ustar"


def media_type(head: bytes) -> str:
    """Return the media type of a page or an image, as far as the first bytes tell."""
    for start, kind in _TYPES:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if _MARKUP.search(head):
        return "text/html"
    return "text/plain" if is_text(head) else "application/octet-stream"


_TYPES = (
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"BM", "image/bmp"),
)


def _looks_like_utf16(head: bytes) -> bool:
    """In European text as UTF-16 every other byte is zero, and the ones between are not."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) * 5 >= len(head) * 2 and min(even, odd) * 20 <= len(head)
