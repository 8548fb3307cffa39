"""Several surviving copies of one text become one: what a copy lost is restored from another that kept it.

The base is one witness; nothing of it is ever dropped. Blocks are aligned on their letters and digits, anchored where
a block is unique in both copies. What another witness has between two blocks that are neighbours in the base was lost
there, and is restored with the witness named. Where both copies have something of their own between the same
neighbours, the order is unknown or the words disagree: nothing is decided, a ``differs`` place waits for an archivist.
A third witness that holds both settles such places, so witnesses are asked again until nothing more is found.

>>> base = Witness("a", (Block("p", "One here."), Block("p", "Three here.")))
>>> other = Witness("b", (Block("p", "One here."), Block("p", "Two!"), Block("p", "Three here.")))
>>> [(place.code, place.block.text) for place in collate(base, [other]).places]
[('', 'One here.'), ('collate.restored', 'Two!'), ('', 'Three here.')]
"""

from __future__ import annotations

import bisect
import html
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree
from rapidfuzz import fuzz

from storykeep.model.provenance import Variant
from storykeep.text import markup
from storykeep.text.blocks import Block

ALIKE = 85.0  # rapidfuzz ratio from which two paragraphs are the same one, damaged
WINDOW = 400  # blocks between two anchors that are compared one by one; longer stretches stay apart
UNMISTAKABLE = 16  # letters from which a block that occurs once in both copies is no coincidence: not "He nodded."
SCENE, GAP = "scene_break", "gap"


@dataclass(frozen=True, slots=True)
class Witness:
    """One surviving copy: a name (the SHA-256 of its capture) and its blocks in order."""

    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One block of the collated text and what was done there.

    ``code`` is empty where the base stands as it was, and ``collate.ending`` where it broke off. ``witness`` is where
    a restoration comes from; ``readings`` are the other witnesses' words at a place that differs, as (witness, block).
    """

    block: Block
    code: str = ""
    witness: str = ""
    was: Block | None = None
    readings: tuple[tuple[str, Block], ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Collation:
    """The collated text: ``places`` in order."""

    places: tuple[Place, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(place.block for place in self.places)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The apparatus: one Variant for each change, and one for each reading that waits for a choice."""
        return tuple(variant for number, place in enumerate(self.places) for variant in _variants(number, place))


def collate(base: Witness, others: Sequence[Witness]) -> Collation:
    """Return ``base`` with what it lost restored from ``others``, and what differs marked.

    The order of ``others`` says whom to believe first where two offer the same. Two copies of 100,000 words take
    seconds; memory grows with the number of blocks.
    """
    places = [Place(block) for block in base.blocks]
    settled = False
    while not settled:
        before = len(places)
        for other in others:
            places = _restore(places, other)
        settled = len(places) == before
    for other in others:
        places = _compare(places, other)
    return Collation(tuple(places))


def same_text(one: Sequence[Block], other: Sequence[Block]) -> float:
    """Return how much of the shorter copy's words are in the longer one, 0 to 1: are they copies of one text?"""
    ours, theirs = Counter(_shingles(one)), Counter(_shingles(other))
    least = min(ours.total(), theirs.total())
    return (ours & theirs).total() / least if least else 0.0


# ── what was lost ────────────────────────────────────────────────────────────────────────────────────────────


def _restore(places: list[Place], other: Witness) -> list[Place]:
    """Put the blocks that only ``other`` has where its neighbours stand, if those are neighbours here too."""
    pairs = _align([place.block for place in places], other.blocks)
    mates = dict(pairs)
    result: list[Place] = []
    at = 0
    firm = _Firm(places, other, mates)
    for ours, theirs in _between(pairs, len(places), len(other.blocks)):
        result += places[at : ours.start]
        held = _held_by_neighbours(places, other, ours, mates)
        lost = [block for block in other.blocks[theirs.start : theirs.stop] if _key(block) not in held]
        lost = lost if firm.certain(ours) else []
        result += _filled(places[ours.start : ours.stop], lost, other.name, _sureness(ours, places))
        at = ours.stop
    return result + places[at:]


