"""Which attributes clean HTML has, and what their values may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from storykeep.text import legacy
from storykeep.text.references import quote

_SHORT = 400  # characters of a tag that are remembered; Word writes the same ones thousands of times
ADDRESS_LIMIT, TITLE_LIMIT = 2_000, 1_000  # characters; longer ones are dropped
PREFIX = "s-"  # before every id of a story, so that it can't stand in for one of the page's
SCHEMES = frozenset(("http", "https", "mailto", "ftp", "news", "gopher", "irc", "tel"))
PICTURE_SCHEMES = frozenset(("http", "https"))

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)\s*:|[^/?#]*?(:)")
# A later layer may drop what can't be seen, so a scheme is read without it.
_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}\Z")
_NAME = re.compile(r"[^\s\x00-\x20\"'<>&]{1,100}\Z")
_WORDS = frozenset(("large", "small", "small-caps", "drawn"))
_ALIGNS = frozenset(("align-center", "align-right", "align-justify", "align-left"))


class Written(NamedTuple):
    """The attributes of a tag as they are written: ``words`` begins with a space or is empty.

    ``again`` is the same without what may occur once on a page; ``drawn`` the elements that its style asked for.
    """

    words: str
    again: str
    drawn: tuple[str, ...]
    anchor: bool = False


NONE = Written("", "", ())


def written(source: str, name: str, raw: str) -> Written:
    """Return what the attributes ``raw`` of an element ``source`` leave on the element ``name`` that it became.

    >>> written("p", "p", ' align=center onclick="x()"').words
    ' class="align-center"'
    """
    if source not in _LEGACY and not raw.strip(" /\t\n"):
        return NONE
    return _remembered(source, name, raw) if len(raw) < _SHORT else _written(source, name, raw)


# Elements that mean a class or an emphasis without having an attribute.
_LEGACY = frozenset(("center", "big"))


def _written(source: str, name: str, raw: str) -> Written:
    given = legacy.attributes(raw)
    if name == "span" and given.get("lang", "").isupper():
        del given["lang"]  # Word says EN-US on every run of an English text; people write en, if they write it at all
    kept = {key: value for key, value in _kept(name, given) if value}
    drawn = tuple(legacy.emphasis(given.get("style", "")))
    found = _classes(source, name, given) + (["drawn"] if drawn and name == "span" else [])
    if found:
        kept["class"] = " ".join(found)
    words = "".join(f' {key}="{quote(value)}"' for key, value in sorted(kept.items()))
    kept.pop("id", None)
    again = "".join(f' {key}="{quote(value)}"' for key, value in sorted(kept.items()))
    return Written(words, again, drawn, anchor=words != again)


_remembered = lru_cache(maxsize=2_048)(_written)


def _classes(source: str, name: str, given: dict[str, str]) -> list[str]:
    """Return the classes that make sense on the element: sizes on words, alignment on blocks."""
    asked = legacy.classes(source, given)
    if source == "big":
        asked = [*asked, "large"]
    if name == "hr":
        return [word for word in asked if word.startswith(("gap", "scene"))]
    if name in INLINE:
        return [word for word in asked if word in _WORDS] if name == "span" else []
    return [word for word in asked if not word.startswith(("gap", "scene"))]


def _kept(name: str, given: dict[str, str]) -> list[tuple[str, str]]:
    """Return the attributes of our list with values that are allowed ('' where they are not)."""
    anchor = given.get("id") or (given.get("name", "") if name == "a" else "")
    checks = {**_EVERYWHERE, **_OWN.get(name, {})}
    return [("id", _id(anchor)), *((key, check(given[key])) for key, check in checks.items() if key in given)]


def _id(value: str) -> str:
    value = value.strip()
    value = value if value.startswith(PREFIX) else PREFIX + value if value else ""
    return value if _NAME.match(value) else ""


def _language(value: str) -> str:
    value = value.strip().replace("_", "-")
    return value if _LANGUAGE.match(value) else ""


def _direction(value: str) -> str:
    value = value.strip().lower()
    return value if value in ("ltr", "rtl", "auto") else ""


def _words(value: str) -> str:
    value = _BIDI.sub("", " ".join(value.split()))
    return value if len(value) <= TITLE_LIMIT else ""


def address(value: str, schemes: frozenset[str] = SCHEMES) -> str:
    r"""Return a link's target when it is safe to follow, else ''. Targets on the page get the prefix of their ids.

    >>> address("#note1"), address(" java\tscript:x"), address("fic.html?id=663")
    ('#s-note1', '', 'fic.html?id=663')
    """
    value = re.sub(r"[\t\n\f]+", "", value).strip().replace('"', "%22").replace(" ", "%20")
    if not value or len(value) > ADDRESS_LIMIT:
        return ""
    if value.startswith("#"):
        target = _id(value[1:])
        return f"#{target}" if target or value == "#" else ""
    found = _SCHEME.match(_UNSEEN.sub("", value))
    if found and (found[2] or found[1].lower() not in schemes):
        return ""
    return value


def _picture(value: str) -> str:
    return address(value, PICTURE_SCHEMES) if not value.startswith("#") else ""


def _number(least: int, most: int) -> Callable[[str], str]:
    def checked(value: str) -> str:
        value = value.strip().removesuffix("px")
        digits = value.lstrip("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= len("9999999")):
            return ""
        return str(int(value)) if least <= int(value) <= most else ""

    return checked


def _one_of(*allowed: str) -> Callable[[str], str]:
    return lambda value: value if value in allowed else ""


_EVERYWHERE: dict[str, Callable[[str], str]] = {"lang": _language, "dir": _direction, "title": _words}
_OWN: dict[str, dict[str, Callable[[str], str]]] = {
    "a": {"href": address},
    "img": {"src": _picture, "alt": _words, "width": _number(1, 9999), "height": _number(1, 9999)},
    "ol": {"start": _number(-99_999, 99_999), "type": _one_of("1", "a", "A", "i", "I")},
    "li": {"value": _number(-99_999, 99_999)},
    "td": {"colspan": _number(2, 100), "rowspan": _number(2, 500)},
    "th": {
        "colspan": _number(2, 100),
        "rowspan": _number(2, 500),
        "scope": _one_of("row", "col", "rowgroup", "colgroup"),
    },
}
INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup u var".split()
)
"""Elements of clean HTML that hold words only."""

ALLOWED = {"*": {"id", *_EVERYWHERE}} | {name: set(checks) for name, checks in _OWN.items()}
"""Which attribute may stand on which element of clean HTML; the allow-list of the sanitiser."""
