"""Records of WARC and ARC files, one by one, whatever is broken between them.

A record says how long it is. When what follows is not the next record, its length was a lie: then the record ends where
the next one begins. What lies between two records is skipped and told, with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HEADER_LIMIT = 256 << 10  # bytes of a record's own header that are read
LONGEST_MARK = 9_000
NEAR = 1 << 20  # a record that says it is huge, with the next one this near, lies
BLOCK_LIMIT = 24 << 20  # a longer record is no page: it is passed over
_START = re.compile(rb"WARC/\d{1,2}\.\d{1,4}\r?\n(?=[A-Za-z][\w-]*:)")
_ARC = re.compile(
    rb"(?:^|(?<=\n))(?:https?|ftp|filedesc|dns|gopher)://?\S{1,8000} \S{1,64} \d{8,14} \S{1,120} "
    rb"(?P<length>\d{1,12})\r?\n",
    re.IGNORECASE,
)
_BLANK = re.compile(rb"\r?\n\r?\n")
_GAP = re.compile(rb"\s*\Z|\s*WARC/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class WebRecord:
    """One record. ``headers`` have names in lower case; ``at`` is its place in the unpacked bytes.

    ``damage`` says in words what was wrong with it, empty when nothing was. ``block`` is empty when it was too long.
    """

    headers: dict[str, str]
    block: bytes
    at: int
    damage: str = ""
    size: int = 0

    @property
    def kind(self) -> str:
        return self.headers.get("warc-type", "").lower()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Bytes that belong to no record."""

    at: int
    size: int


@dataclass(slots=True)
class _Reel:
    """A window over the unpacked bytes; ``base`` is where ``text`` starts in them."""

    pieces: Iterator[bytes]
    text: bytes = b""
    at: int = 0
    base: int = 0
    ended: bool = False

    def ensure(self, ahead: int) -> None:
        missing = ahead - (len(self.text) - self.at)
        got: list[bytes] = []
        while missing > 0 and not self.ended:
            piece = next(self.pieces, None)
            if piece is None:
                self.ended = True
            else:
                got.append(piece)
                missing -= len(piece)
        if got:
            self.text = b"".join((self.text[self.at :], *got))
            self.base += self.at
            self.at = 0

    @property
    def place(self) -> int:
        return self.base + self.at


def records(pieces: Iterable[bytes]) -> Iterator[WebRecord | Skipped]:
    r"""Yield the records in unpacked bytes, and what was skipped between them.

    >>> data = b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 2\r\n\r\nHi\r\n\r\n"
    >>> [(record.kind, record.block) for record in records([data, data])]
    [('resource', b'Hi'), ('resource', b'Hi')]
    """
    reel = _Reel(iter(pieces))
    while True:
        skipped = _between(reel)
        if skipped.size:
            yield skipped
        if reel.at >= len(reel.text):
            return
        found = _START.match(reel.text, reel.at)
        yield _warc(reel, found) if found else _arc(reel)


def _between(reel: _Reel) -> Skipped:
    """Move to the next record, or to the end; return what of the bytes before it is more than white space."""
    start, lost = reel.place, 0
    while True:
        reel.ensure(HEADER_LIMIT)
        found = _START.search(reel.text, reel.at) or _ARC.search(reel.text, reel.at)
        keep = 0 if reel.ended else LONGEST_MARK  # a record's first bytes may lie half in the window
        stop = found.start() if found else max(reel.at, len(reel.text) - keep)
        lost += len(reel.text[reel.at : stop].strip(b"\r\n\0 \t"))
        reel.at = stop
        if found or reel.ended:
            return Skipped(start, lost)


def _warc(reel: _Reel, found: re.Match[bytes]) -> WebRecord:
    place = reel.place
    blank = _BLANK.search(reel.text, found.end() - 2, reel.at + HEADER_LIMIT)
    if blank is None:
        return _headless(reel, found, place)
    headers = headers_of(reel.text[found.end() : blank.start()])
    reel.at = blank.end()
    length = _length(headers)
    if length is not None and length > BLOCK_LIMIT:
        reel.ensure(NEAR)
        if not _START.search(reel.text, reel.at, reel.at + NEAR):
            return WebRecord(headers, b"", place, _passed_over(reel, length), length)
    block, damage = _block(reel, length)
    return WebRecord(headers, block, place, damage, len(block))


