"""A text as a reader sees it, each character knowing where it stands in the source.

Repairs look at words and their neighbours; tags would stand between them. In a view the tags are gone: blocks and
``<br>`` have become newlines, and an edit in the view becomes a Step in the source, unless a tag runs through it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storykeep.model.provenance import Step
from storykeep.text.markup import BLOCKS
from storykeep.text.references import REFERENCE, unescape
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
    """``words`` without tags, with references resolved, in parts.

    A part begins at ``starts`` in the words and stands between ``sources`` and ``stops`` in ``text``; a part that is as
    long there is text, another a reference. Newlines that stand for tags have source -1.
    """

    text: str
    words: str
    starts: tuple[int, ...]
    sources: tuple[int, ...]
    stops: tuple[int, ...]
    html: bool

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the words from ``start`` up to ``end`` stand in the source; None when a tag is between."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, max(start, end - 1)) - 1, first)
        if not self.starts or any(self.sources[part] < 0 for part in range(first, last + 1)):
            return None
        if any(self.stops[part] != self.sources[part + 1] for part in range(first, last)):
            return None
        at, stop = self._place(first, start), self._place(last, end)
        return None if at < 0 or stop < 0 else (at, stop)

    def _place(self, part: int, at: int) -> int:
        """Return the source of the place ``at`` in a part; -1 when it is inside a reference."""
        offset = at - self.starts[part]
        length = (self.starts[part + 1] if part + 1 < len(self.starts) else len(self.words)) - self.starts[part]
        if length == self.stops[part] - self.sources[part]:
            return self.sources[part] + offset
        return {0: self.sources[part], length: self.stops[part]}.get(offset, -1)


def view(text: str, *, html: bool) -> View:
    r"""Return the view of a plain text or of HTML.

    >>> view("<p>One <b>two</b><p>caf&eacute;", html=True).words
    '\n\nOne two\n\ncafé'
    """
    if not html:
        return View(text, text, (0,), (0,), (len(text),), html)
    words: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    length = 0
    for seen, source, stop in _parts(text):
        words.append(seen)
        starts.append(length)
        places.append((source, stop))
        length += len(seen)
    sources, stops = (tuple(side) for side in zip(*places, strict=True)) if places else ((), ())
    return View(text, "".join(words), tuple(starts), sources, stops, html)


def _parts(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield what is seen of each part of an HTML text, and where it stands."""
    for piece in scan(text):
        if piece.kind != TEXT:
            if gap := _gap(piece.kind, piece.name):
                yield gap, -1, -1
        elif "&" not in piece.source:
            yield piece.source.replace("\n", " "), piece.at, piece.at + len(piece.source)
        else:
            yield from _resolved(piece.source, piece.at)


def _resolved(source: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Yield the parts of words that hold references."""
    done = 0
    for found in REFERENCE.finditer(source):
        meant = unescape(found[0])
        if not meant or meant == found[0]:
            continue
        if done < found.start():
            yield source[done : found.start()].replace("\n", " "), at + done, at + found.start()
        yield meant, at + found.start(), at + found.end()
        done = found.end()
    if done < len(source):
        yield source[done:].replace("\n", " "), at + done, at + len(source)


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
        place = seen.span(edit.start, edit.end)
        if place is None or place[0] < done:
            continue
        at, stop = place
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
