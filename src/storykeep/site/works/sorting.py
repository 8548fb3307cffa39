"""How titles and names stand in alphabetical lists."""

from __future__ import annotations

import re

from storykeep.site.base.letters import letter
from storykeep.text.fold import fold

__all__ = ["letter", "sort_title"]

ARTICLE = re.compile(r"^(?:the|an?|l[ae]s?|l'|un[ae]?|el|los|der|die|das|ein|eine)\s+(?=\w)")
EDGE = re.compile(r"^[\W_]+")


def sort_title(title: str) -> str:
    r"""Return ``title`` as it is sorted: folded, without quotes in front and without its article.

    >>> sort_title("“The Émigré’s Return”")
    'emigre\'s return"'
    """
    bare = EDGE.sub("", fold(title)) or fold(title)
    return ARTICLE.sub("", bare)
