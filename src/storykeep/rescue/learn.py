"""Second stage: what an archive's pages have in common, learned from a fixed sample of them."""

from __future__ import annotations

import hashlib
import json

from storykeep.model.errors import InputError
from storykeep.rescue.journal import Journal
from storykeep.rescue.workplace import Tell, Workplace
from storykeep.sources.folder.kinds import Kind
from storykeep.sources.pages import shape
from storykeep.text import sanitise

SAMPLE = 300
"""Pages. Furniture shows on a few dozen; more only cost time. The sample is the same for the same pages."""
FEWEST = 3
"""With fewer pages nothing can be said to repeat."""
LARGEST = 300_000
"""Bytes. Larger pages say nothing more about furniture, and a bomb is read only where it can do no harm."""
READER = 1
"""Rises when the same bytes and the same shape should be read anew."""


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
    known = journal.get("shape")
    return shape.Shape.from_plain(json.loads(known)) if known else None


def reader_tag(journal: Journal) -> str:
    """Return what a reading depends on besides its bytes: the reader's and the sanitiser's versions, and the shape."""
    known = hashlib.sha256(journal.get("shape").encode()).hexdigest()[:16]
    return f"{READER}/{sanitise.VERSION}/{known}"


def _learned(arrivals: list[int], place: Workplace, tell: Tell) -> shape.Shape | None:
    if len(arrivals) < FEWEST or not hasattr(shape, "Learner"):
        return None
    learner = shape.Learner()
    for number, arrival in enumerate(arrivals):
        tell(number, len(arrivals))
        for each in place.journal.arrivals("id = ?", arrival):
            try:
                with place.originals.open(each.sha256) as file:
                    learner.see(file.read(), each.capture)
            except InputError:
                continue  # it becomes a finding when it is read
    return learner.shape()
