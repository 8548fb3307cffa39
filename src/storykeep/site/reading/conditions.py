"""What narrows a list, one thing at a time: as words, and as the change that takes it away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from storykeep.model.story import WorkKind
from storykeep.site.reading.languages import language_name
from storykeep.site.search.narrowing import OPEN, Narrowing

KINDS = {
    WorkKind.STORY: "Stories", WorkKind.ESSAY: "Essays", WorkKind.POEM: "Poems", WorkKind.SCRIPT: "Scripts",
    WorkKind.ART: "Art",
}  # fmt: skip
STATES = {True: ("yes", "Complete"), False: ("no", "In progress")}
CROSSOVERS = {False: ("no", "No crossovers"), True: ("yes", "Crossovers only")}


class Active(NamedTuple):
    """One thing that narrows the list, and the change that takes it away."""

    label: str
    words: str
    without: dict[str, object]
    not_: bool = False


def active(it: Narrowing) -> Iterator[Active]:
    if it.words:
        yield Active("Words", it.words, {"words": ""})
    for group in it.include:
        others = less(it.include, group)
        yield Active(group[0].kind.name, " or ".join(tag.name for tag in group), {"include": others})
    for tag in it.exclude:
        yield Active(tag.kind.name, tag.name, {"exclude": less(it.exclude, tag)}, not_=True)
    yield from active_names(it)
    yield from active_ranges(it)


def active_names(it: Narrowing) -> Iterator[Active]:
    for person in it.people:
        yield Active("By", person.name, {"people": less(it.people, person)})
    for series in it.series:
        yield Active("Series", series.title, {"series": less(it.series, series)})
    for name, codes in groupby(sorted(it.languages, key=language_name), key=language_name):
        gone = set(codes)
        yield Active("Language", name, {"languages": tuple(code for code in it.languages if code not in gone)})
    for kind in it.kinds:
        yield Active("Kind", KINDS[WorkKind(kind)], {"kinds": less(it.kinds, kind)})


def less(values: Iterable, gone) -> tuple:
    return tuple(each for each in values if each != gone)


def active_ranges(it: Narrowing) -> Iterator[Active]:
    if it.length != OPEN:
        yield Active("Length", numbers_said(it.length, "words"), {"length": OPEN})
    if it.chapters != OPEN:
        words = "one chapter" if it.chapters == (1, 1) else numbers_said(it.chapters, "chapters")
        yield Active("Chapters", words, {"chapters": OPEN})
    if it.updated != OPEN:
        yield Active("Updated", dates_said(it.updated), {"updated": OPEN})
    if it.posted != OPEN:
        yield Active("Published", dates_said(it.posted), {"posted": OPEN})
    if it.complete is not None:
        yield Active("State", STATES[it.complete][1], {"complete": None})
    if it.crossover is not None:
        yield Active("Crossovers", CROSSOVERS[it.crossover][1], {"crossover": None})


def numbers_said(ends: tuple[int | None, int | None], what: str) -> str:
    least, most = ends
    if least is None:
        return f"up to {most:,} {what}"
    if most is None:
        return f"{least:,} {what} and more"
    return f"{least:,} {what}" if least == most else f"{least:,} to {most:,} {what}"


def dates_said(ends: tuple[str | None, str | None]) -> str:
    least, most = ends
    if least is None:
        return f"until {most}"
    if most is None:
        return f"since {least}"
    return least if least == most else f"{least} to {most}"
