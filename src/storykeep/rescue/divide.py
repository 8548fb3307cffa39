"""A print version holds a whole work as one text. Where single chapters survive too, they show where it divides.

Each known chapter is found in the long text by its paragraphs. What lies between two of them, or before the first and
after the last, are the chapters that no page of their own has. The steps that were done on the long text are dealt
out to the parts, so that each part can be undone by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from storykeep.model.provenance import Gap, Step
from storykeep.model.story import Chapter
from storykeep.rescue.order import number_of
from storykeep.sources.pages.chapters import heading
from storykeep.text.blocks import blocks
from storykeep.text.fold import fold
from storykeep.text.markup import plain
from storykeep.text.words import count

TELLING = 6
"""Words from which a paragraph is unlikely to occur twice."""
FEWEST = 40
"""Words. A shorter stretch between two chapters is a heading or a note."""
LONGEST_HEADING = 12
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_VOID = frozenset({"br", "hr", "img", "wbr"})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the long text. ``known`` is the number of the chapter that it is a copy of, None for a new one."""

    chapter: Chapter
    known: int | None
    after: int | None  # the number of the known chapter that it follows


def divide(whole: Chapter, known: Sequence[Chapter]) -> tuple[Part, ...]:
    """Return the parts of ``whole``, in order; nothing when ``known`` chapters do not show where it divides.

    ``known`` are chapters in the order of the work, of which some may be missing between.
    """
    text = _Text(whole)
    ranges = [text.range_of(chapter) for chapter in known]
    found = [(number, each) for number, each in enumerate(ranges) if each]
    if not found or any(a[1][1] > b[1][0] for a, b in pairwise(found)):
        return ()
    parts: list[Part | None] = []
    at, last = 0, None
    for number, (start, end) in found:
        parts += [text.between(at, start, last), text.part(start, end, number, last)]
        at, last = end, number
    parts.append(text.between(at, len(text.spans), last))
    return tuple(part for part in parts if part)


class _Text:
    """The long text: where its blocks are, and their words, folded."""

    def __init__(self, whole: Chapter) -> None:
        self.whole = whole
        self.spans = list(_spans(whole.body))
        self.texts = [fold(plain(whole.body[start:end])) for start, end in self.spans]

    def range_of(self, chapter: Chapter) -> tuple[int, int] | None:
        """Return the first block that stands in ``chapter``, and the one after the last; None when few do."""
        own = {fold(block.text) for block in blocks(chapter.body)}
        telling = {text for text in own if count(text) >= TELLING}
        once = [number for number, text in enumerate(self.texts) if text in telling and self.texts.count(text) == 1]
        if not once or len(once) * 2 < len(telling):
            return None
        start, end = once[0], once[-1] + 1
        while start > 0 and self.texts[start - 1] in own:
            start -= 1
        while end < len(self.texts) and self.texts[end] in own:
            end += 1
        return start, end

    def between(self, start: int, end: int, after: int | None) -> Part | None:
        """Return the unknown chapter in a stretch, without the headings around it; None when nothing is left."""
        while start < end and (not self.texts[start] or _is_heading(self.texts[start])):
            start += 1
        while end > start and (not self.texts[end - 1] or _is_heading(self.texts[end - 1])):
            end -= 1
        if sum(map(count, self.texts[start:end])) < FEWEST:
            return None
        return self.part(start, end, None, after)

    def part(self, first: int, last: int, known: int | None, after: int | None) -> Part | None:
        """Return the blocks from ``first`` to before ``last``; None when a step of repair reaches over an edge."""
        start, end = self.spans[first][0], self.spans[last - 1][1]
        steps = _steps(self.whole.steps, start, end)
        if steps is None:
            return None
        body, before = self.whole.body[start:end], len(blocks(self.whole.body[:start])) if start else 0
        label, title = self._heading(first)
        chapter = replace(
            self.whole,
            title=title,
            label=label,
            summary="",
            notes=(),
            body=body,
            steps=steps,
            gaps=tuple(_gaps(self.whole.gaps, before, len(blocks(body)))),
            truncated=self.whole.truncated and end == len(self.whole.body),
        )
        return Part(chapter, known, after)

    def _heading(self, start: int) -> tuple[str, str]:
        """Return label and title in the heading just above a stretch, if there is one."""
        for above in range(start - 1, max(-1, start - 3), -1):
            if _is_heading(self.texts[above]):
                words = plain(self.whole.body[slice(*self.spans[above])]).strip()
                found = heading(words)
                return (found.label, found.title) if found else (words, "")
        return "", ""


def _spans(body: str) -> Iterator[tuple[int, int]]:
    """Yield where the outermost elements of clean HTML begin and end; text beside them goes to the one before."""
    depth, start, begun = 0, 0, False
    for tag in _TAG.finditer(body):
        opens_block = depth == 0 and not tag[1] and (tag[2] not in _VOID or tag[2] == "hr")
        if opens_block:
            if begun:
                yield start, tag.start()
            start, begun = (tag.start() if begun or not body[: tag.start()].strip() else 0), True
        if tag[2] not in _VOID:
            depth = max(0, depth + (-1 if tag[1] else 1))
    if body[start:].strip():
        yield start, len(body)


def _is_heading(text: str) -> bool:
    return count(text) <= LONGEST_HEADING and number_of(text) is not None


def _gaps(gaps: Sequence[Gap], before: int, size: int) -> Iterator[Gap]:
    for gap in gaps:
        if before <= gap.after <= before + size:
            yield replace(gap, after=gap.after - before)


def _steps(steps: Sequence[Step], start: int, end: int) -> tuple[Step, ...] | None:
    """Return the steps that were done inside ``start`` to ``end`` of the final text, counted from ``start``.

    None when a step reaches over an edge: then the part could not be undone by itself.
    """
    kept: list[Step] = []
    for step in reversed(steps):
        grown, stop = len(step.after) - len(step.before), step.at + len(step.after)
        if stop <= start:
            start, end = start - grown, end - grown
        elif step.at >= start and stop <= end:
            kept.append(replace(step, at=step.at - start))
            end -= grown
        elif step.at < end:
            return None
    return tuple(reversed(kept))
