"""Markdown to HTML by markdown-it-py (CommonMark), with the footnotes that writers use."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

_DEFINED = re.compile(
    r"^\[\^(?P<name>[^\]\s]{1,60})\]:[ \t]*(?P<words>[^\n]*(?:\n(?:[ \t]{2,}|\t)[^\n]+)*)\n?", re.MULTILINE
)
_CALLED = re.compile(r"\[\^([^\]\s]{1,60})\]")
_HEADING = re.compile(r"^#{1,3} |\Z", re.MULTILINE)


def to_html(text: str) -> str:
    r"""Return a text as HTML; raw HTML in it stays, and is cleaned with the rest.

    >>> to_html("# Ice\n\nOne *two*.").split()
    ['<h1>Ice</h1>', '<p>One', '<em>two</em>.</p>']
    """
    maker = MarkdownIt("commonmark", {"html": True, "maxNesting": 60}).enable(["table", "strikethrough"])
    return str(maker.render(_with_notes(text)))


def _with_notes(text: str) -> str:
    """Put each footnote below the chapter that calls it, with a link there and back."""
    notes = {found["name"]: " ".join(found["words"].split()) for found in _DEFINED.finditer(text)}
    if not notes:
        return text
    text = _DEFINED.sub("", text)
    numbers: dict[str, int] = {}
    out: list[str] = []
    start = 0
    for end in (found.start() for found in _HEADING.finditer(text)):
        if end > start or end == len(text):
            out.append(_chapter(text[start:end], notes, numbers))
            start = end
    return "".join(out)


def _chapter(text: str, notes: dict[str, str], numbers: dict[str, int]) -> str:
    called: list[str] = []

    def call(found: re.Match[str]) -> str:
        name = found[1]
        if name not in notes or name in numbers:
            return found[0]
        numbers[name] = len(numbers) + 1
        called.append(name)
        return f'<a id="call{numbers[name]}" href="#note{numbers[name]}"><sup>{numbers[name]}</sup></a>'

    text = _CALLED.sub(call, text)
    below = "".join(
        f'\n\n<a id="note{numbers[name]}" href="#call{numbers[name]}">{numbers[name]}</a>. {notes[name]}\n\n'
        for name in called
    )
    return text + below
