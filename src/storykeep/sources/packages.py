"""Documents that are zips: EPUB, DOCX, ODT. Their parts are read one by one, within a budget, and never written down.

Declared sizes can lie, so what comes out is counted while it streams. A name leads to a part of the zip or to nothing:
there is no way from here to the disk or the net.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, Self
from urllib.parse import unquote

from storykeep.model.errors import Hostile, TooLarge, Unreadable
from storykeep.model.provenance import Finding, Severity
from storykeep.sources.zipped import Budget, rebuilt

MB = 1 << 20
LARGEST_PART = 32 * MB
"""Bytes. A chapter or a picture that is larger was not made for reading."""
LARGEST_WHOLE = 512 * MB
LARGEST_FILE = 256 * MB
MOST_PARTS = 20_000
_BOMB_RATIO, _FREE = 200, 8 * MB
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.IGNORECASE)


class Package:
    """The parts of a document in a zip. ``spent`` counts what came out so far, in bytes."""

    def __init__(self, path: Path) -> None:
        """Open the zip at ``path``. Raises Unreadable or TooLarge, with what to do next."""
        if path.stat().st_size > LARGEST_FILE:
            raise TooLarge(f"This document has more than {LARGEST_FILE // MB} MB. Unpack it by hand and look.")
        self.mended = ""
        self._temporary: IO[bytes] | None = None
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            self._zip = self._rebuilt(path, str(error))
        infos = self._zip.infolist()
        if len(infos) > MOST_PARTS:
            raise TooLarge(f"This document has {len(infos)} parts; {MOST_PARTS} is the limit here.")
        self._parts = {info.filename: info for info in infos if not info.is_dir()}
        self._folded = {name.casefold(): name for name in self._parts}
        self.spent = 0

    def _rebuilt(self, path: Path, error: str) -> zipfile.ZipFile:
        """Return the parts that are whole, found by their own headers, when the directory at the end is lost."""
        with path.open("rb") as file:
            out, count = rebuilt(file, Budget(path.stat().st_size, total=LARGEST_WHOLE, members=MOST_PARTS))
        if not count:
            out.close()
            raise Unreadable(f"This document is damaged or cut off ({error}). Look for another copy of it.")
        self.mended = f"Its directory is damaged ({error}); {count} whole parts were found without it."
        self._temporary = out
        return zipfile.ZipFile(out)

    def damage(self, name: str) -> tuple[Finding, ...]:
        """Return what to tell of the document ``name`` when its directory was lost."""
        if not self.mended:
            return ()
        again = "Parts at its end may be missing. Look for another copy of it."
        told = Finding(code="input.damaged", where=name, evidence=self.mended, suggestion=again, severity=Severity.LOSS)
        return (told,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        if self._temporary is not None:
            self._temporary.close()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._parts)

    def find(self, base: str, href: str) -> str:
        """Return the name of the part that ``href`` means in the part ``base``; empty when there is none inside.

        Addresses elsewhere (``file:``, ``http:``, ``../../etc/passwd``) lead to nothing.
        """
        bare = unquote(href.split("#", 1)[0].split("?", 1)[0]).strip()
        if not bare or _SCHEME.match(bare):
            return ""
        name = posixpath.normpath(posixpath.join(posixpath.dirname(base), bare)).lstrip("/")
        return name if name in self._parts else self._folded.get(name.casefold(), "")

    def read(self, name: str, largest: int = LARGEST_PART) -> bytes:
        """Return the bytes of a part. Raises Unreadable, TooLarge or Hostile; the other parts are not touched."""
        info = self._parts.get(name)
        if info is None:
            raise Unreadable(f"The part {name!r} is missing.")
        if info.flag_bits & 0x1:
            raise Unreadable(f"The part {name!r} is protected by a password. Save the document without one.")
        try:
            with self._zip.open(info) as stream:
                return self._counted(stream, info, largest)
        except _DAMAGE as error:
            raise Unreadable(f"The part {name!r} is damaged ({error}).") from error

    def _counted(self, stream: IO[bytes], info: zipfile.ZipInfo, largest: int) -> bytes:
        out = io.BytesIO()
        while piece := stream.read(MB):
            out.write(piece)
            self.spent += len(piece)
            if out.tell() > largest:
                raise TooLarge(f"The part {info.filename!r} has more than {largest // MB} MB. It was left out.")
            if out.tell() > _FREE and out.tell() > _BOMB_RATIO * max(info.compress_size, 1):
                raise Hostile(f"The part {info.filename!r} grows to more than {_BOMB_RATIO} times its size.")
            if self.spent > LARGEST_WHOLE:
                raise TooLarge(f"More than {LARGEST_WHOLE // MB} MB came out of this document.")
        return out.getvalue()


def mimetype_of(head: bytes) -> str:
    r"""Return the type that a document states in its first part (EPUB, ODT); empty when it states none.

    ``head`` are the first bytes of the file.

    >>> mimetype_of(b"PK\x03\x04" + bytes(22) + b"\x08\0\0\0mimetypetext/abcPK")
    'text/abc'
    """
    if not head.startswith(b"PK\x03\x04") or head[30:38] != b"mimetype":
        return ""
    start = 38 + int.from_bytes(head[28:30], "little")
    found = re.match(rb"[\w.+-]+/[\w.+-]+?(?=PK|\s|$)", head[start : start + 100])
    return found[0].decode("ascii") if found else ""
