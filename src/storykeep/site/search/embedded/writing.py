"""Documents go into an index."""

from __future__ import annotations

from collections.abc import Iterable

import tantivy

from storykeep.site.search.contract import Document, Name
from storykeep.site.search.embedded.queries import term
from storykeep.site.search.embedded.schema import USED, as_tantivy, name_key, named
from storykeep.site.search.stems import Stems

HEAP = 64_000_000  # bytes for what is not yet written


class Writer:
    """The only one that writes into an index. Open until it is closed, so that segments are merged in the background.

    A name (of a tag, a person, a series) is written when it is new or was changed, and again each time its works have
    doubled; that is how often used names are found first.
    """

    def __init__(self, index: tantivy.Index, stems: Stems) -> None:
        self.index, self.stems = index, stems
        self.writer = index.writer(HEAP, 1)
        self.added: set[int] = set()  # works since the last commit,
        self.offered: set[str] = set()  # and names
        self.known: dict[tuple[str, int], tuple[int, int, int]] = {}  # hash of the name, works when written, works now

    def write(self, documents: Iterable[Document], remove: Iterable[int] = ()) -> None:
        """Take in ``documents`` and forget ``remove``; nobody sees it before the commit."""
        names: dict[tuple[str, int], Name] = {}
        searcher = self.index.searcher()
        for gone in remove:
            self.writer.delete_documents_by_query(term("id", gone))
        for document in documents:
            if document.id in self.added or searcher.doc_freq(
                "id", document.id
            ):  # to delete what isn't there costs time
                self.writer.delete_documents_by_query(term("id", document.id))
            self.added.add(document.id)
            for each in as_tantivy(document, self.stems):
                self.writer.add_document(each)
            for name in document.names:
                if self._is_due(name, searcher):
                    names[name.kind, name.id] = name
        for (kind, id_), name in names.items():
            key = name_key(kind, id_)
            if key in self.offered or searcher.doc_freq("name_key", key):
                self.writer.delete_documents_by_term("name_key", key)
            self.offered.add(key)
            self.writer.add_document(named(name, self.known[kind, id_][1]))

    def offer(self, names: Iterable[Name]) -> None:
        """Write ``names`` of works that the index already holds, and that it does not offer yet."""
        searcher = self.index.searcher()
        for name in names:
            uses = searcher.doc_freq(USED[name.kind], name.id)
            self.known[name.kind, name.id] = (hash(name), uses, uses)
            self.offered.add(name_key(name.kind, name.id))
            self.writer.add_document(named(name, uses))

    def _is_due(self, name: Name, searcher: tantivy.Searcher) -> bool:
        """Count the name, and say whether it is to be written."""
        mark, written, now = self.known.get((name.kind, name.id), (None, 0, 0))
        if mark is None:
            now = searcher.doc_freq(USED[name.kind], name.id)
        due = mark != hash(name) or now + 1 >= 2 * written
        self.known[name.kind, name.id] = (hash(name), now + 1 if due else written, now + 1)
        return due

    def commit(self) -> None:
        self.writer.commit()
        self.added.clear()
        self.offered.clear()

    def close(self) -> None:
        """Wait for what is being merged, and let somebody else write."""
        self.known.clear()
        self.writer.wait_merging_threads()
