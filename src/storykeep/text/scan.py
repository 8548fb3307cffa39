"""HTML cut into text, tags and the rest, in one linear walk that never loses a word.

A browser's tokenizer takes ``<<Buffy, run!>>`` for a tag and swallows it. Here only the names of real elements make a
tag, and only when what follows the name looks like attributes: ``<I hear you>`` is a thought, not italics. Comments,
declarations and scripts that never end are text as well, because their end would be the end of the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

TEXT, OPEN, CLOSE, DROP, PARAGRAPH, BREAKS = "text", "open", "close", "drop", "paragraph", "breaks"
TAG_LIMIT = 16_384  # characters in one tag; a longer one keeps its name and loses its attributes

NAMES = frozenset(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body "
    "br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em "
    "embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i "
    "iframe image img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu "
    "menuitem meta "
    "meter multicol nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext "
    "pre progress q rb rbc rp rt rtc ruby s samp script section select small source span strike strong "
    "style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video "
    "wbr xml xmp lj-cut lj-embed lj-poll lj-raw lj-spoiler lj-user lj".split()
)
"""Elements of HTML from 1993 to now, and of journal sites."""

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr image img input isindex keygen link meta param source track "
    "wbr".split()
)
"""Elements that have no end."""

# Word and its friends put names with a colon into pages; a thought such as <Buffy:run> has another word before it.
_OFFICE = re.compile(r"(?:o|w|v|m|x|g|lj|fb|u\d|st\d|pre|html|svg|xsl|v?ml)?:[a-z][\w.-]*\Z|x-claris[\w-]*\Z")

_TAG = re.compile(
    r"<(/?+)([A-Za-z][^\s/>]*+)"
    r"((?:[\s/]++|[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+|=)*+)>",
)
_SIMPLE = re.compile(r"</?+[A-Za-z][A-Za-z0-9]{0,9}+>")
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*+)")
_BARE = re.compile(r"[\s/]++([A-Za-z][\w-]*+)(?=[\s/]|\Z)|\S")
# Attributes that pages of all ages carry without a value.
_BOOLEAN = frozenset(
    "align alt async autofocus autoplay border checked clear color compact controls declare default defer disabled "
    "face frameborder height hidden href id ismap itemscope lang language loop multiple muted name nohref noresize "
    "noshade novalidate nowrap open readonly required reversed selected size src style target title type valign "
    "value width "
    "class content scope".split()
)
# A whole paragraph with nothing unusual in it: nine in ten of all stories.
_PLAIN_PARAGRAPH = re.compile(r"<p>(?=[^\s<>])(?:[^<>]++|<br>|<(em|i|b|strong)>[^\s<>][^<>]*+</\1>)++</p>")
_BREAKS = re.compile(r"<br>(?:[ \n]*+<br>)++")
_COMMENT_END = re.compile(r"--!?>")
_DECLARATION = re.compile(
    r"<!(?:doctype\b|\[|element\b|entity\b|attlist\b)|<\?(?:xml|php|import|mso)|<!>", re.IGNORECASE
)
_UNSEEN = frozenset(("script", "style", "svg", "math", "template", "xml"))  # no reader ever saw what is inside


# Elements that do nothing without an attribute, and elements that do nothing without an end: alone, both are words
# that somebody put into brackets (“here: <link>”, “<time> passes”).
_NOTHING_ALONE = frozenset("area base basefont bgsound embed frame link meta param source track".split())
_ALSO_WORDS = frozenset("button data dialog label mark output picture time".split())


class Piece(NamedTuple):
    """A stretch of the source: ``kind`` is TEXT, OPEN, CLOSE or DROP, ``at`` its offset.

    ``name`` is the element in lower case, ``attributes`` the raw words between the name and the ``>``.
    """

    kind: str
    source: str
    at: int
    name: str = ""
    attributes: str = ""


def scan(html: str, *, paragraphs: bool = False) -> Iterator[Piece]:
    """Yield the pieces of ``html`` in order; their sources joined are ``html`` again. Time is linear in its length.

    With ``paragraphs``, a plain paragraph is one piece (of kind PARAGRAPH), because most of a story is that, and so
    are several line breaks (BREAKS).

    >>> [piece.kind for piece in scan("<p>I <3 you, <I hear you>")]
    ['open', 'text']
    """
    ends = _Ends(html)
    at = start = 0
    while (at := html.find("<", at)) >= 0:
        if at >= ends.tag:
            break
        simple = _SIMPLE.match(html, at)
        what = _simple(simple[0]) if simple else None
        if what and what[1] in _ALSO_WORDS and ends.of(what[1], at) < 0:
            at += 1
            continue
        piece: Piece | None
        if simple and what:
            whole = paragraphs and what in _WHOLE and _whole(html, at)
            piece = whole or Piece(what[0], simple[0], at, what[1])
        else:
            piece = _piece(html, at, ends)
        if piece is None:
            at += 1
            continue
        if start < at:
            yield Piece(TEXT, html[start:at], start)
        yield piece
        at = start = at + len(piece.source)
    if start < len(html):
        yield Piece(TEXT, html[start:], start)


def known(name: str) -> bool:
    """Say whether ``name`` (lower case) is an element of HTML, of Word's HTML, or of a journal site.

    >>> known("em"), known("o:p"), known("sarcasm"), known("anna@example.org")
    (True, True, False, False)
    """
    return name in NAMES or _OFFICE.match(name) is not None


class _Ends:
    """Where the last of each closing mark stands, so that looking for one that never comes costs nothing."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.lower = ""
        self.tag = html.rfind(">")
        self.comment = max(html.rfind("-->"), html.rfind("--!>"))
        self.last: dict[str, int] = {}

    def of(self, name: str, at: int) -> int:
        """Return where ``</name`` starts after ``at``, or -1."""
        self.lower = self.lower or self.html.translate(_LOWER)
        if name not in self.last:
            self.last[name] = self.lower.rfind(f"</{name}")
        return self.lower.find(f"</{name}", at) if self.last[name] >= at else -1


