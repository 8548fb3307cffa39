"""Chapter headings and part marks: "Chapter 3: The Door", "Part 13 - Family Business", "Prologue", "(2/5)"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_ORDINAL = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_WORDS = {word: number for number, word in enumerate(_SMALL, 1)} | {
    word: number for number, word in enumerate(_ORDINAL, 1)
}
_WORDS |= {"thirty": 30, "forty": 40, "fifty": 50, "last": 0, "final": 0}
_NUMBER = (
    (
        r"(?:\d{1,3}[a-z]?(?:\.\d+)?|[ivxlc]{1,7}|(?:twenty|thirty|forty|fifty)(?:[ -](?:one|"
        r"two|three|four|five|six|seven|eight|nine))?|"
    )
    + "|".join(_SMALL)
    + ")"
)
_KINDS = (
    r"chapter|chap\.?|ch\.|part|pt\.?|book|episode|act|entry|installment|section|volume|"
    r"kapitel|chapitre|cap[ií]tulo|teil"
)
_HEADING = re.compile(
    (
        rf"^(?P<label>(?:{_KINDS})[\s\u00a0#:.]*(?P<number>{_NUMBER})(?:\s*(?:of|/)\s*(?:{_NUMBER}|"
        rf"\?))?(?P<more>\s*[,:-]?\s*(?:part|pt\.?|section)\s+{_NUMBER})?|"
        rf"(?:the\s+)?(?P<word>{'|'.join(_ORDINAL)}|last|final)\s+(?:chapter|part)|prologue|"
        rf"prolog|epilogue|epilog|interlude|intermission|foreword|preface|coda|teaser)"
        r"(?:\s*[\u00a0\s]*(?:[:.~*|–—»>]+|-+|\s-\s)[\s\u00a0]*(?P<title>\S.*)|\s*[-–—:.~*]*|"
        r"\s+(?P<bare>(?-i:[“\"'‘(]?[A-Z].{0,70})))$"
    ),
    re.IGNORECASE,
)
_ROMAN = re.compile(r"^(?=[ivxlc])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})$", re.IGNORECASE)
_MARK = re.compile(
    rf"[\s\u00a0,:;–—-]*[\[({{]?\s*(?:(?P<kind>{_KINDS})[\s.#]*)?(?P<number>\d{{1,3}}[a-z]?|"
    rf"prologue|epilogue)\s*(?:/|of|\\)\s*(?P<total>\d{{1,3}}|\?+|x)\s*[\])}}]?\s*$|"
    rf"[\s\u00a0]*(?:[,:;–—-]+|[\[({{]|\s)\s*(?P<kind2>{_KINDS})[\s.#]*(?P<number2>{_NUMBER})(?:\s*(?:/|"
    rf"of)\s*(?P<total2>\d+|\?+))?\s*[\])}}]?(?P<rest>\s*[:–—-]+\s*\S.*)?$|"
    rf"[\s\u00a0]*[\[({{]\s*(?P<number3>\d{{1,3}})\s*[\])}}]\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter's heading: label as printed ("Part 13"), title after it, number (0 when it has none)."""

    label: str
    title: str
    number: int


def heading(text: str) -> Heading | None:
    """Return what a line says when it is a chapter's heading.

    >>> heading("Part 13 - Family Business"), heading("Chapter and verse, thought Ilse.")
    (Heading(label='Part 13', title='Family Business', number=13), None)
    """
    bare = text.strip(" *~_=•·-–—\u00a0[]()<>").strip()
    if len(bare) > 110:  # a heading is short
        return None
    found = _HEADING.match(bare)
    if found is None:
        return None
    title = (found["title"] or found["bare"] or "").strip(" *~_-–—:\u00a0")
    if (
        found["title"]
        and title.endswith((".", "!", "?"))
        and bare[found.start("title") - 2] == "."
        and len(title.split()) > 2
    ):
        return None
    if found["bare"] and re.search(r"[a-z][.!?,;]$", found["bare"]):
        return None
    title = (
        title[1:-1]
        if len(title) > 2 and title[:1] in '“"' and title[-1:] in '”"' and title.count(title[-1]) <= 2
        else title
    )
    return Heading(
        re.sub(r"[\s\u00a0]+", " ", found["label"]).strip(" -:"), title, number(found["number"] or found["word"] or "")
    )


