"""In which encoding an archive mostly wrote, whatever its dump declares: so that short names are read right, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from storykeep.sources.efiction.shelves import Shelves
from storykeep.text.decode import decode

_LONG = (
    ("chapters", "storytext"),
    ("stories", "storytext"),
    ("stories", "summary"),
    ("authors", "bio"),
    ("reviews", "review"),
)
_MYSQL = {
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "euckr": "euc-kr",
    "tis620": "tis-620",
    "utf8mb3": "utf-8",
    "binary": "",
}
SAMPLE, LETTERS, MOST = 60, 40, 0.8


def usual(shelves: Shelves, house: str) -> str:
    """Return the encoding of most of an installation's longer texts that are no UTF-8; empty when there is no such.

    UTF-8 needs no hint: nothing else looks like it.
    """
    found = Counter(
        encoding for text, declared in islice(_texts(shelves, house), SAMPLE) if (encoding := _read(text, declared))
    )
    name, times = found.most_common(1)[0] if found else ("", 0)
    return name if times >= MOST * found.total() and times > 1 else ""


def declared(charset: str) -> str:
    """Return MySQL's name of an encoding as the rest of the world writes it."""
    return _MYSQL.get(charset, charset)


def _texts(shelves: Shelves, house: str) -> Iterator[tuple[bytes, str]]:
    for kind, column in _LONG:
        for record in shelves.all(house, kind):
            value = record.get(column)
            if len(value) >= LETTERS and not value.isascii():
                yield value[:4000], record.charset


def _read(text: bytes, charset: str) -> str:
    encoding = decode(text, declared=declared(charset)).encoding
    return "" if encoding == "utf-8" else encoding
