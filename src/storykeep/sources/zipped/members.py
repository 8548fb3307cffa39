"""The members of any container, one by one, as streams that count and never raise anything but InputError."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from storykeep.model.errors import Hostile, InputError, TooLarge, Unreadable
from storykeep.model.provenance import Finding, Severity
from storykeep.sources.zipped.budget import Budget
from storykeep.sources.zipped.marks import is_mhtml, is_tar
from storykeep.sources.zipped.names import unsafe

_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
)
_PACKED = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
TAR_HEADER, HEAD = 512, 4096


class Counted(io.RawIOBase):
    """A stream out of a container: counts against the budget, turns damage into Unreadable.

    With ``lenient`` what was readable is given, and ``damage`` says afterwards what was wrong.
    """

    def __init__(self, stream: IO[bytes], budget: Budget, *, size: int = 0, lenient: bool = False) -> None:
        self._stream, self._budget, self._size, self._lenient = stream, budget, size, lenient
        self._out = 0
        self.damage = ""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes (at most a megabyte at once), b"" at the end."""
        size = 1 << 20 if size < 0 else min(size, 1 << 20)
        try:
            data = self._some(size)
        except _DAMAGE as error:
            return self._damaged(error)
        self._out += len(data)
        try:
            self._budget.spend(len(data))
            if self._size:
                self._budget.judge(self._out, self._size)
        except Hostile:
            self._budget.forget(self._out)
            raise
        return data

    def _some(self, size: int) -> bytes:
        """Read once: a second read inside one call would lose the first one's bytes when the data is damaged."""
        read1 = getattr(self._stream, "read1", None)
        return cast("bytes", read1(size) if read1 else self._stream.read(size))

    def _damaged(self, error: Exception) -> bytes:
        words = f"It is damaged or cut off ({str(error) or type(error).__name__})."
        if not self._lenient:
            raise Unreadable(words) from error
        self.damage = words
        return b""


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a container: its name as stored, and its bytes, to be read before the next member is asked for.

    ``address`` and ``captured_at`` are known where the container keeps them (a page saved as one file).
    """

    name: str
    stream: Counted
    address: str = ""
    captured_at: str = ""


def members(path: Path, name: str, budget: Budget) -> Iterator[Member | Finding]:
    """Yield the members of the container at ``path``, which the archivist knows as ``name``.

    A file that is compressed but no archive has one member. What can't be taken is a Finding.

    >>> for member in members(Path("site.zip"), "site.zip", Budget(99_000)):  # doctest: +SKIP
    ...     print(member.name)
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(0)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            from storykeep.sources.zipped.zips import zip_members  # noqa: PLC0415 — zips builds on Member

            yield from zip_members(file, name, budget)
        elif is_tar(head):
            yield from _tar(file, name, budget)
        elif is_mhtml(head):
            from storykeep.sources.zipped.mhtml import mhtml_members  # noqa: PLC0415 — the same

            yield from mhtml_members(file, name, budget)
        else:
            yield from _packed(file, head, name, budget)


def refused(container: str, name: str, reason: str, code: str = "input.refused") -> Finding:
    """Return the finding for a member that was not taken."""
    return Finding(
        code=code,
        where=f"{container} › {name}" if name else container,
        evidence=reason,
        suggestion="The file that holds it is kept. If it matters, unpack it by hand and bring it in as a folder.",
        severity=Severity.DANGER if code == "input.hostile" else Severity.LOSS,
    )


def _packed(file: IO[bytes], head: bytes, name: str, budget: Budget) -> Iterator[Member | Finding]:
    opened = next((opener for magic, opener in _PACKED if head.startswith(magic)), None)
    if opened is None:
        yield refused(name, "", "It is no container that can be opened here.", "input.unreadable")
        return
    with cast("IO[bytes]", opened(file)) as stream:
        counted = Counted(stream, budget, lenient=True)
        try:
            inner = _exactly(counted, TAR_HEADER)
            if is_tar(inner):
                yield from _tar(_Again(inner, counted), name, budget, counted=True)
            else:
                yield Member(_without_suffix(name), cast("Counted", _Again(inner, counted)))
        except InputError as error:
            yield refused(name, "", str(error), error.code)
        if counted.damage:
            yield refused(name, "", f"{counted.damage} What was readable is here.", "input.damaged")


class _Again(io.RawIOBase):
    """A stream whose first bytes were looked at already."""

    def __init__(self, start: bytes, rest: Counted) -> None:
        self._start, self._rest = start, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._start:
            size = len(self._start) if size < 0 else size
            data, self._start = self._start[:size], self._start[size:]
            return data
        return self._rest.read(size)


def _exactly(stream: Counted, size: int) -> bytes:
    parts = b""
    while len(parts) < size and (data := stream.read(size - len(parts))):
        parts += data
    return parts


class _Whole(io.RawIOBase):
    """Reads exactly as much as was asked for, as tarfile needs."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self._stream = stream
        self._last = b""

    @property
    def ended_well(self) -> bool:
        """Whether the last thing read was an empty block, which closes a tar archive."""
        return not self._last.strip(b"\0")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts = []
        while size and (data := self._stream.read(size)):
            parts.append(data)
            size -= len(data)
            self._last = (self._last + data)[-TAR_HEADER:]
        return b"".join(parts)


def _tar(
    file: IO[bytes] | io.RawIOBase, name: str, budget: Budget, *, counted: bool = False
) -> Iterator[Member | Finding]:
    """Yield the members of a tar. ``counted``: the compressed layer below counts against the budget already."""
    source = _Whole(cast("io.RawIOBase", file))
    free = Budget(1, total=1 << 62, ratio=1 << 62) if counted else budget
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", source), mode="r|", errors="surrogateescape") as archive:
            for number, info in enumerate(archive):
                if number >= budget.members:
                    raise TooLarge(f"It has more than {budget.members} members; the rest was left.")
                yield from _tar_member(archive, info, name, free)
        if not source.ended_well:
            yield refused(name, "", "Its end is missing. What was readable is here.", "input.damaged")
    except _DAMAGE as error:
        yield refused(name, "", f"It is damaged or cut off ({error}). What was readable is here.", "input.damaged")
    except InputError as error:
        yield refused(name, "", str(error), error.code)


def _tar_member(
    archive: tarfile.TarFile, info: tarfile.TarInfo, name: str, budget: Budget
) -> Iterator[Member | Finding]:
    if info.isdir():
        return
    inner = info.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if info.issym() or info.islnk():
        yield refused(name, inner, f"It is a link to {info.linkname!r}; links are never followed.", "input.link")
    elif not info.isreg():
        yield refused(name, inner, "It is a device or a pipe, not a file.", "input.special")
    elif reason := unsafe(inner):
        yield refused(name, inner, reason, "input.hostile")
    elif stream := archive.extractfile(info):
        yield Member(inner, Counted(stream, budget))


def _without_suffix(name: str) -> str:
    leaf = name.rpartition("/")[2]
    stem, dot, suffix = leaf.rpartition(".")
    if dot and stem and suffix.lower() in ("gz", "bz2", "xz", "tgz"):
        return stem
    return leaf
