"""What the tests of the ways in share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture, Finding
from storykeep.model.story import Archive, Contact, Page, Person, Series, Story
from storykeep.sources.base import Material, Record, Source, load
from storykeep.text.blocks import blocks


@dataclass
class Brought:
    """Everything that a source gave, sorted."""

    records: list[Record]
    kept: dict[str, bytes] = field(default_factory=dict)

    def of(self, kind: type) -> list:
        return [record for record in self.records if isinstance(record, kind)]

    @property
    def stories(self) -> dict[str, Story]:
        return {story.title or "": story for story in self.of(Story)}

    @property
    def archive(self) -> Archive:
        return self.of(Archive)[0]

    @property
    def people(self) -> dict[str, Person]:
        return {person.name: person for person in self.of(Person)}

    @property
    def contacts(self) -> list[Contact]:
        return self.of(Contact)

    @property
    def series(self) -> dict[str, Series]:
        return {series.title: series for series in self.of(Series)}

    @property
    def pages(self) -> dict[str, Page]:
        return {page.title: page for page in self.of(Page)}

    @property
    def findings(self) -> list[Finding]:
        return [*self.of(Finding), *(finding for story in self.of(Story) for finding in story.findings)]

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]


def bring(source: Source | str, path: Path, name: str = "") -> Brought:
    """Read ``path`` with a source."""
    source = load(source) if isinstance(source, str) else source
    kept: dict[str, bytes] = {}

    def keep(data: bytes, capture: Capture) -> Capture:
        kept[sha256(data)] = data
        return replace(capture, sha256=sha256(data), size=len(data))

    return Brought(list(source.read(Material(path=path, name=name or path.name), keep)), kept)


def seen(body: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return a body as the blocks that are compared with the truth."""
    return [(block.type, block.text, block.italics) for block in blocks(body)]


@pytest.fixture
def read():
    return bring


@pytest.fixture
def blocks_of():
    return seen


def lines(text: str) -> Iterator[str]:
    yield from text.splitlines()
