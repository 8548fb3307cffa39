"""Cells of a table that no spreadsheet takes for a formula (CSV injection, as OWASP describes it)."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(cell: object) -> str:
    """Return a cell as text, with an apostrophe before what a spreadsheet would run. Numbers stay numbers.

    >>> print(defused("=1+2"), defused("Still Point"), defused(-3))
    '=1+2 Still Point -3
    """
    words = str(cell)
    return f"'{words}" if not isinstance(cell, int | float) and words.startswith(FORMULA) else words