def number(words: str) -> int:
    """Return the number in digits, Roman figures or English words; 0 when it is none.

    >>> number("13"), number("iv"), number("Twenty-One"), number("2b")
    (13, 4, 21, 2)
    """
    bare = words.strip().lower()
    if found := re.match(r"\d+", bare):
        return int(found.group())
    if bare in _WORDS:
        return _WORDS[bare]
    first, _, second = bare.replace("-", " ").partition(" ")
    if first in ("twenty", "thirty", "forty", "fifty") and second in _WORDS:
        return _WORDS[first] + _WORDS[second]
    return _roman(bare) if _ROMAN.match(bare) else 0


def _roman(figures: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[figure] for figure in figures]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


@dataclass(frozen=True, slots=True)
class Mark:
    """A part mark at the end of a title: number, total (0 unknown), and a heading that follows it."""

    title: str
    label: str = ""
    number: int = 0
    total: int = 0
    heading: str = ""


def mark(title: str) -> Mark:
    """Return a title without the part mark at its end, and what the mark says.

    >>> mark("The Lamplighter's Apprentice (1/2)").number, mark("Salt, Chapter Two: Low Tide").heading
    (1, 'Low Tide')
    """
    found = _MARK.search(title)
    if found is None or not title[: found.start()].strip(" -–—:,\u00a0\"'"):
        return Mark(title)
    said = found["number"] or found["number2"] or found["number3"] or ""
    if found["number3"] and len(said) > 2:  # a year in brackets is no part
        return Mark(title)
    total = found["total"] or found["total2"] or ""
    kind = found["kind"] or found["kind2"] or ""
    rest = (found["rest"] or "").strip(" :–—-\u00a0")
    label = f"{kind} {said}".strip() if kind else said
    return Mark(
        title[: found.start()].rstrip(" ,:;–—-\u00a0"), label, number(said), int(total) if total.isdigit() else 0, rest
    )


_MENU_START = re.compile(
    (
        r"^[\W_]*(?:(?:chapters?|parts?|sections?|pages?|go to(?: chapter| part)?|jump to(?: chapter|"
        r" part)?|chapter index)\b[\s:#-]*)"
    ),
    re.IGNORECASE,
)
_MENU_ITEM = re.compile(
    (
        r"^(?:\d{1,3}[a-z]?|[ivxl]{1,6}|prologue|epilogue|prolog|epilog|interlude|next|"
        r"prev(?:ious)?|back|first|last|index|all)$"
    ),
    re.IGNORECASE,
)


def menu_items(text: str) -> tuple[str, ...]:
    """Return the entries of a chapter menu ("Chapter: 1 2 3", "[1] [2] [Epilogue]"), () when a line is none.

    >>> menu_items("Chapter: Prologue 1 Epilogue"), menu_items("Chapter 1")
    (('Prologue', '1', 'Epilogue'), ())
    """
    start = _MENU_START.match(text)
    rest = text[start.end() :] if start else text
    items = tuple(item for item in re.split(r"[\s\u00a0|\[\](){}<>«»,.·•*~:/-]+", rest) if item)
    different = start is not None or len({item.lower() for item in items}) == len(items)  # "Seven, five, five."
    enough = different and len(items) >= (2 if start else 3)
    spelled = bool(start) and all(_MENU_ITEM.match(item) or item.lower() in _SMALL for item in items)
    return items if enough and (spelled or all(_MENU_ITEM.match(item) for item in items)) else ()
