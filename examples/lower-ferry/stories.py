"""Reads the clean sources in `stories/` and `site/`: what the archive was before it died.

A story is a head of `name: value` lines, a blank line, and blocks with a blank line between them. `*words*` slant,
`=words=` are thoughts, lines that begin with `| ` are kept line by line, `***` is a scene break, `## Label: Title` begins a chapter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
SLANTED = re.compile(r"\*([^*\n]+)\*|(?<!\w)=([^=\n]+)=(?!\w)")
SERIAL = {"The Number Nine": 3}


@dataclass(frozen=True, slots=True)
class Block:
    """One block as written. ``type`` is ``p``, ``lines`` or ``scene_break``."""

    type: str
    source: str = ""

    @property
    def text(self) -> str:
        """The words without the marks of slanting."""
        return SLANTED.sub(lambda found: found[1] or found[2], self.source)

    @property
    def italics(self) -> list[str]:
        """The words that the archive's pages slanted; thoughts in `=…=` stood there as their author typed them."""
        return [found[1] for found in SLANTED.finditer(self.source) if found[1]]


@dataclass(frozen=True, slots=True)
class Chapter:
    label: str
    title: str
    expid: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """One work; ``head`` holds what its source says of it, by name."""

    head: dict[str, str]
    chapters: tuple[Chapter, ...] = field(default=())

    @property
    def id(self) -> int:
        return int(self.head["id"])

    @property
    def title(self) -> str:
        return self.head["title"]

    @property
    def authors(self) -> list[str]:
        return [name.strip() for name in self.head["authors"].split("|")]

    @property
    def series(self) -> tuple[str, int] | None:
        title, _, place = self.head.get("series", "").partition("|")
        return (title.strip(), int(place)) if title else None

    @property
    def words(self) -> int:
        """The word count that the archive's own listing states."""
        texts = (block.text for chapter in self.chapters for block in chapter.blocks)
        return sum(1 for text in texts for word in text.split() if re.search(r"\w", word))


def works() -> list[Work]:
    """Return every work, in the order of its number on the old site."""
    return sorted((read(path.read_text("utf-8")) for path in (HERE / "stories").glob("*.md")), key=lambda work: work.id)


def read(source: str) -> Work:
    """Return the work in one source file."""
    top, _, body = source.partition("\n\n")
    head = dict(line.split(": ", 1) for line in top.splitlines())
    expids = iter(head.get("chapters", "").split())
    parts = re.split(r"^## (.+)\n", body, flags=re.MULTILINE)
    if len(parts) == 1:
        return Work(head, (Chapter("", "", "", blocks(body)),))
    chapters = (
        Chapter(*heading(name), next(expids), blocks(text)) for name, text in zip(parts[1::2], parts[2::2], strict=True)
    )
    return Work(head, tuple(chapters))


def heading(name: str) -> tuple[str, str]:
    """Split "Chapter 1: In Which It Rains"; a name without a number is a label (Prologue) or a title of its own."""
    label, colon, title = name.partition(": ")
    return (label, title) if colon or label in {"Prologue", "Epilogue"} else ("", label)


def blocks(text: str) -> tuple[Block, ...]:
    return tuple(block(part) for part in text.strip().split("\n\n"))


def block(part: str) -> Block:
    if part == "***":
        return Block("scene_break")
    if part.startswith("| "):
        return Block("lines", "\n".join(line.removeprefix("| ") for line in part.splitlines()))
    return Block("p", " ".join(part.splitlines()))


def entries(name: str) -> list[tuple[list[str], str]]:
    """Return the parts of `site/NAME.md`: the cells of each heading, and the text under it."""
    parts = re.split(r"^## (.+)\n", (HERE / "site" / f"{name}.md").read_text("utf-8"), flags=re.MULTILINE)
    return [
        ([cell.strip() for cell in head.split("|")], text.strip())
        for head, text in zip(parts[1::2], parts[2::2], strict=True)
    ]


def page(name: str) -> list[str]:
    """Return the paragraphs of `site/NAME.md`."""
    return (HERE / "site" / f"{name}.md").read_text("utf-8").strip().split("\n\n")
