"""Which pages are kin: what says that two pages belong to one work, and what forbids it.

Pages of one work find each other by its id in their addresses; by identical bytes; by the work's own list of chapters;
and, where page kinds name ids differently or not at all, by title and authors, or by their words. What has different
numbers on one site is never put together; nor are works of different hosts, unless their bytes are the same: those
are doubles, and an archivist decides.

Only a few facts of each page are in memory (about 600 bytes a page); the readings stay in the journal.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from storykeep.rescue.journal import Journal

COMMON, FEWEST, CONTAINED = 12, 4, 0.5
"""Runs of words on more pages tell nothing; copies share at least so many, and that part of the shorter one's."""
_COPIES = """
WITH telling AS (SELECT run FROM runs GROUP BY run HAVING count(*) BETWEEN 2 AND ?)
SELECT a.arrival, b.arrival FROM telling t JOIN runs a ON a.run = t.run
JOIN runs b ON b.run = a.run AND b.arrival > a.arrival
JOIN readings one ON one.arrival = a.arrival JOIN readings other ON other.arrival = b.arrival
GROUP BY a.arrival, b.arrival
HAVING count(*) >= ? AND count(*) * 8 >= ? * min(length(one.sketch), length(other.sketch))
ORDER BY a.arrival, b.arrival
"""
SHORTEST_TITLE = 4
"""Letters. Shorter titles are too common to put pages together."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What the grouping knows of one page."""

    arrival: int
    order: tuple[str, str]  # root and path: the order of everything
    site: str
    work: str
    title: str
    authors: str
    page: str
    sha256: str
    words: int


class Kin:
    """Disjoint sets of pages, each of one work; and the pairs of pages that may be doubles of one another."""

    def __init__(self, leaves: list[Leaf]) -> None:
        self.leaves = leaves
        self.number = {leaf.arrival: number for number, leaf in enumerate(leaves)}
        self.doubles: list[tuple[int, int]] = []
        self._parent = list(range(len(leaves)))
        self._works = {number: {leaf.site: number_in(leaf.work)} for number, leaf in enumerate(leaves) if leaf.work}
        self._hosts = {number: {leaf.site} for number, leaf in enumerate(leaves) if leaf.site}

    def root(self, number: int) -> int:
        """Return the page that stands for the set of a page."""
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def has_id(self, number: int) -> bool:
        return bool(self._works.get(self.root(number)))

    def unite(self, one: int, other: int, *, same_host: bool = False) -> bool:
        """Put two pages' sets together, the earlier one leading; return whether they are one work now."""
        one, other = sorted((self.root(one), self.root(other)))
        if one == other:
            return True
        ours, theirs = self._works.get(one, {}), self._works.get(other, {})
        hosts, others = self._hosts.get(one, set()), self._hosts.get(other, set())
        if any(site in ours and ours[site] != work for site, work in theirs.items()):
            return False
        if same_host and hosts and others and not hosts & others:
            return False
        self._works[one], self._hosts[one] = {**theirs, **ours}, hosts | others
        self._parent[other] = one
        return True

    def suspect(self, one: int, other: int) -> None:
        """Note two pages that may be doubles, unless they are one work already."""
        if self.root(one) != self.root(other):
            self.doubles.append((one, other))

    def sets(self) -> Iterator[list[Leaf]]:
        """Yield the pages of each work, in the order of the remains."""
        found: dict[int, list[Leaf]] = {}
        for number, leaf in enumerate(self.leaves):
            found.setdefault(self.root(number), []).append(leaf)
        yield from found.values()


def kin_in(journal: Journal) -> Kin:
    """Return which of the pages in the journal belong together."""
    kin = Kin(_leaves(journal))
    _by_id(kin)
    _by_number(kin)
    _by_bytes(kin)
    _by_contents(kin, journal)
    _by_title(kin)
    _by_words(kin, journal)
    return kin


def _leaves(journal: Journal) -> list[Leaf]:
    rows = journal.db.execute(
        "SELECT a.id, a.root, a.path, r.site, r.work, r.title, r.authors, a.page, a.sha256, r.words"
        " FROM readings r JOIN arrivals a ON a.id = r.arrival"
        " WHERE r.role IN ('whole', 'chapter') AND NOT r.failed ORDER BY a.root, a.path"
    )
    return [Leaf(row[0], (row[1], row[2]), *row[3:]) for row in rows]


