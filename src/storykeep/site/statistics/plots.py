"""Plots as numbers that a template writes as SVG: all in per cent, so that words keep their size on any screen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from storykeep.site.statistics import few
from storykeep.site.statistics.spans import Span

MOST_LABELS = 12
AT_THE_EDGE = 97  # per cent
ROOM = 0.24  # of a bar's place stays empty


class Named(Protocol):
    """What a plot is of: a measure, or the followers."""

    key: str
    words: str
    about: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One bar; the geometry in per cent of the plot. ``told`` is its number in words."""

    x: str
    width: str
    y: str
    height: str
    words: str
    number: int
    told: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words under a bar; at the right edge they end there (``anchor``), so that they stay on a narrow screen."""

    x: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A bar chart over time. ``said`` tells it in one sentence; ``columns`` are its table as well."""

    key: str
    heading: str
    about: str
    total: int
    said: str
    each: str
    columns: tuple[Column, ...]
    labels: tuple[Label, ...]
    ticks: tuple[int, ...]


def plot(what: Named, span: Span, values: list[int]) -> Plot:
    """Return the plot of ``values``, one for each bar of ``span``; of what is quiet, few on a day are not told."""
    total, quiet = sum(values), what.quiet and span.each == "day"
    tell = few_or if quiet else str
    values = [few.STEP - 1 if quiet and few.is_few(value) else value for value in values]
    top = nice(max(values, default=0))
    wide = 100 / len(values)
    columns = tuple(
        Column(
            x=per_cent(number * wide + wide * ROOM / 2),
            width=per_cent(wide * (1 - ROOM)),
            y=per_cent(100 - 100 * value / top),
            height=per_cent(100 * value / top),
            words=bar.words,
            number=value,
            told=tell(value),
        )
        for number, (bar, value) in enumerate(zip(span.bars, values, strict=True))
    )
    return Plot(
        key=what.key,
        heading=what.words,
        about=what.about,
        total=total,
        said=said(what.words, span, total, columns),
        each=span.each,
        columns=columns,
        labels=labels(span, wide),
        ticks=(top, top // 2, 0) if top % 2 == 0 else (top, 0),
    )


def few_or(value: int) -> str:
    return few.WORDS if few.is_few(value) else str(value)


def said(heading: str, span: Span, total: int, columns: tuple[Column, ...]) -> str:
    """Return what the plot shows as a sentence."""
    stretch = f"{span.bars[0].words} to {span.bars[-1].words}"
    if not total:
        return f"{heading} by {span.each}, {stretch}: none."
    most = max(columns, key=lambda column: column.number)
    return f"{heading} by {span.each}, {stretch}: {total} in all, most in {most.words} ({most.told})."


def labels(span: Span, wide: float) -> tuple[Label, ...]:
    """Return the words under the bars: the last one always, and as many before it as there is room for."""
    last = len(span.bars) - 1
    step = 7 if span.key == "month" else math.ceil(len(span.bars) / MOST_LABELS)
    return tuple(
        label(bar.short, (number + 0.5) * wide) for number, bar in enumerate(span.bars) if (last - number) % step == 0
    )


def label(words: str, at: float) -> Label:
    return Label("100%", words, "end") if at > AT_THE_EDGE else Label(per_cent(at), words)


def nice(most: int) -> int:
    """Return the number at the top of an axis: the next of 4, 10, 20, 40, 100 and so on.

    >>> [nice(each) for each in (0, 3, 7, 11, 36, 199, 240)]
    [4, 4, 10, 20, 40, 200, 400]
    """
    power = 1
    while True:
        for step in (4, 10, 20):
            if most <= step * power:
                return step * power
        power *= 10


def per_cent(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".") + "%"
