"""Letters that were read with the wrong table, put right run by run.

UTF-8 that somebody read as windows-1252, Mac Roman, or one of a dozen others (once, twice, three times) is ftfy's
subject, and ftfy is asked per paragraph and for encodings only: its default settings would straighten every quotation
mark. Single-byte tables that were mistaken for each other (a Mac reading ``I’m`` as ``Iím``) are ours: see misread.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import ftfy
from ftfy.badness import is_bad

from storykeep.text.repair.view import Edit, View

CODE = "repair.mojibake"
_LINE = re.compile(r"[^\n]+")
_TOKEN = re.compile(r"[ -~]+?(?=[^ -~]|\Z)|[^ -~]+")
_SUSPECT = re.compile("[\u0080-\u009f]|[^ -~\t\u2010-\u2026]")
# No repair of letters may make a tag, a reference or a control out of them.
_MEANS_SOMETHING = re.compile("[<>&\x00-\x08\x0b-\x1f]")
_LIMIT = 20_000  # characters of a paragraph that are compared at once

# windows-1252 that was taken for Latin-1: controls where punctuation should be. 81 8D 8F 90 9D mean nothing.
_C1 = {code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_CONTROL = re.compile("[" + "".join(map(chr, _C1)) + "]+")


def edits(seen: View) -> Iterator[Edit]:
    """Yield an edit for every run of characters that was read with the wrong table."""
    made = list(_edits(seen.words))
    # “Ã ” may be an à whose second half became a space, or the letter itself: only other damage tells.
    if any(seen.words[edit.start : edit.end].strip(" ") not in ("Ã", "Â") for edit in made):
        yield from made


def _edits(words: str) -> Iterator[Edit]:
    for found in _LINE.finditer(words):
        line = found[0]
        if (
            len(line) <= _LIMIT
            and _SUSPECT.search(line)
            and (is_bad(line) or _CONTROL.search(line) or _LOST_HALF.search(line))
        ):
            yield from _line(line, found.start())


def controls(seen: View) -> Iterator[Edit]:
    """Yield an edit for every run of C1 controls: punctuation of windows-1252 that was taken for Latin-1."""
    for found in _CONTROL.finditer(seen.words):
        mended = found[0].translate(_C1)
        yield Edit(found.start(), found.end(), mended, CODE, "controls where windows-1252 has punctuation", 0.98)


def _line(line: str, at: int) -> Iterator[Edit]:
    mended = ftfy.fix_encoding(_with_lost_halves(line))
    mended = ftfy.fix_encoding(_with_lost_halves(mended))
    if mended == line:
        return
    for start, before, after in _differences(_TOKEN.findall(line), _TOKEN.findall(mended)):
        edit = _narrowed(at + start, before, after)
        if not _MEANS_SOMETHING.search(edit.after):
            yield edit


# ” is E2 80 9D, and windows-1252 has no 9D: it was dropped, or became a question mark or U+FFFD.
_LOST_HALF = re.compile(
    "(?:(?<=[!-~])|(?<=â€.))(?:â€|â\x80)(?:[?\ufffd](?=[\\s.,;:!?)<\"'—–-]|$)|(?=[\\s.,;:!?)<—]|$))",
)


def _with_lost_halves(line: str) -> str:
    return _LOST_HALF.sub("”", line)


_AHEAD = 6  # tokens in which two readings of a line meet again; runs of letters and of others take turns


def _differences(old: list[str], new: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield where two lists of tokens differ: the offset, and what stands there in each. Linear."""
    at = i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and old[i] == new[j]:
            at, i, j = at + len(old[i]), i + 1, j + 1
            continue
        i_end, j_end = _meeting(old, new, i, j)
        before = "".join(old[i:i_end])
        yield at, before, "".join(new[j:j_end])
        at, i, j = at + len(before), i_end, j_end


def _meeting(old: list[str], new: list[str], i: int, j: int) -> tuple[int, int]:
    """Return where two lists are the same again; their ends, when that is nowhere near."""
    for far in range(1, 2 * _AHEAD):
        for step in range(max(0, far - _AHEAD), min(far, _AHEAD) + 1):
            one, other = old[i + step : i + step + 1], new[j + far - step : j + far - step + 1]
            if one and one == other:
                return i + step, j + far - step
    return len(old), len(new)


def _narrowed(at: int, before: str, after: str) -> Edit:
    """Return the edit without what both sides have in common at their ends."""
    while before and after and before[0] == after[0]:
        before, after, at = before[1:], after[1:], at + 1
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    return Edit(at, at + len(before), after, CODE, f"“{before}” is “{after}” read with the wrong table")
