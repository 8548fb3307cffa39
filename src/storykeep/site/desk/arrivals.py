"""What archivists bring: files sent in pieces, or things that lie in the data folder's ``inbox`` already.

An upload goes on where it stopped: a piece says where it begins, and is taken when that is where the file ends.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

from django.conf import settings

from storykeep.model.errors import Conflict, TooLarge, UsageError

PART = ".part"
SPARE = 512 * 1024 * 1024  # bytes of the disk that an upload leaves free: a rescue needs room for originals
UNSAFE = re.compile(r"[^\w.() -]+", re.UNICODE)


def inbox() -> Path:
    """Return the folder for what is brought; made when it is first asked for."""
    folder = settings.HOUSE.data / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def waiting() -> list[Path]:
    """Return what lies in the inbox, whole: files and folders, by name. Links are not followed."""
    found = (path for path in inbox().iterdir() if not path.name.startswith(".") and path.suffix != PART)
    return sorted((path for path in found if not path.is_symlink()), key=lambda path: path.name.casefold())


def named(name: str) -> Path:
    """Return the thing called ``name`` in the inbox. Raises UsageError for anything else on the server."""
    for path in waiting():
        if path.name == name:
            return path
    raise UsageError(f"There is nothing called {name!r} in {inbox()}. Put the folder there, or upload it.")


def safe_name(name: str) -> str:
    r"""Return a file name that stays in the inbox: no folders, no dots in front, at most 120 characters.

    >>> safe_name("../../etc/passwd"), safe_name(".htaccess"), safe_name("C:\\pages\\site.zip")
    ('passwd', 'htaccess', 'site.zip')
    """
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, suffix = UNSAFE.sub("_", last).strip(" .").rpartition(".")
    return f"{stem[:100]}{dot}{suffix[:20]}" or "upload"


def part_of(name: str, size: int) -> Path:
    """Return where the pieces of the file ``name`` of ``size`` bytes are gathered: the same for the same file."""
    mark = hashlib.sha256(f"{name}\0{size}".encode()).hexdigest()[:12]
    return inbox() / f"{safe_name(name)}.{mark}{PART}"


def length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def check_room(size: int) -> None:
    """Raise TooLarge, with figures, when a file of ``size`` bytes would fill the disk."""
    free = shutil.disk_usage(inbox()).free - SPARE
    if size > free:
        raise TooLarge(
            f"The file has {size / 1e9:.1f} GB and there is room for {max(free, 0) / 1e9:.1f} GB. "
            f"Make room on the disk of {settings.HOUSE.data}, or bring it in parts."
        )


def take_piece(name: str, size: int, at: int, pieces) -> int:
    """Add what ``pieces`` (byte strings) hold to the file; return how many bytes of it are here now.

    Raises Conflict when ``at`` is not where the file ends: the message is the number of bytes that are here.
    """
    path = part_of(name, size)
    if at != length(path):
        raise Conflict(str(length(path)))
    if at == 0:
        check_room(size)
    with path.open("ab") as file:
        for piece in pieces:
            if file.tell() + len(piece) > size:
                raise UsageError("More bytes came than the file has. Choose the file again.")
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return length(path)


def finish(name: str, size: int) -> Path:
    """Give the whole file its name in the inbox (never over another one) and return it."""
    part, wanted = part_of(name, size), inbox() / safe_name(name)
    if length(part) != size:
        raise UsageError("The file is not whole yet. Send the rest.")
    number = 1
    while wanted.exists():
        number += 1
        wanted = inbox() / f"{Path(safe_name(name)).stem} ({number}){Path(name).suffix}"
    part.rename(wanted)
    return wanted
