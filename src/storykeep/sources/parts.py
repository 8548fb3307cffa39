"""Stories that came in parts: "(1/2)", "[3/?]", "Part 2b", "Prologue", and which titles are the same title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storykeep.sources.pages import chapters
from storykeep.text.fold import fold

_PART = re.compile(
    r"[\s,:;–—-]*(?:[\[({]\s*(?:(?:part|pt|chapter|ch|chap)\.?\s*\#?)?\s*(?P<a>\d{1,3})\s?(?P<al>[a-z])?\s*(?:/|of|\\)\s*(?P<at>\d{1,3}[a-z]?|\?+|x|n)\s*[\])}]"
    r"|(?:(?:part|pt|chapter|ch|chap)\.?\s*\#?)?\s*\b(?P<b>\d{1,3})\s?(?P<bl>[a-z])?\s*(?:/|\bof\b)\s*(?P<bt>\d{1,3}[a-z]?|\?+|x\b|n\b)(?!\d|/)"
    r"|[\[({]?\s*\b(?:part|pt|chapter|ch|chap)\b\.?\s*\#?\s*(?P<c>\d{1,3}|[ivxl]{1,6}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?P<cl>[a-z])?\s*[\])}]?"
    r"|[\[({]?\s*(?-i:\b(?P<d>[IVX]{1,6})\s*(?:/|\bof\b)\s*(?P<dt>[IVX]{1,6}\b|\?+))\s*[\])}]?"
    r"|\#\s?(?P<e>\d{1,3})(?P<el>[a-z])?\b(?=\W*$)"
    r"|[\[({]\s*(?P<w>prologue|prolog|epilogue|epilog)\s*[\])}]?|[,:;–—-]\s*(?P<w2>prologue|prolog|epilogue|epilog)\b)",
    re.IGNORECASE,
)

_FIRST = re.compile(
    r"\s*(?:[\[({]\s*(?:(?:part|pt|chapter|ch)\.?\s*)?(\d{1,3})\s*(?:/|of|\\)\s*(\d{1,3}|\?+|x|n)\s*[\])}]\s*:?"
    r"|(\d{1,3})\s*(?:/|of)\s*(\d{1,3}|\?+)\s*(?::|-|–|—|(?=(?:new\s*)?(?:fan)?fic\b)))\s*(?=\S)",
    re.IGNORECASE,
)
"""A part mark before everything else: "(2/5) Salt", "2/5: Salt", "2/5 FIC: Salt"."""

EPILOGUE = 9_000.0
MOST_PARTS = 500  # nobody posted more


@dataclass(frozen=True, slots=True)
class PartMark:
    """Which part of a story a letter is: ``label`` as printed, ``order`` sorts parts, ``total`` 0 when unknown."""

    label: str = ""
    order: float = 0.0
    total: int = 0


def part_of(title: str) -> tuple[str, PartMark]:
    """Return a title without its part mark, and the mark.

    >>> part_of("FIC: Salt (2/5) [PG]")
    ('FIC: Salt [PG]', PartMark(label='2/5', order=2.0, total=5))
    """
    found = None
    for found in _PART.finditer(title):  # noqa: B007 — the last mark counts: "Nine Ways 1/2: Part 1/3"
        pass
    if found is None or not title[: found.start()].strip(" -–—:,[({\"'"):
        first = _FIRST.match(title)
        return _marked_first(title, first) if first else (title.strip(), PartMark())
    rest = (title[: found.start()] + " " + title[found.end() :].lstrip(" :-–—")).strip()
    return " ".join(rest.split()), _mark(found)


def _marked_first(title: str, found: re.Match[str]) -> tuple[str, PartMark]:
    number, total = int(found[1] or found[3]), found[2] or found[4] or ""
    whole = int(total) if total.isdigit() else 0
    if not number or (whole and number > whole):
        return title.strip(), PartMark()
    return title[found.end() :].strip(), PartMark(f"{number}/{total}", float(number), whole)


def _mark(found: re.Match[str]) -> PartMark:
    word = (found["w"] or found["w2"] or "").lower()
    if word:
        return PartMark(word.capitalize(), 0.5 if word.startswith("pro") else EPILOGUE)
    digits = found["a"] or found["b"] or found["c"] or found["d"] or found["e"]
    letter = (found["al"] or found["bl"] or found["cl"] or found["el"] or "").lower()
    total = found["at"] or found["bt"] or found["dt"] or ""
    number = chapters.number(digits)
    whole = chapters.number(total) if found["dt"] else int(re.sub(r"\D", "", total) or 0)
    if whole and number > whole + 1:  # a date or a score, not a part
        return PartMark()
    order = (number or 0.25) + (ord(letter) - ord("a") + 1) / 100 if letter else float(number or 0.25)
    return PartMark(f"{digits}{letter}/{total}" if total else f"Part {digits}{letter}", order, whole)


def stated_part(text: str) -> PartMark | None:
    """Return the mark in a field that says nothing else ("3/5", "Part two")."""
    mark = part_of(f"x ({text.strip()})")[1]
    if mark.order:
        return mark
    number = chapters.number(text.strip().split(" ")[0]) if text.strip() else 0
    return PartMark(f"Part {number}", float(number)) if number else None


def bare(title: str) -> str:
    """Return the letters and digits of a title, so that spellings with and without curly quotes are one.

    >>> bare("The Lamplighter’s Apprentice") == bare("the lamplighters apprentice")
    True
    """
    return "".join(sign for sign in fold(title) if sign.isalnum())
