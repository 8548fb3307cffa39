"""Where a story begins: title, byline, labels and notes stand above it, in any order and shape.

The lines from the top are anchors (labels, bylines, headings, the title itself) or words. The head ends at the last
anchor that can be reached without walking through prose, so that "Title: …" in a letter inside the story stays there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from storykeep.sources.pages import chapters, furniture, inline, labels, names
from storykeep.sources.pages.draft import Guess
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import FREE, Label
from storykeep.sources.pages.weave import is_scene_mark

WINDOW = 120  # lines from the top in which a head may stand
STEP = 45  # words that may stand between two anchors
LONG_STEP = 260  # the same after "Author's notes:", which run on
_LETTER = re.compile(r"^[\W_]*(?:from|to|subject|re|cc|sent)\s*:", re.IGNORECASE)
_NOTE_WORDS = re.compile(
    (
        r"\b(?:I|me|my|mine|thanks?|thank you|beta\w*|disclaim\w*|own|feedback|reviews?|"
        r"sequel|series|fic|fan ?fic|story|written for|dedicated|spoilers?|archive|copyright|"
        r"belongs?|characters|joss|rated|warning|enjoy|note)\b"
    ),
    re.IGNORECASE,
)
_LONG_RULE = re.compile(r"^[-=_*~#+.–—]{12,}$")


class Sort(StrEnum):
    """What a line is to somebody who looks for the beginning of a story."""

    EMPTY = "empty"
    RULE = "rule"
    NAV = "nav"
    LABEL = "label"
    BYLINE = "byline"
    TITLE_BY = "title-by"
    CHAPTER = "chapter"
    DISPLAY = "display"
    LETTER = "letter"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a story. ``start`` is the number of its first line."""

    start: int = 0
    titles: tuple[Guess, ...] = ()
    authors: tuple[Guess, ...] = ()
    labels: tuple[Label, ...] = ()
    chapter: chapters.Heading | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """How a page looks in general: its usual font size, whether everything is centred, and what ``<title>`` says."""

    size: float = 3.0
    centred: bool = False
    bold: bool = False
    title_tag: str = ""
    site: str = ""


