"""Guesses at who wrote a story: bylines, labels, links to persons, names under titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from storykeep.sources.pages import chapters, furniture, labels, names
from storykeep.sources.pages.draft import Guess
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.sorts import (
    AUTHOR_NAME,
    WINDOW,
    Look,
    Sort,
    called,
    is_home_link,
    is_site,
    is_title,
    sender,
    signed_in,
    starts_with_title,
)
from storykeep.sources.pages.titles import first_lines, is_subtitle


def authors(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    for number in range(end):
        line = lines[number]
        if sorts[number] is Sort.LABEL:
            for label in labels.parse(line.html):
                if label.field in ("author", "coauthor") and (name := names.tidy(label.text)):
                    weak = label.label.lower() in labels.WEAK and label.label.lower() != "by"
                    yield Guess(name, f"label.{label.field}", 0.7 if weak else 0.95, line.text)
        elif sorts[number] is Sort.BYLINE:
            yield Guess(names.byline(line.text) or sender(line.text), "head.byline", 0.93, line.text)
        elif sorts[number] is Sort.TITLE_BY:
            yield Guess(signed_in(line, look)[1], "head.title-by", 0.9, line.text)
    for line in lines[: max(end, 6)]:
        if line.kind is Kind.IMAGE and (name := names.title_and_name(line.text)[1]):
            yield Guess(name, "head.picture", 0.6, line.text)
    yield from _without_by(lines, sorts, end, look)
    yield from (guess for guess in first_lines(lines, sorts, end, look) if guess.rule == "head.second-line")


_AUTHOR_LINK = re.compile(
    r"mailto:|viewuser|author|profile|/users?/|/~|/u/|member|bio\b|userinfo|pseuds|people", re.IGNORECASE
)


def _without_by(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    """A name without "by": a link to a person near the top, or the short line under a title."""
    for number in range(min(end + 3, len(lines), len(sorts), WINDOW)):
        if (
            AUTHOR_NAME.search(called(lines[number]))
            and sorts[number] in (Sort.DISPLAY, Sort.NAV)
            and (name := names.tidy(lines[number].text))
        ):
            yield Guess(name, "head.called-author", 0.7, lines[number].text)
    for number in range(min(end + 3, len(lines), len(sorts))):
        for href, label in lines[number].links:
            name = names.tidy(label)
            plain = replace(lines[number], linked=0.0, links=(), text=label)
            if name and _AUTHOR_LINK.search(href) and not furniture.is_line(plain):
                yield Guess(name, "head.person-link", 0.6 if sorts[number] is not Sort.NAV else 0.4, lines[number].text)
    yield from _under_title(lines, sorts, min(end, len(sorts)), look)


def _under_title(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    """Return the name under the line that is the title: what ``<title>`` repeats, or else the largest."""
    shown = [
        n
        for n in range(end)
        if sorts[n] is Sort.DISPLAY and not is_home_link(lines[n]) and not is_site(lines[n].text, look)
    ]
    told = [n for n in shown if is_title(lines[n].text, look) or starts_with_title(lines[n].text, look)]
    largest = sorted(shown, key=lambda n: -lines[n].size)
    told = [n for n in told if lines[n].size == max(lines[m].size for m in told)] if told else told
    for title in (told or largest)[:1]:
        beside = [n for n in shown if n < title and is_title(lines[n].text, look) and names.can_be(lines[n].text)]
        if beside and lines[beside[-1]].size < lines[title].size and (name := names.tidy(lines[beside[-1]].text)):
            yield Guess(name, "head.over-title", 0.48, lines[beside[-1]].text)
        over = [n for n in range(title) if lines[n].kind is Kind.TEXT and sorts[n] is not Sort.NAV]
        if over == shown[: len(over)] and len(over) == 1 and _reads_as_name(lines[over[0]], lines[title], look):
            yield Guess(names.tidy(lines[over[0]].text), "head.alone-over-title", 0.45, lines[over[0]].text)
        texts = [n for n in range(title + 1, end) if lines[n].kind is Kind.TEXT and not is_subtitle(lines[n], sorts[n])]
        below = texts[0] if texts else None
        if below is None or below not in shown or lines[below].words > 6 or chapters.heading(lines[below].text):
            return
        if name := names.tidy(lines[below].text):
            yield Guess(name, "head.under-title", 0.5, lines[below].text)


_NO_PERSON = frozenset("the a an my our your his her their chapter part story stories fic fiction archive home".split())


def _reads_as_name(line: Line, title: Line, look: Look) -> bool:
    """Say whether the one line over a title is its author: smaller, two or three capitalised words, no link."""
    words = names.tidy(line.text).split()
    capital = all(word[:1].isupper() for word in words) and words[:1] != [] and words[0].lower() not in _NO_PERSON
    site = is_site(line.text, look) or is_title(line.text, look)
    return line.size < title.size and not line.links and capital and 1 < len(words) <= 3 and not site
