"""Facts about tags, each under the name of its place, and how they are read from the database and written to it.

| place | value |
|---|---|
| ``tag:12`` | {kind, name, slug, synonym_of, joint, settled}, or only those that changed; None where there is no tag |
| ``link:3:7`` | True where tag 3 stands under tag 7 |
| ``old:5:0a1b…`` | {name, slug, tag}: which tag was called so in kind 5 (digest of the name); None where none was |
| ``apart:3:7`` | True where a wrangler said that tags 3 and 7 are not the same |

Reading and writing go by kinds of places, so that ten thousand facts cost a few dozen queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NoReturn, TypeVar

from django.db import connection
from django.db.models import Model, Q

from storykeep.model.errors import Conflict
from storykeep.site.tags.models import OldName, Tag
from storykeep.site.wrangling.models import Apart

FIELDS = ("kind_id", "name", "slug", "synonym_of_id", "joint", "settled")
KEYS = ("kind", "name", "slug", "synonym_of", "joint", "settled")
AT_ONCE = 500
Link = Tag.parents.through
One = TypeVar("One")


def read(wanted: Mapping[str, object]) -> dict[str, object]:
    """Return what stands at the places of ``wanted`` now; of a tag, only the fields that ``wanted`` names."""
    tags = rows_of_tags(number(place) for place in wanted if place.startswith("tag:"))
    pairs = {**there(Link, "link", wanted), **there(Apart, "apart", wanted)}
    olds = old_names(place for place in wanted if place.startswith("old:"))
    found: dict[str, object] = {}
    for place, value in wanted.items():
        if place.startswith("tag:"):
            found[place] = some_of(tags.get(number(place)), value)
        else:
            found[place] = olds.get(place) if place.startswith("old:") else pairs.get(place, False)
    return found


def write(values: Mapping[str, object]) -> None:
    """Let ``values`` be what stands at their places. Call it in a transaction."""
    removed = [number(place) for place, value in values.items() if place.startswith("tag:") and value is None]
    tags = {number(place): value for place, value in values.items() if place.startswith("tag:") and value is not None}
    write_tags(tags)
    write_pairs(Link, ("from_tag_id", "to_tag_id"), pairs_of("link", values))
    write_pairs(Apart, ("first_id", "second_id"), pairs_of("apart", values))
    write_old({place: value for place, value in values.items() if place.startswith("old:")})
    nothing_depends_on(removed)
    for some in parts(removed):
        Tag.objects.filter(pk__in=some).delete()


def nothing_depends_on(removed: Sequence[int]) -> None:
    """Raise Conflict where a tag that stays is tied to one of those that are to go."""
    gone = set(removed)
    for some in parts(removed):
        linked = Link.objects.filter(Q(from_tag__in=some) | Q(to_tag__in=some)).values_list("from_tag", "to_tag")
        synonyms = Tag.objects.filter(synonym_of__in=some).values_list("pk", "synonym_of")
        if tied := next((pair for pair in (*linked, *synonyms) if not gone.issuperset(pair)), None):
            say_what_is_tied(tied, gone)


def say_what_is_tied(pair: tuple[int, int], gone: Container[int]) -> NoReturn:
    name = Tag.objects.get(pk=next(tag for tag in pair if tag in gone)).name
    raise Conflict(f"Other tags were tied to “{name}” since. Undo that first.")


# ── tags
def rows_of_tags(ids: Iterable[int]) -> dict[int, dict[str, object]]:
    found = {}
    for some in parts(sorted(set(ids))):
        for pk, *values in Tag.objects.filter(pk__in=some).values_list("pk", *FIELDS):
            found[pk] = dict(zip(KEYS, values, strict=True))
    return found


def some_of(row: dict[str, object] | None, like: object) -> dict[str, object] | None:
    """Return those fields of ``row`` that ``like`` has; all of them where ``like`` is None."""
    return {key: row[key] for key in like} if row is not None and isinstance(like, dict) else row


def write_tags(tags: Mapping[int, dict[str, object]]) -> None:
    known = set(rows_of_tags(tags))
    new = [tag_with(Tag(pk=pk), value) for pk, value in tags.items() if pk not in known]
    synonyms = [tag for tag in new if tag.synonym_of_id]
    Tag.objects.bulk_create([tag for tag in new if not tag.synonym_of_id], batch_size=AT_ONCE)
    Tag.objects.bulk_create(synonyms, batch_size=AT_ONCE)
    renamed = [tag for tag in sorted(known) if NAMES & tags[tag].keys()]
    for some in parts(renamed):
        rows = [tag_with(row, tags[row.pk]) for row in Tag.objects.filter(pk__in=some)]
        write_each(NAMED, ((*(getattr(row, name) for name in NAMED), row.pk) for row in rows))
    for names, some in by_fields(tags, known).items():
        write_each([SHARED[name] for name in names], ((*(tags[tag][name] for name in names), tag) for tag in some))


NAMES = {"kind", "name", "slug"}
NAMED = ("kind_id", "name", "slug", "folded", "letter")
SHARED = {"synonym_of": "synonym_of_id", "joint": "joint", "settled": "settled"}


def by_fields(tags: Mapping[int, dict[str, object]], known: Iterable[int]) -> dict[tuple[str, ...], list[int]]:
    """Return the tags that are ``known`` by which of their shared fields are written."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for tag in sorted(known):
        if names := tuple(name for name in SHARED if name in tags[tag]):
            found[names].append(tag)
    return found


