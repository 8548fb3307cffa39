"""What an action would do, said before it is done: how many works, which addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from storykeep.model.errors import UsageError
from storykeep.site.tags.models import TagKind
from storykeep.site.tags.queries import within
from storykeep.site.works.models import WorkTag
from storykeep.site.wrangling import actions
from storykeep.site.wrangling.sheet import Sheet

SHOWN = 12  # addresses
MOST = 500  # tags whose works are counted


@dataclass(frozen=True, slots=True)
class Moved:
    """An address that leads elsewhere afterwards."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does: ``words`` in one sentence, ``works`` that are found or shown otherwise (None: very many)."""

    words: str
    works: int | None
    moved: tuple[Moved, ...]
    more: int
    tags: int
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        return self.tags == 0


def effect(write: Callable[[Sheet], str]) -> Effect:
    """Let ``write`` write on a sheet that nobody signs, and say what it would do. Raises what the verb raises."""
    sheet = Sheet()
    try:
        words = write(sheet)
    except KeyError as error:
        raise UsageError("One of these tags is no longer there. Load the page again.") from error
    return of_sheet(sheet, words)


def of_sheet(sheet: Sheet, words: str) -> Effect:
    altered = sheet.facts()
    moved = addresses(sheet)
    return Effect(
        words=words,
        works=works_under([tag for tag in actions.reached(altered) if tag > 0]),
        moved=tuple(moved[:SHOWN]),
        more=max(0, len(moved) - SHOWN),
        tags=len(altered),
        new=tuple(str(row["name"]) for tag, row in sheet.rows.items() if tag < 0 and row),
        gone=tuple(str(row["name"]) for tag, row in sheet.were.items() if row and sheet.rows[tag] is None),
    )


def works_under(tags: list[int]) -> int | None:
    """Return on how many works ``tags``, their synonyms and what stands under them are. 1 query."""
    if len(tags) > MOST:
        return None
    return WorkTag.objects.filter(tag__in=within(*tags)).values("work").distinct().count() if tags else 0


def addresses(sheet: Sheet) -> list[Moved]:
    """Return the addresses of tags that lead elsewhere afterwards."""
    kinds = dict(TagKind.objects.values_list("pk", "key"))
    found = []
    for tag, was in sheet.were.items():
        row = sheet.rows[tag]
        if was and row and any(was[key] != row[key] for key in ("kind", "slug", "synonym_of")):
            to = sheet.rows.get(row["synonym_of"], row) if row["synonym_of"] else row
            old, new = address(kinds, was), address(kinds, to or row)
            found += [Moved(old, new)] if old != new else []
    return found


def address(kinds: Mapping[int, str], row: Mapping[str, object]) -> str:
    return reverse("tag", args=[kinds[row["kind"]], row["slug"]])
