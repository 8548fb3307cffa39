"""How authors could be written to: the addresses behind their names, which no reader of the page ever saw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast
from urllib.parse import unquote

from lxml.html import HtmlElement

from storykeep.sources.pages import names
from storykeep.sources.privacy import addresses
from storykeep.text.fold import fold

MOST = 20
"""Links that are looked at: a page with more of them is a list of members, not an author's."""
_TO_THE_AUTHOR = re.compile(r"\bauthor(?:['’]?s)?\b", re.IGNORECASE)


def behind(body: HtmlElement, credited: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return (name, address) for each ``mailto:`` link whose words are a credited name, or that goes to "the author".

    A link of other words ("write to the webmaster", "contact me") says nothing of who the author is, and is left.
    The name is empty where the link says only that it goes to the author.

    >>> from lxml import html
    >>> page = html.fromstring('<p>By <a href="mailto:Ann@old.example?subject=Rope">Ann Rill</a></p>')
    >>> behind(page, ["Ann Rill"])
    (('Ann Rill', 'ann@old.example'),)
    >>> behind(page, ["Somebody Else"])
    ()
    """
    known = {fold(name): name for name in credited}
    links = cast("list[HtmlElement]", body.xpath(".//a[starts-with(translate(@href, 'MAILTO', 'mailto'), 'mailto:')]"))
    found: list[tuple[str, str]] = []
    for link in links[: MOST + 1]:
        words = " ".join(link.text_content().split())
        name = known.get(fold(names.tidy(words)))
        if name is None and not (credited and _TO_THE_AUTHOR.search(words)):
            continue
        found += [(name or "", mail) for mail in addresses(unquote(link.get("href", "")).partition("?")[0])[:1]]
    return tuple(dict.fromkeys(found)) if len(links) <= MOST else ()
