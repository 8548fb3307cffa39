"""A question is answered: works in order, those that are like another one."""

from __future__ import annotations

from math import log

import tantivy
from tantivy import Occur, Query

from storykeep.query.tree import Node, positive
from storykeep.site.search.contract import Found, Hit, Order, Question, Reader
from storykeep.site.search.embedded.queries import (
    asked,
    either,
    in_field,
    must,
    must_have,
    must_not,
    numbers,
    one_of,
    term,
)
from storykeep.site.search.embedded.schema import CHAPTER, WORK
from storykeep.site.search.stems import Stems

TELLING = 25  # words by which works are compared
CHAPTERS = 400  # that are looked at for one page of works
DESCENDING, ASCENDING = tantivy.Order.Desc, tantivy.Order.Asc
ORDERS = {
    Order.UPDATED: ("by_updated", DESCENDING),
    Order.POSTED: ("by_posted", DESCENDING),
    Order.NEWEST: ("by_added", DESCENDING),
    Order.LONGEST: ("by_words", DESCENDING),
    Order.SHORTEST: ("by_words", ASCENDING),
    Order.READS: ("by_reads", DESCENDING),
    Order.KUDOS: ("by_kudos", DESCENDING),
    Order.COMMENTS: ("by_comments", DESCENDING),
    Order.SHELVES: ("by_shelves", DESCENDING),
    Order.TITLE: ("by_title", ASCENDING),
    Order.AUTHOR: ("by_author", ASCENDING),
}


def found(searcher: tantivy.Searcher, question: Question, stems: Stems, *, whole: bool) -> Found:
    words = positive(question.tree)
    order = Order.UPDATED if question.order is Order.BEST and not words else question.order
    by, direction = ORDERS.get(order, (None, DESCENDING))
    query = asked(question, stems=stems, scored=by is None)
    most, first = max(1, question.most), question.first
    answer = searcher.search(query, most, count=True, order_by_field=by, offset=first, order=direction)
    ids = numbers(searcher, "id", answer.hits)[: question.most]
    places = places_of(searcher, question.tree, ids)
    return Found(tuple(Hit(each, places.get(each, 0)) for each in ids), answer.count, whole)


def places_of(searcher: tantivy.Searcher, tree: Node, ids: list[int]) -> dict[int, int]:
    """Return for each work the chapter that answers best; works of one chapter have no documents for it."""
    words = [each for each in positive(tree) if each.field in {"", "text"}]
    if not ids or not words:
        return {}
    texts = either([in_field("text", each) for each in words])
    query = must(must_have(term("doc", CHAPTER)), must_have(one_of("id", ids)), (Occur.Must, texts))
    hits = searcher.search(query, CHAPTERS, count=False).hits
    best: dict[int, int] = {}
    for work, place in zip(numbers(searcher, "id", hits), numbers(searcher, "place", hits), strict=True):
        best.setdefault(work, place)
    return best


def alike(searcher: tantivy.Searcher, id: int, reader: Reader, most: int) -> list[int]:  # noqa: A002 — the work's id
    """Return works that share most of what is characteristic of work ``id``: rare words and tags weigh most."""
    own = searcher.search(must((Occur.Must, term("doc", WORK)), must_have(term("id", id))), 1, count=False).hits
    if not own or most < 1:
        return []
    words = " ".join(searcher.doc(own[0][1]).get_all("like")).split()
    like = either([Query.const_score_query(term("like", word), weight) for word, weight in telling(searcher, words)])
    query = must(must_have(asked(Question(reader=reader))), (Occur.Must, like), must_not(term("id", id)))
    return numbers(searcher, "id", searcher.search(query, most, count=False).hits)


def telling(searcher: tantivy.Searcher, words: list[str]) -> list[tuple[str, float]]:
    """Return the words that tell most, with their weights: those that are rare, but not found in one work only.

    tantivy's own query for this panics where many works were deleted.
    """
    frequencies = {word: searcher.doc_freq("like", word) for word in dict.fromkeys(words)}
    there = max(searcher.num_docs, 1)
    weighed = [(word, log(1 + there / count)) for word, count in frequencies.items() if count > 1]
    return sorted(weighed, key=lambda each: (-each[1], each[0]))[:TELLING]
