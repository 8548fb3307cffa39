"""How titles and names stand in alphabetical lists."""

from __future__ import annotations

import re

from storykeep.text.fold import fold

ARTICLE = re.compile(r"^(?:the|an?|l[ae]s?|l'|un[ae]?|el|los|der|die|das|ein|eine)\s+(?=\w)")
EDGE = re.compile(r"^[\W_]+")


def sort_title(title: str) -> str:
    r"""Return ``title`` as it is sorted: folded, without quotes in front and without its article.

    >>> sort_title("“The Émigré’s Return”")
    'emigre\'s return"'
    """
    bare = EDGE.sub("", fold(title)) or fold(title)
    return ARTICLE.sub("", bare)


def letter(sorted_by: str) -> str:
    """Return the letter under which it is listed: the first one, "#" for figures and signs.

    >>> letter("emigre"), letter("7 days"), letter("")
    ('E', '#', '#')
    """
    first = sorted_by[:1].upper()
    return first[:1] if first.isalpha() else "#"
