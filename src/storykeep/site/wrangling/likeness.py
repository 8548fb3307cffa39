"""Which names of tags may mean the same, with a reason and how sure that is. Pure: names in, pairs out.

Nothing is compared with everything. Names that are the same once accents, punctuation, order or plurals are taken off
fall into one box; typing errors are sought among the words, not among the names, of which there are far fewer. So
160,000 names take seconds. Every name of a box is paired with the one of them that is used most.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

CROWD = 40  # names in one box that are looked at; more of them have something in common, but not by mistake
FEW_LETTERS = 4  # a shorter word is never taken for a mistyped one
LONG = 7  # letters from which a difference of one is most likely a slip
FAMILIAR = 5  # names in which a word stands that is surely meant
LEAST = 0.4  # pairs that are less sure are not proposed
SMALL = {"a", "an", "the", "and", "or", "of", "in", "on", "at", "to"}
WORD = re.compile(r"[^\W_]+")
JOINERS = re.compile(r"\s*(?:/|&|\bx\b|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Name:
    """A tag as it is compared: ``folded`` by the search's rules; ``ties`` where its kind joins names."""

    tag: int
    kind: int
    folded: str
    uses: int = 0
    ties: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """``tag`` may be the same as ``into``, which is used more. ``sure`` is from 0 to 1."""

    tag: int
    into: int
    reason: str
    sure: float


REASONS = {
    "case": "the same but for accents or capitals",
    "order": "the same names in another order",
    "punctuation": "the same but for punctuation or spaces",
    "plural": "one is the plural",
    "words": "the same words in another order",
    "small": "the same but for small words",
    "typo": "one letter or two are different",
    "kind": "the same name under another kind",
}


def pairs(names: Iterable[Name]) -> Iterator[Pair]:
    """Yield the pairs that may mean the same, each two tags once, for the best reason there is.

    >>> one, other = Name(1, 1, "spike/buffy", 9, True), Name(2, 1, "buffy/spike", 1, True)
    >>> [(pair.tag, pair.into, pair.reason) for pair in pairs([one, other])]
    [(2, 1, 'order')]
    """
    names = sorted(names, key=lambda name: (-name.uses, name.tag))
    seen: set[tuple[int, int]] = set()
    for found in (*(boxed(names, *rule) for rule in RULES), typos(names), across_kinds(names)):
        for pair in found:
            ends = (min(pair.tag, pair.into), max(pair.tag, pair.into))
            if ends not in seen:
                seen.add(ends)
                yield pair


# ── names that are the same once something is taken off
def boxed(names: Sequence[Name], reason: str, sure: float, key: Callable[[Name], Hashable]) -> Iterator[Pair]:
    boxes: dict[Hashable, list[Name]] = defaultdict(list)
    for name in names:
        if found := key(name):
            boxes[name.kind, found].append(name)
    for box in boxes.values():
        if 1 < len(box) <= CROWD:
            yield from (Pair(name.tag, box[0].tag, reason, sure) for name in box[1:])


def in_any_order(name: Name) -> tuple[str, ...]:
    """Return the names that are tied, sorted; how they are tied stays. Nothing where no names are tied."""
    tied = [part for part in JOINERS.split(name.folded) if part] if name.ties else []
    how = "/" if "/" in name.folded or " x " in name.folded else "&"
    return (how, *sorted(map(bare, tied))) if len(tied) > 1 else ()


def bare(words: str) -> str:
    return "".join(WORD.findall(words))


def unpunctuated(name: Name) -> tuple[str, ...]:
    """Return the letters and digits alone. Where names are tied, "A/B" and "A & B" stay two things."""
    ties = tuple(char for char in name.folded if char in "/&") if name.ties else ()
    return (bare(name.folded), *ties) if bare(name.folded) else ()


def singular(name: Name) -> tuple[str, ...]:
    return tuple(without_plural(word) for word in WORD.findall(name.folded)) + tied(name)


def without_plural(word: str) -> str:
    if len(word) <= 3 or word.endswith("ss"):  # noqa: PLR2004 — "gas", "his"
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word.removesuffix("s")


def sorted_words(name: Name) -> tuple[str, ...]:
    return () if name.ties else tuple(sorted(WORD.findall(name.folded)))