def _passed_over(reel: _Reel, length: int) -> str:
    """Move over a block that is too long to be a page, to the next record if that comes earlier; say what is wrong."""
    end = reel.place + length
    while reel.place < end:
        reel.ensure(HEADER_LIMIT)
        found = _START.search(reel.text, reel.at, reel.at + max(0, min(len(reel.text), end - reel.place)))
        if found:
            reel.at = found.start()
            return "its length is wrong"
        if reel.ended:
            reel.at = min(len(reel.text), reel.at + end - reel.place)
            return "it is longer than any page" if reel.place == end else "it is cut off"
        reel.at += min(end - reel.place, max(1, len(reel.text) - reel.at - LONGEST_MARK))
    return "it is longer than any page"


def _headless(reel: _Reel, found: re.Match[bytes], place: int) -> WebRecord:
    """Pass over a record whose header never ends, or is longer than any header."""
    following = _START.search(reel.text, found.end(), reel.at + HEADER_LIMIT)
    headers = headers_of(reel.text[found.end() : reel.at + 4096])
    reel.at = following.start() if following else min(len(reel.text), reel.at + HEADER_LIMIT)
    return WebRecord(headers, b"", place, "its header is damaged or too long")


def _block(reel: _Reel, length: int | None) -> tuple[bytes, str]:
    """Return a record's block and what is wrong with its length."""
    if length is None:
        return _until_next(reel, length)
    reel.ensure(length + HEADER_LIMIT // 4)
    end = reel.at + length
    inside = None if _GAP.match(reel.text, end, end + 32) else _START.search(reel.text, reel.at, end + LONGEST_MARK)
    if end > len(reel.text) or inside or _runs_on(reel, end):
        return _until_next(reel, length)
    block = reel.text[reel.at : end]
    reel.at = end
    return block, ""


def _runs_on(reel: _Reel, end: int) -> bool:
    """Say whether a page goes on behind the length that its record states: its end is there, before the next record."""
    if _GAP.match(reel.text, end, end + 32):
        return False
    following = _START.search(reel.text, end)
    rest = reel.text[end : following.start() if following else len(reel.text)].lower()
    return b"</html" in rest and b"</html" not in reel.text[reel.at : end].lower()


def _until_next(reel: _Reel, length: int | None) -> tuple[bytes, str]:
    """Return the block up to where the next record begins, since its length is missing or wrong."""
    ahead = HEADER_LIMIT
    while (found := _START.search(reel.text, reel.at)) is None and not reel.ended and ahead < BLOCK_LIMIT:
        ahead *= 4
        reel.ensure(ahead)
    end = found.start() if found else min(len(reel.text), reel.at + BLOCK_LIMIT)
    block = reel.text[reel.at : end]
    reel.at = end
    if found:
        return block.removesuffix(b"\r\n\r\n").removesuffix(
            b"\n\n"
        ), "its length is missing" if length is None else "its length is wrong"
    return block, "it is cut off" if length is not None and len(block) < length else "its length is wrong"


def _arc(reel: _Reel) -> WebRecord:
    """Return a record of the older ARC format: one line of header, then the answer of the server."""
    place = reel.place
    found = _ARC.match(reel.text, reel.at) or _ARC.search(reel.text, reel.at)
    assert found is not None  # noqa: S101 — for the type checker: _between() has seen to it
    words = found[0].decode("utf-8", "replace").split()
    stamp = words[-3].ljust(14, "0")
    date = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}Z"
    description = words[0].lower().startswith(("filedesc", "dns"))
    headers = {
        "warc-type": "warcinfo" if description else "response",
        "warc-target-uri": words[0],
        "warc-date": date,
        "content-type": "application/http; msgtype=response",
    }
    reel.at = found.end()
    length = int(found["length"])
    if length > BLOCK_LIMIT:
        return WebRecord(headers, b"", place, _passed_over(reel, length), length)
    reel.ensure(length + 2)
    block = reel.text[reel.at : reel.at + length]
    reel.at = min(len(reel.text), reel.at + length)
    return WebRecord(headers, block, place, "" if len(block) == length else "it is cut off", len(block))


def headers_of(data: bytes) -> dict[str, str]:
    """Return the headers of a record or an answer: names in lower case, the first of each wins, folded lines joined."""
    found: dict[str, str] = {}
    name = ""
    for line in data.decode("utf-8", "replace").splitlines()[:400]:
        if line[:1] in " \t" and name:
            found[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            if name in found:
                name = ""
            else:
                found[name] = value.strip()
    return found


def _length(headers: dict[str, str]) -> int | None:
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None  # noqa: PLR2004 — a petabyte
