"""The lines of a table of tags, from whatever a spreadsheet saved, one after the other: a file may be of any size.

A line that can't be read is told and passed over; the next one is read all the same.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from storykeep.model.errors import UsageError
from storykeep.site.wrangling.tables import DANGEROUS

NEEDED = ("kind", "name")
STATES = ("new", "good", "split")
EXAMPLE = "It begins so: kind,name,canonical,parents"
PIECE = 1 << 20  # bytes that are looked at at once
MOST_TOGETHER = 20  # lines of a file that a quoted cell may run over
LONGEST = 20_000  # characters of a line that are looked at; longer is no table of tags


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table. ``number`` is where it begins in the file; what is not given is empty.

    ``wrong`` says why it can't be read.
    """

    number: int
    kind: str = ""
    name: str = ""
    canonical: str = ""
    parents: tuple[str, ...] = ()
    state: str = ""
    wrong: str = ""


# ── the encoding
def text_of(data: bytes) -> str:
    """Return the text of a file that a spreadsheet saved: UTF-8 or UTF-16 with a mark, UTF-8, or else Windows-1252."""
    return data.decode(encoding_of([data]), "replace")


def encoding_of(pieces: Iterable[bytes]) -> str:
    """Return how a file is written, from its bytes piece by piece."""
    pieces = iter(pieces)
    first = next(pieces, b"")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in chain([first], pieces):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def lines_of_file(path: Path) -> Iterator[Line]:
    """Yield the lines of the table in the file ``path``, however large it is. Raises as :func:`lines` does."""
    with path.open("rb") as file:
        encoding = encoding_of(iter(lambda: file.read(PIECE), b""))
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield from lines(short(file))


def short(file: io.TextIOBase) -> Iterator[str]:
    """Yield the lines of ``file``, cut where they are endless."""
    while text := file.readline(LONGEST):
        yield text
        while not text.endswith("\n") and (text := file.readline(LONGEST)):
            pass


# ── the lines
def lines(text: str | Iterable[str]) -> Iterator[Line]:
    """Yield the lines of a table. Raises UsageError where it has no line that names the columns."""
    source = io.StringIO(text, newline="") if isinstance(text, str) else text
    bare = (each.replace("\0", "").lstrip("\ufeff") for each in source)
    first = next(bare, "")
    delimiter = max(",;\t", key=first.count)
    columns = [" ".join(cell.lower().split()) for cell in next(csv.reader([first], delimiter=delimiter), [])]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise UsageError(f"Line 1 should name the columns; {' and '.join(missing)} not found. {EXAMPLE}")
    for number, together in blocks(bare):
        yield from rows(number, together, delimiter, columns)


def blocks(texts: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of the first, lines) of what belongs together: a line, or those over which a quoted cell runs."""
    held: list[str] = []
    for number, text in enumerate(texts, start=2):
        held.append(text)
        if even(held) or len(held) > MOST_TOGETHER:
            yield number - len(held) + 1, held
            held = []
    if held:
        yield number - len(held) + 1, held


def even(texts: Sequence[str]) -> bool:
    return sum(text.count('"') for text in texts) % 2 == 0


def rows(number: int, texts: list[str], delimiter: str, columns: list[str]) -> Iterator[Line]:
    """Yield the lines of a block; a quote that never ends costs its own line, and none of the next."""
    reader = csv.reader(texts, delimiter=delimiter)
    begins = 0
    while begins < len(texts):
        try:
            row = next(reader, [])
        except csv.Error as error:
            row, wrong = [], f"This line can’t be read as a table: {error}."
        else:
            swallowed = reader.line_num - begins > 1 and reader.line_num == len(texts)
            wrong = "A quote begins here and never ends." if swallowed and not even(texts[begins:]) else ""
        if wrong:
            yield Line(number + begins, wrong=wrong)
            yield from rows(number + begins + 1, texts[begins + 1 :], delimiter, columns)
            return
        if any(cell.strip() for cell in row):
            yield line(number + begins, dict(zip(columns, map(meant, row), strict=False)))
        begins = max(reader.line_num, begins + 1)


def line(number: int, cells: Mapping[str, str]) -> Line:
    return Line(
        number=number,
        kind=cells["kind"],
        name=cells.get("name", ""),
        canonical=cells.get("canonical", ""),
        parents=divided(cells.get("parents", "")),
        state=cells.get("state", "").lower(),
    )


def meant(cell: str) -> str:
    """Return what a cell means: without the apostrophe that :func:`.tables.harmless` put before it."""
    words = cell.strip()
    return words[1:] if words.startswith("'") and words[1:].startswith((*DANGEROUS, "'")) else words


def divided(cell: str) -> tuple[str, ...]:
    r"""Return the parents in a cell; ``\|`` is a stroke in a name.

    >>> divided(r"Sea | theme: One\|Two")
    ('Sea', 'theme: One|Two')
    """
    parts = cell.replace("\\|", "\0").split("|")
    return tuple(part.strip().replace("\0", "|") for part in parts if part.strip())
