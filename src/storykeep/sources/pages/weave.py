"""Lines become paragraphs, verse and scene breaks, by the convention that the page itself keeps.

Each page is asked first how it parts its paragraphs: by blocks, by an empty line, by one line break and an indent, or
wrapped at a width as mail and news were. Only then are the lines joined. The counts behind each decision are in
:class:`Convention`, so that a person can be told why.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape
from itertools import pairwise
from statistics import median

from storykeep.sources.pages.flow import Kind, Line


class Form(StrEnum):
    """What a passage is."""

    P = "p"
    LINES = "lines"
    SCENE = "scene"
    HEADING = "heading"
    IMAGE = "image"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a piece of verse, a scene break …: ``html`` has inline marks only, verse has ``<br>`` between lines.

    ``first`` and ``last`` are the numbers of its lines in what was woven.
    """

    form: Form
    html: str = ""
    text: str = ""
    align: str = ""
    first: int = 0
    last: int = 0
    quoted: int = 0
    item: str = ""
    source: str = ""
    proposed: bool = False
    area: float = 0.0


@dataclass(frozen=True, slots=True)
class Convention:
    """How a page parts its paragraphs. ``width`` is that of hard-wrapped lines, 0 when the lines are not wrapped.

    ``single`` says that one line break ends a paragraph; ``spacer`` is the usual number of empty lines between
    paragraphs; ``dashes`` says that the page writes its double hyphens without spaces.
    """

    width: int = 0
    single: bool = False
    spacer: int = 0
    indent: int = 0
    tight_dashes: bool = True


PICTURE = 25_000  # square pixels; what is larger and stands alone is an illustration
SHORT = 62  # longer lines are seldom verse
NARROW, WIDE = 45, 85
BROKEN = 55  # letters; a program that broke lines with <br> broke them no earlier
LETTERS_AS_RULE = re.compile(r"^[\W_]*(?:[oO0]+[xX]?[oO0]*|[xX]+|(?:[-~=*#.+<>|/\\ ]*[xXoO0]){2,})[\W_]*$")
WORDS_AS_RULE = re.compile(
    r"^[\W_]*(?:scene|section|page|line|time|pov)[ -]*(?:break|change|skip|divider)?[\W_]*$|^[\W_]*break[\W_]*$",
    re.IGNORECASE,
)
_QUOTES = "\"“”‘’'«»„`"
_CUT = re.compile(r"^[(\[]\s*[*~#=+–—-]+\s*[)\]]$|^\[[\s.…]{3,}\]$")
"""Signs in brackets, which nobody says: "(*)", "[ . . . ]"."""
_SPEECH_ONLY = re.compile(rf"^[{_QUOTES}(\[][\s.…!?*–—-]+[{_QUOTES})\]]?$|^[.…!?]+[{_QUOTES}]?$")


def is_scene_mark(text: str, *, centred: bool = False) -> bool:
    """Say whether a line is a scene break written in signs: ``* * *``, ``~*~``, ``oOo``, ``#``, ``-x-``.

    A line that is only dots, or only punctuation in quotes, is speech: somebody says nothing.

    >>> is_scene_mark("* * *"), is_scene_mark("oOo"), is_scene_mark("“…”"), is_scene_mark("“No!”")
    (True, True, False, False)
    """
    bare = text.strip()
    if bare == "." or _CUT.match(bare):
        return True
    if not bare or len(bare) > 90:  # a page is no wider
        return False
    if _SPEECH_ONLY.match(bare):
        return centred and bare.strip(".…") == "" and len(bare) > 2
    if not any(sign.isalnum() for sign in bare):
        return not set(bare) <= set(_QUOTES + "?!,;:()[] ")
    if WORDS_AS_RULE.match(bare):
        return not bare[0].isalnum() or not bare[-1].isalnum() or centred or "break" in bare.lower()
    return (
        len(bare) <= 50
        and bool(LETTERS_AS_RULE.match(bare))
        and (len(bare) > 2 or centred or not bare.isalnum() or bare in "xX")
    )


