"""Lines of a given width, in every script: wide letters count twice, and Chinese or Japanese may break anywhere."""

from __future__ import annotations

import re

from storykeep.exports.flow import width

_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
)
_NEVER_FIRST = "、。，．・：；？！）］｝」』】〉》〕ー々ゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ…‥"
_NEVER_LAST = "（［｛「『【〈《〔"
_UNIT = re.compile(
    rf"[{_NEVER_LAST}]*[{_WIDE}\U00020000-\U0003ffff](?:[\u3099\u309a{_NEVER_FIRST}])*"
    rf"|(?:(?![{_WIDE}\U00020000-\U0003ffff])\S|\u00a0)+"
)
_GAP = re.compile(r"[ \t\n]+")


def wrapped(text: str, columns: int, *, first: str = "", rest: str = "") -> list[str]:
    """Return ``text`` as lines of at most ``columns``, where words allow it. Line breaks in ``text`` are kept.

    ``first`` stands before the first line, ``rest`` before all others.

    >>> wrapped("one two three", 8, first="* ", rest="  ")
    ['* one', '  two', '  three']
    """
    lines: list[str] = []
    for line in text.split("\n"):
        lines += _line(line, columns, first if not lines else rest, rest)
    return lines


def _line(text: str, columns: int, first: str, rest: str) -> list[str]:
    lines: list[str] = []
    current, taken, empty = first, width(first), True
    for space, unit in _units(text):
        wide = width(unit)
        gap = " " if space and not empty else ""
        if not empty and taken + len(gap) + wide > columns:
            lines.append(current.rstrip(" "))
            current, taken, gap = rest, width(rest), ""
        current += gap + unit
        taken += len(gap) + wide
        empty = False
    return [*lines, current.rstrip(" ")]


def _units(text: str) -> list[tuple[bool, str]]:
    """Return what can't be broken, each with whether a space stands before it."""
    if text.isascii():
        return [(True, word) for word in text.split()]
    found = []
    for word in _GAP.split(text):
        found += [(number == 0, unit) for number, unit in enumerate(_UNIT.findall(word))]
    return found
