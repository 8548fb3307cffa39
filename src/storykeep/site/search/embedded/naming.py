"""What a reader may mean by what was typed so far: titles, authors, tags, series; a typo forgiven."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import tantivy
from tantivy import Query

from storykeep.site.search.contract import Question, Reader, Suggested
from storykeep.site.search.embedded.queries import asked, either, must, must_have, one_of, term
from storykeep.site.search.embedded.schema import NAME, SCHEMA
from storykeep.site.search.terms import terms

LOOKED_AT = 60  # names whose works are counted
SURE = 3  # letters; in fewer no typo is looked for
FIELDS = {"tag": "tag_id", "author": "person", "series": "series_id"}


def suggested(  # noqa: PLR0913, PLR0917 — the contract's question, and where to look
    searcher: tantivy.Searcher, beginning: str, reader: Reader, kinds: Collection[str], tag_kind: str, most: int
) -> list[Suggested]:
    """Return what ``reader`` may mean, exact beginnings first, each with the number of works that it finds."""
    words = terms(beginning)
    if not words or most < 1:
        return []
    found: dict[tuple[str, int], Suggested] = {}
    for typo in (False, True):
        for each in _named(searcher, words, reader, kinds, tag_kind, most, typo):
            found.setdefault(each[:2], each)
        if len(found) >= most:
            break
    return list(found.values())[:most]


def _named(searcher, words, reader, kinds, tag_kind, most, typo) -> list[Suggested]:  # noqa: PLR0913, PLR0917 — the same
    found = list(names(searcher, words, reader, kinds, tag_kind, typo)) if set(kinds) & FIELDS.keys() else []
    found.sort(key=lambda each: (-each.count, each.text))
    if "title" in kinds and not tag_kind:
        found = found[: max(1, most - 3)] + list(titles(searcher, words, reader, most, typo))
    return found


def names(searcher, words, reader, kinds, tag_kind, typo) -> Iterator[Suggested]:  # noqa: PLR0913, PLR0917 — the same
    wanted = [f"tag:{tag_kind}"] if tag_kind else [kind for kind in kinds if kind in FIELDS]
    query = must(
        must_have(term("doc", NAME)), must_have(one_of("name_kind", wanted)), must_have(like("name", words, typo))
    )
    for _, address in searcher.search(query, LOOKED_AT, count=False, order_by_field="uses").hits:
        doc = searcher.doc(address)
        kind, of, text = doc.get_first("shown").split("\x01", 2)
        id_ = int(searcher.fast_field_values("id", [address])[0])
        count = counted(searcher, reader, FIELDS[kind], id_)
        if count:
            yield Suggested(kind, id_, text, count, of)


def counted(searcher: tantivy.Searcher, reader: Reader, field: str, id: int) -> int:  # noqa: A002 — the name's id
    query = must(must_have(asked(Question(reader=reader))), must_have(term(field, id)))
    return searcher.search(query, 1, count=True).count


def titles(searcher, words, reader, most, typo) -> Iterator[Suggested]:
    query = must(must_have(asked(Question(reader=reader))), must_have(like("title", words, typo)))
    for _, address in searcher.search(query, most, count=False, order_by_field="by_reads").hits:
        id_ = int(searcher.fast_field_values("id", [address])[0])
        yield Suggested("title", id_, searcher.doc(address).get_first("shown"), 1)


def like(field: str, words: list[str], typo: bool) -> Query:
    """Return what has all ``words``, of which the last may go on."""
    whole = [near(field, word, typo, False) for word in words[:-1]]
    return must(*(must_have(each) for each in (*whole, near(field, words[-1], typo, True))))


def near(field: str, word: str, typo: bool, goes_on: bool) -> Query:
    exact = Query.regex_query(SCHEMA, field, f"{word}.*") if goes_on else term(field, word)
    if not typo or len(word) <= SURE:
        return exact
    return either([exact, Query.fuzzy_term_query(SCHEMA, field, word, 1, prefix=goes_on)])
