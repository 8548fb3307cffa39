"""What a reader typed, cut into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WIDE = str.maketrans("：（）＂＊｜＜＞　", ':()"*|<> ')  # as Chinese and Japanese keyboards type them
_TOKEN = re.compile(
    r"""(?P<quoted>(?:["“”„«»][^"“”„«»]*["“”„«»]?|「[^」]*」?)\*?)
      | (?P<open>\() | (?P<close>\))
      | (?P<or>\|\|?|(?<!\S)OR(?![^\s()])) | (?P<and>&&?(?!\S)|(?<!\S)AND(?![^\s()]))
      | (?P<not>(?<![^\s(:])[-–−!](?=[^\s-])|(?<!\S)NOT(?=\s+\S))
      | (?P<field>[^\W\d_][\w-]{0,40}(?::(?=[^\s/])|:(?=\s+[<>≤≥])|(?=[<>≤≥]=?\s*\d)))
      | (?P<word>[^\s"“”„«»「」()|]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is "quoted", "open", "close", "or", "and", "not", "field" or "word"."""

    kind: str
    text: str

    @property
    def unclosed(self) -> bool:
        """Whether it is a quotation without an end."""
        bare = self.text.rstrip("*")
        return self.kind == "quoted" and (len(bare) == 1 or bare[-1] not in '"“”„«»」')


def tokens(text: str) -> list[Token]:
    """Return the tokens of ``text``.

    >>> [token.kind for token in tokens('-title:"far shore" OR gale')]
    ['not', 'field', 'quoted', 'or', 'word']
    """
    found = _TOKEN.finditer(text.translate(_WIDE).replace("\0", " "))
    return [Token(each.lastgroup or "", each[0]) for each in found]