# Only A-Z, so that every offset stays: "İ".lower() is two characters.
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


_WHOLE = frozenset(((OPEN, "p"), (OPEN, "br")))


def _whole(html: str, at: int) -> Piece | None:
    """Return the plain paragraph, or the line breaks, that start at ``at``."""
    if html.startswith("<p>", at):
        plain = _PLAIN_PARAGRAPH.match(html, at)
        return Piece(PARAGRAPH, plain[0], at) if plain else None
    breaks = _BREAKS.match(html, at) if html.startswith("<br>", at) else None
    return Piece(BREAKS, breaks[0], at) if breaks else None


def _piece(html: str, at: int, ends: _Ends) -> Piece | None:
    """Return the tag, comment or declaration that starts at ``at``; None when it is text."""
    if html[at + 1] in "!?":
        return _aside(html, at, ends)
    tag = _TAG.match(html, at, at + TAG_LIMIT)
    return _tag(html, at, tag, ends) if tag else _oversized(html, at)


def _tag(html: str, at: int, tag: re.Match[str], ends: _Ends) -> Piece | None:
    """Return a tag with attributes, or all of an element that no reader sees; None when it is prose."""
    slash, name, attributes = tag[1], tag[2].lower(), tag[3]
    if not known(name) or (_is_prose(attributes) if attributes else name in _NOTHING_ALONE):
        return None
    if slash:
        return Piece(CLOSE, tag[0], at, name)
    if name in _UNSEEN and not attributes.endswith("/") and (end := ends.of(name, tag.end())) >= 0:
        stop = html.find(">", end) + 1 or len(html)
        return Piece(DROP, html[at:stop], at, name)
    return Piece(OPEN, tag[0], at, name, attributes)


@lru_cache(maxsize=1_024)
def _simple(tag: str) -> tuple[str, str] | None:
    """Return what a tag without attributes is, and of which element; None when it takes more to know."""
    name = tag.strip("</>").lower()
    if not known(name) or name in _UNSEEN or name in _NOTHING_ALONE:
        return None
    return CLOSE if tag[1] == "/" else OPEN, name


def _oversized(html: str, at: int) -> Piece | None:
    """Return a tag that is too long or has a quote that never closes, without its attributes."""
    found = _NAME.match(html, at, at + 64)
    if found is None or not known(found[1].lower()):
        return None
    source = html[at : html.index(">", at) + 1]
    return Piece(CLOSE if source[1] == "/" else OPEN, source, at, found[1].lower())


def _is_prose(attributes: str) -> bool:
    """Say whether what follows a tag's name are words, not attributes: ``hear you`` in ``<I hear you>``."""
    if "=" in attributes:
        return False
    return any((word[1] or "?").lower() not in _BOOLEAN for word in _BARE.finditer(attributes) if word[0] != "/")


def _aside(html: str, at: int, ends: _Ends) -> Piece | None:
    """Return the comment, declaration or processing instruction at ``at``, if it has an end."""
    if html.startswith("<!--", at):
        stop = _comment_stop(html, at, ends)
    elif _DECLARATION.match(html, at):
        stop = html.index(">", at) + 1
    else:
        return None
    return Piece(DROP, html[at:stop], at) if stop else None


def _comment_stop(html: str, at: int, ends: _Ends) -> int:
    """Return where the comment that starts at ``at`` is over, 0 when it never is."""
    if html.startswith(("<!-->", "<!--->"), at):
        return html.index(">", at) + 1
    found = _COMMENT_END.search(html, at + 4) if at + 4 <= ends.comment else None
    return found.end() if found else 0
