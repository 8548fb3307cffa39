"""Guesses at a story's title, from every place where one may stand, each with its rule and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storykeep.sources.pages import dates, inline, labels, names
from storykeep.sources.pages.draft import Guess
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.sorts import (
    AUTHOR_NAME,
    CRUMB,
    PERSON_LINK,
    TITLE_NAME,
    Look,
    Sort,
    anchored,
    called,
    is_capitalised,
    is_home_link,
    is_site,
    is_title,
    key,
    parts,
    signed_in,
    starts_with_title,
    tag_keys,
)


def titles(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    largest = max(
        (lines[n].size for n in range(end) if sorts[n] is Sort.DISPLAY and not is_home_link(lines[n])), default=0
    )
    for number in range(end):
        line = lines[number]
        if sorts[number] is Sort.LABEL:
            yield from (
                Guess(label.text, "label.title", 0.96, line.text)
                for label in labels.parse(line.html)
                if label.field == "title" and label.text
            )
        elif sorts[number] is Sort.TITLE_BY:
            title = signed_in(line, look)[0]
            yield Guess(title, "head.title-by", 0.45 if is_site(title, look) else 0.92, line.text)
        elif sorts[number] is Sort.BYLINE:
            yield from _above(lines, sorts, number, look)
        elif sorts[number] is Sort.DISPLAY:
            yield _shown(line, look, smaller=line.size < largest)
    yield from _crumbs(lines[: max(end, 8)], look)
    yield from _pictured(lines, end, look)
    yield from (guess for guess in first_lines(lines, sorts, end, look) if guess.rule == "head.first-line")
    if end and not anchored(sorts, end) and sorts.get(end - 1) is Sort.PROSE:
        yield Guess(lines[end - 1].text, "head.first-line-alone", 0.5, lines[end - 1].text)


def _crumbs(lines: Sequence[Line], look: Look) -> Iterator[Guess]:
    """The last piece of "Home > Stories > Salt", which alone is no link, is where the reader is."""
    for line in lines:
        if line.kind is Kind.TEXT and line.links and len(line.text) < 160 and line.linked > 0.2:
            last = CRUMB.split(line.text)[-1].strip()
            linked = {label.strip() for _, label in line.links}
            if len(CRUMB.split(line.text)) > 2 and last and last not in linked and len(last.split()) <= 12:
                yield Guess(last, "head.crumbs", 0.89 if is_title(last, look) else 0.6, line.text)


def _above(lines: Sequence[Line], sorts: dict[int, Sort], number: int, look: Look) -> Iterator[Guess]:
    """The line above a byline is the title: with the part of it that ``<title>`` repeats, or that is bold, first."""
    passed: Line | None = None
    for above in range(number - 1, -1, -1):
        line = lines[above]
        if line.kind is Kind.IMAGE and len(key(line.text)) > 3 and not is_title(line.text, look) and above > 0:
            yield Guess(line.text, "head.picture-above-byline", 0.8, line.source)
            break
        if sorts[above] in (Sort.EMPTY, Sort.RULE, Sort.NAV, Sort.CHAPTER) or line.kind is not Kind.TEXT:
            continue
        if is_home_link(line) or (above > 0 and is_subtitle(line, sorts[above])):
            continue
        if is_site(line.text, look):
            passed = passed or line
            continue
        if sorts[above] in (Sort.DISPLAY, Sort.PROSE) and line.words <= 16:
            yield Guess(_core(line, look), "head.above-byline", _above_confidence(line, look, passed), line.text)
        break
    if passed is not None and key(passed.text) != key(look.site):
        yield Guess(_core(passed, look), "head.above-byline", 0.5, passed.text)


_DESCRIBES = re.compile(
    (
        r"^\W*(?:an?|another|the)\s+[\w'’ -]{0,40}\b(?:story|fic|fanfic|fan fiction|tale|"
        r"vignette|drabble|novella|novel|one-?shot)\b(?:\s+(?:of|about|from|in|for|set)\b.{0,50})?\W*$"
    ),
    re.IGNORECASE,
)


def _above_confidence(line: Line, look: Look, passed: Line | None) -> float:
    if passed is not None:
        return 0.6
    return 0.93 if is_title(line.text, look) else 0.9


def _core(line: Line, look: Look) -> str:
    """Return the part of a title line that is the title: the rest is a chapter's name or a rating.

    What ``<title>`` repeats is the title when something else follows it: in other marks, or a part mark in brackets.
    """
    runs = [(words, marks) for words, marks in inline.runs_of(line.html) if words.strip()]
    for segment in () if key(line.text) in tag_keys(look) else parts(look.title_tag):
        rest = line.text[len(segment) :].strip()
        starts = len(key(segment)) > 2 and line.text.casefold().startswith(segment.casefold())
        apart = len(runs) > 1 and key(runs[0][0]) == key(segment)
        if starts and rest[:1] in tuple("([{-–—:|") and (apart or rest[:1] not in "([{" or _COUNTS.match(rest)):
            return line.text[: len(segment)]
    if len(runs) > 1 and "strong" in runs[0][1] and len(runs[0][0].strip()) > 2:
        return runs[0][0].strip()
    return line.text


_COUNTS = re.compile(r"^[(\[{]\s*(?:\d|[IVX]+\b|part|chapter|PG|NC|R\b|G\b|rated|complete|wip)", re.IGNORECASE)


def _shown(line: Line, look: Look, *, smaller: bool = False) -> Guess:
    """Rate a line that is set off: best when ``<title>`` repeats it, then by how large it is."""
    if is_site(line.text, look) or is_home_link(line):
        return Guess(line.text, "head.site-name", 0.1, line.text)
    if _is_persons(line):
        return Guess(line.text, "head.name", 0.0, line.text)
    if starts_with_title(line.text, look):
        return Guess(_core(line, look), "head.as-title-tag", 0.88, line.text)
    if is_title(line.text, look):
        set_off = line.level or line.bold > 0.8 or line.align == "center" or line.size > look.size
        less = (
            (0.04 if smaller else 0.0)
            + (0.05 if line.linked > 0.9 else 0.0)
            + (0.2 if smaller and not set_off else 0.0)
        )
        return Guess(line.text, "head.as-title-tag", (0.91 if line.level else 0.88) - less, line.text)
    if TITLE_NAME.search(called(line)):
        return Guess(_core(line, look), "head.called-title", 0.75, line.text)
    larger = max(0.0, min(0.15, 0.05 * (line.size - look.size)))
    return Guess(_core(line, look), "head.display", (0.62 if line.level else 0.55) + larger, line.text)


def _is_persons(line: Line) -> bool:
    """Say whether a line is a person's name by its link or its class."""
    linked = line.linked > 0.9 and any(PERSON_LINK.search(href) for href, _ in line.links)
    return linked or bool(AUTHOR_NAME.search(called(line)) and not TITLE_NAME.search(called(line)))


