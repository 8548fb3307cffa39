"""Several processes write an index that is made anew: each a part of its own, which are joined at the end.

    index/tantivy-4/g2/         the index that is made, empty until its parts are joined
    index/tantivy-4/g2/part1/   what one process writes: tantivy's files, and the names that its works are found by

A part is an index like any other. What tantivy knows of an index stands in two lists, ``meta.json`` (its segments) and
``.managed.json`` (its files): so parts are joined by moving files and adding up the lists, as Lucene's addIndexes does.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from storykeep.site.search.contract import Document, Name
from storykeep.site.search.embedded.folder import opened
from storykeep.site.search.embedded.schema import as_tantivy
from storykeep.site.search.stems import Stems

HEAP = 160_000_000  # bytes for what is not yet written: the more, the less is merged later
SEGMENTS, FILES, NAMES = "meta.json", ".managed.json", "names.jsonl"


class Part:
    """Works that no other part has."""

    def __init__(self, folder: Path, stems: Stems) -> None:
        folder.mkdir()
        self.folder, self.stems = folder, stems
        self.writer = opened(folder).writer(HEAP, 1)
        self.names: dict[tuple[str, int], Name] = {}

    def index(self, documents: Iterable[Document]) -> None:
        for document in documents:
            for each in as_tantivy(document, self.stems):
                self.writer.add_document(each)
            for name in document.names:
                self.names[name.kind, name.id] = name

    def finish(self) -> None:
        """Write everything, and wait for what is being merged."""
        self.writer.commit()
        self.writer.wait_merging_threads()
        with (self.folder / NAMES).open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(name) + "\n" for name in self.names.values())


def parts_of(generation: Path) -> list[Path]:
    return sorted(generation.glob("part*"))


def names_in(parts: Iterable[Path]) -> Iterator[Name]:
    """Yield each name once, with all its spellings."""
    found: dict[tuple[str, int], Name] = {}
    for part in parts:
        with (part / NAMES).open(encoding="utf-8") as lines:
            for line in lines:
                name = Name(*json.loads(line))
                known = found.get((name.kind, name.id), name)
                found[name.kind, name.id] = name._replace(also=tuple(dict.fromkeys((*known.also, *name.also))))
    yield from found.values()


def join(generation: Path, parts: list[Path]) -> None:
    """Let the segments of ``parts`` be those of ``generation``: an empty index into which nobody writes."""
    whole = read(generation / SEGMENTS)
    own = [read(part / SEGMENTS) for part in parts]
    whole["segments"] = [segment for each in own for segment in each["segments"]]
    whole["opstamp"] = max((each["opstamp"] for each in own), default=whole["opstamp"])
    files = [name for folder in (generation, *parts) for name in read(folder / FILES)]
    for part in parts:
        for file in part.iterdir():
            if file.name not in {SEGMENTS, NAMES} and not file.name.startswith("."):
                file.replace(generation / file.name)
    write(generation / FILES, [*sorted({*files} - {SEGMENTS}), SEGMENTS])
    write(generation / SEGMENTS, whole)
    for part in parts:
        shutil.rmtree(part)


def read(path: Path):
    return json.loads(path.read_text("utf-8"))


def write(path: Path, what: object) -> None:
    made = path.with_name(f"{path.name}.made")
    with made.open("w", encoding="utf-8") as file:
        json.dump(what, file)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
