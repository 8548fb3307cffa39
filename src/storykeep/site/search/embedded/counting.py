"""Facets: how many works each choice would leave."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import NamedTuple

import tantivy

from storykeep.site.search.contract import WORDS_BUCKETS, Facets, Order, Question
from storykeep.site.search.embedded.queries import asked, must, must_have, term
from storykeep.site.search.embedded.schema import json_key
from storykeep.site.search.stems import Stems

MOST_LANGUAGES = 200
NO, YES = 1, 2  # how "complete" is written
OWN = ("languages", "kinds", "words", "complete", "crossover")
KEPT = 200  # answers that are remembered
MANY = 100_000  # works: so many are not counted anew for every change
THREADS = min(4, os.cpu_count() or 1)
FRESH = 30  # seconds for which the counts over so many works are good enough,
USABLE = 600  # and for which they are shown while new ones are made


class Kept(NamedTuple):
    """What was counted, of which state of the index, and when."""

    stamp: object
    at: float
    facets: Facets

    def good_for(self, seconds: float, stamp: object) -> bool:
        """Say whether nothing has changed, or this is about very many works, and not older than ``seconds``."""
        return self.stamp == stamp or (sum_of(self.facets) > MANY and time.monotonic() < self.at + seconds)


@dataclass
class Counts:
    """Remembers what was counted until the index changes; over very many works, until new counts are made."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: OrderedDict[object, Kept] = field(default_factory=OrderedDict)
    coming: dict[object, Future[Facets]] = field(default_factory=dict)

    def of(self, run: Pass, stamp: object, kinds: tuple[str, ...], most: int) -> Facets:
        """Return the counts: those that are known, those that are being made, or new ones."""
        key = key_of(run.question, kinds, most)
        with self.lock:
            known, coming = self.kept.get(key), self.coming.get(key)
        if known and known.good_for(USABLE, stamp):
            if not known.good_for(FRESH, stamp):
                self.begin(run, stamp, kinds, most)
            return known.facets
        return coming.result() if coming else self.made(key, run, stamp, kinds, most)

    def begin(self, run: Pass, stamp: object, kinds: tuple[str, ...], most: int) -> None:
        """Let them be made while the page does something else; :meth:`of` waits for them where it must."""
        key = key_of(run.question, kinds, most)
        with self.lock:
            known = self.kept.get(key)
            if key in self.coming or (known and known.good_for(FRESH, stamp)):
                return
            coming = self.coming[key] = ahead().submit(self.made, key, run, stamp, kinds, most)
        coming.add_done_callback(lambda _: self.coming.pop(key, None))

    def made(self, key: object, run: Pass, stamp: object, kinds: tuple[str, ...], most: int) -> Facets:
        found = counted(run, kinds, most)
        with self.lock:
            self.kept[key] = Kept(stamp, time.monotonic(), found)
            self.kept.move_to_end(key)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return found


def key_of(question: Question, kinds: tuple[str, ...], most: int) -> object:
    return (replace(question, order=Order.BEST, first=0, most=0), kinds, most)


def sum_of(facets: Facets) -> int:
    return sum(count for _, _, count in facets.words)


@dataclass(frozen=True)
class Pass:
    """A question that is counted over an index."""

    searcher: tantivy.Searcher
    question: Question
    stems: Stems

    def query(self, *without: str) -> tantivy.Query:
        return asked(self.question, without, self.stems)

    def buckets(self, query: tantivy.Query, wanted: dict[str, dict]) -> dict[str, list[dict]]:
        found = self.searcher.aggregate(query, wanted) if wanted else {}
        return {name: each["buckets"] for name, each in found.items()}

    def total(self) -> int:
        return int(self.searcher.search(self.query(), 1, count=True).count)

    def count_with(self, tag: int, without: str) -> int:
        query = must(must_have(self.query(without)), must_have(term("tag_id", tag)))
        return self.searcher.search(query, 1, count=True).count


