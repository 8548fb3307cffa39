"""What members keep here, to take along or to erase: what they never meet, saved searches, the reading log."""

from __future__ import annotations

import json
from collections.abc import Iterator

from storykeep.site.accounts.belongings import Belonging, Page
from storykeep.site.reading.coming_back import bring
from storykeep.site.reading.models import NoLog, Opened
from storykeep.site.search.models import Avoided, SavedSearch
from storykeep.site.tags.favourites import favourites_of
from storykeep.site.works.queries import readable_by

PAGES = (
    Page(words="Saved searches", name="saved-searches", about="What is new in each, and its feed."),
    Page(words="Never shown", name="never", about="Subjects, authors and works that you asked not to meet."),
    Page(words="Reading log", name="reading-log", about="What you have opened, and the switch that turns it off."),
)


def export(user) -> Iterator[tuple[str, bytes]]:
    """Yield one file of each sort. 5 queries."""
    searches = SavedSearch.objects.filter(account=user)
    yield "saved-searches.json", as_json([{"name": row.name, "address": row.address} for row in searches])
    rows = Avoided.objects.filter(account=user).select_related("tag__kind", "person", "work")
    yield "never-shown.json", as_json([avoided(row) for row in rows])
    liked = favourites_of(user)
    yield (
        "favourite-subjects.json",
        as_json([{"kind": tag.kind.name, "name": tag.name, "address": tag.get_absolute_url()} for tag in liked]),
    )
    log = Opened.objects.filter(account=user, work__in=readable_by(user).values("pk")).select_related("work")
    yield "reading-log.json", as_json([opened(row) for row in log])


def avoided(row: Avoided) -> dict[str, str]:
    it = row.tag or row.person or row.work
    kind = row.tag.kind.name if row.tag else "author" if row.person else "work"
    return {"kind": kind, "name": str(it), "address": it.get_absolute_url()}


def opened(row: Opened) -> dict[str, object]:
    return {
        "title": str(row.work),
        "address": row.work.get_absolute_url(),
        "opened to chapter": row.furthest,
        "chapters then": row.known,
        "last opened": row.at.isoformat(timespec="seconds"),
    }


def as_json(rows: list) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=2).encode()


def erase(user) -> None:
    for model in (Avoided, SavedSearch, Opened, NoLog):
        model.objects.filter(account=user).delete()


BELONGING = Belonging(
    name="finding",
    words="Saved searches, what you never want to meet, your reading log",
    pages=PAGES,
    export=export,
    bring=bring,
    erase=erase,
)
