"""What a reader typed becomes a tree. Nothing is an error: what makes no sense is read as words, or left out, and told.

The whole language is described in docs/reference/search-language.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from storykeep.query.fields import DATES, FIELDS, NO, NUMBERS, OFFERED, ORDERS, STATES, YES
from storykeep.query.tokens import Token, tokens
from storykeep.query.tree import EVERYTHING, All, Any, Is, Node, Not, Query, Words
from storykeep.query.values import dates, number

LONGEST = 1000  # characters of a query that are read
MOST_WORDS = 32
DEEPEST = 8  # brackets within brackets
PARTS = 4  # words of one value: last 2 weeks ago
LONELY = "A bracket has no partner; it was passed over."
SHORTEST = 2  # letters of a beginning, in scripts that have letters

_WORD = re.compile(r"\w")
_EDGES = re.compile(r"^[^\w*]+|[^\w*]+$")
_LETTER = re.compile(r"[\u0000-\u2fff]")


def parse(text: str, kinds: Collection[str] = (), today: date | None = None) -> Query:
    """Return what ``text`` asks for. ``kinds`` are further field names, such as the archive's kinds of tags.

    ``today`` is what "last 2 weeks" counts from (default: the day in UTC).

    >>> parse('title:harbour -ship')
    Query(tree=All(inner=(Words(words=('harbour',), field='title', prefix=False), \
Not(inner=Words(words=('ship',), field='', prefix=False)))), remarks=(), order='')
    """
    names = frozenset(kind.casefold() for kind in kinds)
    reader = _Reader(tokens(text[:LONGEST]), names, today or datetime.now(UTC).date())
    if len(text) > LONGEST:
        reader.remark(f"Only the first {LONGEST:,} characters were read.")
    if any(token.unclosed for token in reader.tokens):
        reader.remark("A quotation has no end; it was read as far as it goes.")
    tree = reader.everything()
    return Query(tree, tuple(reader.remarks), reader.order)


@dataclass(slots=True)
class _Reader:
    """Reads tokens from left to right. Brackets that don't match are passed over."""

    tokens: list[Token]
    kinds: frozenset[str]
    today: date
    at: int = 0
    words: int = 0
    order: str = ""
    remarks: list[str] = field(default_factory=list)

    def remark(self, sentence: str) -> None:
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def everything(self) -> Node:
        parts = []
        while self.at < len(self.tokens):
            parts.append(self.either("", 0))
            if self.take("close"):
                self.remark(LONELY)
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
        if not self.take("close"):
            self.remark(LONELY)
        return inner

    # ── fields
    def in_field(self, name: str, where: str, depth: int) -> Node | None:
        key = name.removesuffix(":").casefold()
        if key in NUMBERS or key in DATES:
            return self.value(key, where)
        if key == "sort":
            self.sorted()
            return None
        if key == "is" or key in STATES:
            return self.state(key, where)
        if key in FIELDS or key in self.kinds:
            return self.one(key if key in self.kinds else FIELDS[key], depth) if self.at < len(self.tokens) else None
        if name.endswith(":"):
            self.remark(f"There is no place called “{key}”; it was looked for as a word.")
        return _all([part for part in (self.said(key, where), self.one(where, depth)) if part is not None])

    def following(self, count: int) -> str:
        """Return the next ``count`` words as one text; "" when there are not so many."""
        some = self.tokens[self.at : self.at + count]
        plain = len(some) == count and all(token.kind in {"word", "quoted"} for token in some)
        return " ".join(_unquoted(token.text) for token in some) if plain else ""

    def value(self, key: str, where: str) -> Node | None:
        """Return the number or the dates that follow, of as many words as belong to them."""
        for count in range(PARTS, 0, -1):
            text = self.following(count)
            found = number(NUMBERS[key], text) if key in NUMBERS else dates(DATES[key], text, self.today)
            if text and found:
                self.at += count
                return found
        example = f"{key}:1000-5000" if key in NUMBERS else f"{key}:2003-05 or {key}:“last 2 weeks”"
        what = "a number" if key in NUMBERS else "a date"
        self.remark(f"“{key}:” wants {what}, such as {example}; it was looked for as a word.")
        return _all([part for part in (self.said(key, where), self.one(where, 0)) if part is not None])

    def sorted(self) -> None:
        """Take the order that is asked for; the last one counts."""
        asked = _unquoted(self.take("word", "quoted")).casefold()
        bare = asked.strip("<>-+")
        if bare not in ORDERS:
            self.remark(f"There is no order called “{asked}”; there are {', '.join(OFFERED)}.")
            return
        self.order = ORDERS[bare]
        upwards = asked.startswith("<") or self.following(1).casefold() in {"asc", "ascending"}
        if self.following(1).casefold() in {"asc", "ascending", "desc", "descending"}:
            self.at += 1
        if self.order == "longest" and upwards:
            self.order = "shortest"

    def state(self, key: str, where: str) -> Node | None:
        text = self.following(1).casefold()
        if key == "is" and text in STATES:
            self.at += 1
            return Is(STATES[text])
        if key in STATES and text in YES | NO:
            self.at += 1
            return Is(STATES[key], text in YES)
        example = "is:complete or is:crossover" if key == "is" else f"{key}:yes or {key}:no"
        self.remark(f"“{key}:” knows {example}; it was looked for as a word.")
        return _all([part for part in (self.said(key, where), self.one(where, 0)) if part is not None])

    # ── words
    def said(self, text: str, where: str) -> Words | None:
        """Return the words in a bare word or in a quotation; None when there is no letter in it."""
        words = tuple(word for part in text.split() if (word := _EDGES.sub("", part)) and _WORD.search(word))
        if not words:
            return None
        if self.words + len(words) > MOST_WORDS:
            self.remark(f"Only the first {MOST_WORDS} words were looked for.")
            return None
        self.words += len(words)
        prefix = "*" in words[-1].lstrip("*") or (text.endswith("*") and text.strip("*") != "")
        bare = tuple(self.starless(word) for word in words)
        if prefix and len(bare) == 1 and len(bare[0]) < SHORTEST and _LETTER.match(bare[0]):
            self.remark(f"A beginning needs {SHORTEST} letters; “{bare[0]}” was looked for as a word.")
            prefix = False
        return Words(bare, where, prefix=prefix)

    def starless(self, word: str) -> str:
        """Return ``word`` up to its star; a star in front of a word says nothing."""
        bare = word.strip("*")
        if word.startswith("*") or "*" in bare:
            self.remark("A star stands for the end of a word only.")
        return bare.split("*", 1)[0]


def _unquoted(text: str) -> str:
    return text.strip('"“”„«»「」*')


def _all(parts: list[Node]) -> Node:
    """Return one node for several that must all hold; what is said twice counts once."""
    flat = [inner for part in parts for inner in (part.inner if isinstance(part, All) else (part,))]
    different = tuple(dict.fromkeys(flat))
    if len(different) == 1:
        return different[0]
    return All(different) if different else EVERYTHING
