"""Names and contents of saved files, mapped back to the addresses that the pages once had.

Every tool that saves sites bends addresses into file names in its own way:

========================  =======================================================================
wget                      ``host/fic.html?id=663``, on Windows ``fic.html@id=663``, with -E ``….html`` at the end
HTTrack                   ``host/fic1a2b.html``: the query became a hash, but a comment in the page tells the address
Wayback downloads         ``web.archive.org/web/20050505100000/http_/host/path``, ``host/20050505100000/path``
percent-encoded names     ``fic.html%3Fid=663``
browsers                  any name; ``<!-- saved from url=(0041)http://… -->`` in the page
========================  =======================================================================

What the page itself says is believed before its name. Without any host an address starts with ``/``.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, quote, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file was once served from, and when it was fetched (ISO 8601, UTC). Empty: not known."""

    address: str = ""
    captured_at: str = ""


def origin(name: str, root: str, data: bytes) -> Origin:
    """Return what a file's contents and its ``name`` below the folder called ``root`` tell of its origin.

    >>> origin("fic.html@id=663", "www.allaboutspike.com", b"<html>")
    Origin(address='http://www.allaboutspike.com/fic.html?id=663', captured_at='')
    """
    told, named = from_content(data), from_name(name, root)
    return Origin(told.address or named.address, told.captured_at or named.captured_at)


def from_name(name: str, root: str = "") -> Origin:
    """Return the origin that a file name tells.

    >>> from_name("web.archive.org/web/20050505100000id_/http_/old.example/viewstory.php@sid=12")
    Origin(address='http://old.example/viewstory.php?sid=12', captured_at='2005-05-05T10:00:00Z')
    >>> from_name("fic.html?id=663.html").address
    '/fic.html?id=663'
    """
    parts = [part for part in name.split("/") if part]
    if is_host(root):
        parts = [root, *parts]
    for number, part in enumerate(parts[:-1]):
        if found := _STAMP.fullmatch(part):
            return _wayback(found[1], parts[:number], parts[number + 1 :])
    for number, part in enumerate(parts[:-1]):
        if is_host(part):
            return Origin(_address(part, parts[number + 1 :]))
    return Origin(_address("", parts))


def from_content(data: bytes) -> Origin:
    """Return the origin that a saved page tells itself: comments of HTTrack, browsers and the Wayback Machine."""
    around = (data[:8192] + b"\n" + data[-4096:] if len(data) > 12288 else data).decode("latin-1")  # noqa: PLR2004
    for pattern, take in _TOLD:
        if found := pattern.search(around):
            return take(found)
    return Origin()


def is_host(part: str) -> bool:
    """Return whether a folder name is the name of a web server.

    >>> is_host("www.allaboutspike.com"), is_host("stories.old"), is_host("backup.2004")
    (True, False, False)
    """
    found = _HOST.fullmatch(part)
    return found is not None and (found[1].lower() in _ENDINGS or part.lower().startswith("www."))


def same_page(address: str) -> str:
    """Return a form of ``address`` that all addresses of one page share: no scheme, ``www.`` or ``index.html``.

    >>> same_page("HTTP://WWW.Old.example:80/fics/index.html?b=2&a=1#top")
    'old.example/fics/?a=1&b=2'
    """
    try:
        split = urlsplit(address.strip())
    except ValueError:
        return address.strip()
    host = re.sub(r":(80|443)?$", "", split.netloc.lower().rpartition("@")[2]).removeprefix("www.")
    path = _INDEX.sub("", unquote(split.path)) or "/"
    query = "&".join(sorted(f"{key}={value}" for key, value in parse_qsl(split.query, keep_blank_values=True)))
    return host + path + (f"?{query}" if query else "")


def site_of(address: str) -> str:
    """Return the host of ``address`` without ``www.`` and the usual ports; "" when it has none.

    >>> site_of("http://www.AllAboutSpike.com/fic.html?id=663"), site_of("/fic.html")
    ('allaboutspike.com', '')
    """
    return same_page(address).partition("/")[0] if "://" in address else ""