def paired(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with a label in one cell and its value in the next put together.

    Tables and definition lists hold facts so: ``<td>Title</td><td>Salt</td>``.
    """
    out: list[Line] = []
    skip = -1
    for number, line in enumerate(lines):
        if number == skip:
            continue
        after = lines[number + 1] if number + 1 < len(lines) else None
        if after is not None and _is_pair(line, after):
            if _ONLY_BY.match(line.text):
                out.append(replace(after, html=f"by {after.html}", text=f"by {after.text}", block=line.block))
                skip = number + 1
                continue
            html = (
                f"<strong>{line.html.removeprefix('<strong>').removesuffix('</strong>').rstrip(': ')}:</strong> "
                f"{after.html}"
            )
            out.append(
                replace(after, html=html, text=f"{line.text.rstrip(': ')}: {after.text}", block=line.block, bold=0.1)
            )
            skip = number + 1
        else:
            out.append(line)
    return tuple(out)


_ONLY_BY = re.compile(r"^\W*(?:(?:written|story|fic) |(?:an?|another|the) [\w'’ -]{1,50} )?by\W*$", re.IGNORECASE)


def _is_pair(line: Line, after: Line) -> bool:
    if (
        line.kind is after.kind is Kind.TEXT
        and _ONLY_BY.match(line.text)
        and names.can_be(after.text)
        and after.words <= 6
    ):
        return True
    if line.kind is not Kind.TEXT or after.kind is not Kind.TEXT or len(line.text) > 40:
        return False
    cells = (line.tag in ("td", "th") and after.tag in ("td", "th")) or (line.tag, after.tag) == ("dt", "dd")
    same = line.element is not after.element and line.element.getparent() is after.element.getparent()
    told = line.text.rstrip().endswith(":") or bool(labels.field_of(line.text))
    return cells and same and told and not labels.field_of(after.text)


def look_of(lines: Sequence[Line], title_tag: str = "", site: str = "") -> Look:
    """Return how ``lines`` look in general."""
    weights: dict[float, int] = {}
    letters = centred = bold = 0
    for line in lines:
        if line.kind is Kind.TEXT:
            weights[line.size] = weights.get(line.size, 0) + len(line.text)
            letters += len(line.text)
            centred += len(line.text) * (line.align == "center")
            bold += len(line.text) * (line.bold > 0.8)
    usual = max(weights, key=lambda size: weights[size], default=3.0)
    return Look(usual, centred > 0.5 * letters, bold > 0.5 * letters, title_tag, site)


def read(lines: Sequence[Line], look: Look, *, strict: bool = False) -> Head:
    """Return the head of ``lines``: guesses, labels, and where the story starts.

    ``strict`` is for text that is known to be the story's own: a centred line at its top is a dateline, not a title.
    """
    sorts = sort_lines(lines, look)
    if strict:
        sorts = {
            n: Sort.PROSE if sort is Sort.DISPLAY and not _is_title(lines[n].text, look) else sort
            for n, sort in sorts.items()
        }
    end = _end(lines, sorts, look, strict=strict)
    if strict and not _anchored(sorts, end):
        end = next((n + 1 for n in range(end - 1, -1, -1) if sorts[n] in (Sort.DISPLAY, Sort.CHAPTER)), 0)
    found = _gathered(lines, sorts, end)
    start, note = _before_rule(lines, sorts, end, labelled=bool(found))
    if note:
        found = (*found, *note)
    chapter = next((chapters.heading(lines[n].text) for n in range(end) if sorts[n] is Sort.CHAPTER), None)
    while start < len(lines) and sorts.get(start, Sort.PROSE) in (Sort.EMPTY, Sort.RULE, Sort.NAV):
        start += 1
    if start < len(lines) and chapter is None and (heading := _opening_heading(lines[start])):
        chapter, start = heading, start + 1
    return Head(
        start, tuple(_titles(lines, sorts, end, look)), tuple(_authors(lines, sorts, end, look)), found, chapter
    )


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


def _opening_heading(line: Line) -> chapters.Heading | None:
    return chapters.heading(line.text) if line.kind is Kind.TEXT else None


def sort_lines(lines: Sequence[Line], look: Look) -> dict[int, Sort]:
    """Return the sort of each line in the window."""
    sorts = {number: _sort(line, look) for number, line in enumerate(lines[:WINDOW])}
    for number, sort in sorts.items():
        if sort is Sort.LABEL and _in_letter(lines, sorts, number):
            sorts[number] = Sort.LETTER
    shown = frozenset(key(lines[n].text) for n in sorts if sorts[n] is Sort.DISPLAY or _is_title(lines[n].text, look))
    for number, sort in sorts.items():
        if sort is Sort.LABEL and _other_title(lines, sorts, number, shown or _story_keys(look)):
            sorts[number] = Sort.PROSE
    for number in range(1, len(sorts)):
        if sorts[number] is Sort.PROSE and _is_under_title(lines, sorts, number, look):
            sorts[number] = Sort.DISPLAY
    return sorts


def _is_under_title(lines: Sequence[Line], sorts: dict[int, Sort], number: int, look: Look) -> bool:
    """Say whether a line is a name right under the title: joined to it and with space below, or in italics."""
    line, above = lines[number], lines[number - 1]
    if sorts[number - 1] is Sort.CHAPTER and number > 1 and sorts[number - 2] is Sort.DISPLAY:
        return _is_capitalised(line.text) and not line.breaks and line.text[-1:] not in ".,;:!?"
    below = lines[number + 1] if number + 1 < len(lines) else None
    part = below is not None and chapters.heading(below.text) is not None
    apart = below is None or below.kind is not Kind.TEXT or not below.breaks or part
    if sorts[number - 1] is not Sort.DISPLAY or not apart or not _looks_titled(above, look):
        return False
    joined = bool(line.breaks) and line.block == above.block
    set_off = line.italic > 0.9 or line.size < look.size or part or _is_capitalised(line.text)
    name = names.tidy(line.text)
    return (joined or set_off) and 0 < len(name.split()) <= 5 and line.text[-1:] not in '.,;:!?"”'


def _is_capitalised(text: str) -> bool:
    """Say whether a line is two to four words that all start with a capital, as names do."""
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[:1].isupper() or word.lower() in _PARTICLES for word in words)


def _looks_titled(line: Line, look: Look) -> bool:
    named = _is_title(line.text, look) or _starts_with_title(line.text, look)
    return named or bool(line.level) or line.size > look.size or line.bold > 0.8


def _in_letter(lines: Sequence[Line], sorts: dict[int, Sort], number: int) -> bool:
    """Date: and the like beside From:, To:, Subject: are the head of a letter in the story."""
    near = [sorts.get(number - 1), sorts.get(number + 1)]
    return Sort.LETTER in near and labels.field_of(lines[number].text.split(":", 1)[0]) in (
        "published",
        "email",
        "fandom",
        "timeline",
    )


def _sort(line: Line, look: Look) -> Sort:
    if line.kind is Kind.BLANK:
        return Sort.EMPTY
    if line.kind is not Kind.TEXT or is_scene_mark(line.text, centred=line.align == "center"):
        return Sort.RULE
    if len(line.text) > labels.LONGEST:
        return Sort.PROSE
    return next((sort for sort, says in _SORTS if says(line, look)), Sort.PROSE)


_PARTICLES = frozenset("of the de van von der den la le du da di and y e und et in on al el".split())


def _may_be_byline(line: Line) -> bool:
    """Say whether a line that starts with "by" is a byline: few words and no sentence, not "By the river he sat"."""
    name = names.byline(line.text)
    lower = [word for word in name.split() if word[:1].islower() and word not in _PARTICLES]
    ends = line.text.rstrip()[-1:] in ".,;!?" and len(name.split()) > 2
    return not ends and (len(lower) <= max(1, len(name.split()) // 3) or " and " in name or line.linked > 0.3)


def _reads_title_by(line: Line, look: Look) -> bool:
    title, name = signed(line)
    if not title or not name or len(line.text) > 140 or line.text.rstrip()[-1:] in "!?,;":
        return False
    shown = _is_display(line, look) or line.linked > 0.3 or _marks_title(line, title)
    return (shown and not title[:1].islower()) or bool(look.title_tag and key(title) in key(look.title_tag))


def signed(line: Line) -> tuple[str, str]:
    """Return (title, name) of a line that has both: "Salt by Wren", "from *Salt* by Wren", "*Salt* - Wren"."""
    title, name = names.title_and_name(line.text)
    if title:
        bare = re.sub(r"^(?:an? (?:excerpt|scene|chapter) )?(?:from|of|part of)\s+", "", title, flags=re.IGNORECASE)
        return (bare if _marks_title(line, bare) else title), name
    halves = re.split(r"\s+[-–—~|:]+\s+", line.text)
    if len(halves) != 2 or len(line.text) > 100:
        return "", ""
    linked = any(_PERSON_LINK.search(href) and key(label) == key(halves[1]) for href, label in line.links)
    return (halves[0].strip(), names.tidy(halves[1])) if linked and _marks_title(line, halves[0]) else ("", "")


def _marks_title(line: Line, title: str) -> bool:
    """Say whether exactly the title is set in marks: <b>Salt</b> by Wren."""
    runs = [run for run in inline.runs_of(line.html) if run[0].strip()]
    return len(runs) > 1 and any(marks and key(words) == key(title) for words, marks in runs)


_DATE_LINE = re.compile(
    (
        r"^\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:\d{1,2}(?:st|"
        r"nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:\d{1,2}(?:st|"
        r"nd|rd|th)?,?\s+)?\d{4}\W*(?:(?:at\s+)?\d{1,2}:\d\d.{0,12})?$|^\W*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\W*$"
    ),
    re.IGNORECASE,
)
_TITLE_NAME = re.compile(
    (
        r"(?:^|[\s_-])(?:(?:story|fic|work|entry|post|chapter|page|text|article)[_-]?)?(?:title|"
        r"heading|headline|subject)(?:$|[\s_-])"
    ),
    re.IGNORECASE,
)
_AUTHOR_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?:story|fic|work|entry|post)[_-]?)?(?:authors?|by-?line|pen-?name|writer|creator|by)(?:$|[\s_-])",
    re.IGNORECASE,
)


def _called(line: Line) -> str:
    """Return the class and id of the block that holds a line."""
    return f"{line.element.get('class') or ''} {line.element.get('id') or ''}".strip()


def _is_home_link(line: Line) -> bool:
    """Say whether a line is the site's own name: wholly a link to where the site starts."""
    target = line.links[0][0].split("?")[0] if len(line.links) == 1 and line.linked > 0.9 else "x"
    return bool(
        re.match(r"^(?:https?://[^/]+)?/?$|^(?:\.\./|\./|/)*(?:index|home|main|default)\.\w+$|^(?:\.\./)+$", target)
    )


def _is_display(line: Line, look: Look) -> bool:
    """Say whether a line is set off as titles are: a heading, larger, centred or wholly bold, called so, and short."""
    if len(line.text) > 120:
        return False
    if line.pre:
        few = line.words <= 10 and line.text[-1:] not in '.,;:!?"”'
        return few and (line.indent >= 12 or (line.text.isupper() and len(key(line.text)) > 3))
    if _TITLE_NAME.search(_called(line)) or (_AUTHOR_NAME.search(_called(line)) and line.words <= 6):
        return True
    if line.level or line.size >= look.size + 0.9:
        return True
    few = line.words <= 14
    return few and ((line.align == "center" and not look.centred) or (line.bold > 0.85 and not look.bold))


def _is_title(text: str, look: Look) -> bool:
    return len(text) < 120 and bool(key(text)) and key(text) in _tag_keys(look) and not is_site(text, look)


def _story_keys(look: Look) -> frozenset[str]:
    """Return the letters of what ``<title>`` may call the story: not the site, not a file's name."""
    if not look.title_tag or re.search(r"\.\w{3,4}$|^untitled|^new page", look.title_tag, re.IGNORECASE):
        return frozenset()
    return frozenset(key(piece) for piece in segments(look.title_tag) if not is_site(piece, look)) - {""}


def _starts_with_title(text: str, look: Look) -> bool:
    """Say whether a line is what ``<title>`` says with a rating or a chapter in brackets behind it."""
    found = re.match(r"^(?P<title>.{2,110}?)\s*[(\[][^()\[\]]{1,60}[)\]]\W*$", text)
    return found is not None and _is_title(found["title"], look)


def _tag_keys(look: Look) -> frozenset[str]:
    return frozenset(key(segment) for segment in segments(look.title_tag)) - {""}


def segments(title_tag: str) -> list[str]:
    """Return the pieces of a ``<title>`` between its separators, the whole first."""
    pieces = parts(title_tag)
    pieces += [title for piece in (title_tag, *pieces) if (title := names.title_and_name(piece)[0])]
    smaller = [small for piece in pieces if ", " in piece for small in piece.split(", ")]
    return list(
        dict.fromkeys(piece.strip(" ~*\u00a0") for piece in (title_tag, *pieces, *smaller) if piece.strip(" ~*\u00a0"))
    )


def parts(title_tag: str) -> list[str]:
    """Return the pieces of a ``<title>`` between signs: dashes, bars, colons, arrows."""
    return re.split(r"\s+[-–—|»«>:•·/~*]+\s+|\s*::\s*|\s*\|\s*|\s+[»«]\s*|:\s+", title_tag)


def key(text: str) -> str:
    """Return letters and digits only, for comparing titles.

    >>> key("The Lamplighter’s Apprentice!")
    'thelamplightersapprentice'
    """
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _is_nav(line: Line, look: Look) -> bool:
    """Say whether a line leads elsewhere: links, counters; but never what ``<title>`` or its class calls the title."""
    named = _TITLE_NAME.search(_called(line)) and not _is_home_link(line)
    return furniture.is_line(line) and not _is_title(line.text, look) and not named


def _is_nav_by_words(line: Line, _: Look) -> bool:
    """Say whether a line is only a date or a chapter menu."""
    short = len(line.text)
    return (short < 60 and bool(_DATE_LINE.match(line.text))) or (short < 200 and bool(chapters.menu_items(line.text)))


_SORTS: tuple[tuple[Sort, Callable[[Line, Look], bool]], ...] = (
    (Sort.LETTER, lambda line, _: bool(_LETTER.match(line.text))),
    (Sort.NAV, _is_nav_by_words),
    (Sort.NAV, lambda line, look: _is_crumbs(line, look)),
    (Sort.BYLINE, lambda line, _: bool(names.byline(line.text)) and _may_be_byline(line)),
    (Sort.TITLE_BY, lambda line, look: _reads_title_by(line, look) and _marks_title(line, signed(line)[0])),
    (Sort.LABEL, lambda line, _: bool(labels.parse(line.html))),
    (Sort.TITLE_BY, _reads_title_by),
    (Sort.NAV, _is_nav),
    (Sort.CHAPTER, lambda line, _: chapters.heading(line.text) is not None),
    (
        Sort.DISPLAY,
        lambda line, look: _is_display(line, look) or _is_title(line.text, look) or _starts_with_title(line.text, look),
    ),
)
"""What a line may be, in the order in which it is asked."""


def _end(lines: Sequence[Line], sorts: dict[int, Sort], look: Look, *, strict: bool) -> int:
    """Return the number of the line after the last anchor that can be reached without walking through prose."""
    walk = _Walk(named=strict, known=_tag_keys(look) if strict else frozenset())
    for number, line in enumerate(lines[:WINDOW]):
        sort = sorts[number]
        if sort is Sort.LETTER or (
            sort is Sort.LABEL and walk.named and _other_title(lines, sorts, number, walk.known)
        ):
            break
        if sort is Sort.PROSE or (sort is Sort.DISPLAY and walk.named and (walk.titled or not line.level)):
            walk.known |= _told_titles(lines, sorts, number)
            if not walk.pass_by(line):
                break
        elif sort is Sort.RULE:
            walk.ruled = walk.ruled or bool(walk.words)
        elif sort not in (Sort.EMPTY, Sort.NAV):
            if not walk.reach(number, line, sort):
                break
            walk.known |= _told_titles(lines, sorts, number)
    if walk.end and not _anchored(sorts, walk.end):
        return _plain_title_end(lines, sorts)
    return walk.end


@dataclass(slots=True)
class _Walk:
    """A walk down from the top of a page: what was passed since the last anchor, and how far one may still go."""

    named: bool = False
    titled: bool = True
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
                self.ruled
                or self.seen.intersection(fields) & {"title", "author", "rating"}
                or sort in (Sort.BYLINE, Sort.TITLE_BY)
            )
        ):
            return False
        self.seen.update(fields)
        self.limit = LONG_STEP if fields and fields[-1] in FREE else STEP
        if sort is Sort.TITLE_BY:
            self.titled = not is_site(signed(line)[0], Look())
        elif sort is Sort.DISPLAY:
            self.titled = True
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


