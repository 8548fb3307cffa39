"""Other ways to write the same records in Perl, turned line by line into the one that the database was made with.

``$FILES{7} = {``, ``$FILES{7}{Title} = '…';``, ``'Title', '…'``, ``q{…}`` and ``'…' . '…'`` all occur where somebody
edited the file or saved it with a tool. This turns text into text; nothing is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_ID = rb"['\"]?([\w.-]{1,40})['\"]?"
_NAME = rb"['\"]?([A-Za-z_]\w{0,40})['\"]?"
_SIGIL = rb"^\s*\$(?:main::|::)?\w+\s*(?:->)?\s*"
_FIELD_OF = re.compile(
    _SIGIL + rb"\{\s*" + _ID + rb"\s*\}\s*(?:->)?\s*\{\s*" + _NAME + rb"\s*\}\s*=\s*(.*?);?\s*$", re.DOTALL
)
_RECORD_OF = re.compile(_SIGIL + rb"[\[{]\s*" + _ID + rb"\s*[\]}]\s*=\s*\{(.*)$", re.DOTALL)
_COMMAS = re.compile(
    rb"^(\s*)['\"](title|author|email|summary|category|pairing|rating|location|filetype|size|date|printabletime|"
    rb"sequelname|warnings?|notes)['\"]\s*,\s*(?=['\"])",
    re.IGNORECASE,
)
_QUOTED = re.compile(rb"=>\s*qq?\s*([{(\[|/!<~#])")
_PAIRS = {b"{": b"}", b"(": b")", b"[": b"]", b"<": b">"}
_JOINED = re.compile(rb"(['\"])\s*\.\s*\1")
_GOES_ON = re.compile(rb"(['\"])\s*\.\s*$")


def usual(lines: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield lines as the database writes them; a line that needs nothing stays as it is.

    >>> list(usual([b"$FILES{7}{Title} = 'Salt';\n", b"$FILES{7}{Author} = q{Wren};\n"]))
    [b'7 => {', b"Title => 'Salt',", b"Author => 'Wren',"]
    """
    turned = _Turned()
    for line in _whole(lines):
        yield from turned.line(line)


def _whole(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Join lines whose string goes on behind a full stop."""
    waiting = b""
    for line in lines:
        text = waiting + (line.lstrip() if waiting else line)
        waiting = b""
        text = _JOINED.sub(b"", text)
        if (found := _GOES_ON.search(text.rstrip())) and b"=>" in text:
            waiting = text[: found.start()] + found[1] + b" . "
            continue
        yield text
    if waiting:
        yield waiting


class _Turned:
    """Where we are: which record the last assignment was about, and in which long quotation."""

    def __init__(self) -> None:
        self._record = b""
        self._close = b""

    def line(self, line: bytes) -> Iterator[bytes]:
        if self._close:
            yield self._inside(line)
            return
        if found := _FIELD_OF.match(line.rstrip(b"\r\n")):
            if found[1] != self._record:
                self._record = found[1]
                yield found[1] + b" => {"
            yield self._opened(found[2] + b" => " + found[3] + b",")
            return
        if found := _RECORD_OF.match(line):
            self._record = found[1]
            line = found[1] + b" => {" + found[2]
        yield self._opened(_COMMAS.sub(rb"\1\2 => ", line))

    def _opened(self, line: bytes) -> bytes:
        """Return a line with ``q{…}`` as a plain string; one that is not closed here is closed later."""
        while found := _QUOTED.search(line):
            close = _PAIRS.get(found[1], found[1])
            end = _end(line, found.end(), found[1], close)
            if end < 0:
                self._close = close
                return line[: found.start()] + b"=> '" + _escaped(line[found.end() :])
            line = line[: found.start()] + b"=> '" + _escaped(line[found.end() : end]) + b"'" + line[end + 1 :]
        return line

    def _inside(self, line: bytes) -> bytes:
        end = re.search(re.escape(self._close) + rb"\s*,?\s*$", line)
        if end is None:
            return _escaped(line)
        self._close = b""
        return _escaped(line[: end.start()]) + b"',\n"


def _end(line: bytes, start: int, opened: bytes, close: bytes) -> int:
    """Return where a quotation ends: brackets inside it count."""
    depth = 1
    for at in range(start, len(line)):
        sign = line[at : at + 1]
        depth += (sign == opened and opened != close) - (sign == close)
        if depth == 0:
            return at
    return -1


def _escaped(text: bytes) -> bytes:
    return re.sub(rb"(?<!\\)'", rb"\\'", text)