def counted(run: Pass, kinds: Collection[str], most: int) -> Facets:
    """Return the facets. What has a condition of its own is counted without that, in a pass of its own.

    All the rest is counted together, in as many passes as there are processors: tantivy counts without holding Python.
    """
    wanted, filters = aggregations(kinds, most), run.question.filters
    own = [name for name in OWN if getattr(filters, name) not in {(), None, (None, None)}]
    rest = [name for name in wanted if name not in own]
    together = [("", rest[start::THREADS]) for start in range(THREADS)]
    passes = threads().map(partial(passed, run, wanted), [*together, *((name, [name]) for name in own)])
    # A group of one tag is a condition that every work found fulfils.
    grouped = [(tag, f"include:{at}") for at, group in enumerate(filters.include) if len(group) > 1 for tag in group]
    alone = [*grouped, *((tag, f"exclude:{tag}") for tag in filters.exclude)]
    counts = dict(zip(alone, threads().map(lambda each: run.count_with(*each), alone), strict=True))
    found: dict[str, list[dict]] = {}
    for some in passes:
        found |= some
    total = sum(each["doc_count"] for each in found["complete"]) if "complete" not in own else run.total()
    return Facets(
        tags={int(each["key"]): each["doc_count"] for kind in kinds for each in found[f"tags.{kind}"]},
        groups=tuple(
            {tag: counts.get((tag, f"include:{at}"), total) for tag in group}
            for at, group in enumerate(filters.include)
        ),
        excluded={tag: counts[tag, f"exclude:{tag}"] for tag in filters.exclude},
        languages=texts(found["languages"]),
        kinds=texts(found["kinds"]),
        words=bars(found["words"]),
        complete={int(each["key"]) == YES: each["doc_count"] for each in found["complete"] if each["key"] in {NO, YES}},
        crossover={each.get("from", 0) > 1: each["doc_count"] for each in found["crossover"]},
    )


def passed(run: Pass, wanted: dict[str, dict], part: tuple[str, list[str]]) -> dict[str, list[dict]]:
    """Count some names over the question without one condition: (condition, names)."""
    without, names = part
    return run.buckets(run.query(without), {name: wanted[name] for name in names})


@cache
def threads() -> ThreadPoolExecutor:
    """Return the threads that count; made when first needed, so that a process that forks has its own."""
    return ThreadPoolExecutor(2 * THREADS, "counting")


@cache
def ahead() -> ThreadPoolExecutor:
    """Return the threads that wait for those that count: others, so that neither waits for itself."""
    return ThreadPoolExecutor(THREADS, "counting ahead")


def aggregations(kinds: Collection[str], most: int) -> dict[str, dict]:
    bounds = zip(WORDS_BUCKETS, (*WORDS_BUCKETS[1:], None), strict=True)
    bars = [{"from": start} if end is None else {"from": start, "to": end} for start, end in bounds]
    tags = {f"tags.{kind}": frequent(f"facets.{json_key(kind)}", most) for kind in kinds}
    return tags | {
        "languages": frequent("language_code", MOST_LANGUAGES),
        "kinds": frequent("kind_code", MOST_LANGUAGES),
        "words": {"range": {"field": "words", "ranges": bars}},
        "complete": frequent("complete", 3),
        "crossover": {"range": {"field": "fandoms", "ranges": [{"from": 0, "to": 2}, {"from": 2}]}},
    }


def frequent(field_name: str, most: int) -> dict:
    return {"terms": {"field": field_name, "size": most}}


def texts(found: list[dict]) -> Mapping[str, int]:
    return {each["key"]: each["doc_count"] for each in found}


def bars(found: list[dict]) -> tuple[tuple[int, int | None, int], ...]:
    made = sorted((int(each.get("from", 0)), each.get("to"), each["doc_count"]) for each in found)  # from 0 is not said
    return tuple((start, None if end is None else int(end) - 1, count) for start, end, count in made)
