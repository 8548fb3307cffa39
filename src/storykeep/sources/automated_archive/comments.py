"""The comments that readers left under a story: ``archive/<Location>_cmt.html``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from lxml.html import HtmlElement

from storykeep.sources import prose
from storykeep.sources.pages import dates
from storykeep.sources.privacy import ADDRESS
from storykeep.text import markup
from storykeep.text.decode import decode

_FROM = re.compile(r"(?:From|Name|Posted by|By|Author)\s*:\s*(.+?)(?=\s*(?:\n|Date\s*:|E-?mail\s*:|$))", re.IGNORECASE)
_DATE = re.compile(r"(?:Date|Posted|On)\s*:\s*(.+?)(?=\n|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comment:
    """What one reader said."""

    name: str
    date: str
    body: str


def comments(data: bytes) -> Iterator[Comment]:
    """Yield the comments on a saved page of comments, in order."""
    tree = markup.parse(decode(data).text)
    for row in tree.iter("tr"):
        cells = [cell for cell in row if isinstance(cell.tag, str) and cell.tag in ("td", "th")]
        if len(cells) >= 2 and not any(True for _ in row.iter("table")):  # noqa: PLR2004 — who, and what
            head = _text(cells[0])
            if found := _FROM.search(head):
                yield _comment(found[1], head, "".join(_inner(cell) for cell in cells[1:]))
        elif len(cells) == 1 and _FROM.search(_text(cells[0])) and _DATE.search(_text(cells[0])):
            yield from _in_one_cell(cells[0])


def _in_one_cell(cell: HtmlElement) -> Iterator[Comment]:
    """Yield the comment in a cell that holds who, when and what: the words start behind the line of the date."""
    lines = _text(cell).split("\n")
    last = max((number for number, line in enumerate(lines) if _FROM.search(line) or _DATE.search(line)), default=0)
    words = "<br>".join(escape(line, quote=False) for line in lines[last + 1 :])
    found = _FROM.search("\n".join(lines))
    if found and words.strip():
        yield _comment(found[1], "\n".join(lines), words)


def _comment(name: str, head: str, body: str) -> Comment:
    found = _DATE.search(head)
    bare = re.sub(r"\s*[(<\[]\s*[)>\]]\s*", "", ADDRESS.sub("", name)).strip(" ,;-\n")
    return Comment(bare, dates.iso(found[1]) if found else "", prose.short_prose(body))


def _text(cell: HtmlElement) -> str:
    """Return the words of a cell, its own line ends and ``<br>`` kept."""
    source = re.sub(r"<br\s*/?>", "\n", markup.serialise(cell), flags=re.IGNORECASE)
    return "\n".join(line.strip() for line in markup.parse(source).text_content().split("\n") if line.strip())


def _inner(cell: HtmlElement) -> str:
    whole = markup.serialise(cell)
    return re.sub(r"^<t[dh]\b[^>]*>|</t[dh]>\s*$", "", whole, flags=re.IGNORECASE)
