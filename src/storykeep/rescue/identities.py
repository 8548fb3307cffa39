"""Who may be the same person? Names, e-mail addresses (as digests), sites and texts are compared; an archivist decides.

Only people who share something are compared: an address, a site, a spelling, a part of a name. Every reason carries how
sure it makes us alone; several together make surer. A name on its own never makes it certain.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import OSA

from storykeep.text.fold import fold

LEAST = 0.4
"""How sure a proposal must be to be made."""
COMMON = 0.45
"""How sure a short name makes: many people are called Anna."""
DIGITS = "0123456789"
CROWD = 12
"""So many people who share a part of a name share it by chance."""
SHORT, LONG = 5, 7
"""Letters: shorter names are many people's; in longer ones one letter may be a slip."""
TOGETHER = 0.15
"""What remains of a proposal when the two wrote something together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """What is known of a person. ``ways`` are digests of e-mail addresses, never the addresses; ``works`` are ids."""

    id: int
    name: str
    names: tuple[str, ...] = ()
    archives: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    ways: frozenset[str] = frozenset()
    works: frozenset[int] = frozenset()
    account: int = 0


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two people (by id, the lower first) who may be one: how sure that is, 0 to 1, and why, in words."""

    one: int
    other: int
    confidence: float
    reasons: tuple[str, ...]


def likenesses(people: Iterable[Somebody], copies: Iterable[tuple[int, int]] = ()) -> list[Likeness]:
    """Return who may be the same, the surest first. ``copies`` are pairs of works with the same words.

    >>> kim = Somebody(id=1, name="Kim É. Ward", archives=frozenset({"Quay"}))
    >>> ward = Somebody(id=2, name="kim e ward", archives=frozenset({"Mole"}))
    >>> [(each.confidence, each.reasons) for each in likenesses([kim, ward])]
    [(0.7, ('The same name, written differently, in two archives.',))]
    """
    known = {each.id: each for each in people}
    twins = _same_words(known.values(), copies)
    found = (_compared(known[one], known[other], twins) for one, other in sorted(_candidates(known) | twins.keys()))
    return sorted((each for each in found if each), key=lambda each: (-each.confidence, each.one, each.other))


def _compared(one: Somebody, other: Somebody, twins: dict[tuple[int, int], str]) -> Likeness | None:
    if one.account and other.account and one.account != other.account:
        return None
    reasons = list(_reasons(one, other))
    if (one.id, other.id) in twins:
        reasons.append((0.8, twins[one.id, other.id]))
    sure = _together(reason for reason, _ in reasons)
    if one.works & other.works:
        sure *= TOGETHER
        reasons.append((0.0, "But both names stand under one work."))
    if sure < LEAST:
        return None
    words = tuple(text for _, text in sorted(reasons, key=lambda reason: -reason[0]))
    return Likeness(one.id, other.id, round(sure, 2), words)


def _together(sure: Iterable[float]) -> float:
    doubt = 1.0
    for each in sure:
        doubt *= 1 - each
    return 1 - doubt


def _reasons(one: Somebody, other: Somebody) -> Iterator[tuple[float, str]]:
    if one.ways & other.ways:
        yield 0.95, "The same e-mail address."
    shared = sorted(one.sites & other.sites)
    if shared:
        yield 0.85, f"The same site: {shared[0]}."
    if other.name in one.names or one.name in other.names:
        yield 0.85, "One names the other as a pen name."
    elif named := _by_name(one, other):
        yield named


def _by_name(one: Somebody, other: Somebody) -> tuple[float, str] | None:
    """Return the strongest thing that the two names say, if they say anything."""
    pairs = [(mine, yours) for mine in (one.name, *one.names) for yours in (other.name, *other.names)]
    apart = bool(one.archives and other.archives and not one.archives & other.archives)
    found = [each for mine, yours in pairs for each in _names(mine, yours, apart=apart)]
    return max(found, default=None)


def _names(one: str, other: str, *, apart: bool) -> Iterator[tuple[float, str]]:
    """Yield what two names say; ``apart`` when they come from two archives."""
    mine, yours = letters(one), letters(other)
    if mine and mine == yours:
        where = ", in two archives" if apart else ""
        sure = COMMON if len(mine) < SHORT else 0.7 if apart else 0.8
        yield sure, f"The same name{'' if one == other else ', written differently'}{where}."
    elif mine and yours:
        yield from _parts_of(one, other)
        yield from _slips(one, other, *sorted((mine, yours), key=len))