def _other_title(lines: Sequence[Line], sorts: dict[int, Sort], number: int, known: frozenset[str]) -> bool:
    """Say whether a line is labelled as a title, but not of this story: a catalogue card, a list in the story.

    It stands alone, and names another title than the head does.
    """
    told = labels.parse(lines[number].html)
    said = told[0] if len(told) == 1 and told[0].field == "title" else None
    if said is None or not any(known) or not _is_alone(lines, sorts, number):
        return False
    told = key(chapters.mark(said.text).title)
    return not any(told in one or one in told for one in known if one)


def _is_alone(lines: Sequence[Line], sorts: dict[int, Sort], number: int) -> bool:
    """Say whether a labelled line stands apart from the other labels: none follows, and it opens a block below them."""
    below = next((n for n in range(number + 1, min(len(sorts), number + 4)) if sorts[n] is not Sort.EMPTY), number)
    if sorts.get(below) is Sort.LABEL and below != number:
        return False
    above = sorts.get(number - 1)
    return (
        above is not Sort.LABEL
        or lines[number].tag != lines[number - 1].tag
        or (not lines[number].breaks and bool(lines[number - 1].breaks))
    )


def _anchored(sorts: dict[int, Sort], end: int) -> bool:
    return any(sorts[number] in (Sort.LABEL, Sort.BYLINE, Sort.TITLE_BY) for number in range(end))


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
    r"\bthis (?:story|fic|one|was (?:written|originally))\b|\bdisclaimer|\bbeta|\bfeedback\b|\bmy first fic\b|\bfor my readers\b",
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


