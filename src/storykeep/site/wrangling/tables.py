"""Lists of tags as CSV tables, written for spreadsheets; :mod:`.table_lines` reads what a spreadsheet saved.

Columns: kind, name, canonical, parents, state. In canonical and parents a tag of another kind is written as
``kind: name``; several parents are divided by `` | ``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from storykeep.site.tags.models import Tag, TagKind

COLUMNS = ("kind", "name", "canonical", "parents", "state", "works")
BETWEEN = " | "
AT_ONCE = 2000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a cell for a formula


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
