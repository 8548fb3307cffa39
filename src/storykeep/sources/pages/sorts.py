"""What each line is to somebody who looks for the beginning of a story: label, byline, heading, menu, prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from storykeep.sources.pages import chapters, furniture, inline, labels, names
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.weave import is_scene_mark

WINDOW = 120  # lines from the top in which a head may stand


_LETTER = re.compile(r"^[\W_]*(?:from|to|subject|re|cc|sent)\s*:", re.IGNORECASE)


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
        if number <= skip:
            continue
        at = number + 1
        while at < min(len(lines), number + 3) and lines[at].kind is Kind.BLANK and _ONLY_BY.match(line.text):
            at += 1
        after = lines[at] if at < len(lines) else None
        if after is not None and _is_pair(line, after):
            if _ONLY_BY.match(line.text):
                out.append(replace(after, html=f"by {after.html}", text=f"by {after.text}", block=line.block))
                skip = at
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
    if line.text.rstrip().endswith(":") and labels.field_of(line.text) and not line.breaks and not line.pre:
        return after.words <= 40 and not labels.parse(after.html)
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


def sort_lines(lines: Sequence[Line], look: Look) -> dict[int, Sort]:
    """Return the sort of each line in the window."""
    sorts = {number: _sort(line, look) for number, line in enumerate(lines[:WINDOW])}
    for number, sort in sorts.items():
        if sort is Sort.LABEL and _in_letter(lines, sorts, number):
            sorts[number] = Sort.LETTER
    shown = frozenset(key(lines[n].text) for n in sorts if sorts[n] is Sort.DISPLAY or is_title(lines[n].text, look))
    for number, sort in sorts.items():
        if sort is Sort.LABEL and other_title(lines, sorts, number, shown or _story_keys(look)):
            sorts[number] = Sort.PROSE
    for number, sort in sorts.items():
        if sort is Sort.LETTER and _is_sender(lines, sorts, number):
            sorts[number] = Sort.BYLINE
    first = next((n for n in sorts if lines[n].kind is Kind.TEXT), None)
    if first is not None and sorts[first] is Sort.PROSE and _opens_signed(lines, sorts, first):
        sorts[first] = Sort.TITLE_BY
    for number in sorts:
        if _is_title_with_by(lines, sorts, number) or _is_under_title(lines, sorts, number, look):
            sorts[number] = Sort.DISPLAY
    return sorts


def _is_under_title(lines: Sequence[Line], sorts: dict[int, Sort], number: int, look: Look) -> bool:
    """Say whether a line is a name right under the title: joined to it and with space below, or in italics."""
    if number == 0 or sorts[number] is not Sort.PROSE:
        return False
    line, above = lines[number], lines[number - 1]
    email = number + 1 < len(lines) and [label.field for label in labels.parse(lines[number + 1].html)] == ["email"]
    if sorts[number - 1] is Sort.RULE and number > 1 and sorts[number - 2] is Sort.DISPLAY and email:
        return is_capitalised(line.text)
    if sorts[number - 1] is Sort.CHAPTER and number > 1 and sorts[number - 2] is Sort.DISPLAY:
        return is_capitalised(line.text) and not line.breaks and line.text[-1:] not in ".,;:!?"
    below = lines[number + 1] if number + 1 < len(lines) else None
    part = below is not None and chapters.heading(below.text) is not None
    apart = below is None or below.kind is not Kind.TEXT or not below.breaks or part or _is_small_print(below)
    if sorts[number - 1] is not Sort.DISPLAY or not apart or not _looks_titled(above, look):
        return False
    joined = bool(line.breaks) and line.block == above.block
    name = names.tidy(line.text)
    set_off = line.italic > 0.9 or line.size < look.size or part or is_capitalised(name)
    return (joined or set_off) and 0 < len(name.split()) <= 5 and line.text[-1:] not in '.,;:!?"”'


def _is_sender(lines: Sequence[Line], sorts: dict[int, Sort], number: int) -> bool:
    """Say whether "From: Name" among labels names the author: no letter has a rating, and this one no "To:"."""
    near = [n for n in range(number - 2, number + 3) if n in sorts and n != number]
    labelled = any(sorts[n] is Sort.LABEL for n in near)
    letter = any(sorts[n] is Sort.LETTER for n in near)
    return (
        labelled and not letter and lines[number].text.lower().startswith("from") and bool(sender(lines[number].text))
    )


def sender(text: str) -> str:
    """Return the name in "From: Name <address>"."""
    return names.tidy(re.sub(r"^\W*from\s*:\s*", "", text, flags=re.IGNORECASE))


def _is_title_with_by(lines: Sequence[Line], sorts: dict[int, Sort], number: int) -> bool:
    """Say whether "Driven by Rain" is all title: it is no link and in one dress, and the line below is the byline.

    A name without "by" below it is one only in italics, when what follows "by" is a single word.
    """
    line = lines[number]
    one_dress = sorts[number] is Sort.TITLE_BY and not line.links and not _marks_title(line, signed(line)[0])
    if not one_dress or number + 1 not in sorts:
        return False
    below = lines[number + 1]
    if sorts[number + 1] is Sort.BYLINE:
        return True
    alone = len(signed(line)[1].split()) == 1
    return (
        alone and sorts[number + 1] in (Sort.DISPLAY, Sort.PROSE) and below.italic > 0.9 and is_capitalised(below.text)
    )


def _opens_signed(lines: Sequence[Line], sorts: dict[int, Sort], first: int) -> bool:
    """Say whether the very first line is "Title by Name" in plain letters: capitals, and facts or space below."""
    title, name = signed(lines[first])
    title = title.strip("\"“”‘’' ")
    long = [word for word in title.split() if len(word) > 3]
    below = next((sorts[n] for n in range(first + 1, len(sorts)) if sorts[n] is not Sort.EMPTY), None)
    capital = bool(title) and all(word[:1].isupper() for word in long) and title[:1].isupper()
    return capital and bool(name) and below in (Sort.LABEL, Sort.RULE, Sort.CHAPTER) and lines[first].words <= 14


def is_capitalised(text: str) -> bool:
    """Say whether a line is two to four words that all start with a capital, as names do."""
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[:1].isupper() or word.lower() in _PARTICLES for word in words)


def _is_small_print(line: Line) -> bool:
    return bool(_DATE_LINE.match(line.text)) or bool(re.match(r"^\W*(?:©|\(c\)|copyright)", line.text, re.IGNORECASE))


def _looks_titled(line: Line, look: Look) -> bool:
    named = is_title(line.text, look) or starts_with_title(line.text, look)
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
    title, name = signed_in(line, look)
    if not title or not name or len(line.text) > 140 or line.text.rstrip()[-1:] in "!?,;":
        return False
    shown = _is_display(line, look) or line.linked > 0.3 or _marks_title(line, title)
    if _row_of_facts(line) is not None:
        return True
    return (shown and not title[:1].islower()) or bool(look.title_tag and key(title) in key(look.title_tag))


def signed(line: Line) -> tuple[str, str]:
    """Return (title, name) of a line that has both: "Salt by Wren", "from *Salt* by Wren", "*Salt* - Wren"."""
    title, name = names.title_and_name(line.text)
    if title:
        bare = re.sub(r"^(?:an? (?:excerpt|scene|chapter) )?(?:from|of|part of)\s+", "", title, flags=re.IGNORECASE)
        return (bare if _marks_title(line, bare) else title), name
    said = _BRACKETED_NAME.match(line.text)
    if (
        said
        and _marks_title(line, said["title"])
        and is_capitalised(said["name"])
        and not chapters.heading(said["name"])
    ):
        return said["title"].strip(), names.tidy(said["name"])
    if (row := _row_of_facts(line)) is not None:
        return row
    halves = re.split(r"\s+[-–—~|:]+\s+", line.text)
    if len(halves) != 2 or len(line.text) > 100:
        return "", ""
    linked = any(PERSON_LINK.search(href) and key(label) == key(halves[1]) for href, label in line.links)
    named = is_capitalised(halves[1]) and not chapters.heading(halves[1]) and _starts_bold(line, halves[0])
    person = linked or named
    return (halves[0].strip(), names.tidy(halves[1])) if person and _marks_title(line, halves[0]) else ("", "")


def signed_in(line: Line, look: Look) -> tuple[str, str]:
    """Return (title, name) of a line that has both; "Salt - Wren Hallow" has when ``<title>`` calls the story Salt."""
    said = signed(line)
    halves = _HALVES.split(line.text) if not said[0] and len(line.text) <= 100 else ()
    if len(halves) != 2 or key(halves[0]) not in _story_keys(look) or not is_capitalised(halves[1]):
        return said
    chapter = chapters.heading(halves[0]) or chapters.heading(halves[1]) or _ARTICLE.match(halves[1])
    return said if chapter else (halves[0].strip(), names.tidy(halves[1]))


_ARTICLE = re.compile(r"(?:the|an?|in|on|at|of|for|to|from|with|and|or|but)\s", re.IGNORECASE)  # a title begins so
_HALVES = re.compile(r"\s+[-–—~|]+\s+")


def _row_of_facts(line: Line) -> tuple[str, str] | None:
    """Return (title, name) of "salt // mirren // pg // skye": title and name first, a rating among the rest."""
    pieces = [piece.strip() for piece in re.split(r"\s*(?://+|\||::)\s*", line.text) if piece.strip()]
    if not 3 <= len(pieces) <= 7 or len(line.text) > 140 or not labels.has_rating(pieces[2:]):
        return None
    name = names.tidy(pieces[1])
    return (pieces[0], name) if name and not labels.parse(pieces[0]) else None


_BRACKETED_NAME = re.compile(r"^(?P<title>.{2,90}?)\s*[\[({]\s*(?P<name>[^\[\](){}]{2,40}?)\s*[\])}]$")


def _marks_title(line: Line, title: str) -> bool:
    """Say whether exactly the title is set in marks: <b>Salt</b> by Wren."""
    runs = [run for run in inline.runs_of(line.html) if run[0].strip()]
    return len(runs) > 1 and any(marks and key(words) == key(title) for words, marks in runs)


def _starts_bold(line: Line, title: str) -> bool:
    """Say whether a line starts with the title in bold and goes on in plain letters: <b>Salt</b> - Wren Hallow."""
    runs = [(words, marks) for words, marks in inline.runs_of(line.html) if words.strip()]
    return len(runs) == 2 and "strong" in runs[0][1] and key(runs[0][0]) == key(title) and "strong" not in runs[1][1]


_DATE_LINE = re.compile(
    (
        r"^\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:\d{1,2}(?:st|"
        r"nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:\d{1,2}(?:st|"
        r"nd|rd|th)?,?\s+)?\d{4}\W*(?:(?:at\s+)?\d{1,2}:\d\d.{0,12})?$|^\W*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\W*$"
    ),
    re.IGNORECASE,
)


TITLE_NAME = re.compile(
    (
        r"(?:^|[\s_-])(?:(?:story|fic|work|entry|post|chapter|page|text|article)[_-]?)?(?:title|"
        r"heading|headline|subject)(?:$|[\s_-])"
    ),
    re.IGNORECASE,
)


AUTHOR_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?:story|fic|work|entry|post)[_-]?)?(?:authors?|by-?line|pen-?name|writer|creator|by)(?:$|[\s_-])",
    re.IGNORECASE,
)


def called(line: Line) -> str:
    """Return the class and id of the block that holds a line."""
    return f"{line.element.get('class') or ''} {line.element.get('id') or ''}".strip()


def is_home_link(line: Line) -> bool:
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
    if TITLE_NAME.search(called(line)) or (AUTHOR_NAME.search(called(line)) and line.words <= 6):
        return True
    if line.level or line.size >= look.size + 0.9:
        return True
    few = line.words <= 14
    return few and ((line.align == "center" and not look.centred) or (line.bold > 0.85 and not look.bold))


def is_title(text: str, look: Look) -> bool:
    return len(text) < 120 and bool(key(text)) and key(text) in tag_keys(look) and not is_site(text, look)


@lru_cache(64)
def _story_keys(look: Look) -> frozenset[str]:
    """Return the letters of what ``<title>`` may call the story: not the site, not a file's name."""
    if not look.title_tag or re.search(r"\.\w{3,4}$|^untitled|^new page", look.title_tag, re.IGNORECASE):
        return frozenset()
    return frozenset(key(piece) for piece in segments(look.title_tag) if not is_site(piece, look)) - {""}


