"""One single-byte table mistaken for another: ``Iím`` for ``I’m``, ``donÕt`` for ``don’t``, ``naďve`` for ``naïve``.

Every byte is a letter in both tables, so nothing but the words can tell. A pair of tables is believed when it makes
words that English has out of words that no language has, or puts opening and closing marks where they belong, again
and again; and then it is applied mark by mark, only where the result fits better than what stands there. The same page
may hold a real í.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from storykeep.text.repair.view import Edit, View

CODE = "repair.mojibake"

# (the table that read, the table that wrote), with who did it.
_PAIRS = (
    ("mac_latin2", "cp1252", "Windows text read on a Central European Mac"),
    ("mac_roman", "cp1252", "Windows text read on a Mac"),
    ("cp1252", "mac_roman", "Mac text read on Windows"),
    ("cp437", "cp1252", "Windows text read under DOS"),
    ("cp850", "cp1252", "Windows text read under DOS"),
    ("cp1250", "cp1252", "Western text read as Central European"),
    ("cp1251", "cp1252", "Western text read as Cyrillic"),
    ("cp1253", "cp1252", "Western text read as Greek"),
    ("koi8_r", "cp1252", "Windows text read as Russian"),
    ("cp866", "cp1252", "Windows text read under Russian DOS"),
    ("mac_cyrillic", "cp1252", "Windows text read on a Cyrillic Mac"),
)
_CONTRACTIONS = frozenset(
    "i'm i'd i'll i've you're you'd you'll you've he's he'd he'll she's she'd she'll it's it'd it'll we're we'd we'll "
    "we've they're they'd they'll they've that's that'd there's there'd here's what's what'd what're who's who'd "
    "who'll where's how's let's don't didn't can't couldn't won't wouldn't shouldn't isn't aren't wasn't weren't "
    "haven't hasn't hadn't ain't mustn't needn't mightn't shan't o'clock ma'am y'all could've should've would've "
    "might've doesn't that'll".split()
)
_LOANS = frozenset(
    "café cafés naïve naïveté fiancé fiancée fiancés voilà déjà façade crème brûlée señor señora señorita mañana "
    "piñata jalapeño tête-à-tête vis-à-vis fête fêtes rôle château crêpe crêpes entrée entrées protégé résumé "
    "protégée soirée touché cliché clichés clichéd née blasé passé risqué sauté attaché décor décolletage "
    "garçon noël coup d'état "
    "à-la über doppelgänger götterdämmerung fräulein el niño très première mêlée touchée papier-mâché pâté "
    "où après là très être même père mère frère".split()
)
_LOAN_LETTERS = frozenset("".join(_LOANS)) - frozenset("abcdefghijklmnopqrstuvwxyz'-")
_SAMPLE = 2_000  # characters by which a pair of tables is believed or not
_SUFFIX = re.compile(r"(?:s|t|m|d|ll|ve|re)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\s\d.,;:!?()\[\]{}\"“”<>/\\—–-]+(?:-[^\s\d.,;:!?()\[\]{}\"“”<>/\\—–-]+)*")
_BEFORE_OPENER = frozenset(" \t\n\u00a0([{—–-\"'“‘")
_AFTER_CLOSER = frozenset(" \t\n\u00a0)]}.,;:!?—–-…\"'”’*")
_ENOUGH_MARKS = 4
_WORD_LENGTH = 24  # characters on one side that are looked at
_YEAR = re.compile(r"\d\ds?\b")  # the year ’58, the ’80s
_RARE = 20  # one mark in so many may stand oddly: authors do write such things


@dataclass(slots=True)
class _Case:
    """What speaks for a pair of tables: words that become words, marks that come to stand right; and what against."""

    words: int = 0
    right: int = 0
    wrong: int = 0
    better: list[tuple[int, str]] = field(default_factory=list)
    no_worse: list[tuple[int, str]] = field(default_factory=list)

    @property
    def believed(self) -> bool:
        if self.words:
            return self.right + 3 * self.words > self.wrong
        return self.right >= _ENOUGH_MARKS and not self.wrong

    @property
    def changes(self) -> list[tuple[int, str]]:
        """What to change: where nothing speaks against the pair, also what would be as good either way."""
        sure = self.words and self.wrong * _RARE <= self.words + self.right
        return sorted(self.better + self.no_worse) if sure else self.better


def edits(seen: View) -> Iterator[Edit]:
    """Yield an edit for every run that a believed pair of tables mends."""
    words = seen.words
    if words.isascii():
        return
    samples = [(_case(words, read, wrote, most=_SAMPLE), read, wrote, who) for read, wrote, who in _PAIRS]
    believed = [found for found in samples if found[0].believed and found[0].changes]
    if believed:
        _, read, wrote, who = max(believed, key=lambda found: (found[0].words, found[0].right - found[0].wrong))
        for start, mended in _runs(_case(words, read, wrote).changes):
            yield Edit(start, start + len(mended), mended, CODE, who, 0.9)


def _case(words: str, read: str, wrote: str, most: int | None = None) -> _Case:
    """Return what speaks for a pair of tables, judged by at ``most`` so many characters."""
    table = _table(read, wrote)
    case = _Case()
    for found in islice(re.finditer("[" + re.escape("".join(table)) + "]", words), most):
        at, mark = found.start(), table[found[0]]
        fits, stands = _fit(words, at, mark, table), _stands(words, at)
        if fits > stands:
            case.better.append((at, mark))
        elif fits == stands == _RIGHT:
            case.no_worse.append((at, mark))
        case.words += fits == _KNOWN
        case.right += fits == _RIGHT and mark in _MARKS and stands == _WRONG
        case.wrong += fits == _WRONG and mark in _MARKS
    return case


_MARKS = "‘’“”–—…"
_KNOWN, _RIGHT, _FAIR, _WRONG = 3, 2, 1, 0


def _stands(words: str, at: int) -> int:
    """Return how well the character at ``at`` stands where it is."""
    mark, left, right = words[at], words[at - 1 : at], words[at + 1 : at + 2]
    if mark in _MARKS:
        hangs = mark in "‘“" and left.isalpha() and not right.isalpha()
        fits = _mark_fits(words, at, mark, left, right) or left.isspace() == right.isspace()
        return _RIGHT if fits and not hangs else _WRONG
    if not mark.isalpha():
        symbol = unicodedata.category(mark)[0] == "S" and mark not in _USUAL_SYMBOLS
        return _WRONG if symbol and not (left + right).isspace() else _RIGHT
    alone = not left.isalpha() and not right.isalpha()
    if alone and mark.lower() in _WORDS_OF_ONE_LETTER:
        return _RIGHT
    if mark.islower():
        return _WRONG if alone else _FAIR
    starts_word = not left.isalpha() and right.islower()
    in_capitals = (left.isupper() or not left.isalpha()) and (right.isupper() or not right.isalpha())
    return _RIGHT if starts_word or (in_capitals and not words[at + 2 : at + 3].islower()) else _WRONG


_WORDS_OF_ONE_LETTER = frozenset("àáâãäåæèéêíìîóòôõöøúùûüýőűžščвиксоуяаъђјшю")
_USUAL_SYMBOLS = frozenset("©®™°£$¥€±×÷¢§¬¦^~|+=<>¨¯´¸")


def _fit(words: str, at: int, mark: str, table: dict[str, str]) -> int:
    """Return how well ``mark`` would stand at ``at``, its neighbours read with the same table."""
    left = table.get(words[at - 1], words[at - 1]) if at else ""
    right = table.get(words[at + 1], words[at + 1]) if at + 1 < len(words) else ""
    if mark == "’" and left.isalpha() and right.isalpha():
        return _apostrophe(words, at, table)
    if mark in _MARKS:
        return _RIGHT if _mark_fits(words, at, mark, left, right) else _WRONG
    if mark in _LOAN_LETTERS and _is_loan(_whole_word(words, at, mark, table), mark):
        return _KNOWN
    return _letter(mark, words[at], left, right)


def _is_loan(word: str, mark: str) -> bool:
    """Say whether a word, or the part of it around ``mark``, is a loan word: ``déjà-vu``."""
    return word in _LOANS or any(part in _LOANS for part in word.split("-") if mark in part)


def _apostrophe(words: str, at: int, table: dict[str, str]) -> int:
    if _whole_word(words, at, "'", table) in _CONTRACTIONS:
        return _KNOWN
    return _RIGHT if _SUFFIX.match(words, at + 1) and words[at - 1].isascii() else _WRONG


def _mark_fits(words: str, at: int, mark: str, left: str, right: str) -> bool:
    opens = not left or left in _BEFORE_OPENER
    closes = not right or right in _AFTER_CLOSER
    if mark in "“‘":
        return opens and (right.isalpha() if mark == "‘" else not closes or right in "…—")
    if mark == "’" and opens and _YEAR.match(words, at + 1):
        return True
    if mark in "”’":
        return closes and not opens
    if mark == "…":
        return left.isalnum() or left in "!?,”“‘" or (left in " “\n" and right in " A")
    return _dash_fits(words, at, left, right)


def _dash_fits(words: str, at: int, left: str, right: str) -> bool:
    """Say whether a dash at ``at`` parts two words, or stands between spaces: ``coraz—n`` and ``habl— con`` do not."""
    if left == right == " ":
        return True
    before = re.search(r"[A-Za-z]+\Z", words[max(0, at - 20) : at])
    after = re.match(r"[A-Za-z]+", words[at + 1 : at + 20])
    return bool(before and after and _syllable(before[0]) and _syllable(after[0])) or (
        left in "!?,”" and right.isalpha()
    )


def _syllable(part: str) -> bool:
    return part in ("I", "a") or (len(part) > 1 and any(c in "aeiouyAEIOUY" for c in part))


def _letter(mark: str, stands: str, left: str, right: str) -> int:
    """Return how well a letter stands between its neighbours; better than FAIR only in place of another alphabet's."""
    if mark.isupper() and left.islower():
        return _WRONG
    ascii_around = (left.isascii() and left.isalpha()) or (right.isascii() and right.isalpha())
    foreign = stands.isalpha() and not ("À" <= stands <= "ſ")
    if ascii_around and foreign:
        return _RIGHT
    return _FAIR if left.isalpha() or right.isalpha() else _WRONG


