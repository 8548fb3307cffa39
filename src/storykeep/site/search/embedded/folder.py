"""Where the index lies: generations, of which one answers, and a word on whether it is whole.

    index/tantivy-4/current     the name of the generation that answers
    index/tantivy-4/building    there while it does not yet hold everything
    index/tantivy-4/g1/         tantivy's files

A generation is made beside the one that answers, and takes its place by one rename.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import tantivy

from storykeep.site.search.embedded.schema import SCHEMA, VERSION
from storykeep.site.search.stems import Stems

BROKEN = (ValueError, OSError)  # tantivy's words for files that are damaged or missing
PIECE = 1 << 20


class Folder:
    """The folder of one index. Another schema, or other stems, is another folder."""

    def __init__(self, root: Path, stems: Stems) -> None:
        self.root = root
        self.own = root / "-".join((f"tantivy-{VERSION}", *sorted(stems.languages)))
        self.own.mkdir(parents=True, exist_ok=True)

    def current(self) -> Path | None:
        """Return the generation that answers; None when there is none."""
        try:
            named = self.own / (self.own / "current").read_text("ascii").strip()
        except (OSError, ValueError):
            return None
        return named if named.parent == self.own and named.is_dir() else None

    def fresh(self) -> Path:
        """Make an empty generation."""
        known = [int(each.name[1:]) for each in self.own.glob("g*") if each.name[1:].isdecimal()]
        made = self.own / f"g{max(known, default=0) + 1}"
        made.mkdir()
        return made

    def choose(self, generation: Path) -> None:
        """Let ``generation`` answer from now on."""
        part = self.own / "current.part"
        with part.open("w", encoding="ascii") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.own / "current")

    def clear(self) -> None:
        """Remove what no longer answers: older generations, and indexes of other schemas."""
        kept = self.current()
        for each in (*self.own.glob("g*"), *self.root.glob("tantivy-*")):
            if kept and each not in {kept, self.own}:
                shutil.rmtree(each, ignore_errors=True)

    @property
    def whole(self) -> bool:
        return not (self.own / "building").exists()

    def set_whole(self, whole: bool) -> None:
        mark = self.own / "building"
        if whole:
            mark.unlink(missing_ok=True)
        else:
            mark.touch()

    def stamp(self) -> tuple[object, ...]:
        """Return what changes whenever the answers may change."""
        found = self.current()
        if found is None:
            return ()
        with contextlib.suppress(OSError):
            state = (found / "meta.json").stat()
            return found.name, state.st_mtime_ns, state.st_ino, state.st_size
        return (found.name,)

    def size(self) -> int:
        """Return how many bytes the index takes."""
        found = self.current()
        return sum(each.stat().st_size for each in found.iterdir()) if found else 0


def opened(generation: Path) -> tantivy.Index:
    """Open a generation; raises one of BROKEN when it is damaged."""
    index = tantivy.Index(SCHEMA, path=str(generation))
    splitter = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("terms", splitter)
    index.reload()
    return index


def damaged(generation: Path) -> list[str]:
    """Return the names of files whose bytes are not those that were written, or that are missing. Reads all of them."""
    return [name for name in sorted(files_of(generation)) if not intact(generation / name)]


def files_of(generation: Path) -> Iterator[str]:
    """Yield the files that the index is made of. A segment has those that are there; two it must have."""
    try:
        meta = json.loads((generation / "meta.json").read_text("utf-8"))
        segments = [each["segment_id"].replace("-", "") for each in meta["segments"]]
    except (OSError, ValueError, KeyError, TypeError):
        yield "meta.json"
        return
    for segment in segments:
        there = {each.name for each in generation.glob(f"{segment}.*")}
        yield from there | {f"{segment}.store", f"{segment}.term", f"{segment}.idx", f"{segment}.fast"}


def intact(path: Path) -> bool:
    """Say whether a file of tantivy's is as it was written: its footer holds the CRC-32 of what stands before it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(size - 8)
            length = int.from_bytes(file.read(4), "little")
            file.seek(size - 8 - length)
            crc = json.loads(file.read(length))["crc"]
            file.seek(0)
            return checksum(file, size - 8 - length) == crc
    except (OSError, ValueError, KeyError, TypeError):
        return False


def checksum(file, length: int) -> int:
    found = 0
    while length > 0 and (piece := file.read(min(PIECE, length))):
        found = zlib.crc32(piece, found)
        length -= len(piece)
    return found
