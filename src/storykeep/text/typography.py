"""What writers typed becomes what they meant: paragraphs, verse, emphasis, and the breaks between scenes.

Plain text has no convention but its own. Some part paragraphs with a blank line, some indent them, some begin a new
line
for each; some break their lines at seventy characters and some do not. :func:`to_html` looks at the whole text first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from storykeep.model.provenance import Finding, Severity
from storykeep.text import controls, sanitise
from storykeep.text.references import escape

SCENE = '<hr class="scene">'

# Marks alone (***, * * *, ~*~*~, #, —, . . .), or marks around an o or x (oOo, -x-, ~o~O~o~, x-x-x), the same both
# ways.
_MARKS_ONLY = re.compile(r"(?:[^\w\s]|_)(?:[^\w\s]|[_ \t\u00a0])*+")
_LETTERS_ONLY = re.compile(r"(?:oO)+o?|(?:Oo)+O?|(?:o0)+o?|(?:0o)+0?|o{3,}|x{3,}|X{3,}|xXx|XxX|XOX|xox", re.ASCII)
_WITH_LETTERS = re.compile(r"[^\w\s]*+(?:[oO0xXvV]++[^\w\s]++)++[oO0xXvV]*+", re.ASCII)
_FACE = re.compile(
    r"[>}\]]?[:;=8xX]['`]?[-^o~]?[)(\[\]{}DPpOo|/\\*3@$>]+|\^[_.-]\^|[oO][_.][oO]|T[_.]T|>[_.]<|-_-|</?3+|\\[om]/"
)
_SPEECH_MARK = re.compile('["“”‘’«»„]')
_LONGEST_BREAK = 60


def is_scene_break(line: str) -> bool:
    """Say whether a line is only a break between scenes.

    >>> [is_scene_break(line) for line in ("* * *", "~*~*~", "oOo", "-x-", "#", "• • •")]
    [True, True, True, True, True, True]
    >>> [is_scene_break(line) for line in ("No.", "“…”", "?!", "Oo!", "I", "OX", "")]
    [False, False, False, False, False, False, False]
    """
    bare = line.strip(" \t\u00a0\u3000")
    if not bare or len(bare) > _LONGEST_BREAK or _SPEECH_MARK.search(bare) or _FACE.fullmatch(bare):
        return False
    if _MARKS_ONLY.fullmatch(bare):
        return any(c not in "?!,;:" for c in bare if not c.isspace())
    packed = re.sub(r"\s+", "", bare)
    if len(packed) < 3:  # noqa: PLR2004 — oOo is the shortest
        return False
    return bool(_LETTERS_ONLY.fullmatch(packed) or (_WITH_LETTERS.fullmatch(packed) and _mirrored(packed)))


def _mirrored(marks: str) -> bool:
    """Say whether marks read the same from both ends, brackets turned: ``oOo``, ``<-x->``."""
    turned = marks[::-1].translate(str.maketrans("<>()[]{}/\\", "><)(][}{\\/"))
    return marks == turned


# Emphasis needs a pair of marks at the edges of words, so that 2*3*4, and/or, snake_case and /etc/hosts stay.
_PAIR = re.compile(
    r"(?<![\w*_=/:<&\\])(\*\*|[*_=/])(?![*_=/\s])((?:(?!\1)(?:[^<>\n]|<br>)){1,600}?)(?<![\s*_=/(])\1(?![\w*_=/>])"
)
_TAGS = re.compile(r"(<(?!br>)[^<>]*>)")
_SLANTED = re.compile(r"[\w“\"‘’'¿¡(][^/]*[\w.,!?…”\"’'—–-]")
_MOST_SLANTED_WORDS = 25


def emphasise(html: str) -> str:
    """Return inline HTML in which ``*words*``, ``_words_``, ``=words=``, ``/words/`` are emphasis.

    ``**words**`` are strong. Only pairs at the edges of words count; tags and what is inside them stay.

    >>> emphasise('*no*, 2*3*4, and/or, _Who_ are you? <a href="/a/b/">x</a>')
    '<em>no</em>, 2*3*4, and/or, <em>Who</em> are you? <a href="/a/b/">x</a>'
    """
    pieces = _TAGS.split(html)
    return "".join(piece if number % 2 else _PAIR.sub(_emphasised, piece) for number, piece in enumerate(pieces))


def _emphasised(found: re.Match[str]) -> str:
    mark, words = found[1], found[2]
    if not any(c.isalpha() for c in words) or (mark in "/=" and not _reads_as_words(words)):
        return found[0]
    tag = "strong" if mark == "**" else "em"
    inner = _PAIR.sub(_emphasised, words)
    return f"<{tag}>{inner}</{tag}>"


def _reads_as_words(words: str) -> bool:
    """Say whether what stands between slashes or equals signs can be a thought; a path, a date or a sum can't."""
    return bool(_SLANTED.fullmatch(words)) and len(words.split()) <= _MOST_SLANTED_WORDS and not words.isdigit()


