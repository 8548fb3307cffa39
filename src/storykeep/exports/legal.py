"""Letters that may leave the house: what XML forbids is taken out, and no single line can turn the ones around it."""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def legal(text: str) -> str:
    r"""Return ``text`` without what XML 1.0 forbids or discourages: controls, surrogates, noncharacters.

    Windows letters that were taken for controls become the letters that they were.

    >>> legal("\x93Who?\x94\x00")
    '“Who?”'
    """
    return _ILLEGAL.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    letter = found[0]
    return bytes([ord(letter)]).decode("cp1252", "ignore") if "\x80" <= letter <= "\x9f" else ""


def line(text: str) -> str:
    r"""Return a title, a name or a label as one line: no controls, no runs of space, no letters that turn direction.

    >>> line("  The \x07Lamp\n\u202egpj.exe ")
    'The Lamp gpj.exe'
    """
    return " ".join(_TURNS.sub("", legal(text)).split())
