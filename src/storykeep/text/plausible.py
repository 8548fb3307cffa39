"""How much a text looks like something that people write, judged by its characters above ASCII and their neighbours.

A wrong table leaves traces that need no dictionary: capitals inside words, symbols between letters, alphabets mixed in
one word, quotation marks that open at the end. Used to choose among readings of the same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

_ABOVE = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 2_000  # characters above ASCII that are judged
_OPENERS, _CLOSERS, _DASHES = "“‘„«‚‹", "”’»›", "—–"
_BEFORE, _AFTER = " \t\n\r([{—–-\"'>“‘«„*_", " \t\n\r)]}.,;:!?—–-…\"'<”’»*_"
# The most frequent letters of languages whose alphabets have several tables with the same shapes.
_FREQUENT = frozenset("оеаинтсрвлкмдпуоеаинтαοιετσνηυρπκיוהלאמרבתאالينمروتبن")


def plausibility(text: str) -> float:
    r"""Return how plausible ``text`` is: about 1 for good text, below 0 for text read with the wrong table.

    >>> plausibility("don’t – “café”") > 0.6 > 0 > plausibility("donÕt Ð Òcaf\x8eÓ")
    True
    """
    total = 0.0
    count = 0
    letters: Counter[str] = Counter()
    for found in _ABOVE.finditer(text):
        at = found.start()
        total += _character(found[0], text[at - 1 : at], text[at + 1 : at + 2])
        letters[found[0].lower()] += 1
        count += 1
        if count >= _SAMPLE:
            break
    return total / count - _babel(letters) if count else 1.0


# The letters above ASCII of languages that are written with the Latin alphabet.
_LANGUAGES = tuple(
    frozenset(letters)
    for letters in (
        "àâæçéèêëïîôœùûüÿñ", "äöüßéèà", "áéíóúñüçª", "ãáàâçéêíõóôúü", "àèéìíîòóùú", "æøåéèóôòâêä", "åäöéàüæø",
        "áéíóúýþæöðø", "éëïöüèêáóç", "ąćęłńóśźżé", "áčďéěíňóřšťúůýžöü", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšžéèà",
        "ăâîșțşţ", "çğıöşüâîûiİ", "ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž", "àçèéíïòóúü", "âêîôûŵŷáéíóúäëïöü",
        "áéíóú", "ĉĝĥĵŝŭ",
    )
)  # fmt: skip
_ENOUGH_LETTERS = 5


def _babel(letters: Counter[str]) -> float:
    """Return how much of the Latin letters no single language has: ``ø``, ``ì`` and ``č`` are a wrong table."""
    latin = {c: n for c, n in letters.items() if "ª" <= c <= "ɏ" and c.isalpha()}
    every = sum(latin.values())
    if every < _ENOUGH_LETTERS:
        return 0.0
    best = max(sum(n for c, n in latin.items() if c in language) for language in _LANGUAGES)
    return 0.8 * (1 - best / every)


def _character(c: str, left: str, right: str) -> float:
    script = _script(c)
    if script == "mark":
        return _mark(c, left, right)
    if script in ("bad", "symbol"):
        return -2.0 if script == "bad" else _symbol(left, right)
    if script in ("latin", "greek", "cyrillic"):
        return _cased(c, script, left, right)
    return _uncased(script, left, right, c)


def _mark(c: str, left: str, right: str) -> float:
    if c in "«»‹›" and not (left + right).strip():  # "Books » Ninth Lantern", and French, which sets them apart
        return 0.8
    opens, closes = not left or left in _BEFORE, not right or right in _AFTER
    if c in _OPENERS:
        return 1.0 if opens and not closes else 0.3 if c == "“" and closes else -0.6
    if c == "’" and left.isalpha() and right.isalpha():
        return 1.0 if right.islower() or left.isupper() else 0.2
    if c in _CLOSERS:
        return 1.0 if closes and not opens else 0.3 if opens and not closes else -0.6
    if c in _DASHES:
        return 0.8 if (left.isspace() == right.isspace()) or not left or not right else 0.4
    return 0.8 if not (left.isalpha() and right.isalpha()) else 0.3


def _symbol(left: str, right: str) -> float:
    if left.isalpha() and right.isalpha():
        return -1.0
    return -0.4 if left.isalpha() or right.isalpha() else 0.3


def _cased(c: str, script: str, left: str, right: str) -> float:
    """Judge a letter of an alphabet with capitals."""
    score = 0.3
    for neighbour in (left, right):
        if neighbour.isalpha():
            near = _script(neighbour)
            score += 0.4 if near == script else -0.9
    if c.isupper() and left.islower():
        score -= 1.2
    if c.islower() and left.isupper() and right.isupper():
        score -= 0.6
    if script == "latin":
        # Words of Latin script have few letters above ASCII; whole words of them are another alphabet misread.
        above = (left > "\x7f" and left.isalpha()) + (right > "\x7f" and right.isalpha())
        return score - 0.55 * above - (0.25 if c not in _WESTERN else 0.0)
    shouted = c.isupper() and left.isupper()  # the other Cyrillic table turns small letters into capitals
    return score + (0.25 if c.lower() in _FREQUENT else -0.25) - (0.4 if shouted else 0.0)


_WESTERN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŽßðþ")


def _uncased(script: str, left: str, right: str, c: str) -> float:
    """Judge a character of a script without capitals: it likes its own kind and is never part of a Latin word."""
    score = 0.3
    for neighbour in (left, right):
        near = _script(neighbour) if neighbour else ""
        if near == script or (near in ("kana", "han", "wide") and script in ("han", "kana", "wide", "hangul")):
            score += 0.35
        elif neighbour.isalpha() and neighbour.isascii():
            score -= 0.8
    rare = script == "halfkana" or (script == "han" and not "\u4e00" <= c <= "\u9fa5")
    return score - (0.5 if rare else 0.0) + (0.25 if c in _FREQUENT or script in ("kana", "hangul") else 0.0)


@lru_cache(maxsize=16_384)
def _script(c: str) -> str:
    """Return the kind of a character: an alphabet, ``mark`` (punctuation), ``symbol`` or ``bad``."""
    if c.isascii():
        return "latin" if c.isalpha() else "ascii"
    if c in "‘’“”„‚«»‹›—–…¿¡\u00a0\u00ad•·†‡′″":
        return "mark"
    category = unicodedata.category(c)
    if category in ("Cc", "Cn", "Co", "Cs") or c == "\ufffd":
        return "bad"
    return _alphabet(c) if category[0] in "LM" else "wide" if "\u3000" <= c <= "\u303f" or c >= "\uff00" else "symbol"


_BLOCKS = (
    (0x00AA, 0x024F, "latin"), (0x0250, 0x036F, "latin"), (0x0370, 0x03FF, "greek"), (0x0400, 0x052F, "cyrillic"),
    (0x0590, 0x05FF, "hebrew"), (0x0600, 0x06FF, "arabic"), (0x0E00, 0x0E7F, "thai"), (0x1E00, 0x1EFF, "latin"),
    (0x3040, 0x30FF, "kana"), (0x3400, 0x9FFF, "han"), (0xAC00, 0xD7AF, "hangul"), (0xF900, 0xFAFF, "han"),
    (0xFF21, 0xFF5A, "wide"), (0xFF66, 0xFF9F, "halfkana"), (0x20000, 0x3134F, "han"),
)  # fmt: skip


def _alphabet(c: str) -> str:
    code = ord(c)
    return next((name for first, last, name in _BLOCKS if first <= code <= last), "other")
