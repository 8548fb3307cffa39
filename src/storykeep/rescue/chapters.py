"""Which chapters the pages of one work hold, in which order, and which witness of each is the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from storykeep.model.provenance import Finding, Severity
from storykeep.model.story import Chapter
from storykeep.rescue.counted import counted
from storykeep.rescue.divide import divide
from storykeep.rescue.order import LAST, contents, natural, number_of
from storykeep.rescue.witnesses import is_copy
from storykeep.sources.folder.addresses import same_page
from storykeep.sources.pages.reading import Link, PageReading, PageRole
from storykeep.text.fold import fold

NEARLY = 0.97
"""Witnesses with at least this share of the longest one's words are equally whole; other virtues decide."""


@dataclass(frozen=True, slots=True)
class Witness:
    """One surviving copy of one chapter. ``index`` counts the chapters on its page from 0.

    ``divided`` is one that was cut out of a text of the whole work.
    """

    reading: PageReading
    chapter: Chapter
    index: int = 0
    divided: bool = False


@dataclass(slots=True)
class Slot:
    """A chapter of the work: where it stands, its label in the list of chapters, and its witnesses, best first."""

    at: float
    label: str = ""
    witnesses: list[Witness] = field(default_factory=list)
    listed: bool = False

    @property
    def key(self) -> str:
        """The chapter's name for ever: its place, counted from 1 when the work has a list of chapters."""
        if self.at >= LAST and not self.listed:
            return "epilogue" + (f"-{self.at - LAST:g}" if self.at > LAST else "")
        return f"{self.at + self.listed:g}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The chapters of a work in order, those that its list of chapters names but no page has, and what is doubtful."""

    slots: tuple[Slot, ...]
    missing: tuple[Link, ...] = ()
    findings: tuple[Finding, ...] = ()


def slots(readings: Sequence[PageReading]) -> Plan:
    """Return the chapters that ``readings`` (of one work, in the order of the remains) hold."""
    table = _Table(contents(reading.chapter_links for reading in readings if reading.chapter_links))
    entire = [reading for reading in readings if _is_entire(reading, readings)]
    for reading in sorted(readings, key=_before_others):
        if reading not in entire:
            table.add(reading)
    for reading in entire:
        table.divide(reading)
    if entire and not table.slots:
        for reading in entire:
            table.add(reading)
    elif entire and any(table.holes()):
        table = _whole_text(entire, table)
    for slot in table.slots:
        slot.witnesses = list(_best_first(slot.witnesses)) if len(slot.witnesses) > 1 else slot.witnesses
    ordered = tuple(sorted(table.slots, key=lambda slot: slot.at))
    return Plan(ordered, tuple(table.holes()), tuple(table.findings))


class _Table:
    """The chapters found so far. ``links`` is the work's own list of chapters, which rules when there is one."""

    def __init__(self, links: tuple[Link, ...]) -> None:
        self.links = links
        self.slots: list[Slot] = []
        self.findings: list[Finding] = []
        self._pages = {same_page(link.address): number for number, link in enumerate(links)}
        self._labels = {fold(link.label): number for number, link in enumerate(links) if link.label}
        self._numbers = {number_of(link.label): number for number, link in reversed(list(enumerate(links)))}

    def add(self, reading: PageReading) -> None:
        """Put the chapters of a page where they belong."""
        own = [each for each in reading.story.chapters if each.body] or list(reading.story.chapters[:1])
        for index, chapter in enumerate(own):
            witness = Witness(reading, chapter, index)
            at = self._place(witness, len(own))
            self._put(witness, self._beside(witness) if at is None else at)

    def divide(self, reading: PageReading) -> None:
        """Deal a text of the whole work out to its chapters; those that no other page has are filled from it."""
        ordered = sorted(self.slots, key=lambda slot: slot.at)
        parts = divide(reading.story.chapters[0], [slot.witnesses[0].chapter for slot in ordered])
        for part in parts:
            witness = Witness(reading, part.chapter, divided=True)
            if part.known is not None:
                ordered[part.known].witnesses.append(witness)
                continue
            earlier = ordered[part.after].at if part.after is not None else -1.0
            later = ordered[part.after + 1 if part.after is not None else 0 :]
            at = self._free(earlier, later[0].at if later else LAST)
            if at is not None:
                self._put(witness, at)

    def _free(self, after: float, before: float) -> float | None:
        """Return the first place between two chapters that nobody has."""
        first = int(after) + 1 if after >= 0 else (0 if self.links else 1)
        most = len(self.links) if self.links else first + 1
        taken = {slot.at for slot in self.slots}
        return next((float(at) for at in range(first, most) if at < before and at not in taken), None)

    def holes(self) -> Iterator[Link]:
        """Yield the chapters that the list names, or the numbers imply, and no page has."""
        taken = {slot.at for slot in self.slots}
        if self.links:
            yield from (link for number, link in enumerate(self.links) if number not in taken)
            return
        numbers = sorted(int(at) for at in taken if 1 <= at < LAST)
        for number in range(1, numbers[-1] if numbers else 1):
            if number not in numbers:
                yield Link(label=f"Chapter {number}", address="")

    def _put(self, witness: Witness, at: float) -> None:
        """Add a witness to the chapter at ``at``, or beside it when it is another text."""
        while (slot := self._slot(at)) and not _may_be_copy(slot, witness):
            if slot.at == at:
                self._doubt("chapter.twice", witness, "Another page claims the same place among the chapters.")
            at += 0.001
        if slot is None:
            label = self.links[int(at)].label if self.links and at.is_integer() and at < len(self.links) else ""
            slot = Slot(at, label, listed=bool(self.links))
            self.slots.append(slot)
        slot.witnesses.append(witness)

    def _slot(self, at: float) -> Slot | None:
        return next((slot for slot in self.slots if abs(slot.at - at) < 0.0005), None)  # noqa: PLR2004 — half a step

    def _place(self, witness: Witness, of: int) -> float | None:
        """Return where a chapter stands; None when nothing says so."""
        number = _number(witness, of)
        if not self.links:
            return number
        page = same_page(witness.reading.capture.address) if of == 1 else ""
        label = fold(witness.chapter.label or witness.chapter.title)
        if page in self._pages or label in self._labels:
            return float(self._pages[page] if page in self._pages else self._labels[label])
        if number in self._numbers and number is not None:
            return float(self._numbers[number])
        if of == len(self.links):
            return float(witness.index)
        if number is not None and not any(self._numbers.keys() - {None}) and 1 <= number <= len(self.links):
            return number - 1
        return None

    def _beside(self, witness: Witness) -> float:
        """Return a place for a chapter of which nothing says where it stands: with its copy, or at the end."""
        for slot in self.slots:
            if any(is_copy(other.chapter, witness.chapter) for other in slot.witnesses):
                return slot.at
        if not self.slots:
            return 0.0 if self.links else 1.0
        self._doubt("chapter.order", witness, "Nothing on the page says where this chapter stands; it was put last.")
        return float(int(max(slot.at for slot in self.slots)) + 1)

    def _doubt(self, code: str, witness: Witness, evidence: str) -> None:
        self.findings.append(
            Finding(
                code=code,
                where=witness.reading.capture.path,
                evidence=evidence,
                suggestion="Look at the order of the chapters, and move this one if it is wrong.",
                severity=Severity.DOUBT,
                capture=witness.reading.capture.sha256,
            )
        )


