"""The surest value of each field, out of what the pages of a work and the archive's lists say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from storykeep.model.provenance import Evidence, Finding
from storykeep.model.story import Credit, Status, Story, Tag
from storykeep.sources.folder.addresses import same_page
from storykeep.sources.pages.reading import PageReading
from storykeep.text.fold import fold

T = TypeVar("T")
LISTED = 0.8
"""How sure a list is of a field that the work's own pages lost."""
_PLAIN = (
    "summary", "language", "direction", "written", "published", "updated", "stated_words", "reads", "chapters_planned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """What a list (an author's page, an index) says of a work, and the capture of that list."""

    story: Story
    capture: str


def fields(ranked: Sequence[PageReading], whole: Story) -> Story:
    """Return ``whole`` with the surest value of each field; ``ranked`` are its pages, the best first."""
    title, told = _title(ranked)
    names, named = _credits(ranked)
    pages = [reading.story for reading in ranked]
    first = {name: next((v for each in pages if (v := getattr(each, name))), getattr(whole, name)) for name in _PLAIN}
    return replace(
        whole,
        title=title,
        credits=names,
        archive=whole.archive or next((each.archive for each in pages if each.archive), ""),
        kind=next((each.kind for each in pages if each.kind is not whole.kind), whole.kind),
        status=next((each.status for each in pages if each.status is not Status.UNKNOWN), Status.UNKNOWN),
        notes=once((note for each in pages for note in each.notes), lambda note: fold(_words(note.body))),
        tags=_tags(pages),
        series=once((place for each in pages for place in each.series), lambda place: fold(place.title)),
        relations=once((r for each in pages for r in each.relations), lambda r: (r.kind, fold(r.target))),
        reviews=once((r for each in pages for r in each.reviews), lambda r: (r.name, r.date, r.body)),
        evidence=(*told, *named),
        **first,
    )


def with_mentions(whole: Story, mentions: Sequence[Mention]) -> Story:
    """Return ``whole`` with what its own pages lost filled in from lists, and a finding where they disagree."""
    for mention in mentions:
        whole = _with_mention(whole, mention)
    return whole


def once(items: Iterable[T], key: Callable[[T], object] = lambda item: item) -> tuple[T, ...]:
    """Return ``items`` without those whose ``key`` came before."""
    found: dict[object, T] = {}
    for item in items:
        found.setdefault(key(item), item)
    return tuple(found.values())


def _with_mention(whole: Story, mention: Mention) -> Story:
    listed = mention.story
    evidence: list[Evidence] = []
    findings: list[Finding] = []
    changes: dict[str, Any] = {}
    for name in ("title", "credits", "summary", "published", "updated", "stated_words", "series", "chapters_planned"):
        value = getattr(listed, name)
        if value and not getattr(whole, name):
            changes[name] = value
            evidence.extend(_listed(name, value, mention.capture))
    known = {fold(tag.name) for tag in whole.tags}  # a list names no kinds: the page's own label says it better
    rated = {tag.kind for tag in whole.tags if tag.kind == "rating"}
    tags = [tag for tag in listed.tags if fold(tag.name) not in known and tag.kind not in rated]
    evidence.extend(
        Evidence(field="tags", rule="list", confidence=LISTED, capture=mention.capture, quote=t.name) for t in tags
    )
    if listed.title and whole.title and fold(listed.title) != fold(whole.title):
        findings.append(_differs("title", whole.title, listed.title, mention.capture))
    known_at = {same_page(address) for address in whole.addresses}
    fresh = tuple(address for address in listed.addresses if same_page(address) not in known_at)
    status = listed.status if whole.status is Status.UNKNOWN else whole.status
    return replace(
        whole,
        **changes,
        addresses=(*whole.addresses, *fresh),
        status=status,
        tags=(*whole.tags, *tags),
        evidence=(*whole.evidence, *evidence),
        findings=(*whole.findings, *findings),
    )


def _listed(name: str, value: object, capture: str) -> Iterator[Evidence]:
    if name == "credits" and isinstance(value, tuple):
        for number, credit in enumerate(value):
            yield Evidence(
                field=f"authors.{number}", rule="list", confidence=LISTED, capture=capture, quote=credit.name
            )
    else:
        yield Evidence(field=name, rule="list", confidence=LISTED, capture=capture, quote=str(value)[:200])


def _differs(name: str, ours: str, theirs: str, capture: str) -> Finding:
    return Finding(
        code=f"{name}.differs",
        where=name,
        evidence=f"its page: {ours} · a list: {theirs}",
        suggestion="Choose one; the work's own page is followed until then.",
        capture=capture,
    )


def _title(ranked: Sequence[PageReading]) -> tuple[str | None, list[Evidence]]:
    """Return the title that is stated most surely; of equally sure ones the most frequent."""
    offers = [(reading.story.title, _sure(reading, "title")) for reading in ranked if reading.story.title]
    votes: dict[str, list[float]] = {}
    for title, evidence in offers:
        votes.setdefault(fold(title), []).append(evidence.confidence)
    if not votes:
        return None, []
    best = max(votes, key=lambda folded: (round(max(votes[folded]), 1), len(votes[folded])))
    title, evidence = max((each for each in offers if fold(each[0]) == best), key=lambda each: each[1].confidence)
    return title, [evidence]


def _credits(ranked: Sequence[PageReading]) -> tuple[tuple[Credit, ...], list[Evidence]]:
    """Return the credits of the page that is surest; of equally sure ones, of the page that names most people."""
    offers = [reading for reading in ranked if reading.story.credits]
    if not offers:
        return (), []
    best = max(offers, key=lambda r: (round(_sure(r, "authors.0").confidence, 1), len(r.story.credits)))
    told = [each for each in best.story.evidence if each.field.startswith("authors.")]
    return best.story.credits, [with_capture(each, best) for each in told]


def _sure(reading: PageReading, name: str) -> Evidence:
    """Return the evidence that a page has for a field; a weak one of its own when the reader gave none."""
    found = next((each for each in reading.story.evidence if each.field == name), None)
    return with_capture(found or Evidence(field=name, rule="page", confidence=0.5), reading)


def with_capture(evidence: Evidence, reading: PageReading) -> Evidence:
    """Return ``evidence`` naming the capture that it comes from."""
    return evidence if evidence.capture else replace(evidence, capture=reading.capture.sha256)


def _tags(pages: Iterable[Story]) -> tuple[Tag, ...]:
    """Return all tags once. Chapters may be rated by themselves; the best page's rating is the work's."""
    found = once((tag for each in pages for tag in each.tags), lambda tag: (tag.kind, fold(tag.name)))
    rating = next((tag for tag in found if tag.kind == "rating"), None)
    return tuple(tag for tag in found if tag.kind != "rating" or tag is rating)


def _words(html: str) -> str:
    return re.sub(r"<[^>]*>", " ", html)
