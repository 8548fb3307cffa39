"""Behind the last page that an engine turns to: the list goes on from the date, or the length, at which it stopped.

The order of such a list is also something that it can be narrowed by. So a reader goes on through a million works; what
has the very date or length of the last one comes once more.
"""

from __future__ import annotations

from dataclasses import replace

from storykeep.exports import dates
from storykeep.site.reading.panel import Place
from storykeep.site.search.asking import DEEPEST, Answer
from storykeep.site.search.contract import Order
from storykeep.site.search.narrowing import Narrowing, address


def ended(answer: Answer) -> bool:
    """Say whether there is more than can be paged through, and this is the last page of it."""
    return answer.total > DEEPEST and answer.page >= answer.pages


def onward(place: Place, answer: Answer) -> tuple[str, str]:
    """Return (words, address) of the way on from the last page; empty where the order has none."""
    work = answer.works[-1].work if answer.works and ended(answer) else None
    if not work:
        return "", ""
    chosen, order = place.chosen, answer.question.order
    posted = work.published or work.updated
    if order is Order.UPDATED or (order is Order.BEST and not chosen.words):
        return by_date(place, chosen, "updated", work.updated or posted)
    if order is Order.POSTED:
        return by_date(place, chosen, "posted", posted)
    if order is Order.LONGEST:
        return f"On, from {work.words:,} words", at(place, length=(chosen.length[0], work.words))
    if order is Order.SHORTEST:
        return f"On, from {work.words:,} words", at(place, length=(work.words, chosen.length[1]))
    return "", ""


def by_date(place: Place, chosen: Narrowing, name: str, date: str) -> tuple[str, str]:
    """Return the way on from ``date``, a day; where the list is of that day already, there is none."""
    day = date[:10]
    least, most = getattr(chosen, name)
    if not day or day == most:
        return "", ""
    return f"On, from {dates.in_words(day)}", at(place, **{name: (least, day)})


def at(place: Place, **changes) -> str:
    return address(place.path, replace(place.chosen, page=1, **changes))


def advice(place: Place, answer: Answer) -> str:
    """Return what a reader can do at the end of what can be paged through; empty before it."""
    if not ended(answer):
        return ""
    words = f"The first {DEEPEST:,} of {answer.total:,} end here."
    if onward(place, answer)[1]:
        return f"{words} The list goes on below."
    return f"{words} Narrow the list to see the others, or order it by date or by length: then it goes on to its end."
