"""Where a story begins: title, byline, labels and notes stand above it, in any order and shape.

The lines from the top are anchors (labels, bylines, headings, the title itself) or words. The head ends at the last
anchor that can be reached without walking through prose, so that "Title: …" in a letter inside the story stays there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from storykeep.sources.pages import chapters, furniture, inline, labels, names
from storykeep.sources.pages.bylines import authors
from storykeep.sources.pages.draft import Guess
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import FREE, Label
from storykeep.sources.pages.sorts import (
    WINDOW,
    Look,
    Sort,
    anchored,
    is_capitalised,
    is_site,
    is_title,
    key,
    other_title,
    signed,
    sort_lines,
    tag_keys,
)
from storykeep.sources.pages.titles import titles
from storykeep.sources.pages.weave import is_scene_mark

STEP = 45  # words that may stand between two anchors


LONG_STEP = 260  # the same after "Author's notes:", which run on


_NOTE_WORDS = re.compile(
    (
        r"\b(?:I|me|my|mine|thanks?|thank you|beta\w*|disclaim\w*|own|feedback|reviews?|"
        r"sequel|series|fic|fan ?fic|story|written for|dedicated|spoilers?|archive|copyright|"
        r"belongs?|characters|joss|rated|warning|enjoy|note)\b"
    ),
    re.IGNORECASE,
)


_LONG_RULE = re.compile(r"^[-=_*~#+.–—]{12,}$")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a story. ``start`` is the number of its first line."""

    start: int = 0
    titles: tuple[Guess, ...] = ()
    authors: tuple[Guess, ...] = ()
    labels: tuple[Label, ...] = ()
    chapter: chapters.Heading | None = None


def read(lines: Sequence[Line], look: Look, *, strict: bool = False) -> Head:
    """Return the head of ``lines``: guesses, labels, and where the story starts.

    ``strict`` is for text that is known to be the story's own: a centred line at its top is a dateline, not a title.
    """
    sorts = sort_lines(lines, look)
    if strict:
        sorts = {
            n: Sort.PROSE if sort is Sort.DISPLAY and not is_title(lines[n].text, look) else sort
            for n, sort in sorts.items()
        }
    end = _end(lines, sorts, look, strict=strict)
    if strict and not anchored(sorts, end):
        end = next((n + 1 for n in range(end - 1, -1, -1) if sorts[n] in (Sort.DISPLAY, Sort.CHAPTER)), 0)
    found = _gathered(lines, sorts, end)
    start, note = _before_rule(lines, sorts, end, labelled=bool(found))
    if note:
        found = (*found, *note)
    chapter = next((chapters.heading(lines[n].text) for n in range(end) if sorts[n] is Sort.CHAPTER), None)
    while start < len(lines) and sorts.get(start, Sort.PROSE) in (Sort.EMPTY, Sort.RULE, Sort.NAV):
        start += 1
    if end and (told := _told_in_italics(lines, start)):
        found, start = (*found, told), start + 1
    if start < len(lines) and chapter is None and (heading := _opening_heading(lines, sorts, start, strict=strict)):
        chapter, start = heading, start + 1
    if chapter is not None and not chapter.title and _is_chapter_title(lines, start):
        chapter, start = replace(chapter, title=lines[start].text.strip(" *~_\u00a0")), start + 1
    return Head(start, tuple(titles(lines, sorts, end, look)), tuple(authors(lines, sorts, end, look)), found, chapter)


def _is_chapter_title(lines: Sequence[Line], start: int) -> bool:
    """Say whether the line under a chapter's number is its title: a heading, or joined to it, apart from the text."""
    if not 0 < start < len(lines) - 1 or lines[start].kind is not Kind.TEXT:
        return False
    line, above, below = lines[start], lines[start - 1], lines[start + 1]
    short = line.words <= LONGEST_TITLE and line.text[-1:] not in '.,;:"”' and not labels.parse(line.html)
    if not short or chapters.heading(above.text) is None or names.byline(line.text):
        return False
    joined = line.block == above.block and below.block != line.block and is_capitalised(line.text)
    return bool(line.level) or joined


LONGEST_TITLE = 9  # words of a chapter's title on a line of its own


