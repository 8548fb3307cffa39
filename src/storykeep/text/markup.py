"""Saved HTML parsed without losing text, and HTML turned into plain text.

lxml with ``huge_tree`` reads the pages, because default lxml stops without a word at 254 open elements and at text of
10 MB; and because even ``huge_tree`` stops at 2,046, the nesting is bounded before (docs/explain/decisions/0002).
"""

from __future__ import annotations

import html as entities
import re

import lxml.html
from lxml import etree

from storykeep.text import controls
from storykeep.text.scan import CLOSE, DROP, OPEN, TEXT, scan

DEPTH = 500
_SPACES = re.compile(r"[ \t\n\f]+")
_EDGES = re.compile(r"[ \t]*\n[ \t]*")
_BLANKS = re.compile(r"\n{3,}")
_VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav noframes ol option p pre "
    "section summary table tbody td tfoot th thead title tr ul xmp".split()
)


def parse(html: str) -> lxml.html.HtmlElement:
    """Return the tree of a whole page. No text is lost, whatever the nesting or the size; nothing is fetched.

    >>> parse("<p>I <3 you, <<Buffy>>").text_content()
    'I <3 you, <<Buffy>>'
    """
    parser = lxml.html.HTMLParser(huge_tree=True, no_network=True, encoding="utf-8", remove_pis=True)
    source = bounded(controls.strip(html))
    if not source.strip():
        source = "<html><body></body></html>"
    tree = lxml.html.document_fromstring(source.encode(), parser=parser, ensure_head_body=True)
    return tree


def bounded(html: str) -> str:
    """Return ``html`` in which ``<`` is a tag or ``&lt;``, and no more than DEPTH elements are open at once."""
    out: list[str] = []
    depth = 0
    for piece in scan(html):
        if piece.kind == TEXT:
            out.append(piece.source.replace("<", "&lt;"))
        elif piece.kind == OPEN and piece.name not in _VOID and depth >= DEPTH:
            out.append("<p>" if piece.name in BLOCKS else "")
        else:
            depth += {OPEN: piece.name not in _VOID and piece.name not in ("p", "li"), CLOSE: -1}.get(piece.kind, 0)
            depth = max(depth, 0)
            out.append(piece.source)
    return "".join(out)


def plain(html: str) -> str:
    """Return the words of ``html``, a line per block and per ``<br>``, a blank line between paragraphs.

    >>> plain("<p>One<br>two &amp; three</p><p>Four</p>")
    'One\\ntwo & three\\n\\nFour'
    """
    out: list[str] = []
    in_pre = False
    for piece in scan(controls.strip(html)):
        if piece.name in ("pre", "listing", "xmp"):
            in_pre = piece.kind == OPEN
        if piece.kind == TEXT:
            out.append(entities.unescape(piece.source) if in_pre else _SPACES.sub(" ", entities.unescape(piece.source)))
        elif piece.kind != DROP and piece.name == "br":
            out.append("\n")
        elif piece.kind != DROP and piece.name in BLOCKS:
            out.append("\n\n")
    return _tidy("".join(out))


def _tidy(text: str) -> str:
    return _BLANKS.sub("\n\n", _EDGES.sub("\n", text)).strip()


def serialise(element: etree._Element) -> str:
    """Return an element with its tags as HTML, without what follows it."""
    return lxml.html.tostring(element, encoding="unicode", with_tail=False)
