"""Second stage: what an archive's pages have in common, learned from a fixed sample of them."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from storykeep.model.errors import InputError
from storykeep.model.provenance import Capture
from storykeep.rescue.crew import Teller
from storykeep.rescue.journal import Journal
from storykeep.rescue.originals import Originals
from storykeep.rescue.workplace import Tell, Workplace
from storykeep.sources.folder.kinds import Kind
from storykeep.sources.pages import shape
from storykeep.sources.pages.rules import Rule
from storykeep.text import sanitise

SAMPLE = 300
"""Pages. Furniture shows on a few dozen; more only cost time. The sample is the same for the same pages."""
FEW, TRIES, PATIENCE = 12, 5, 60.0
"""So few pages are looked at in this process; a page that hangs for so many seconds is left out, so often."""
FEWEST = 3
"""With fewer pages nothing can be said to repeat."""
LARGEST = 300_000
"""Bytes. Larger pages say nothing more about furniture, and a bomb is read only where it can do no harm."""
READER = 4
"""Rises with every change of a rule after which the same bytes and the same shape give another reading; so pages that
were read earlier are read anew, and what an archivist decided stays."""


def learn(place: Workplace, tell: Tell) -> shape.Shape | None:
    """Return the shape of the pages in the journal, learned now or earlier from the same sample."""
    journal = place.journal
    rows = journal.db.execute(
        "SELECT min(id), sha256 FROM arrivals WHERE kind = ? AND size <= ? GROUP BY sha256 ORDER BY sha256 LIMIT ?",
        (Kind.PAGE, LARGEST, SAMPLE),
    ).fetchall()
    sample = hashlib.sha256("".join(row[1] for row in rows).encode()).hexdigest()
    if journal.get("sample") != sample:
        learned = _learned([row[0] for row in rows], place, tell)
        with journal.writing():
            journal.note("shape", json.dumps(learned.to_plain(), sort_keys=True) if learned else "")
            journal.note("sample", sample)
    return shape_of(journal)


def shape_of(journal: Journal, rules: tuple[Rule, ...] | None = None) -> shape.Shape | None:
    """Return the shape that is in the journal, with the rules that an archivist taught, or with other ``rules``."""
    plain = journal.get("shape")
    known = shape.Shape.from_plain(json.loads(plain)) if plain else None
    taught = rules_of(journal) if rules is None else rules
    return replace(known or shape.Shape(), rules=taught) if taught else known


def rules_of(journal: Journal) -> tuple[Rule, ...]:
    """Return the rules that an archivist taught, in the order of teaching."""
    return tuple(map(Rule.from_plain, json.loads(journal.get("rules") or "[]")))


def reader_tag(journal: Journal) -> str:
    """Return what a reading depends on besides its bytes: the reader's and the sanitiser's versions, and the shape.

    On how many pages a line was seen changes with every page that comes in, and is left out. Taught rules count.
    """
    known = json.dumps(_without_counts(json.loads(journal.get("shape") or "null")))
    known += "".join(rule.id for rule in rules_of(journal))
    return f"{READER}/{sanitise.VERSION}/{hashlib.sha256(known.encode()).hexdigest()[:16]}"


def _without_counts(plain: Any) -> Any:
    if isinstance(plain, dict):
        return {name: _without_counts(each) for name, each in plain.items() if name != "example"}
    if isinstance(plain, list):
        return [_without_counts(each) for each in plain]
    return None if isinstance(plain, int | float) else plain


def _learned(arrivals: list[int], place: Workplace, tell: Tell) -> shape.Shape | None:
    """Return the shape of some pages; learned in a process of its own, since a page may be made to hang or to crash."""
    if len(arrivals) < FEWEST:
        return None
    captures = [each.capture for number in arrivals for each in place.journal.arrivals("id = ?", number)]
    if len(captures) <= FEW:
        return _shape_in(setup(str(place.originals.folder))(tuple(captures)))
    with Teller(setup, (str(place.originals.folder),), patience=PATIENCE) as teller:
        for _ in range(TRIES):
            at = 0
            for told in teller.tell(tuple(captures)):
                if isinstance(told, int):
                    at = told
                    tell(at, len(captures))
                elif isinstance(told, shape.Shape):
                    return told
            captures.pop(min(at, len(captures) - 1))  # the page at which it ended; it is read, and named, later
    return None


def setup(folder: str) -> Callable[[tuple[Capture, ...]], Iterator[int | shape.Shape]]:
    """Return what learns from captures in ``folder``: it tells the number of each page before it looks at it."""
    originals = Originals(Path(folder))

    def learned(captures: tuple[Capture, ...]) -> Iterator[int | shape.Shape]:
        learner = shape.Learner()
        for number, capture in enumerate(captures):
            yield number
            with contextlib.suppress(InputError), originals.open(capture.sha256) as file:
                learner.see(file.read(), capture)
        yield learner.shape()

    return learned


def _shape_in(told: Iterator[int | shape.Shape]) -> shape.Shape | None:
    return next((each for each in told if isinstance(each, shape.Shape)), None)
