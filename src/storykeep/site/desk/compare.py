"""The words as they were saved beside the words as they are, with every step that lies between them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from storykeep.model import bundle
from storykeep.model.errors import UsageError
from storykeep.model.provenance import Step, StepMismatch, undo, without
from storykeep.rescue.meanings import meaning
from storykeep.text.blocks import blocks
from storykeep.text.markup import plain

DIFFERS = "collate.differs"
WORDS = {
    "collate.restored": "Lost here; kept by another copy",
    "collate.ending": "Breaks off here; another copy goes on",
    "collate.italics": "Slanted in another copy",
    "collate.characters": "Letters as another copy has them",
    "collate.differs": "The copies differ",
    "collate.chosen": "Chosen from another copy",
}
WORD = re.compile(r"\s*\S+\s*?|\s+")
CONTEXT = 40  # characters shown on each side of a change


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as the desk lists it: its number, what it is, and the words around it."""

    number: int
    code: str
    before: str
    after: str
    left: str
    right: str
    confidence: float
    reason: str

    @property
    def words(self) -> str:
        """What kind of repair it is, in words."""
        return meaning(self.code)


@dataclass(frozen=True, slots=True)
class VariantLine:
    """A place where another copy says more, or something else. ``copy`` is what that copy is called."""

    number: int
    code: str
    witness: str
    copy: str
    pieces: list[tuple[str, str]]

    @property
    def open(self) -> bool:
        return self.code == DIFFERS

    @property
    def words(self) -> str:
        return WORDS.get(self.code, meaning(self.code))


def steps_of(value: dict) -> tuple[Step, ...]:
    """Return the steps of a chapter's body, as read from its place."""
    return tuple(bundle.from_plain(Step, item, "steps") for item in value.get("steps", []))


def lines(value: dict) -> list[StepLine]:
    """Return the steps with their surroundings; the text is the one in which each step was done."""
    steps = steps_of(value)
    text = saved(value)
    found = []
    for number, step in enumerate(steps):
        end = step.at + len(step.before)
        left, right = text[max(step.at - CONTEXT, 0) : step.at], text[end : end + CONTEXT]
        found.append(
            StepLine(
                number, step.code, step.before, step.after, _tail(left), _head(right), step.confidence, step.reason
            )
        )
        text = text[: step.at] + step.after + text[end:]
    return found


def variants(value: dict, names: dict[str, str]) -> list[VariantLine]:
    """Return what other copies say, what waits for a choice first. ``names`` are the copies' by SHA-256."""
    found = [
        VariantLine(
            number, item["code"], item["witness"], names.get(item["witness"], ""),
            pieces(item.get("base", ""), item.get("reading", "")),
        )
        for number, item in enumerate(value.get("apparatus", []))
    ]  # fmt: skip
    return sorted(found, key=lambda each: not each.open)


def saved(value: dict) -> str:
    """Return the body as it was before any step."""
    try:
        return undo(value.get("body", ""), steps_of(value))
    except StepMismatch:
        return value.get("body", "")


def without_steps(value: dict, off: frozenset[int]) -> dict:
    """Return the body with the steps numbered in ``off`` not done; the others stay."""
    remaining = without(steps_of(value), off)
    body = saved(value)
    for step in remaining:
        body = body[: step.at] + step.after + body[step.at + len(step.before) :]
    return {**value, "body": body, "steps": [bundle.to_plain(step) for step in remaining]}


def pieces(one: str, other: str) -> list[tuple[str, str]]:
    """Return two texts as one: words that both have ("same"), only the first ("gone"), only the other ("new").

    >>> pieces("The old lamp burned.", "The lamp burned on.")
    [('same', 'The'), ('gone', ' old'), ('same', ' lamp'), ('gone', ' burned.'), ('new', ' burned on.')]
    """
    ours, theirs = WORD.findall(one), WORD.findall(other)
    found = []
    for verb, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if verb == "equal":
            found.append(("same", "".join(ours[a:b])))
        else:
            found += [
                (kind, text) for kind, text in (("gone", "".join(ours[a:b])), ("new", "".join(theirs[c:d]))) if text
            ]
    return found


def choose(value: dict, number: int, *, theirs: bool) -> dict:
    """Settle a place where copies differ: take what the other copy says (a step), or keep what stands here.

    ``number`` counts the variants of the chapter. Raises UsageError when that place no longer reads as it did.
    """
    variant = value["apparatus"][number]
    if variant["code"] != DIFFERS:
        raise UsageError("This place was settled already.")
    rest = [item for item in value["apparatus"] if not (item["code"] == DIFFERS and item["block"] == variant["block"])]
    if not theirs:
        return {**value, "apparatus": rest}
    step = _taken(value["body"], variant)
    body = value["body"][: step.at] + step.after + value["body"][step.at + len(step.before) :]
    chosen = {**variant, "code": step.code, "confidence": 1.0}
    steps = [*value["steps"], bundle.to_plain(step)]
    return {**value, "body": body, "steps": steps, "apparatus": [*rest, chosen]}


def _taken(body: str, variant: dict) -> Step:
    """Return the step that puts another copy's words where the block of ``variant`` stands."""
    here = blocks(body)
    if variant["block"] >= len(here) or here[variant["block"]].text != variant.get("base", ""):
        raise UsageError("The text was changed since the copies were compared. Correct the chapter by hand.")
    at = 0
    for block in here[: variant["block"]]:
        at = max(body.find(block.html, at), at) + len(block.html)
    old = here[variant["block"]].html
    at = body.find(old, at)
    new = html.escape(variant.get("reading", ""), quote=False).replace("\n", "<br>")
    reason = f"chosen from another copy ({variant['witness'][:12]})"
    return Step(code="collate.chosen", at=at, before=old, after=new, reason=reason)


def _tail(markup: str) -> str:
    last = markup.rpartition(">")[2]
    return plain(last if "<" not in last else markup).lstrip("\n")


def _head(markup: str) -> str:
    return plain(markup.partition("<")[0])