def weave(lines: Sequence[Line], *, convention: Convention | None = None) -> tuple[Passage, ...]:
    """Return the passages of ``lines``, without scene breaks at either end and without two in a row.

    >>> from storykeep.sources.pages.flow import lines
    >>> from storykeep.text.markup import parse
    >>> [p.form.value for p in weave(lines(parse("<p>One<p>* * *<p>Two")))]
    ['p', 'scene', 'p']
    """
    way = convention or convention_of(lines)
    woven = list(_woven(lines, way))
    return tuple(_calm(woven))


def convention_of(lines: Sequence[Line]) -> Convention:
    """Return how ``lines`` part their paragraphs."""
    texts = [line for line in lines if line.kind is Kind.TEXT]
    broken = [line for line in texts if line.breaks or line.pre]
    width = _wrap_width(lines)
    spacer = _usual_spacer(lines)
    tight = sum(len(re.findall(r"\w--\w", line.text)) for line in texts)
    loose = sum(len(re.findall(r"\w -- \w", line.text)) for line in texts)
    return Convention(
        width=width,
        single=not width and _single(lines, broken),
        spacer=spacer,
        indent=_indent(lines),
        tight_dashes=tight >= loose,
    )


def _wrap_width(lines: Sequence[Line]) -> int:
    """Return the width at which the lines were wrapped by a mail program, 0 when they were not.

    A wrapped line that goes on is nearly full: the first word of the next would not have fitted.
    """
    pairs = [(a.text, b.text) for a, b in pairwise(lines) if b.breaks and a.kind is b.kind is Kind.TEXT]
    running = [
        (a.text, b.text) for a, b in pairwise(lines) if b.breaks and a.kind is b.kind is Kind.TEXT and b.indent < 2
    ]
    pairs = running if 3 <= len(running) < len(pairs) else pairs  # an indent opens a paragraph, it is no wrap
    lengths = sorted(len(a) for a, _ in pairs)
    if len(lengths) < 3:  # too little to tell
        return 0
    width = lengths[min(len(lengths) - 1, int(len(lengths) * 0.98))]
    full = [1 for a, b in pairs if len(a) + 1 + len(b.split(" ", 1)[0]) > width - 6 and len(a) >= NARROW - 10]
    narrowest = NARROW - 5 if any(line.pre for line in lines) else BROKEN  # a <br> at 40 letters is a poet's
    if not narrowest <= width <= WIDE + 15 or len(full) < 0.45 * len(pairs) or not _runs_on(pairs):
        return 0
    return width


def _runs_on(pairs: Sequence[tuple[str, str]]) -> bool:
    """Say whether lines run on into the next as wrapped prose does: mostly no sign at the end, then lower case.

    Verse has lines of like lengths as well; but its lines end with signs, or begin with capitals.
    """
    open_ends = sum(before.rstrip("\"”’'")[-1:] not in ".,;:!?—–-…" for before, _ in pairs)
    lower = sum(after.lstrip("\"“‘'(*_")[:1].islower() for _, after in pairs)
    return open_ends + lower >= 0.95 * len(pairs)


def _single(lines: Sequence[Line], broken: Sequence[Line]) -> bool:
    """Say whether one line break ends a paragraph here: breaks are many, empty lines few, and some lines are long."""
    joins = [(a, b) for a, b in pairwise(lines) if b.breaks and a.kind is b.kind is Kind.TEXT]
    gaps = sum(1 for a, b in pairwise(lines) if a.kind is Kind.TEXT and b.kind is Kind.BLANK)
    blocks = sum(1 for a, b in pairwise(lines) if a.kind is b.kind is Kind.TEXT and not b.breaks)
    if len(joins) < 3 or len(joins) < 1.5 * (gaps + blocks):
        return False
    long = sum(1 for line in broken if len(line.text) > WIDE)
    indented = sum(1 for _, line in joins if line.indent >= 2)  # two spaces are an indent
    return long >= 0.12 * len(broken) or indented >= 0.5 * len(joins)


