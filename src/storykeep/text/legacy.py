"""What pages of 1998 said with ``align``, ``font``, ``center`` and ``style``, said with a small vocabulary of classes.

A strict content security policy forbids inline style, and an e-reader wants classes too. The vocabulary is listed in
docs/explain/text.md; colours, faces and positions are dropped, because they belonged to the old page and not to the
story.
"""

from __future__ import annotations

import re

from storykeep.text.references import unescape_attribute

_ALIGN = ("align-center", "align-right", "align-justify", "align-left")
_SIZE = ("large", "small", "small-caps", "drawn")
_OURS = (
    "scene", "gap", "gap-reply", "gap-scene-break", "gap-heading", "gap-address", "gap-tail", "gap-unknown",
    "lines", "poem", "indent", "plain",
)  # fmt: skip
VOCABULARY = frozenset((*_ALIGN, *_SIZE, *_OURS))
"""Every class that clean HTML may carry."""

_BOLD = 600
_USUAL = 0.85, 1.2  # sizes in ems between which nobody sees a difference
STYLE_LIMIT = 4_000  # characters of one style attribute that are read
_ATTRIBUTE = re.compile(
    r"([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)?+))?+",
)
_ALIGNED = {
    "center": "align-center",
    "centre": "align-center",
    "middle": "align-center",
    "right": "align-right",
    "end": "align-right",
    "justify": "align-justify",
    "left": "align-left",
    "start": "align-left",
}
_SMALLER = frozenset("1 2 -1 -2 -3 -4 xx-small x-small small smaller".split())
_LARGER = frozenset("4 5 6 7 +1 +2 +3 +4 +5 +6 large x-large xx-large xxx-large larger".split())
_MEASURE = re.compile(r"(\d{1,4}(?:\.\d{0,6})?|\.\d{1,6})\s*(em|rem|ex|ch|px|pt|pc|in|cm|mm|%)?")
_PER_EM = {
    "em": 1.0,
    "rem": 1.0,
    "ex": 2.0,
    "ch": 2.0,
    "px": 16.0,
    "pt": 12.0,
    "pc": 1.0,
    "in": 0.167,
    "cm": 0.42,
    "mm": 4.2,
    "%": 2.5,
}


def attributes(raw: str) -> dict[str, str]:
    """Return the attributes of a tag: names in lower case, values unescaped, the first of a name wins.

    >>> attributes(' HREF=a.html title="a &amp; b" nowrap')
    {'href': 'a.html', 'title': 'a & b', 'nowrap': ''}
    """
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        found.setdefault(name.lower(), unescape_attribute(double or single or bare))
    return found


def declarations(style: str) -> dict[str, str]:
    """Return the declarations of a ``style`` attribute, in lower case; nothing is interpreted.

    >>> declarations("Text-Align: CENTER; color: red !important")
    {'text-align': 'center', 'color': 'red'}
    """
    pairs = (part.partition(":") for part in style[:STYLE_LIMIT].lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value}


def classes(name: str, given: dict[str, str]) -> list[str]:
    """Return the classes of our vocabulary that an element asks for with its attributes, each once.

    >>> classes("p", {"align": "CENTER", "style": "font-variant: small-caps", "class": "MsoNormal"})
    ['align-center', 'small-caps']
    """
    style = declarations(given.get("style", ""))
    asked = [word for word in given.get("class", "").split() if word in VOCABULARY]
    if aligned := _ALIGNED.get("center" if name == "center" else _align(name, given, style)):
        asked.append(aligned)
    if "small-caps" in style.get("font-variant", "") + style.get("font-variant-caps", ""):
        asked.append("small-caps")
    if size := _size(name, given, style):
        asked.append(size)
    if _ems(style.get("margin-left", "")) >= 1 or _ems(style.get("padding-left", "")) >= 1:
        asked.append("indent")
    return list(dict.fromkeys(asked))


def emphasis(style: str) -> list[str]:
    """Return the elements that a ``style`` draws by hand: ``em``, ``strong``, ``u``, ``s``, ``sub``, ``sup``.

    >>> emphasis("font-style: italic; font-weight: 700")
    ['em', 'strong']
    """
    given = declarations(style)
    drawn = given.get("text-decoration", "") + given.get("text-decoration-line", "")
    weight = given.get("font-weight", "")
    raised = given.get("vertical-align", "")
    wanted = {
        "em": given.get("font-style") in ("italic", "oblique"),
        "strong": weight in ("bold", "bolder") or (weight.isascii() and weight.isdigit() and int(weight[:4]) >= _BOLD),
        "u": "underline" in drawn,
        "s": "line-through" in drawn,
        "sub": raised == "sub",
        "sup": raised == "super",
    }
    return [tag for tag, asked in wanted.items() if asked]


def _align(name: str, given: dict[str, str], style: dict[str, str]) -> str:
    """Return what aligns the words of an element; ``align`` on a picture or a table places the box instead."""
    if name in ("img", "image", "table", "caption", "hr", "iframe", "object", "embed", "applet", "input"):
        return style.get("text-align", "") if name in ("table", "caption") else ""
    return style.get("text-align") or given.get("align", "").strip().lower()


def _size(name: str, given: dict[str, str], style: dict[str, str]) -> str:
    if name == "font" and (asked := given.get("size", "").strip()):
        return "small" if asked in _SMALLER else "large" if asked in _LARGER else ""
    asked = style.get("font-size", "")
    if asked in _SMALLER or asked in _LARGER:
        return "small" if asked in _SMALLER else "large"
    ems = _ems(asked)
    if asked.endswith("%"):
        ems *= 2.5 / 100
    return "" if not ems or _USUAL[0] < ems < _USUAL[1] else "small" if ems < 1 else "large"


def _ems(length: str) -> float:
    """Return a CSS length in ems, about; 0 for what is none."""
    found = _MEASURE.match(length)
    return float(found[1]) / _PER_EM[found[2] or "px"] if found else 0.0
