"""The zip around an EPUB, written from parts that are already deflated.

A chapter is deflated once and kept; a book of a hundred chapters is then put together in well under a millisecond.
Dates are fixed and nothing of the machine is recorded, so equal stories give equal bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from storykeep.model.errors import TooLarge

LEVEL = 5
_DATE = 0x0021  # 1 January 1980, the first day that zip knows
_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_MOST_FILES, _MOST_BYTES = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the book, ready for the zip: ``data`` is raw deflate, or the bytes themselves when ``stored``.

    ``size`` counts the bytes before deflating.
    """

    name: str
    data: bytes
    crc: int
    size: int
    stored: bool = False


def piece(name: str, content: str | bytes, *, stored: bool = False) -> Piece:
    """Return ``content`` as a piece called ``name``.

    >>> piece("mimetype", "application/epub+zip", stored=True).size
    20
    """
    plain = content.encode() if isinstance(content, str) else content
    if stored:
        return Piece(name, plain, zlib.crc32(plain), len(plain), stored=True)
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflate.compress(plain) + deflate.flush()
    return Piece(name, data, zlib.crc32(plain), len(plain))


def inflated(part: Piece) -> bytes:
    """Return the bytes of a piece as they were before deflating.

    >>> inflated(piece("a", "b"))
    b'b'
    """
    return part.data if part.stored else zlib.decompress(part.data, -zlib.MAX_WBITS)


def assemble(pieces: Iterable[Piece], out: BinaryIO) -> None:
    """Write ``pieces`` to ``out`` as a zip, one after the other. Raises TooLarge over 4 GB or 65,535 files."""
    directory: list[bytes] = []
    offset = 0
    for part in pieces:
        name = part.name.encode("ascii")
        facts = (20, 0, 0 if part.stored else 8, 0, _DATE, part.crc, len(part.data), part.size, len(name), 0)
        out.write(_LOCAL.pack(0x04034B50, *facts) + name)
        out.write(part.data)
        directory.append(_CENTRAL.pack(0x02014B50, 20, *facts, 0, 0, 0, 0, offset) + name)
        offset += _LOCAL.size + len(name) + len(part.data)
        if offset > _MOST_BYTES or len(directory) > _MOST_FILES:
            raise TooLarge("This story is too large for one EPUB (4 GB, 65,535 files). Divide it into parts.")
    entries, size = len(directory), sum(map(len, directory))
    out.write(b"".join(directory) + _END.pack(0x06054B50, 0, 0, entries, entries, size, offset, 0))
