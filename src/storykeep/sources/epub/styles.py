"""Style sheets of a book, as far as they carry meaning: slanted, heavy, small capitals, centred, raised, struck out.

Converters write ``class="calibre7"`` where the author slanted a word. Only simple selectors (an element, a class, or
both) are read; they are written to the elements as ``style``, which the sanitiser turns into our vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

LARGEST = 1 << 20
"""Bytes of style sheets that are read for one book."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}@;]{1,2000})\{([^{}]{0,5000})\}")
_SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?:\.(?P<name>[\w-]+))?", re.IGNORECASE)
_WANTED = {
    "font-style": ("italic", "oblique", "normal"),
    "font-weight": ("bold", "bolder", "600", "700", "800", "900"),
    "font-variant": ("small-caps",),
    "text-align": ("center", "right"),
    "text-decoration": ("underline", "line-through"),
    "vertical-align": ("super", "sub"),
}
_SLANTED = re.compile(r"font-style:(?:italic|oblique)")
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_NOT_SLANTED = frozenset(("p", "div", "body", "section", "blockquote"))


class Sheet:
    """The rules of a book's style sheets: what a class or an element asks for."""

    def __init__(self, sources: Iterable[str] = ()) -> None:
        self._rules: dict[tuple[str, str], dict[str, str]] = {}
        for source in sources:
            self.add(source)

    def add(self, source: str) -> None:
        """Read one style sheet.

        >>> sheet = Sheet([".calibre7 { font-style: italic; color: red }"])
        >>> sheet.asked("span", ["calibre7"])
        'font-style:italic'
        """
        for selectors, block in _RULE.findall(_COMMENT.sub("", source[:LARGEST])):
            wanted = dict(_wanted(block))
            if not wanted:
                continue
            for selector in selectors.split(",")[:200]:
                found = _SELECTOR.fullmatch(selector.strip())
                if found and (found["tag"] or found["name"]):
                    self._rules.setdefault(((found["tag"] or "").lower(), found["name"] or ""), {}).update(wanted)

    def asked(self, tag: str, names: Iterable[str]) -> str:
        """Return what an element with these classes is asked to look like, as declarations."""
        found: dict[str, str] = {}
        for name in ("", *names):
            found.update(self._rules.get((tag, name), {}) if name == "" else self._rules.get(("", name), {}))
            found.update(self._rules.get((tag, name), {}))
        return ";".join(f"{key}:{value}" for key, value in found.items())

    def apply(self, root: HtmlElement) -> None:
        """Write what the rules ask for to the elements under ``root``; what they say themselves goes first."""
        if not self._rules:
            return
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            asked = self.asked(element.tag, (element.get("class") or "").split())
            if element.tag in _HEADINGS:
                asked = ";".join(one for one in asked.split(";") if one.startswith(("text-align", "font-variant")))
            if asked and not (element.tag in ("i", "em") and _SLANTED.search(asked)):
                element.set("style", f"{asked};{element.get('style') or ''}".rstrip(";"))


def _wanted(block: str) -> Iterable[tuple[str, str]]:
    for declaration in block.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.replace("!important", "").strip().lower()
        if value in _WANTED.get(name, ()) and value != "normal":
            yield name, value
