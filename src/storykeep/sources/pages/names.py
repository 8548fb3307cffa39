"""Names under titles: bylines with and without "by", co-authors, and what is stuck to them."""

from __future__ import annotations

import re
from functools import lru_cache

_BY = re.compile(
    r"^[\W_]*(?:(?:a|an|the|another)\s+[\w' -]{0,40}?(?:fic(?:let)?|fanfic(?:tion)?|"
    r"story|tale|vignette|drabble|novel|piece|work|series)\s+)?"
    r"(?:(?:story|fic(?:tion)?|fanfic(?:tion)?|text|words)\s+)?"
    r"(?:(?:written|posted|created|penned|composed|brought to you|submitted|authored|contributed|sent in|"
    r"uploaded|shared|"
    r"told|typed)\s+)?"
    r"(?:co-?authored\s+)?by\b\s*[:;~-]*\s*(?P<name>\S.*)$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^\W*(?:©|\(c\)|copyright)\s*(?:\(c\)\s*)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)?\d\d)?,?\s*)?(?:by\s+)?"
    r"(?P<name>(?-i:[A-Z])[\w.’'-]*(?:\s+(?-i:[A-Z])[\w.’'-]*){0,3})[\s,]*(?:(?:19|20)\d\d)?\W*$",
    re.IGNORECASE,
)
_ABROAD = re.compile(r"^[\W_]*(?:par|von|av|af|por|door|przez|skrevet av)\s+(?P<name>[^\W\d_a-z][^,;.!?]*)$")
"""A byline in another language: "par Héloïse Garnier", "av Björn Åkesson"."""
_WRITTEN_ABROAD = re.compile(
    r"^[\W_]*(?:(?:(?:fan)?fic\w*|historia|histoire|geschichte|racconto|berättelse)\s+)?"
    r"(?:(?:escrit[oa]|geschrieben|verfasst|[ée]crite?|skreve[nt]|skriven|geschreven|scritt[oa]|napisan[ey]|kirjoittanut)\s+)"
    r"(?:(?:par|von|av|af|por|door|przez|da)\b\s*:?|:)\s*(?P<name>\S.*)$",
    re.IGNORECASE,
)
_OWNED_SINCE = re.compile(
    r"^\W*(?:©|\(c\)|copyright)[\s©]*(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)?\d\d)?,?\s+)(?:by\s+)?(?=\w)", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s+(?:written\s+|- )?by:?\s+", re.IGNORECASE)
_BRACKETED_BY = re.compile(r"\s+[(\[]by:?\s+([^()\[\]]{1,60})[)\]]\s*$", re.IGNORECASE)
_EMAIL = re.compile(
    (
        r"[<(\[{]?\s*(?:mailto:)?[\w.+-]+\s*(?:@|\[at\]|\(at\)| at )\s*[\w-]+(?:\s*(?:\.|"
        r"\[dot\]|\(dot\))\s*[\w-]+)+\s*[>)\]}]?"
    ),
    re.IGNORECASE,
)
_CUT_EMAIL = re.compile(r"[<(\[]?\s*[\w.+-]+@\.{2,}\s*[>)\]]?")
_DATE_TAIL = re.compile(
    (
        r"\s*(?:[,(\[–—-]\s*)?(?:\bon\b|\bposted\b|\bdated?\b|©|\(c\)|copyright)?[\s,:]*(?:(?:\d{1,2}[./-]){2}\d{2,4}|"
        r"\d{4}-\d\d-\d\d|"
        r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|"
        r"may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?\s*(?:\d{1,2}(?:st|"
        r"nd|rd|th)?)?,?\s*(?:\d{4}|'\d\d)|(?:©|\(c\)|copyright)?\s*\b(?:19|20)\d\d)"
        r"(?:,?\s+(?:at\s+)?\d{1,2}:\d\d(?::\d\d)?\s*(?:am|pm)?)?\s*[)\]]?\s*$"
    ),
    re.IGNORECASE,
)
_DATE_HEAD = re.compile(
    r"^\W*(?:posted|published|submitted|added|written)?\s*(?:on|at)?[\s:]*(?:(?:mon|"
    r"tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:(?:\d{1,2}[./-]){2}\d{2,4}|"
    r"\d{4}-\d\d-\d\d|"
    r"(?:\d{1,2}(?:st|nd|rd|th|\.)?\s+)?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|"
    r"may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?\s*(?:\d{1,2}(?:st|"
    r"nd|rd|th)?)?,?\s*\d{4})"
    r"(?:\s+(?:at\s+)?\d{1,2}:\d\d\s*(?:am|pm)?)?[\s,|·–—-]*(?=by\b|posted by\b)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(
    (
        r"\s*[\[({](?:[^\])}]*\b(?:e-?mail|contact|feedback|home ?page|website|site|profile|"
        r"lj|livejournal|bio|info|send|write|more|all|stories|fics?|works?|reviews?|report|pm|aka|a\.k\.a|her|his|"
        r"their|author|archive|mail|rated?|rating|G|PG|PG-13|R|NC-17|FR\w+|\d+)\b[^\])}]*|"
        r"\s*)[\])}]\s*$"
    ),
    re.IGNORECASE,
)
_TAIL = re.compile(
    (
        r"\s*(?:[-–—|:;~•·»>/]+\s*)?(?:e-?mail|contact|feedback|home ?page|website|profile|"
        r"reviews?.*|send feedback.*|visit .*|all stories by .*|rated:?\s.*|rating:?\s.*|"
        r"words:.*|summary:.*|disclaimer:.*)\s*$"
    ),
    re.IGNORECASE,
)
_DECORATION = "~*-–—=|•·°¤«»<>#^:;,/\\+†✦★☆♥♦❤ \t\u00a0\n"
_CREDIT_ELSE = re.compile(
    (
        r"\b(?:beta(?:'?d|ed|-read)?|edited|art(?:work)?|cover|banner|layout|design(?:ed)?|"
        r"maintained|hosted|powered|translated|inspired|owned|made|built)\s*$"
    ),
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:,\s*(?:and|&)\s+|\s+(?:and|&|und|et|with|w/|\+)\s+|\s+/\s+|,\s+|;\s+)", re.IGNORECASE)
_PAIR = re.compile(rf"\([^()]*(?:{_SPLIT.pattern})[^()]*\)$", re.IGNORECASE)
_SENTENCE = re.compile(r"[a-z]{3,}[.!?]\s+[A-Z]")
_RANK = re.compile(r"\b(?:Capt|Cmdr|Comm|Prof|Insp|Supt|Agt|Mlle|Messrs|Revd)\.")  # "Capt. Steam" is no sentence
LONGEST_NAME = 60
REMEMBERED = 1024  # lines: a page's head is looked at by several rules
LONGEST_LINE = 600
_NOT_NAMES = frozenset(
    "the a an my his her their its this that these those it me you us them him myself "
    "himself herself then now all some any "
    "midnight dawn noon night morning default request popular accident chance date "
    "title author rating category hand law "
    "chapter part section home author's email e-mail mail feedback "
    "contact profile website homepage link reviews".split()
)


@lru_cache(REMEMBERED)
def byline(text: str) -> str:
    """Return the name in a byline ("by X", "Written by: X", "A story by X"), empty when the line is none.

    >>> byline("written by Old_Inkwell on January 9th, 2005"), byline("by the river he sat down and wept, thinking.")
    ('Old_Inkwell', '')
    """
    if len(text) > LONGEST_LINE:
        return ""
    bare = text.strip()
    found = (
        _BY.match(_DATE_HEAD.sub("", bare)) or _WRITTEN_ABROAD.match(bare) or _by_abroad(bare) or _COPYRIGHT.match(bare)
    )
    if found is None or _CREDIT_ELSE.search(text[: found.start("name")].rsplit("by", 1)[0]):
        return ""
    return "" if found["name"][0] in ",.!?" else tidy(found["name"])  # "By, With, or From"


def _by_abroad(text: str) -> re.Match[str] | None:
    found = _ABROAD.match(text)
    said = found["name"].split() if found else []
    capital = all(word[:1].isupper() or len(word) < 4 for word in said)
    return found if 0 < len(said) <= 4 and capital else None


@lru_cache(REMEMBERED)
def title_and_name(text: str) -> tuple[str, str]:
    """Return (title, name) of "Title by Name", ("", "") when it doesn't read so.

    >>> title_and_name("The Lamplighter’s Apprentice by Wren Hallow")
    ('The Lamplighter’s Apprentice', 'Wren Hallow')
    """
    if len(text) > LONGEST_LINE:
        return "", ""
    text = _BRACKETED_BY.sub(r" by \1", text)
    places = list(_BETWEEN.finditer(text))
    if not places:
        return "", ""
    found = places[-1]
    title = text[: found.start()].strip(" ,~–—:-|\u00a0")
    name = tidy(text[found.end() :])
    if name.split(" ", 1)[0].lower() in _OWNED and " " in name:  # "Stand by Your Man" is all title
        return "", ""
    return (title, name) if title and name else ("", "")


_OWNED = frozenset("my your his her its our their".split())


@lru_cache(REMEMBERED)
def tidy(name: str) -> str:
    """Return a name without e-mail addresses, dates, and links that stood beside it; empty when it can't be a name.

    >>> tidy("Wren Hallow (wrenhallow@example.org)"), tidy("~*Tess*~ [Contact]")
    ('Wren Hallow', 'Tess')
    """
    name = _CUT_EMAIL.sub("", _EMAIL.sub("", name.split("\n", 1)[0]))
    name = _THEN.split(_OWNED_SINCE.sub("", name), maxsplit=1)[0]
    for _ in range(4):
        shorter = _DATE_TAIL.sub("", _TAIL.sub("", _BRACKETED.sub("", name)))
        if shorter == name or not shorter.strip(_DECORATION):
            break
        name = shorter
    name = _unbalanced(re.sub(r"[\s\u00a0]+", " ", name).strip(_DECORATION).strip("\"“”' "))
    name = (
        name[:-1]
        if re.search(r"\w\w\.$", name) and not re.search(r"\b(?:jr|sr|esq|dr)\.$", name, re.IGNORECASE)
        else name
    )
    return name if can_be(name) else ""


_THEN = re.compile(
    r"[,;.]?\s+(?:(?:(?:and|&)\s+)?(?:beta(?:'?e?d|ed|-?read)?|edited|art(?:work)?|"
    r"cover|banner|illustrat\w+|translated|betaed) by\b|"
    r"(?:beta|pairing|rating|rated|fandom|summary|disclaimer)\s*:|(?<=[,;]\s)(?:chapter|part)\s+\w+$)|"
    r"\s+for\s+(?:the|my|a|an)\s.*$|,?\s+aged?\s+\w+.*$|,?\s+(?:filed|posted) (?:under|in)\b.*$|"
    r"[.,;|]\s+(?=(?:G|PG|PG-?13|R|NC-?17|FR\w+|rated|[A-Z][\w.]*/[A-Z]|\d+ words)\b)",
    re.IGNORECASE,
)


def _unbalanced(name: str) -> str:
    """Drop a bracket that lost its fellow when an address was taken out; keep odd names such as ``(z)``."""
    for opener, closer in ("()", "[]", "<>", "{}"):
        if name.count(opener) != name.count(closer):
            name = name.rstrip(opener + " ") if name.endswith(opener) else name
            name = (
                name.rstrip(closer + " ") if name.count(opener) < name.count(closer) and name.endswith(closer) else name
            )
        name = name.replace(opener + closer, "").strip()
    return name


def can_be(name: str) -> bool:
    """Say whether words can be a pen name: short, no sentence, not a bare article."""
    if not name or len(name) > LONGEST_NAME or not any(c.isalnum() for c in name):
        return False
    words = name.split()
    if len(words) > 8 or _SENTENCE.search(_RANK.sub("", name)):
        return False
    if words[0].lower() in _NOT_NAMES and (len(words) == 1 or words[0].islower()):
        return False
    return not (len(words) > 5 and name[-1] in ".!?,")


def authors(name: str) -> tuple[str, ...]:
    """Return the names in a byline, one each: "A and B", "A, B & C".

    >>> authors("Wren Hallow and tessellate"), authors("Old_Inkwell")
    (('Wren Hallow', 'tessellate'), ('Old_Inkwell',))
    """
    if _PAIR.search(name):  # "The Ferry Girls (Una and Bea)"
        return (name,)
    parts = [tidy(part) for part in _SPLIT.split(name)]
    parts = [part for part in parts if part]
    joined_low = re.search(r"\s(?:with|w/)\s", name) and not all(part[:1].isupper() for part in parts)
    if len(parts) < 2 or joined_low or any(len(part.split()) > 4 for part in parts):  # "trouble with tribbles"
        return (name,) if name else ()
    if any(
        part.lower() in ("the", "jr", "jr.", "sr", "esq", "esq.", "phd", "md", "co", "friends", "lady", "lord")
        for part in parts
    ):
        return (name,)
    return tuple(dict.fromkeys(parts))
