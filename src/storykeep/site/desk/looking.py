"""Looks through the whole archive, whichever rescues it came from, for works and people that may be one.

Nothing is decided here. What an archivist has said of a pair is kept; what only changed is compared again.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, QuerySet

from storykeep.model.story import Role
from storykeep.rescue.copies import Copies
from storykeep.rescue.identities import Somebody, letters, likenesses
from storykeep.site.claims.models import Way
from storykeep.site.desk.models import AlikeState, PeopleAlike, WorksAlike
from storykeep.site.works.addresses import normal
from storykeep.site.works.models import GONE, Credit, Finding, PenName, Person, Visibility, Work

NOBODY = frozenset(("", "anon", "anonymous", "author", "guest", "noname", "orphaned", "unknown", "various"))
AWAY = (Visibility.DRAFT, *GONE)
LEAST = 0.3  # share of the shorter work that must stand in the other
CROWD = 6  # works of one title by one author: more are a series of drabbles or a column
BATCH = 200
SUSPECTED = "duplicate.suspected"
SKETCHES = "copies.sqlite3"


def look() -> bool:
    """Compare what is new or has changed with everything that is here; return False when somebody else is at it."""
    with alone(settings.HOUSE.data / "copies.lock") as mine:
        if mine:
            try:
                look_for_works()
            except sqlite3.DatabaseError:  # the sketches are only a help: damaged, they are made anew
                (settings.HOUSE.data / SKETCHES).unlink(missing_ok=True)
                look_for_works()
            look_for_people()
        return mine


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Say whether nobody else holds the lock at ``path``, and hold it meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


# ── works
@dataclass(slots=True)
class Pair:
    """What speaks for two works being one."""

    contained: float = 0.0
    same_title: bool = False
    same_author: str = ""
    suspected: bool = False

    @property
    def confidence(self) -> float:
        if not self.contained:
            return 0.55 if self.same_title and self.same_author else 0.45
        named = 0.02 * self.same_title + 0.02 * bool(self.same_author)
        return round(min(0.45 + 0.5 * self.contained + named, 0.99), 2)

    @property
    def reasons(self) -> list[str]:
        said = [f"{self.contained:.0%} of the shorter one stands in the longer, word for word."] * bool(self.contained)
        said += ["The same title."] * self.same_title
        said += [f"The same author: {self.same_author}."] * bool(self.same_author)
        said += ["The rescue took them for the same."] * self.suspected
        return said if self.contained else [*said, "But other words."]


def look_for_works() -> None:
    """Compare the texts of works that changed with all others, and all titles with each other."""
    pairs: dict[tuple[int, int], Pair] = defaultdict(Pair)
    with Copies(settings.HOUSE.data / SKETCHES) as copies:
        fresh = sketch_changed(copies)
        for ids, contained in shares(copies):
            pairs[ids].contained = contained
    suspected(pairs)
    named(pairs)
    for row in WorksAlike.objects.exclude(contained=0):
        if not {row.one_id, row.other_id} & fresh:
            pairs[row.one_id, row.other_id].contained = row.contained
    note(WorksAlike, {ids: {"contained": pair.contained} | told(pair) for ids, pair in pairs.items()})


def told(pair: Pair) -> dict:
    return {"confidence": pair.confidence, "reasons": pair.reasons}


def sketch_changed(copies: Copies) -> set[int]:
    """Bring the sketches up to date; return the works whose texts are new."""
    rows = Work.objects.exclude(visibility__in=AWAY).annotate(newest=Max("chapters__current"), many=Count("chapters"))
    stamps = {str(row.pk): f"{row.newest} {row.many}" for row in rows.only("pk")}
    known = copies.stamps()
    for gone in known.keys() - stamps.keys():
        copies.forget(gone)
    changed = [story for story, stamp in stamps.items() if known.get(story) != stamp]
    for start in range(0, len(changed), BATCH):
        batch = Work.objects.filter(pk__in=changed[start : start + BATCH]).prefetch_related("chapters__current")
        for work in batch:
            copies.add_story(str(work.pk), stamps[str(work.pk)], bodies(work))
    return {int(story) for story in changed}


def bodies(work: Work) -> Iterator[tuple[str, str]]:
    for chapter in work.chapters.all():
        yield str(chapter.pk), chapter.current.body if chapter.current else ""


def shares(copies: Copies) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield the works of which one shares its words with the other, and how much of the shorter that is."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for copy in copies.pairs():
        if copy.one[0] != copy.other[0]:
            found[copy.one[0], copy.other[0]] += copy.contained * copy.shorter
    sizes = copies.sizes() if found else {}
    for (one, other), shared in found.items():
        contained = min(shared / min(sizes[one], sizes[other]), 1.0)
        if contained >= LEAST:
            low, high = sorted((int(one), int(other)))
            yield (low, high), contained


def suspected(pairs: dict[tuple[int, int], Pair]) -> None:
    """Add the works that a rescue took for the same: its findings name the keys of the others."""
    rows = Finding.objects.filter(code=SUSPECTED, current=True).exclude(work=None)
    said = {(work, key) for work, evidence in rows.values_list("work", "evidence") for key in evidence.split(" · ")}
    known = dict(
        Work.objects.exclude(visibility__in=AWAY).filter(key__in={key for _, key in said}).values_list("key", "pk")
    )
    for work, key in said:
        if key in known and known[key] != work:
            pairs[min(work, known[key]), max(work, known[key])].suspected = True


def named(pairs: dict[tuple[int, int], Pair]) -> None:
    """Add what titles and authors say: to the pairs that are known, and as pairs of their own."""
    titles = dict(Work.objects.exclude(visibility__in=AWAY).values_list("pk", "title"))
    authors: dict[int, dict[str, str]] = defaultdict(dict)
    for work, name in written().values_list("work", "name"):
        authors[work][letters(name)] = name
    shelves: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, title in titles.items():
        for author in authors[pk].keys() - NOBODY:
            if letters(title or ""):
                shelves[letters(title), author].append(pk)
    for works in shelves.values():
        if len(works) <= CROWD:
            for ids in combinations(sorted(works), 2):
                pairs[ids].same_title = True
    for (one, other), pair in pairs.items():
        pair.same_title = bool(letters(titles.get(one) or "")) and letters(titles[one]) == letters(
            titles.get(other) or ""
        )
        pair.same_author = next(
            (authors[one][each] for each in authors[one].keys() & authors[other].keys() - NOBODY), ""
        )


def written():
    """Return the credits of the authors of whole works."""
    return Credit.objects.filter(role=Role.AUTHOR.value, chapter=None)


# ── people
def look_for_people() -> None:
    """Compare all people by names, addresses, sites and by whose texts are the same."""
    copies = WorksAlike.objects.filter(found=True, contained__gte=LEAST).values_list("one", "other")
    found = likenesses(people(), copies)
    note(PeopleAlike, {(each.one, each.other): {"confidence": each.confidence, "reasons": list(each.reasons)}
                       for each in found})  # fmt: skip


def people() -> Iterator[Somebody]:
    """Yield everybody who has a work here, once, without those who turned out to be somebody else."""
    works, names, ways = defaultdict(set), defaultdict(set), defaultdict(set)
    for person, work, archive in Credit.objects.values_list("person", "work", "work__archive"):
        works[person].add((work, archive))
    for person, name in PenName.objects.values_list("person", "name"):
        names[person].add(name)
    for person, digest in Way.objects.values_list("person", "digest"):
        ways[person].add(digest)
    for row in Person.objects.filter(merged_into=None).only("pk", "name", "sites", "account"):
        if letters(row.name) not in NOBODY and row.pk in works:
            yield Somebody(
                id=row.pk, name=row.name, names=tuple(sorted(names[row.pk] - {row.name})),
                archives=frozenset(archive for _, archive in works[row.pk] if archive),
                works=frozenset(work for work, _ in works[row.pk]),
                sites=frozenset(map(site, row.sites)) - {""}, ways=frozenset(ways[row.pk]), account=row.account_id or 0,
            )  # fmt: skip


def site(address: str) -> str:
    """Return the address of a site without what varies."""
    host, path = normal(address)
    return f"{host}{path}".rstrip("/") if host else ""


# ── what was found
@transaction.atomic
def note(model, pairs: dict[tuple[int, int], dict]) -> None:
    """Keep what was found; what nobody sees any more is no longer shown, and what was decided stays decided."""
    known = {(row.one_id, row.other_id): row for row in model.objects.all()}
    new = [
        model(one_id=one, other_id=other, **said) for (one, other), said in pairs.items() if (one, other) not in known
    ]
    model.objects.bulk_create(new)
    changed = [row for ids, row in known.items() if differs(row, pairs.get(ids))]
    model.objects.bulk_update(changed, ["found", *model.SAID], batch_size=BATCH)


def differs(row, said: dict | None) -> bool:
    """Bring ``row`` up to date; return whether that changed it."""
    before = {name: getattr(row, name) for name in (said or ())}
    changed = row.found != bool(said) or before != (said or {})
    row.found = bool(said)
    for name, value in (said or {}).items():
        setattr(row, name, value)
    return changed


def waiting(model) -> QuerySet:
    """Return the pairs that wait for a decision, the surest first."""
    rows = model.objects.filter(state=AlikeState.OPEN, found=True)
    if model is PeopleAlike:
        return rows.filter(one__merged_into=None, other__merged_into=None)
    return rows.exclude(one__visibility__in=AWAY).exclude(other__visibility__in=AWAY)