def _told_in_italics(lines: Sequence[Line], start: int) -> Label | None:
    """Return the first paragraph as a note when it alone is all italics and says what only authors say of a story."""
    texts = [line for line in lines[start : start + 8] if line.kind is Kind.TEXT]
    if len(texts) < 3 or lines[start] is not texts[0] or any(line.italic > 0.9 for line in texts[1:3]):
        return None
    line = texts[0]
    sure = line.italic > 0.9 and _SURE_NOTE.search(line.text) and len(set(_NOTE_WORDS.findall(line.text))) > 1
    return Label("notes", "", line.text, line.html) if sure and line.words < 120 else None


def part_label(found: Sequence[Label]) -> chapters.Heading | None:
    """Return the chapter that a label names: "Part: 1/2 - The Seventh Lamp", "Chapter: Low Tide"."""
    for label in found:
        if label.field != "part":
            continue
        said = re.match(
            r"^(?P<number>\d+\w?|[IVX]+\b|prologue|epilogue)\s*(?:(?:/|of)\s*[\d?]+)?\s*[-–:.,]*\s*(?P<title>.*)$",
            label.text,
            re.IGNORECASE,
        )
        if said:
            number = chapters.number(said["number"])
            return chapters.Heading(
                f"{label.label.capitalize()} {said['number']}" if number else said["number"],
                said["title"].strip(' "“”'),
                number,
            )
        return chapters.heading(label.text) or chapters.Heading("", label.text, 0)
    return None


def _opening_heading(
    lines: Sequence[Line], sorts: dict[int, Sort], start: int, *, strict: bool
) -> chapters.Heading | None:
    """Return the heading that stands between the head and the story: a chapter's, when no other heading is its like."""
    line = lines[start]
    if line.kind is not Kind.TEXT:
        return None
    if heading := chapters.heading(line.text):
        return heading
    named = any(sorts.get(n) in (Sort.BYLINE, Sort.TITLE_BY, Sort.LABEL, Sort.DISPLAY) for n in range(start))
    like = sum(1 for other in lines[start + 1 :] if other.level == line.level)
    if not line.level or strict or not named or like or line.words > 12:
        return None
    said = re.match(r"^(?P<number>\d{1,3}|[IVXL]{1,6})[.):]\s+(?P<title>\S.*)$", line.text)
    title = said["title"] if said else line.text
    return chapters.Heading("", title.strip(" *~-–—"), chapters.number(said["number"]) if said else 0)


def _end(lines: Sequence[Line], sorts: dict[int, Sort], look: Look, *, strict: bool) -> int:
    """Return the number of the line after the last anchor that can be reached without walking through prose."""
    walk = _Walk(named=strict, titled=strict, signed=strict, known=tag_keys(look) if strict else frozenset())
    for number, line in enumerate(lines[:WINDOW]):
        sort = sorts[number]
        if sort is Sort.LETTER or (sort is Sort.LABEL and walk.named and other_title(lines, sorts, number, walk.known)):
            break
        if sort is Sort.PROSE or (sort is Sort.DISPLAY and walk.named and walk.titled and not _may_sign(line, walk)):
            walk.known |= _told_titles(lines, sorts, number)
            if not walk.pass_by(line):
                break
        elif sort is Sort.RULE:
            walk.ruled = walk.ruled or bool(walk.words)
        elif sort not in (Sort.EMPTY, Sort.NAV):
            if walk.words > sum(below.words for below in lines[number + 1 :]) or not walk.reach(number, line, sort):
                break
            walk.known |= _told_titles(lines, sorts, number)
    if walk.end and not anchored(sorts, walk.end):
        return _plain_title_end(lines, sorts)
    return walk.end


def _may_sign(line: Line, walk: _Walk) -> bool:
    """Say whether a heading under the title may be the author's name, which nothing has told yet."""
    return not walk.signed and not walk.words and bool(line.level) and is_capitalised(line.text)


