"""Compares what a rescue found with what `examples/lower-ferry/truth.json` says there was."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from storykeep.text.blocks import blocks

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "lower-ferry"
PAGES = EXAMPLE / "pages"
WORDS = {"p", "lines"}


def truth():
    return json.loads((EXAMPLE / "truth.json").read_text("utf-8"))


@dataclass(frozen=True)
class Score:
    """How much of what was there was found, and how much of what was found was there."""

    missed: tuple[str, ...]
    invented: tuple[str, ...]
    hits: int

    @property
    def f1(self):
        return 2 * self.hits / max(1, 2 * self.hits + len(self.missed) + len(self.invented))


def score(wanted, found):
    wanted, found = Counter(wanted), Counter(found)
    return Score(tuple((wanted - found).elements()), tuple((found - wanted).elements()), sum((wanted & found).values()))


def told(chapter, *, but=frozenset()):
    """The paragraphs and lines of a chapter in the truth, without the blocks whose numbers are in `but`."""
    kept = (block for number, block in enumerate(chapter["blocks"]) if number not in but)
    return [plain(line) for block in kept if block["type"] in WORDS for line in block["text"].split("\n")]


def read(chapter):
    return [plain(line) for block in blocks(chapter.body) if block.type in WORDS for line in block.text.split("\n")]


def plain(text):
    """The words, apart from how lines are broken and how a thought is marked."""
    return " ".join(text.replace("=", "").split())


def slanted(body):
    return [plain(run) for block in blocks(body) for run in block.italics]


def count(body, kind):
    return sum(1 for block in blocks(body) if block.type == kind)


def lost_everywhere(work, copies):
    """The numbers of the blocks of a one-chapter work that no copy of it has any more."""
    witnesses = [{lost["block"] for lost in copies[name].get("lost", ())} for name in work["files"]]
    return frozenset(set.intersection(*witnesses)) if len(work["chapters"]) == 1 else frozenset()
