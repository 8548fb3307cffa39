"""A reader asks: what was typed is read, the engine answers, and the works come from the one visibility function."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from storykeep.query.explain import explain
from storykeep.query.parse import parse
from storykeep.query.tree import Query, Words, positive
from storykeep.site.search import indexing
from storykeep.site.search.contract import Filters, Order, Question, Reader
from storykeep.site.search.snippets import snippet
from storykeep.site.tags.models import TagKind
from storykeep.site.works.models import Chapter, Work
from storykeep.site.works.queries import is_archivist, listing, readable_by

PAGE = 20
DEEPEST = 10_000  # no page of hits begins behind this one
BUDGET = 0.5  # seconds for the words around hits; later hits go without


@dataclass(frozen=True, slots=True)
class Answered:
    """One work that answers. ``snippet`` is safe HTML with ``<mark>``; ``chapter`` where it stands, if anywhere."""

    work: Work
    snippet: str = ""
    chapter: Chapter | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of works. ``said`` tells what was understood, ``remarks`` what was left out."""

    works: tuple[Answered, ...]
    total: int
    said: str
    remarks: tuple[str, ...] = ()
    page: int = 1
    pages: int = 1
    empty: bool = False  # nothing was asked


def ask(user, text: str, *, page: int = 1, order: str = Order.BEST, tags: Iterable[int] = ()) -> Answer:
    """Return what ``user`` finds for ``text``. Never an error, whatever was typed. About 10 queries."""
    kinds = dict(TagKind.objects.values_list("key", "name"))
    query = parse(text.replace("\0", ""), kinds)
    first = min(max(page - 1, 0) * PAGE, DEEPEST)
    filters = Filters(include=tuple((tag,) for tag in tags))
    question = Question(
        tree=query.tree, reader=reader_for(user), filters=filters, order=Order(order), first=first, most=PAGE
    )
    if query.empty and filters.empty:
        return Answer((), 0, "", query.remarks, empty=True)
    found = indexing.engine().search(question)
    works = answered(user, query, {hit.id: hit.place for hit in found.hits})
    pages = min(-(-found.total // PAGE), DEEPEST // PAGE + 1)
    return Answer(works, found.total, explain(query.tree, kinds), query.remarks, first // PAGE + 1, max(1, pages))


def reader_for(user) -> Reader:
    """Return ``user`` as the engine knows readers."""
    signed_in = user is not None and user.is_authenticated
    return Reader(account=user.pk if signed_in else 0, archivist=is_archivist(user))


def answered(user, query: Query, places: dict[int, int]) -> tuple[Answered, ...]:
    """Return the works in the order of ``places`` (work → chapter), each with the words around what was found.

    The index may be a moment behind, so that the database decides once more who sees what.
    """
    rows = {work.pk: work for work in listing(readable_by(user).filter(pk__in=places))}
    wanted = [words for words in positive(query.tree) if words.field in {"", "text", "summary", "note"}]
    chapters = chapters_at(places) if wanted else {}
    until = time.monotonic() + BUDGET
    return tuple(
        with_snippet(rows[pk], chapters.get(pk), wanted if time.monotonic() < until else [])
        for pk in places
        if pk in rows
    )


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
    words = snippet(html, wanted)
    if words:
        return Answered(work, words, chapter)
    return Answered(work, snippet(work.summary, wanted))
