"""What choosing a tag finds, and what stands over it. Everything that follows links between tags asks here.

The links are the only truth: a recursive query follows them each time. A table of all indirect links would have to
be mended after every nesting, merge and undo, and this reads 160,000 tags in milliseconds (docs/reference/tags.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from rapidfuzz import fuzz

from storykeep.site.tags.models import OldName, Tag, TagKind

AT_ONCE = 500  # ids in one query
SURE = 3  # letters; fewer are never taken for a typo
LIKELY = 2000  # tags that are compared letter by letter
ALIKE = 80  # per cent of the letters

# UNION, not UNION ALL: what was found once is not followed again, so that even a circle would end.
UNDER = """
WITH RECURSIVE found(id) AS (
    SELECT {start} FROM tags_tag WHERE id IN ({marks})
    UNION SELECT link.from_tag_id FROM found JOIN tags_tag_parents link ON link.to_tag_id = found.id
)
SELECT id FROM found
UNION SELECT synonym.id FROM tags_tag synonym JOIN found ON synonym.synonym_of_id = found.id
"""
CANONICAL = "COALESCE(synonym_of_id, id)"
OVER = """
WITH RECURSIVE found(start, id) AS (
    SELECT id, {start} FROM tags_tag WHERE id IN ({marks})
    UNION SELECT found.start, link.to_tag_id FROM found JOIN tags_tag_parents link ON link.from_tag_id = found.id
)
SELECT start, found.id FROM found JOIN tags_tag tag ON tag.id = found.id WHERE NOT tag.joint
"""


def under(*tags: int) -> RawSQL:
    """Return what choosing any of ``tags`` finds, as a query of ids: they, all under them, and all their synonyms.

    A synonym stands for its canonical tag. Use it as ``filter(tag__in=under(tag.pk))``; see :func:`ids_under`.
    """
    return RawSQL(filled(UNDER, tags, CANONICAL), tags or (0,))  # noqa: S611 — marks only, the values are parameters


def within(*tags: int) -> RawSQL:
    """Return what stands within ``tags`` themselves, as :func:`under` does; but a synonym is only itself."""
    return RawSQL(filled(UNDER, tags, "id"), tags or (0,))  # noqa: S611 — marks only, the values are parameters


def ids_under(*tags: int) -> set[int]:
    """Return the ids of what choosing any of ``tags`` finds. 1 query."""
    return {id for (id,) in rows(UNDER, tags)}  # noqa: A001 — the tag's id


def ids_over(tags: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return for each of ``tags`` the canonical tags that find it: its own, and all over that. 1 query for 500 tags.

    A joint tag is found by its parts only, never by itself.
    """
    found: dict[int, list[int]] = {}
    for some in parts(sorted(set(tags))):
        for start, over in rows(OVER, some):
            found.setdefault(start, []).append(over)
    return {start: tuple(sorted(ids)) for start, ids in found.items()}


def offered() -> QuerySet[Tag]:
    """Return the tags that stand for themselves: readers browse by these, and writers choose among them."""
    return Tag.objects.filter(synonym_of=None, joint=False, kind__retired=False)


def found_at(kind: str, slug: str) -> Tag | None:
    """Return the tag with this address, or that had it once; None when there never was one. 1 or 2 queries."""
    tags = Tag.objects.select_related("kind", "synonym_of__kind")
    found = tags.filter(kind__key=kind, slug=slug).first()
    if found is None:
        old = OldName.objects.filter(kind__key=kind, slug=slug).values("tag")
        found = tags.filter(pk__in=old).order_by("-pk").first()
    return found


def named_like(words: str, kind: str = "", most: int = 50) -> list[Tag]:
    """Return tags that are offered and called like ``words``, or have a synonym that is: best first. 1 to 4 queries.

    What begins so comes first, then what has all the words, then what has them but for a typo. ``words`` are folded.
    """
    names = Tag.objects.select_related("kind", "synonym_of__kind").filter(joint=False, kind__retired=False)
    if kind:
        names = names.filter(kind=TagKind.objects.filter(key=kind).values_list("pk", flat=True).first())
    popular = names.order_by("-uses", "folded")
    if not words:
        return list(names.filter(synonym_of=None).order_by("-uses")[:most]) if kind else []
    found = [row.canonical for row in popular.filter(folded__startswith=words)[:most]]
    if len(found) < most:
        having = reduce(and_, (Q(folded__contains=word) for word in words.split()), Q())
        found += [row.canonical for row in popular.filter(having)[: 2 * most]]
    if not found and len(words) > SURE:
        found = nearly(popular, words)
    return list({tag.pk: tag for tag in found}.values())[:most]


def nearly(tags: QuerySet[Tag], words: str) -> list[Tag]:
    """Return those of ``tags`` that are called so but for a typo: one half of the words is always right."""
    middle = len(words) // 2
    near = tags.filter(Q(folded__contains=words[:middle]) | Q(folded__contains=words[middle:]))[:LIKELY]
    alike = ((fuzz.partial_ratio(words, row.folded), row.canonical) for row in near)
    return [tag for ratio, tag in sorted(alike, key=lambda each: -each[0]) if ratio >= ALIKE]


def rows(sql: str, tags: Iterable[int]) -> Iterator[tuple]:
    ids = tuple(tags)
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(filled(sql, ids, CANONICAL), ids)
        yield from cursor.fetchall()


def filled(sql: str, ids: Sequence[int], start: str) -> str:
    """Return ``sql`` with a mark for each of ``ids``; ``start`` says which tag each of them begins with."""
    return sql.format(marks=", ".join("%s" for _ in ids) or "%s", start=start)


def parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