def to_html(text: str) -> str:
    r"""Return plain text as clean body HTML.

    Blank lines part paragraphs and single newlines are line breaks. A text that breaks all its lines at the same
    width is
    unwrapped, one that indents paragraphs or begins a line for each is cut there; short lines that are meant (verse,
    letters, chat) become ``div.lines``, lines of marks scene breaks, pairs of marks emphasis.

    >>> to_html("She *knew*.\n\n* * *\n\nLater,\nthat day.")
    '<p>She <em>knew</em>.</p>\n<hr class="scene">\n<p>Later,<br>that day.</p>'
    """
    lines = [line.expandtabs(4).rstrip() for line in controls.strip(text).replace("\u2029", "\n\n").split("\n")]
    layout = _layout(lines)
    written = (_block(block, layout) for block in _blocks(lines, layout))
    return sanitise.clean("\n".join(written))


def from_entry(text: str) -> str:
    r"""Return what somebody typed into a form as clean body HTML: :func:`to_html` with a little of Markdown.

    ``# Title`` (one to four marks) is a heading, ``> words`` a quotation, ``- item`` or ``1. item`` a list,
    ``[words](address)`` a link, ``---`` a scene break. Tags are HTML, and are cleaned as everywhere.

    >>> from_entry("# One\n\n> So *it* goes.\n\n---")
    '<h2>One</h2>\n<blockquote><p>So <em>it</em> goes.</p></blockquote>\n<hr class="scene">'
    """
    blocks = re.split(r"\n[ \t]*\n\s*", controls.strip(text).strip("\n"))
    return sanitise.clean("\n".join(_entry_block(block) for block in blocks if block.strip()))