def _titles(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    largest = max(
        (lines[n].size for n in range(end) if sorts[n] is Sort.DISPLAY and not _is_home_link(lines[n])), default=0
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
            yield Guess(signed(line)[0], "head.title-by", 0.45 if is_site(signed(line)[0], look) else 0.92, line.text)
        elif sorts[number] is Sort.BYLINE:
            yield from _above(lines, sorts, number, look)
        elif sorts[number] is Sort.DISPLAY:
            yield _shown(line, look, smaller=line.size < largest)
    yield from _crumbs(lines[: max(end, 8)], look)
    yield from _pictured(lines, end, look)
    yield from (guess for guess in _first_lines(lines, sorts, end, look) if guess.rule == "head.first-line")
    if end and not _anchored(sorts, end) and sorts.get(end - 1) is Sort.PROSE:
        yield Guess(lines[end - 1].text, "head.first-line-alone", 0.5, lines[end - 1].text)


_CRUMB = re.compile(r"\s*(?:[»›>/|]|::|->)+\s*")


def _crumbs(lines: Sequence[Line], look: Look) -> Iterator[Guess]:
    """The last piece of "Home > Stories > Salt", which alone is no link, is where the reader is."""
    for line in lines:
        if line.kind is Kind.TEXT and line.links and len(line.text) < 160 and line.linked > 0.2:
            last = _CRUMB.split(line.text)[-1].strip()
            linked = {label.strip() for _, label in line.links}
            if len(_CRUMB.split(line.text)) > 2 and last and last not in linked and len(last.split()) <= 12:
                yield Guess(last, "head.crumbs", 0.89 if _is_title(last, look) else 0.6, line.text)


def _is_crumbs(line: Line, _: Look) -> bool:
    pieces = _CRUMB.split(line.text) if line.links and len(line.text) < 160 else []
    linked = {label.strip() for _, label in line.links}
    return len(pieces) > 2 and pieces[0].strip() in linked


def _above(lines: Sequence[Line], sorts: dict[int, Sort], number: int, look: Look) -> Iterator[Guess]:
    """The line above a byline is the title: with the part of it that ``<title>`` repeats, or that is bold, first."""
    passed: Line | None = None
    for above in range(number - 1, -1, -1):
        line = lines[above]
        if line.kind is Kind.IMAGE and len(key(line.text)) > 3 and not _is_title(line.text, look) and above > 0:
            yield Guess(line.text, "head.picture-above-byline", 0.8, line.source)
            break
        if sorts[above] in (Sort.EMPTY, Sort.RULE, Sort.NAV, Sort.CHAPTER) or line.kind is not Kind.TEXT:
            continue
        if _is_home_link(line) or _DESCRIBES.match(line.text):
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
        r"vignette|drabble|novella|novel|one-?shot)\W*$"
    ),
    re.IGNORECASE,
)


