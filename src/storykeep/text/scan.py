"""HTML cut into text, tags and the rest, in one linear walk that never loses a word.

A browser's tokenizer takes ``<<Buffy, run!>>`` for a tag and swallows it. Here only the names of real elements make a
tag; everything else that starts with ``<`` is text. Comments, declarations and processing instructions that never end
are text as well, because their end would be the end of the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

TEXT, OPEN, CLOSE, DROP = "text", "open", "close", "drop"
TAG_LIMIT = 16_384  # characters in one tag; a longer one keeps its name and loses its attributes

_HTML = (
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br "
    "button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed "
    "fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe "
    "image img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu menuitem meta "
    "meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p param picture plaintext "
    "pre progress q rb rbc rp rt rtc ruby s samp script section select slot small source spacer span strike strong "
    "style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video "
    "wbr xml xmp"
)
NAMES = frozenset(_HTML.split())
_OFFICE = re.compile(
    r"(?:o|w|v|m|x|st1|st2|u\d|dir|place|fb|g|lj|cfif|x-claris[\w-]*|pre|html|svg|xsl)?:[a-z]", re.IGNORECASE
)
_LJ = frozenset({"lj-cut", "lj-embed", "lj-poll", "lj-raw", "lj-spoiler", "lj-user", "lj", "user", "cut"})

_TAG = re.compile(
    r"<(/?+)([A-Za-z][^\s/>]*+)"
    r"((?:[\s/]++|[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+|=)*+)>",
)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*+)")
_COMMENT_END = re.compile(r"--!?>")
_DECLARATION = re.compile(
    r"<!(?:doctype|\[|\w+\s*\[|element|entity|attlist)|<\?(?:xml|php|import|mso)|<!>", re.IGNORECASE
)
_RAW = frozenset({"script", "style", "xml", "svg", "math", "applet", "object_", "template_"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source: ``kind`` is TEXT, OPEN, CLOSE or DROP; ``name`` the element, ``attributes`` the raw words."""

    kind: str
    source: str
    name: str = ""
    attributes: str = ""
    at: int = 0


def scan(html: str) -> Iterator[Piece]:
    """Yield the pieces of ``html`` in order; their ``source`` joined is ``html`` again.

    >>> [p.kind for p in scan("<p>I <3 you")]
    ['open', 'text']
    """
    ends = _Ends(html)
    at = start = 0
    while (at := html.find("<", at)) >= 0:
        piece = _piece(html, at, ends)
        if piece is None:
            at += 1
            continue
        if start < at:
            yield Piece(TEXT, html[start:at], at=start)
        yield piece
        at = start = at + len(piece.source)
    if start < len(html):
        yield Piece(TEXT, html[start:], at=start)


class _Ends:
    """Where the last of each closing mark stands, so that a mark that never closes costs nothing."""

    def __init__(self, html: str) -> None:
        self.lower = html.lower() if html.isascii() else _ascii_lower(html)
        self.tag = html.rfind(">")
        self.comment = max(html.rfind("-->"), html.rfind("--!>"))
        self.raw: dict[str, int] = {}

    def after(self, name: str, at: int) -> int:
        """Return where ``</name`` starts after ``at``, or -1."""
        if name not in self.raw:
            self.raw[name] = self.lower.rfind(f"</{name}")
        return self.lower.find(f"</{name}", at) if self.raw[name] >= at else -1


_LOWER = {code: code + 32 for code in range(65, 91)}


def _ascii_lower(text: str) -> str:
    """Lower-case A-Z only, so that offsets stay what they were (``İ``.lower() is two characters)."""
    return text.translate(_LOWER)


def _piece(html: str, at: int, ends: _Ends) -> Piece | None:
    """Return the tag, comment or declaration that starts at ``at``; None when it is text."""
    if at > ends.tag:
        return None
    mark = html[at + 1 : at + 2]
    if mark in "!?":
        return _aside(html, at, ends)
    found = _NAME.match(html, at)
    if found is None or not known(name := found[1].lower()):
        return None
    tag = _TAG.match(html, at, at + TAG_LIMIT)
    stop = tag.end() if tag else html.find(">", at) + 1
    attributes = tag[3] if tag else ""
    if mark == "/":
        return Piece(CLOSE, html[at:stop], name, at=at)
    if name in _RAW and not attributes.endswith("/") and (end := ends.after(name, stop)) >= 0:
        close = html.find(">", end)
        return Piece(DROP, html[at : close + 1 if close >= 0 else len(html)], name, at=at)
    return Piece(OPEN, html[at:stop], name, attributes, at=at)


def known(name: str) -> bool:
    """Say whether ``name`` (lower case) is an element of HTML, of Word's HTML, or of a journal site.

    >>> known("em"), known("o:p"), known("sarcasm"), known("anna@example.org")
    (True, True, False, False)
    """
    return name in NAMES or (":" in name and _OFFICE.match(name) is not None) or name in _LJ


def _aside(html: str, at: int, ends: _Ends) -> Piece | None:
    """Return the comment, declaration or processing instruction at ``at``, if it has an end."""
    if html.startswith("<!--", at):
        stop = _comment_stop(html, at, ends)
    elif _DECLARATION.match(html, at):
        stop = html.find(">", at) + 1
    else:
        return None
    return Piece(DROP, html[at:stop], at=at) if stop > 0 else None


def _comment_stop(html: str, at: int, ends: _Ends) -> int:
    if html.startswith(("<!-->", "<!--->"), at):
        return html.index(">", at) + 1
    if at > ends.comment:
        return -1
    found = _COMMENT_END.search(html, at + 4)
    return found.end() if found else -1
