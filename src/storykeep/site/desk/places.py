"""What the desk can change, each under a name: ``work:12.title``, ``finding:7.state``, ``chapter:3.body``.

A place can be read as a JSON value and written from one; that is all that a decision needs to be done and undone.
The parts of a work (credits, tags, notes, series …) are read and written as the model writes them in a bundle.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass

from django.db import models

from storykeep.model import bundle
from storykeep.model.errors import UsageError
from storykeep.model.story import Story
from storykeep.site.claims.models import Way
from storykeep.site.desk import rows, talk_along
from storykeep.site.desk.models import PeopleAlike, WorksAlike
from storykeep.site.works import chapters_added, keeping_stories, merging, records
from storykeep.site.works.models import Chapter, Finding, Person, Work

PART_TYPES = typing.get_type_hints(Story)
KINDS_OF_ROWS = (Work, Chapter, Finding, Person, Way, PeopleAlike, WorksAlike)
MERGED = "merged_into"
ROWS: dict[str, type[models.Model]] = {row.__name__.lower(): row for row in KINDS_OF_ROWS}


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that can be changed: a row and the name of a field or a part."""

    row: models.Model
    field: str

    @property
    def name(self) -> str:
        return f"{type(self.row).__name__.lower()}:{self.row.pk}.{self.field}"

    def read(self):
        if isinstance(self.row, Work) and self.field in keeping_stories.PARTS:
            return bundle.to_plain(getattr(records.story_of(self.row), self.field))
        if isinstance(self.row, Chapter) and self.field == "body":
            return read_text(self.row)
        if isinstance(self.row, Work) and (key := added_chapter(self.field)):
            return chapters_added.read(self.row, key)
        if self.field == MERGED:
            return self.row.merged_into_id
        return getattr(self.row, self.field)

    def write(self, value) -> None:
        if isinstance(self.row, Work) and self.field in keeping_stories.PARTS:
            part = bundle.from_plain(PART_TYPES[self.field], value, self.field)
            story = Story(key=self.row.key, archive=self.row.archive, **{self.field: part})
            keeping_stories.PARTS[self.field](self.row, story)
        elif isinstance(self.row, Chapter) and self.field == "body":
            keeping_stories.revise(self.row, **value, reason="desk")
        elif isinstance(self.row, Work) and (key := added_chapter(self.field)):
            chapters_added.write(self.row, key, value)
        elif self.field == MERGED:
            merging.merge(self.row, Person.objects.get(pk=value) if value else None)
        else:
            setattr(self.row, self.field, value)
            if isinstance(self.row, Work):
                keeping_stories.title_was_set(self.row)
            self.row.save()


def added_chapter(field: str) -> str:
    """Return the key of the chapter that a field named ``chapters.<key>.whole`` is; "" for other fields."""
    return field.removeprefix("chapters.").removesuffix(".whole") if field.startswith("chapters.") else ""


def read_text(chapter: Chapter) -> dict:
    """Return a chapter's text as a place holds it: body, steps, gaps, and what other copies say."""
    revision = chapter.current
    if revision is None:
        return {"body": "", "steps": [], "gaps": [], "apparatus": []}
    return {name: getattr(revision, name) for name in ("body", "steps", "gaps", "apparatus")}


def find(name: str) -> Place:
    """Return the place called ``name``. Raises UsageError when its row is gone."""
    if name.startswith(rows.PREFIX):
        return rows.RowPlace(name.removeprefix(rows.PREFIX))
    if name.startswith(talk_along.PREFIX):
        return talk_along.TalkPlace(int(name.removeprefix(talk_along.PREFIX)))
    row_name, _, field = name.partition(".")
    kind, _, pk = row_name.partition(":")
    if kind == "rule":
        from storykeep.site.desk.teaching import rule_place  # noqa: PLC0415 — it decides through this module

        return rule_place(pk)
    if name == "works.visibility":
        from storykeep.site.desk.opening import Visibilities  # noqa: PLC0415 — the same

        return Visibilities([])
    row = ROWS[kind].objects.filter(pk=pk).first()
    if row is None:
        raise UsageError(f"The {kind} that this decision changed is no longer there.")
    return Place(row, field)
