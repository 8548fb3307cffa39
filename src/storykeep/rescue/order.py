"""The order of a work's chapters: by the work's own list of chapters, or by what their labels say. Never by row ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from storykeep.sources.pages.reading import Link
from storykeep.text.fold import fold

FIRST, LAST = 0.0, 10_000.0
_WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_BEFORE = re.compile(r"\b(prologue?|prolog|foreword|preface|teaser|introduction|intro|prelude)\b")
_AFTER = re.compile(r"\b(epilogue?|epilog|afterword|coda|postscript)\b")
_NAMED = r"(?:chapters?|chap|ch|parts?|pt|episodes?|ep|entry|act|scene|section|sect|verse|book|day|letter|no|number|#)"
_ALONE = r"(?=\W*$|\s*[.:;)/–—-])"  # a bare number counts only when it stands alone: "7 Days" is a title
_NUMBER, _NUMERAL = r"(\d{1,4})\s?([a-z])?", r"(?=[ivxlc])(c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))"
_DIGITS = re.compile(rf"\b{_NAMED}\W*{_NUMBER}(?=$|[^\w])|^\W*{_NUMBER}{_ALONE}")
_ROMAN = re.compile(rf"\b{_NAMED}\W*{_NUMERAL}(?=$|[^\w'’])|^\W*{_NUMERAL}{_ALONE}")
_FRACTION = re.compile(r"(?<!\d)(\d{1,3})\s?(?:/|of)\s?(?:\d{1,3}|\?)(?!\d)")


def number_of(label: str) -> float | None:
    """Return where a chapter with this label stands; None when it doesn't say.

    >>> [number_of(label) for label in ("Chapter 12", "Part IV - Rain", "2b", "Prologue: Dice", "Rain")]
    [12.0, 4.0, 2.02, 0.0, None]
    """
    plain = fold(label).strip()
    if found := _FRACTION.search(plain):
        return float(found[1])
    if found := _DIGITS.search(plain):
        number, letter = found[1] or found[3], found[2] or found[4]
        return int(number) + ((ord(letter) - ord("a") + 1) / 100 if letter else 0.0)
    if _BEFORE.search(plain):
        return FIRST
    if _AFTER.search(plain):
        return LAST
    return _in_words(plain) or _in_roman(plain)


def _in_words(plain: str) -> float | None:
    if found := re.search(rf"\b{_NAMED}\W+([a-z]+)\b|^\W*([a-z]+){_ALONE}", plain):
        for names in (_WORDS, _ORDINALS):
            if (found[1] or found[2]) in names:
                return float(names.index(found[1] or found[2]) + 1)
    if found := re.search(rf"\b([a-z]+) {_NAMED}\b", plain):
        return float(_ORDINALS.index(found[1]) + 1) if found[1] in _ORDINALS else None
    return None


def _in_roman(plain: str) -> float | None:
    found = _ROMAN.search(plain)
    numeral = found and (found[1] or found[2])
    if not numeral:
        return None
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in numeral]
    later = [*values[1:], 0]
    return float(sum(-one if one < after else one for one, after in zip(values, later, strict=True)))


def contents(lists: Iterable[Sequence[Link]]) -> tuple[Link, ...]:
    """Return one list of chapters out of those on several pages, each of which may leave out its own page.

    >>> one, two, three = (Link(label=n, address=f"/{n}") for n in "123")
    >>> [link.label for link in contents([(two, three), (one, three), (one, two)])]
    ['1', '2', '3']
    """
    known: list[Link] = []
    after: dict[int, set[int]] = {}
    for links in lists:
        numbers = [_number_in(known, link) for link in links]
        for one, other in pairwise(numbers):
            if one != other:
                after.setdefault(other, set()).add(one)
    return tuple(known[number] for number in _sorted(known, after))


def _number_in(known: list[Link], link: Link) -> int:
    """Return the place of a chapter in ``known``, adding it when it is new."""
    for number, other in enumerate(known):
        if link.address == other.address or (link.label and fold(link.label) == fold(other.label)):
            return number
    known.append(link)
    return len(known) - 1


def _sorted(known: list[Link], after: dict[int, set[int]]) -> Iterator[int]:
    """Yield the numbers of ``known`` so that each follows those it comes after; where lists disagree, by label."""
    left = sorted(range(len(known)), key=lambda n: (_or_last(number_of(known[n].label)), n))
    done: set[int] = set()
    while left:
        free = (number for number in left if not after.get(number, set()) - done)
        taken = next(free, left[0])
        left.remove(taken)
        done.add(taken)
        yield taken


def _or_last(number: float | None) -> float:
    return LAST if number is None else number


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts names as people do: ``part2`` before ``part10``.

    >>> sorted(["part10.html", "part2.html"], key=natural)
    ['part2.html', 'part10.html']
    """
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name.casefold()))
