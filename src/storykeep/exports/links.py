"""Links that still lead somewhere when a story has left its site."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

_SAFE = "/?#[]@!$&'()*+,;=:%-._~"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]+\])(?::\d{{1,5}})?")
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def absolute(href: str, base: str = "") -> str:
    """Return ``href`` as a whole, valid http, https or mailto address, or an empty string when it can't be one.

    ``base`` is the old address of the page, for links that were relative to it.

    >>> absolute("../b c.html#x", "http://old.example/a/a.html")
    'http://old.example/b%20c.html#x'
    >>> absolute("javascript:alert(1)"), absolute("chapter2.html")
    ('', '')
    """
    try:
        parts = urlsplit(_joined(base, href.strip()))
        if parts.scheme.lower() == "mailto":
            return _mail(parts.path, parts.query)
        if parts.scheme.lower() not in {"http", "https"}:
            return ""
        host = parts.netloc.rpartition("@")[2]
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:  # urlsplit refuses broken IPv6 hosts, idna refuses broken names
        return ""
    if not _HOST.fullmatch(host) or (re.fullmatch(r"[\d.:]+", host) and not _is_ipv4(host)):
        return ""
    tail = _quoted(parts.path) + (f"?{_quoted(parts.query)}" if parts.query else "")
    return f"{parts.scheme.lower()}://{host}{tail}" + (f"#{_quoted(parts.fragment)}" if parts.fragment else "")


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:  # an old address that was broken already
        return href


def _quoted(part: str) -> str:
    sound = _BROKEN_PERCENT.sub("%25", part.replace("\\", "/"))
    return quote(sound, safe=_SAFE, errors="replace").replace("#", "%23").replace("[", "%5B").replace("]", "%5D")


def _mail(path: str, query: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+", path):
        return ""
    return f"mailto:{path}" + (f"?{_quoted(query)}" if query else "")


def _is_ipv4(host: str) -> bool:
    numbers = host.partition(":")[0].split(".")
    return len(numbers) == 4 and all(number.isdigit() and int(number) < 256 for number in numbers)  # noqa: PLR2004
