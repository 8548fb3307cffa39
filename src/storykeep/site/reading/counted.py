"""The number that a list is ordered by, told at each of its works: readers, kudos, comments, shelves."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from storykeep.site.search.contract import Order
from storykeep.site.works.models import Review, Work

WORDS = {
    Order.READS: ("reader", "readers"),
    Order.KUDOS: ("kudo", "kudos"),
    Order.COMMENTS: ("comment", "comments"),
    Order.SHELVES: ("public shelf", "public shelves"),
}


def by(order: Order, works: Iterable[Work]) -> dict[int, str]:
    """Return {id of a work: its number in words} where ``order`` goes by such a number. 1 query for comments, or none.

    They are the numbers of the index: what the old archive counted is among them.
    """
    if order not in WORDS:
        return {}
    rows = list(works)
    old = old_comments(rows) if order is Order.COMMENTS else {}
    return {work.pk: said(order, number(order, work) + old.get(work.pk, 0)) for work in rows}


def number(order: Order, work: Work) -> int:
    numbers = {
        Order.READS: work.reads + work.read_here,
        Order.KUDOS: work.kudos_count,
        Order.COMMENTS: work.comments_count,
        Order.SHELVES: work.shelves_count,
    }
    return numbers[order]


def old_comments(works: list[Work]) -> dict[int, int]:
    found = Review.objects.filter(work__in=[work.pk for work in works], shown=True)
    return dict(found.order_by().values_list("work").annotate(Count("pk")))


def said(order: Order, many: int) -> str:
    one, more = WORDS[order]
    return f"{many:,} {one if many == 1 else more}" if many else ""
