"""The pages of one work become one story: the best witness for each chapter, the surest value for each field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from storykeep.model.provenance import Capture, Evidence, Finding, Severity
from storykeep.model.story import Chapter, Story
from storykeep.rescue import witnesses
from storykeep.rescue.chapters import Slot, slots
from storykeep.rescue.counted import counted
from storykeep.rescue.fields import Mention, fields, once, with_capture, with_mentions
from storykeep.sources.pages.reading import Link, PageReading, PageRole

FEWER, MORE, SLACK = 0.85, 1.3, 60
"""Counted words beside stated ones: below and above these ratios, and by more than SLACK words, it is a finding."""


def stories(readings: Sequence[PageReading], key: str, archive: str, mentions: Sequence[Mention]) -> Iterator[Story]:
    """Yield the story that ``readings`` make up; several, when they share only a title and are different texts.

    ``readings`` come in the order of the remains. The first story has ``key``, others a number behind it.
    """
    for number, cluster in enumerate(_clusters(readings)):
        own = key if not number else f"{key}-{number + 1}"
        yield story(cluster, own, archive, mentions if not number else ())


def story(readings: Sequence[PageReading], key: str, archive: str, mentions: Sequence[Mention]) -> Story:
    """Return one story out of the readings of its pages and what lists say of it."""
    plan = slots(readings)
    chapters = tuple(map(_chapter, plan.slots))
    ranked = _ranked(readings, plan.slots)
    addresses = once(reading.capture.address for reading in ranked if _leads_to_work(reading, plan.slots))
    whole = fields(ranked, Story(key=key, archive=archive, chapters=chapters, addresses=addresses))
    whole = with_mentions(whole, mentions)
    planned = len(plan.slots) + len(plan.missing) if plan.missing else 0
    found = (
        *whole.findings,
        *_kept(whole, ranked, plan.slots),
        *_missing(plan.missing),
        *plan.findings,
        *(each for n, chapter in enumerate(chapters) for each in witnesses.findings(chapter, f"chapter {n + 1}")),
        *_words(whole),
    )
    return replace(
        whole,
        chapters_planned=max(whole.chapters_planned, planned),
        captures=_captures(ranked),
        evidence=once((*whole.evidence, *_evidence(ranked, plan.slots))),
        images=once(image for reading in ranked for image in reading.story.images),
        findings=once(found),
    )


def _clusters(readings: Sequence[PageReading]) -> Iterator[list[PageReading]]:
    """Yield readings that are one work. Only whole works without an id can be wrongly together."""
    if any(reading.work or reading.role is PageRole.CHAPTER for reading in readings):
        yield list(readings)
        return
    found: list[list[PageReading]] = []
    for reading in readings:
        home = next((cluster for cluster in found if _same_text(cluster[0], reading)), None)
        if home is None:
            found.append([reading])
        else:
            home.append(reading)
    yield from found


def _same_text(one: PageReading, other: PageReading) -> bool:
    ours, theirs = one.story.chapters, other.story.chapters
    if not ours or not theirs or one.capture.sha256 == other.capture.sha256:
        return True
    return any(witnesses.is_copy(mine, yours) for mine in ours[:3] for yours in theirs[:3])


def _chapter(slot: Slot) -> Chapter:
    """Return the best witness of a chapter, with what it lost given back by the others."""
    best, *others = slot.witnesses
    chapter = replace(
        best.chapter,
        key=slot.key,
        label=best.chapter.label or _printed(slot.label),
        title=best.chapter.title or next((w.chapter.title for w in others if w.chapter.title), ""),
        summary=best.chapter.summary or next((w.chapter.summary for w in others if w.chapter.summary), ""),
        captures=(best.reading.capture.sha256,),
        addresses=(),
    )
    seen = {best.chapter.body}
    different = []
    for witness in others:
        if witness.chapter.body not in seen:
            seen.add(witness.chapter.body)
            different.append(replace(witness.chapter, captures=(witness.reading.capture.sha256,), addresses=()))
    chapter = witnesses.collated(chapter, different)
    return replace(
        chapter,
        captures=once([*chapter.captures, *(w.reading.capture.sha256 for w in slot.witnesses)]),
        addresses=once(
            w.reading.capture.address for w in slot.witnesses if w.reading.capture.address and _part(w.reading)
        ),
    )


def _printed(label: str) -> str:
    """Return the label of a list of chapters; a bare number there is only a link."""
    return "" if label.strip(" .").isdigit() else label


def _part(reading: PageReading) -> bool:
    return reading.role is PageRole.CHAPTER


def _leads_to_work(reading: PageReading, plan: Sequence[Slot]) -> bool:
    """Return whether a page's old address should lead to the work: not that of a later chapter."""
    return bool(reading.capture.address) and not (_part(reading) and len(plan) > 1)