def _number(witness: Witness, of: int) -> float | None:
    """Return the number that a page gives its chapter; for a page of many, their order there."""
    reading, chapter = witness.reading, witness.chapter
    labelled = number_of(chapter.label) if chapter.label else None
    if of > 1:
        numbers = [number_of(each.label) for each in reading.story.chapters if each.body]
        rising = all(a is not None and b is not None and a < b for a, b in pairwise(numbers))
        return labelled if rising and labelled is not None else witness.index + 1.0
    if labelled is not None:
        return labelled
    if reading.place:
        return float(reading.place)
    return 1.0 if reading.role is PageRole.WHOLE else number_of(chapter.title)


def _may_be_copy(slot: Slot, witness: Witness) -> bool:
    """Return whether a witness may stand beside those of a slot: the same page again, or the same text."""
    if not slot.witnesses or not witness.chapter.body:
        return True
    if any(other.reading is witness.reading for other in slot.witnesses):
        return False
    page = same_page(witness.reading.capture.address) if witness.reading.capture.address else ""
    return any(
        (page and same_page(other.reading.capture.address) == page)
        or not other.chapter.body
        or other.chapter.body == witness.chapter.body
        or is_copy(other.chapter, witness.chapter)
        for other in slot.witnesses
    )


def _is_entire(reading: PageReading, readings: Sequence[PageReading]) -> bool:
    """Return whether a page holds a whole work as one long text that other pages have in chapters."""
    if len(reading.story.chapters) != 1 or reading.place > 1:
        return False
    later = [
        other for other in readings if other.role is PageRole.CHAPTER and other.place != 1 and other is not reading
    ]
    long = counted(reading.story.chapters[0].body) if later else 0
    return any(
        is_copy(reading.story.chapters[0], chapter)
        for other in later[:3]
        for chapter in other.story.chapters[:1]
        if long > 1.2 * counted(chapter.body)
    )


def _before_others(reading: PageReading) -> tuple[bool, tuple[tuple[int, str], ...]]:
    """Sort pages that say where they stand before those that don't; then as people sort names."""
    return not (reading.place or reading.chapter_links), natural(reading.capture.path)


def _best_first(witnesses: Iterable[Witness]) -> Iterator[Witness]:
    """Yield witnesses, the best first: whole, with few gaps, with italics; pages of chapters before print versions."""
    known = [(witness, counted(witness.chapter.body)) for witness in witnesses]
    most = max((words for _, words in known), default=0)

    def rank(pair: tuple[Witness, int]) -> tuple[object, ...]:
        witness, words = pair
        chapter = witness.chapter
        return (
            words < NEARLY * most,
            chapter.truncated,
            witness.divided,
            len(chapter.gaps),
            -chapter.body.count("<em>") - chapter.body.count("<i>"),
            -words,
            witness.reading.role is not PageRole.CHAPTER,
            natural(witness.reading.capture.path),
        )

    yield from (witness for witness, _ in sorted(known, key=rank))


def _whole_text(entire: list[PageReading], divided: _Table) -> _Table:
    """Return the chapters with the whole text as one, when that saves more words than the single chapters have."""
    have = sum(max(counted(w.chapter.body) for w in slot.witnesses) for slot in divided.slots)
    if have >= NEARLY * counted(entire[0].story.chapters[0].body):
        return divided
    joined = _Table(())
    for reading in entire:
        joined.add(reading)
    joined.findings.append(_joined(entire[0]))
    return joined


def _joined(reading: PageReading) -> Finding:
    return Finding(
        code="chapters.joined",
        where=reading.capture.path,
        evidence="Some chapters survive only inside the page that holds the whole work.",
        suggestion="The whole text is used, as one chapter. Divide it if you like.",
        severity=Severity.INFO,
        capture=reading.capture.sha256,
    )
