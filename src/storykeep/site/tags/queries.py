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

from storykeep.site.tags.models import BEGINNING, Beginning, OldName, Tag, TagKind

AT_ONCE = 500  # ids in one query
SURE = 3  # letters; fewer are looked for at the beginning of names only, and never taken for a typo
LIKELY = 1000  # tags that are compared letter by letter
MOST_NEAR = 50  # of these, so many at most are offered
FIRST_SURROGATE, AFTER_SURROGATES, LAST_LETTER = 0xD800, 0xE000, 0x10FFFF
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
    """Return tags that are offered and called like ``words``, or have a synonym that is: best first. 3 to 9 queries.

    What begins so comes first, then what has all the words, then what has them but for a typo. ``words`` are folded.
    """
    kinds = dict(TagKind.objects.values_list("pk", "retired"))
    wanted = [pk for pk, retired in kinds.items() if not retired]
    if kind:
        wanted = list(TagKind.objects.filter(key=kind, retired=False).values_list("pk", flat=True))
    popular = Tag.objects.filter(joint=False, kind__in=wanted).order_by("-uses", "pk")
    everywhere = popular if len(wanted) < len(kinds) else Tag.objects.filter(joint=False).order_by("-uses", "pk")
    if not words:
        return tags_at(popular.filter(synonym_of=None)[:most]) if kind else []
    found = tags_at(beginning_so(popular, words)[:most])
    if len(found) < most and len(words) >= SURE:
        having = reduce(and_, (Q(folded__contains=word) for word in words.split()), Q())
        found += tags_at(everywhere.filter(having)[: 2 * most])
    if not found and len(words) > SURE:
        found = nearly(popular, everywhere, words)
    return list({tag.pk: tag for tag in found}.values())[:most]


def tags_at(rows: QuerySet[Tag]) -> list[Tag]:
    """Return the canonical tags of ``rows`` in their order. 2 queries: rows that are looked through stay narrow."""
    ids = list(rows.values_list("pk", flat=True))
    found = Tag.objects.select_related("kind", "synonym_of__kind").in_bulk(ids)
    return [found[pk].canonical for pk in ids if pk in found]


def beginning_so(tags: QuerySet[Tag], words: str) -> QuerySet[Tag]:
    """Return those of ``tags`` whose names begin with ``words``; the index of beginnings finds them."""
    least = words[:BEGINNING]
    found = tags.alias(beginning=Beginning("folded")).filter(beginning__gte=least)
    if most := after(least):
        found = found.filter(beginning__lt=most)
    return found if len(words) <= BEGINNING else found.filter(folded__startswith=words)


def after(words: str) -> str:
    """Return the first name that stands after all that begin with ``words``; empty where there is none.

    >>> after("ba")
    'bb'
    """
    bare = words.rstrip(chr(LAST_LETTER))
    if not bare:
        return ""
    code = ord(bare[-1]) + 1
    return bare[:-1] + chr(AFTER_SURROGATES if code == FIRST_SURROGATE else code)


def nearly(tags: QuerySet[Tag], everywhere: QuerySet[Tag], words: str) -> list[Tag]:
    """Return those of ``tags`` that are called so but for a typo: one half of the words is always right.

    ``everywhere`` are the same tags, as they are faster gone through from end to end.
    """
    middle = len(words) // 2
    near = list(beginning_so(tags, words[:middle]).values_list("pk", "folded")[:LIKELY])
    if len(near) < LIKELY:
        near += everywhere.filter(folded__contains=words[middle:]).values_list("pk", "folded")[: LIKELY - len(near)]
    alike = {pk: fuzz.partial_ratio(words, folded) for pk, folded in near}
    best = [pk for pk, ratio in sorted(alike.items(), key=lambda each: -each[1]) if ratio >= ALIKE][:MOST_NEAR]
    found = Tag.objects.select_related("kind", "synonym_of__kind").in_bulk(best)
    return [found[pk].canonical for pk in best if pk in found]


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
