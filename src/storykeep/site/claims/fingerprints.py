"""The text of a work whose author wants it in no archive is known again: under another title, from another crawl.

Of the text keyed hashes of some of its runs of words are kept (the sketch by which a rescue finds copies). Nothing can
be read out of them, and without the archive's secret key nobody can even ask whether a text is meant.
"""

from __future__ import annotations

import hmac

from django.conf import settings

from storykeep.model.story import Story
from storykeep.rescue.copies import sketch
from storykeep.site.claims.models import Never, NeverKind
from storykeep.site.works.models import Work

FEWEST = 8  # runs of words in a sketch: of a shorter text nothing certain can be said
ALIKE = 0.5  # share of the guarded sketch that another text must have
MOST = 4_000  # runs that are kept of one text


def of_bodies(bodies) -> set[str]:
    """Return the keyed sketch of a text, chapter by chapter, as short strings."""
    numbers = {number for body in bodies for number in sketch(body)}
    return {keyed(number) for number in sorted(numbers)[:MOST]}


def keyed(number: int) -> str:
    key = b"storykeep fingerprint " + settings.SECRET_KEY.encode()
    return hmac.digest(key, number.to_bytes(8, "big"), "sha256")[:6].hex()


def guard(work: Work) -> bool:
    """Never let the text of ``work`` come in again; False when it is too short to be known by."""
    found = of_bodies(chapter.current.body for chapter in work.chapters.select_related("current") if chapter.current)
    if len(found) < FEWEST:
        return False
    Never.objects.update_or_create(
        what="import", kind=NeverKind.TEXT, digest=digest_of(found), defaults={"sketch": sorted(found), "work": work}
    )
    return True


def digest_of(found: set[str]) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), "".join(sorted(found)).encode(), "sha256").hex()


def is_guarded(story: Story) -> bool:
    """Say whether the text of ``story`` is, for the greater part, one that never may come in."""
    guarded = list(Never.objects.filter(what="import", kind=NeverKind.TEXT).values_list("sketch", flat=True))
    if not guarded:
        return False
    found = of_bodies(chapter.body for chapter in story.chapters)
    return any(len(found.intersection(each)) >= ALIKE * min(len(each), max(len(found), FEWEST)) for each in guarded)
