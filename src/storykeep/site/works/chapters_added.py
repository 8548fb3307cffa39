"""Chapters that an archivist has added to a work from elsewhere: they keep their place whatever a rescue brings."""

from __future__ import annotations

from storykeep.model import bundle
from storykeep.model.story import Chapter as StoryChapter
from storykeep.model.story import Story
from storykeep.site.works import keeping_stories, records
from storykeep.site.works.chapter_order import in_order, set_places
from storykeep.site.works.models import Chapter, Work


def read(work: Work, key: str) -> dict | None:
    """Return a chapter as a JSON value, with the key of the one before it; None when there is none."""
    row = work.chapters.select_related("current").filter(key=key).first()
    if row is None:
        return None
    before = work.chapters.filter(place__lt=row.place).order_by("-place").first()
    chapter = records.chapter_of(row, row.credits.all(), row.notes.all())
    return {"after": before.key if before else "", "chapter": bundle.to_plain(chapter)}


def write(work: Work, key: str, value: dict | None) -> None:
    """Put a chapter behind the one that it follows; None takes it away again."""
    if value is None:
        work.chapters.filter(key=key).delete()
    else:
        chapter = bundle.from_plain(StoryChapter, value["chapter"], "chapter")
        row = Chapter(work=work, key=key, place=0)
        keeping_stories.keep_chapter(row, Story(key=work.key, archive=work.archive), chapter, set())
    keys = [each for each in work.chapters.order_by("place", "id").values_list("key", flat=True) if each != key]
    set_places(work, in_order(keys, [(key, value["after"])]) if value else keys)
