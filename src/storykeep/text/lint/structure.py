"""How a work is put together: titles, chapters, lengths."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from storykeep.model.provenance import Finding, Severity
from storykeep.model.story import Story
from storykeep.text.fold import fold
from storykeep.text.lint.look import Look
from storykeep.text.markup import plain
from storykeep.text.words import count

LONGEST_CHAPTER = 510_000  # characters that AO3 takes in one chapter
_LONG_PARAGRAPH = 12_000  # characters; the breaks of such a chapter were lost
_TOLERANCE = 0.15  # old sites counted words in ways of their own
_FEW_WORDS = 100


def of_a_story(story: Story) -> Iterator[Finding]:
    """Yield what is wrong with a work as a whole."""
    if not (story.title or "").strip():
        yield _finding(
            "title.missing", "title", "Look on another page of the archive, in its lists, or ask the author."
        )
    if not story.credits:
        yield _finding(
            "author.missing", "authors", "Look in the archive's lists. Without a name the work stays hidden."
        )
    if not story.chapters:
        yield _finding("work.no-chapters", "", "Only its description survives. Look for another copy.", Severity.LOSS)
    yield from _numbers(story)
    yield from _twins(story)
    yield from _stated(story)


def of_a_body(look: Look) -> Iterator[Finding]:
    """Yield what is wrong with the shape of one chapter."""
    shown = [block for block in look.blocks if block.type != "gap"]
    length = sum(len(block.text) for block in shown)
    if not length:
        yield _finding("chapter.empty", "", "Nothing but its place survives. Look for another copy.", Severity.LOSS)
    elif length > LONGEST_CHAPTER:
        yield _finding(
            "chapter.long", f"{length:,} characters", "Split it, if it should go to another archive.", Severity.INFO
        )
    if len(shown) == 1 and length > _LONG_PARAGRAPH:
        yield _finding("chapter.one-paragraph", "", "Look at the original: where do its paragraphs end?")


def _numbers(story: Story) -> Iterator[Finding]:
    """Yield a finding when the numbers in the chapters' labels have a hole."""
    numbers = [int(found[0]) for chapter in story.chapters if (found := re.search(r"\d{1,4}", chapter.label))]
    if len(numbers) < 2 or len(numbers) < len(story.chapters) / 2:  # noqa: PLR2004 — one number has no neighbours
        return
    missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
    if missing and len(missing) <= len(numbers):
        names = ", ".join(map(str, missing[:10]))
        yield _finding("chapter.missing", f"chapter {names}", "Look for the missing chapters.", Severity.LOSS)


def _twins(story: Story) -> Iterator[Finding]:
    bodies = Counter(fold(plain(chapter.body)) for chapter in story.chapters if chapter.body)
    if any(number > 1 and body for body, number in bodies.items()):
        yield _finding("chapter.twice", "", "Keep one of them, or find what the other should have been.")


def _stated(story: Story) -> Iterator[Finding]:
    """Yield a finding when the old site counted many more, or fewer, words."""
    stated = story.stated_words
    counted = sum(count(chapter.body) for chapter in story.chapters)
    if stated < _FEW_WORDS or not counted or abs(counted - stated) <= _TOLERANCE * stated:
        return
    evidence = f"{counted:,} words here, {stated:,} on the old site"
    if counted < stated:
        yield Finding(code="words.fewer", evidence=evidence, suggestion="Something is missing.", severity=Severity.LOSS)
    else:
        yield Finding(code="words.more", evidence=evidence, suggestion="Is something here twice, or not the story?")


def _finding(code: str, where: str, suggestion: str, severity: Severity = Severity.DOUBT) -> Finding:
    return Finding(code=code, where=where, suggestion=suggestion, severity=severity)
