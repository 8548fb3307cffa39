"""What an account may be called, and when two names look alike to a reader."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

from storykeep.text.fold import fold

SHORTEST, LONGEST = 2, 40
SIGNS = frozenset("._+-")
MOST_MARKS = 2  # on one letter: Vietnamese needs two, a tower of them covers the lines above
EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KATAKANA-HIRAGANA"})
RESERVED = frozenset(
    """about abuse account accounts admin administrator anonymous archive archivist author authors billing contact desk
    everybody former guest help host info mail member members moderator news noreply nobody official owner postmaster
    root rules security site staff storykeep support system team visitor webmaster wrangler""".split()
)
OF_STAFF = frozenset(
    "admin administrator archivist mod moderator official postmaster staff support sysadmin webmaster".split()
)
AROUND = ("storykeep", "archive", "theteam", "team", "real", "site", "help", "the", "of")  # says nothing beside those
FIGURES = str.maketrans({"4": "a", "3": "e", "7": "t"})  # as some write letters
JOINERS = frozenset("\u200c\u200d")  # Persian words and families of emoji need them
LONGEST_PEN_NAME = 100
TWINS = str.maketrans(
    {
        # Cyrillic
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "к": "k", "м": "m", "н": "h",
        "о": "o", "р": "p", "ԛ": "q", "ѕ": "s", "т": "t", "у": "y", "х": "x", "ԝ": "w", "г": "r", "п": "n",
        # Greek
        "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u",
        "χ": "x", "ω": "w", "γ": "y",
        # Armenian, Cherokee, and letters of phonetic alphabets
        "օ": "o", "ս": "u", "հ": "h", "ո": "n", "ց": "g", "ɑ": "a", "ɡ": "g", "ɩ": "i", "ʟ": "l", "ʀ": "r",
        # figures, and what stands between words
        "0": "o", "1": "i", "l": "i", "5": "s", ".": "", "-": "", "_": "", "+": "",
    }
)  # fmt: skip


def clean_name(words: str) -> str:
    """Return the name as it is kept. Raises ValidationError that says what to change."""
    name = unicodedata.normalize("NFKC", words).strip()
    for refused, why in REASONS:
        if refused(name):
            raise ValidationError(why, code="name")
    return name


def clean_pen_name(words: str) -> str:
    """Return a pen name as it is kept: nothing unseen in it. Raises ValidationError that says what to change."""
    seen = (letter for letter in unicodedata.normalize("NFC", words) if letter in JOINERS or not is_unseen(letter))
    name = " ".join("".join(seen).split())
    for refused, why in REASONS_OF_PEN_NAMES:
        if refused(name):
            raise ValidationError(why, code="name")
    return name


def is_unseen(letter: str) -> bool:
    """Say whether ``letter`` shows nothing, or only turns what stands around it; spaces and lines are no such ones."""
    return unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Cn"} and not letter.isspace()


def likeness(name: str) -> str:
    """Return what is the same for two names that a reader would take for one another.

    >>> likeness("Ada_Vane") == likeness("аdavаne")  # the second with Cyrillic letters
    True
    """
    plain = fold(unicodedata.normalize("NFKC", name)).translate(TWINS)
    return plain.replace("rn", "m").replace("vv", "w") or name


def alphabets(name: str) -> set[str]:
    """Return the alphabets that the letters of ``name`` come from; those of East Asia count as one."""
    found = {unicodedata.name(letter, "UNKNOWN").split()[0] for letter in name if letter.isalpha()}
    return {"EAST ASIAN" if each in EAST_ASIAN else each for each in found}


def has_shape(name: str) -> bool:
    """Say whether ``name`` is of letters with their marks, figures and a few signs, and not of signs alone."""
    of_words = (letter.isalnum() or unicodedata.category(letter)[0] == "M" or letter in SIGNS for letter in name)
    return all(of_words) and any(letter.isalnum() for letter in name)


def mixes_alphabets(name: str) -> bool:
    """Say whether letters of two alphabets stand in ``name``; Latin beside East Asian is usual, and allowed."""
    return len(alphabets(name) - {"EAST ASIAN"}) > 1


def is_reserved(name: str) -> bool:
    """Say whether ``name`` is one of the archive's own, or of nothing but words of those who look after it.

    >>> is_reserved("The_Real_Adm1n99"), is_reserved("Archivist_of_Stars")
    (True, False)
    """
    return likeness(name) in {likeness(each) for each in RESERVED} or is_of_staff(name)


def is_of_staff(name: str) -> bool:
    bare = "".join(letter for letter in name if letter.isalnum()).rstrip("0123456789").translate(FIGURES)
    left = likeness(bare)
    for word in sorted(OF_STAFF, key=len, reverse=True):
        left = left.replace(likeness(word), "/")
    for word in AROUND:
        left = left.replace(likeness(word), "")
    return "/" in left and not left.strip("/s")


def too_many_marks(name: str) -> bool:
    run = 0
    for letter in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.combining(letter) else 0
        if run > MOST_MARKS:
            return True
    return False


REASONS = (
    (lambda name: len(name) < SHORTEST, f"A name has at least {SHORTEST} letters."),
    (lambda name: len(name) > LONGEST, f"A name has at most {LONGEST} letters."),
    (
        lambda name: not has_shape(name),
        "A name is made of letters, figures, and the signs . - _ +, without spaces. Pen names may have anything.",
    ),
    (too_many_marks, "There are too many marks on one letter of this name."),
    (mixes_alphabets, "This name mixes letters of different alphabets, so that it could pass for another name."),
    (is_reserved, "This name would look as if the archive itself were speaking. Choose another one."),
)
REASONS_OF_PEN_NAMES = (
    (
        lambda name: not name.strip("".join(JOINERS)) or len(name) > LONGEST_PEN_NAME,
        f"A pen name has 1 to {LONGEST_PEN_NAME} characters.",
    ),
    (too_many_marks, "There are too many marks on one letter of this name."),
    (
        lambda name: any(mixes_alphabets(word) for word in name.split()),
        "A word of this name mixes letters of different alphabets, so that it could pass for another name.",
    ),
    (is_of_staff, "This name would look as if the archive itself were speaking. Choose another one."),
)
