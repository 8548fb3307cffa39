"""From the remains to the readers: what a rescue made goes into the site, once, whoever started it.

Heeds those who said never, and keeps the ways to authors for the claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from storykeep.rescue import pipeline, report
from storykeep.rescue.workplace import Workplace
from storykeep.site.claims import consent
from storykeep.site.desk import ledger, looking
from storykeep.site.works import bridge

BATCH = 50
"""Records of which it is noted at once that the site has them: each note waits for the disk."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a rescue: in a sentence, and the name of its folder."""

    said: str
    rescue: str


def take_in(path: Path, data: Path, name: str, *, visibility: str, progress: Progress) -> Came:
    """Rescue what is at ``path`` into the archive in ``data``; return what came of it."""
    with pipeline.opened(path, data, name) as place:
        pipeline.run(place, path.resolve(), name, progress)
        refused = put_into_site(place, visibility, progress)
        came = report.report_of(place)
        report.write(place, data / "rescues" / f"{place.folder.name}.html")
    left_out = f" {refused} works were left out: their authors said never." if refused else ""
    said = (
        f"{came.files:,} files came in: {came.stories:,} works in {came.chapters:,} chapters "
        f"by {came.authors:,} authors. {came.doubts:,} findings wait at the desk.{left_out}"
    )
    return Came(said, place.folder.name)


def put_into_site(place: Workplace, visibility: str, progress: Progress) -> int:
    """Put what is new or has changed into the site; return how many works were left out as their authors asked.

    Everybody and everything is then compared anew, which takes a while in a large archive.
    """
    new = pipeline.Keeping(place, site_identity())
    contacts = list(place.claims.contacts())
    wanted = consent.Heeded(contacts)
    total = len(new)
    if total:
        bridge.keep_all(new, Noting(new, total, progress), visibility=visibility, wanted=wanted)
    for contact in contacts:
        consent.keep_contact(contact)
    ledger.enter(place)
    if total:
        progress("compare", 0, 0)
        looking.look()
    return wanted.refused


class Noting:
    """Notes in the rescue's journal what the site has, some at a time, and tells how far it is."""

    def __init__(self, new: pipeline.Keeping, total: int, progress: Progress) -> None:
        self.new, self.total, self.progress = new, total, progress
        self.done = 0
        self.waiting: list = []

    def __call__(self, record) -> None:
        self.done += 1
        self.waiting.append(record)
        if len(self.waiting) >= BATCH or self.done == self.total:
            self.new.kept(self.waiting)
            self.waiting.clear()
        self.progress("keep", self.done, self.total)


def site_identity() -> str:
    """Return something that changes when the site's database is another one."""
    if settings.HOUSE.database:
        return str(settings.HOUSE.database)
    known = (settings.HOUSE.data / "storykeep.sqlite3").stat()
    return f"{known.st_dev}:{known.st_ino}"
