"""A chapter as a page shows it, the list of chapters, and what readers once said."""

from __future__ import annotations

import re

from django.urls import reverse

from storykeep.exports import dates
from storykeep.site.reading import cards
from storykeep.site.reading.pages import ContentsLine, ShownChapter
from storykeep.text.markup import plain

_FIRST = re.compile(
    r"\s*<p(?: dir=\"ltr\")?>(?:<(?:em|i|strong|b)>)?(?=[A-Za-zÀ-ÖØ-öø-ɏΑ-ωА-я])(.{0,2000}?)</p>", re.DOTALL
)
LONG_ENOUGH = 220  # characters; a drop initial needs three full lines beside it


def shown(row, work) -> ShownChapter:
    """Return a chapter (a row of :func:`..works.queries.chapter_texts`) as its page shows it."""
    alone = len(work.chapter_list) == 1
    eyebrow, title = cards.heading(row, alone=alone)
    notes = row.notes.all()
    html = row.current.html if row.current else ""
    return ShownChapter(
        number=row.place,
        eyebrow=eyebrow,
        title="" if title == (work.title or "") and alone else title,
        html=html,
        bylines=cards.bylines(row.credits.all()),
        facts=chapter_facts(row, work),
        summary=row.summary,
        before=cards.notes(notes, after=False),
        after=cards.notes(notes, after=True),
        opening=has_opening(html),
        broken_off=row.truncated and 'class="gap gap-tail"' not in html,  # the mark itself says it
    )


def chapter_facts(row, work) -> tuple[str, ...]:
    """Return the date and rating of a chapter where they say more than those of the work."""
    date = dates.in_words(row.published) if len(work.chapter_list) > 1 else ""
    return tuple(fact for fact in (row.rating, date) if fact)


def has_opening(html: str) -> bool:
    """Return whether a drop initial would stand well: a long first paragraph that begins with a letter."""
    found = _FIRST.match(html)
    return bool(found) and len(plain(found[1])) >= LONG_ENOUGH


def contents(work, here: int | None) -> tuple[ContentsLine, ...]:
    """Return the list of chapters; ``here`` is the place of the one that is being read."""
    return tuple(contents_line(work, row, number, here) for number, row in enumerate(work.chapter_list, 1))


def contents_line(work, row, number: int, here: int | None) -> ContentsLine:
    eyebrow, title = cards.heading(row, alone=False)
    url = work.get_absolute_url() if number == 1 else reverse("chapter", args=[work.ref, work.slug, row.place])
    return ContentsLine(
        number=row.place,
        label=eyebrow,
        title=title,
        url=url,
        date=dates.in_words(row.published),
        words=f"{row.words:,} words" if row.words else "",
        here=row.place == here,
    )
