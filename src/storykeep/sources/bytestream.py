"""The bytes of a dump, unpacked while they are read: plain, gzip, bzip2 or xz, whatever the file is called.

A backup is often the only copy that there is, and often cut off. So what can be unpacked is given out, and what
stopped the rest is remembered (``trouble``) instead of raised.
"""

from __future__ import annotations

import bz2
import codecs
import contextlib
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path

CHUNK = 1 << 20
STEP = 1 << 16
BOMB_SIZE, BOMB_RATIO = 256 << 20, 400  # SQL text packs 5 to 20 times; a quarter gigabyte at 400 times is no dump
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Bytestream:
    """Iterates over the unpacked bytes of ``path`` in pieces; afterwards ``trouble`` says what stopped it early."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.trouble = ""

    def __iter__(self) -> Iterator[bytes]:
        self.trouble = ""
        with self.path.open("rb") as file:
            yield from _as_bytes(self._unpacked(iter(lambda: file.read(CHUNK), b"")))

    def head(self, size: int) -> bytes:
        """Return at most ``size`` of the first unpacked bytes."""
        got = b""
        for piece in self:
            got += piece
            if len(got) >= size:
                break
        return got[:size]

    def _unpacked(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        first = next(pieces, b"")
        if not _packed(first):
            yield first
            yield from pieces
            return
        try:
            yield from self._unpack(first, pieces)
        except (zlib.error, OSError, lzma.LZMAError, EOFError) as error:
            self.trouble = f"The compressed data is damaged ({error}); what came before the damage was read."

    def _unpack(self, piece: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield what the members of a compressed file hold; several may follow one another."""
        member: _Member | None = None
        taken = given = 0
        while piece:
            if member is None:
                if not _packed(piece):
                    return  # padding or rubbish after the last member
                member = _Member(piece)
            for part in member.parts(piece):
                given += len(part)
                yield part
                if given > BOMB_SIZE and given > BOMB_RATIO * (taken + len(piece)):
                    self.trouble = "The file grows beyond all measure when it is unpacked; reading stopped there."
                    return
            taken += len(piece) - len(member.rest)
            piece = member.rest
            member = None if member.eof else member
            piece = piece or next(pieces, b"")
        if member is not None:
            self.trouble = "The compressed file is cut off; what is there was read."


def _packed(head: bytes) -> bool:
    return head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"))


class _Member:
    """One compressed run of bytes, unpacked in parts of at most CHUNK, so that a bomb never lies in memory whole."""

    def __init__(self, head: bytes) -> None:
        self._gzip = zlib.decompressobj(wbits=31) if head.startswith(b"\x1f\x8b") else None
        self._other = bz2.BZ2Decompressor() if head.startswith(b"BZh") else lzma.LZMADecompressor()

    @property
    def eof(self) -> bool:
        return (self._gzip or self._other).eof

    @property
    def rest(self) -> bytes:
        """The bytes behind the end of this member."""
        return (self._gzip or self._other).unused_data if self.eof else b""

    def parts(self, piece: bytes) -> Iterator[bytes]:
        if self._gzip is not None:
            while piece and not self._gzip.eof:
                before = self._gzip.copy()
                try:
                    yield self._gzip.decompress(piece, STEP)
                except zlib.error:
                    yield _last_bytes(before, piece)
                    raise
                piece = self._gzip.unconsumed_tail
            return
        yield self._other.decompress(piece, CHUNK)
        while not self._other.eof and not self._other.needs_input:
            yield self._other.decompress(b"", CHUNK)


def _last_bytes(member: zlib._Decompress, piece: bytes) -> bytes:
    """Return what comes out of a run before the place at which it is damaged."""
    got = bytearray()
    with contextlib.suppress(zlib.error):
        while piece and len(got) <= STEP:
            got += member.decompress(piece, 1)
            piece = member.unconsumed_tail
    return bytes(got)


def _as_bytes(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield ``pieces`` without a byte order mark; UTF-16 (a dump piped through PowerShell) becomes UTF-8."""
    first = next(pieces, b"")
    encoding = _UTF16.get(first[:2], "")
    if not encoding:
        first = first.removeprefix(codecs.BOM_UTF8)
        turned = _with_newlines if b"\r" in first and b"\n" not in first else bytes
        yield turned(first)
        yield from map(turned, pieces)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first[2:]).encode("utf-8", "replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _with_newlines(piece: bytes) -> bytes:
    """Return text of an old Macintosh with the line ends of everybody else."""
    return piece.replace(b"\r", b"\n")