def _indent(lines: Sequence[Line]) -> int:
    """Return the spaces with which wrapped lines open their paragraphs, 0 when only some other lines are indented."""
    texts = [line for line in lines if line.kind is Kind.TEXT and not is_scene_mark(line.text)]
    opened = Counter(line.indent for line in texts if line.indent >= 2)  # one space is no indent
    if not opened or not 0.05 * len(texts) < sum(opened.values()) < 0.95 * len(texts):
        return 0
    usual = min(opened, key=lambda indent: (-opened[indent], indent))
    after_words = sum(1 for a, b in pairwise(lines) if b.kind is a.kind is Kind.TEXT and b.breaks and b.indent == usual)
    after_blank = sum(
        1 for a, b in pairwise(lines) if b.kind is Kind.TEXT and a.kind is Kind.BLANK and b.indent == usual
    )
    bare = sum(1 for a, b in pairwise(lines) if b.kind is Kind.TEXT and a.kind is Kind.BLANK and b.indent < usual)
    return usual if after_words + after_blank > 2 * bare or after_blank > bare else 0


def _usual_spacer(lines: Sequence[Line]) -> int:
    """Return the number of empty lines that most often stands between two paragraphs."""
    runs = Counter(size for _, size in _spacers(lines))
    return min(runs, key=lambda size: (-runs[size], size)) if runs else 0


