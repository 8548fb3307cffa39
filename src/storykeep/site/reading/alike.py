"""More like this: works whose words and tags are like those of a work, as this reader may meet them."""

from __future__ import annotations

from storykeep.site.reading import cards
from storykeep.site.reading.pages import Entry
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.works.models import Work
from storykeep.site.works.queries import listing, readable_by

MOST = 4


def like(user, work: Work) -> tuple[Entry, ...]:
    """Return the works that are most like ``work``. 5 queries."""
    ids = engine().more_like_this(work.pk, reader_for(user), MOST)
    rows = {row.pk: row for row in listing(readable_by(user).filter(pk__in=ids))} if ids else {}
    return tuple(cards.entry(rows[pk]) for pk in ids if pk in rows)
