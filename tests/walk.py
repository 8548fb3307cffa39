"""Ways through the site for tests: every named address, and every page that links lead to."""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.urls import get_resolver

STAND_INS = {"int": "1", "slug": "zz", "path": "titles", "words": "zz", "str": "zzzzzzzz"}
LINK = re.compile(r'(?:href|src)="([^"#]+)')


def views(resolver=None, before=""):
    """Yield (name, address pattern, view) of every named view outside the database's own pages."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if pattern.startswith("desk/database"):
            continue
        if hasattr(entry, "url_patterns"):
            yield from views(entry, pattern)
        elif entry.name:
            yield entry.name, pattern, entry.callback


VIEWS = {name: (pattern, view) for name, pattern, view in views()}


def address(pattern: str) -> str:
    """Return an address of this pattern, at which there is nothing."""
    plain = re.sub(r"\(\?P<\w+>.*?\)(?=[-/])", "zz", pattern).strip("^$")
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: STAND_INS[found[1] or "str"], plain)


def crawl(client, start="/", most=400):
    """Yield (path, answer) of every page of this site that links lead to, beginning at ``start``."""
    waiting, seen = [start], {start}
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        yield path, answer
        answer.close()
        if "text/html" not in answer.headers.get("Content-Type", "") or answer.streaming:
            continue
        for link in LINK.findall(answer.content.decode()):
            target = urlsplit(urljoin(path, unescape(link)))
            there = target.path + (f"?{target.query}" if target.query else "")
            ours = not target.netloc and not target.scheme and not there.startswith("/static/")
            if ours and there not in seen and len(seen) < most:
                seen.add(there)
                waiting.append(there)
