"""The bytes that came in, kept for ever: one file for each content, named by its SHA-256.

``originals/ab/abcdef…`` holds the bytes and nothing else, so that any tool can verify it with ``sha256sum``.
Files are written beside their place and then renamed: a name that exists has its whole content, unless the power
failed; therefore :meth:`Originals.holds` also compares the size, and a rescue copies what is short once more.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from storykeep.model.errors import TooLarge, Unreadable
from storykeep.model.identity import sha256

CHUNK = 1 << 20


class Originals:
    """A folder of kept bytes.

    >>> kept = Originals(Path("archive/originals"))  # doctest: +SKIP
    >>> kept.open(kept.keep(b"<p>Hark.</p>")).read()  # doctest: +SKIP
    b'<p>Hark.</p>'
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, data: bytes) -> str:
        """Keep ``data``; return its SHA-256. What is already there is not written again."""
        digest = sha256(data)
        if not self.holds(digest, len(data)):
            self._place(digest, data)
        return digest

    def keep_stream(self, stream: BinaryIO, *, limit: int = 0) -> tuple[str, int]:
        """Keep everything in ``stream``; return SHA-256 and size. Raises TooLarge beyond ``limit`` bytes (0: none)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with self._scratch() as (file, name):
            while data := stream.read(CHUNK):
                size += len(data)
                if limit and size > limit:
                    raise TooLarge(f"It is larger than {limit // CHUNK} MB, which is the limit here.")
                digest.update(data)
                file.write(data)
            file.close()
            self._move(name, digest.hexdigest(), size)
        return digest.hexdigest(), size

    def keep_file(self, path: Path, *, movable: bool = False) -> tuple[str, int]:
        """Keep the file at ``path``; return SHA-256 and size. A ``movable`` one may become the original itself."""
        with path.open("rb") as file:
            if not movable:
                return self.keep_stream(file)
            digest, size = hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
        self.folder.mkdir(parents=True, exist_ok=True)
        self._move(str(path), digest, size)
        return digest, size

    def path(self, digest: str) -> Path:
        """Return where the content with this SHA-256 lies, or would lie."""
        return self.folder / digest[:2] / digest

    def holds(self, digest: str, size: int = -1) -> bool:
        """Return whether the content is kept, with ``size`` bytes if that is known."""
        try:
            found = self.path(digest).stat().st_size
        except FileNotFoundError:
            return False
        return size in (-1, found)

    def open(self, digest: str) -> BufferedReader:
        """Return the content for reading. Raises Unreadable when it is not there."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError as error:
            raise Unreadable(
                f"The original {digest[:12]}… is not in {self.folder}. Run the rescue again to fetch it."
            ) from error

    def sound(self, digest: str) -> bool:
        """Return whether the kept bytes still have the SHA-256 that names them."""
        with self.open(digest) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest

    def _place(self, digest: str, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._scratch() as (file, name):
            file.write(data)
            file.close()
            self._move(name, digest, len(data))

    @contextmanager
    def _scratch(self) -> Iterator[tuple[BinaryIO, str]]:
        """Give a file to write into that is gone afterwards, unless it was moved to its place."""
        handle, name = tempfile.mkstemp(prefix=".new-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file, name
        finally:
            Path(name).unlink(missing_ok=True)

    def _move(self, name: str, digest: str, size: int) -> None:
        """Give the finished file ``name`` its own place; it may never be changed after that."""
        if self.holds(digest, size):
            return
        place = self.path(digest)
        place.parent.mkdir(exist_ok=True)
        Path(name).chmod(0o444)
        Path(name).replace(place)