_STAMP = re.compile(r"((?:19|20)\d{12})(?:[a-z]{2}_)?")
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9_-]*\.)+([a-z]{2,10})(?:[_:]\d{2,5})?", re.IGNORECASE)
_ENDINGS = frozenset(
    # the common endings of their day; two letters are not enough, or "site.bak" would do as well as "pages.v2"
    """com net org edu gov mil int info biz name museum pro aero coop example test invalid localhost
    at au be br ca cc ch cl cn cx cz de dk es eu fi fm fr gr hk hu ie il in is it jp kr la li lu me mx nl no nu nz
    pl pt ro ru se sg sk st tk to tv tw ua uk us ws za online site""".split()
)
_INDEX = re.compile(r"(?<=/)(?:index|default)\.(?:html?|php\d?|asp|shtml)$", re.IGNORECASE)
_SCHEME = re.compile(r"(https?)(?::|%3a|_)?", re.IGNORECASE)
_PROGRAM = r"[^?@=&]*?\.(?:php\d?|phtml|cgi|pl|aspx?|jsp|cfm|s?html?|dll|exe)"
_QUERY = re.compile(
    rf"({_PROGRAM})[?@_,;~+-]([\w.\[\]-]+=.*)|([^?@]*)[?@_]([\w.\[\]-]+=.*)|([^?]*)[?](.+)", re.IGNORECASE | re.DOTALL
)
_ADDED = re.compile(r"(.*?)([\w.\[\]-]+)=([^=&]*)\.html?", re.IGNORECASE | re.DOTALL)
_NAMES_A_FILE = re.compile(r"file|page|name|path|url|story|show|doc|content|text|f|p|q", re.IGNORECASE)


def _wayback(stamp: str, before: list[str], after: list[str]) -> Origin:
    after = "/".join(after).lstrip("/").split("/")
    if len(after) == 1 and "%2f" in after[0].lower():  # http%3A%2F%2Fhost%2Fpath as one file name
        after = [part for part in unquote(after[0]).split("/") if part]
    scheme = "http"
    if len(after) > 1 and (found := _SCHEME.fullmatch(after[0])):
        scheme, after = found[1].lower(), [part for part in after[1:] if part]
    if after and is_host(after[0]):
        return Origin(_address(after[0], after[1:], scheme), _iso(stamp))
    host = next((part for part in reversed(before) if is_host(part) and part != "web.archive.org"), "")
    return Origin(_address(host, after), _iso(stamp))


def _address(host: str, parts: list[str], scheme: str = "http") -> str:
    if not parts:
        return f"{scheme}://{host}/" if host else ""
    path, query = _query(parts[-1])
    joined = "/".join(quote(unquote(part), safe="~!$&'()*+,;=:@") for part in [*parts[:-1], path])
    start = f"{scheme}://{re.sub(r'_(?=[0-9]+$)', ':', host)}/" if host else "/"
    return start + joined + (f"?{query}" if query else "")


def _query(leaf: str) -> tuple[str, str]:
    """Return path and query of a file name into which an address's end was bent."""
    if re.search(r"%3f", leaf, re.IGNORECASE):
        leaf = unquote(leaf)
    found = _QUERY.fullmatch(leaf)
    if found is None:
        return leaf, ""
    path, query = (text for text in found.groups() if text is not None)
    added = _ADDED.fullmatch(query)
    if added and not (_NAMES_A_FILE.fullmatch(added[2]) and not added[3].isdigit()):
        query = f"{added[1]}{added[2]}={added[3]}"  # wget -E and browsers put .html after the query
    return path, quote(unquote(query), safe="=&+,;:@/!$'()*~[]-._")


def _iso(stamp: str) -> str:
    try:
        when = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return ""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _mirrored(found: re.Match[str]) -> Origin:
    address = html.unescape(found[1].strip())
    try:
        when = parsedate_to_datetime(found[2].strip()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, TypeError):
        when = ""
    return Origin(address if "://" in address else f"http://{address}", when)


def _saved_from(found: re.Match[str]) -> Origin:
    """A browser's comment; when the page was saved out of the Wayback Machine, the address inside that address."""
    address = html.unescape(found[1])
    inner = re.match(r"https?://web\.archive\.org/web/(\d{14})(?:[a-z]{2}_)?/(.+)", address)
    if inner:
        return Origin(inner[2] if "://" in inner[2] else f"http://{inner[2]}", _iso(inner[1]))
    return Origin(address)


def _replayed(found: re.Match[str]) -> Origin:
    address = html.unescape(found["address"])
    return Origin(address if "://" in address else f"http://{address}", _iso(found["stamp"]))


_TOLD = (
    (re.compile(r"<!--\s*Mirrored from ([^\s<>]+) by HTTrack[^,>]*,\s*([^>]*?)\s*-->"), _mirrored),
    (re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]+)\s*-->", re.IGNORECASE), _saved_from),
    (re.compile(r"""__wm\.wombat\(\s*["'](?P<address>[^"']+)["']\s*,\s*["'](?P<stamp>\d{14})"""), _replayed),
    (
        re.compile(
            r"""<base\s+href=["']?https?://web\.archive\.org/web/(?P<stamp>\d{14})\w*/(?P<address>[^"'>\s]+)""",
            re.IGNORECASE,
        ),
        _replayed,
    ),
    (
        re.compile(r"""<link\s[^>]*rel=["']?canonical["']?\s[^>]*href=["'](https?://[^"'\s<>]+)""", re.IGNORECASE),
        _saved_from,
    ),
)
__all__ = ["Origin", "from_content", "from_name", "is_host", "origin", "same_page", "site_of"]
