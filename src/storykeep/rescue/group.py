"""Which pages belong to one work.

Pages of one work find each other by its id in their addresses; by identical bytes; by the work's own list of chapters;
and, where page kinds name ids differently or not at all, by title and authors. What has different numbers on one site
is never put together.

Only a few facts of each page are in memory (about 600 bytes a page); the readings stay in the journal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from storykeep.model import identity
from storykeep.rescue.journal import Journal

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


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one work, in the order of the remains. ``key`` is the work's for ever."""

    key: str
    site: str
    works: tuple[str, ...]
    arrivals: tuple[int, ...]
    order: tuple[str, str]
    title: str = ""
    authors: str = ""


@dataclass(slots=True)
class Sites:
    """What each host's archive is called, and which host the pages without one belong to."""

    names: dict[str, str] = field(default_factory=dict)
    fallback: str = ""

    def archive(self, site: str) -> str:
        return self.names.get(site) or self.fallback or site


def sites(journal: Journal, fallback: str, told: str = "") -> Sites:
    """Return the archives' names: as ``told`` by the archivist, else what most pages say, else ``fallback``."""
    if told:
        return Sites({}, told)
    votes: dict[str, Counter[str]] = {}
    query = "SELECT site, archive, count(*) FROM readings WHERE archive <> '' GROUP BY site, archive"
    for site, archive, count in journal.db.execute(query):
        votes.setdefault(site, Counter())[archive] = count
    names = {site: min(counts, key=lambda name: (-counts[name], name)) for site, counts in votes.items()}
    everything: Counter[str] = sum(votes.values(), Counter())
    common = min(everything, key=lambda name: (-everything[name], name)) if everything else ""
    return Sites(names, common or fallback)


def groups(journal: Journal, known: Sites) -> Iterator[Group]:
    """Yield the works that the pages in the journal make up, in the order of the remains."""
    leaves = _leaves(journal)
    union = _Union(leaves)
    _by_id(union)
    _by_number(union)
    _by_bytes(union)
    _by_contents(union, journal)
    _by_title(union)
    names = _Keys(journal, known)
    used = {(leaf.site, leaf.work) for leaf in leaves if leaf.work}
    for members in union.sets():
        first = members[0]
        title = next((leaf.title for leaf in members if leaf.title), "")
        authors = next((leaf.authors for leaf in members if leaf.authors), "")
        owner = next((leaf for leaf in members if leaf.work), first)
        works = dict.fromkeys(leaf.work for leaf in members if leaf.work and leaf.site == owner.site)
        if not works and (listed := _listed(journal, title, authors)) and listed not in used:
            used.add(listed)
            owner, works = replace(owner, site=listed[0], work=listed[1]), {listed[1]: None}
        arrivals = tuple(leaf.arrival for leaf in members)
        yield Group(names.key(owner, arrivals), owner.site, tuple(works), arrivals, first.order, title, authors)


def _listed(journal: Journal, title: str, authors: str) -> tuple[str, str] | None:
    """Return site and id of the one work of this title by these authors that the archive's lists name."""
    query = "SELECT DISTINCT site, work FROM mentions WHERE title = ? AND authors = ? AND work <> '' LIMIT 2"
    rows = journal.db.execute(query, (title, authors)).fetchall() if title and authors else []
    return (rows[0][0], rows[0][1]) if len(rows) == 1 else None


def _leaves(journal: Journal) -> list[Leaf]:
    rows = journal.db.execute(
        "SELECT a.id, a.root, a.path, r.site, r.work, r.title, r.authors, a.page, a.sha256, r.words"
        " FROM readings r JOIN arrivals a ON a.id = r.arrival"
        " WHERE r.role IN ('whole', 'chapter') AND NOT r.failed ORDER BY a.root, a.path"
    )
    return [Leaf(row[0], (row[1], row[2]), *row[3:]) for row in rows]


