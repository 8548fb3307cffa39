r"""Characters that no text may hold: controls, lone surrogates, noncharacters. They go before anything is parsed.

Stripping them *after* sanitising is dangerous: ``java\x01script:`` is a harmless relative address until somebody
takes the control out. So the sanitiser, the decoder and the parsers all start here.
"""

from __future__ import annotations

import re

# C0 but tab, newline (and carriage return, which becomes one); DEL; lone surrogates; the noncharacters of every plane.
# C1 (U+0080-9F) stays: the HTML parsers and the repairs read it as windows-1252.
_PLANE_ENDS = "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
FORBIDDEN = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_PLANE_ENDS}"
"""The same as the inside of a character class."""

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]+")
_FORBIDDEN_IN_ASCII = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")


def strip(text: str) -> str:
    r"""Return ``text`` without characters that are no text; every kind of newline becomes ``\n``.

    >>> strip("java\x01script\r\n")
    'javascript\n'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (_FORBIDDEN_IN_ASCII if text.isascii() else _FORBIDDEN).sub("", text)


def count_forbidden(text: str) -> int:
    """Return how many characters :func:`strip` would drop (newlines not counted)."""
    return sum(len(found) for found in _FORBIDDEN.findall(text))