def first_lines(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    """Two short lines above the labels are title and name, when nothing else is there."""
    labelled = next((n for n in range(end) if sorts[n] is Sort.LABEL), None)
    if labelled is None or any(sorts[n] in (Sort.BYLINE, Sort.TITLE_BY) for n in range(end)):
        return
    above = [
        lines[n] for n in range(labelled) if sorts[n] in (Sort.PROSE, Sort.DISPLAY) and not is_site(lines[n].text, look)
    ]
    above = [line for n, line in enumerate(above) if key(line.text) not in {key(other.text) for other in above[:n]}]
    above = above[next((n for n, line in enumerate(above) if is_title(line.text, look)), 0) :]
    if not 1 <= len(above) <= 3 or any(line.words > 12 or line.text[-1:] in ".,;:" for line in above):
        return
    yield Guess(above[0].text, "head.first-line", 0.58, above[0].text)
    if len(above) > 1 and above[1].words <= 4 and (name := names.tidy(above[1].text)):
        yield Guess(name, "head.second-line", 0.52, above[1].text)


def _pictured(lines: Sequence[Line], end: int, look: Look) -> Iterator[Guess]:
    """A title that is only a picture: its alternative text, when it has one."""
    for line in lines[: max(end, 6)]:
        if line.kind is Kind.IMAGE and len(key(line.text)) > 3 and line.words <= 14 and not is_site(line.text, look):
            title = names.title_and_name(line.text)[0] or line.text
            yield Guess(title, "head.picture", 0.72 if is_title(title, look) else 0.5, line.source)


def is_subtitle(line: Line, sort: Sort) -> bool:
    """Say whether a line under a title only describes it: a chapter, "a tale of the Attic", "(or, How to Freeze)"."""
    when = re.match(r"^\W*(?:written|posted|completed|finished|started|revised)\b.{0,25}\d", line.text, re.IGNORECASE)
    dated = bool(when) or (line.words <= 4 and bool(dates.iso(line.text)) and not is_capitalised(names.tidy(line.text)))
    return (
        dated
        or sort in (Sort.CHAPTER, Sort.LABEL)
        or bool(_DESCRIBES.match(line.text))
        or bool(re.fullmatch(r"[(\[].*[)\]]", line.text))
    )
