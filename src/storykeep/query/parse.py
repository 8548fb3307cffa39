"""What a reader typed becomes a tree. Nothing is an error: what makes no sense is read as words, or left out.

``storm lighthouse`` both · ``"the far shore"`` in this order · ``-ship``, ``NOT ship`` without · ``storm OR gale`` ·
``lantern*`` beginnings · ``title:harbour``, ``title:"old harbour"``, ``title:(a OR b)`` one place only ·
``words:1000-5000``, ``words:>20000`` numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from storykeep.query.tree import EVERYTHING, All, Any, Node, Not, Number, Query, Words

LONGEST = 1000  # characters of a query that are read
MOST_WORDS = 32
DEEPEST = 8  # brackets within brackets

FIELDS: Mapping[str, str] = {
    "title": "title", "author": "author", "by": "author", "summary": "summary", "text": "text", "tag": "tag",
    "series": "series", "note": "note", "notes": "note", "language": "language", "kind": "kind",
}  # fmt: skip
NUMBERS: Mapping[str, str] = {"words": "words", "chapters": "chapters"}

_TOKEN = re.compile(
    r"""(?P<quoted>["“”„«»][^"“”„«»]*["“”„«»]?\*?)
      | (?P<open>\() | (?P<close>\))
      | (?P<or>\|\|?|(?<!\S)OR(?![^\s()])) | (?P<and>&&?|(?<!\S)AND(?![^\s()]))
      | (?P<not>(?<![^\s(:])[-–−!](?=[^\s-])|(?<!\S)NOT(?=\s+\S))
      | (?P<field>[^\W\d_][\w-]{0,40}:(?=[^\s/]))
      | (?P<word>[^\s"“”„«»()|]+)""",
    re.VERBOSE,
)
_RANGE = re.compile(
    r"(?P<least>\d{1,12})\s*(?:-|–|\.\.)\s*(?P<most>\d{1,12})|(?P<sign>[<>]=?|=)?(?P<n>\d{1,12})(?P<plus>\+)?"
)
_WORD = re.compile(r"\w")
_EDGES = re.compile(r"^[^\w*]+|[^\w*]+$")


def parse(text: str, kinds: Collection[str] = ()) -> Query:
    """Return what ``text`` asks for. ``kinds`` are further field names, such as the archive's kinds of tags.

    >>> parse('title:harbour -ship')
    Query(tree=All(inner=(Words(words=('harbour',), field='title', prefix=False), \
Not(inner=Words(words=('ship',), field='', prefix=False)))), remarks=())
    """
    reader = _Reader([*_tokens(text[:LONGEST])], frozenset(kind.casefold() for kind in kinds))
    if len(text) > LONGEST:
        reader.remark(f"Only the first {LONGEST:,} characters were read.")
    tree = reader.everything()
    return Query(tree, tuple(reader.remarks))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    return [_Token(found.lastgroup or "", found[0]) for found in _TOKEN.finditer(text)]


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right. Brackets that don't match are passed over."""

    tokens: list[_Token]
    kinds: frozenset[str]
    at: int = 0
    words: int = 0
    remarks: list[str] = field(default_factory=list)

    def remark(self, sentence: str) -> None:
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def everything(self) -> Node:
        parts = []
        while self.at < len(self.tokens):
            parts.append(self.either("", 0))
            self.take("close")
        return _all([part for part in parts if part is not None])

    def take(self, *kinds: str) -> str:
        """Return the text of the next token if it is one of ``kinds``, and go on behind it; else ""."""
        if self.at < len(self.tokens) and self.tokens[self.at].kind in kinds:
            self.at += 1
            return self.tokens[self.at - 1].text
        return ""

    def either(self, where: str, depth: int) -> Node | None:
        parts = [self.both(where, depth)]
        while self.take("or"):
            parts.append(self.both(where, depth))
        known = tuple(dict.fromkeys(part for part in parts if part is not None))
        if len(known) > 1:
            return Any(known)
        return known[0] if known else None

    def both(self, where: str, depth: int) -> Node | None:
        parts = []
        while self.at < len(self.tokens) and self.tokens[self.at].kind not in {"or", "close"}:
            part = self.one(where, depth)
            if part is not None:
                parts.append(part)
        return _all(parts) if parts else None

    def one(self, where: str, depth: int) -> Node | None:
        if self.take("and"):
            return None
        if self.take("not"):
            inner = self.one(where, depth)
            return inner.inner if isinstance(inner, Not) else inner and Not(inner)
        if name := self.take("field"):
            return self.in_field(name, where, depth)
        if self.take("open"):
            return self.bracket(where, depth)
        return self.said(self.take("word", "quoted"), where)

    def bracket(self, where: str, depth: int) -> Node | None:
        if depth >= DEEPEST:
            self.remark(f"Brackets are read {DEEPEST} deep.")
            return None
        inner = self.either(where, depth + 1)
        self.take("close")
        return inner

    def in_field(self, name: str, where: str, depth: int) -> Node | None:
        key = name[:-1].casefold()
        if key in NUMBERS:
            return self.number(NUMBERS[key], name, where)
        if key in FIELDS or key in self.kinds:
            return self.one(FIELDS.get(key, key), depth) if self.at < len(self.tokens) else None
        self.remark(f"There is no place called “{key}”; it was looked for as a word.")
        return _all([part for part in (self.said(key, where), self.one(where, depth)) if part is not None])

    def number(self, key: str, name: str, where: str) -> Node | None:
        text = self.take("word")
        found = _RANGE.fullmatch(text.replace(",", "").casefold().replace("k", "000"))
        return _bounds(key, found) if found else self.said(name + text, where)

    def said(self, text: str, where: str) -> Words | None:
        """Return the words in a bare word or in a quotation; None when there is no letter in it."""
        words = tuple(word for part in text.split() if (word := _EDGES.sub("", part)) and _WORD.search(word))
        if not words:
            return None
        if self.words + len(words) > MOST_WORDS:
            self.remark(f"Only the first {MOST_WORDS} words were looked for.")
            return None
        self.words += len(words)
        prefix = words[-1].endswith("*") or text.endswith("*")
        return Words(tuple(word.replace("*", "") for word in words), where, prefix=prefix)


def _bounds(key: str, found: re.Match[str]) -> Number:
    if found["least"]:
        low, high = sorted((int(found["least"]), int(found["most"])))
        return Number(key, low, high)
    number, sign = int(found["n"]), found["sign"] or (">=" if found["plus"] else "=")
    least = {">": number + 1, ">=": number, "=": number}.get(sign)
    most = {"<": number - 1, "<=": number, "=": number}.get(sign)
    return Number(key, least, most)


def _all(parts: list[Node]) -> Node:
    """Return one node for several that must all hold; what is said twice counts once."""
    flat = [inner for part in parts for inner in (part.inner if isinstance(part, All) else (part,))]
    different = tuple(dict.fromkeys(flat))
    if len(different) == 1:
        return different[0]
    return All(different) if different else EVERYTHING
