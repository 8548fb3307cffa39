"""A sheet of paper on which tags are changed before they are: what is not on it yet is read from the database.

Every verb writes on a sheet. What is different in the end are the facts that an action alters; a preview is a sheet
that nobody signs. New tags have negative ids until they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count

from django.db.models import Q

from storykeep.model.errors import Conflict, UsageError
from storykeep.model.identity import sha256, slug
from storykeep.site.tags.models import OldName, Tag, first_free, slugs_taken
from storykeep.site.wrangling import facts
from storykeep.site.wrangling.models import Apart

Row = dict[str, object]


class Sheet:
    """Tags as they would be. ``row``, ``up``, ``down`` and ``same`` answer for any tag, ``load`` reads many at once."""

    def __init__(self) -> None:
        self.rows: dict[int, Row | None] = {}
        self.were: dict[int, Row | None] = {}
        self.ups: dict[int, set[int]] = {}
        self.downs: dict[int, set[int]] = {}
        self.sames: dict[int, set[int]] = {}
        self.links_were: set[tuple[int, int]] = set()
        self.links: set[tuple[int, int]] = set()
        self.others: dict[str, tuple[object, object]] = {}
        self.olds: dict[str, object] = {}
        self.slugs: dict[int, set[str]] = {}
        self.all_slugs: set[int] = set()
        self.whole: set[int] = set()
        self.next_id = count(-1, -1)
        self.journal: list[Callable[[], object]] | None = None

    # ── reading
    def load(self, tags: Iterable[int]) -> None:
        """Read ``tags`` with their links and synonyms. 3 queries for 300 tags, none for what was read."""
        for some in facts.parts(sorted(tag for tag in set(tags) if tag > 0 and tag not in self.whole)):
            self.whole.update(some)
            self.keep_rows(facts.rows_of_tags(some))
            for tag in some:
                self.rows.setdefault(tag, None)
                self.were.setdefault(tag, None)
            synonyms = Tag.objects.filter(synonym_of__in=some).values_list("pk", flat=True)
            self.keep_rows(facts.rows_of_tags(list(synonyms)))
            self.keep_links(facts.Link.objects.filter(Q(from_tag__in=some) | Q(to_tag__in=some)))

    def keep_rows(self, rows: dict[int, Row]) -> None:
        for tag, row in rows.items():
            if tag not in self.rows:
                self.rows[tag], self.were[tag] = dict(row), dict(row)
                if row["synonym_of"]:
                    self.sames.setdefault(row["synonym_of"], set()).add(tag)

    def keep_links(self, rows) -> None:
        for child, parent in rows.values_list("from_tag_id", "to_tag_id"):
            if (child, parent) not in self.links_were:
                self.links_were.add((child, parent))
                self.put_link(child, parent, there=True)

    def row(self, tag: int) -> Row:
        """Return the fields of ``tag``. Raises KeyError where there is no such tag."""
        self.load([tag])
        row = self.rows.get(tag)
        if row is None:
            raise KeyError(tag)
        return row

    def name(self, tag: int) -> str:
        return str(self.row(tag)["name"])

    def up(self, tag: int) -> set[int]:
        self.load([tag])
        return set(self.ups.get(tag, ()))

    def down(self, tag: int) -> set[int]:
        self.load([tag])
        return set(self.downs.get(tag, ()))

    def same(self, tag: int) -> set[int]:
        self.load([tag])
        return set(self.sames.get(tag, ()))

    def over(self, tag: int) -> set[int]:
        """Return everything over ``tag``; with ``tag`` itself only if it stands in a circle. A query a level."""
        found: set[int] = set()
        level = {tag}
        while level:
            self.load(level)
            level = {over for each in level for over in self.ups.get(each, ())} - found
            found |= level
        return found

    # ── writing
    def set(self, tag: int, **fields: object) -> None:
        row = self.row(tag)
        self.note(partial(self.put_fields, tag, {key: row[key] for key in fields}))
        if fields.get("synonym_of"):
            self.load([fields["synonym_of"]])
        self.put_fields(tag, fields)

    def put_fields(self, tag: int, fields: Row) -> None:
        row = self.rows[tag]
        if "synonym_of" in fields:
            self.sames.get(row["synonym_of"], set()).discard(tag)
            if fields["synonym_of"]:
                self.sames.setdefault(fields["synonym_of"], set()).add(tag)
        row |= fields

    def link(self, child: int, parent: int, *, there: bool = True) -> None:
        self.load([child, parent])
        self.note(partial(self.put_link, child, parent, there=(child, parent) in self.links))
        self.put_link(child, parent, there=there)

    def put_link(self, child: int, parent: int, *, there: bool) -> None:
        for ends, one, other in ((self.ups, child, parent), (self.downs, parent, child)):
            side = ends.setdefault(one, set())
            (side.add if there else side.discard)(other)
        (self.links.add if there else self.links.discard)((child, parent))

    def new(self, kind: int, name: str, **fields: object) -> int:
        """Write a new tag on the sheet; return its id for now."""
        tag = next(self.next_id)
        values = {"kind": kind, "name": name, "slug": self.free_slug(kind, name), "synonym_of": None}
        self.rows[tag], self.were[tag] = {**values, "joint": False, "settled": True, **fields}, None
        return tag

    def remove(self, tag: int) -> None:
        """Take ``tag`` away, with its links, its old names, and what it was said not to be."""
        for over in self.up(tag):
            self.link(tag, over, there=False)
        for old in OldName.objects.filter(tag=tag):
            self.put(f"old:{old.kind_id}:{old.digest}", facts.was_called(old), None)
        for one, other in Apart.objects.filter(Q(first=tag) | Q(second=tag)).values_list("first", "second"):
            self.put(f"apart:{one}:{other}", True, False)
        self.rows[tag] = None

    def put(self, place: str, before: object, after: object) -> None:
        """Write any other fact."""
        self.others[place] = (self.others.get(place, (before,))[0], after)

    def was_called(self, tag: int) -> None:
        """Remember the name and address that ``tag`` has, before it gets others."""
        row = self.row(tag)
        place, before = self.old_name(int(row["kind"]), str(row["name"]))
        self.put(place, before, {"name": row["name"], "slug": row["slug"], "tag": tag})

    def address(self, tag: int, kind: int, name: str) -> str:
        """Return the part of an address that ``tag`` gets as ``name`` in ``kind``: the one it had, if any."""
        place, before = self.old_name(kind, name)
        if isinstance(before, dict) and before["tag"] == tag:
            self.put(place, before, None)
            return str(before["slug"])
        return self.free_slug(kind, name)

    def old_name(self, kind: int, name: str) -> tuple[str, object]:
        """Return the place at which it stands who was called ``name`` in ``kind``, and what stands there."""
        place = place_of_old(kind, name)
        if place not in self.olds:
            self.olds |= facts.read({place: None})
        return place, self.olds[place]

    def foresee(self, kind: int, names: Iterable[tuple[int, str]]) -> None:
        """Read at once what new addresses in ``kind`` need, and who was called so: ``names`` are (kind, name)."""
        places = (place_of_old(*each) for each in names)
        self.olds |= facts.read(dict.fromkeys((place for place in places if place not in self.olds), None))
        self.know_slugs(kind)

    def know_slugs(self, kind: int) -> None:
        """Read every part of an address that a tag of ``kind`` has or had."""
        if kind not in self.all_slugs:
            self.slugs[kind] = self.slugs.get(kind, set()) | all_slugs(kind)
            self.all_slugs.add(kind)

    def free_slug(self, kind: int, name: str) -> str:
        """Return a part of an address that no tag of ``kind`` has, had, or gets on this sheet."""
        known = self.slugs.setdefault(kind, set())
        everywhere = kind in self.all_slugs
        free = first_free(slug(name), lambda some: known if everywhere else known | slugs_taken(kind, some))
        known.add(free)
        return free

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Write, or leave the sheet as it was where something can't be written."""
        self.journal = []
        try:
            yield
        except (Conflict, UsageError):
            for take_back in reversed(self.journal):
                take_back()
            raise
        finally:
            self.journal = None

    def note(self, take_back: Callable[[], object]) -> None:
        if self.journal is not None:
            self.journal.append(take_back)

    # ── what is different
    def facts(self) -> dict[str, tuple[object, object]]:
        """Return what is different now: (before, after) by place."""
        found: dict[str, tuple[object, object]] = {}
        for tag, row in self.rows.items():
            was = self.were[tag]
            if was != row:
                found[f"tag:{tag}"] = changed(was, row)
        for child, parent in sorted(self.links ^ self.links_were):
            there = (child, parent) in self.links
            found[f"link:{child}:{parent}"] = (not there, there)
        return found | {place: pair for place, pair in self.others.items() if pair[0] != pair[1]}


def changed(was: Row | None, row: Row | None) -> tuple[Row | None, Row | None]:
    """Return what differs between two states of a tag; all of it where there was or is none."""
    if was is None or row is None:
        return was, row
    keys = [key for key in facts.KEYS if was[key] != row[key]]
    return {key: was[key] for key in keys}, {key: row[key] for key in keys}


def place_of_old(kind: int, name: str) -> str:
    return f"old:{kind}:{sha256(name.encode())}"


def all_slugs(kind: int) -> set[str]:
    """Return every part of an address that a tag of ``kind`` has or had. 2 queries."""
    rows = (Tag.objects, OldName.objects)
    return {one for each in rows for one in each.filter(kind=kind).values_list("slug", flat=True)}
