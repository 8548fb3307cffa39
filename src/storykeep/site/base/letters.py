"""Under which letter a title or a name stands in an index, in whatever script it is written."""

from __future__ import annotations

from bisect import bisect

NO_LETTER = "#"
HAN = "漢"
HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
HANGUL = (0xAC00, 0xD7A3)
FOR_EACH_CONSONANT = 588  # syllables
CONSONANTS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"  # a doubled one stands under the single
KANA = (0x3041, 0x3096)
KATAKANA = (0x30A1, 0x30F6)
TO_HIRAGANA = KATAKANA[0] - KANA[0]
ROWS = "あかさたなはまやらわ"
ROW_STARTS = [ord(c) for c in "ぁかさたなはまゃらゎ"]


def letter(words: str) -> str:
    """Return the letter under which ``words`` (folded) are listed; "#" for figures and signs.

    Chinese characters share one place; Japanese syllables stand under their row, Korean ones under their consonant.

    >>> letter("emigre"), letter("7 days"), letter(""), letter("война")
    ('E', '#', '#', 'В')
    >>> letter("東京"), letter("カメラ"), letter("나무")
    ('漢', 'か', 'ㄴ')
    """
    first = words[:1]
    if not first.isalpha():
        return NO_LETTER
    code = ord(first)
    if KATAKANA[0] <= code <= KATAKANA[1]:
        code -= TO_HIRAGANA
    if KANA[0] <= code <= KANA[1]:
        return ROWS[bisect(ROW_STARTS, code) - 1]
    if HANGUL[0] <= code <= HANGUL[1]:
        return CONSONANTS[(code - HANGUL[0]) // FOR_EACH_CONSONANT]
    if any(least <= code <= most for least, most in HAN_RANGES):
        return HAN
    return first.upper()[:1]
