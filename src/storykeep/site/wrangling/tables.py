"""Lists of tags as CSV tables: written for spreadsheets, and read from whatever a spreadsheet saved.

Columns: kind, name, canonical, parents, state. In canonical and parents a tag of another kind is written as
``kind: name``; several parents are divided by `` | ``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from storykeep.model.errors import UsageError
from storykeep.site.tags.models import Tag, TagKind

COLUMNS = ("kind", "name", "canonical", "parents", "state", "works")
NEEDED = ("kind", "name")
BETWEEN = " | "
AT_ONCE = 2000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a cell for a formula
STATES = ("new", "good", "split")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table. ``number`` is where it begins in the file; what is not given is empty."""

    number: int
    kind: str
    name: str
    canonical: str = ""
    parents: tuple[str, ...] = ()
    state: str = ""


# ── out
def table(kind: str = "") -> Iterator[str]:
    """Yield all tags as lines of CSV, UTF-8 with a mark that spreadsheets need; those of one kind, if it is named."""
    keys = {key.key for key in TagKind.objects.all()}
    rows = Tag.objects.select_related("kind", "synonym_of__kind").prefetch_related("parents__kind")
    if kind:
        rows = rows.filter(kind__key=kind)
    yield "\ufeff" + written(COLUMNS)
    for tag in rows.order_by("kind__place", "kind", "folded", "pk").iterator(AT_ONCE):
        yield written([*cells(tag, keys)])


def cells(tag: Tag, keys: set[str]) -> Iterator[str]:
    def called(other: Tag) -> str:
        plain = other.kind_id == tag.kind_id and other.name.partition(":")[0].strip().lower() not in keys
        return other.name if plain else f"{other.kind.key}: {other.name}"

    yield tag.kind.key
    yield tag.name
    yield called(tag.synonym_of) if tag.synonym_of else ""
    yield BETWEEN.join(called(over).replace("|", "\\|") for over in tag.parents.all())
    yield "split" if tag.joint else "good" if tag.settled else "new"
    yield str(tag.uses)


def written(row: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in row])
    return out.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe before it."""
    return f"'{cell}" if cell.startswith((*DANGEROUS, "'")) else cell


# ── in
def text_of(data: bytes) -> str:
    """Return the text of a file that a spreadsheet saved: UTF-8 or UTF-16 with a mark, UTF-8, or else Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def lines(text: str) -> Iterator[Line]:
    """Yield the lines of a table. Raises UsageError where it has no line that names the columns."""
    text = text.replace("\0", "").lstrip("\ufeff")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    columns = [" ".join(cell.lower().split()) for cell in next(reader, [])]
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise UsageError(f"Line 1 should name the columns; {' and '.join(missing)} not found. {EXAMPLE}")
    yield from rows(reader, columns)


EXAMPLE = "It begins so: kind,name,canonical,parents"


def rows(reader, columns: list[str]) -> Iterator[Line]:
    begins = reader.line_num + 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line(begins, dict(zip(columns, map(meant, row), strict=False)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"Line {begins} can’t be read as a table: {error}.") from error


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
    """Return what a cell means: without the apostrophe that :func:`harmless` put before it."""
    words = cell.strip()
    return words[1:] if words.startswith("'") and words[1:].startswith((*DANGEROUS, "'")) else words


def divided(cell: str) -> tuple[str, ...]:
    r"""Return the parents in a cell; ``\|`` is a stroke in a name.

    >>> divided(r"Sea | theme: One\|Two")
    ('Sea', 'theme: One|Two')
    """
    parts = cell.replace("\\|", "\0").split("|")
    return tuple(part.strip().replace("\0", "|") for part in parts if part.strip())
