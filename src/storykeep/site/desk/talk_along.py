"""When two works are found to be one: what was said and liked at the one that goes stands at the one that stays."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from storykeep.site.talk import counting
from storykeep.site.talk.models import Comment, Kept, Kudo
from storykeep.site.works.models import Chapter, Work

PREFIX = "talk:"


@dataclass(frozen=True, slots=True)
class TalkPlace:
    """The talk at the work with the id ``row``: a place like those of :mod:`.places`, of many rows.

    What is logged is what stood there: ids of comments and kudos with the ids of their chapters, of what members keep,
    and the number of readers. What can't move (somebody likes or keeps both works) stays, and is there after an undo.
    """

    row: int
    field: str = "at"

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.row}"

    def read(self) -> dict:
        return {
            "at": self.row,
            "comments": pairs(Comment.objects.filter(work=self.row)),
            "kudos": pairs(Kudo.objects.filter(work=self.row)),
            "kept": list(Kept.objects.filter(work=self.row).order_by("pk").values_list("pk", flat=True)),
            "read_here": Work.objects.get(pk=self.row).read_here,
        }

    def write(self, value: dict) -> None:
        """Move all of it to the work ``value["at"]``, chapter by chapter."""
        move(self.read(), value["at"], chapters(self.row, value["at"]))

    def take_back(self, before: dict, _after: dict) -> None:
        """Bring back what stood here, wherever it is now; what was said since stays where it was said."""
        now_at = Work.objects.get(pk=self.row).leads_to_id
        move(before, self.row, {}, now_at)


def pairs(rows) -> list[list[int | None]]:
    return [list(each) for each in rows.order_by("pk").values_list("pk", "chapter")]


def chapters(one: int, other: int) -> dict[int | None, int | None]:
    """Return the chapters of the work ``other`` by those of ``one``: those in the same place, where there are any."""
    there = dict(Chapter.written.filter(work=other).values_list("place", "pk"))
    return {pk: there.get(place) for pk, place in Chapter.written.filter(work=one).values_list("pk", "place")}


def move(what: dict, to: int, known: dict, back_from: int | None = None) -> None:
    """Move the rows of ``what`` to the work ``to``. ``known`` tells their chapters there; else they are as logged."""
    chapter_of = {None: None, **known}
    for pk, chapter in what["comments"]:
        Comment.objects.filter(pk=pk).update(work=to, chapter=chapter_of.get(chapter, chapter))
    for pk, chapter in what["kudos"]:
        like(pk, to, chapter_of.get(chapter, chapter))
    taken = set(Kept.objects.filter(work=to).values_list("account", flat=True))
    Kept.objects.filter(pk__in=what["kept"]).exclude(account__in=taken).update(work=to)
    away = back_from or what["at"]
    Work.objects.filter(pk=to).update(read_here=F("read_here") + what["read_here"])
    Work.objects.filter(pk=away).update(read_here=F("read_here") - what["read_here"])
    recount(to, away)


def like(pk: int, to: int, chapter: int | None) -> None:
    """Move one kudo, unless its giver likes the same there already."""
    row = Kudo.objects.filter(pk=pk).first()
    part = chapter or 0
    if row and not Kudo.objects.filter(work=to, part=part, who=row.who).exists():
        Kudo.objects.filter(pk=pk).update(work=to, chapter=chapter, part=part)


def recount(*works: int) -> None:
    for work in works:
        counting.recount_comments(work)
        counting.recount_shelves(work)
    counting.recount_kudos(list(works))