class _Union:
    """Disjoint sets of pages. Two sets with different numbers of works on one site are never united."""

    def __init__(self, leaves: list[Leaf]) -> None:
        self.leaves = leaves
        self.number = {leaf.arrival: number for number, leaf in enumerate(leaves)}
        self._parent = list(range(len(leaves)))
        self._works: dict[int, dict[str, str]] = {
            number: {leaf.site: number_in(leaf.work)} for number, leaf in enumerate(leaves) if leaf.work
        }

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def works(self, number: int) -> dict[str, str]:
        return self._works.get(self.root(number), {})

    def unite(self, one: int, other: int) -> bool:
        """Put two pages' sets together, the earlier one leading; return whether they may be one work."""
        one, other = sorted((self.root(one), self.root(other)))
        if one == other:
            return True
        ours, theirs = self._works.get(one, {}), self._works.get(other, {})
        if any(site in ours and ours[site] != work for site, work in theirs.items()):
            return False
        if ours or theirs:
            self._works[one] = {**theirs, **ours}
        self._parent[other] = one
        return True

    def sets(self) -> Iterator[list[Leaf]]:
        found: dict[int, list[Leaf]] = {}
        for number, leaf in enumerate(self.leaves):
            found.setdefault(self.root(number), []).append(leaf)
        yield from found.values()


def number_in(work: str) -> str:
    """Return the part of a work's id that all page kinds share.

    >>> number_in("fic/663"), number_in("print/663")
    ('663', '663')
    """
    return work.rpartition("/")[2]


def _by_id(union: _Union) -> None:
    first: dict[tuple[str, str], int] = {}
    for number, leaf in enumerate(union.leaves):
        if leaf.work:
            union.unite(first.setdefault((leaf.site, leaf.work), number), number)


def _by_number(union: _Union) -> None:
    """Bring the page kinds of a work together: the same number, title and authors, whatever the script is called."""
    first: dict[tuple[str, ...], int] = {}
    for number, leaf in enumerate(union.leaves):
        if leaf.work and (leaf.title or leaf.authors):
            union.unite(first.setdefault((leaf.site, number_in(leaf.work), leaf.title, leaf.authors), number), number)


def _by_bytes(union: _Union) -> None:
    first: dict[str, int] = {}
    for number, leaf in enumerate(union.leaves):
        if leaf.words:
            union.unite(first.setdefault(leaf.sha256, number), number)


def _by_contents(union: _Union, journal: Journal) -> None:
    """Follow the lists of chapters on the pages to the other pages."""
    by_page: dict[str, int] = {}
    for number, leaf in enumerate(union.leaves):
        if leaf.page:
            by_page.setdefault(leaf.page, number)
    for arrival, page in journal.db.execute("SELECT arrival, page FROM links ORDER BY arrival, place"):
        if arrival in union.number and page in by_page:
            union.unite(union.number[arrival], by_page[page])


def _by_title(union: _Union) -> None:
    """Bring pages without an id to the one work of that title by those authors; else to each other."""
    named: dict[tuple[str, str], list[int]] = {}
    for number, leaf in enumerate(union.leaves):
        if len(leaf.title) >= SHORTEST_TITLE and leaf.authors:
            named.setdefault((leaf.title, leaf.authors), []).append(number)
    for numbers in named.values():
        with_id = {union.root(number) for number in numbers if union.works(number)}
        without = [number for number in numbers if not union.works(number)]
        if len(with_id) > 1 or not without:
            continue
        leader = next(iter(with_id), without[0])
        for number in without:
            union.unite(leader, number)


class _Keys:
    """Gives works their keys: those they had in an earlier round, or new ones from their ids or addresses."""

    def __init__(self, journal: Journal, known: Sites) -> None:
        self._known = known
        self._had = dict(journal.db.execute("SELECT arrival, key FROM keys").fetchall())
        self._taken = set(self._had.values())

    def key(self, leaf: Leaf, arrivals: tuple[int, ...]) -> str:
        """Return the key of the work of ``arrivals``, of which ``leaf`` says the most. Never from its title."""
        if had := next((self._had[each] for each in arrivals if each in self._had), ""):
            return had
        inside = leaf.work or leaf.page.partition("/")[2] or leaf.order[1].rpartition(".")[0] or leaf.order[1]
        key = identity.key(self._known.archive(leaf.site), *inside.split("/"))
        numbered = (f"{key}-{number}" for number in range(2, len(self._taken) + 3))
        own = key if key not in self._taken else next(each for each in numbered if each not in self._taken)
        self._taken.add(own)
        return own


__all__ = ["Group", "Leaf", "Sites", "groups", "sites"]
