"""The words of a comment: how long they are as people count, and their few tags."""

from __future__ import annotations

import re
import unicodedata

import nh3
from django.utils.html import escape

from storykeep.text import sanitise

LONGEST = 10_000  # characters as people count them
MOST_TYPED = 60_000  # code points; nobody needs more for that many characters
ALLOWED = set("p br em i strong b u s del sub sup blockquote code ul ol li a q".split())
JOINER = "\u200d"
TONES = range(0x1F3FB, 0x1F400)
LINK = re.compile(r"https?://|www\.|<a\s|\bhref\b", re.IGNORECASE)
MARKUP = re.compile(rf"</?(?:{'|'.join(sorted(ALLOWED))})\b[^<>]*>", re.IGNORECASE)


def length(words: str) -> int:
    """Return how many characters people see: accents, tones and what is joined into one sign count with it.

    >>> length("e\u0301"), length("👩\u200d👩\u200d👧"), length("abc")
    (1, 1, 3)
    """
    count, joined = 0, False
    for char in unicodedata.normalize("NFC", words):
        part = unicodedata.category(char) in {"Mn", "Me", "Cf"} or ord(char) in TONES
        count += not (part or joined)
        joined = char == JOINER
    return count


def clean(words: str) -> str:
    r"""Return what was typed as clean HTML: lines stay lines, a few tags are kept, all else becomes words.

    >>> clean("One & two\n\nthree")
    '<p>One &amp; two</p><p>three</p>'
    """
    typed = words.replace("\r\n", "\n").strip()
    if not MARKUP.search(typed):
        typed = escape(typed)
    blocks = (block.replace("\n", "<br>") for block in re.split(r"\n\s*\n", typed) if block.strip())
    safe = sanitise.clean("".join(f"<p>{block}</p>" for block in blocks))
    return nh3.clean(
        safe, tags=ALLOWED, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )  # fmt: skip


def has_links(words: str) -> bool:
    return bool(LINK.search(words))