@dataclass(slots=True)
class _Walk:
    """A walk down from the top of a page: what was passed since the last anchor, and how far one may still go."""

    named: bool = False
    titled: bool = False
    signed: bool = False
    known: frozenset[str] = frozenset()
    end: int = 0
    words: int = 0
    spoken: int = 0
    ruled: bool = False
    limit: int = STEP
    seen: set[str] = field(default_factory=set)

    def pass_by(self, line: Line) -> bool:
        """Walk past words; False when they are too many, or when somebody speaks: that is the story."""
        self.words += line.words
        self.spoken += line.text[:1] in '"“«„'
        return self.words <= self.limit and self.spoken < 2

    def reach(self, number: int, line: Line, sort: Sort) -> bool:
        """Take an anchor; False when it belongs to the story: behind a rule, or told a second time behind words."""
        fields = [label.field for label in labels.parse(line.html)] if sort is Sort.LABEL else []
        if (
            self.words
            and self.named
            and (
                (self.ruled and self.titled)
                or self.seen.intersection(fields) & {"title", "author", "rating"}
                or (self.signed and sort in (Sort.BYLINE, Sort.TITLE_BY))
            )
        ):
            return False
        self.seen.update(fields)
        self.limit = LONG_STEP if fields and fields[-1] in FREE else STEP
        if sort is Sort.TITLE_BY:
            self.titled = not is_site(signed(line)[0], Look())
        self.titled = self.titled or "title" in fields or (sort is Sort.DISPLAY and not is_site(line.text, Look()))
        self.signed = self.signed or "author" in fields or sort in (Sort.BYLINE, Sort.TITLE_BY)
        self.named = self.named or sort in (Sort.LABEL, Sort.BYLINE, Sort.TITLE_BY)
        self.end, self.words, self.spoken, self.ruled = number + 1, 0, 0, False
        return True


def _told_titles(lines: Sequence[Line], sorts: dict[int, Sort], number: int) -> frozenset[str]:
    """Return the letters of the titles that the line ``number`` states: above a byline, before "by", in a label."""
    line = lines[number]
    if sorts[number] is Sort.TITLE_BY:
        return frozenset([key(signed(line)[0])])
    if sorts[number] is Sort.LABEL:
        return frozenset(key(label.text) for label in labels.parse(line.html) if label.field == "title")
    if sorts[number] is Sort.DISPLAY:
        return frozenset([key(line.text)])
    if sorts[number] is Sort.BYLINE:
        return frozenset(
            key(above.text) for n, above in enumerate(lines[:number]) if sorts[n] in (Sort.DISPLAY, Sort.PROSE)
        )
    return frozenset()


def _plain_title_end(lines: Sequence[Line], sorts: dict[int, Sort]) -> int:
    """Without byline or label a head is the headings at the very top, and no more.

    In a plain text the first line is one when it is short, no sentence, and parted from the words below.
    """
    end = _plain_first(lines, sorts)
    for number in range(min(len(lines), WINDOW)):
        if sorts[number] in (Sort.DISPLAY, Sort.CHAPTER):
            end = number + 1
        elif sorts[number] is Sort.PROSE:
            break
    return end


def _plain_first(lines: Sequence[Line], sorts: dict[int, Sort]) -> int:
    first = next((n for n in range(min(len(lines), 8)) if lines[n].kind is Kind.TEXT), None)
    if first is None or not lines[first].pre or sorts[first] is not Sort.PROSE or first + 1 >= len(lines):
        return 0
    line, below = lines[first], lines[first + 1]
    if line.words > 9 or line.text[-1:] in ".,;:!?…\"”’'-–—" or line.text[:1] in "\"“‘'(-–—" or line.text[:1].islower():
        return 0
    rest = [other for other in lines[first + 1 : first + 12] if other.kind is Kind.TEXT]
    return first + 1 if below.kind is Kind.BLANK and any(other.words > line.words + 4 for other in rest) else 0


def _gathered(lines: Sequence[Line], sorts: dict[int, Sort], end: int) -> tuple[Label, ...]:
    """Return the labels up to ``end``, each with the lines that carry on its value."""
    found: list[Label] = []
    for number in range(end):
        sort, line = sorts[number], lines[number]
        if sort is Sort.LABEL:
            found.extend(labels.parse(line.html))
        elif sort is Sort.TITLE_BY:
            found.extend(label for label in labels.parse(line.html) if label.field not in ("title", "author"))
        elif sort in (Sort.PROSE, Sort.DISPLAY) and found and (_carries_on(lines, number) or found[-1].field in FREE):
            found[-1] = _longer(found[-1], line, new=not _carries_on(lines, number))
        elif sort is Sort.PROSE and not found and number > _first_name(sorts, end):
            found.append(Label("teaser", "", line.text, line.html))
    found.extend(_run_on(lines, sorts, end, found))
    return tuple(found)


