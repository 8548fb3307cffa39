"""What 1998 said with ``align``, ``font``, ``center`` and ``style``, said with a small vocabulary of classes.

The vocabulary (docs/explain/text.md): ``align-center align-right align-justify align-left`` on blocks, ``indent`` for a
margin, ``large small small-caps underline strike bold italic mono`` on words; ``scene gap gap-… lines poem`` are ours.
"""

from __future__ import annotations

import html as entities
import re

ALIGN = ("align-center", "align-right", "align-justify", "align-left")
WORDS = ("large", "small", "small-caps")
OURS = (
    "scene", "gap", "gap-reply", "gap-scene-break", "gap-heading", "gap-address", "gap-tail", "gap-unknown",
    "lines", "poem", "letter", "chat", "text-message", "indent", "spoiler", "note", "ref",
)  # fmt: skip
VOCABULARY = frozenset((*ALIGN, *WORDS, *OURS))

_ATTRIBUTE = re.compile(
    r"([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)))?+",
)
_ALIGNED = {
    "center": "align-center",
    "middle": "align-center",
    "right": "align-right",
    "justify": "align-justify",
    "left": "align-left",
}


def attributes(raw: str) -> dict[str, str]:
    """Return the attributes of a tag: names in lower case, values unescaped, the first of a name wins.

    >>> attributes(' HREF=a.html title="a &amp; b" nowrap')
    {'href': 'a.html', 'title': 'a & b', 'nowrap': ''}
    """
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        found.setdefault(name.lower(), entities.unescape(double or single or bare))
    return found


def classes(name: str, given: dict[str, str]) -> list[str]:
    """Return the classes of our vocabulary that an element ``name`` with these attributes asks for."""
    asked = [word for word in given.get("class", "").split() if word in VOCABULARY]
    style = _style(given.get("style", ""))
    align = style.get("text-align") or given.get("align", "")
    if name == "center":
        align = "center"
    if name != "img" and align.strip().lower() in _ALIGNED:
        asked.append(_ALIGNED[align.strip().lower()])
    asked += _sizes(name, given, style)
    if _far(style.get("margin-left", "")) or _far(style.get("padding-left", "")):
        asked.append("indent")
    return list(dict.fromkeys(asked))


def emphasis(given: dict[str, str]) -> list[str]:
    """Return the elements (``em``, ``strong``, ``u``, ``s``) that a ``style`` draws by hand."""
    style = _style(given.get("style", ""))
    tags = []
    if style.get("font-style") in ("italic", "oblique"):
        tags.append("em")
    if style.get("font-weight") in ("bold", "bolder", "600", "700", "800", "900"):
        tags.append("strong")
    decoration = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    if "underline" in decoration:
        tags.append("u")
    if "line-through" in decoration:
        tags.append("s")
    return tags


def _style(source: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in source[:2000].lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value}


def _sizes(name: str, given: dict[str, str], style: dict[str, str]) -> list[str]:
    found = []
    if "small-caps" in style.get("font-variant", ""):
        found.append("small-caps")
    size = given.get("size", "").strip() if name in ("font", "basefont") else ""
    size = size or style.get("font-size", "")
    if size in ("1", "-1", "-2", "-3", "x-small", "xx-small", "small", "smaller"):
        found.append("small")
    elif size in ("4", "5", "6", "7", "+1", "+2", "+3", "+4", "large", "x-large", "xx-large", "larger"):
        found.append("large")
    return found


def _far(length: str) -> bool:
    return bool(re.match(r"(?:[1-9]\d*|0?\.\d+)\s*(?:em|rem|px|pt|in|cm|mm|%|ex)", length))
