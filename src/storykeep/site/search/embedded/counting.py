"""Facets: how many works each choice would leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import tantivy

from storykeep.site.search.contract import WORDS_BUCKETS, Facets, Question
from storykeep.site.search.embedded.queries import asked, must, must_have, one_of
from storykeep.site.search.embedded.schema import json_key

MOST_LANGUAGES = 200
NO, YES = 1, 2  # how "complete" is written

Buckets = Mapping[str, list[dict]]


def counted(searcher: tantivy.Searcher, question: Question, kinds: Collection[str], most: int) -> Facets:
    """Return the facets of ``question``. What has a condition of its own is counted without that, in a pass of its own.

    The rest is counted together in one pass.
    """
    wanted = aggregations(kinds, most)
    own = [name for name in ("languages", "kinds", "words", "complete", "crossover") if is_filtered(question, name)]
    together = {key: value for key, value in wanted.items() if key not in own}
    found = buckets(searcher, asked(question), together)
    for name in own:
        found |= buckets(searcher, asked(question, {name}), {name: wanted[name]})
    return Facets(
        tags={int(each["key"]): each["doc_count"] for kind in kinds for each in found[f"tags.{kind}"]},
        groups=tuple(group_counts(searcher, question, number) for number in range(len(question.filters.include))),
        excluded=excluded_counts(searcher, question),
        languages=texts(found["languages"]),
        kinds=texts(found["kinds"]),
        words=bars(found["words"]),
        complete={value == YES: count for value, count in wholes(found["complete"]).items() if value in {NO, YES}},
        crossover=crossovers(found["crossover"]),
    )


def is_filtered(question: Question, name: str) -> bool:
    return getattr(question.filters, name) not in {(), None, (None, None)}


def aggregations(kinds: Collection[str], most: int) -> dict[str, dict]:
    bounds = zip(WORDS_BUCKETS, (*WORDS_BUCKETS[1:], None), strict=True)
    bars = [{"from": start} if end is None else {"from": start, "to": end} for start, end in bounds]
    tags = {f"tags.{kind}": terms(f"facets.{json_key(kind)}", most) for kind in kinds}
    return tags | {
        "languages": terms("language_code", MOST_LANGUAGES),
        "kinds": terms("kind_code", MOST_LANGUAGES),
        "words": {"range": {"field": "words", "ranges": bars}},
        "complete": terms("complete", 3),
        "crossover": {"range": {"field": "fandoms", "ranges": [{"from": 0, "to": 2}, {"from": 2}]}},
    }


def terms(field: str, most: int) -> dict:
    return {"terms": {"field": field, "size": most}}


def buckets(searcher: tantivy.Searcher, query: tantivy.Query, wanted: dict[str, dict]) -> dict[str, list[dict]]:
    return {name: found["buckets"] for name, found in searcher.aggregate(query, wanted).items()} if wanted else {}


def group_counts(searcher: tantivy.Searcher, question: Question, number: int) -> dict[int, int]:
    others = asked(question, {f"include:{number}"})
    return {tag: count_with(searcher, others, tag) for tag in question.filters.include[number]}


def excluded_counts(searcher: tantivy.Searcher, question: Question) -> dict[int, int]:
    return {tag: count_with(searcher, asked(question, {f"exclude:{tag}"}), tag) for tag in question.filters.exclude}


def count_with(searcher: tantivy.Searcher, query: tantivy.Query, tag: int) -> int:
    return searcher.search(must(must_have(query), must_have(one_of("tag_id", [tag]))), 1, count=True).count


def texts(found: list[dict]) -> dict[str, int]:
    return {each["key"]: each["doc_count"] for each in found}


def wholes(found: list[dict]) -> dict[int, int]:
    return {int(each["key"]): each["doc_count"] for each in found}


def bars(found: list[dict]) -> tuple[tuple[int, int | None, int], ...]:
    made = sorted((int(each.get("from", 0)), each.get("to"), each["doc_count"]) for each in found if "from" in each)
    return tuple((start, None if end is None else int(end) - 1, count) for start, end, count in made)


def crossovers(found: list[dict]) -> dict[bool, int]:
    return {each["from"] >= 2: each["doc_count"] for each in found if "from" in each}  # noqa: PLR2004 — two fandoms