class _Firm:
    """Knows where the order of two copies is certain.

    A short reply or a scene break that occurs several times can be paired with the wrong one of its like. That does no
    harm while our copy has nothing of its own around it; where it has, only unmistakable blocks say where others stand.
    """

    def __init__(self, places: list[Place], other: Witness, mates: dict[int, int]) -> None:
        ours = Counter(_key(place.block) for place in places)
        theirs = Counter(_key(block) for block in other.blocks)
        keys = [_key(place.block) for place in places]
        self.sure = [
            at in mates and _is_text(key) and ours[key] == 1 and theirs[key] <= 1 for at, key in enumerate(keys)
        ]
        self.own = [at not in mates and places[at].block.type != GAP for at in range(len(places))]

    def certain(self, stretch: range) -> bool:
        """Say whether what another copy has at ``stretch`` (of our blocks, mostly empty) can only stand there."""
        left, right = stretch.start - 1, stretch.stop
        while left >= 0 and not self.sure[left]:
            left -= 1
        while right < len(self.sure) and not self.sure[right]:
            right += 1
        firm_here = left == stretch.start - 1 and right == stretch.stop
        return firm_here or not any(self.own[left + 1 : right])


def _held_by_neighbours(places: list[Place], other: Witness, ours: range, mates: dict[int, int]) -> str:
    """Return the words of neighbours that differ from their mates: a joined paragraph holds what theirs has apart."""
    keys = {at: _key(places[at].block) for at in (ours.start - 1, ours.stop) if at in mates}
    return "\n".join(key for at, key in keys.items() if key != _key(other.blocks[mates[at]]))


def _filled(mine: list[Place], theirs: Sequence[Block], witness: str, sure: float) -> list[Place]:
    """Return what stands between two neighbours: ours, with theirs where it is certain that ours was lost."""
    offered = [block for block in theirs if block.type != GAP]
    marks = [place for place in mine if place.block.type == GAP]
    if not offered or len(marks) != len(mine):
        return mine
    was = marks[0].block if marks else None
    new = [Place(block, "collate.restored", witness, was, confidence=sure) for block in offered]
    if was is not None and all(block.type == SCENE for block in offered) and was.kind == "reply":
        return [*new, *marks]  # a scene break does not answer: the reply is still missing
    return new


def _sureness(ours: range, places: list[Place]) -> float:
    """At the head and the tail there is only one neighbour, so a restoration is less sure there."""
    return 1.0 if ours.start and ours.stop < len(places) else 0.7


def _between(pairs: list[tuple[int, int]], ours: int, theirs: int) -> Iterator[tuple[range, range]]:
    """Yield the unaligned stretches of both copies between two aligned pairs, the head and the tail included."""
    last = (-1, -1)
    for pair in [*pairs, (ours, theirs)]:
        if pair[1] - last[1] > 1:
            yield range(last[0] + 1, pair[0]), range(last[1] + 1, pair[1])
        last = pair


# ── what differs ─────────────────────────────────────────────────────────────────────────────────────────────


def _compare(places: list[Place], other: Witness) -> list[Place]:
    """Take italics and characters that only ``other`` kept, and mark where its words differ."""
    result = list(places)
    pairs = _align([place.block for place in places], other.blocks)
    torn = _torn_end([place.block for place in places if place.code != "collate.restored"])
    theirs_torn = _torn_end(other.blocks)
    for ours, theirs in pairs:
        place, block = places[ours], other.blocks[theirs]
        if place.block is torn and _begins(block, torn):
            result[ours] = replace(place, block=block, code="collate.ending", witness=other.name, was=torn)
        elif not (block is theirs_torn and _begins(place.block, block)):
            result[ours] = _weighed(place, block, other.name)
    for ours_range, theirs_range in _between(pairs, len(places), len(other.blocks)):
        _mark_rivals(result, ours_range, other.blocks[theirs_range.start : theirs_range.stop], other.name)
    return result


