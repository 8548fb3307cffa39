"""The search and its lists, end to end in the page's view, beside SQLite's FTS5 and PostgreSQL's full text.

Each line is one question, asked of the real view through Django's test client with the real rows: p50 and p95 in
milliseconds of twenty askings with different words or tags, warm: after the same twenty were asked before, whose own
figures stand under "first". "FTS5" and "PostgreSQL" are the peers' queries
alone, for the same works in the same run, without a page; PostgreSQL is left out where its wheel is not installed.
The library is made anew each time (20,000 works; `STORYKEEP_BENCH_WORKS=1000000` for the full size, a tenth of them
with a text of 2,000 words), or kept in the folder that `STORYKEEP_BENCH_LIBRARY` names, with the peers beside it.
"""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

from search_peers import Peer, peers

Ask = Callable[[], object]
Theirs = Callable[[Peer], object]

ROUNDS = 20
WORKS = int(os.environ.get("STORYKEEP_BENCH_WORKS", "20000"))
TAGS = int(os.environ.get("STORYKEEP_BENCH_TAGS", str(max(2_000, WORKS * 16 // 100))))


def measure() -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory(prefix="storykeep-bench-") as scratch:
        folder = Path(os.environ.get("STORYKEEP_BENCH_LIBRARY", "") or Path(scratch) / "library")
        opened(folder)
        rate = filled()
        with peers(folder.parent / f"{folder.name}-peers") as others:
            rows = [line(name, ask, theirs, others) for name, ask, theirs in questions()]
            return [*rows, *facts(rate, others)]


def opened(folder: Path) -> None:
    """Open the library in ``folder``, made when it isn't there."""
    from search_library import make

    from storykeep.site import open_archive

    if not (folder / "storykeep.sqlite3").exists():
        make(folder, WORKS, WORKS // 10, TAGS)
    open_archive(folder)


def filled() -> float:
    """Let the index take in what it lacks; return works a second."""
    from storykeep.site.search import indexing

    start = time.perf_counter()
    done = indexing.mend()
    return done / (time.perf_counter() - start)


def line(name: str, ask: Ask, theirs: Theirs | None, others: list[Peer]) -> dict[str, object]:
    """Ask us, and each of ``others`` where it can be asked the same."""
    first, again = times(ask)
    told = {"question": name} | measured("", again) | measured("first", first)
    for each in others:
        told |= measured(each.name, times(partial(theirs, each))[1] if theirs else ("", ""))
    return told


def measured(who: str, found: tuple[object, object]) -> dict[str, object]:
    return {f"{who} p50 ms".strip(): found[0], f"{who} p95 ms".strip(): found[1]}


def times(ask: Ask) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return (p50, p95) of the first asking of each, and of the second."""
    ask()
    return spread([timed(ask) for _ in range(ROUNDS)]), spread([timed(ask) for _ in range(ROUNDS)])


def timed(ask: Ask) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1000


def spread(found: list[float]) -> tuple[float, float]:
    return statistics.median(found), sorted(found)[int(ROUNDS * 0.95) - 1]


# ── questions
def questions() -> Iterator[tuple[str, Ask, Theirs | None]]:
    from search_library import Library

    from storykeep.site.tags.models import Tag

    words = Library(10, 1, 100).words.values
    tags = list(Tag.objects.order_by("-uses").select_related("kind")[:400])
    fandoms = [tag for tag in tags if tag.kind.key == "fandom"][:5] or tags[:5]
    common, rare, pairs = cycle(words[:20]), cycle(words[20_000:20_040]), cycle(range(0, 40, 2))
    popular, threes, worlds, medium = cycle(tags[:10]), cycle(range(10)), cycle(fandoms), cycle(tags[100:140])

    def page(address: str, **given: object) -> object:
        return got(address, given)

    yield (
        "a tag's page, by date",
        lambda: page(next(popular).get_absolute_url()),
        lambda peer: peer.tag(next(popular).pk),
    )
    yield (
        "three tags, minus one, of 1,000 to 10,000 words",
        lambda: page("/search", q="words:1000-10000", **narrowed(tags, next(threes))),
        lambda peer: peer.tags([tags[n].pk for n in (0, 1, 2)], tags[5].pk),
    )
    yield "a common word", lambda: page("/search", q=next(common)), lambda peer: peer.words(next(common))
    yield "a rare word", lambda: page("/search", q=next(rare)), lambda peer: peer.words(next(rare))
    yield (
        "a phrase within a fandom",
        lambda: page(next(worlds).get_absolute_url(), q=phrase(words, next(pairs))),
        lambda peer: peer.words(phrase(words, next(pairs)), next(worlds).pk),
    )
    yield "counts over the largest tag", lambda: counted(tags[0].pk), None
    yield "counts over a middling tag", lambda: counted(next(medium).pk), None
    names = cycle(tag.name[:4] for tag in tags[:40])
    yield f"suggestions among {Tag.objects.count():,} tags", lambda: page("/search/suggest", q=next(names)), None
    typos = cycle(f"{tag.name[0]}{tag.name[2]}{tag.name[1]}{tag.name[3:6]}" for tag in tags[:40])
    yield "the same, with a typo", lambda: page("/search/suggest", q=next(typos)), None
    yield "the 100th page of a tag", lambda: page(tags[0].get_absolute_url(), page=100), None
    for address in ("/", "/new", "/updated", "/titles", "/authors", "/browse"):
        yield f"the page {address}", partial(page, address), None


def phrase(words: list[str], at: int) -> str:
    return f'"{words[at]} {words[at + 1]}"'


def narrowed(tags: list, number: int) -> dict[str, object]:
    chosen = ",".join(f"{tag.kind.key}:{tag.slug}" for tag in tags[number + 1 : number + 2])
    return {"with": [f"{tags[0].kind.key}:{tags[0].slug}", chosen], "without": f"{tags[20].kind.key}:{tags[20].slug}"}


def got(address: str, given: dict[str, object]) -> object:
    from django.test import Client

    answer = Client(headers={"host": "localhost"}).get(address, given)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return answer.content


def counted(tag: int) -> object:
    """Count the facets, which an index that has not changed remembers; so each asking differs."""
    from storykeep.site.search import indexing
    from storykeep.site.search.contract import Filters, Question
    from storykeep.site.tags.models import TagKind

    kinds = list(TagKind.objects.values_list("key", flat=True))
    indexing.engine().counts.kept.clear()
    return indexing.engine().facets(Question(filters=Filters(include=((tag,),))), kinds)


# ── facts
def facts(rate: float, others: list[Peer]) -> list[dict[str, object]]:
    from storykeep.site.search import indexing

    rates = {f"{each.name} p50 ms": each.rate for each in others}
    sizes = {f"{each.name} p50 ms": each.size / 1e6 for each in others}
    return [
        {"question": "works indexed a second, from the database", "p50 ms": rate or ""} | rates,
        {"question": "size in MB", "p50 ms": indexing.engine().size() / 1e6} | sizes,
        {"question": "ms until a change is found", "p50 ms": visible()},
        {"question": "memory of this process at most, MB", "p50 ms": memory()},
    ]  # fmt: skip


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def visible() -> float:
    from storykeep.query.tree import Words
    from storykeep.site.search import indexing
    from storykeep.site.search.contract import Question
    from storykeep.site.works import changes
    from storykeep.site.works.models import Work

    found = []
    for number in range(5):
        work, word = Work.objects.filter(visibility="public").order_by("pk")[number], f"qx{number}{int(time.time())}"
        start = time.perf_counter()
        Work.objects.filter(pk=work.pk).update(title=word)
        changes.record([work.pk])
        indexing.catch_up()
        if not indexing.engine().search(Question(tree=Words((word,)))).total:
            raise RuntimeError("The change is not found.")
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)
