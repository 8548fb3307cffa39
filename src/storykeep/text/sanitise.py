"""The one allow-list for strangers' HTML, behind a guard that loses no word and falls over nothing.

:func:`clean` first rewrites the source in one linear walk (controls out, text that looks like a tag kept as text, legacy
attributes to classes, nesting bounded), then lets nh3 enforce the allow-list, and repeats until nothing changes.
docs/explain/decisions/0003-sanitiser-guard.md says what was measured.
"""

from __future__ import annotations

import html as entities
import re

import nh3

from storykeep.model.errors import TooLarge
from storykeep.text import controls, legacy
from storykeep.text.scan import CLOSE, DROP, OPEN, TEXT, Piece, scan

VERSION = 1
LIMIT = 12_000_000  # characters; a whole novel is under two million
DEPTH = 100
GROWTH, SPARE = 6, 65_536
PASSES = 3

_INLINE = "a abbr acronym b bdi bdo big br cite code del dfn em i img ins kbd mark q rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
_BLOCK = (
    "address blockquote caption col colgroup dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre "
    "summary table tbody td tfoot th thead tr ul"
)
TAGS = set((_INLINE + " " + _BLOCK).split())
_VOID = frozenset(("br", "hr", "img", "col", "wbr"))
_RENAMED = {"h1": "h2", "center": "div", "font": "span", "basefont": "", "dir": "ul", "menu": "ul", "listing": "pre", "xmp": "pre", "strike": "s", "section": "div", "article": "div", "image": "img", "blink": "span", "marquee": "span"}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"lang", "dir", "id", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "time": {"datetime"},
    "details": {"open"},
}
_CLASSES = {tag: set(legacy.VOCABULARY) for tag in TAGS}
_SCHEMES = {"http", "https", "mailto", "ftp", "news", "gopher", "irc", "xmpp", "tel"}


def clean(html: str) -> str:
    """Return ``html`` as the safe, canonical body HTML of the house. Idempotent. Raises TooLarge over LIMIT.

    >>> clean('<P ALIGN=CENTER onclick="x()">He sent <<run!>>')
    '<p class="align-center">He sent &lt;&lt;run!&gt;&gt;</p>'
    """
    if len(html) > LIMIT:
        raise TooLarge(
            f"This text has {len(html):,} characters, and the sanitiser takes {LIMIT:,} at once. "
            "The original is kept; split it into chapters and bring those in."
        )
    for _ in range(PASSES):
        cleaned = _enforce(_guard(html))
        if cleaned == html or len(cleaned) > GROWTH * len(html) + SPARE:
            break
        html = cleaned
    else:
        return _paragraphs(html)
    return cleaned if cleaned == html else _paragraphs(html)


def clean_inline(html: str) -> str:
    """Return ``html`` as one line of safe inline HTML (titles, bylines): no blocks, no pictures, no line breaks.

    >>> clean_inline("<h1>The <i>Other</i> Side</h1>")
    'The <i>Other</i> Side'
    """
    kept = nh3.clean(
        _guard(html),
        tags=set("abbr b bdi cite em i q s small span strong sub sup u".split()),
        attributes={"*": {"lang", "dir"}},
        link_rel=None,
    )
    return " ".join(kept.split())


def _enforce(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style", "svg", "math", "template", "applet"},
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener",
        id_prefix="s-",
        strip_comments=True,
    )


def _guard(html: str) -> str:
    """Return ``html`` rewritten so that the parser behind it can neither lose a word nor be made to work hard."""
    out: list[str] = []
    depth = 0
    for piece in scan(controls.strip_references(controls.strip(html))):
        if piece.kind == TEXT:
            out.append(piece.source.replace("<", "&lt;"))
        elif piece.kind == OPEN:
            if piece.name not in _VOID:
                depth += 1
            if depth <= DEPTH:
                out.append(_open(piece))
        elif piece.kind == CLOSE:
            depth = max(depth - 1, 0)
            out.append(_close(piece))
    return "".join(out)


def _open(piece: Piece) -> str:
    if not piece.attributes.strip(" /\n\t") and piece.name in TAGS:
        return f"<{piece.name}>"
    name = _RENAMED.get(piece.name, piece.name)
    if name not in TAGS:
        return ""
    given = legacy.attributes(piece.attributes)
    kept = {k: v for k, v in given.items() if k in _ATTRIBUTES["*"] or k in _ATTRIBUTES.get(name, ())}
    if name == "a" and given.get("name") and "id" not in kept:
        kept["id"] = given["name"]
    if kept.get("id", "") and not kept["id"].startswith("s-"):
        kept["id"] = "s-" + kept["id"]
    if (
        name == "a"
        and kept.get("href", "").startswith("#")
        and not kept["href"].startswith("#s-")
        and len(kept["href"]) > 1
    ):
        kept["href"] = "#s-" + kept["href"][1:]
    found = legacy.classes(piece.name, given)
    if found:
        kept["class"] = " ".join(found)
    words = "".join(f' {k}="{entities.escape(v)}"' for k, v in kept.items())
    return f"<{name}{words}>" + "".join(f"<{tag}>" for tag in legacy.emphasis(given) if name == "span")


def _close(piece: Piece) -> str:
    name = _RENAMED.get(piece.name, piece.name)
    return f"</{name}>" if name in TAGS or name == "br" else ""


def _paragraphs(html: str) -> str:
    """Return the words of ``html`` in plain paragraphs: what remains when the markup is beyond repair."""
    from storykeep.text.markup import plain

    blocks = plain(html).split("\n\n")
    return "\n".join(
        "<p>" + "<br>".join(entities.escape(line, quote=False) for line in b.split("\n")) + "</p>" for b in blocks if b
    )
