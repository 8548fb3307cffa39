"""Correct one page, mend all: rules that an archivist taught, tried, applied and taken back in a finished rescue.

A rule stands in the journal. Applying it reads the pages that it touches anew and puts their works together again,
as a rescue would; taking it back does the same without it, so that everything is as it was, byte by byte.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from storykeep.model.errors import InputError, UsageError
from storykeep.model.provenance import Capture
from storykeep.model.story import Story
from storykeep.rescue import assemble as assembly
from storykeep.rescue.journal import Arrival, Journal, unpacked
from storykeep.rescue.learn import LARGEST, reader_tag, rules_of, shape_of
from storykeep.rescue.read import read
from storykeep.rescue.reader import fenced
from storykeep.rescue.workplace import Tell, Workplace, workplace
from storykeep.sources import pages
from storykeep.sources.folder.kinds import Kind
from storykeep.sources.pages import lessons
from storykeep.sources.pages.lessons import Lesson
from storykeep.sources.pages.page import opened
from storykeep.sources.pages.reading import PageReading
from storykeep.sources.pages.rules import Rule
from storykeep.sources.pages.spots import Sheet

SAMPLE = 60
"""Pages on which a new rule proves itself: some near the corrected one, some from anywhere."""
NEAR = 40
MOST = 10 * LARGEST
"""Bytes of a page from which a rule may be taught."""
LOOKED = 1000
"""Pages that a preview looks at, unless it is asked for more."""
_PARTS = ("title", "authors", "summary", "notes", "tags", "dates", "chapters", "text")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a rule changes on one page: its capture, and (field, before, after) of what is different."""

    capture: Capture
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One page that a preview has looked at: whether the rule touches it, and what it changes there, if anything."""

    capture: Capture
    touched: bool
    difference: Difference | None = None


@contextmanager
def opened_rescue(data: Path, name: str) -> Iterator[Workplace]:
    """Give the workplace of a finished rescue by the name of its folder. Raises UsageError when there is none."""
    folder = data / "rescues" / name
    if not name or "/" in name or not (folder / "path").exists():
        raise UsageError("The rescue that brought this page is no longer here, so nothing can be taught from it.")
    brought = Path((folder / "path").read_text("utf-8", "surrogateescape"))
    with workplace(data, brought, name) as place:
        yield replace(place, name=place.journal.get("name") or place.name)


def rescue_of(data: Path, sha256: str) -> str:
    """Return the name of the rescue that brought a page, empty when none did."""
    for path in sorted((data / "rescues").glob("*/journal.sqlite3")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as db:
            query = "SELECT 1 FROM arrivals WHERE sha256 = ? AND kind = ? LIMIT 1"
            if db.execute(query, (sha256, Kind.PAGE)).fetchone():
                return path.parent.name
    return ""


def learn(place: Workplace, sha256: str, field: str, value: str) -> tuple[Lesson, ...]:
    """Return rules that give ``value`` for ``field`` on the page with this SHA-256, the best first.

    Raises UsageError when the rescue has no such page, or the value doesn't stand on it.
    """
    page = _page(place, sha256)
    return lessons.learn(_bytes(place, page), page.capture, field, value, _others(place, page))


def preview(place: Workplace, rule: Rule, *, looked: int = LOOKED) -> Iterator[Look]:
    """Yield what would become of each page, one at a time, at most ``looked`` pages; nothing is changed.

    The page on which the rule was learned comes first.
    """
    now = rules_of(place.journal)
    shape = shape_of(place.journal, (*(each for each in now if each.id != rule.id), rule))
    for arrival, body in _read_pages(place.journal, rule.capture, looked):
        try:
            data = _bytes(place, arrival)
            if not _touches(data, arrival, rule):
                yield Look(arrival.capture, touched=False)
                continue
            after = fenced(pages.read(data, arrival.capture, shape=shape))
        except InputError:
            continue  # it could not be read before either
        changes = tuple(_changes(cast("PageReading", unpacked(PageReading, body)).story, after.story))
        yield Look(arrival.capture, touched=True, difference=Difference(arrival.capture, changes) if changes else None)


def apply(place: Workplace, rule: Rule, tell: Tell = lambda _done, _of: None) -> None:
    """Keep ``rule``, read the pages that it touches anew, and put their works together. Again, it changes nothing."""
    known = rules_of(place.journal)
    if rule.id not in {each.id for each in known}:
        _change(place, (*known, rule), rule)
    _settle(place, tell)


def undo(place: Workplace, rule: Rule, tell: Tell = lambda _done, _of: None) -> None:
    """Take ``rule`` back: its pages are read as if it had never been taught."""
    known = rules_of(place.journal)
    if rule.id in {each.id for each in known}:
        _change(place, tuple(each for each in known if each.id != rule.id), rule)
    _settle(place, tell)


def keep_for_later(place: Workplace, rules: tuple[Rule, ...]) -> None:
    """Only note which rules there are: the next run of the rescue reads its pages anew."""
    with place.journal.writing():
        place.journal.note("rules", json.dumps([rule.to_plain() for rule in rules], sort_keys=True) if rules else "")


def lines(place: Workplace, sha256: str) -> list[tuple[int, str]]:
    """Return the lines of a saved page as a rule sees them, numbered from 0. Raises UsageError when there is none."""
    page = _page(place, sha256)
    return [(number, spot.text) for number, spot in enumerate(Sheet(opened(_bytes(place, page), page.capture)).lines)]


def pages_in(place: Workplace) -> int:
    """Return how many pages the rescue has read."""
    return place.journal.one("SELECT count(*) FROM readings")


def is_taught(place: Workplace, rule_id: str) -> Rule | None:
    """Return the rule with this id, None when it isn't taught (any more)."""
    return next((rule for rule in rules_of(place.journal) if rule.id == rule_id), None)