def _parts_of(one: str, other: str) -> Iterator[tuple[float, str]]:
    ours, theirs = _parts(one), _parts(other)
    if min(len(ours), len(theirs)) > 1 and sorted(ours) == sorted(theirs):
        yield 0.75, "The same names in another order."
    elif _initial(ours, theirs):
        short, long = (one, other) if len(ours[0]) == 1 else (other, one)
        yield 0.5, f"“{short}” may be short for “{long}”."


def _initial(ours: list[str], theirs: list[str]) -> bool:
    """Say whether one has an initial where the other has the first name."""
    same_last = min(len(ours), len(theirs)) > 1 and ours[-1] == theirs[-1]
    return same_last and ours[0][0] == theirs[0][0] and 1 in (len(ours[0]), len(theirs[0]))


def _slips(one: str, other: str, short: str, long: str) -> Iterator[tuple[float, str]]:
    """Yield small differences; ``short`` and ``long`` are the letters of the names, the shorter first."""
    stem = short.rstrip(DIGITS)
    if stem == long.rstrip(DIGITS) and len(stem) >= SHORT:
        yield 0.55, "The same name with another number."
    elif len(short) >= LONG and OSA.distance(short, long, score_cutoff=1) == 1:
        yield 0.55, "One letter is different."
    elif len(short) >= LONG and long.startswith(short):
        yield LEAST, f"“{one}” and “{other}” begin alike."


# ── whom to compare
def letters(name: str) -> str:
    """Return what of a name stays the same however it is written.

    >>> letters("Mary-Ann O’Hara"), letters("mary ann ohara")
    ('maryannohara', 'maryannohara')
    """
    return re.sub(r"[\W_]+", "", fold(name))


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", re.sub(r"['’.]", " ", fold(name))) or [""]


def _candidates(known: dict[int, Somebody]) -> set[tuple[int, int]]:
    """Return the pairs of people who share something that few share."""
    shelves: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in known.values():
        for mark in set(_marks(each)):
            shelves[mark].append(each.id)
    pairs: set[tuple[int, int]] = set()
    for (kind, _), ids in shelves.items():
        if len(ids) <= CROWD or kind in ("way", "name"):
            pairs.update(combinations(sorted(ids)[: CROWD * 4], 2))
    return pairs


def _marks(person: Somebody) -> Iterator[tuple[str, str]]:
    """Yield what brings people side by side; for slips, the name with each letter left out once."""
    yield from (("way", way) for way in person.ways)
    yield from (("site", site) for site in person.sites)
    for name in (person.name, *person.names):
        whole, parts = letters(name), _parts(name)
        if not whole:
            continue
        yield "name", whole
        yield "stem", whole.rstrip(DIGITS) or whole
        yield "parts", " ".join(sorted(parts))
        yield "last", f"{parts[-1]} {parts[0][:1]}"
        if len(whole) >= LONG:
            yield "beginning", whole[:LONG]
            yield from (("slip", whole[:at] + whole[at + 1 :]) for at in range(len(whole)))
            yield "slip", whole


def _same_words(people: Iterable[Somebody], copies: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return the pairs of people under whose names the same text stands; who has a namesake there is meant by it."""
    whose: dict[int, list[Somebody]] = defaultdict(list)
    for person in people:
        for work in person.works:
            whose[work].append(person)
    found: dict[tuple[int, int], str] = {}
    for work, copy in copies:
        ours, theirs = ({letters(each.name): each.id for each in whose[one]} for one in (work, copy))
        for one, other in _partners(ours, theirs):
            if one != other:
                found[min(one, other), max(one, other)] = "The same story stands under both names."
    return found


def _partners(ours: dict[str, int], theirs: dict[str, int]) -> list[tuple[int, int]]:
    """Return who of two titles' authors may be whom: namesakes, and those who are left when there is one of each."""
    pairs = [(ours[name], theirs[name]) for name in sorted(ours.keys() & theirs.keys())]
    mine, yours = sorted(ours.keys() - theirs.keys()), sorted(theirs.keys() - ours.keys())
    return [*pairs, (ours[mine[0]], theirs[yours[0]])] if len(mine) == len(yours) == 1 else pairs
