"""A text as a reader sees it, each character knowing where it stands in the source.

Repairs look at words and their neighbours; tags would stand between them. In a view the tags are gone: blocks and
``<br>`` have become newlines, and an edit in the view becomes a Step in the source, unless a tag runs through it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from storykeep.model.provenance import Step
from storykeep.text.markup import BLOCKS
from storykeep.text.scan import CLOSE, DROP, OPEN, TEXT, scan


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the view's words from ``start`` up to ``end``. ``code`` is the repair's, ``reason`` is for people."""

    start: int
    end: int
    after: str
    code: str
    reason: str
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class View:
    """``words`` without tags; its parts begin at ``starts``, and at ``sources`` in ``text`` (-1: nowhere)."""

    text: str
    words: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    html: bool

    def source(self, start: int, end: int) -> int:
        """Return where the words from ``start`` up to ``end`` stand in the source; -1 when a tag runs through them."""
        part = bisect_right(self.starts, start) - 1
        if part < 0 or self.sources[part] < 0:
            return -1
        limit = self.starts[part + 1] if part + 1 < len(self.starts) else len(self.words)
        return self.sources[part] + start - self.starts[part] if end <= limit else -1


def view(text: str, *, html: bool) -> View:
    r"""Return the view of a plain text or of HTML.

    >>> view("<p>One <b>two</b><p>three", html=True).words
    '\n\nOne two\n\nthree'
    """
    if not html:
        return View(text, text, (0,), (0,), html)
    words: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    length = 0
    for piece in scan(text):
        seen = piece.source.replace("\n", " ") if piece.kind == TEXT else _gap(piece.kind, piece.name)
        if seen:
            words.append(seen)
            starts.append(length)
            sources.append(piece.at if piece.kind == TEXT else -1)
            length += len(seen)
    return View(text, "".join(words), tuple(starts), tuple(sources), html)


def is_html(text: str) -> bool:
    """Say whether a text has a tag in it.

    >>> is_html("I <3 <g> you"), is_html("I love<br>you")
    (False, True)
    """
    return "<" in text and any(piece.kind in (OPEN, CLOSE, DROP) for piece in scan(text))


def steps(seen: View, edits: Iterable[Edit]) -> tuple[str, list[Step]]:
    """Return the text with ``edits`` made, and the steps that say so, in order. Edits must not overlap."""
    out: list[str] = []
    made: list[Step] = []
    done = shift = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        at = seen.source(edit.start, edit.end)
        stop = at + edit.end - edit.start
        if at < done:
            continue
        before = seen.text[at:stop]
        out += (seen.text[done:at], edit.after)
        step = Step(
            code=edit.code,
            at=at + shift,
            before=before,
            after=edit.after,
            confidence=edit.confidence,
            reason=edit.reason,
        )
        made.append(step)
        done, shift = stop, shift + len(edit.after) - len(before)
    out.append(seen.text[done:])
    return "".join(out), made


def _gap(kind: str, name: str) -> str:
    if kind == DROP or (name not in BLOCKS and name not in ("br", "hr")):
        return ""
    return "\n" if name == "br" else "\n\n"
