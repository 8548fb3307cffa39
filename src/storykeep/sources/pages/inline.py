"""Pieces of a line cut at places of its plain words, with the marks around them kept whole."""

from __future__ import annotations

import re
from html import escape, unescape

_TOKEN = re.compile(r"<(/?)(\w+)([^>]*)>|&[#\w]+;|[^<&]+|[<&]", re.DOTALL)


def cut(html: str, start: int, stop: int | None = None) -> str:
    """Return the words ``start`` to ``stop`` (offsets in the plain text) of inline HTML, marks closed and reopened.

    >>> cut("<strong>Notes:</strong> For <em>you</em>", 7)
    'For <em>you</em>'
    """
    runs = runs_of(html)
    out: list[tuple[str, tuple[str, ...]]] = []
    at = 0
    for words, marks in runs:
        end = at + len(words)
        low, high = max(start, at), min(end, stop if stop is not None else end)
        if low < high:
            out.append((words[low - at : high - at], marks))
        at = end
    return nested(_stripped(out))


def _stripped(runs: list[tuple[str, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    while runs and not runs[0][0].strip():
        runs = runs[1:]
    while runs and not runs[-1][0].strip():
        runs = runs[:-1]
    if runs:
        runs[0] = (runs[0][0].lstrip(), runs[0][1])
        runs[-1] = (runs[-1][0].rstrip(), runs[-1][1])
    return runs


def runs_of(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return (words, open marks) for each stretch of inline HTML; marks as written between the angles."""
    open_marks: list[str] = []
    out: list[tuple[str, tuple[str, ...]]] = []
    for token in _TOKEN.finditer(html):
        if token[2] is None:
            words = unescape(token[0])
            if out and out[-1][1] == tuple(open_marks):
                out[-1] = (out[-1][0] + words, out[-1][1])
            else:
                out.append((words, tuple(open_marks)))
        elif token[1]:
            if token[2] in [mark.split()[0] for mark in open_marks]:
                while open_marks.pop().split()[0] != token[2]:
                    pass
        elif token[2] == "br":
            out.append(("\n", tuple(open_marks)))
        else:
            open_marks.append((token[2] + token[3]).strip())
    return out


def plain(html: str) -> str:
    """Return the words of inline HTML; ``<br>`` is a newline."""
    return "".join(words for words, _ in runs_of(html))


def nested(pieces: list[tuple[str, tuple[str, ...]]]) -> str:
    """Return the pieces as HTML with as few tags as will do, nested properly.

    >>> nested([("a ", ("em",)), ("b", ("em", "strong")), (" c", ())])
    '<em>a <strong>b</strong></em> c'
    """
    out: list[str] = []
    open_marks: tuple[str, ...] = ()
    for words, wanted in pieces:
        # a lone space needs no marks of its own
        marks = wanted if words.strip() else wanted[: _common(open_marks, wanted)]
        shared = _common(open_marks, marks)
        out.extend(f"</{mark.split()[0]}>" for mark in reversed(open_marks[shared:]))
        out.extend(f"<{mark}>" for mark in marks[shared:])
        open_marks = marks
        out.append(escape(words, quote=False).replace("\n", "<br>"))
    out.extend(f"</{mark.split()[0]}>" for mark in reversed(open_marks))
    return "".join(out)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
