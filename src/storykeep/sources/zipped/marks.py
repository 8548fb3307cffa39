"""How containers begin that have no magic number."""

from __future__ import annotations

import re

_HEADER = re.compile(rb"\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.ASCII)
_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_SAVED = re.compile(
    rb"^(?:from:\s*<?saved by|snapshot-content-location:|content-location:)", re.IGNORECASE | re.MULTILINE
)


def is_mhtml(head: bytes) -> bool:
    r"""Return whether the bytes begin a page that a browser saved as one file, and not a letter.

    >>> is_mhtml(b"\n".join([b"From: <Saved by Mozilla 5.0>", b"Content-Type: multipart/related;", b""]))
    True
    """
    found = _HEADER.match(head.replace(b"\r\n", b"\n"))
    if found is None or not _RELATED.search(found[0]):
        return False
    return _SAVED.search(found[0]) is not None or b"content-location:" in head.lower()


def is_tar(head: bytes) -> bool:
    """Return whether the bytes begin a tar archive (``ustar`` stands 257 bytes into each header)."""
    return head[257:262] == b"ustar"
