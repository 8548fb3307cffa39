"""Old addresses: one normal form for all the ways in which the same page was once named, kept or linked."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

LIMIT = 600  # characters of a path that a row holds; longer ones end in a hash

WAYBACK = re.compile(
    r"^(?:https?://)?(?:web|wayback|replay|www)?\.?archive\.org/(?:web/|wayback/)?\d{4,14}[a-z_]*/+", re.IGNORECASE
)
INDEX_FILE = re.compile(r"/(?:index|default|home)\.(?:s?html?|php\d?|aspx?|cgi|pl)$")
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
FILE = re.compile(r"\.(?:s?html?|xhtml|php\d?|aspx?|cgi|pl|cfm|txt|jsp)$", re.IGNORECASE)
MADE_BY = (".php", ".asp", ".aspx", ".cgi", ".pl", ".htm")
HTTRACK = re.compile(r"[0-9a-f]{4}(?=\.[a-z]{3,5}\d?(?:\?|$))")

# Parameters that change how a page looks, or who looks, never which page it is.
LOOKS = frozenset(
    (
        "ageconsent", "fbclid", "font", "format", "gclid", "hide_banner", "jsessionid", "light", "phpsessid", "plain",
        "print", "printable", "sessionid", "show_comments", "skin", "style", "textsize", "theme", "usescheme",
        "utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term", "view_adult", "view_full_work",
        "warning",
    )
)  # fmt: skip
NO_ACTIONS = {("action", "printable"), ("chapter", "all"), ("index", "1"), ("chapter", "0"), ("go", "read")}

# The page kinds of one work: the first name stands for all. Seen on All About Spike, eFiction, own PHP, ezines.
SAME_PAGE = (
    (
        re.compile(
            r"/(?:plain|print|printer|printable|text|mobile|full)[-_]?(?=(?:fic|story|stories|viewstory|chapter)\b)"
        ),
        "/",
    ),
    (re.compile(r"/print\.php\?go=printable[^&]*&no="), "/stories.php?no="),
    (
        re.compile(r"^/s/(\d+)(?:/(\d+))?(?:/[^?]*)?(?:\?.*)?$"),
        lambda m: f"/s/{m[1]}" + (f"/{m[2]}" if int(m[2] or 1) > 1 else ""),
    ),
    (re.compile(r"^/(?:collections/[^/]+/)?(works/\d+(?:/chapters/\d+)?)(?:/[^?]*)?(?:\?.*)?$"), r"/\1"),
    (re.compile(r"^/downloads/(?:[a-z]{2}/[^/]+/)?(\d+)/.*$"), r"/works/\1"),
)
STORY_PAGE = re.compile(
    r"/(?=\w)(?:plain|print(?:er|able)?|text|mobile|full|whole|view|read|show|review|reviews|feedback)?[-_]?"
    r"(?:fan)?(?:fics?|story|stories|works?|tales?|chapters?|poems?|essays?)?[-_]?(?:version|page|view)?"
    r"\.(?:s?html?|php\d?|aspx?|cgi|pl|cfm)$"
)
# What to ask for when a chapter is not known by its own address: the work around it.
WIDER = (
    (re.compile(r"^(/s/\d+)/\d+$"), r"\1"),
    (re.compile(r"^(/works/\d+)/chapters/\d+$"), r"\1"),
    (re.compile(r"/chapter\.(html?|php)\?(?:[^#]*&)?(id=[^&]+).*$"), r"/fic.\1?\2"),
)
CHAPTER_PARAMETERS = frozenset(("chapter", "chap", "chapid", "part", "page", "expid", "textid"))


def normal(address: str) -> tuple[str, str]:
    """Return ``address`` (a URL, or a path of a saved folder) as (host, path with query), in normal form.

    >>> normal("https://web.archive.org/web/2004/http://www.AllAboutSpike.com:80/plainfic.html?b=2&id=663#top")
    ('allaboutspike.com', '/fic.html?b=2&id=663')
    """
    parts = split(WAYBACK.sub("", address.strip()))
    path = INDEX_FILE.sub("/", "/" + unquote(parts.path).lower().strip("/"))
    return host_of(parts.netloc), short(one_of_its_kind(re.sub(r"/{2,}", "/", path) + query_of(parts.query)))


def split(address: str) -> SplitResult:
    """Return the parts of an address that may lack its scheme, or its host too."""
    if "//" in address.partition("?")[0]:
        return urlsplit(address.replace("[", "%5B").replace("]", "%5D"))
    first = address.lstrip("/").partition("/")[0].partition("?")[0].partition(":")[0]
    is_host = HOST.fullmatch(first) and not FILE.search(first)
    return urlsplit(f"//{address.lstrip('/')}" if is_host else f"///{address.lstrip('/')}")


def normal_path(path: str, query: str = "") -> str:
    """Return the path and query of a request in normal form, as :func:`normal` does for a whole address."""
    return normal(f"http://here/{path.lstrip('/')}" + (f"?{query}" if query else ""))[1]


def host_of(netloc: str) -> str:
    host = netloc.rpartition("@")[2].lower().partition(":")[0].rstrip(".")
    return host.removeprefix("www.").removeprefix("m.")[:255]


def query_of(query: str) -> str:
    """Return the query sorted, without what only changes looks; "" when nothing is left."""
    pairs = [(unquote(k).lower(), v.strip()) for k, v in parse_qsl(query.replace("&amp;", "&").replace(";", "&"))]
    kept = sorted((k, v) for k, v in pairs if k not in LOOKS and (k, v.lower()) not in NO_ACTIONS)
    return "?" + "&".join(f"{quote(k)}={quote(v, safe='/:')}" for k, v in kept) if kept else ""


def one_of_its_kind(path: str) -> str:
    for pattern, name in SAME_PAGE:
        path = pattern.sub(name, path)
    return path if path == "/" else path.rstrip("/")


def short(path: str) -> str:
    if len(path) <= LIMIT:
        return path
    return path[: LIMIT - 65] + "#" + hashlib.sha256(path.encode()).hexdigest()


def wider(path: str) -> list[str]:
    """Return the addresses of the work around a chapter's ``path`` (in normal form), nearest first.

    >>> wider("/viewstory.php?chapter=4&sid=12")
    ['/viewstory.php?sid=12']
    """
    found = [pattern.sub(name, path) for pattern, name in WIDER if pattern.search(path)]
    name, _, query = path.partition("?")
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in CHAPTER_PARAMETERS]
    if kept != query.split("&") and kept:
        found.append(f"{name}?{'&'.join(kept)}")
    return list(dict.fromkeys(each for each in found if each != path))


def guesses(path: str) -> list[str]:
    """Return what to look up for ``path``, surest first: itself, without HTTrack's suffix, the work around it."""
    name, mark, query = HTTRACK.sub("", path).partition("?")
    plain = INDEX_FILE.sub("/", name) + mark + query
    forms = [path]
    if plain != path:  # HTTrack calls every page .html, whatever made it
        forms += [plain, *(plain.replace(".html", made) for made in MADE_BY if ".html" in plain)]
    return list(dict.fromkeys([*forms, *(each for form in forms for each in wider(form))]))


def sister_query(path: str) -> str:
    """Return the query by which the other pages of the same work can be known; "" when ``path`` is no page of a work.

    An archive's plain, print and reading pages of one work differ in the file's name and share the query.

    >>> sister_query("/print.html?id=663"), sister_query("/auth.html?id=7")
    ('id=663', '')
    """
    name, _, query = path.partition("?")
    return query if STORY_PAGE.search(name) else ""


def words_in(path: str) -> str:
    """Return the words of an old address that a reader may have meant, for a search.

    >>> words_in("/archive/1/still_point-part2.html?sid=12")
    'still point part 2'
    """
    parts = re.findall(r"[^\W\d_]{2,}|\d+", re.sub(r"\.\w{2,5}(?=\?|$)", "", path.partition("?")[0]))
    dull = {
        "archive",
        "archives",
        "fic",
        "fanfic",
        "story",
        "stories",
        "viewstory",
        "chapter",
        "works",
        "html",
        "index",
    }
    kept = [part for part in parts if part.lower() not in dull]
    while kept and kept[0].isdigit():
        del kept[0]
    return " ".join(kept)
