"""What an address tells: which work, which chapter, and where a page was before somebody saved it.

Identity comes from here and never from a title: the same work has differing titles on differing pages, and two works
may share one. Old copies hide the address: the Wayback Machine puts its own in front, HTTrack adds four hex digits to a
file name, browsers leave a comment, and wget turns ``?`` into part of the name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

_WAYBACK = re.compile(
    r"^(?:https?:)?(?://(?:web\.archive\.org|[\w.-]*archive\.org))?/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)$", re.IGNORECASE
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(\S+?)\s*-->", re.IGNORECASE)
_MIRRORED = re.compile(
    r"<!--\s*Mirrored from\s+(\S+)\s+by HTTrack[^>]*?(?:,\s*(\w{3}, \d+ \w+ \d{4} [\d:]+ \w+))?\s*-->", re.IGNORECASE
)
_ARCHIVED = re.compile(r"FILE ARCHIVED ON\s+([\d:]+)\s+(\w{3}) (\d{1,2}), (\d{4})", re.IGNORECASE)
_WAYBACK_LINK = re.compile(r"""(?:web\.archive\.org)?/web/(\d{14})(?:[a-z]{2}_)?/(https?://[^"'\s>]+)""", re.IGNORECASE)
_HEX_SUFFIX = re.compile(r"(?<=[a-z])[0-9a-f]{4}(?=\.(?:php|html?|asp|cgi)$)", re.IGNORECASE)
MARKS = 40_000  # letters at either end of a page where savers leave their marks
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a saved page says that it came from, and when it was saved; ``rule`` names the mark that tells."""

    address: str = ""
    captured_at: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A work inside its archive (``viewstory/212``), the chapter number if told, and what page kind it is."""

    work: str = ""
    chapter: int = 0
    row: str = ""
    kind: str = ""


def origin(whole: str) -> Origin:
    """Return what a saved page's own marks tell of its address: Wayback, "saved from url", HTTrack."""
    source = whole if len(whole) < 2 * MARKS else f"{whole[:MARKS]}\n{whole[-MARKS:]}"
    if found := _SAVED_FROM.search(source[:4000]):
        return Origin(unwrapped(found[1]), rule="mark.saved-from")
    if found := _MIRRORED.search(source):
        address = found[1] if "://" in found[1] else f"http://{found[1]}"
        return Origin(_HEX_SUFFIX.sub("", address), rule="mark.httrack")
    if found := _ARCHIVED.search(source):
        return Origin(_wayback_page(source), _wayback_time(found), rule="mark.wayback")
    return Origin()


def _wayback_time(found: re.Match[str]) -> str:
    month = _MONTHS.get(found[2].lower(), 0)
    return f"{found[4]}-{month:02d}-{int(found[3]):02d}T{found[1]}Z" if month else found[4]


def _wayback_page(source: str) -> str:
    """Return the page's own address when the toolbar or a canonical link names it."""
    for pattern in (
        r"""wmtb[^>]*value=["'](https?://[^"']+)""",
        r"""__wm\.wombat\(["'](https?://[^"']+)""",
        r"""<link[^>]+rel=["']canonical["'][^>]+href=["'](https?://[^"']+)""",
    ):
        if found := re.search(pattern, source, re.IGNORECASE):
            return unwrapped(found[1])
    return ""


def unwrapped(address: str) -> str:
    """Return the address without the Wayback Machine's in front.

    >>> unwrapped("https://web.archive.org/web/20060213101112/http://lanternlit.example/lamp2.htm")
    'http://lanternlit.example/lamp2.htm'
    """
    found = _WAYBACK.match(address.strip())
    if found is None:
        return address.strip()
    inner = re.sub(r"^(https?:)/(?=[^/])", r"\1//", found[2])
    return inner if "://" in inner else f"http://{inner}"


def absolute(address: str, base: str) -> str:
    """Return ``address`` joined to the page's own, unwrapped; as it is when there is no base or it makes no sense."""
    address = unwrapped(address)
    try:
        return urljoin(base, address) if base else address
    except ValueError:
        return address


def query(address: str) -> Mapping[str, str]:
    """Return the parameters of an address; the first of each name wins. Also those wget put into a file name."""
    spread = re.split(r"[?@]|%3F", unquote(address.replace("&amp;", "&")), maxsplit=1)
    found: dict[str, str] = {}
    if len(spread) > 1:
        for name, value in parse_qsl(re.sub(r"\.html?$", "", spread[1].split("#", 1)[0]), keep_blank_values=True):
            found.setdefault(name.lower(), value)
    return found


_SCRIPTS = {
    "viewstory": ("sid", ("chapter", "i")),
    "printstory": ("sid", ("chapter",)),
    "story": ("id", ("chapter", "ch", "c")),
    "storyview": ("id", ("chapter", "ch")),
    "readstory": ("id", ("chapter", "ch")),
    "stories": ("no", ("chapter",)),
    "fic": ("id", ("chapter",)),
    "plainfic": ("id", ("chapter",)),
    "print": ("id", ("chapter",)),
    "chapter": ("id", ()),
    "fanfic": ("id", ("chapter", "ch")),
    "fiction": ("id", ("chapter", "ch")),
    "viewfic": ("id", ("chapter",)),
    "ficview": ("id", ("chapter",)),
}
_SAME = {"plainfic": "fic", "print": "fic", "chapter": "fic", "printstory": "viewstory"}
_PATHS = (
    (re.compile(r"/s/(\d+)(?:/(\d+))?(?:/|$)"), "s"),
    (re.compile(r"/works/(\d+)(?:/chapters/(\d+))?"), "works"),
    (re.compile(r"/story/(\d+)"), "story"),
)


def place(address: str) -> Place:
    """Return which work and chapter an address means; empty when it doesn't tell.

    >>> place("http://www.a.example/viewstory46a2.php?sid=27911&chapter=3")
    Place(work='viewstory/27911', chapter=3, row='', kind='viewstory')
    >>> place("chapter.html?id=114&expid=1395").work
    'fic/114'
    """
    address = unwrapped(address)
    parameters = query(address)
    path = re.split(r"[?@#]|%3F", unquote(address), maxsplit=1)[0]
    script = re.sub(r"\.(?:php\d?|html?|asp|cgi|pl)$", "", _HEX_SUFFIX.sub("", path.rsplit("/", 1)[-1].lower()))
    if script in _SCRIPTS and (known := _script_place(script, parameters)):
        return known
    for pattern, name in _PATHS:
        if found := pattern.search(path):
            number = found[2] if pattern.groups > 1 and name == "s" else None
            row = found[2] if pattern.groups > 1 and name == "works" else None
            return Place(f"{name}/{found[1]}", int(number or 0), row or "", name)
    if found := re.search(r"(?:^|/)(archive/\w+/[\w~.%-]+?)(?:_cmt)?\.html?$", path):
        return Place(found[1], kind="archive")
    return _page_place(parameters)


def _script_place(script: str, parameters: Mapping[str, str]) -> Place | None:
    name, chapters = _SCRIPTS[script]
    number = parameters.get(name) or parameters.get("sid") or parameters.get("storyid") or parameters.get("story")
    if not number or not number.isdigit():
        return None
    chapter = next((parameters[c] for c in chapters if parameters.get(c, "").isdigit()), "0")
    return Place(f"{_SAME.get(script, script)}/{number}", int(chapter), parameters.get("expid", ""), script)


def _page_place(parameters: Mapping[str, str]) -> Place:
    """Read addresses of one script for everything: ``?page=story&id=5&ch=2``, ``index.php?act=read&story=7``."""
    if parameters.get("page", parameters.get("act", parameters.get("go", ""))) in (
        "story",
        "read",
        "view",
        "fic",
        "chapter",
    ):
        number = parameters.get("id") or parameters.get("story") or parameters.get("sid") or parameters.get("no") or ""
        chapter = parameters.get("ch") or parameters.get("chapter") or "0"
        if number.isdigit():
            return Place(f"story/{number}", int(chapter) if chapter.isdigit() else 0, kind="story")
    return Place()


def host(address: str) -> str:
    """Return the host of an address without ``www.``, or an empty string."""
    try:
        return (urlsplit(unwrapped(address)).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
