"""What one program left for the next: references shown as text, slashes before quotes, mail codes, lost marks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from storykeep.text.repair.view import Edit, View

_TYPOGRAPHIC = (
    "lsquo rsquo sbquo ldquo rdquo bdquo laquo raquo lsaquo rsaquo ndash mdash hellip nbsp shy copy reg trade deg "
    "middot bull iexcl iquest szlig aelig AElig oelig OElig oslash Oslash euro pound frac12 frac14 frac34"
)
_ACCENTED = r"[A-Za-z](?:acute|grave|circ|uml|tilde|cedil|ring|caron)"
_LETTERS = rf"#(?:1[2-9]\d|[2-9]\d\d|\d{{4,6}}|[xX][0-9a-fA-F]{{2,6}})|{_ACCENTED}|{'|'.join(_TYPOGRAPHIC.split())}"
_SIGNS = r"quot|apos|amp|#0?3[49]|#38"
_SHOWN_REFERENCE = re.compile(rf"&(?:amp;)*({_LETTERS}|{_SIGNS});")
_ABOUT_MARKUP = re.compile(r"&(?:amp;)*lt;")


def entities(seen: View) -> Iterator[Edit]:
    """Yield an edit for every reference that readers see as ``&#8217;``; a text about HTML keeps its ``&quot;``."""
    about_markup = _ABOUT_MARKUP.search(seen.words)
    for found in _SHOWN_REFERENCE.finditer(seen.words):
        meant = html.unescape(f"&{found[1]};")
        if found[1] in _SIGN_NAMES and (about_markup or _in_address(seen.words, found.start())):
            continue
        yield Edit(
            found.start(), found.end(), _written(meant, seen.html), "repair.entity", f"{found[0]} stood in the text"
        )


_ADDRESS = 300  # characters of a web address before a place in it
_SIGN_NAMES = frozenset(("quot", "apos", "amp", "#34", "#034", "#39", "#039", "#38"))


def _written(meant: str, in_html: bool) -> str:
    return html.escape(meant, quote=False) if in_html else meant


def _in_address(words: str, at: int) -> bool:
    """Say whether a web address surrounds ``at``."""
    near = re.split(r"\s", words[max(0, at - _ADDRESS) : at])[-1]
    return re.search(r"https?://|www\.|ftp://|mailto:", near) is not None


_HABIT, _TWICE = 3, 2  # what is seen so often is no accident
_MAILED_LINE = 60  # characters; mail breaks lines at 76
_IN_WORD = re.compile(r"(?<=[A-Za-z])\\++'(?=[A-Za-z])")
_SLASHED = re.compile(r"(?<!\\)\\++(?=['\"’‘“”])")
_BARE = re.compile(r"(?<!\\)['\"]")


def slashes(seen: View) -> Iterator[Edit]:
    r"""Yield an edit for every backslash before a quote, where most quotes have one, as databases leave them."""
    found = list(_SLASHED.finditer(seen.words))
    if not found:
        return
    in_word = sum(1 for _ in _IN_WORD.finditer(seen.words))
    bare = sum(1 for _ in _BARE.finditer(seen.words))
    if in_word or (len(found) >= _HABIT and len(found) >= bare):
        for slash in found:
            yield Edit(slash.start(), slash.end(), "", "repair.slash", "a database's backslash before a quote", 0.97)


# Only what stands for something above ASCII, or a space before the end of a line, is believed to be a mail code.
_HIGH = re.compile(r"(?<![^\s(\[“'>—-])(?:=[89A-F][0-9A-F])+|(?<=[a-z]{2}|[A-Za-z][.,!?…])(?:=[89A-F][0-9A-F])+")
_CONTRACTION = re.compile(r"=(?:92|E2=80=99)(?:s|t|m|d|ll|ve|re)\b")
_SPACE = re.compile(r"=20(?=\n|\Z)")
_SOFT_BREAK = re.compile(r"=\n")
_EQUALS = re.compile(r"=3D")


