"""The tags of works as the search sees them: with everything that stands over them, and all their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storykeep.site.search.contract import Name
from storykeep.site.tags.models import Tag
from storykeep.site.tags.queries import ids_over

FANDOM = "fandom"  # the kind that tells what a work is about
AT_ONCE = 5000  # tags that are learnt at once


@dataclass(frozen=True, slots=True)
class Marked:
    """What the tags of one work come to. ``names`` are by kind, ``facets`` are ids by kind."""

    ids: tuple[int, ...]
    names: dict[str, tuple[str, ...]]
    facets: dict[str, tuple[int, ...]]
    fandoms: int
    offered: tuple[Name, ...]


@dataclass(slots=True)
class Labels:
    """The tags that were met so far; reading a million works meets each of them again and again."""

    over: dict[int, tuple[int, ...]] = field(default_factory=dict)
    known: dict[int, tuple[str, str]] = field(default_factory=dict)
    names: dict[int, Name] = field(default_factory=dict)

    def learn(self, tags: Iterable[int]) -> None:
        """Read the tags that are new, and what stands over them. 3 queries for each 5,000, when there are any."""
        new = sorted({tag for tag in tags if tag not in self.over})
        for start in range(0, len(new), AT_ONCE):
            over = ids_over(new[start : start + AT_ONCE])
            self.over |= {tag: over.get(tag, ()) for tag in new[start : start + AT_ONCE]}
            self._name({*over, *(above for ids in over.values() for above in ids)})

    def _name(self, tags: set[int]) -> None:
        wanted = sorted(tags - self.names.keys())
        rows = list(Tag.objects.filter(pk__in=wanted).values_list("pk", "kind__key", "name"))
        also: dict[int, list[str]] = {}
        for canonical, name in Tag.objects.filter(synonym_of__in=wanted).values_list("synonym_of", "name"):
            also.setdefault(canonical, []).append(name)
        for tag, kind, name in rows:
            self.known[tag] = (kind, name)
            self.names[tag] = Name("tag", tag, name, kind, tuple(also.get(tag, ())))

    def of_work(self, tags: list[int]) -> Marked:
        """Return what ``tags`` come to; all of them were learnt."""
        over, known = self.over, self.known
        ids = tuple(dict.fromkeys([above for tag in tags for above in over[tag]]))
        synonyms = [tag for tag in tags if tag in known and tag not in ids]
        names: dict[str, list[str]] = {}
        facets: dict[str, list[int]] = {}
        for tag in (*synonyms, *ids):
            kind, name = known[tag]
            names.setdefault(kind, []).append(name)
        for tag in ids:
            facets.setdefault(known[tag][0], []).append(tag)
        return Marked(
            ids,
            {kind: tuple(dict.fromkeys(found)) for kind, found in names.items()},
            {kind: tuple(found) for kind, found in facets.items()},
            self.fandoms(tags),
            tuple([self.names[tag] for tag in ids]),
        )

    def fandoms(self, tags: list[int]) -> int:
        """Return how many fandoms ``tags`` name; those under one broader fandom count as one."""
        groups: list[set[int]] = []
        for tag in tags:
            if self.known.get(tag, ("",))[0] != FANDOM:
                continue
            over = {each for each in self.over[tag] if self.known[each][0] == FANDOM}
            if over:
                joined = [group for group in groups if group & over]
                groups = [group for group in groups if not group & over] + [over.union(*joined)]
        return len(groups)
