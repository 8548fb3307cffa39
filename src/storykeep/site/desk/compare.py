"""The words as they were saved beside the words as they are, with every step that lies between them."""

from __future__ import annotations

from dataclasses import dataclass

from storykeep.model import bundle
from storykeep.model.provenance import Step, StepMismatch, undo, without
from storykeep.text.markup import plain

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


def _tail(html: str) -> str:
    return plain(html.rpartition(">")[2] if "<" not in html.rpartition(">")[2] else html).lstrip("\n")


def _head(html: str) -> str:
    return plain(html.partition("<")[0])
