"""The works of a series in its own order, narrowed like every list."""

from __future__ import annotations

from storykeep.site.search.asking import PAGE, Answer, Answered, both
from storykeep.site.search.contract import Filters, Order, Question
from storykeep.site.search.narrowing import Narrowing
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.works.models import Series
from storykeep.site.works.queries import works_in

MOST = 2_000  # works of one series; longer ones are shown as far as that


def in_reading_order(user, series: Series, chosen: Narrowing, within: Filters) -> Answer:
    """Return a page of ``series`` in reading order: the engine says which works, the database in what order."""
    filters = both(within, chosen.filters)
    question = Question(reader=reader_for(user), filters=filters, order=Order.UPDATED, most=MOST)
    found = engine().search(question)
    rows = works_in(user, series).filter(pk__in=[hit.id for hit in found.hits])
    pages = max(1, -(-found.total // PAGE))
    page = min(chosen.page, pages)
    works = tuple(Answered(work) for work in rows[(page - 1) * PAGE : page * PAGE])
    return Answer(works, found.total, "", page=page, pages=pages, question=question, whole=found.whole)