def _torn_end(blocks: Sequence[Block]) -> Block | None:
    """Return the last paragraph of a copy that breaks off in mid-sentence; None when it ends as texts do."""
    last = next((block for block in reversed(blocks) if block.type not in (SCENE, GAP)), None)
    end = last.text.rstrip()[-1:] if last else ""
    return last if end.isalnum() or end in {",", ";", "-", "–"} else None


def _begins(whole: Block, torn: Block) -> bool:
    """Say whether ``torn`` is the beginning of ``whole``, which goes on."""
    start = _letters(torn.text)
    return bool(start) and _letters(whole.text).startswith(start) and len(whole.text) > len(torn.text)


def _mark_rivals(result: list[Place], ours: range, theirs: Sequence[Block], witness: str) -> None:
    """Both copies have blocks of their own between the same neighbours: show theirs beside the first of ours."""
    rivals = tuple((witness, block) for block in theirs if block.type not in (GAP, SCENE))
    if rivals and len(ours):
        place = result[ours.start]
        result[ours.start] = replace(place, code=place.code or "collate.differs", readings=place.readings + rivals)


def _weighed(place: Place, theirs: Block, witness: str) -> Place:
    ours = place.block
    if ours.type in (SCENE, GAP) or ours == theirs:
        return place
    if _letters(ours.text) != _letters(theirs.text):
        readings = (*place.readings, (witness, theirs))
        return replace(place, code=place.code or "collate.differs", readings=readings)
    if _poorer(ours.text, theirs.text):
        place = replace(place, block=theirs, code="collate.characters", witness=witness, was=ours)
    if theirs.italics and not place.block.italics:
        slanted = _with_italics(place.block, theirs)
        if slanted is not None:
            return replace(place, block=slanted, code=place.code or "collate.italics", witness=witness, was=ours)
    return place


def _poorer(ours: str, theirs: str) -> bool:
    """Say whether our copy lost accents or curly quotes that theirs kept; the letters are the same."""
    if "\ufffd" in ours:
        return "\ufffd" not in theirs
    return ours.isascii() and not theirs.isascii() and "\ufffd" not in theirs


def _with_italics(ours: Block, theirs: Block) -> Block | None:
    """Return our block with their slanted runs, letter by letter; None when ours has markup of its own."""
    if "<" in ours.html.replace("<br>", "").replace("<br/>", ""):
        return None
    slanted = list(_slanted_letters(theirs.html))
    pieces: list[str] = []
    runs: list[str] = []
    run = ""
    letter = 0
    for char in ours.text:
        is_letter = bool(_letters(char))
        flag = bool(run) if not is_letter else letter < len(slanted) and slanted[letter]
        letter += len(_letters(char))
        if run and not flag:
            _close(run, pieces, runs)
            run = ""
        if flag:
            run += char
        else:
            pieces.append(html.escape(char, quote=False))
    if run:
        _close(run, pieces, runs)
    return replace(ours, html="".join(pieces).replace("\n", "<br>"), italics=tuple(runs)) if runs else None


def _close(run: str, pieces: list[str], runs: list[str]) -> None:
    """End a slanted run; spaces and closing marks after its last letter stay upright."""
    end = len(run)
    while end and not _letters(run[end - 1]):
        end -= 1
    runs.append(run[:end])
    pieces.append(f"<em>{html.escape(run[:end], quote=False)}</em>{html.escape(run[end:], quote=False)}")


def _slanted_letters(fragment: str) -> Iterator[bool]:
    """Yield for each letter or digit of an inline fragment whether it stands in italics."""
    root = markup.parse(fragment)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        text = element.text if event == "start" else element.tail
        inside = element if event == "start" else element.getparent()
        flag = inside is not None and any(e.tag in ("em", "i", "cite") for e in (inside, *inside.iterancestors()))
        yield from (flag for _ in _letters(text or ""))


# ── alignment ────────────────────────────────────────────────────────────────────────────────────────────────