def starts_with_title(text: str, look: Look) -> bool:
    """Say whether a line is what ``<title>`` says with a rating or a chapter in brackets behind it."""
    found = re.match(r"^(?P<title>.{2,110}?)\s*[(\[][^()\[\]]{1,60}[)\]]\W*$", text)
    return found is not None and is_title(found["title"], look)


@lru_cache(64)
def tag_keys(look: Look) -> frozenset[str]:
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


_SIGNS = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """Return letters and digits only, for comparing titles.

    >>> key("The Lamplighter’s Apprentice!")
    'thelamplightersapprentice'
    """
    return _SIGNS.sub("", text.casefold())


def _is_nav(line: Line, look: Look) -> bool:
    """Say whether a line leads elsewhere: links, counters; but never what ``<title>`` or its class calls the title."""
    headed = line.level in (1, 2) and len(line.links) == 1  # a heading that leads to the story's own page
    named = (TITLE_NAME.search(called(line)) or headed) and not is_home_link(line)
    if is_site(line.text, look) and key(line.text) in tag_keys(look) and not line.level:
        return True
    return furniture.is_line(line) and not is_title(line.text, look) and not named


def _is_nav_by_words(line: Line, _: Look) -> bool:
    """Say whether a line is only a date or a chapter menu."""
    short = len(line.text)
    if re.match(r"^\W*page \d+(?: (?:of|/) \d+)?\W*$", line.text, re.IGNORECASE):
        return True
    return (short < 60 and bool(_DATE_LINE.match(line.text))) or (short < 200 and bool(chapters.menu_items(line.text)))


