"""The bytes of a web capture file, unpacked: plain, gzip per record, or gzip around the whole.

A damaged gzip member gives out what it can, then reading goes on at the next member: its first bytes are a mark that
can be found. ``BREAK`` stands in the stream where something is missing, so that no record runs over the gap.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CHUNK, SLICE = 1 << 16, 1 << 20
MAGIC = b"\x1f\x8b\x08"
BREAK = b"\r\n\r\n"


@dataclass(slots=True)
class Unpacked:
    """Iterates over the unpacked bytes of a file; ``breaks`` are the places in the file where it is damaged."""

    path: Path
    breaks: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[bytes]:
        self.breaks.clear()
        with self.path.open("rb") as file:
            pieces = iter(lambda: file.read(CHUNK), b"")
            first = next(pieces, b"")
            if first[:2] == MAGIC[:2]:
                yield from self._members(first, pieces)
            else:
                yield first
                yield from pieces

    def _members(self, held: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
        at = 0  # where ``held`` starts in the file
        while held:
            member = zlib.decompressobj(wbits=31)
            try:
                while held and not member.eof:
                    before = member.copy()
                    yield from _parts(member, held)
                    at += len(held) - len(member.unused_data)
                    held = member.unused_data if member.eof else next(pieces, b"")
            except zlib.error:
                self.breaks.append(at)
                yield from _salvaged(before, held)
                yield BREAK
                held, at = self._next_member(held, at, pieces)
                continue
            if not member.eof:
                self.breaks.append(at)
                yield BREAK
            held = held or next(pieces, b"")
            if held and not held.startswith(MAGIC[: len(held)]):
                self.breaks.append(at)
                held, at = self._next_member(held, at, pieces, skip=0)

    def _next_member(self, held: bytes, at: int, pieces: Iterator[bytes], skip: int = 1) -> tuple[bytes, int]:
        """Return the bytes from the next gzip mark on, and where they start in the file."""
        while True:
            found = held.find(MAGIC, skip)
            if found >= 0:
                return held[found:], at + found
            more = next(pieces, b"")
            if not more:
                return b"", at + len(held)
            at += max(0, len(held) - 2)
            held = held[-2:] + more
            skip = 0


def _parts(member: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Yield what ``data`` unpacks to, at most SLICE bytes at once: a bomb never lies in memory whole."""
    while data and not member.eof:
        yield member.decompress(data, SLICE)
        data = member.unconsumed_tail


def _salvaged(member: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Yield what can be unpacked before the damage in ``data``, byte by byte at its edge."""
    for start in range(0, len(data), 64):
        try:
            yield member.decompress(data[start : start + 64], SLICE)
        except zlib.error:
            return
