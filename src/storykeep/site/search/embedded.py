"""The first engine: tantivy, in the data folder, inside this process.

One document per work answers questions. A work of several chapters has one more per chapter, which tells in which
chapter the words stand. Text is folded into terms before it comes here, so tantivy only splits at spaces.
"""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from storykeep.query.tree import All, Any, Node, Not, Number, Words
from storykeep.site.search.contract import Checked, Document, Found, Hit, Order, Question, Reader
from storykeep.site.search.terms import terms

SCHEMA_VERSION = 1  # part of the folder's name: another schema is another index
HEAP = 32_000_000  # bytes for the writer
LIKE = 80  # frequent terms by which works are compared

WORK, CHAPTER = "work", "chapter"
# Where a bare word is looked for, and how much it weighs there.
WEIGHTS = {"title": 8.0, "author": 6.0, "series": 3.0, "tag": 3.0, "summary": 2.0, "note": 0.5, "text": 1.0}
ORDERS = {
    Order.BEST: (None, tantivy.Order.Desc),
    Order.NEWEST: ("added", tantivy.Order.Desc),
    Order.LONGEST: ("words", tantivy.Order.Desc),
    Order.SHORTEST: ("words", tantivy.Order.Asc),
}


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("id", "version", "words", "chapters", "added", "place", "owner", "tag_id"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("doc", "visibility"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*WEIGHTS, "language", "kind"):
        builder.add_text_field(name, tokenizer_name="terms")
    builder.add_text_field("like", tokenizer_name="terms", stored=True)
    builder.add_json_field("tags", tokenizer_name="terms")
    return builder.build()


SCHEMA = schema()


class Embedded:
    """An index in ``folder``. Many threads may search; one writer at a time, of all processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"tantivy-{SCHEMA_VERSION}"
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
                writer.delete_documents_by_query(Query.term_query(SCHEMA, "id", gone))
            for document in documents:
                writer.delete_documents_by_query(Query.term_query(SCHEMA, "id", document.id))
                for each in as_tantivy(document):
                    writer.add_document(each)
            writer.commit()
            writer.wait_merging_threads()  # also gives the lock back
            self.index_.reload()
        return True

    def _writer(self) -> tantivy.IndexWriter | None:
        try:
            return self.index_.writer(HEAP, 1)
        except ValueError as error:
            if "Lock" in str(error):
                return None
            raise

    # ── reading
    def search(self, question: Question) -> Found:
        by, direction = ORDERS[question.order]
        searcher = self.searcher()
        found = searcher.search(
            asked(question), question.most, count=True, order_by_field=by, offset=question.first, order=direction
        )
        ids = searcher.fast_field_values("id", [address for _, address in found.hits])
        places = self._places(searcher, question.tree, ids)
        return Found(tuple(Hit(int(each), places.get(int(each), 0)) for each in ids), found.count)

    def searcher(self) -> tantivy.Searcher:
        self.index_.reload()  # another process may have written
        return self.index_.searcher()

    def _places(self, searcher: tantivy.Searcher, tree: Node, ids: list[int]) -> dict[int, int]:
        """Return for each work the chapter that answers best; works of one chapter have no documents for it."""
        wanted = [each for each in positive(tree) if each.field in {"", "text"}]
        if not ids or not wanted:
            return {}
        texts = Query.boolean_query([(Occur.Should, in_field("text", each)) for each in wanted])
        these = Query.term_set_query(SCHEMA, "id", ids)
        query = must(kind_of(CHAPTER), Query.const_score_query(these, 0.0), texts)
        hits = searcher.search(query, 400, count=False).hits
        addresses = [address for _, address in hits]
        works = searcher.fast_field_values("id", addresses)
        places = searcher.fast_field_values("place", addresses)
        best: dict[int, int] = {}
        for work, place in zip(works, places, strict=True):
            best.setdefault(int(work), int(place))
        return best

    def facets(self, question: Question, most: int = 1000) -> dict[int, int]:
        wanted = {"tags": {"terms": {"field": "tag_id", "size": most}}}
        answer = self.searcher().aggregate(asked(question), wanted)
        return {int(bucket["key"]): bucket["doc_count"] for bucket in answer["tags"]["buckets"]}

    def suggest(self, beginning: str, reader: Reader, most: int = 10) -> list[tuple[str, int]]:
        start = terms(beginning)
        if not start:
            return []
        searcher, allowed, counts = self.searcher(), must(kind_of(WORK), readable(reader)), {}
        for name in ("title", "author", "tag"):
            for word, count in searcher.terms_with_prefix(name, start[-1], allowed, most * 2):
                counts[word] = max(count, counts.get(word, 0))
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]

    def more_like_this(self, id: int, reader: Reader, most: int = 6) -> list[int]:  # noqa: A002 — the contract's name
        searcher = self.searcher()
        own = searcher.search(must(kind_of(WORK), Query.term_query(SCHEMA, "id", id)), 1, count=False).hits
        if not own:
            return []
        alike = Query.more_like_this_query(own[0][1], min_doc_frequency=2, min_term_frequency=1, min_word_length=4)
        others = Query.boolean_query(
            [
                (Occur.Must, must(kind_of(WORK), readable(reader))),
                (Occur.Must, alike),
                (Occur.MustNot, Query.term_query(SCHEMA, "id", id)),
            ]
        )
        hits = searcher.search(others, most, count=False).hits
        return [int(each) for each in searcher.fast_field_values("id", [address for _, address in hits])]

    def verify(self, versions: Mapping[int, int]) -> Checked:
        held = dict(self._held())
        return Checked(
            missing=tuple(sorted(versions.keys() - held.keys())),
            stale=tuple(sorted(each for each in versions if held.get(each, versions[each]) != versions[each])),
            surplus=tuple(sorted(held.keys() - versions.keys())),
        )

    def _held(self) -> Iterator[tuple[int, int]]:
        searcher = self.searcher()
        hits = searcher.search(kind_of(WORK), max(1, searcher.num_docs), count=False).hits
        addresses = [address for _, address in hits]
        ids, versions = (searcher.fast_field_values(name, addresses) for name in ("id", "version"))
        yield from ((int(each), int(version)) for each, version in zip(ids, versions, strict=True))


# ── documents
def as_tantivy(document: Document) -> Iterator[tantivy.Document]:
    """Yield the document of the work, and those of its chapters where there are several."""
    texts = {passage.place: " ".join(terms(f"{passage.title} {passage.text}")) for passage in document.passages}
    yield whole(document, " ".join(texts.values()))
    if len(texts) > 1:
        for place, text in texts.items():
            chapter = tantivy.Document()
            chapter.add_text("doc", CHAPTER)
            chapter.add_unsigned("id", document.id)
            chapter.add_unsigned("place", place)
            chapter.add_text("text", text)
            yield chapter


def whole(document: Document, text: str) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("doc", WORK)
    made.add_text("visibility", document.visibility)
    for name in ("id", "version", "words", "chapters", "added"):
        made.add_unsigned(name, max(0, getattr(document, name)))
    for name, values in (("owner", document.owners), ("tag_id", document.tag_ids)):
        for value in values:
            made.add_unsigned(name, value)
    texts = {
        "title": [document.title], "author": document.authors, "series": document.series, "summary": [document.summary],
        "note": [document.notes], "text": [text], "language": [document.language], "kind": [document.kind],
        "tag": [name for names in document.tags.values() for name in names],
    }  # fmt: skip
    for name, values in texts.items():
        for value in values:
            made.add_text(name, value if name == "text" else " ".join(terms(value)))
    made.add_text("like", characteristic(text, texts["tag"]))
    made.add_json(
        "tags", {json_key(kind): [" ".join(terms(n)) for n in names] for kind, names in document.tags.items()}
    )
    return made


def characteristic(text: str, tags: Iterable[str]) -> str:
    """Return the terms that tell most about a work: its tags, and the words that it uses often."""
    counts = Counter(term for term in text.split() if len(term) > 3)  # noqa: PLR2004 — short words say little
    return " ".join([*terms(" ".join(tags)), *(term for term, _ in counts.most_common(LIKE))])


def json_key(kind: str) -> str:
    """Return a kind of tags as a key that holds no dot, which would be a path."""
    return "k" + kind.encode().hex()


# ── questions
def asked(question: Question) -> Query:
    parts = [kind_of(WORK), readable(question.reader)]
    parts += [Query.term_query(SCHEMA, "tag_id", tag) for tag in question.tags]
    return must(*(Query.const_score_query(part, 0.0) for part in parts), translated(question.tree))


def readable(reader: Reader) -> Query:
    """The visibility rule of :func:`storykeep.site.works.queries.readable_by`, for the index."""
    if reader.archivist:
        return Query.all_query()
    public = Query.term_query(SCHEMA, "visibility", "public")
    if not reader.account:
        return public
    members = Query.term_query(SCHEMA, "visibility", "members")
    draft = Query.term_query(SCHEMA, "visibility", "draft")
    own = must(draft, Query.term_query(SCHEMA, "owner", reader.account))
    return Query.boolean_query([(Occur.Should, each) for each in (public, members, own)])


def kind_of(doc: str) -> Query:
    return Query.term_query(SCHEMA, "doc", doc)


def must(*parts: Query) -> Query:
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def translated(node: Node) -> Query:
    if isinstance(node, Words):
        return words_query(node)
    if isinstance(node, Number):
        return Query.range_query(SCHEMA, node.field, tantivy.FieldType.Unsigned, node.least, node.most)
    if isinstance(node, Not):
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, translated(node.inner))])
    if isinstance(node, Any):
        return Query.boolean_query([(Occur.Should, translated(each)) for each in node.inner])
    if not node.inner:
        return Query.all_query()
    parts = [
        (Occur.MustNot, translated(each.inner)) if isinstance(each, Not) else (Occur.Must, translated(each))
        for each in node.inner
    ]
    if all(occur is Occur.MustNot for occur, _ in parts):
        parts.append((Occur.Must, Query.all_query()))
    return Query.boolean_query(parts)


def words_query(node: Words) -> Query:
    """Look for the words in their place; without one, in every place, where the best counts most."""
    if not node.field:
        weighed = [Query.boost_query(in_field(name, node), weight) for name, weight in WEIGHTS.items()]
        return Query.disjunction_max_query(weighed, 0.1)
    known = node.field in WEIGHTS or node.field in {"language", "kind"}
    return in_field(node.field if known else f"tags.{json_key(node.field)}", node)


def in_field(name: str, node: Words) -> Query:
    found = terms(" ".join(node.words))
    if not found:
        return Query.empty_query()
    if node.prefix and (len(found) > 1 or "." in name):
        return Query.phrase_prefix_query(SCHEMA, name, found)
    if node.prefix:
        return Query.regex_query(SCHEMA, name, f"{found[0]}.*")  # a term holds only letters and figures
    return Query.phrase_query(SCHEMA, name, found) if len(found) > 1 else Query.term_query(SCHEMA, name, found[0])


def positive(node: Node) -> list[Words]:
    """Return what must or may be there, from the whole tree."""
    if isinstance(node, Words):
        return [node]
    if isinstance(node, All | Any):
        return [words for each in node.inner for words in positive(each)]
    return []