def _whole_word(words: str, at: int, mark: str, table: dict[str, str]) -> str:
    """Return the word around ``at`` in lower case, with ``mark`` in it and the rest read with ``table``."""
    start, end = at, at + 1
    while start > 0 and at - start < _WORD_LENGTH and _in_word(words[start - 1]):
        start -= 1
    while end < len(words) and end - at < _WORD_LENGTH and _in_word(words[end]):
        end += 1
    rest = (table.get(c, c) for c in words[start:at]), (table.get(c, c) for c in words[at + 1 : end])
    return f"{''.join(rest[0])}{mark}{''.join(rest[1])}".strip("'’‘“”").lower()


def _in_word(c: str) -> bool:
    return c.isalpha() or c == "-" or (not c.isascii() and not c.isspace() and c not in "“”„—–…«»")


@cache
def _table(read: str, wrote: str) -> dict[str, str]:
    """Return what every character above ASCII becomes when the bytes are read with the table that wrote them."""
    table: dict[str, str] = {}
    for byte in range(0x80, 0x100):
        try:
            seen, meant = bytes([byte]).decode(read), bytes([byte]).decode(wrote)
        except UnicodeDecodeError:
            continue
        if seen != meant and (meant in _MARKS or meant.isalpha()):
            table[seen] = meant
    return table


def _runs(changes: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Join changes of neighbours into runs."""
    start, run = -1, ""
    for at, mark in changes:
        if run and at == start + len(run):
            run += mark
            continue
        if run:
            yield start, run
        start, run = at, mark
    if run:
        yield start, run
