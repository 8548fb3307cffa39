"""A question becomes tantivy's query: each condition under its name, so that a count can leave one out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import tantivy
from tantivy import Occur, Query

from storykeep.query.tree import All, Any, Node, Not, Number, Words
from storykeep.site.search.contract import Avoid, Dates, Filters, Question, Reader
from storykeep.site.search.embedded.schema import ID_BITS, SCHEMA, WEIGHTS, json_key
from storykeep.site.search.moments import end_of, moment
from storykeep.site.search.terms import terms

MOST = (1 << 63) - 1


def asked(question: Question, without: Collection[str] = (), *, scored: bool = False) -> Query:
    """Return the whole question as a query; ``without`` names conditions that are left out."""
    parts = [query for name, query in conditions(question) if name not in without]
    text = translated(question.tree, scored=scored)
    return must(*parts, (Occur.Must, text))


def conditions(question: Question) -> Iterator[tuple[str, tuple[Occur, Query]]]:
    """Yield each condition with its name; none of them says how well a work answers."""
    yield "reader", must_have(readable(question.reader))
    yield from (("avoid", must_not(query)) for query in avoided(question.reader.avoid))
    yield from narrowed(question.filters)


def narrowed(filters: Filters) -> Iterator[tuple[str, tuple[Occur, Query]]]:
    for number, group in enumerate(filters.include):
        yield f"include:{number}", must_have(one_of("tag_id", group))
    for tag in filters.exclude:
        yield f"exclude:{tag}", must_not(one_of("tag_id", [tag]))
    lists = {
        "people": ("person", filters.people), "series": ("series_id", filters.series),
        "languages": ("language_code", filters.languages), "kinds": ("kind_code", filters.kinds),
    }  # fmt: skip
    for name, (field, values) in lists.items():
        if values:
            yield name, must_have(one_of(field, values))
    yield from (("words", must_have(each)) for each in between("words", *filters.words))
    yield from (("chapters", must_have(each)) for each in between("chapters", *filters.chapters))
    yield from (("updated", must_have(each)) for each in dated("by_updated", filters.updated))
    yield from (("posted", must_have(each)) for each in dated("by_posted", filters.posted))
    if filters.complete is not None:
        yield "complete", must_have(whole_range("complete", 1 + filters.complete, 1 + filters.complete))
    if filters.crossover is not None:
        yield "crossover", must_have(whole_range("fandoms", *((2, MOST) if filters.crossover else (0, 1))))


def readable(reader: Reader) -> Query:
    """Return what ``reader`` may see; the documents say for whom they are."""
    if reader.archivist:
        return term("seen", "archivist")
    if not reader.account:
        return term("seen", "visitor")
    return either([term("seen", "member"), term("seen", f"own:{reader.account}")])


def avoided(avoid: Avoid) -> Iterator[Query]:
    for field, ids in (("tag_id", avoid.tags), ("person", avoid.people), ("id", avoid.works)):
        if ids:
            yield one_of(field, ids)


def between(field: str, least: int | None, most: int | None) -> Iterator[Query]:
    if least is not None or most is not None:
        yield whole_range(field, least or 0, MOST if most is None else most)


def whole_range(field: str, least: int, most: int) -> Query:
    if most < 0 or least > most:
        return Query.empty_query()
    return Query.range_query(SCHEMA, field, tantivy.FieldType.Unsigned, max(0, least), min(most, MOST))


def dated(field: str, dates: Dates) -> Iterator[Query]:
    """Yield the range of keys between two dates; a work without a date is in none."""
    first, last = (date or "" for date in dates)
    least, most = moment(first), end_of(last)
    if least or most:
        yield whole_range(field, max(1, least) << ID_BITS, (most + 1 << ID_BITS) - 1 if most else MOST)


# ── words
def translated(node: Node, *, scored: bool = False) -> Query:
    if isinstance(node, Words):
        return words_query(node, scored=scored)
    if isinstance(node, Number):
        return next(between(node.field, node.least, node.most), Query.all_query())
    if isinstance(node, Not):
        return must((Occur.Must, Query.all_query()), must_not(translated(node.inner)))
    if isinstance(node, Any):
        return either([translated(each, scored=scored) for each in node.inner])
    return all_of(node, scored=scored)


def all_of(node: All, *, scored: bool) -> Query:
    parts = [
        must_not(translated(each.inner)) if isinstance(each, Not) else (Occur.Must, translated(each, scored=scored))
        for each in node.inner
    ]
    if all(occur is Occur.MustNot for occur, _ in parts):
        parts.append((Occur.Must, Query.all_query()))
    return must(*parts)


def words_query(node: Words, *, scored: bool) -> Query:
    """Look for the words in their place; without one, in every place, where the best counts most."""
    if node.field:
        known = node.field in WEIGHTS or node.field in {"language", "kind"}
        return in_field(node.field if known else f"tags.{json_key(node.field)}", node)
    if len(terms(" ".join(node.words))) > 1:
        return everywhere(node, scored=scored)
    anywhere = in_field("any", node)
    if not scored:
        return anywhere
    better = [(Occur.Should, everywhere(node, scored=True, places=("title", "author", "series", "tag", "summary")))]
    return must((Occur.Must, anywhere), *better)


def everywhere(node: Words, *, scored: bool, places: Iterable[str] = tuple(WEIGHTS)) -> Query:
    if not scored:
        return either([in_field(place, node) for place in places])
    weighed = [Query.boost_query(in_field(place, node), WEIGHTS[place]) for place in places]
    return Query.disjunction_max_query(weighed, 0.1)


def in_field(name: str, node: Words) -> Query:
    found = terms(" ".join(node.words))
    if not found:
        return Query.empty_query()
    if node.prefix and (len(found) > 1 or "." in name):
        return Query.phrase_prefix_query(SCHEMA, name, found)
    if node.prefix:
        return Query.regex_query(SCHEMA, name, f"{found[0]}.*")  # a term holds only letters and figures
    return Query.phrase_query(SCHEMA, name, found) if len(found) > 1 else term(name, found[0])


# ── parts
def term(field: str, value: str | int) -> Query:
    return Query.term_query(SCHEMA, field, value)


def one_of(field: str, values: Iterable[int | str]) -> Query:
    values = tuple(dict.fromkeys(values))
    if len(values) == 1:
        return term(field, values[0])
    return Query.term_set_query(SCHEMA, field, values) if values else Query.empty_query()


def either(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def must_have(query: Query) -> tuple[Occur, Query]:
    return Occur.Must, Query.const_score_query(query, 0.0)


def must_not(query: Query) -> tuple[Occur, Query]:
    return Occur.MustNot, query


def must(*parts: tuple[Occur, Query]) -> Query:
    return Query.boolean_query(list(parts))
