"""One row of an INSERT, read strictly, mended where that is safe, given up where it is not.

A row that does not parse is tried again as if apostrophes had not been escaped, then as if backslashes meant nothing;
such a reading counts only when the number of columns comes out right. What can't be read is skipped to the next row
that can, so that one unbalanced quotation mark costs one row and not the rest of the archive.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from storykeep.sources.sql import tokens
from storykeep.sources.sql.window import LONGEST, Window

Value = bytes | None
Widths = frozenset[int]

_BETWEEN_ROWS = re.compile(rb"\)\s*+,\s*+\(")
_AFTER_ROW = re.compile(rb"\s*+(?:[,;]|\Z|\r?\n)", re.DOTALL)
_GOES_ON = re.compile(rb"\s*+(?:,\s*+\(|;?\s*+(?:\Z|--|#|/\*|\\|[A-Z]{3,}\b))", re.DOTALL | re.IGNORECASE)
_TRIALS = 64
_TOKEN = 1 << 13


class Reading(StrEnum):
    """How a row was read."""

    STRICT = "strict"
    LOOSE = "loose"  # apostrophes were not escaped
    RAW = "raw"  # backslashes are only backslashes


_PATTERNS = {
    Reading.STRICT: tokens.VALUE,
    Reading.LOOSE: tokens.LOOSE_VALUE,
    Reading.RAW: tokens.RAW_VALUE,
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """The values of a row, where it ends (an offset in the window), and which of them were function calls."""

    values: tuple[Value, ...]
    end: int
    reading: Reading = Reading.STRICT
    calls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no row; ``end`` is where it stops, if that is sure (0 otherwise)."""

    reason: str
    end: int = 0


def read_row(window: Window, widths: Widths, *, sure: bool = True) -> Parsed | Failure:
    """Return the row whose parenthesis is at ``window.at``; ``widths`` are the numbers of columns that it may have.

    When they are not ``sure``, because the dump does not name the columns, any number will do in a sound row.
    The window may grow, but does not move.
    """
    strict = _parse(window, window.at, Reading.STRICT)
    if isinstance(strict, Parsed) and len(strict.values) in widths:
        return strict
    if isinstance(strict, Parsed) and not (widths and sure) and not _spills(strict, rows=bool(widths)):
        return strict
    if (mended := _mend(window, widths)) is not None:
        return mended
    if isinstance(strict, Failure):
        return strict
    if not widths:
        return Failure("a quotation mark is missing or was not escaped")
    expected = " or ".join(str(width) for width in sorted(widths))
    reason = f"it has {len(strict.values)} values where {expected} are expected"
    return Failure(reason, strict.end if _ends_well(window, strict) and not _spills(strict) else 0)


def next_row(window: Window, widths: Widths) -> bool:
    """Move to the next row that can be read, or to the next statement. True for a row of the same INSERT."""
    start = window.at + 1
    for _ in range(_TRIALS):
        window.ensure(_TOKEN)
        row, statement = _BETWEEN_ROWS.search(window.text, start), tokens.STATEMENT.search(window.text, start)
        if row is None or (statement and statement.start() < row.start()):
            return _to_statement(window, statement)
        trial = _parse(window, row.end() - 1, Reading.STRICT)
        if isinstance(trial, Parsed) and _fits(trial, widths):
            window.at = row.end() - 1
            return True
        start = row.end() - 1
    return _to_statement(window, tokens.STATEMENT.search(window.text, start))


def _to_statement(window: Window, statement: re.Match[bytes] | None) -> bool:
    while statement is None and not window.ended:
        window.at = max(window.at, len(window.text) - 200)  # a statement may begin in what is not read yet
        window.forget()
        window.grow(1 << 20)
        statement = tokens.STATEMENT.search(window.text, window.at)
    window.at = statement.start() if statement else len(window.text)
    return False


def _fits(row: Parsed, widths: Widths) -> bool:
    return not widths or len(row.values) in widths


def _mend(window: Window, widths: Widths) -> Parsed | None:
    if not widths:
        return None
    for reading in (Reading.LOOSE, Reading.RAW):
        row = _parse(window, window.at, reading)
        if isinstance(row, Parsed) and _fits(row, widths) and _closed(window, row) and not _spills(row):
            return row
    return None