def _above_confidence(line: Line, look: Look, passed: Line | None) -> float:
    if passed is not None:
        return 0.6
    return 0.93 if _is_title(line.text, look) else 0.9


def _core(line: Line, look: Look) -> str:
    """Return the part of a title line that is the title: the rest is a chapter's name or a rating.

    What ``<title>`` repeats is the title when something else follows it: in other marks, or a part mark in brackets.
    """
    runs = [(words, marks) for words, marks in inline.runs_of(line.html) if words.strip()]
    for segment in () if key(line.text) in _tag_keys(look) else parts(look.title_tag):
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
    if is_site(line.text, look) or _is_home_link(line):
        return Guess(line.text, "head.site-name", 0.1, line.text)
    if line.linked > 0.9 and any(_PERSON_LINK.search(href) for href, _ in line.links):
        return Guess(line.text, "head.person-link", 0.0, line.text)
    if _AUTHOR_NAME.search(_called(line)) and not _TITLE_NAME.search(_called(line)):
        return Guess(line.text, "head.called-author", 0.0, line.text)
    if _starts_with_title(line.text, look):
        return Guess(_core(line, look), "head.as-title-tag", 0.88, line.text)
    if _is_title(line.text, look):
        return Guess(
            line.text, "head.as-title-tag", (0.91 if line.level else 0.88) - (0.04 if smaller else 0.0), line.text
        )
    if _TITLE_NAME.search(_called(line)):
        return Guess(_core(line, look), "head.called-title", 0.75, line.text)
    larger = max(0.0, min(0.15, 0.05 * (line.size - look.size)))
    return Guess(_core(line, look), "head.display", (0.62 if line.level else 0.55) + larger, line.text)


