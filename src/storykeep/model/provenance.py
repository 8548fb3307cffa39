"""Where every word comes from: captures, evidence, reversible steps, gaps and findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One run of original bytes, kept for ever under its SHA-256.

    ``path`` is how the capture was named inside what was brought in (``site/fic663.html``,
    ``dump.sql#chapters/12``); ``address`` the URL it was once served from. ``captured_at`` is ISO 8601, UTC.
    ``size`` is in bytes.
    """

    sha256: str
    path: str = ""
    address: str = ""
    captured_at: str = ""
    media_type: str = ""
    size: int = 0
    declared_encoding: str = ""
    encoding: str = ""

    @property
    def called(self) -> str:
        """What people call it: see :func:`called`."""
        return called(self.path, self.address)


def called(path: str, address: str) -> str:
    """Return what people call a capture: its file, or its address where the file only counts its records.

    >>> called("site/fic663.html", "http://old.example/fic.html?id=663")
    'site/fic663.html'
    >>> called("crawl.warc.gz#37", "http://old.example/fic.html?id=663")
    'http://old.example/fic.html?id=663'
    """
    counted = path.rpartition("#")[2].isdigit() and "#" in path
    return (address if counted else "") or path or address


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a field has the value it has.

    ``field`` is a path such as ``title``, ``authors.0`` or ``chapters.2.label``; ``rule`` the code of the rule
    that found it; ``confidence`` runs from 0 (a guess) to 1 (stated); ``quote`` is what the rule saw.
    A value that a person set has rule ``person`` and is never overwritten by a later rescue.
    """

    field: str
    rule: str
    confidence: float = 1.0
    capture: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One reversible change of a text: at ``at`` (code points), ``before`` became ``after``.

    Steps form a sequence: the offset of each counts in the text that the earlier ones left.

    >>> apply("It’s ‘til now", [Step(code="repair.elision", at=5, before="‘", after="’")])
    'It’s ’til now'
    """

    code: str
    at: int
    before: str
    after: str
    confidence: float = 1.0
    reason: str = ""


class GapKind(StrEnum):
    """What seems to be missing. ``UNKNOWN`` is an honest answer."""

    REPLY = "reply"
    SCENE_BREAK = "scene-break"
    HEADING = "heading"
    ADDRESS = "address"
    TAIL = "tail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A place where the surviving copy lacks something. It is shown, never filled by guess.

    ``after`` counts the blocks of the chapter before the gap (0: before the first block);
    ``line`` is the line of the source after which it was seen (1-based, 0: not known).
    """

    kind: GapKind = GapKind.UNKNOWN
    after: int = 0
    line: int = 0
    confidence: float = 0.5
    reason: str = ""


class Severity(StrEnum):
    """How much a finding matters: ``INFO`` needs nobody, ``DOUBT`` a look, ``LOSS`` says words are gone."""

    INFO = "info"
    DOUBT = "doubt"
    LOSS = "loss"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that an archivist may want to know or settle.

    ``code`` is stable (``gap.reply``, ``title.missing``, ``encoding.repaired``); ``where`` names the place
    (``line 25``, ``chapter 2, block 14``); ``evidence`` quotes it; ``suggestion`` says what to do next.
    """

    code: str
    where: str = ""
    evidence: str = ""
    suggestion: str = ""
    severity: Severity = Severity.DOUBT
    capture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A place in a chapter where another surviving copy (a witness) says more, or something else.

    ``block`` counts the blocks of the chapter before the place; ``witness`` is the SHA-256 of the copy's capture.
    ``code`` says what was done: ``collate.restored`` (a block that this copy had lost), ``collate.ending``
    (the end of a copy that breaks off), ``collate.italics``, ``collate.characters`` (accents, curly quotes), or
    ``collate.differs`` (nothing was done: an archivist chooses).
    ``reading`` is what the witness has, ``base`` what the chapter's own copy has; both plain text, or ``***``.
    """

    code: str
    block: int
    witness: str
    reading: str = ""
    base: str = ""
    confidence: float = 1.0


class StepMismatch(ValueError):
    """A step does not fit the text it is applied to or taken back from."""


def apply(text: str, steps: Iterable[Step]) -> str:
    """Return ``text`` with all ``steps`` done, in order. Raises StepMismatch when one doesn't fit."""
    for step in steps:
        text = _swap(text, step.at, step.before, step.after)
    return text


def undo(text: str, steps: Sequence[Step]) -> str:
    """Return the text as it was before ``steps``; the inverse of :func:`apply`.

    >>> undo('It’s ’til now', [Step(code="repair.elision", at=5, before="‘", after="’")])
    'It’s ‘til now'
    """
    for step in reversed(steps):
        text = _swap(text, step.at, step.after, step.before)
    return text


def without(steps: Sequence[Step], off: frozenset[int]) -> tuple[Step, ...]:
    """Return the steps that remain when those numbered in ``off`` are not done, offsets adjusted.

    A later step that touches the words of one that is off depends on it and goes with it.
    """
    kept: list[Step] = []
    apart: list[_Apart] = []
    for number, step in enumerate(steps):
        touched = [region for region in apart if region.touches(step)]
        before = [region for region in apart if region.end < step.at]
        if number not in off and not touched:
            shift = sum(region.other - region.size for region in before)
            kept.append(replace(step, at=step.at + shift))
        grown = len(step.after) - len(step.before)
        after = [replace(r, at=r.at + grown) for r in apart if r not in touched and r not in before]
        united = [_unite(step, touched)] if touched or number in off else []
        apart = [*before, *united, *after]
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Apart:
    """A stretch in which the text with all steps (``size`` from ``at``) and the one without (``other``) differ."""

    at: int
    size: int
    other: int

    @property
    def end(self) -> int:
        return self.at + self.size

    def touches(self, step: Step) -> bool:
        return step.at <= self.end and self.at <= step.at + len(step.before)


def _unite(step: Step, regions: Sequence[_Apart]) -> _Apart:
    """Return the stretch that covers ``regions`` and a ``step`` that is not done, after the step."""
    start = min([step.at, *(region.at for region in regions)])
    end = max([step.at + len(step.before), *(region.end for region in regions)])
    other = end - start + sum(region.other - region.size for region in regions)
    return _Apart(start, end - start + len(step.after) - len(step.before), other)


def _swap(text: str, at: int, old: str, new: str) -> str:
    if text[at : at + len(old)] != old:
        seen = text[at : at + max(len(old), 12)]
        raise StepMismatch(f"expected {old!r} at {at}, found {seen!r}")
    return text[:at] + new + text[at + len(old) :]