def _change(place: Workplace, rules: tuple[Rule, ...], changed: Rule) -> None:
    """Note the rules, and that only the pages which ``changed`` touches have to be read anew."""
    journal = place.journal
    before = reader_tag(journal)
    touched = [arrival.id for arrival in _touched(place, changed)]
    with journal.writing() as db:
        journal.note("rules", json.dumps([rule.to_plain() for rule in rules], sort_keys=True) if rules else "")
        db.execute("UPDATE readings SET reader = ? WHERE reader = ?", (reader_tag(journal), before))
        db.executemany("UPDATE readings SET reader = '' WHERE arrival = ?", [(each,) for each in touched])


def _settle(place: Workplace, tell: Tell) -> None:
    read(place, shape_of(place.journal), tell)
    assembly.assemble(place, place.journal.get("told"), tell)


def _touched(place: Workplace, rule: Rule) -> Iterator[Arrival]:
    for arrival, _ in _read_pages(place.journal, rule.capture, -1):
        try:
            if _touches(_bytes(place, arrival), arrival, rule):
                yield arrival
        except InputError:
            continue


def _touches(data: bytes, arrival: Arrival, rule: Rule) -> bool:
    return rule.find(Sheet(opened(data, arrival.capture))) is not None


def _read_pages(journal: Journal, first: str, limit: int) -> Iterator[tuple[Arrival, bytes]]:
    """Yield the pages that could be read, with their readings, the one with the SHA-256 ``first`` before all others."""
    query = (
        "SELECT a.id FROM readings r JOIN arrivals a ON a.id = r.arrival WHERE NOT r.failed AND a.size <= ?"
        " ORDER BY a.sha256 <> ?, a.root, a.path LIMIT ?"
    )
    for (number,) in journal.db.execute(query, (LARGEST, first, limit)).fetchall():
        arrival = next(journal.arrivals("id = ?", number))
        body = journal.db.execute("SELECT body FROM readings WHERE arrival = ?", (number,)).fetchone()[0]
        yield arrival, body


def _page(place: Workplace, sha256: str) -> Arrival:
    page = next(place.journal.arrivals("sha256 = ? AND kind = ?", sha256, Kind.PAGE), None)
    if page is None:
        raise UsageError("This page came from a database or a mailbox, not as a saved page; its fields need no rule.")
    if page.size > MOST:
        raise UsageError("This page is too large to teach from. Choose a smaller one that is built alike.")
    return page


def _others(place: Workplace, page: Arrival) -> Iterator[tuple[bytes, Capture]]:
    """Yield pages of the same folder and some of others, the same ones whenever it is asked."""
    folder = page.path.rpartition("/")[0] + "/" if "/" in page.path else ""
    query = (
        "SELECT min(id), substr(path, 1, ?) = ? AS near FROM arrivals WHERE kind = ? AND size <= ? AND sha256 <> ?"
        " GROUP BY sha256 ORDER BY sha256"
    )
    values = (len(folder), folder, Kind.PAGE, LARGEST, page.sha256)
    rows = place.journal.db.execute(query, values).fetchall()
    near = [row[0] for row in rows if row[1]][:NEAR]
    far = [row[0] for row in rows if row[0] not in set(near)][: SAMPLE - len(near)]
    for number in (*near, *far):
        arrival = next(place.journal.arrivals("id = ?", number))
        yield _bytes(place, arrival), arrival.capture


def _bytes(place: Workplace, arrival: Arrival) -> bytes:
    with place.originals.open(arrival.sha256) as file:
        return file.read()


def _changes(before: Story, after: Story) -> Iterator[tuple[str, str, str]]:
    """Yield (field, before, after) in words for what is different."""
    for name in _PARTS:
        one, other = _shown(before, name), _shown(after, name)
        if one != other:
            yield (name, *_near(one, other))


def _shown(story: Story, name: str) -> str:
    notes = [note.body for note in (*story.notes, *(note for each in story.chapters for note in each.notes))]
    return {
        "title": lambda: story.title or "",
        "authors": lambda: ", ".join(story.authors),
        "summary": lambda: _words(story.summary),
        "notes": lambda: " / ".join(map(_words, notes)),
        "tags": lambda: ", ".join(f"{tag.kind}: {tag.name}" for tag in story.tags),
        "dates": lambda: " ".join(filter(None, (story.written, story.published, story.updated))),
        "chapters": lambda: " / ".join(f"{each.key} {each.label} {each.title}".strip() for each in story.chapters),
        "text": lambda: " ".join(_words(each.body) for each in story.chapters),
    }[name]()


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


def _near(before: str, after: str, room: int = 160) -> tuple[str, str]:
    """Return two texts cut down to where they differ, with some words around it."""
    if max(len(before), len(after)) <= 2 * room:
        return before, after
    size = min(len(before), len(after))
    start = next((n for n in range(size) if before[n] != after[n]), size)
    back = next((n for n in range(size - start) if before[-1 - n] != after[-1 - n]), size - start)
    return tuple(_cut(text, start, len(text) - back, room) for text in (before, after))  # type: ignore[return-value]  # there are two


def _cut(text: str, start: int, stop: int, room: int) -> str:
    left, right = max(start - room // 4, 0), min(stop + room // 4, len(text))
    middle = text[left:right]
    if len(middle) > 2 * room:
        middle = f"{middle[:room]} … {middle[-room:]}"
    return ("…" if left else "") + middle + ("…" if right < len(text) else "")
