"""The works that the pages make up, each with the key that it has for ever, and the archives they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from storykeep.model import identity
from storykeep.rescue.journal import Journal
from storykeep.rescue.kin import Kin, Leaf, kin_in


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one work, in the order of the remains. ``key`` is the work's for ever.

    ``doubles`` are the keys of other works that may be the same one.
    """

    key: str
    site: str
    works: tuple[str, ...]
    arrivals: tuple[int, ...]
    order: tuple[str, str]
    title: str = ""
    authors: str = ""
    doubles: tuple[str, ...] = ()


@dataclass(slots=True)
class Sites:
    """What each host's archive is called, and which host the pages without one belong to."""

    names: dict[str, str] = field(default_factory=dict)
    fallback: str = ""
    told: str = ""

    def archive(self, site: str) -> str:
        """Return the archive of a host: its own name, else the host; what has no host belongs to the main archive."""
        return self.told or self.names.get(site) or site or self.fallback


def sites(journal: Journal, fallback: str, told: str = "") -> Sites:
    """Return the archives' names: as ``told`` by the archivist, else what most pages say, else ``fallback``."""
    if told:
        return Sites(told=told)
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
    kin = kin_in(journal)
    found = list(_groups(journal, known, kin))
    owner = {arrival: group.key for group in found for arrival in group.arrivals}
    doubles: dict[str, set[str]] = {}
    for one, other in kin.doubles:
        a, b = owner[kin.leaves[one].arrival], owner[kin.leaves[other].arrival]
        if a != b:
            doubles.setdefault(a, set()).add(b)
            doubles.setdefault(b, set()).add(a)
    for group in found:
        yield replace(group, doubles=tuple(sorted(doubles.get(group.key, ()))))


def _groups(journal: Journal, known: Sites, kin: Kin) -> Iterator[Group]:
    names = _Keys(journal, known)
    used = {(leaf.site, leaf.work) for leaf in kin.leaves if leaf.work}
    for members in kin.sets():
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


__all__ = ["Group", "Sites", "groups", "sites"]