_SITE = re.compile(
    r"\bfan ?fic(?:tion)?s?\b|\bhome ?page\b|\bweb ?(?:site|page)\b|^(?:welcome|index)\b|"
    r"\.(?:com|net|org)\b|\b(?:stories|fiction) (?:by|of)\b|'s (?:fic|fan ?fiction|stories|"
    r"page|place|den|corner)\b|"
    r"\b(?:archives?|page|site|library|collection|stories|fiction|fic|fics|list|exchange|ficathon)\W*(?:\d{4}\W*)?$|"
    r"\b(?:secret santa|big bang)\b",
    re.IGNORECASE,
)


def is_site(text: str, look: Look) -> bool:
    if look.site and key(text) == key(look.site):
        return [key(segment) for segment in re.split(r"\s+[-–—|:]+\s+", look.title_tag)].count(key(text)) < 2
    return bool(_SITE.search(text)) and len(text.split()) <= 8


def _first_lines(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    """Two short lines above the labels are title and name, when nothing else is there."""
    labelled = next((n for n in range(end) if sorts[n] is Sort.LABEL), None)
    if labelled is None or any(sorts[n] in (Sort.BYLINE, Sort.TITLE_BY) for n in range(end)):
        return
    above = [
        lines[n] for n in range(labelled) if sorts[n] in (Sort.PROSE, Sort.DISPLAY) and not is_site(lines[n].text, look)
    ]
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
            yield Guess(title, "head.picture", 0.72 if _is_title(title, look) else 0.5, line.source)


def _authors(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    for number in range(end):
        line = lines[number]
        if sorts[number] is Sort.LABEL:
            for label in labels.parse(line.html):
                if label.field in ("author", "coauthor") and (name := names.tidy(label.text)):
                    weak = label.label.lower() in labels.WEAK and label.label.lower() != "by"
                    yield Guess(name, f"label.{label.field}", 0.7 if weak else 0.95, line.text)
        elif sorts[number] is Sort.BYLINE:
            yield Guess(names.byline(line.text), "head.byline", 0.93, line.text)
        elif sorts[number] is Sort.TITLE_BY:
            yield Guess(signed(line)[1], "head.title-by", 0.9, line.text)
    for line in lines[: max(end, 6)]:
        if line.kind is Kind.IMAGE and (name := names.title_and_name(line.text)[1]):
            yield Guess(name, "head.picture", 0.6, line.text)
    yield from _without_by(lines, sorts, end, look)
    yield from (guess for guess in _first_lines(lines, sorts, end, Look()) if guess.rule == "head.second-line")


_PERSON_LINK = re.compile(r"viewuser|author|profile|/users?/|/u/|member|userinfo|pseuds", re.IGNORECASE)
_AUTHOR_LINK = re.compile(
    r"mailto:|viewuser|author|profile|/users?/|/~|/u/|member|bio\b|userinfo|pseuds|people", re.IGNORECASE
)


def _without_by(lines: Sequence[Line], sorts: dict[int, Sort], end: int, look: Look) -> Iterator[Guess]:
    """A name without "by": a link to a person near the top, or the short line under a title."""
    for number in range(min(end, len(lines), WINDOW)):
        if (
            _AUTHOR_NAME.search(_called(lines[number]))
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
    shown = [n for n in range(end) if sorts[n] is Sort.DISPLAY and not _is_home_link(lines[n])]
    told = [n for n in shown if _is_title(lines[n].text, look) or _starts_with_title(lines[n].text, look)]
    largest = sorted(shown, key=lambda n: -lines[n].size)
    told = [n for n in told if lines[n].size == max(lines[m].size for m in told)] if told else told
    for title in (told or largest)[:1]:
        beside = [n for n in shown if n < title and _is_title(lines[n].text, look) and names.can_be(lines[n].text)]
        if beside and lines[beside[-1]].size < lines[title].size and (name := names.tidy(lines[beside[-1]].text)):
            yield Guess(name, "head.over-title", 0.48, lines[beside[-1]].text)
        texts = [n for n in range(title + 1, end) if lines[n].kind is Kind.TEXT and sorts[n] is not Sort.CHAPTER]
        below = texts[0] if texts else None
        if below is None or below not in shown or lines[below].words > 6 or chapters.heading(lines[below].text):
            return
        if name := names.tidy(lines[below].text):
            yield Guess(name, "head.under-title", 0.5, lines[below].text)
