"""The folder ``stories/``: one file per chapter, in a folder per author (``stories/2/101.txt``; by pen name in 1.x)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from storykeep.sources.bytestream import Bytestream

_CHAPTER = re.compile(r"(\d{1,20})\.(?:txt|html?)(?:\.(?:gz|bz2|xz))?", re.IGNORECASE)
DEPTH = 7
LARGEST = 32 << 20
"""Bytes of one chapter that are read, unpacked."""


def text_of(path: Path) -> bytes:
    """Return the bytes of a chapter's file, unpacked when somebody packed it."""
    return Bytestream(path).head(LARGEST)


class TextFiles:
    """Finds the text of chapters below ``top``. Folders are listed once; files are only opened when asked for."""

    def __init__(self, top: Path | None, storiespath: str = "") -> None:
        self.top = top
        self._wanted = storiespath.strip("/").rsplit("/", 1)[-1].lower()
        self._by_chapter: dict[str, list[str]] = {}
        self._used: set[str] = set()
        if top is not None:
            self._list(top)

    def __bool__(self) -> bool:
        return bool(self._by_chapter)

    def find(self, chapter: str, owners: tuple[str, ...]) -> Path | None:
        """Return the file of a chapter. ``owners`` are the names that its folder may have, likeliest first."""
        names = self._by_chapter.get(chapter, [])
        for owner in owners:
            here = [name for name in names if _folder(name) == owner.lower()]
            if here:
                return self._take(self._best(here))
        return self._take(names[0]) if len(names) == 1 and names[0] not in self._used else None

    def orphans(self) -> Iterator[Path]:
        """Yield the text files that no chapter asked for, in folders that chapters were found in."""
        places = {_place(name) for name in self._used} | {self._wanted}
        for names in self._by_chapter.values():
            for name in names:
                ours = _place(name) in places or _place(name).rsplit("/", 1)[-1].lower() == self._wanted
                if name not in self._used and ours and ".txt" in name.lower() and self.top is not None:
                    yield self.top / name

    def name_of(self, path: Path) -> str:
        return path.relative_to(self.top).as_posix() if self.top is not None else path.name

    def _take(self, name: str) -> Path | None:
        self._used.add(name)
        return self.top / name if self.top is not None else None

    def _best(self, names: list[str]) -> str:
        return next((name for name in names if f"/{self._wanted}/" in f"/{name.lower()}"), names[0])

    def _list(self, top: Path) -> None:
        for folder, below, files in os.walk(top, followlinks=False):
            below.sort()
            relative = Path(folder).relative_to(top)
            if len(relative.parts) >= DEPTH:
                below.clear()
            for name in sorted(files):
                found = _CHAPTER.fullmatch(name)
                if found and _may_be_text(relative, name) and not (Path(folder) / name).is_symlink():
                    self._by_chapter.setdefault(found[1].lstrip("0") or "0", []).append((relative / name).as_posix())


def _may_be_text(relative: Path, name: str) -> bool:
    """Say whether a file is a chapter by its place: in a folder, or beside the dump when it can be nothing else."""
    return bool(relative.parts) or ".txt" in name.lower()


def _folder(name: str) -> str:
    return f"//{name}".rsplit("/", 2)[-2].lower()


def _place(name: str) -> str:
    """Return the folder that holds the folders of the members."""
    return "/".join(name.split("/")[:-2])
