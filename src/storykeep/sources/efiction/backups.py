"""Several dumps of one archive: a file per table, or backups of different years, united to one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storykeep.model.provenance import Finding, Severity
from storykeep.sources.efiction import tables
from storykeep.sources.efiction.house import date, line
from storykeep.sources.efiction.shelves import Shelves


def united(shelves: Shelves, names: Sequence[str]) -> Iterator[Finding]:
    """Unite what belongs together; ``names`` are the dumps by number. Newer rows win, older ones fill their gaps."""
    places: dict[str, list[str]] = {}
    for house in shelves.houses:
        places.setdefault(house.partition(":")[2], []).append(house)
    for houses in places.values():
        yield from _united(shelves, houses, names)


def _united(shelves: Shelves, houses: list[str], names: Sequence[str]) -> Iterator[Finding]:
    whole = sorted(
        (house for house in houses if "stories" in shelves.houses[house]), key=lambda house: _age(shelves, house)
    )
    for part in [house for house in houses if house not in whole]:
        if whole or len(houses) > 1:
            newest = whole[-1] if whole else houses[0]
            if part != newest:
                for kind in list(shelves.houses[part]):
                    shelves.move(kind, part, newest, new_by=tables.IDS.get(kind, ""))
                shelves.forget(part)
    for older in whole[:-1]:
        newer = whole[-1]
        if _same_site(shelves, older, newer):
            filled = sum(shelves.move(kind, older, newer, new_by=key) for kind, key in tables.IDS.items())
            shelves.forget(older)
            dump, other = names[int(older.partition(":")[0])], names[int(newer.partition(":")[0])]
            yield Finding(
                code="backup.older",
                where=dump,
                evidence=f"an older backup of {other}; {filled:,} rows were only here",
                suggestion="What was deleted between the two may have been deleted on purpose. Look at it first.",
                severity=Severity.INFO,
            )


def _age(shelves: Shelves, house: str) -> tuple[str, int]:
    """Return what sorts backups by age: the last day on which something was updated, and how much there is."""
    days = (date(record.get("updated")) for record in shelves.all(house, "stories"))
    return max(days, default=""), shelves.count(house, "stories")


def _same_site(shelves: Shelves, one: str, other: str) -> bool:
    """Say whether two dumps come from one site: by its name, or because most of their members are the same."""
    told = [next(shelves.all(house, "settings"), None) for house in (one, other)]
    sites = [line(record, "sitename") if record else "" for record in told]
    if all(sites):
        return sites[0] == sites[1]
    members = [{record.get("penname") for record in shelves.all(house, "authors")} for house in (one, other)]
    return len(members[0] & members[1]) > 0.5 * min(len(members[0]), len(members[1]) or 1)
