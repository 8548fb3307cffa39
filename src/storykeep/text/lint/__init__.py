"""What an archivist should look at in a story: findings with stable codes, one file per family. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from storykeep.model.provenance import Finding
from storykeep.model.story import Story
from storykeep.text.blocks import blocks
from storykeep.text.lint import encoding, gaps, markup, privacy, quotes, structure
from storykeep.text.lint.codes import CODES, meaning
from storykeep.text.lint.look import Look

__all__ = ["CODES", "look_at_body", "look_at_story", "meaning"]

_OF_A_BODY: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    encoding.findings,
    quotes.findings,
    gaps.findings,
    privacy.findings,
    markup.findings,
    structure.of_a_body,
)


def look_at_story(story: Story) -> tuple[Finding, ...]:
    """Return what should be looked at in a story and its chapters.

    >>> [finding.code for finding in look_at_story(Story(key="x", title=None))]
    ['title.missing', 'author.missing', 'work.no-chapters']
    """
    found = list(structure.of_a_story(story))
    for number, chapter in enumerate(story.chapters, 1):
        found += (_placed(finding, f"chapter {number}") for finding in look_at_body(chapter.body))
    return tuple(found)


def look_at_body(body: str) -> tuple[Finding, ...]:
    """Return what should be looked at in a clean body; ``where`` counts its blocks from 1.

    >>> [finding.code for finding in look_at_body("<p>Write to anna@example.org, or [i]call[/i].</p>")]
    ['privacy.email', 'markup.bbcode']
    """
    look = Look(body, blocks(body))
    return tuple(finding for family in _OF_A_BODY for finding in family(look))


def _placed(finding: Finding, place: str) -> Finding:
    return replace(finding, where=f"{place}, {finding.where}" if finding.where else place)
