"""The fields in which edits can be suggested: each as the clean HTML that is compared, and as it is typed."""

from __future__ import annotations

import html

from storykeep.site.submissions.seen import head
from storykeep.site.works.models import Chapter, Work
from storykeep.site.writing import entry
from storykeep.site.writing.of_chapter import ChapterSheet
from storykeep.site.writing.of_work import WorkSheet
from storykeep.site.writing.sheets import Typed
from storykeep.text.markup import plain

BODY = "body"
LINES = ("title", "chapter_title")
OF_WORK = {
    "title": "Title",
    "summary": "Summary",
    "notes": "Notes before it",
    "end_notes": "Notes after it",
}
OF_CHAPTER = {
    "chapter_title": "Title of the chapter",
    BODY: "Text",
    "chapter_summary": "Summary of the chapter",
    "chapter_notes": "Notes before the chapter",
    "chapter_end_notes": "Notes after the chapter",
}
OF_BOTH = {"title": "Title", BODY: "Text", **OF_WORK}
NAMES = {**OF_WORK, **OF_CHAPTER}


def names_for(work: Work, chapter: Chapter | None) -> dict[str, str]:
    """Return the fields of a page of edits, with their names: a work of one chapter has all on one page. 1 query."""
    if chapter is None:
        return OF_WORK
    return OF_BOTH if is_alone(work) else OF_CHAPTER


def is_alone(work: Work) -> bool:
    """Say whether ``work`` has one chapter. 1 query."""
    return work.chapters(manager="written").filter(trashed_at=None).count() == 1


def as_body(name: str, value: str) -> str:
    """Return what is typed in field ``name`` as clean HTML; a title is a paragraph."""
    if name in LINES:
        words = " ".join(value.replace("\0", "").split())
        return f"<p>{html.escape(words, quote=False)}</p>" if words else ""
    return entry.body(value, "light")


def as_typed(name: str, body: str) -> str:
    """Return a body as it is typed in field ``name``."""
    return " ".join(plain(body).split()) if name in LINES else entry.source(body, "light")


def typed_now(user, work: Work, chapter: Chapter | None) -> Typed:
    """Return all fields of ``work``, and of ``chapter``, as they would be typed now; not the text."""
    return {**WorkSheet(work, user).read(), **(ChapterSheet(chapter, user).read() if chapter else {})}


def bodies_now(user, work: Work, chapter: Chapter | None) -> dict[str, str]:
    """Return each field of a page of edits as it is now, as clean HTML."""
    typed, text = typed_now(user, work, chapter), head(chapter) if chapter else None
    found = {name: as_body(name, typed.get(name, "")) for name in names_for(work, chapter)}
    return found | ({BODY: text.body if text else ""} if chapter else {})
