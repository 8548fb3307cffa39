"""A question becomes tantivy's query: each condition under its name, so that a count can leave one out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import tantivy
from tantivy import Occur, Query

from storykeep.query.tree import All, Any, Dates, Is, Node, Not, Number, Words
from storykeep.site.search.contract import Avoid, Filters, Question, Reader
from storykeep.site.search.contract import Dates as DateRange
from storykeep.site.search.embedded.schema import ID_BITS, LARGEST, SCHEMA, WEIGHTS, of_kind
from storykeep.site.search.moments import end_of, moment
from storykeep.site.search.stems import NO_STEMS, Stems
from storykeep.site.search.terms import Wanted, wanted

MOST = (1 << 63) - 1
LARGEST_MOMENT = (1 << 63 - ID_BITS) - 2
BETTER = ("title", "author", "series", "tag", "summary")  # where a word counts more than in the text
SELECTIVE = ("include:", "people", "series")  # conditions that leave few works
COUNTED = frozenset(("reads", "kudos", "comments", "shelves"))
DATED = {"updated": "by_updated", "posted": "by_posted", "added": "by_added"}


def asked(question: Question, without: Collection[str] = (), stems: Stems = NO_STEMS, *, scored: bool = False) -> Query:
    """Return the whole question as a query; ``without`` names conditions that are left out."""
    parts = [(name, query) for name, query in conditions(question) if name not in without]
    few = tuple(query for name, query in parts if name.startswith(SELECTIVE))
    text = translated(question.tree, Manner(stems, scored=scored, few=few))
    return must(*(query for _, query in parts), (Occur.Must, text))


@dataclass(frozen=True, slots=True)
class Manner:
    """How words are looked for. ``few`` are conditions that every work found fulfils anyway.

    Words side by side are looked up one work after the other, which takes long where each of them is common; so that
    is done only among the works that fulfil these.
    """

    stems: Stems = NO_STEMS
    scored: bool = False
    few: tuple[tuple[Occur, Query], ...] = ()

    def unscored(self) -> Manner:
        return replace(self, scored=False)

    def among_few(self, query: Query) -> Query:
        return must(*self.few, (Occur.Must, query)) if self.few else query


NO_MANNER = Manner()


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
        yield "complete", must_have(state("complete", wanted=filters.complete))
    if filters.crossover is not None:
        yield "crossover", must_have(state("crossover", wanted=filters.crossover))


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
    if most < 0 or least > min(most, MOST):
        return Query.empty_query()
    return Query.range_query(SCHEMA, field, tantivy.FieldType.Unsigned, max(0, least), min(most, MOST))


def dated(field: str, dates: DateRange) -> Iterator[Query]:
    """Yield the range of keys between two dates; a work without a date is in none."""
    first, last = (date or "" for date in dates)
    least, most = moment(first), end_of(last)
    if least or most:
        yield keyed(field, max(1, least), most or LARGEST_MOMENT)


def keyed(field: str, least: int, most: int) -> Query:
    """Return the range of keys that begin with numbers from ``least`` to ``most``."""
    return whole_range(field, least << ID_BITS, (most + 1 << ID_BITS) - 1)


def state(name: str, *, wanted: bool) -> Query:
    if name == "complete":
        return whole_range("complete", 1 + wanted, 1 + wanted)
    return whole_range("fandoms", *((2, MOST) if wanted else (0, 1)))


# ── words
def translated(node: Node, manner: Manner) -> Query:
    if isinstance(node, Words):
        return words_query(node, manner)
    if isinstance(node, Not):
        return must((Occur.Must, Query.all_query()), must_not(translated(node.inner, manner.unscored())))
    if isinstance(node, Any):
        return either([translated(each, manner) for each in node.inner])
    if isinstance(node, All):
        return all_of(node, manner)
    return Query.const_score_query(fact(node), 0.0)


def fact(node: Number | Dates | Is) -> Query:
    """Look for a number, a date, or what a work is."""
    if isinstance(node, Dates):
        return next(dated(DATED[node.field], (node.first, node.last)), Query.all_query())
    if isinstance(node, Is):
        return state(node.field, wanted=node.wanted)
    if node.field in COUNTED:
        return keyed(f"by_{node.field}", node.least or 0, LARGEST if node.most is None else node.most)
    return next(between(node.field, node.least, node.most), Query.all_query())


def all_of(node: All, manner: Manner) -> Query:
    parts = [
        must_not(translated(each.inner, manner.unscored()))
        if isinstance(each, Not)
        else (Occur.Must, translated(each, manner))
        for each in node.inner
    ]
    if all(occur is Occur.MustNot for occur, _ in parts):
        parts.append((Occur.Must, Query.all_query()))
    return must(*parts)


def words_query(node: Words, manner: Manner) -> Query:
    """Look for the words in their place; without one, in every place, where the best counts most."""
    if node.field:
        return in_field(node.field, node, manner)
    found = wanted(" ".join(node.words), goes_on=node.prefix)
    if len(found.terms) > 1:
        return everywhere(found, WEIGHTS, manner)
    anywhere = [side_by_side("any", found)]
    if manner.stems.languages and not found.goes_on:
        anywhere += [term("stem", stem) for _, each in found.terms for stem in manner.stems.of_word(each)]
    match = either(anywhere) if len(anywhere) > 1 else anywhere[0]
    if not manner.scored:
        return match
    return must((Occur.Must, match), (Occur.Should, everywhere(found, BETTER, manner)))


def everywhere(found: Wanted, places: Iterable[str], manner: Manner) -> Query:
    if not manner.scored:
        return either([side_by_side(place, found, manner) for place in places])
    weighed = [Query.boost_query(side_by_side(place, found, manner), WEIGHTS[place]) for place in places]
    return Query.disjunction_max_query(weighed, 0.1)


def in_field(name: str, node: Words, manner: Manner = NO_MANNER) -> Query:
    """Look for the words in one place: a part of the work, or the tags of one kind."""
    found = wanted(" ".join(node.words), goes_on=node.prefix)
    if name in WEIGHTS or name in {"language", "kind"}:
        return side_by_side(name, found, manner)
    marked = tuple((at, of_kind(name, each)) for at, each in found.terms)
    return side_by_side("kind_tag", found._replace(terms=marked), manner)


def side_by_side(name: str, found: Wanted, manner: Manner = NO_MANNER) -> Query:
    if not found.terms:
        return Query.empty_query()
    if len(found.terms) == 1:
        only = found.terms[0][1]
        return Query.regex_query(SCHEMA, name, f"{only}.*") if found.goes_on else term(name, only)
    if found.goes_on:  # the phrase query for beginnings gives up after fifty of them; a term is its own pattern
        patterns = [*found.terms[:-1], (found.terms[-1][0], f"{found.terms[-1][1]}.*")]
        return manner.among_few(Query.regex_phrase_query(SCHEMA, name, patterns))
    return manner.among_few(Query.phrase_query(SCHEMA, name, list(found.terms)))


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


def numbers(searcher: tantivy.Searcher, field: str, hits: list) -> list[int]:
    """Return the values of ``field`` for each hit."""
    return [int(each) for each in searcher.fast_field_values(field, [address for _, address in hits])]
