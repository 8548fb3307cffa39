"""Titles without what stands around them: quotes, decoration, a list's and a mailer's marks, ratings in brackets."""

from __future__ import annotations

import re


def clean_title(title: str) -> str:
    """Return a title without quotes around it, decoration, or a list's and a mailer's marks before it.

    >>> clean_title("“Salt and Signal”"), clean_title("~*~ Still Point ~*~"), clean_title("[harbor] FIC: Salt (PG-13)")
    ('Salt and Signal', 'Still Point', 'Salt')
    """
    bare = re.sub(r"[\s\u00a0]+", " ", title).strip()
    bare = bare.strip("~*=+|•·°«»<>_^ ").strip()
    bare = re.sub(r"^(?:\[[\w .'-]+\]\s*)+(?=\S)", "", bare) if not re.fullmatch(r"\[[^\]]*\]", bare) else bare
    bare = _PREFIX.sub("", bare)
    bare = re.sub(r"(?<=\w)(\s*[\[(]\d+\s*/\s*[\d?]+[\])])\s*[,;].*$", r"\1", bare)  # "Salt [1/2], Dana/Teo, PG"
    if said := re.match(
        r"^.{0,40}\b(?:fic|story|ficlet|fanfic)\b\W+[\"“](?P<title>[^\"”]+)[\"”]$", bare, re.IGNORECASE
    ):
        bare = said["title"]
    bare = _without_asides(bare).strip()
    for opener, closer in (("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"), ("„", "“")):
        if bare.startswith(opener) and bare.endswith(closer) and bare[1:-1].count(closer) == 0 and len(bare) > 2:
            bare = bare[1:-1].strip()
    return bare.strip("~*=|•· ").strip() if any(sign.isalnum() for sign in bare) else ""


_PREFIX = re.compile(
    (
        r"^(?:(?:re|fwd?|fw)\s*:\s*|(?:new|repost|rev(?:ised)?|update|fan ?fic(?:tion)?|"
        r"fic|story|drabble|wip|title|post)\s*(?::|-\s|–)\s*)+"
    ),
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*$")
_ASIDE_WORD = re.compile(
    r"(?:N?C-?17|PG(?:-?1[35])?|FR\w{1,4}|NR|MA|G|R|M|T|K\+?|E|rated|rating|slash|fem-?slash|gen|het|yaoi|yuri|smut|"
    r"fluff|angst|complete|wip|unfinished|adult|teen|mature|explicit|part|pt|chapter|\d+|\?|of|one-?shot|drabble|"
    r"[\w.' -]*\w/\w[\w.' /-]*)",
    re.IGNORECASE,
)


_BEFORE_PART = re.compile(r"([)\]])\s+(\d{1,3}/(?:\d{1,3}|\?))\s*$")
_RATED = re.compile(r"N?C-?17|PG(?:-?1[35])?|FR\w{1,4}|G|R", re.IGNORECASE)


def _without_asides(title: str) -> str:
    """Return a title without what lists and journals put in brackets after it: ratings, pairings, parts.

    "(A Love Story)" is part of a title, "(Dana/Teo, PG-13)" is not.
    """
    if found := _BEFORE_PART.search(title):  # "Salt (Wren, PG) 2/5": the part mark stands behind
        title = f"{_without_asides(title[: found.end(1)])} {found[2]}".removesuffix(" 1/1")
    while found := _BRACKET.search(title):
        said = [word for word in re.split(r"[,;:\s]+|(?<=\d)/(?=[\d?])", found[1]) if word]
        alone = len(said) == 1 and re.fullmatch(r"\d+", said[0])
        listed = len(said) > 1 and "," in found[1] and bool(_RATED.fullmatch(said[-1]))  # "(Henrietta, PG)"
        rated = said and (listed or all(_ASIDE_WORD.fullmatch(word) for word in said)) and not alone
        if not rated or _is_part(found[1]) or not title[: found.start()].strip():
            return title
        title = title[: found.start()]
    return title


def _is_part(words: str) -> bool:
    """Say whether the words in brackets are a part mark, which says which chapter this is."""
    return bool(
        re.fullmatch(r"\s*(?:part|pt\.?|chapter|ch\.?)?\s*\d+\s*(?:(?:/|of)\s*[\d?]+)?\s*", words, re.IGNORECASE)
    )
