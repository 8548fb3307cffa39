"""Names of members: refused when they point outside, made safe when a folder needs them."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

LONGEST = 120
DEEPEST = 40
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)
_ODD = re.compile(r"[^\w .@=&%+,~()\[\]!'-]")


def unsafe(name: str) -> str:
    """Return why a member's name is refused, or ``""`` when it stays inside.

    >>> unsafe("../../etc/passwd"), unsafe("stories/5/105.txt")
    ('Its name leads outside the folder.', '')
    """
    plain = unicodedata.normalize("NFKC", unquote(name)).replace("\\", "/")
    if any(unicodedata.category(letter) == "Cc" for letter in plain):
        return "Its name holds control characters."
    if plain.startswith("/") or _DRIVE.match(plain):
        return "Its name is an absolute path."
    parts = ["".join(c for c in part if unicodedata.category(c) != "Cf").strip() for part in plain.split("/")]
    if any(len(part) > 1 and not part.strip(".") for part in parts if part):
        return "Its name leads outside the folder."
    return ""


class Names:
    """Gives each member a path of its own that is safe on every disk, as close to its name as possible.

    >>> names = Names()
    >>> names.path("A.html"), names.path("a.html"), names.path("aux/x:y.html")
    ('A.html', 'a~2.html', '_aux/x_y.html')
    """

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def path(self, name: str) -> str:
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")] or ["unnamed"]
        if len(parts) > DEEPEST:
            parts = [*parts[:DEEPEST], parts[-1]]
        return self._own("/".join(map(_part, parts)))

    def _own(self, path: str) -> str:
        """Number a path that is taken already, or differs from one only by case."""
        fold = unicodedata.normalize("NFKC", path).casefold()
        count = self._taken[fold] = self._taken.get(fold, 0) + 1
        if count == 1:
            return path
        folder, slash, leaf = path.rpartition("/")
        stem, dot, suffix = leaf.rpartition(".")
        numbered = f"{stem}~{count}.{suffix}" if dot and stem else f"{leaf}~{count}"
        return self._own(folder + slash + numbered)


def _part(part: str) -> str:
    """Return one part of a path with only ordinary characters and an ordinary length; the ending stays."""
    plain = _ODD.sub("_", part).strip(" ").rstrip(".") or "_"
    if _DEVICES.fullmatch(plain) or plain[0] in "-~":
        plain = "_" + plain
    while len(plain.encode()) > LONGEST:
        cut = max(1, (len(plain.encode()) - LONGEST) // 4)
        plain = plain[: -cut - 10] + plain[-10:]
    return plain
