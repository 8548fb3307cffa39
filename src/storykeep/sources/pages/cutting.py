"""A text that holds several chapters is cut at the headings inside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from storykeep.sources.pages import chapters
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.reading import PageRole


def apart(draft: Draft) -> Draft:
    """Return a draft whose one part is cut at the chapter headings inside it, when there are such."""
    if len(draft.parts) != 1 or draft.role not in (PageRole.WHOLE, PageRole.CHAPTER):
        return draft
    part = draft.parts[0]
    cuts = [n for n, line in enumerate(part.lines) if n and _cuts(part.lines, n) and line.kind is Kind.TEXT]
    if not cuts or (len(cuts) == 1 and not part.label):
        return draft
    pieces = [replace(part, lines=part.lines[: cuts[0]], after=(), ending="")]
    for cut, stop in zip(cuts, [*cuts[1:], len(part.lines)], strict=True):
        heading = chapters.heading(part.lines[cut].text)
        if heading is not None:
            pieces.append(
                Part(
                    lines=part.lines[cut + 1 : stop],
                    title=heading_title(heading),
                    label=heading.label,
                    place=heading.number,
                    first_line=part.first_line + cut + 1,
                )
            )
    pieces[-1] = replace(pieces[-1], after=part.after, ending=part.ending)
    full = [piece for piece in pieces if any(line.kind is Kind.TEXT for line in piece.lines)]
    return replace(draft, parts=tuple(full), role=PageRole.WHOLE, place=0)


def _cuts(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line is a chapter's heading in the middle of a text: it reads like one and stands out."""
    line = lines[number]
    if line.kind is not Kind.TEXT or len(line.text) > 90 or chapters.heading(line.text) is None:
        return False
    shown = bool(line.level) or line.bold > 0.8 or line.align == "center" or line.size > 3.5
    alone = (
        (line.pre or bool(line.breaks))
        and lines[number - 1].kind is not Kind.TEXT
        and (number + 1 == len(lines) or lines[number + 1].kind is not Kind.TEXT)
    )
    return shown or (
        alone
        and bool(re.match(r"^[\W_]*(?:chapter|part|prologue|epilogue)\b", line.text, re.IGNORECASE))
        and line.text.rstrip()[-1:] not in ".,!?"
    )


def heading_title(heading: chapters.Heading | None) -> Guess | None:
    return (
        Guess(heading.title, "head.chapter", 0.9, f"{heading.label} {heading.title}")
        if heading and heading.title
        else None
    )
