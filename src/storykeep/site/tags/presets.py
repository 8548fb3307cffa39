"""Kinds of tags that archives have used for decades, and sets of them to begin with."""

from __future__ import annotations

from dataclasses import dataclass

from storykeep.site.tags.models import Tag, TagKind, Ties


@dataclass(frozen=True, slots=True)
class Kind:
    """What is usual for a kind: its name, whether writers add tags, whether a work has several, or needs one.

    ``tags`` are what a closed list begins with; ``under`` the kind whose tags these belong to.
    """

    name: str
    open: bool = True
    many: bool = True
    required: bool = False
    ties: str = Ties.NONE
    under: str = ""
    tags: tuple[str, ...] = ()


KNOWN: dict[str, Kind] = {
    "fandom": Kind("Fandoms"),
    "category": Kind("Categories", open=False),
    "pairing": Kind("Pairings", ties=Ties.ROMANTIC),
    "friendship": Kind("Friendships", ties=Ties.OTHER),
    "relationship": Kind("Relationships", ties=Ties.BOTH, under="fandom"),
    "character": Kind("Characters", under="fandom"),
    "timeline": Kind("Time periods"),
    "genre": Kind(
        "Genres",
        open=False,
        tags=("Adventure", "Comedy", "Drama", "Horror", "Mystery", "Romance", "Tragedy", "Fantasy", "Science fiction"),
    ),
    "theme": Kind("Themes"),
    "rating": Kind(
        "Ratings", open=False, many=False, required=True, tags=("General", "Teen", "Mature", "Explicit", "Not rated")
    ),
    "warning": Kind(
        "Warnings", open=False, tags=("No warnings apply", "The author gives none", "Violence", "Death of a character")
    ),
    "spoiler": Kind("Spoilers"),
    "challenge": Kind("Challenges"),
    "setting": Kind("Settings"),
    "form": Kind("Forms", open=False, tags=("Novel", "Novella", "Short story", "Vignette", "Poem", "Script", "Essay")),
    "audience": Kind("Audiences", open=False, many=False, tags=("Children", "Teenagers", "Adults", "Everybody")),
    "keyword": Kind("Keywords"),
}

FILM_RATINGS = ("G", "PG", "PG-13", "R", "NC-17")


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of kinds. ``tags`` takes the place of what a kind's closed list usually begins with."""

    name: str
    about: str
    kinds: tuple[str, ...]
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()


PRESETS: dict[str, Preset] = {
    "one-fandom": Preset(
        "One fandom",
        "An archive of stories from one world: pairings, time periods, ratings.",
        ("pairing", "friendship", "character", "timeline", "theme", "rating", "warning"),
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
    "all-about-spike": Preset(
        "As at All About Spike",
        "One fandom: pairings of two kinds, romantic and friendly; time periods, themes, film ratings.",
        ("pairing", "friendship", "timeline", "theme", "rating", "keyword"),
        tags=(("rating", FILM_RATINGS),),
    ),
}


def defaults(key: str) -> dict[str, object]:
    """Return the values of a new kind of tags called ``key``; what nobody knows gets its key as its name."""
    known = KNOWN.get(key) or Kind(key.replace("-", " ").replace("_", " ").capitalize())
    place = list(KNOWN).index(key) if key in KNOWN else len(KNOWN)
    plain = {"name": known.name, "open": known.open, "many": known.many, "required": known.required}
    return {**plain, "ties": known.ties, "place": place}


def apply(code: str) -> list[TagKind]:
    """Make the kinds of a preset that the archive lacks; what it has stays as it is. Return the new ones."""
    preset = PRESETS[code]
    there = {kind.key: kind for kind in TagKind.objects.all()}
    new = [TagKind.objects.create(key=key, **defaults(key)) for key in preset.kinds if key not in there]
    there |= {kind.key: kind for kind in new}
    own = dict(preset.tags)
    for kind in new:
        belongs_to(kind, there)
        for name in own.get(kind.key, KNOWN[kind.key].tags):
            Tag.objects.create(kind=kind, name=name, settled=True)
    return new


def belongs_to(kind: TagKind, there: dict[str, TagKind]) -> None:
    over = there.get(KNOWN[kind.key].under)
    if over:
        kind.under = over
        kind.save(update_fields=["under"])