def _ranked(readings: Sequence[PageReading], plan: Sequence[Slot]) -> list[PageReading]:
    """Return the readings, those that gave a body first."""
    best = [slot.witnesses[0].reading for slot in plan if slot.witnesses]
    return list({id(reading): reading for reading in [*best, *readings]}.values())


def _captures(ranked: Iterable[PageReading]) -> tuple[Capture, ...]:
    return once((reading.capture for reading in ranked), lambda capture: (capture.sha256, capture.path))


def _evidence(ranked: Sequence[PageReading], plan: Sequence[Slot]) -> Iterator[Evidence]:
    """Yield what the pages give as reasons for their other fields; those of chapters with the chapter's new number."""
    numbers = _numbers(plan)
    for reading in ranked:
        for each in reading.story.evidence:
            name, _, rest = each.field.partition(".")
            if name in ("title", "authors"):
                continue
            if name == "chapters":
                index, _, last = rest.partition(".")
                number = numbers.get((id(reading), int(index) if index.isdigit() else 0))
                if number is None:
                    continue
                each = replace(each, field=f"chapters.{number}.{last}")  # noqa: PLW2901 — the same evidence, renumbered
            yield with_capture(each, reading)


def _numbers(plan: Sequence[Slot]) -> dict[tuple[int, int], int]:
    """Return the number in the work of each chapter whose body stands, by reading and its number on that page."""
    return {(id(slot.witnesses[0].reading), slot.witnesses[0].index): number for number, slot in enumerate(plan)}


_CHAPTER = re.compile(r"chapter (\d+)\b")


def _kept(whole: Story, ranked: Sequence[PageReading], plan: Sequence[Slot]) -> Iterator[Finding]:
    """Yield the findings of pages that still hold: not on words that are not used, nor on a title found elsewhere."""
    numbers = _numbers(plan)
    used = {reading for reading, _ in numbers}
    for reading in ranked:
        for each in reading.story.findings:
            if (each.code.startswith("title.") and whole.title and _lost(each, reading.story.title)) or (
                each.code.startswith("author.") and whole.credits and _lost(each, bool(reading.story.credits))
            ):
                continue
            found = _CHAPTER.match(each.where)
            if found or each.where.startswith("line") or each.code.startswith(("gap.", "repair.")):
                number = numbers.get((id(reading), int(found[1]) - 1 if found else 0))
                if id(reading) not in used or number is None:
                    continue
                where = _CHAPTER.sub(f"chapter {number + 1}", each.where) if found else each.where
                each = replace(each, where=where)  # noqa: PLW2901 — the same finding, renumbered
            yield each if each.capture else replace(each, capture=reading.capture.sha256)


def _lost(finding: Finding, value: object) -> bool:
    return finding.code.endswith(".missing") and not value


def _missing(links: Sequence[Link]) -> Iterator[Finding]:
    """Yield the chapters that no page has; those that only a jump in the numbers tells of stand in one finding."""
    listed = [link for link in links if link.address]
    jumped = [link.label for link in links if not link.address]
    for link in listed:
        yield _lost_chapter(link.label or link.address, link.address)
    if jumped:
        first, last = jumped[0], jumped[-1].removeprefix("Chapter ")
        named = first if len(jumped) == 1 else f"{first.replace('Chapter', 'Chapters')} to {last}"
        yield _lost_chapter(named, "The numbers of the chapters around it jump.")


def _lost_chapter(where: str, evidence: str) -> Finding:
    return Finding(
        code="chapter.missing",
        where=where,
        evidence=evidence,
        suggestion="No saved page has it. Look for another copy of the archive.",
        severity=Severity.LOSS,
    )


def _words(whole: Story) -> Iterator[Finding]:
    """Compare the number of words that the old site stated with those that survive."""
    stated, here = whole.stated_words, sum(counted(chapter.body) for chapter in whole.chapters)
    if not stated or abs(here - stated) <= SLACK or FEWER * stated <= here <= MORE * stated:
        return
    lost = here < stated
    yield Finding(
        code="words.fewer" if lost else "words.more",
        where="words",
        evidence=f"The old site said {stated:,} words; {here:,} are here.",
        suggestion="Part of the text may be lost. Look for another copy."
        if lost
        else "Something may have been added, or the number was of an earlier version.",
        severity=Severity.LOSS if lost else Severity.DOUBT,
    )