def _first_name(sorts: dict[int, Sort], end: int) -> int:
    return next((n for n in range(end) if sorts[n] in (Sort.BYLINE, Sort.TITLE_BY)), end)


def _carries_on(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line only goes on with the one before: a single break, in the same block."""
    line, before = lines[number], lines[number - 1] if number else None
    return before is not None and bool(line.breaks) and before.kind is Kind.TEXT and before.block == line.block


def _longer(label: Label, line: Line, *, new: bool) -> Label:
    """Return the label with one more line: a space where the line was wrapped, a break where a paragraph began."""
    joint, space = ("<br>", "\n") if new and label.html else (" ", " ")
    return replace(
        label, text=f"{label.text}{space}{line.text}".strip(), html=f"{label.html}{joint}{line.html}".strip()
    )


def _run_on(lines: Sequence[Line], sorts: dict[int, Sort], end: int, found: list[Label]) -> Iterator[Label]:
    """Lines right after the last label that go on with it belong to it (wrapped lines of mail)."""
    if not found or not end or sorts.get(end - 1) is not Sort.LABEL:
        return
    number = end
    while (
        number < len(lines)
        and lines[number].pre
        and _carries_on(lines, number)
        and not labels.parse(lines[number].html)
    ):
        found[-1] = _longer(found[-1], lines[number], new=False)
        number += 1
    yield from ()


def _before_rule(
    lines: Sequence[Line], sorts: dict[int, Sort], end: int, *, labelled: bool
) -> tuple[int, tuple[Label, ...]]:
    """Return where the story starts, and a note without label when a rule parts a few words from the story."""
    start = end
    while (
        start < len(lines)
        and lines[start].pre
        and start
        and labelled
        and _carries_on(lines, start)
        and sorts.get(start) is Sort.PROSE
    ):
        start += 1
    rule = _closing_rule(lines, start)
    if rule is None or not end:
        return start, ()
    between = [line for line in lines[start:rule] if line.kind is Kind.TEXT]
    if not between or all(furniture.is_line(line) for line in between):
        return rule + 1, ()
    rest = sum(line.words for line in lines[rule:])
    said = sum(line.words for line in between)
    if not _reads_as_note(lines, rule, between, said, rest):
        return start, ()
    html = "<br>".join(line.html for line in between)
    return rule + 1, (Label("notes", "", inline.plain(html), html),)


_SURE_NOTE = re.compile(
    r"\bthis (?:story|fic|one|was (?:written|originally))\b|\bdisclaimer|\bbeta|\bfeedback\b|"
    r"\bmy first fic\b|\bfor my readers\b",
    re.IGNORECASE,
)


def _closing_rule(lines: Sequence[Line], start: int) -> int | None:
    """Return the number of the first rule after ``start`` within a few lines."""
    texts = 0
    for number in range(start, min(len(lines), start + 24)):
        line = lines[number]
        if line.kind is Kind.RULE or (line.kind is Kind.TEXT and _LONG_RULE.match(line.text)):
            return number
        said = " ".join(other.text for other in lines[start:number])
        if is_scene_mark(line.text) and len(said.split()) <= 40 and _SURE_NOTE.search(said):
            return number
        texts += line.kind is Kind.TEXT
        if texts > 8:
            return None
    return None


def _reads_as_note(lines: Sequence[Line], rule: int, between: Sequence[Line], said: int, rest: int) -> bool:
    if said > 260 or said > 0.4 * rest:  # a note is short beside its story
        return False
    later = [n for n in range(rule + 1, len(lines)) if _same_rule(lines[rule], lines[n])]
    sure = bool(_SURE_NOTE.search(" ".join(line.text for line in between))) and said <= 40
    inside = [] if sure else [n for n in later if sum(line.words for line in lines[n:]) > 0.12 * rest]
    if inside:
        return False
    text = " ".join(line.text for line in between)
    spoken = sum(line.text[:1] in '"“«' for line in between)
    if spoken and spoken >= 0.4 * len(between):
        return False
    return bool(_NOTE_WORDS.search(text)) or said <= 40 or all(line.italic > 0.8 for line in between)


def _same_rule(one: Line, other: Line) -> bool:
    return one.kind is other.kind and (one.kind is Kind.RULE or (one.kind is Kind.TEXT and one.text == other.text))