def _spacers(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return (number of the line after, empty lines before it) for each step between paragraphs."""
    found: list[tuple[int, int]] = []
    empty = 0
    before: Line | None = None
    for number, line in enumerate(lines):
        if line.kind is Kind.BLANK:
            empty += 1
            continue
        joined = line.breaks and not empty and before is not None
        if before is not None and line.kind is before.kind is Kind.TEXT and not joined:
            found.append((number, empty))
        before, empty = line, 0
    return found


def _woven(lines: Sequence[Line], way: Convention) -> Iterable[Passage]:
    rare = _rare_spacers(lines, way)
    for first, last in _groups(lines):
        if first in rare:
            yield Passage(Form.SCENE, first=first, last=first, proposed=True)
        head = lines[first]
        if head.kind is Kind.RULE:
            yield Passage(Form.SCENE, first=first, last=last, source="hr")
        elif head.kind is Kind.IMAGE:
            yield Passage(
                Form.IMAGE,
                text=head.text,
                source=head.source,
                align=head.align,
                first=first,
                last=last,
                area=head.size,
            )
        elif head.kind is Kind.TEXT:
            yield from _group(lines, first, last, way)


def _groups(lines: Sequence[Line]) -> Iterable[tuple[int, int]]:
    """Yield (first, last) of each run of text lines that only line breaks part, and of every other line alone."""
    start = 0
    for number in range(1, len(lines) + 1):
        joined = (
            number < len(lines)
            and lines[number].breaks
            and lines[number].kind is lines[number - 1].kind is Kind.TEXT
            and lines[number].block == lines[number - 1].block
        )
        if not joined:
            if lines:
                yield start, number - 1
            start = number


def _rare_spacers(lines: Sequence[Line], way: Convention) -> frozenset[int]:
    """Return the lines before which more empty lines stand than usual, when that is rare and no signs do the same."""
    steps = _spacers(lines)
    texts = sum(1 for line in lines if line.kind is Kind.TEXT)
    marks = sum(1 for line in lines if line.kind in (Kind.RULE, Kind.IMAGE) or (line.text and is_scene_mark(line.text)))
    usual = 0 if way.single else way.spacer
    longer = [at for at, size in steps if size > usual]
    if not longer or len(longer) > max(1, 0.2 * texts) or marks > 1:
        return frozenset()
    return frozenset(longer)


def _group(lines: Sequence[Line], first: int, last: int, way: Convention) -> Iterable[Passage]:
    group = lines[first : last + 1]
    if first == last:
        yield _paragraph(group, first, last, way)
    elif way.width and not any(len(line.text) > way.width + 20 for line in group):
        yield from _unwrapped(lines, first, last, way)
    else:
        yield from _parted(lines, first, last, way)


def _parted(lines: Sequence[Line], first: int, last: int, way: Convention) -> Iterable[Passage]:
    """Part lines that only a break parts: paragraphs, or verse and letters kept line by line; signs stand alone."""
    start = first
    for number in range(first, last + 2):
        if number <= last and not is_scene_mark(lines[number].text, centred=lines[number].align == "center"):
            continue
        if start < number:
            yield from _run(lines, start, number - 1, way)
        if number <= last:
            yield _paragraph(lines[number : number + 1], number, number, way)
        start = number + 1


def _run(lines: Sequence[Line], first: int, last: int, way: Convention) -> Iterable[Passage]:
    group = lines[first : last + 1]
    if first < last and not way.single and _is_verse(group):
        yield _kept_lines(group, first, last)
        return
    if first < last and way.single and _is_verse_among_prose(group):
        yield _kept_lines(group, first, last)
        return
    for number in range(first, last + 1):
        yield _paragraph(lines[number : number + 1], number, number, way)


def _unwrapped(lines: Sequence[Line], first: int, last: int, way: Convention) -> Iterable[Passage]:
    """Join wrapped lines; a break before which the next word would have fitted was meant."""
    meant = frozenset(n for n in range(first + 1, last + 1) if _fitted(lines[n - 1], lines[n], way))
    group = lines[first : last + 1]
    hanging = (
        way.indent
        and any(line.indent == way.indent for line in group)
        and any(line.indent < way.indent for line in group)
    )
    if not hanging and last > first and len(meant) >= 0.6 * (last - first) and _is_verse(group):
        yield _kept_lines(group, first, last)
        return
    starts = [first, *(n for n in range(first + 1, last + 1) if _opens(lines[n - 1], lines[n], n in meant, way))]
    for start, stop in _deep_runs(list(pairwise([*starts, last + 1])), lines, way):
        if stop - start > 1 and all(line.indent > way.indent for line in lines[start:stop]) and way.indent:
            yield _kept_lines(lines[start:stop], start, stop - 1)
        else:
            yield _paragraph(lines[start:stop], start, stop - 1, way)


def _fitted(before: Line, line: Line, way: Convention) -> bool:
    return len(before.text) + before.indent + 1 + len(line.text.split(" ", 1)[0]) < way.width - 12


def _opens(before: Line, line: Line, meant: bool, way: Convention) -> bool:
    """Say whether a wrapped line opens a paragraph: by the page's indent, beside signs, or after a sentence's end."""
    if is_scene_mark(line.text) or is_scene_mark(before.text):
        return True
    if way.indent:
        return line.indent >= way.indent or (before.indent > way.indent and line.indent < before.indent)
    return meant and before.text.rstrip(_QUOTES + " ")[-1:] in ".!?:—-…"


def _deep_runs(spans: list[tuple[int, int]], lines: Sequence[Line], way: Convention) -> Iterable[tuple[int, int]]:
    """Put lines together that are all indented deeper than a paragraph's opening: verse or a letter."""
    at = 0
    while at < len(spans):
        end = at
        while way.indent and end < len(spans) and _is_deep(lines[spans[end][0] : spans[end][1]], way):
            end += 1
        if end > at + 1:
            yield spans[at][0], spans[end - 1][1]
            at = end
        else:
            yield spans[at]
            at += 1


def _is_deep(group: Sequence[Line], way: Convention) -> bool:
    return len(group) == 1 and group[0].indent > way.indent and not is_scene_mark(group[0].text)


def _is_verse(group: Sequence[Line]) -> bool:
    """Say whether lines are verse, a letter's head or a list: short, and not a run of spoken sentences."""
    if len(group) < 2:
        return False
    lengths = [len(line.text) for line in group]
    if max(lengths) > WIDE + 5 or median(lengths) > SHORT:
        return False
    spoken = sum(1 for line in group if line.text[:1] in '"“«' and line.text.rstrip()[-1:] in '"”»')
    return spoken < max(2, 0.5 * len(group))


def _is_verse_among_prose(group: Sequence[Line]) -> bool:
    """In a page where one break ends a paragraph only headed lines (From:, To:, Subject:) are kept together."""
    return len(group) >= 2 and all(re.match(r"^[A-Z][\w -]{1,14}:\s", line.text) for line in group)


def _kept_lines(group: Sequence[Line], first: int, last: int) -> Passage:
    return Passage(
        Form.LINES,
        html="<br>".join(line.html for line in group),
        text="\n".join(line.text for line in group),
        align=_common_align(group),
        first=first,
        last=last,
        quoted=_quoted(group[0]),
    )


def _common_align(group: Sequence[Line]) -> str:
    return group[0].align if len({line.align for line in group}) == 1 else ""


def _paragraph(group: Sequence[Line], first: int, last: int, way: Convention) -> Passage:
    head = group[0]
    if len(group) == 1 and is_scene_mark(head.text, centred=head.align == "center"):
        return Passage(Form.SCENE, text=head.text, first=first, last=last)
    return Passage(
        Form.HEADING if head.level else Form.P,
        html=_joined([line.html for line in group], way),
        text=_joined([line.text for line in group], way),
        align=_common_align(group),
        first=first,
        last=last,
        quoted=_quoted(head),
        item=_item(head),
    )


def _quoted(line: Line) -> int:
    return sum(1 for above in line.element.iterancestors("blockquote")) + (line.tag == "blockquote")


def _item(line: Line) -> str:
    """Return "ul" or "ol" when the line is an item of a list."""
    if line.tag != "li":
        return ""
    parent = line.element.getparent()
    return "ol" if parent is not None and parent.tag == "ol" else "ul"


_CUT_WORD = re.compile(r"[^\W\d_]-$")
_CUT_DASH = re.compile(r"(?:--|—)(?:</\w+>)*$")


def _joined(pieces: Sequence[str], way: Convention) -> str:
    """Join wrapped lines by a space, and by nothing after a hyphen or, when the page writes it so, a dash."""
    out = pieces[0]
    for piece in pieces[1:]:
        cut = _CUT_WORD.search(out) and piece[:1].islower()
        dash = way.tight_dashes and _CUT_DASH.search(out) and (piece[:1].isalnum() or piece[:1] == "<")
        opens = way.tight_dashes and piece.startswith("--") and out[-1:].isalnum() and piece[2:3].isalnum()
        out += piece if cut or dash or opens else " " + piece
    return out


def _calm(woven: list[Passage]) -> Iterable[Passage]:
    """Drop scene breaks at the ends and repeated ones; a lone picture between paragraphs that repeats is one, too."""
    pictures = Counter(passage.source for passage in woven if passage.form is Form.IMAGE)
    plain = [_as_break(passage, pictures) for passage in woven]
    words = [n for n, passage in enumerate(plain) if passage.form is not Form.SCENE]
    if not words:
        return
    before: Passage | None = None
    for passage in plain[words[0] : words[-1] + 1]:
        if passage.form is Form.SCENE and before is not None and before.form is Form.SCENE:
            continue
        yield passage
        before = passage


_DIVIDER = re.compile(
    (
        r"div(ider)?|bar|line|rule|sep(arator)?|break|star|moon|hr\b|swirl|scroll|flourish|"
        r"ornament|asterisk|border|spacer|scene"
    ),
    re.IGNORECASE,
)


def _as_break(passage: Passage, pictures: Counter[str]) -> Passage:
    if passage.form is not Form.IMAGE:
        return passage
    name = passage.source.rsplit("/", 1)[-1]
    signs = not any(sign.isalnum() for sign in passage.text)
    plain = signs and passage.align == "center" and passage.area < PICTURE
    if pictures[passage.source] > 1 or _DIVIDER.search(name) or (passage.text and signs) or plain:
        return replace(passage, form=Form.SCENE)
    return passage


def to_html(passages: Sequence[Passage]) -> str:
    r"""Return passages as the body of a chapter, one block a line.

    >>> to_html([Passage(Form.P, html="One"), Passage(Form.SCENE), Passage(Form.LINES, html="a<br>b")])
    '<p>One</p>\n<hr class="scene">\n<div class="lines">a<br>b</div>'
    """
    return "\n".join(_block(passage) for passage in passages if passage.form is not Form.IMAGE or passage.text)


def _block(passage: Passage) -> str:
    if passage.form is Form.SCENE:
        return '<hr class="scene">'
    if passage.form is Form.GAP:
        return f'<hr class="gap gap-{passage.source}">'
    if passage.form is Form.IMAGE:
        return f"<p>[{escape(passage.text, quote=False)}]</p>"
    align = f"align-{passage.align}" if passage.align in ("center", "right") else ""
    if passage.form is Form.LINES:
        return f'<div class="{" ".join(filter(None, ("lines", align)))}">{passage.html}</div>'
    return f'<p class="{align}">{passage.html}</p>' if align else f"<p>{passage.html}</p>"