def great_words(name: Name) -> tuple[str, ...]:
    return tuple(word for word in WORD.findall(name.folded) if word not in SMALL) + tied(name)


def tied(name: Name) -> tuple[str, ...]:
    return tuple(char for char in name.folded if char in "/&") if name.ties else ()


RULES: tuple[tuple[str, float, Callable[[Name], Hashable]], ...] = (
    ("case", 1.0, lambda name: name.folded),
    ("order", 0.97, in_any_order),
    ("punctuation", 0.95, unpunctuated),
    ("plural", 0.85, singular),
    ("words", 0.8, sorted_words),
    ("small", 0.75, great_words),
)


def across_kinds(names: Sequence[Name]) -> Iterator[Pair]:
    boxes: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        boxes[bare(name.folded)].append(name)
    for key, box in boxes.items():
        if key and 1 < len(box) <= CROWD:
            yield from (Pair(name.tag, box[0].tag, "kind", 0.6) for name in box[1:] if name.kind != box[0].kind)


# ── typing errors
def typos(names: Sequence[Name]) -> Iterator[Pair]:
    """Yield the names that are another one but for one mistyped word."""
    words = {name.tag: tuple(WORD.findall(name.folded)) for name in names}
    often = Counter(word for each in words.values() for word in set(each))
    near = slips(often)
    known: dict[tuple[int, tuple[str, ...]], Name] = {}
    for name in names:
        known.setdefault((name.kind, words[name.tag] + tied(name)), name)
    for name in names:
        for into, sure in nearly(name, words[name.tag], near, known, often):
            yield Pair(name.tag, into.tag, "typo", round(sure, 2))


def nearly(
    name: Name,
    words: tuple[str, ...],
    near: Mapping[str, set[str]],
    known: Mapping[tuple[int, tuple[str, ...]], Name],
    often: Counter[str],
) -> Iterator[tuple[Name, float]]:
    """Yield the names used more than ``name`` that have another word in the place of one of its own."""
    for at, word in enumerate(words):
        for other in near.get(word, ()):
            into = known.get((name.kind, (*words[:at], other, *words[at + 1 :], *tied(name))))
            if into and (into.uses, -into.tag) > (name.uses, -name.tag):
                sure = likely(word, other, often)
                if sure >= LEAST:
                    yield into, sure


def likely(word: str, other: str, often: Counter[str]) -> float:
    """Say how sure it is that ``word`` is ``other``, mistyped."""
    shorter = min(len(word), len(other))
    sure = 0.8 if shorter >= LONG else 0.55 if shorter > FEW_LETTERS else 0.45
    if OSA.distance(word, other) > 1:
        sure -= 0.15
    if word[0] != other[0]:
        sure -= 0.1
    if often[word] >= FAMILIAR and often[other] >= FAMILIAR:
        sure -= 0.3
    return sure


def slips(words: Iterable[str]) -> dict[str, set[str]]:
    """Return for each word the words that differ by a slip: a letter more, less, other or swapped; or two vowels.

    Words with figures in them are let alone: "season1" is not "season2".
    """
    plain = [word for word in words if len(word) >= FEW_LETTERS and not any(map(str.isdigit, word))]
    boxes: dict[str, list[str]] = defaultdict(list)
    for word in plain:
        for key in {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}:
            boxes[key].append(word)
    for word in plain:
        if len(word) >= LONG:
            boxes[f"={consonants(word)}"].append(word)
    near: dict[str, set[str]] = defaultdict(set)
    for box in boxes.values():
        if 1 < len(box) <= CROWD:
            for word in box:
                near[word].update(other for other in box if other != word and same_but_for_a_slip(word, other))
    return near


def same_but_for_a_slip(word: str, other: str) -> bool:
    most = 2 if min(len(word), len(other)) >= LONG else 1
    return OSA.distance(word, other, score_cutoff=most) <= most and without_plural(word) != without_plural(other)


def consonants(word: str) -> str:
    """Return the first letter and the consonants, each run of one as one.

    >>> consonants("cordelia"), consonants("cordeliia")
    ('crdl', 'crdl')
    """
    kept = word[0] + re.sub("[aeiouy]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", kept)
