"""What a reader may mean by what was typed so far: titles, authors, tags, series; a typo forgiven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tantivy
from tantivy import Query

from storykeep.site.search.contract import Question, Reader, Suggested
from storykeep.site.search.embedded.queries import asked, either, must, must_have, numbers, one_of, term
from storykeep.site.search.embedded.schema import NAME, SCHEMA, USED
from storykeep.site.search.terms import wanted

LOOKED_AT = 40  # names whose works are counted
SURE = 3  # letters; in fewer no typo is looked for
TITLES = 3  # places that are kept for titles


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed, who types, and what may be offered."""

    beginning: str
    reader: Reader
    kinds: tuple[str, ...]
    tag_kind: str
    most: int


def suggested(searcher: tantivy.Searcher, wish: Wish) -> list[Suggested]:
    """Return what may be meant: what begins so, the most used first, then what is spelt nearly so."""
    words = [each for _, each in wanted(wish.beginning, goes_on=True).terms]
    if not words or wish.most < 1:
        return []
    found: dict[tuple[str, int], Suggested] = {}
    for typo in (False, True):
        for each in offered(searcher, wish, words, typo=typo):
            found.setdefault(each[:2], each)
        if len(found) >= wish.most:
            break
    return list(found.values())[: wish.most]


def offered(searcher: tantivy.Searcher, wish: Wish, words: list[str], *, typo: bool) -> list[Suggested]:
    found = sorted(names(searcher, wish, words, typo=typo), key=lambda each: (-each.count, each.text, each.id))
    if "title" in wish.kinds and not wish.tag_kind:
        own = list(titles(searcher, wish, words, typo=typo))
        found = found[: max(wish.most - TITLES, wish.most - len(own))] + own
    return found


def names(searcher: tantivy.Searcher, wish: Wish, words: list[str], *, typo: bool) -> Iterator[Suggested]:
    kinds = [f"tag:{wish.tag_kind}"] if wish.tag_kind else [kind for kind in wish.kinds if kind in USED]
    if not kinds:
        return
    query = must(
        must_have(term("doc", NAME)), must_have(one_of("name_kind", kinds)), must_have(like("name", words, typo=typo))
    )
    hits = searcher.search(query, LOOKED_AT, count=False, order_by_field="uses").hits
    for (_, address), target in zip(hits, numbers(searcher, "target", hits), strict=True):
        kind, of, text = searcher.doc(address).get_first("shown").split("\x01", 2)
        count = works_of(searcher, wish.reader, USED[kind], target)
        if count:
            yield Suggested(kind, target, text, count, of)


def works_of(searcher: tantivy.Searcher, reader: Reader, field: str, target: int) -> int:
    query = must(must_have(asked(Question(reader=reader))), must_have(term(field, target)))
    return searcher.search(query, 1, count=True).count


def titles(searcher: tantivy.Searcher, wish: Wish, words: list[str], *, typo: bool) -> Iterator[Suggested]:
    query = must(must_have(asked(Question(reader=wish.reader))), must_have(like("title", words, typo=typo)))
    hits = searcher.search(query, wish.most, count=False, order_by_field="by_reads").hits
    for (_, address), id_ in zip(hits, numbers(searcher, "id", hits), strict=True):
        yield Suggested("title", id_, searcher.doc(address).get_first("shown"), 1)


def like(field: str, words: list[str], *, typo: bool) -> Query:
    """Return what has all ``words``, of which the last may go on."""
    whole = [near(field, word, typo=typo) for word in words[:-1]]
    return must(*(must_have(each) for each in (*whole, near(field, words[-1], typo=typo, goes_on=True))))


def near(field: str, word: str, *, typo: bool, goes_on: bool = False) -> Query:
    exact = Query.regex_query(SCHEMA, field, f"{word}.*") if goes_on else term(field, word)
    if not typo or len(word) <= SURE:
        return exact
    return either([exact, Query.fuzzy_term_query(SCHEMA, field, word, 1, prefix=goes_on)])
