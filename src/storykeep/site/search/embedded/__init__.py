"""The first engine: tantivy, in the data folder, inside this process."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from storykeep.query.tree import Node, positive
from storykeep.site.search.contract import (
    SUGGESTED,
    Checked,
    Document,
    Facets,
    Found,
    Hit,
    Name,
    Order,
    Question,
    Reader,
    Suggested,
)
from storykeep.site.search.embedded.counting import counted
from storykeep.site.search.embedded.naming import suggested
from storykeep.site.search.embedded.queries import asked, either, in_field, must, must_have, must_not, one_of, term
from storykeep.site.search.embedded.schema import CHAPTER, SCHEMA, VERSION, WORK, as_tantivy, name_key, named

HEAP = 32_000_000  # bytes for the writer
DESCENDING, ASCENDING = tantivy.Order.Desc, tantivy.Order.Asc
ORDERS = {
    Order.UPDATED: ("by_updated", DESCENDING),
    Order.POSTED: ("by_posted", DESCENDING),
    Order.NEWEST: ("by_added", DESCENDING),
    Order.LONGEST: ("by_words", DESCENDING),
    Order.SHORTEST: ("by_words", ASCENDING),
    Order.READS: ("by_reads", DESCENDING),
    Order.TITLE: ("by_title", ASCENDING),
    Order.AUTHOR: ("by_author", ASCENDING),
}


class Embedded:
    """An index in ``folder``. Many threads may search; one writer at a time, of all processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"tantivy-{VERSION}"
        self.lock = threading.Lock()
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self.index_ = self._open()
        except ValueError:  # tantivy's word for a damaged index; the database has everything in it
            shutil.rmtree(self.folder)
            self.folder.mkdir()
            self.index_ = self._open()

    def _open(self) -> tantivy.Index:
        opened = tantivy.Index(SCHEMA, path=str(self.folder))
        splitter = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        opened.register_tokenizer("terms", splitter)
        return opened

    # ── writing
    def index(self, documents: Iterable[Document], remove: Iterable[int] = ()) -> bool:
        return self._write(documents, list(remove), afresh=False)

    def rebuild(self, documents: Iterable[Document]) -> bool:
        return self._write(documents, [], afresh=True)

    def _write(self, documents: Iterable[Document], remove: list[int], *, afresh: bool) -> bool:
        with self.lock:
            writer = self._writer()
            if writer is None:
                return False
            if afresh:
                writer.delete_all_documents()
            for gone in remove:
                writer.delete_documents_by_query(of_work(gone))
            self._add(writer, documents)
            writer.commit()
            writer.wait_merging_threads()  # also gives the lock back
            self.index_.reload()
        return True

    def _add(self, writer: tantivy.IndexWriter, documents: Iterable[Document]) -> None:
        names: dict[tuple[str, int], Name] = {}
        for document in documents:
            writer.delete_documents_by_query(of_work(document.id))
            for each in as_tantivy(document):
                writer.add_document(each)
            names |= {(name.kind, name.id): name for name in document.names}
        for name in names.values():
            writer.delete_documents_by_query(term("name_key", name_key(name.kind, name.id)))
            writer.add_document(named(name, 1))

    def _writer(self) -> tantivy.IndexWriter | None:
        try:
            return self.index_.writer(HEAP, 1)
        except ValueError as error:
            if "Lock" in str(error):
                return None
            raise

    # ── reading
    def searcher(self) -> tantivy.Searcher:
        self.index_.reload()  # another process may have written
        return self.index_.searcher()

    def search(self, question: Question) -> Found:
        searcher, wanted = self.searcher(), positive(question.tree)
        order = Order.UPDATED if question.order is Order.BEST and not wanted else question.order
        by, direction = ORDERS.get(order, (None, DESCENDING))
        query = asked(question, scored=by is None)
        found = searcher.search(
            query, max(1, question.most), count=True, order_by_field=by, offset=question.first, order=direction
        )
        ids = numbers(searcher, "id", found.hits)[: question.most]
        places = places_of(searcher, question.tree, ids)
        return Found(tuple(Hit(each, places.get(each, 0)) for each in ids), found.count)

    def facets(self, question: Question, kinds: Iterable[str] = (), most: int = 10) -> Facets:
        return counted(self.searcher(), question, tuple(kinds), most)

    def suggest(
        self, beginning: str, reader: Reader, kinds: Iterable[str] = SUGGESTED, tag_kind: str = "", most: int = 10
    ) -> list[Suggested]:
        return suggested(self.searcher(), beginning, reader, tuple(kinds), tag_kind, most)

    def more_like_this(self, id: int, reader: Reader, most: int = 6) -> list[int]:  # noqa: A002 — the contract's name
        searcher = self.searcher()
        own = searcher.search(must((Occur.Must, term("doc", WORK)), must_have(term("id", id))), 1, count=False).hits
        if not own:
            return []
        words = searcher.doc(own[0][1]).get_all("like")
        alike = Query.more_like_this_document_fields_query(
            SCHEMA, {"like": words}, min_doc_frequency=2, min_term_frequency=1, min_word_length=4
        )
        others = asked(Question(reader=reader))
        query = must(must_have(others), (Occur.Must, alike), must_not(term("id", id)))
        return numbers(searcher, "id", searcher.search(query, most, count=False).hits)

    def verify(self, versions: Mapping[int, int]) -> Checked:
        held = dict(self._held())
        return Checked(
            missing=tuple(sorted(versions.keys() - held.keys())),
            stale=tuple(sorted(each for each in versions if held.get(each, versions[each]) != versions[each])),
            surplus=tuple(sorted(held.keys() - versions.keys())),
        )

    def _held(self) -> Iterator[tuple[int, int]]:
        searcher = self.searcher()
        hits = searcher.search(term("doc", WORK), max(1, searcher.num_docs), count=False).hits
        yield from zip(numbers(searcher, "id", hits), numbers(searcher, "version", hits), strict=True)


def of_work(id: int) -> Query:  # noqa: A002 — the work's id
    """Return what holds a work: its document and its chapters'."""
    return must(must_have(term("id", id)), must_have(either([term("doc", WORK), term("doc", CHAPTER)])))


def numbers(searcher: tantivy.Searcher, field: str, hits: list) -> list[int]:
    return [int(each) for each in searcher.fast_field_values(field, [address for _, address in hits])]


def places_of(searcher: tantivy.Searcher, tree: Node, ids: list[int]) -> dict[int, int]:
    """Return for each work the chapter that answers best; works of one chapter have no documents for it."""
    wanted = [each for each in positive(tree) if each.field in {"", "text"}]
    if not ids or not wanted:
        return {}
    texts = either([in_field("text", each) for each in wanted])
    query = must(must_have(term("doc", CHAPTER)), must_have(one_of("id", ids)), (Occur.Must, texts))
    hits = searcher.search(query, 400, count=False).hits
    best: dict[int, int] = {}
    for work, place in zip(numbers(searcher, "id", hits), numbers(searcher, "place", hits), strict=True):
        best.setdefault(work, place)
    return best