def number_in(work: str) -> str:
    """Return the part of a work's id that all page kinds share.

    >>> number_in("fic/663"), number_in("print/663")
    ('663', '663')
    """
    return work.rpartition("/")[2]


def _by_id(kin: Kin) -> None:
    first: dict[tuple[str, str], int] = {}
    for number, leaf in enumerate(kin.leaves):
        if leaf.work:
            kin.unite(first.setdefault((leaf.site, leaf.work), number), number)


def _by_number(kin: Kin) -> None:
    """Bring the page kinds of a work together: one number, title and authors, whatever the script is called."""
    first: dict[tuple[str, ...], int] = {}
    for number, leaf in enumerate(kin.leaves):
        if leaf.work and (leaf.title or leaf.authors):
            kin.unite(first.setdefault((leaf.site, number_in(leaf.work), leaf.title, leaf.authors), number), number)


def _by_bytes(kin: Kin) -> None:
    first: dict[str, int] = {}
    for number, leaf in enumerate(kin.leaves):
        if leaf.words:
            kin.unite(first.setdefault(leaf.sha256, number), number)


def _by_contents(kin: Kin, journal: Journal) -> None:
    """Follow the lists of chapters on the pages to the other pages."""
    by_page: dict[str, int] = {}
    for number, leaf in enumerate(kin.leaves):
        if leaf.page:
            by_page.setdefault(leaf.page, number)
    for arrival, page in journal.db.execute("SELECT arrival, page FROM links ORDER BY arrival, place"):
        if arrival in kin.number and page in by_page:
            kin.unite(kin.number[arrival], by_page[page])


def _by_title(kin: Kin) -> None:
    """Bring pages without an id to the one work of that title by those authors on their host; else to each other."""
    named: dict[tuple[str, str], list[int]] = {}
    for number, leaf in enumerate(kin.leaves):
        if len(leaf.title) >= SHORTEST_TITLE and leaf.authors:
            named.setdefault((leaf.title, leaf.authors), []).append(number)
    for numbers in named.values():
        for site in sorted({kin.leaves[number].site for number in numbers}, key=lambda site: (not site, site)):
            own = [number for number in numbers if kin.leaves[number].site == site or not site]
            _gather(kin, own)
        for number in numbers[1:]:
            kin.suspect(numbers[0], number)


def _gather(kin: Kin, numbers: list[int]) -> None:
    """Unite pages without an id with the one work that has one, or with each other; not when several may be meant."""
    with_id = {kin.root(number) for number in numbers if kin.has_id(number)}
    without = [number for number in numbers if not kin.has_id(number)]
    hosts = {kin.leaves[number].site for number in numbers} - {""}
    if len(with_id) > 1 or not without or (len(hosts) > 1 and not with_id):
        return
    leader = next(iter(with_id), without[0])
    for number in without:
        kin.unite(leader, number, same_host=True)


def _by_words(kin: Kin, journal: Journal) -> None:
    """Bring copies together that have lost their id, title or author: the same words, and nothing that contradicts."""
    for one, other in copies_in(journal):
        if one not in kin.number or other not in kin.number:
            continue
        a, b = kin.number[one], kin.number[other]
        may_be = _agree(kin.leaves[a], kin.leaves[b]) and not (kin.has_id(a) and kin.has_id(b))
        if not (may_be and kin.unite(a, b, same_host=True)):
            kin.suspect(a, b)


def _agree(one: Leaf, other: Leaf) -> bool:
    titles, authors = {one.title, other.title} - {""}, {one.authors, other.authors} - {""}
    return len(titles) < 2 and len(authors) < 2  # noqa: PLR2004 — no two that differ


def copies_in(journal: Journal) -> Iterator[tuple[int, int]]:
    """Yield pairs of pages (arrivals) of which one's words stand in the other's. Memory does not grow with them."""
    db = journal.db
    db.execute("CREATE TEMP TABLE IF NOT EXISTS runs (run INTEGER, arrival INTEGER)")
    db.execute("DELETE FROM runs")
    for arrival, sketch in db.execute("SELECT arrival, sketch FROM readings WHERE length(sketch) > 0"):
        db.executemany("INSERT INTO runs VALUES (?, ?)", ((run, arrival) for run in array("q", sketch)))
    db.execute("CREATE INDEX IF NOT EXISTS temp.runs_by_run ON runs (run, arrival)")
    yield from ((row[0], row[1]) for row in db.execute(_COPIES, (COMMON, FEWEST, CONTAINED)).fetchall())
    db.execute("DROP INDEX temp.runs_by_run")
