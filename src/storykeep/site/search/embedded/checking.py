"""What the index holds, compared with the database, some thousand works at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import tantivy

from storykeep.site.search.contract import Checked
from storykeep.site.search.embedded.queries import MOST, must, must_have, numbers, term, whole_range
from storykeep.site.search.embedded.schema import WORK

AT_ONCE = 20_000


def compared(searcher: tantivy.Searcher, versions: Iterable[tuple[int, int]]) -> Checked:
    """Compare with ``versions``: (id, version) of every work, by id."""
    missing: list[int] = []
    stale: list[int] = []
    surplus: list[int] = []
    for first, last, wanted in stretches(versions):
        held = held_between(searcher, first, last)
        missing += [each for each in wanted if each not in held]
        stale += [each for each in wanted if each in held and held[each] != wanted[each]]
        surplus += [each for each in held if each not in wanted]
    return Checked(tuple(missing), tuple(stale), tuple(sorted(surplus)))


def stretches(versions: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, dict[int, int]]]:
    """Yield (first id, last id, versions between); together they cover all ids that there can be."""
    waiting, first = iter(versions), 0
    while some := dict(islice(waiting, AT_ONCE)):
        last = max(some)
        yield first, last, some
        first = last + 1
    yield first, MOST, {}


def held_between(searcher: tantivy.Searcher, first: int, last: int) -> dict[int, int]:
    """Return the versions of the works that the index holds. Works that are held twice count as stale."""
    query = must(must_have(term("doc", WORK)), must_have(whole_range("id", first, last)))
    count = searcher.search(query, 1, count=True).count
    hits = searcher.search(query, max(1, count), count=False).hits
    held: dict[int, int] = {}
    for each, version in zip(numbers(searcher, "id", hits), numbers(searcher, "version", hits), strict=True):
        held[each] = -1 if each in held else version
    return held
