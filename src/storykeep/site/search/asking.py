"""A reader asks: what was typed is read, the engine answers, and the works come from the one visibility function."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from storykeep.query.explain import explain
from storykeep.query.parse import parse
from storykeep.query.tree import Query, Words, positive
from storykeep.site.search.contract import NO_FILTERS, Filters, Order, Question
from storykeep.site.search.narrowing import Narrowing
from storykeep.site.search.readers import engine, reader_for, stemming
from storykeep.site.search.snippets import snippet
from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Chapter, Work
from storykeep.site.works.queries import listing, readable_by

PAGE = 20
DEEPEST = 10_000  # no page of hits begins behind this one
EVERYTHING = Question()
AT_ONCE = 4  # chapters that are read at once
BUDGET = 0.5  # seconds for the words around hits; later hits go without


@dataclass(frozen=True, slots=True)
class Answered:
    """One work that answers. ``snippet`` is safe HTML with ``<mark>``; ``chapter`` where it stands, if anywhere."""

    work: Work
    snippet: str = ""
    chapter: Chapter | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of works. ``said`` tells what was understood, ``remarks`` what was left out.

    ``question`` is what the engine was asked, for counts that belong to this answer. ``whole`` is False while the index
    is being made anew.
    """

    works: tuple[Answered, ...]
    total: int
    said: str
    remarks: tuple[str, ...] = ()
    page: int = 1
    pages: int = 1
    empty: bool = False  # nothing was asked
    question: Question = EVERYTHING
    whole: bool = True


def ask(user, text: str, *, page: int = 1, order: str = Order.BEST, tags: Iterable[int] = ()) -> Answer:
    """Return what ``user`` finds for ``text``. Never an error, whatever was typed. About 10 queries."""
    chosen = Narrowing(words=text, order=Order(order), page=page)
    return answer(user, chosen, Filters(include=tuple((tag,) for tag in tags)))


def answer(  # noqa: PLR0913 — a list, what narrows it, and who is told
    user,
    chosen: Narrowing,
    within: Filters = NO_FILTERS,
    usual: Order = Order.BEST,
    most: int = PAGE,
    *,
    ahead: Callable[[Question], None] | None = None,
) -> Answer:
    """Return a page of the works in ``within`` (a list's own condition) that ``chosen`` leaves, as ``user`` finds them.

    ``usual`` is the order where none is chosen; ``ahead`` is told the question before it is asked. About 10 queries,
    however many works there are.
    """
    kinds = dict(TagKind.objects.values_list("key", "name"))
    query = parse(chosen.words.replace("\0", ""), kinds)
    first = min(max(chosen.page - 1, 0) * most, DEEPEST)
    question = Question(
        tree=query.tree,
        reader=reader_for(user),
        filters=both(within, chosen.filters),
        order=chosen_order(chosen, query, usual),
        first=first,
        most=most,
    )
    if query.empty and question.filters == NO_FILTERS and usual is Order.BEST:
        return Answer((), 0, "", query.remarks, empty=True, question=question)
    if ahead:
        ahead(question)
    found = engine().search(question)
    works = answered(user, query, {hit.id: hit.place for hit in found.hits})
    pages = min(-(-found.total // most), DEEPEST // most + 1)
    said = "" if query.empty else explain(query.tree, kinds)
    return Answer(
        works, found.total, said, query.remarks, first // most + 1, max(1, pages), question=question, whole=found.whole
    )


def both(within: Filters, chosen: Filters) -> Filters:
    """Return the condition of a list and what a reader has chosen as one; a list of one person stays theirs."""
    return replace(
        chosen,
        include=(*within.include, *chosen.include),
        exclude=tuple(dict.fromkeys((*within.exclude, *chosen.exclude))),
        people=within.people or chosen.people,
        series=within.series or chosen.series,
    )


def chosen_order(chosen: Narrowing, query: Query, usual: Order) -> Order:
    """Return the order chosen in the menu, else typed, else the list’s own; words are answered best first."""
    typed = getattr(query, "order", "")
    if chosen.order:
        return chosen.order
    if typed in set(Order) or typed == "words":
        return Order(typed)
    return Order.BEST if positive(query.tree) else usual


def answered(user, query: Query, places: dict[int, int]) -> tuple[Answered, ...]:
    """Return the works in the order of ``places`` (work → chapter), each with the words around what was found.

    The index may be a moment behind, so that the database decides once more who sees what.
    """
    rows = {work.pk: work for work in listing(readable_by(user).filter(pk__in=places))}
    wanted = [words for words in positive(query.tree) if words.field in {"", "text", "summary", "note"}]
    chapters = chapters_at(places) if wanted else {}
    until = time.monotonic() + BUDGET
    found = [
        with_snippet(rows[pk], chapters.get(pk), wanted if time.monotonic() < until else [])
        for pk in places
        if pk in rows
    ]
    return tuple(inflected_elsewhere(found, wanted, until) if wanted else found)


def inflected_elsewhere(found: list[Answered], wanted: list[Words], until: float) -> Iterator[Answered]:
    """Yield ``found``; where a word stands inflected in another chapter than the engine named, with that. 1 query.

    The engine names chapters by the words as they were typed.
    """
    lacking = {each.work.pk for each in found if not each.snippet and stemming().known(each.work.language)}
    lacking &= {each.work.pk for each in found if each.work.chapter_count > 1}
    rest = Chapter.objects.filter(work__in=lacking, place__gt=1).select_related("current").order_by("work", "place")
    better: dict[int, Answered] = {}
    works = {each.work.pk: each.work for each in found}
    for chapter in rest.iterator(AT_ONCE) if lacking else ():
        if time.monotonic() > until:
            break
        if chapter.work_id not in better and (one := with_snippet(works[chapter.work_id], chapter, wanted)).snippet:
            better[chapter.work_id] = one
    yield from (better.get(each.work.pk, each) for each in found)


def chapters_at(places: dict[int, int]) -> dict[int, Chapter]:
    """Return for each work the chapter that the engine named, or its first, with its text. 1 query."""
    wanted = Chapter.objects.filter(work__in=places).select_related("current", "work")
    found: dict[int, Chapter] = {}
    for chapter in wanted.filter(place__in={1, *places.values()}).order_by("place"):
        if chapter.place == (places[chapter.work_id] or 1):
            found[chapter.work_id] = chapter
    return found


def with_snippet(work: Work, chapter: Chapter | None, wanted: list[Words]) -> Answered:
    html = chapter.current.body if chapter and chapter.current else ""
    marked = partial(snippet, wanted=wanted, stems=stemming(), language=work.language)
    words = marked(html)
    if words:
        return Answered(work, words, chapter)
    return Answered(work, marked(work.summary))
