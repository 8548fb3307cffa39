"""A chapter that survives in several copies: the best copy stands, the others give back what it lost.

Everything taken from another copy is a step on the body (``collate.restored``, ``collate.ending``,
``collate.italics``, ``collate.characters``), so it can be taken back like any repair, and a Variant in the chapter's
apparatus that names the copy. Where the words differ, nothing is done; the Variant ``collate.differs`` waits for an
archivist.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from storykeep.model.provenance import Finding, Gap, GapKind, Severity, Step, apply
from storykeep.model.story import Chapter
from storykeep.text.blocks import Block, blocks
from storykeep.text.collate import Collation, Place, Witness, collate, same_text

SAME = 0.5  # share of the shorter copy's words (in runs of five) from which it is a copy of the same text
RULE = re.compile(r'<hr class="(?:scene|gap[^"]*)"\s*/?>')
CLOSE = re.compile(r"(?:\s*</(?:p|div|li|h[1-6]|dd|td|pre|address)>)?")
WRAPS = {"lines": ('<div class="lines">', "</div>"), "p": ("<p>", "</p>")}
REASONS = {
    "collate.restored": "lost here, kept by another copy",
    "collate.ending": "this copy breaks off here, another one goes on",
    "collate.italics": "italics kept by another copy",
    "collate.characters": "accents and quotes kept by another copy",
}


def collated(base: Chapter, others: Sequence[Chapter]) -> Chapter:
    """Return ``base`` with what it lost restored from ``others``; copies of another text are passed over.

    The captures of the copies that were used are added to the chapter's captures.
    """
    witnesses = [other for other in others if is_copy(base, other)]
    if not witnesses:
        return base
    ours = Witness(_name(base), blocks(base.body))
    collation = collate(ours, [Witness(_name(other), blocks(other.body)) for other in witnesses])
    steps = tuple(_steps(base.body, collation))
    return replace(
        base,
        body=apply(base.body, steps),
        steps=base.steps + steps,
        apparatus=base.apparatus + collation.variants,
        gaps=tuple(_remaining(base.gaps, collation)),
        captures=tuple(dict.fromkeys([*base.captures, *(name for other in witnesses for name in other.captures)])),
        addresses=tuple(dict.fromkeys([*base.addresses, *(a for other in witnesses for a in other.addresses)])),
        truncated=base.truncated and all(other.truncated for other in witnesses),
    )


def is_copy(one: Chapter, other: Chapter) -> bool:
    """Say whether two chapters are copies of one text, damaged or not; a part of it counts."""
    return bool(one.body and other.body) and same_text(blocks(one.body), blocks(other.body)) >= SAME


def findings(chapter: Chapter, where: str) -> Iterator[Finding]:
    """Yield what an archivist should know of the collation: how much was restored, and what waits for a choice."""
    restored = [v for v in chapter.apparatus if v.code in ("collate.restored", "collate.ending")]
    differs = [v for v in chapter.apparatus if v.code == "collate.differs"]
    if restored:
        yield Finding(
            code="collate.restored", where=where, severity=Severity.INFO,
            evidence=" / ".join(v.reading for v in restored)[:300],
            suggestion=f"{len(restored)} lines were restored from another copy. Look them over.",
        )  # fmt: skip
    for variant in differs:
        yield Finding(
            code="collate.differs", where=f"{where}, block {variant.block + 1}", severity=Severity.DOUBT,
            evidence=f"here: {variant.base[:140]} · there: {variant.reading[:140]}", capture=variant.witness,
            suggestion="Two copies have different words here. Choose one; the text stands as the better copy has it.",
        )  # fmt: skip


def _name(chapter: Chapter) -> str:
    return chapter.captures[0] if chapter.captures else chapter.key


def _remaining(gaps: Sequence[Gap], collation: Collation) -> Iterator[Gap]:
    """Yield the gaps that no copy filled, each after the block that it now follows."""
    known = iter(sorted(gaps, key=lambda gap: gap.after))
    for number, place in enumerate(collation.places):
        was_gap = place.was is not None and place.was.type == "gap"
        if place.block.type == "gap":
            gap = next(known, None)
            kind = GapKind(place.block.kind) if place.block.kind in list(GapKind) else GapKind.UNKNOWN
            yield replace(gap, after=number) if gap else Gap(kind=kind, after=number)
        elif was_gap and (number == 0 or collation.places[number - 1].was is not place.was):
            next(known, None)


# ── the collation as steps on the body


@dataclass(frozen=True, slots=True)
class _Edit:
    at: int
    before: str
    after: str
    place: Place


def _steps(body: str, collation: Collation) -> Iterator[Step]:
    """Yield the steps that make ``body`` the collated text, each where the earlier ones have moved it."""
    moved = 0
    for edit in _edits(body, collation.places):
        yield Step(
            code=edit.place.code, at=edit.at + moved, before=edit.before, after=edit.after,
            confidence=edit.place.confidence,
            reason=f"{REASONS[edit.place.code]} ({edit.place.witness[:12]})",
        )  # fmt: skip
        moved += len(edit.after) - len(edit.before)


def _edits(body: str, places: Sequence[Place]) -> Iterator[_Edit]:
    """Yield what changes, with offsets in ``body``; a block whose place can't be found is left as it is."""
    at = 0
    filled: Block | None = None
    for place in places:
        if place.code == "collate.restored":
            before = ""
            if place.was is not None and place.was is not filled:
                found = RULE.search(body, at)
                if found is None or body[at : found.start()].strip():
                    continue
                before, filled = found[0], place.was
                at = found.start()
            yield _Edit(at, before, _whole(place.block), place)
            at += len(before)
            continue
        original = place.was if place.was is not None else place.block
        span = _span(body, original, at)
        if span is None:
            continue
        if place.code in REASONS:
            yield _Edit(span[0], body[span[0] : span[1]], place.block.html, place)
        found_close = CLOSE.match(body, span[1])
        at = found_close.end() if found_close else span[1]


def _span(body: str, block: Block, at: int) -> tuple[int, int] | None:
    """Return where ``block`` stands in ``body`` from ``at`` on: its inline HTML, or the rule that it is."""
    if block.type in ("scene_break", "gap"):
        rule = RULE.search(body, at) or re.compile(r"<hr[^>]*>").search(body, at)
        return rule.span() if rule else None
    start = body.find(block.html, at) if block.html else -1
    return (start, start + len(block.html)) if start >= 0 else None


def _whole(block: Block) -> str:
    """Return a restored block as HTML of its own."""
    if block.type == "scene_break":
        return '<hr class="scene">'
    inner = block.html or html.escape(block.text, quote=False).replace("\n", "<br>")
    if block.type == "heading":
        return f"<{block.kind or 'h3'}>{inner}</{block.kind or 'h3'}>"
    opening, closing = WRAPS[block.type]
    return f"{opening}{inner}{closing}"
