"""Kinds of tags that archives have used for decades, and sets of them to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from storykeep.site.tags.models import TagKind


@dataclass(frozen=True, slots=True)
class Kind:
    """What is usual for a kind: its name, whether writers add tags, whether a work has several, or needs one."""

    name: str
    open: bool = True
    many: bool = True
    required: bool = False


KNOWN: dict[str, Kind] = {
    "fandom": Kind("Fandoms"),
    "category": Kind("Categories", open=False),
    "pairing": Kind("Pairings"),
    "relationship": Kind("Relationships"),
    "character": Kind("Characters"),
    "timeline": Kind("Time periods"),
    "genre": Kind("Genres", open=False),
    "theme": Kind("Themes"),
    "rating": Kind("Ratings", open=False, many=False, required=True),
    "warning": Kind("Warnings", open=False),
    "spoiler": Kind("Spoilers"),
    "challenge": Kind("Challenges"),
    "setting": Kind("Settings"),
    "form": Kind("Forms", open=False),
    "audience": Kind("Audiences", open=False, many=False),
    "keyword": Kind("Keywords"),
}


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    about: str
    kinds: tuple[str, ...]


PRESETS: dict[str, Preset] = {
    "one-fandom": Preset(
        "One fandom",
        "An archive of stories from one world: pairings, time periods, ratings.",
        ("pairing", "character", "timeline", "theme", "rating", "warning"),
    ),
    "many-fandoms": Preset(
        "Many fandoms",
        "An archive of stories from any world: fandoms first.",
        ("fandom", "relationship", "character", "genre", "rating", "warning", "keyword"),
    ),
    "original": Preset(
        "Original fiction",
        "Stories of the writers’ own worlds: genres, themes, settings.",
        ("genre", "theme", "setting", "form", "audience", "warning"),
    ),
}


def defaults(key: str) -> dict[str, object]:
    """Return the values of a new kind of tags called ``key``; what nobody knows gets its key as its name."""
    known = KNOWN.get(key) or Kind(key.replace("-", " ").replace("_", " ").capitalize())
    place = list(KNOWN).index(key) if key in KNOWN else len(KNOWN)
    return {"name": known.name, "open": known.open, "many": known.many, "required": known.required, "place": place}


def apply(code: str) -> list[TagKind]:
    """Make the kinds of a preset that the archive lacks; what it has stays as it is. Return the new ones."""
    wanted = PRESETS[code].kinds
    there = set(TagKind.objects.filter(key__in=wanted).values_list("key", flat=True))
    return [TagKind.objects.create(key=key, **defaults(key)) for key in wanted if key not in there]
