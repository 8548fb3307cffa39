"""The first engine: tantivy, in the data folder, inside this process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import tantivy

from storykeep.site.search.contract import (
    SUGGESTED,
    Checked,
    Document,
    Facets,
    Found,
    NotWritten,
    Question,
    Reader,
    Suggested,
)
from storykeep.site.search.embedded.checking import compared
from storykeep.site.search.embedded.counting import Counts, Pass
from storykeep.site.search.embedded.finding import alike, found
from storykeep.site.search.embedded.folder import BROKEN, Folder, damaged, opened
from storykeep.site.search.embedded.naming import Wish, suggested
from storykeep.site.search.embedded.parts import Part, join, names_in, parts_of
from storykeep.site.search.embedded.writing import Writer
from storykeep.site.search.stems import NO_STEMS, Stems

T = TypeVar("T")


class Embedded:
    """An index in ``folder``. Many threads and processes may search; one writer at a time, of all processes."""

    def __init__(self, folder: Path, stems: Stems = NO_STEMS) -> None:
        self.folder, self.stems = Folder(folder, stems), stems
        self.lock = threading.RLock()
        self.writer: Writer | None = None
        self.counts = Counts()
        self.stamp: tuple[object, ...] = ()
        self.open()

    # ── opening
    def open(self) -> None:
        """Open what answers; where that is damaged or missing, begin with nothing, and say that it is not whole."""
        with self.lock:
            current = self.folder.current()
            try:
                if current:
                    self.stamp, self.index_ = self.folder.stamp(), opened(current)
                    return
            except BaseException as error:
                if not is_broken(error):
                    raise
            self.begin()

    def begin(self) -> None:
        """Begin anew with an empty index; the database has everything in it."""
        with self.lock:
            self.drop_writer()
            self.folder.set_whole(False)
            fresh = self.folder.fresh()
            self.index_ = opened(fresh)
            self.folder.choose(fresh)
            self.stamp = self.folder.stamp()

    @property
    def whole(self) -> bool:
        return self.folder.whole

    def settle(self) -> None:
        self.folder.set_whole(True)
        self.folder.clear()

    def damaged(self) -> list[str]:
        current = self.folder.current()
        return damaged(current) if current else ["current"]

    def size(self) -> int:
        return self.folder.size()

    # ── writing
    def index(self, documents: Iterable[Document], remove: Iterable[int] = ()) -> bool:
        with self.lock:
            writer = self.writing()
            if writer is None:
                return False
            try:
                writer.write(documents, remove)
                writer.commit()
            except BROKEN as error:
                self.drop_writer()
                raise NotWritten(f"The search index could not be written ({error}); it will be tried again.") from error
            self.index_.reload()
        return True

    def writing(self) -> Writer | None:
        if self.writer is None:
            self.searcher()  # of the generation that answers now
            try:
                self.writer = Writer(self.index_, self.stems)
            except ValueError as error:
                if "Lock" not in str(error):
                    raise NotWritten(f"The search index can't be written: {error}") from error
        return self.writer

    def drop_writer(self) -> None:
        self.writer = None

    def close(self) -> None:
        with self.lock:
            if self.writer:
                with contextlib.suppress(*BROKEN):
                    self.writer.close()
                self.writer = None

    def rebuilding(self) -> Rebuilding | None:
        with self.lock:
            return Rebuilding(self) if self.writing() else None

    def part(self, place: str, number: int) -> Part:
        return Part(Path(place) / f"part{number}", self.stems)

    # ── reading
    def searcher(self) -> tantivy.Searcher:
        """Return the index as it is now, whoever wrote into it last."""
        stamp = self.folder.stamp()
        if stamp != self.stamp:
            with self.lock:
                if stamp[:1] != self.stamp[:1]:
                    self.drop_writer()
                    self.open()
                else:
                    self.index_.reload()
                    self.stamp = stamp
        return self.index_.searcher()

    def ask(self, what: Callable[[tantivy.Searcher], T]) -> T:
        """Return what the index answers. Where it turns out to be damaged, begin anew: it says that it is not whole."""
        try:
            return what(self.searcher())
        except BaseException as error:
            if not is_broken(error) or not self.damaged():
                raise
            self.begin()
            return what(self.searcher())

    def search(self, question: Question) -> Found:
        return self.ask(lambda searcher: found(searcher, question, self.stems, whole=self.whole))

    def facets(self, question: Question, kinds: Iterable[str] = (), most: int = 10) -> Facets:
        return self.ask(
            lambda searcher: self.counts.of(Pass(searcher, question, self.stems), self.stamp, tuple(kinds), most)
        )

    def prepare(self, question: Question, kinds: Iterable[str] = (), most: int = 10) -> None:
        self.ask(
            lambda searcher: self.counts.begin(Pass(searcher, question, self.stems), self.stamp, tuple(kinds), most)
        )

    def suggest(
        self, beginning: str, reader: Reader, kinds: Iterable[str] = SUGGESTED, tag_kind: str = "", most: int = 10
    ) -> list[Suggested]:
        wish = Wish(beginning, reader, tuple(kinds), tag_kind, most)
        return self.ask(lambda searcher: suggested(searcher, wish))

    def more_like_this(self, id: int, reader: Reader, most: int = 6) -> list[int]:  # noqa: A002 — the contract's name
        return self.ask(lambda searcher: alike(searcher, id, reader, most))

    def verify(self, versions: Iterable[tuple[int, int]]) -> Checked:
        return compared(self.searcher(), versions)


def is_broken(error: BaseException) -> bool:
    """Say whether tantivy tells of damage. PanicException, its word for what it did not expect, is no Exception."""
    return isinstance(error, BROKEN) or type(error).__name__ == "PanicException"


class Rebuilding:
    """A new index beside the one that answers. Nobody else writes into either."""

    def __init__(self, engine: Embedded) -> None:
        self.engine, self.generation = engine, engine.folder.fresh()
        opened(self.generation)
        self.writer: Writer | None = None

    @property
    def place(self) -> str:
        return str(self.generation)

    def gather(self) -> None:
        parts = parts_of(self.generation)
        names = list(names_in(parts))
        join(self.generation, parts)
        self.writer = Writer(opened(self.generation), self.engine.stems)
        self.writer.offer(names)

    def index(self, documents: Iterable[Document], remove: Iterable[int] = ()) -> None:
        if self.writer is None:
            self.writer = Writer(opened(self.generation), self.engine.stems)
        self.writer.write(documents, remove)

    def finish(self) -> None:
        if self.writer:
            self.writer.commit()
            self.writer.close()
        with self.engine.lock:
            self.engine.drop_writer()
            self.engine.folder.choose(self.generation)
            self.engine.open()
            self.engine.settle()
