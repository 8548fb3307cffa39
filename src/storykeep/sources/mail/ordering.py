"""The order of a story's parts: by the numbers in their subjects, by what their words share, and last by their dates.

Two posts with one number are the same part only when their words are mostly the same. A post is never dropped because
of what its subject says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from storykeep.model.provenance import Finding, Severity
from storykeep.sources.mail.posts import Found
from storykeep.sources.parts import PartMark, bare
from storykeep.text.fold import fold

SAME = 0.5
"""Share of the shorter text's runs of words that two posts of one part have in common."""
WHOLE = 0.8
"""A repost shorter than this share of the first is taken for a cut one."""
_RUN = 4
_NUMBER = re.compile(r"\d{1,3}")


@dataclass(slots=True)
class _Order:
    """What was placed so far, and what is to be told."""

    words: Callable[[Found], str]
    findings: list[Finding] = field(default_factory=list)
    runs: dict[int, frozenset[tuple[str, ...]]] = field(default_factory=dict)

    def runs_of(self, one: Found) -> frozenset[tuple[str, ...]]:
        if one.number not in self.runs:
            words = fold(self.words(one)).split()
            runs = (tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)))
            self.runs[one.number] = frozenset(runs)
        return self.runs[one.number]

    def same(self, one: Found, other: Found) -> bool:
        """Say whether two posts hold mostly the same words."""
        first, second = self.runs_of(one), self.runs_of(other)
        return len(first & second) >= SAME * max(1, min(len(first), len(second)))

    def better(self, earlier: Found, later: Found) -> Found:
        """Return which of two copies of one part to take: the later one, unless it is cut."""
        taken = later if len(self.runs_of(later)) >= WHOLE * len(self.runs_of(earlier)) else earlier
        left = earlier if taken is later else later
        self.findings.append(
            Finding(
                code="mail.repost",
                where=taken.name,
                evidence=f"{left.name} is the same part",
                suggestion=f"The {'later' if taken is later else 'longer'} one was taken. Compare them.",
                severity=Severity.INFO,
            )
        )
        return taken


def ordered(group: Sequence[Found], words: Callable[[Found], str]) -> tuple[list[Found], list[Finding]]:
    """Return the posts of one story in the order of their parts, each part once, and what is doubtful about it.

    ``words`` gives the text of a post; it is asked only where two posts may be one.
    """
    order = _Order(words)
    numbers = sorted({one.post.part.order for one in group})
    marked = [each for number in numbers if number for each in _of_one_number(group, number, order)]
    loose = _without_copies([one for one in group if not one.post.part.order], order, marked)
    if not marked and len(loose) < 2:  # noqa: PLR2004 — one needs no place
        return loose, order.findings
    return _placed(marked, loose, order), order.findings


def _of_one_number(group: Iterable[Found], number: float, order: _Order) -> list[Found]:
    """Return the posts of one part: one, or several when their words are not the same."""
    kept = _without_copies([one for one in group if one.post.part.order == number], order)
    for place, one in enumerate(kept[1:], 1):
        order.findings.append(
            Finding(
                code="part.twice",
                where=one.name,
                evidence=f"another text than {kept[0].name}, and both say that they are {one.post.part.label}",
                suggestion="Both were kept, one after the other. Is one of them another part?",
            )
        )
        kept[place] = _numbered(one, one.post.part.label, number + place / 1000)
    return kept


def _without_copies(posts: Sequence[Found], order: _Order, known: Sequence[Found] = ()) -> list[Found]:
    kept: list[Found] = []
    for one in posts:
        if known and any(order.same(one, other) for other in known):
            continue  # the part itself, once more without its number
        copy = next((place for place, other in enumerate(kept) if order.same(other, one)), None)
        if copy is None:
            kept.append(one)
        else:
            kept[copy] = order.better(kept[copy], one)
    return kept


def _placed(marked: list[Found], loose: list[Found], order: _Order) -> list[Found]:
    """Put posts without a part mark among the others: by a number in their subjects, else by their days."""
    taken = {one.post.part.order for one in marked}
    numbers = [_number(one) for one in loose]
    if len(set(numbers)) == len(numbers) and all(numbers) and not taken & set(map(float, numbers)):
        loose = [_numbered(one, f"Part {number}", float(number)) for one, number in zip(loose, numbers, strict=True)]
        return sorted([*marked, *loose], key=lambda one: one.post.part.order)
    for place, one in enumerate(sorted(loose, key=lambda one: one.post.date)):
        before = [each.post.part.order for each in marked if each.post.date <= one.post.date]
        at = (max(before, default=0.0) + (place + 1) / 1000) if taken else float(place + 1)
        marked = [*marked, _numbered(one, "", at)]
        order.findings.append(
            Finding(
                code="part.order",
                where=one.name,
                evidence=f"nothing tells which part this is; it is of {one.post.date or 'an unknown day'}",
                suggestion="It stands where its day puts it. Look whether that is its place.",
            )
        )
    return sorted(marked, key=lambda one: one.post.part.order)


def _number(one: Found) -> int:
    """Return the last number in a subject that is no part of the title, 0 when there is none."""
    rest = [found[0] for found in _NUMBER.finditer(one.post.subject) if found[0] not in bare(one.post.title)]
    return int(rest[-1]) if rest else 0


def _numbered(one: Found, label: str, number: float) -> Found:
    mark = PartMark(label, number, one.post.part.total)
    return replace(one, post=replace(one.post, part=mark))
