"""A window that moves over the bytes of a dump: it grows when a statement needs more, and forgets what was read."""

from __future__ import annotations

import re
from collections.abc import Iterable

KEEP = 1 << 20
LONGEST = 32 << 20
"""No row, comment or statement of a real archive is longer than this: 32 MB."""


class Window:
    """``text`` holds the bytes around ``at``, the place that is being read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._line, self._counted = 1, 0
        self.text = b""
        self.at = 0
        self.ended = False
        self.size = 0  # bytes read so far

    def ensure(self, ahead: int) -> None:
        """Read on until ``ahead`` bytes lie before us, or the end."""
        if len(self.text) - self.at < ahead and not self.ended:
            self.grow(ahead - (len(self.text) - self.at))

    def grow(self, least: int) -> bool:
        """Read at least ``least`` bytes more. False at the end of the dump."""
        got: list[bytes] = []
        missing = max(least, 1)
        while missing > 0 and not self.ended:
            piece = next(self._pieces, None)
            if piece is None:
                self.ended = True
            else:
                got.append(piece)
                missing -= len(piece)
        self.size += sum(map(len, got))
        self.text = b"".join((self.text, *got))
        return bool(got) and any(got)

    def forget(self) -> None:
        """Drop what lies behind. Offsets change: nobody may hold one across this call."""
        if self.at > KEEP:
            self.line_at(self.at)
            self.text = self.text[self.at :]
            self._counted = 0
            self.at = 0

    def line_at(self, place: int) -> int:
        """Return the number of the line that ``place`` is on."""
        if place >= self._counted:
            self._line += self.text.count(b"\n", self._counted, place)
            self._counted = place
            return self._line
        return self._line - self.text.count(b"\n", place, self._counted)

    def skip(self, pattern: re.Pattern[bytes]) -> None:
        """Move over what ``pattern`` matches here, reading on while it reaches the end of the window."""
        self.ensure(KEEP // 16)
        while (found := pattern.match(self.text, self.at)) is not None:
            reached = found.end() - self.at
            if found.end() < len(self.text) or reached > LONGEST or not self.grow(max(KEEP, reached)):
                self.at = found.end()
                return

    @property
    def done(self) -> bool:
        self.ensure(1)
        return self.at >= len(self.text)