# -- plain text


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a plain text is laid out: what parts its paragraphs, and whether its lines are broken at a width."""

    blank: bool
    indented: bool
    wrapped: int  # the width, 0 when lines are as long as their paragraphs


_NARROW, _WIDE, _WIDEST = 45, 80, 88
_WRAPPED_SHARE = 0.35
_FEW = 0.03


def _layout(lines: list[str]) -> _Layout:
    full = [line for line in lines if line]
    inner = _without_edges(lines)
    blank = sum(not line for line in inner)
    wrapped = _is_wrapped(full)
    indents = Counter(len(line) - len(line.lstrip()) for line in full)
    indented = sum(count for width, count in indents.items() if 1 <= width <= 8)  # noqa: PLR2004 — wider is centred
    flush = indents[0]
    few_blank = blank * 4 <= len(full)
    return _Layout(
        blank=blank > 0 and not (few_blank and wrapped and indented * 3 >= len(full) // 4 and indented > 2),  # noqa: PLR2004
        indented=indented > 2 and flush > indented // 2 and few_blank,  # noqa: PLR2004 — a habit, not an accident
        wrapped=max(map(len, full)) if wrapped else 0,
    )


def _is_wrapped(full: list[str]) -> bool:
    """Say whether lines are broken at a width: many are about as long, none is longer, few end a sentence."""
    middling = [line for line in full if _NARROW <= len(line) <= _WIDE]
    too_wide = sum(len(line) > _WIDEST for line in full)
    if len(middling) <= _WRAPPED_SHARE * len(full) or too_wide > _FEW * len(full):
        return False
    return sum(line[-1] in ".!?…\"”’'»:" for line in middling) < 0.6 * len(middling)


def _without_edges(lines: list[str]) -> list[str]:
    start = next((n for n, line in enumerate(lines) if line), 0)
    stop = next((n for n in range(len(lines), 0, -1) if lines[n - 1]), 0)
    return lines[start:stop]


def _blocks(lines: list[str], layout: _Layout) -> Iterator[list[str]]:
    """Yield the lines of each paragraph."""
    block: list[str] = []
    for line in lines:
        starts = not line or is_scene_break(line) or _starts_paragraph(line, block, layout)
        if starts and block:
            yield block
            block = []
        if is_scene_break(line):
            yield [line]
        elif line:
            block.append(line)
    if block:
        yield block


def _starts_paragraph(line: str, block: list[str], layout: _Layout) -> bool:
    if not block:
        return False
    if layout.indented:
        return line[0] == " "
    if layout.blank:
        return False
    if layout.wrapped:  # no blank lines, no indents: a short line ended the paragraph
        return len(block[-1]) < layout.wrapped - 16 and block[-1][-1] in ".!?…\"”’'»"
    return True


def _block(block: list[str], layout: _Layout) -> str:
    if len(block) == 1 and is_scene_break(block[0]):
        return SCENE
    if layout.wrapped and not _is_verse(block, layout.wrapped):
        return f"<p>{emphasise(escape(_unwrapped(block)))}</p>"
    lines = [escape(line.strip()) for line in block]
    if len(lines) > 2 and _is_verse(block, layout.wrapped):  # noqa: PLR2004 — two short lines are a paragraph with a break
        return f'<div class="lines">{emphasise("<br>".join(_with_indents(block)))}</div>'
    return f"<p>{emphasise('<br>'.join(lines))}</p>"


def _with_indents(block: list[str]) -> Iterator[str]:
    """Yield the lines of verse, with the spaces that set some of them in."""
    least = min(len(line) - len(line.lstrip()) for line in block)
    for line in block:
        words = line[least:]
        yield "\u00a0" * (len(words) - len(words.lstrip())) + escape(words.strip())


def _is_verse(block: list[str], width: int) -> bool:
    """Say whether lines end where their writer wanted: well before the margin, most of them."""
    margin = width * 0.75 if width else 60
    if len(block) == 1:
        return False
    ends_early = [len(line) < margin for line in block[:-1]]
    return sum(ends_early) >= max(1, 0.7 * len(ends_early))


_HYPHEN = re.compile(r"(?<=[A-Za-z])-$")


def _unwrapped(block: list[str]) -> str:
    words = block[0].strip()
    for line in block[1:]:
        glue = "" if _HYPHEN.search(words) or words.endswith(("--", "—")) else " "
        words += glue + line.strip()
    return words


# -- what somebody typed

_HEADING = re.compile(r"(#{1,4})[ \t]+(\S.*?)[ \t#]*")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|(\d{1,3})[.)])[ \t]+(?=\S)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s<>]{1,2000})\)")


def _entry_block(block: str) -> str:
    lines = block.strip("\n").split("\n")
    if len(lines) == 1 and is_scene_break(block):
        return SCENE
    if len(lines) == 1 and (heading := _HEADING.fullmatch(block.strip())):
        level = min(len(heading[1]) + 1, 6)
        return f"<h{level}>{_entry_words(heading[2])}</h{level}>"
    if all(line.lstrip().startswith(">") for line in lines):
        inner = "\n".join(line.lstrip()[1:].lstrip(" ") for line in lines)
        parts = re.split(r"\n[ \t]*\n\s*", inner.strip("\n"))
        return "<blockquote>" + "".join(_entry_block(part) for part in parts if part.strip()) + "</blockquote>"
    if all(_ITEM.match(line) for line in lines) and len(lines) > 1:
        return _entry_list(lines)
    if re.match(r"\s*</?(?:p|div|blockquote|ul|ol|table|h[1-6]|hr|pre|center)\b", block, re.IGNORECASE):
        return block
    return f"<p>{_entry_words('<br>'.join(line.strip() for line in lines))}</p>"


def _entry_list(lines: list[str]) -> str:
    found = [_ITEM.match(line) for line in lines]
    tag = "ol" if all(item and item[1] for item in found) else "ul"
    items = "".join(
        f"<li>{_entry_words(line[item.end() :])}</li>" for line, item in zip(lines, found, strict=True) if item
    )
    return f"<{tag}>{items}</{tag}>"


def _entry_words(words: str) -> str:
    return _LINK.sub(lambda found: f'<a href="{escape(found[2])}">{found[1]}</a>', emphasise(words))


# -- scene breaks in HTML


@dataclass(frozen=True, slots=True)
class Marked:
    """A body in which scene breaks are rules, and what a person should look at."""

    body: str
    findings: tuple[Finding, ...]


_PARAGRAPH = re.compile(
    r"<(p|div)((?:\s[^<>]*)?)>((?:[^<>]|<br>|</?(?:em|i|b|strong|u|span|small|code)\b[^<>]*>){0,200}?)</\1>"
)
_EMPTY = re.compile(r"<p(?:\s[^<>]*)?>(?:\s|\u00a0|<br>)*</p>")
_RULE = re.compile(r"<hr(?: class=\"(?:align-[a-z]+|large|small)\")?>")
_RARE = 0.12  # empty paragraphs are breaks where at most every eighth paragraph is followed by one


def mark_scene_breaks(body: str) -> Marked:
    """Return a clean body in which paragraphs of marks and bare rules are ``<hr class="scene">``.

    Rare empty paragraphs are *proposed* as breaks: they become rules, and a finding says how many, so that somebody
    looks.

    >>> mark_scene_breaks("<p>One.</p><p>~*~</p><p>Two.</p>").body
    '<p>One.</p><hr class="scene"><p>Two.</p>'
    """
    body = _RULE.sub(SCENE, _PARAGRAPH.sub(_scene_or_same, body))
    empty, every = len(_EMPTY.findall(body)), len(re.findall(r"<p[ >]", body))
    if not empty:
        return Marked(body, ())
    if empty > _RARE * every or every - empty < 4:  # noqa: PLR2004 — too few paragraphs to know what is rare
        return Marked(body, ())
    finding = Finding(
        code="scene-break.proposed",
        where="body",
        evidence=f"{empty} empty paragraphs among {every}",
        suggestion="They look like breaks between scenes and are shown as such. Take them back if they are only space.",
        severity=Severity.INFO,
    )
    return Marked(_EMPTY.sub(SCENE, body), (finding,))


def _scene_or_same(found: re.Match[str]) -> str:
    words = re.sub(r"<[^<>]*>", "", found[3]).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return SCENE if is_scene_break(words) else found[0]