def _align(ours: Sequence[Block], theirs: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the pairs of blocks that are the same block, in order in both copies."""
    left, right = [_key(block) for block in ours], [_key(block) for block in theirs]
    pairs: list[tuple[int, int]] = []
    last = (-1, -1)
    for anchor in [*_anchors(left, right), (len(left), len(right))]:
        inner = _nearest(left, right, range(last[0] + 1, anchor[0]), range(last[1] + 1, anchor[1]))
        pairs += inner
        pairs.append(anchor)
        last = anchor
    return pairs[:-1]


def _anchors(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """Return pairs of blocks that stand exactly once in both copies, the longest run of them that keeps the order."""
    once_left = {key for key, count in Counter(left).items() if count == 1}
    where = {key: at for at, key in enumerate(right) if key in once_left}
    counts = Counter(right)
    pairs = [(at, where[key]) for at, key in enumerate(left) if key in where and counts[key] == 1]
    return _longest_rising([pair for pair in pairs if len(left[pair[0]]) >= UNMISTAKABLE])


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of ``pairs`` (sorted by their first) whose seconds rise."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        at = bisect.bisect_left(tails, value)
        tails[at : at + 1] = [value]
        before.append(ends[at - 1] if at else -1)
        ends[at : at + 1] = [number]
    chain: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _nearest(left: list[str], right: list[str], ours: range, theirs: range) -> list[tuple[int, int]]:
    """Align two short stretches so that the likeness of the pairs, summed, is greatest."""
    if not ours or not theirs or len(ours) > WINDOW or len(theirs) > WINDOW:
        return []
    likeness: Callable[[int, int], float] = lambda i, j: _likeness(left[ours[i]], right[theirs[j]])  # noqa: E731
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    score = [[likeness(i, j) for j in range(len(theirs))] for i in range(len(ours))]
    for i in range(len(ours) - 1, -1, -1):
        for j in range(len(theirs) - 1, -1, -1):
            paired = score[i][j] + best[i + 1][j + 1] if score[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return _path(best, score, ours, theirs)


def _path(best: list[list[float]], score: list[list[float]], ours: range, theirs: range) -> list[tuple[int, int]]:
    pairs = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        if score[i][j] and best[i][j] == score[i][j] + best[i + 1][j + 1]:
            pairs.append((ours[i], theirs[j]))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(one: str, other: str) -> float:
    """Return 0 for blocks that are not the same, else up to 1. Marks weigh less than words."""
    if one == other:
        return 1.0 if _is_text(one) else 0.3 if one == "\x00scene" else 0.0
    if not (_is_text(one) and _is_text(other)):
        return 0.0
    alike = fuzz.ratio(one, other, score_cutoff=ALIKE)
    return alike / 100 if alike else 0.9 * _cut_off(one, other)


def _cut_off(one: str, other: str) -> float:
    """A paragraph whose end or beginning is gone is still that paragraph, if enough of it is left to be sure."""
    short, long = sorted((one, other), key=len)
    return float(len(short) >= 40 and (long.startswith(short) or long.endswith(short)))  # noqa: PLR2004 — about a line


def _key(block: Block) -> str:
    if block.type == SCENE:
        return "\x00scene"
    if block.type == GAP:
        return "\x00gap"
    return _letters(block.text) or "\x01" + block.text.strip()


def _is_text(key: str) -> bool:
    return not key.startswith("\x00")


def _letters(text: str) -> str:
    """Return letters and digits only, without case and accents: what survives most kinds of damage."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


def _shingles(blocks: Sequence[Block]) -> Iterator[tuple[str, ...]]:
    words = [word for block in blocks for word in block.text.casefold().split()]
    return (tuple(words[at : at + 5]) for at in range(max(len(words) - 4, 0)))


def _variants(number: int, place: Place) -> Iterator[Variant]:
    base = _said(place.was) if place.was else ""
    if place.code and place.code != "collate.differs":
        yield Variant(
            code=place.code, block=number, witness=place.witness, reading=_said(place.block), base=base,
            confidence=place.confidence,
        )  # fmt: skip
    for witness, block in place.readings:
        yield Variant(
            code="collate.differs", block=number, witness=witness, reading=_said(block), base=_said(place.block),
            confidence=0.5,
        )  # fmt: skip


def _said(block: Block) -> str:
    return block.text or ("***" if block.type == SCENE else "")