def _closed(window: Window, row: Parsed) -> bool:
    return _AFTER_ROW.match(window.text, row.end) is not None


def _ends_well(window: Window, row: Parsed) -> bool:
    """Say whether what follows a row is another row, or the end of the INSERT and a new statement."""
    window.ensure(row.end - window.at + _TOKEN)
    return _GOES_ON.match(window.text, row.end) is not None


def _spills(row: Parsed, *, rows: bool = True) -> bool:
    """Say whether a value holds the start of a statement, or of another row: then a quotation mark was lost."""
    values = [value for value in row.values if value]
    return any((rows and _BETWEEN_ROWS.search(value)) or tokens.STATEMENT.search(value, 1) for value in values)


def _parse(window: Window, start: int, reading: Reading) -> Parsed | Failure:
    """Return the row at ``start`` (its parenthesis)."""
    pattern, at = _PATTERNS[reading], start + 1
    values: list[Value] = []
    calls: list[int] = []
    while True:
        found = _match(window, pattern, at, start)
        if found is None:
            call = _call(window, at)
            if call is None:
                return Failure(_why(window, at, start))
            calls.append(len(values))
            values.append(None)
            at, closed = call
        else:
            values.append(_value(found, reading))
            at, closed = found.end(), found["end"] == b")"
        if closed:
            return Parsed(tuple(values), at, reading, tuple(calls))


def _match(window: Window, pattern: re.Pattern[bytes], at: int, start: int) -> re.Match[bytes] | None:
    """Match a value at ``at``; while it is cut off by the end of the window, read on (to LONGEST bytes a row)."""
    found = pattern.match(window.text, at)
    while found is None and tokens.PARTIAL.match(window.text, at) and len(window.text) - start < LONGEST:
        if not window.grow(max(len(window.text) - at, _TOKEN)):
            return None
        found = pattern.match(window.text, at)
    return found


def _why(window: Window, at: int, start: int) -> str:
    if window.ended and tokens.PARTIAL.match(window.text, at):
        return "the dump ends inside it"
    if len(window.text) - start >= LONGEST:
        return "a quotation mark is never closed"
    return "a quotation mark is missing or was not escaped"


def _call(window: Window, at: int) -> tuple[int, bool] | None:
    """Return where a function call at ``at`` ends and whether the row ends with it. It is never carried out."""
    window_end = at + _TOKEN
    while len(window.text) < window_end and window.grow(_TOKEN):
        pass
    opened = tokens.CALL.match(window.text, at)
    if opened is None:
        return None
    depth, place = 1, opened.end()
    step = re.compile(tokens.STRING.pattern + rb"|[()]", tokens.FLAGS)
    while depth and (found := step.search(window.text, place, window_end)):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        place = found.end()
    end = re.compile(rb"\s*+([,)])").match(window.text, place)
    return (end.end(), end[1] == b")") if end and not depth else None


def _value(found: re.Match[bytes], reading: Reading) -> Value:
    kind = next(name for name in _MAKE if found[name] is not None)
    return _MAKE[kind](found[kind], reading)


def _text(quote: bytes) -> Callable[[bytes, Reading], Value]:
    def made(literal: bytes, reading: Reading) -> Value:
        return literal.replace(quote * 2, quote) if reading is Reading.RAW else tokens.unescaped(literal, quote)

    return made


def _hex(literal: bytes, _: Reading) -> Value:
    digits = literal[2:].rstrip(b"'")
    return bytes.fromhex(("0" * (len(digits) % 2)) + digits.decode("ascii"))


def _bits(literal: bytes, _: Reading) -> Value:
    return b"%d" % int(literal[2:-1] or b"0", 2)


_WORDS: dict[bytes, Value] = {b"true": b"1", b"false": b"0"}
_MAKE: dict[str, Callable[[bytes, Reading], Value]] = {
    "single": _text(b"'"),
    "number": lambda literal, _: literal,
    "double": _text(b'"'),
    "null": lambda _, __: None,
    "hex": _hex,
    "bits": _bits,
    "word": lambda literal, _: _WORDS.get(literal.lower()),
}
