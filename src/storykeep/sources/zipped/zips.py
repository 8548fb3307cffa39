"""Zip files: by their directory where it is sound, by their local headers where it is lost."""

from __future__ import annotations

import io
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import IO, cast

from storykeep.model.errors import InputError, Unreadable
from storykeep.model.provenance import Finding
from storykeep.sources.zipped.budget import Budget
from storykeep.sources.zipped.members import Counted, Member, refused
from storykeep.sources.zipped.names import unsafe

_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_STORED, _DEFLATED = 0, 8
_SMALLEST_ENTRY, _MANY = 46, 0xFFFF  # a directory of 65,535 members and more does not say how many


def zip_members(file: IO[bytes], name: str, budget: Budget) -> Iterator[Member | Finding]:
    """Yield the members of the zip in ``file``; see :func:`storykeep.sources.zipped.members.members`."""
    declared = _declared(file)
    if declared > budget.members:
        yield refused(name, "", f"It has {declared} members; {budget.members} is the limit here.", "input.too-large")
        return
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        yield refused(name, "", f"Its directory is damaged ({error}). Sound members are here.", "input.damaged")
        yield from _salvage(file, budget)
        return
    with archive:
        yield from _by_directory(archive, name, budget)


def _by_directory(archive: zipfile.ZipFile, name: str, budget: Budget) -> Iterator[Member | Finding]:
    infos = archive.infolist()
    overlapping = _overlapping(infos)
    if overlapping:
        count = sum(info.header_offset in overlapping for info in infos)
        yield refused(name, "", f"{count} members share the same bytes. They were refused.", "input.hostile")
    for number, info in enumerate(infos):
        if budget.used_up:
            left = len(infos) - number
            yield refused(name, "", f"The limit was reached; {left} members were not unpacked.", "input.too-large")
            return
        if info.header_offset not in overlapping:
            yield from _member(archive, info, name, budget)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Iterator[Member | Finding]:
    inner = _decoded(info)
    if info.is_dir() and not info.file_size:
        return
    code, reason = _objection(info, inner)
    if reason:
        yield refused(name, _printable(inner), reason, code)
        return
    try:
        with archive.open(info) as stream:
            yield Member(inner.strip("/"), Counted(stream, budget, size=max(info.compress_size, 1)))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        yield refused(name, inner, f"It is damaged ({error}).", "input.unreadable")


def _objection(info: zipfile.ZipInfo, inner: str) -> tuple[str, str]:
    """Return the code and the reason for not taking a member; empty when it may come."""
    if reason := unsafe(info.orig_filename) or unsafe(inner):
        return "input.hostile", reason
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "input.link", "It is a link to another place; links are never followed."
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "input.special", "It is a device or a pipe, not a file."
    if info.flag_bits & 0x1:
        return "input.encrypted", "It is protected by a password. Unpack it with the password and bring in the folder."
    if info.compress_type not in (_STORED, _DEFLATED):
        return "input.unknown", "It is compressed in an unusual way. Unpack it by hand and bring in the folder."
    return "", ""


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Return the offsets of members whose bytes other members use too: a way to make bombs."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    found: set[int] = set()
    for info, later in pairwise(ordered):
        if info.header_offset + _LOCAL.size + len(info.orig_filename) + info.compress_size > later.header_offset:
            found |= {info.header_offset, later.header_offset}
    return found


def _decoded(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag zipfile read it as cp437, which may be wrong."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return info.filename


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)[:300]


def _declared(file: IO[bytes]) -> int:
    """Return how many members the zip says that it has, before anything of it is read into memory."""
    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - 66_000))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return 0
    _, _, _, _, count, size, *_ = _END.unpack_from(tail, at)
    return int(size) // _SMALLEST_ENTRY if count == _MANY else int(count)


def _salvage(file: IO[bytes], budget: Budget) -> Iterator[Member | Finding]:
    """Yield the members that are whole, found by their own headers, when the directory at the end is lost."""
    at = 0
    for _ in range(budget.members):
        at = _next_header(file, at)
        if at < 0:
            return
        member = _Local(file, at)
        at += 4
        if member.name and not member.encrypted and not unsafe(member.name) and member.method in (0, 8):
            yield Member(member.name, Counted(cast("IO[bytes]", member), budget, size=max(member.packed, 1)))
            at = max(at, member.end)


def rebuilt(file: IO[bytes], budget: Budget) -> tuple[IO[bytes], int]:
    """Return a sound zip (in a temporary file) with the whole members of one whose directory is lost, and how many.

    What is cut or damaged is left out. The caller closes the file.
    """
    out = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115 — the caller reads and closes it
    count = 0
    with zipfile.ZipFile(out, "w", _DEFLATED) as archive:
        for member in _salvage(file, budget):
            if isinstance(member, Member) and not member.name.endswith("/"):
                try:
                    data = b"".join(iter(lambda stream=member.stream: stream.read(1 << 20), b""))  # type: ignore[misc]
                except (InputError, zlib.error, OSError):
                    continue
                archive.writestr(member.name, data)
                count += 1
    out.seek(0)
    return out, count


def _next_header(file: IO[bytes], at: int) -> int:
    file.seek(at)
    while data := file.read(1 << 20):
        if (found := data.find(b"PK\x03\x04")) >= 0:
            return at + found
        at += len(data)
        if len(data) == 1 << 20:
            at -= 3
            file.seek(at)
    return -1


class _Local(io.RawIOBase):
    """One member read from its local header: all of it with a checksum that fits, or Unreadable."""

    def __init__(self, file: IO[bytes], at: int) -> None:
        file.seek(at)
        fields = _LOCAL.unpack(file.read(_LOCAL.size).ljust(_LOCAL.size, b"\0"))
        _, _, flags, self.method, _, _, self._crc, self.packed, _, name_size, extra_size = fields
        self.encrypted, self._described = bool(flags & 1), bool(flags & 8)
        self.name = file.read(name_size).decode("utf-8", "replace")
        self._file, self._at = file, at + _LOCAL.size + name_size + extra_size
        self._left = self.packed if not self._described else 1 << 62
        self._inflate = zlib.decompressobj(-15) if self.method == _DEFLATED else None
        self._sum, self._done = 0, False

    @property
    def end(self) -> int:
        return int(self._at)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._done:
            if data := self._next(max(size, 1)):
                self._sum = zlib.crc32(data, self._sum)
                return data
        if not self._described and self._sum != self._crc:
            raise Unreadable("Its checksum does not fit.")
        return b""

    def _next(self, size: int) -> bytes:
        if self._inflate and self._inflate.unconsumed_tail:
            return self._inflate.decompress(self._inflate.unconsumed_tail, size)
        self._file.seek(self._at)
        packed = self._file.read(min(65536, self._left))
        self._at += len(packed)
        self._left -= len(packed)
        self._done = not packed or (self._inflate is None and not self._left)
        if self._inflate is None:
            return packed
        data = self._inflate.decompress(packed, size)
        if self._inflate.eof:
            self._done = True
            self._at -= len(self._inflate.unused_data)
        elif not packed:
            raise Unreadable("It is cut off.")
        return data
