"""Words from a database, a mail or a journal become the clean body of a chapter, with every repair as a step.

The tree is flattened to lines and woven to paragraphs by the same rules that read saved pages. Repairs come last and
work on the clean body: so undoing the steps gives the words as they were saved.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from storykeep.model.errors import TooLarge
from storykeep.model.provenance import Finding, Severity, Step
from storykeep.sources.pages import flow, weave
from storykeep.sources.privacy import masked, masked_story
from storykeep.text import markup, sanitise, typography
from storykeep.text.decode import decode
from storykeep.text.lint import look_at_body
from storykeep.text.repair import repair

_SLASHED = re.compile(r"\\+(?=['\"“”‘’])")
_INLINE = re.compile(
    r"</?(?:b|i|u|em|strong|font|span|a|sup|sub|small|big|center|s|strike|tt|br|p|div)\b[^<>]*>", re.IGNORECASE
)
_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"[A-Za-z0-9 .,:;!'\"()+-]{0,4000}")
"""Text in which there is nothing to mend, to clean or to mask."""
_BREAK = re.compile(r"<\s*(?:br|p)\b", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|div)(?: class=\"[a-z -]*\")?>(?:\s|\u00a0|<br>)*</\1>")
_SCENES = re.compile(r"<hr class=\"scene\">(?:\s*<hr class=\"scene\">)+")
_BLANK_LINES = re.compile(r"\n\s*\n+")
_BROKEN = re.compile(r"<p>((?:(?!</?p\b)[^\n])*<br>(?:(?!</?p\b)[^\n])*)</p>")
_VERSE = 70  # letters of a line that may be verse
_ESCAPED_TWICE = "a quotation mark was escaped once too often"


@dataclass(frozen=True, slots=True)
class Prose:
    """A clean body; undoing ``steps`` on it gives the words as they were saved."""

    body: str = ""
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()


def story_prose(source: str, *, known: Collection[str] = (), where: str = "") -> Prose:
    r"""Return the words of a story from HTML. ``known`` are e-mail addresses (lower case) that must not be shown.

    >>> story_prose("One<br><br>Two").body
    '<p>One</p>\n<p>Two</p>'
    """
    try:
        body = _woven(source)
    except TooLarge as error:
        return _too_large(error, where)
    told = _told(body, known, where)
    return Prose(told.body, told.steps, (*told.findings, *_looked_at(told.body, where)))


def document_prose(source: str, *, known: Collection[str] = (), where: str = "") -> Prose:
    """Return the words of a story from a document, whose headings, tables, lists and footnotes stay as they are.

    >>> document_prose("<h3>Ice</h3><p>One</p><p align=center>* * *</p><p></p><p>Two</p>").body.count("<hr")
    1
    """
    try:
        marked = typography.mark_scene_breaks(sanitise.clean(source))
    except TooLarge as error:
        return _too_large(error, where)
    told = _told(_calmed(marked.body), known, where)
    return Prose(told.body, told.steps, (*marked.findings, *told.findings))


def _looked_at(body: str, where: str) -> tuple[Finding, ...]:
    """Return what lint sees in a chapter that no page reader has seen: an end in mid-sentence, codes of a forum."""
    found = (one for one in look_at_body(body) if one.code in _WORTH_A_LOOK)
    return tuple(
        replace(one, where=f"{where}, {one.where}".strip(", "), evidence=masked(one.evidence)) for one in found
    )


_WORTH_A_LOOK = frozenset(
    ("text.truncated", "chapter.one-paragraph", "markup.bbcode", "markup.tags-as-text", "encoding.lost")
)


def _calmed(body: str) -> str:
    """Return a body without empty paragraphs, repeated scene breaks, and scene breaks at its ends."""
    body = _SCENES.sub(typography.SCENE, _EMPTY.sub("", body)).strip()
    body = body.removeprefix(typography.SCENE).removesuffix(typography.SCENE).strip()
    if "<pre" in body:
        return body
    return _BROKEN.sub(_lines, _BLANK_LINES.sub("\n", body.replace("<br>\n", "<br>")))


def _lines(found: re.Match[str]) -> str:
    """Return verse, a letter's head or a chat line by line; a paragraph that a break only divides stays as it is."""
    lines = re.sub(r"<[^<>]*>", "", found[1].replace("<br>", "\n")).split("\n")
    short = all(0 < len(line.strip()) <= _VERSE for line in lines)
    return f'<div class="lines">{found[1]}</div>' if short else found[0]


def _too_large(error: TooLarge, where: str) -> Prose:
    return Prose(findings=(Finding(code=error.code, where=where, evidence=str(error), severity=Severity.LOSS),))


def _told(body: str, known: Collection[str], where: str) -> Prose:
    """Return a clean body repaired, the addresses of real people taken out."""
    mended = _repaired(body)
    clear, fictional = masked_story(mended.body, known)
    if clear != mended.body:
        mended = Prose(clear, findings=mended.findings)  # steps would bring the address back
    return Prose(mended.body, mended.steps, (*mended.findings, *_in_text(fictional, where)))


def short_prose(source: str) -> str:
    """Return a summary, a note, a review or a biography as clean HTML, without e-mail addresses.

    >>> short_prose("I <3 this; write to a@b.org")
    '<p>I &lt;3 this; write to [address kept private]</p>'
    """
    if not source.strip():
        return ""
    if _PLAIN.fullmatch(source):
        return f"<p>{' '.join(source.split())}</p>"
    try:
        return masked(_repaired(_woven(source)).body)
    except TooLarge:
        return ""


def line(source: str) -> str:
    """Return a title, a name or a tag as one line of plain text: entities read, simple marks gone, letters mended.

    >>> line("The <i>Other</i> Side &amp; <script>")
    'The Other Side & <script>'
    """
    if _PLAIN.fullmatch(source):
        return " ".join(source.split())
    plain = entities.unescape(_INLINE.sub(" " if _BREAK.search(source) else "", source))
    return masked(_SPACES.sub(" ", _SLASHED.sub("", repair(plain).text)).strip())


def inline_lines(source: str) -> tuple[str, ...]:
    """Return the visible lines of HTML, each as inline HTML.

    >>> inline_lines("<b>Title:</b> Salt<br>Rating: PG")
    ('<strong>Title:</strong> Salt', 'Rating: PG')
    """
    return tuple(found.html for found in flow.lines(markup.parse(source)) if found.html)


def read_bytes(value: bytes, declared: str = "") -> str:
    """Return the text of one value: every value is decoded on its own, because one dump mixes encodings."""
    return decode(value, declared=declared).text


def newlines_to_breaks(text: str) -> str:
    """Return text in which every newline is a ``<br>``."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>\n")


def _woven(source: str) -> str:
    tree = markup.parse(source)
    return sanitise.clean(weave.to_html(weave.weave(flow.lines(tree))))


def _repaired(body: str) -> Prose:
    mended = repair(body)
    steps, gone = list(mended.steps), 0
    for found in _SLASHED.finditer(mended.text):
        steps.append(
            Step(code="repair.slash", at=found.start() - gone, before=found[0], after="", reason=_ESCAPED_TWICE)
        )
        gone += len(found[0])
    return Prose(_SLASHED.sub("", mended.text) if gone else mended.text, tuple(steps), mended.findings)


def _in_text(fictional: tuple[str, ...], where: str) -> tuple[Finding, ...]:
    if not fictional:
        return ()
    found = Finding(
        code="email.in-text",
        where=where,
        evidence=f"{len(fictional)} address{'es' if len(fictional) > 1 else ''} that look like part of the story",
        suggestion="Is this fiction? If it is a real person's address, hide it.",
    )
    return (found,)