_SORTS: tuple[tuple[Sort, Callable[[Line, Look], bool]], ...] = (
    (Sort.LETTER, lambda line, _: bool(_LETTER.match(line.text))),
    (Sort.NAV, _is_nav_by_words),
    (Sort.NAV, lambda line, _: _is_crumbs(line)),
    (Sort.BYLINE, lambda line, _: bool(names.byline(line.text)) and _may_be_byline(line)),
    (Sort.TITLE_BY, lambda line, look: _reads_title_by(line, look) and _marks_title(line, signed(line)[0])),
    (Sort.LABEL, lambda line, _: bool(labels.parse(line.html))),
    (Sort.TITLE_BY, _reads_title_by),
    (Sort.NAV, _is_nav),
    (Sort.CHAPTER, lambda line, _: chapters.heading(line.text) is not None),
    (
        Sort.DISPLAY,
        lambda line, look: _is_display(line, look) or is_title(line.text, look) or starts_with_title(line.text, look),
    ),
)


"""What a line may be, in the order in which it is asked."""


def other_title(lines: Sequence[Line], sorts: dict[int, Sort], number: int, known: frozenset[str]) -> bool:
    """Say whether a line is labelled as a title, but not of this story: a catalogue card, a list in the story.

    It stands alone, and names another title than the head does.
    """
    told = labels.parse(lines[number].html)
    said = told[0] if len(told) == 1 and told[0].field == "title" else None
    if said is None or not any(known) or not _is_alone(lines, sorts, number):
        return False
    bare = key(chapters.mark(said.text).title)
    return not any(bare in one or one in bare for one in known if one)


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


def anchored(sorts: dict[int, Sort], end: int) -> bool:
    return any(sorts[number] in (Sort.LABEL, Sort.BYLINE, Sort.TITLE_BY) for number in range(end))


CRUMB = re.compile(r"\s*(?:[»›>/|]|::|->)+\s*")


def _is_crumbs(line: Line) -> bool:
    pieces = CRUMB.split(line.text) if line.links and len(line.text) < 160 else []
    linked = {label.strip() for _, label in line.links}
    return len(pieces) > 2 and pieces[0].strip() in linked


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


PERSON_LINK = re.compile(r"viewuser|author|profile|/users?/|/u/|member|userinfo|pseuds", re.IGNORECASE)