def mail_codes(seen: View) -> Iterator[Edit]:
    """Yield an edit for every leftover of quoted-printable mail: ``don=92t``, ``=20`` at the end of a line."""
    words = seen.words
    marks = [found for found in _HIGH.finditer(words) if _code(found[0]) is not None]
    spaces = list(_SPACE.finditer(words))
    sure = len(marks) + len(spaces)
    if sure < _TWICE and not any(_CONTRACTION.match(words, found.start()) for found in marks):
        return
    for found in marks:
        yield Edit(
            found.start(), found.end(), _code(found[0]) or "", "repair.mail-code", f"{found[0]} is a code of mail"
        )
    for found in spaces:
        yield Edit(found.start(), found.end(), "", "repair.mail-code", "=20 is a mailed space at the end of a line")
    if sure >= _TWICE:
        yield from _other_codes(words)


def _other_codes(words: str) -> Iterator[Edit]:
    for found in _SOFT_BREAK.finditer(words):
        if found.start() - words.rfind("\n", 0, found.start()) >= _MAILED_LINE:
            yield Edit(found.start(), found.end(), "", "repair.mail-code", "a line that mail had broken")
    for found in _EQUALS.finditer(words):
        yield Edit(found.start(), found.end(), "=", "repair.mail-code", "=3D is a mailed =")


def _code(codes: str) -> str | None:
    """Return what a run of codes says in UTF-8, else in windows-1252; None when it says nothing."""
    data = bytes.fromhex(codes.replace("=", ""))
    for encoding in ("utf-8", "cp1252"):
        try:
            meant = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return meant if all(c.isalpha() or c in "‘’“”–—…«»£€©½° \u00a0¡¿" for c in meant) else None
    return None


_LOST_APOSTROPHE = re.compile(
    r"\b(?:(?i:do|does|did|is|are|was|were|ca|could|wo|would|should|have|has|had|ai|must|need|might)[Nn]\?[Tt]"
    r"|(?:I|[Yy]ou|[Ww]e|[Tt]hey|[Hh]e|[Ss]he|[Ii]t|[Tt]hat|[Ww]ho|[Tt]here|[Ww]hat)\?(?:m|d|ll|ve|re|s)"
    r"|[Ll]et\?s|[A-Z][a-z]+\?s|O\?[A-Z][a-z]+|o\?clock|ma\?am|[a-z]{2,}\?s)\b"
)
_SURE = re.compile(
    r"\B[Nn]\?t\b|\bI\?(?:m|d|ll|ve)\b|\b(?:[Yy]ou|[Ww]e|[Tt]hey)\?(?:re|ve|ll|d)\b|\b(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hat)\?(?:s|ll|d)\b"
    r"|\b[A-Za-z]{3,}\?s\b(?!=)"
)


# Marks that were lost with the apostrophes: where nothing but speech can begin, and after what nothing but speech ends.
_LOST_MARK = re.compile(r"(?P<opens>(?<![^\s(])\?(?=[A-Za-z’…]))|(?P<closes>(?<=[.,!?…—-])\?(?=[\s)]|\Z))")


def question_marks(seen: View) -> Iterator[Edit]:
    """Yield an edit for every ``?`` that stands for a lost apostrophe (``don?t``), or for a lost pair of quotes."""
    if not _SURE.search(seen.words):
        return
    for found in _LOST_APOSTROPHE.finditer(seen.words):
        if not _in_address(seen.words, found.start()):
            at = found.start() + found[0].index("?")
            yield Edit(at, at + 1, "’", "repair.question-mark", f"{found[0]} has lost its apostrophe", 0.95)
    for line in re.finditer(r"[^\n]+", seen.words):
        yield from _lost_quotes(line[0], line.start())


def _lost_quotes(line: str, at: int) -> Iterator[Edit]:
    """Yield the edits of a line whose lost marks open and close in turn; in any other line nothing is sure."""
    marks = list(_LOST_MARK.finditer(line))
    if not marks or [bool(mark["opens"]) for mark in marks] != [True, False] * (len(marks) // 2):
        return
    for mark in marks:
        quote = "“" if mark["opens"] else "”"
        start = at + mark.start()
        yield Edit(start, start + 1, quote, "repair.question-mark", "this text has lost its quotation marks", 0.75)
