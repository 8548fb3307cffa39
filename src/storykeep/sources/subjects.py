"""Subjects of letters and journal entries: which announce a story, and what its title is."""

from __future__ import annotations

import re

_FICTION = re.compile(
    r"\b(?:new|repost|revised|final|complete[d]?|wip)?\s*(?:fan)?-?(?:fic(?:let|tion)?|story|stories|drabble|vignette|series)\b\s*(?::|-|\]|\)|>)"
    r"|^\W*(?:new|ff|fic|adult|story|repost|poem|challenge response)\s*:|\[(?:fic|story|ff|repost)\]",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^\s*(?:[\[({<]?\s*(?:(?:new|repost(?:ed|ing)?|revised|re-?post|corrected|final|complete|wip|adult|slash|gen|het)\s*)*"
    r"(?:(?:fan)?-?fic(?:let|tion)?|ff|story|drabble|vignette|post|poem)?\s*[\])}>]?\s*[:>~-]+\s*|\[[^\]]{1,20}\]\s*|\{[^}]{1,20}\}\s*)",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"\s*[\[({<]\s*(?:rated?:?\s*)?(?:G|PG|PG-?1[35]|R|NC-?1[78]|FR\w{1,3}|T|M|K\+?|E|adult|slash|gen"
    r"|het|m/m|f/f|m/f|all ages|teen|mature|wip"
    r"|complete|sap|humou?r|angst)(?:[ ,/-][\w/+ -]{1,20})?\s*[\])}>]",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"(?<=\S)\s*\[[^\[\]]{1,40}\]\s*$")
"""What stands in square brackets at the end of a subject: a rating in the list's own words, a pairing, a fandom."""
_BARE_RATING = re.compile(r"[\s,;-]+(?:G|PG|PG-?1[35]|R|NC-?1[78])\s*$")
_BY = re.compile(r"[\s,~–—:-]+by\s+(\S.{0,40})$", re.IGNORECASE)


def is_fiction(subject: str) -> bool:
    """Say whether a subject announces a story.

    >>> is_fiction("FIC: Salt and Signal"), is_fiction("dentist")
    (True, False)
    """
    return _FICTION.search(subject) is not None


def byline(subject: str) -> str:
    """Return the name at the end of a subject ("Windfall by Wren [PG]"), empty when there is none."""
    found = _BY.search(_RATING.sub("", subject))
    return found[1] if found else ""


def subject_title(stem: str) -> str:
    """Return the title in a subject whose part mark is gone.

    >>> subject_title("NEW FIC: Salt and Signal [PG-13]"), subject_title("Windfall by Wren")
    ('Salt and Signal', 'Windfall')
    """
    title = _BRACKETS.sub("", _RATING.sub("", stem))
    title = _BARE_RATING.sub("", title)
    for _ in range(3):
        shorter = _PREFIX.sub("", title)
        if shorter == title or not shorter.strip():
            break
        title = shorter
    title = _BY.sub("", title).strip(' -–—:;,~*"“”')
    return " ".join(title.split())
