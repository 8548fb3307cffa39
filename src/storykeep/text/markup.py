"""Saved HTML parsed without losing text, and HTML turned into plain text.

lxml with ``huge_tree`` reads the pages, because default lxml stops without a word at 254 open elements and at text of
10 MB; and because even ``huge_tree`` stops at 2,046 open elements, the nesting is bounded before
(docs/explain/decisions/0002-html-parser.md).
"""

from __future__ import annotations

import re

import lxml.html
from lxml import etree

from storykeep.text import controls
from storykeep.text.references import unescape
from storykeep.text.scan import DROP, OPEN, TEXT, VOID, Piece, scan

DEPTH = 500  # open elements in a tree; deeper blocks become paragraphs, deeper inline elements are dropped

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav noframes ol optgroup "
    "option p pre section summary table tbody td tfoot th thead title tr ul xmp".split()
)
"""Elements that begin on a new line."""

_VERBATIM = frozenset(("pre", "listing", "xmp", "textarea"))
_SPACES = re.compile(r"[ \t\n\f]+")
_EDGES = re.compile(r"(?<![ \t])[ \t]*+\n[ \t]*+")
_BLANKS = re.compile(r"\n{3,}")


def parse(html: str) -> lxml.html.HtmlElement:
    """Return the tree of a whole page. No text is lost, whatever the nesting or the size; nothing is fetched.

    >>> parse("<p>I <3 you, <<Buffy>>").text_content()
    'I <3 you, <<Buffy>>'
    """
    # A parser belongs to one thread, and making one costs microseconds.
    parser = lxml.html.HTMLParser(huge_tree=True, no_network=True, encoding="utf-8", remove_pis=True)
    source = bounded(controls.strip(html))
    # lxml refuses a page without an element: only comments, only stray end tags, nothing at all.
    if not any(piece.kind == OPEN or (piece.kind == TEXT and piece.source.strip()) for piece in scan(source)):
        source += "<html><body></body></html>"
    return lxml.html.document_fromstring(source.encode(), parser=parser, ensure_head_body=True)


def bounded(html: str) -> str:
    """Return ``html`` of which no parser loses text.

    In it, ``<`` is a tag or ``&lt;``, no element swallows the rest of the page because it never ends, and no more than
    DEPTH elements are open at once.

    >>> bounded("<title>Still Point<p>I <g> know")
    '<p>Still Point<p>I &lt;g&gt; know'
    """
    out: list[str] = []
    nesting = _Nesting()
    endless = _endless(html)
    for piece in scan(html):
        if piece.kind == TEXT:
            out.append(piece.source.replace("<", "&lt;").replace(">", "&gt;"))
        elif piece.kind == DROP:
            out.append(piece.source)
        elif piece.name in endless:
            begins = piece.kind == OPEN and piece.name == "title" and not piece.attributes.endswith("/")
            out.append("<p>" if begins else "")
        else:
            out.append(nesting.opened(piece) if piece.kind == OPEN else nesting.closed(piece))
    return "".join(out)


def plain(html: str) -> str:
    r"""Return the words of ``html``, a line for each ``<br>``, a blank line between blocks.

    >>> plain("<p>One<br>two &amp; three</p><p>Four</p>")
    'One\ntwo & three\n\nFour'
    """
    out: list[str] = []
    verbatim = False
    for piece in scan(controls.strip(html)):
        if piece.kind == TEXT:
            words = unescape(piece.source)
            out.append(words if verbatim else _SPACES.sub(" ", words))
        elif piece.kind != DROP:
            if piece.name in _VERBATIM:
                verbatim = piece.kind == OPEN
            out.append("\n" if piece.name == "br" else "\n\n" if piece.name in BLOCKS else "")
    return _BLANKS.sub("\n\n", _EDGES.sub("\n", "".join(out))).strip(" \t\n")


def serialise(element: etree._Element) -> str:
    """Return an element with its tags as HTML, without what follows it."""
    return str(lxml.html.tostring(element, encoding="unicode", with_tail=False))


# Elements whose end tags pages leave out, and whose next one ends them in libxml2 as well.
_IMPLIED_END = frozenset("p li td th tr tbody option colgroup".split())
# Elements that end each other in browsers but not in libxml2, and the elements that keep them apart.
_TERMS = frozenset(("dd", "dt"))
_APART = frozenset("dl table blockquote ul ol".split())
# Elements in which a parser takes everything for text until their end tag comes.
_SWALLOWING = ("title", "textarea", "xmp", "script", "style")
_ALWAYS_OPENED = frozenset(("noframes", "noembed", "iframe", "plaintext", "noscript"))  # what is inside are tags to us


class _Nesting:
    """Which elements are open, as a parser would count them."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.count: dict[str, int] = {}
        self.dropped: dict[str, int] = {}

    def opened(self, piece: Piece) -> str:
        """Return what to write for a start tag: the tag, or what stands for it when too many elements are open."""
        name = piece.name
        if name in VOID or name in _IMPLIED_END:
            return piece.source
        ended = self._ended_by(name) if name in _TERMS else ""
        if len(self.open) >= DEPTH:
            self.dropped[name] = self.dropped.get(name, 0) + 1
            return "<p>" if name in BLOCKS else ""
        self.open.append(name)
        self.count[name] = self.count.get(name, 0) + 1
        return ended + piece.source

    def _ended_by(self, name: str) -> str:
        """Return the end tag of the term or description that a new one ends."""
        for before in reversed(self.open):
            if before in _TERMS:
                self._end(before)
                return f"</{before}>"
            if before in _APART:
                break
        return ""

    def closed(self, piece: Piece) -> str:
        """Return what to write for an end tag, and forget what ends with it."""
        name = piece.name
        if self.dropped.get(name):
            self.dropped[name] -= 1
            return "</p>" if name in BLOCKS else ""
        if self.count.get(name):
            self._end(name)
        return piece.source

    def _end(self, name: str) -> None:
        """Close ``name`` and what is open inside it; an inline element does not close a block."""
        at = len(self.open) - 1
        while self.open[at] != name:
            if name not in BLOCKS and self.open[at] in BLOCKS:
                return
            at -= 1
        for ended in self.open[at:]:
            self.count[ended] -= 1
        del self.open[at:]


def _endless(html: str) -> frozenset[str]:
    """Return the elements whose tags must go, because a parser would take what follows them for their text."""
    lower = html.lower()
    return _ALWAYS_OPENED | {name for name in _SWALLOWING if lower.rfind(f"<{name}") > lower.rfind(f"</{name}")}
