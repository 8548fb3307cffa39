"""A clean body cut into its outermost blocks: the pieces that are compared, merged and kept side by side."""

from __future__ import annotations

import re

from storykeep.text import sanitise
from storykeep.text.attributes import INLINE

TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:\s[^\s"<>=/]+(?:="[^"]*")?)*\s*/?>')  # what is in a value is no tag
VOID = frozenset(("br", "hr", "img", "wbr"))


def tidy(html: str) -> str:
    r"""Return anybody's HTML as the clean body that is kept: one outermost block a line, words alone in paragraphs.

    >>> tidy("Yes. <p onclick=x>No.</p><hr>")
    '<p>Yes.</p>\n<p>No.</p>\n<hr>'
    """
    cleaned = sanitise.clean(html)
    joined = join(split(cleaned))
    return joined if joined == cleaned else join(split(sanitise.clean(joined)))


def split(body: str) -> list[str]:
    """Return the outermost blocks of a clean ``body``, in order; a run of words outside of any block is a paragraph."""
    found: list[str] = []
    depth = start = 0
    loose = 0  # where the run of words began that stands outside of any block
    for tag in TAG.finditer(body):
        name = tag[2]
        if depth == 0 and name in INLINE | {"br", "img", "wbr"}:
            continue
        if depth == 0:
            found += paragraph(body[loose : tag.start()])
            start = tag.start()
        depth += 0 if name in VOID or name in INLINE else -1 if tag[1] else 1
        if depth == 0:
            found.append(body[start : tag.end()])
            loose = tag.end()
    return found + paragraph(body[loose:])


def paragraph(run: str) -> list[str]:
    words = run.strip()
    return [f"<p>{words}</p>"] if words else []


def join(blocks: list[str]) -> str:
    return "\n".join(blocks)
