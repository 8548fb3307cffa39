"""What a web server answered: status, headers, and the page itself, its transfer and content encodings undone."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

import brotli

from storykeep.sources.warc.records import WebRecord, headers_of

LIMIT = 16 << 20  # bytes of one unpacked page
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})[^\n]*\n", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"\s*([0-9a-f]{1,8})[ \t]*(?:;[^\n]{0,200})?\r?\n", re.IGNORECASE)
_TEXT = ("text/html", "application/xhtml", "text/plain", "application/xml", "text/xml")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. ``status`` is 0 when the record did not say; ``trouble`` says what could not be unpacked."""

    status: int
    media_type: str
    charset: str
    body: bytes
    location: str = ""
    trouble: str = ""

    @property
    def is_page(self) -> bool:
        """Say whether it may be a page: text that was found."""
        return self.status in (0, 200, 203) and self.media_type.startswith(_TEXT) and bool(self.body.strip())


def answer(record: WebRecord) -> Answer:
    """Return the answer in a response or resource record."""
    told = record.headers.get("content-type", "")
    if record.kind == "resource" or (told and "http" not in told):
        return _typed(0, told, record.block, {})
    status = _STATUS.match(record.block.lstrip()[:2000])
    if status is None:
        return _typed(0, "", record.block, {})
    head = record.block.lstrip()
    blank = _BLANK.search(head)
    headers = headers_of(head[status.end() : blank.start() if blank else len(head)])
    body = head[blank.end() :] if blank else b""
    return _unpacked(int(status[1]), headers, body)


def _unpacked(status: int, headers: dict[str, str], body: bytes) -> Answer:
    trouble = ""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    for coding in reversed(re.split(r"\s*,\s*", headers.get("content-encoding", "").lower())):
        if coding in ("gzip", "x-gzip", "deflate", "br"):
            body, trouble = _decoded(body, coding)
    if body[:3] == b"\x1f\x8b\x08" and headers.get("content-type", "").lower().startswith("text/"):
        body, trouble = _decoded(body, "gzip")  # packed, and nothing says so
    return _typed(status, headers.get("content-type", ""), body, headers, trouble)


def _typed(status: int, told: str, body: bytes, headers: dict[str, str], trouble: str = "") -> Answer:
    media, _, rest = told.partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest, re.IGNORECASE)
    media = media.strip().lower() or _sniffed(body)
    return Answer(status, media, charset[1] if charset else "", body, headers.get("location", ""), trouble)


def _sniffed(body: bytes) -> str:
    head = body[:2000].lower()
    return (
        "text/html"
        if re.search(rb"<(?:!doctype html|html|head|body|title|p|br|table)\b", head)
        else "application/octet-stream"
    )


def _dechunked(body: bytes) -> bytes:
    """Undo chunks; a body that only claims to be chunked stays as it is, a cut one gives what is there."""
    out: list[bytes] = []
    at = 0
    while at < len(body) and (found := _CHUNK.match(body, at)):
        size = int(found[1], 16)
        if size == 0:
            break
        out.append(body[found.end() : found.end() + size])
        at = found.end() + size
    return b"".join(out) if out else body


def _decoded(body: bytes, coding: str) -> tuple[bytes, str]:
    """Return an unpacked body, at most LIMIT bytes of it."""
    if coding == "br":
        return _from_brotli(body)
    bits = 31 if coding.endswith("gzip") else 15
    for wbits in (bits, -15) if coding == "deflate" else (bits,):
        unpacker = zlib.decompressobj(wbits=wbits)
        try:
            data = unpacker.decompress(body, LIMIT)
        except zlib.error:
            continue
        return (
            data,
            "it grows beyond any page" if unpacker.unconsumed_tail else "" if unpacker.eof else "its end is missing",
        )
    other, trouble = _from_brotli(body) if not _is_text(body) else (body, "")
    if other is not body and not trouble:
        return other, ""  # another packing than its header says
    salvaged = _salvaged(body, bits)
    return (salvaged, "it is damaged") if salvaged else (body, "" if body[:2] != b"\x1f\x8b" else "it is damaged")


def _is_text(body: bytes) -> bool:
    return body[:200].lstrip()[:1] == b"<" or body[:200].isascii()


def _salvaged(body: bytes, wbits: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=wbits)
    out: list[bytes] = []
    for start in range(0, len(body), 64):
        try:
            out.append(unpacker.decompress(body[start : start + 64], LIMIT))
        except zlib.error:
            break
    return b"".join(out)


def _from_brotli(body: bytes) -> tuple[bytes, str]:
    unpacker = brotli.Decompressor()
    try:
        data: bytes = unpacker.process(body, output_buffer_limit=LIMIT)
    except brotli.error:
        return body, "it is damaged"
    return data, "" if unpacker.is_finished() else "it grows beyond any page"