def write_each(fields: Iterable[str], rows: Iterable[tuple]) -> None:
    """Write the values of ``fields`` into the tags whose ids stand last in ``rows``: one statement, run for each."""
    columns = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in fields)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {Tag._meta.db_table} SET {columns} WHERE id = %s", list(rows))  # noqa: S608, SLF001 — names of our own model


def tag_with(row: Tag, value: dict[str, object]) -> Tag:
    for key, field in zip(KEYS, FIELDS, strict=True):
        if key in value:
            setattr(row, field, value[key])
    row.name_was_set()
    return row


# ── what is there or not: links, and tags that are not the same
def there(model: type[Model], name: str, wanted: Iterable[str]) -> dict[str, bool]:
    places = [place for place in wanted if place.startswith(f"{name}:")]
    ends = ends_of(model)
    found: dict[str, bool] = {}
    for some in parts(places):
        rows = model.objects.filter(any_of(ends, map(pair, some)))
        found |= {f"{name}:{one}:{two}": True for one, two in rows.values_list(*ends)}
    return found


def write_pairs(model: type[Model], ends: Sequence[str], values: Mapping[tuple[int, int], bool]) -> None:
    gone = [ids for ids, there in values.items() if not there]
    for some in parts(gone):
        model.objects.filter(any_of(ends, some)).delete()
    new = [model(**dict(zip(ends, ids, strict=True))) for ids, there in values.items() if there]
    model.objects.bulk_create(new, batch_size=AT_ONCE, ignore_conflicts=True)


def any_of(ends: Sequence[str], pairs: Iterable[tuple[int, int]]) -> Q:
    return reduce(or_, (Q(**dict(zip(ends, ids, strict=True))) for ids in pairs))


def ends_of(model: type[Model]) -> tuple[str, str]:
    return ("first_id", "second_id") if model is Apart else ("from_tag_id", "to_tag_id")


def pairs_of(name: str, values: Mapping[str, object]) -> dict[tuple[int, int], bool]:
    return {pair(place): bool(value) for place, value in values.items() if place.startswith(f"{name}:")}


# ── old names
def old_names(places: Iterable[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for some in parts(list(places)):
        asked = [named(place) for place in some]
        rows = OldName.objects.filter(kind__in={kind for kind, _ in asked}, digest__in={name for _, name in asked})
        found |= {f"old:{row.kind_id}:{row.digest}": was_called(row) for row in rows}
    return found


def was_called(row: OldName) -> dict[str, object]:
    return {"name": row.name, "slug": row.slug, "tag": row.tag_id}


def write_old(values: Mapping[str, object]) -> None:
    for some in parts(list(values)):
        places = [named(place) for place in some]
        wrong = OldName.objects.filter(kind__in={kind for kind, _ in places}, digest__in={name for _, name in places})
        OldName.objects.filter(pk__in=[row.pk for row in wrong if f"old:{row.kind_id}:{row.digest}" in values]).delete()
        OldName.objects.bulk_create([old_row(place, values[place]) for place in some if values[place]])


def old_row(place: str, value: Mapping[str, object]) -> OldName:
    kind, digest = named(place)
    return OldName(kind_id=kind, name=value["name"], digest=digest, slug=value["slug"], tag_id=value["tag"])


# ── places
def number(place: str) -> int:
    return int(place.split(":")[1])


def pair(place: str) -> tuple[int, int]:
    _, one, two = place.split(":")
    return int(one), int(two)


def named(place: str) -> tuple[int, str]:
    _, kind, name = place.split(":", 2)
    return int(kind), name


def parts(items: Sequence[One]) -> Iterator[Sequence[One]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
