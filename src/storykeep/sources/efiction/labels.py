"""Categories, characters, ratings, genres, warnings and an archive's own classes become its tag kinds and tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from storykeep.model.identity import slug
from storykeep.model.story import Tag, TagKind
from storykeep.sources.efiction.house import House, ids, line, raw
from storykeep.sources.efiction.shelves import Record

_TABLES = (  # kind of tag, name for people, table, id column, name column
    ("category", "Categories", "categories", "catid", "category"),
    ("character", "Characters", "characters", "charid", "charname"),
    ("rating", "Ratings", "ratings", "rid", "rating"),
    ("genre", "Genres", "genres", "gid", "genre"),
    ("warning", "Warnings", "warnings", "wid", "warning"),
)
_SINGULAR = {
    "genres": "genre",
    "warnings": "warning",
    "characters": "character",
    "categories": "category",
    "ratings": "rating",
}
FEATURED = {"1": "Featured story", "2": "Featured in the past"}


class Labels:
    """The tags of one installation, by kind and old id. Lists hold ids or, in old versions, the names themselves."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tags: dict[tuple[str, str], Tag] = {}
        self._kinds: dict[str, TagKind] = {}
        self._classes: dict[str, str] = {}
        self._told: set[tuple[str, str]] = set()
        for kind, name, table, id_column, name_column in _TABLES:
            self._shelve(kind, name, table, id_column, name_column)
        self._shelve_classes()
        self._nest()

    @property
    def kinds(self) -> tuple[TagKind, ...]:
        """The kinds of tags that the archive had."""
        if any(value in FEATURED for value in self._house.shelves.values(self._house.code, "stories", "featured")):
            return (*self._kinds.values(), TagKind(key="featured", name="Featured", open=False))
        return tuple(self._kinds.values())

    def rating(self, value: str) -> str:
        """Return the name of a rating from its id, or what stands there when it is a name already."""
        tag = self._tags.get(("rating", value.strip()))
        return tag.name if tag else "" if value.strip().lstrip("-").isdigit() else value.strip()

    def of(self, story: Record) -> tuple[Tag, ...]:
        """Return all tags of a story, in the order of the kinds."""
        found = [
            *self._listed("category", story, "catid"),
            *self._listed("character", story, "charid"),
            *self._listed("rating", story, "rid"),
            *self._listed("genre", story, "gid"),
            *self._listed("warning", story, "wid"),
            *self._classed(story),
        ]
        if (featured := story.id("featured")) in FEATURED:
            found.append(Tag(kind="featured", name=FEATURED[featured], old_id=featured))
        return tuple(dict.fromkeys(found))

    def _shelve(self, kind: str, name: str, table: str, id_column: str, name_column: str) -> None:
        order = "displayorder" if table == "categories" else "place"
        for record in self._house.all(table, by=order):
            if label := line(record, name_column):
                self._tags[kind, record.id(id_column)] = Tag(kind=kind, name=label, old_id=record.id(id_column))
                self._kinds.setdefault(kind, TagKind(key=kind, name=name, open=False, many=kind != "rating"))

    def _shelve_classes(self) -> None:
        for record in self._house.all("classtypes"):
            name = line(record, "classtype_name")
            key = _SINGULAR.get(name.lower(), slug(name or record.id("classtype_id")))
            self._classes[record.id("classtype_id")] = key
            self._kinds[key] = TagKind(key=key, name=line(record, "classtype_title") or name, open=False)
        for record in self._house.all("classes"):
            kind = self._classes.get(record.id("class_type"), "class")
            self._kinds.setdefault(kind, TagKind(key=kind, name="Classes", open=False))
            self._tags["class", record.id("class_id")] = Tag(
                kind=kind, name=line(record, "class_name"), old_id=record.id("class_id")
            )

    def _nest(self) -> None:
        """Give each category the name of the one above it."""
        for record in self._house.all("categories"):
            above = self._tags.get(("category", record.id("parentcatid")))
            own = self._tags.get(("category", record.id("catid")))
            if above and own and above is not own:
                self._tags["category", record.id("catid")] = Tag(
                    kind="category", name=own.name, old_id=own.old_id, parent=above.name
                )

    def _listed(self, kind: str, story: Record, column: str) -> Iterator[Tag]:
        yield from self._found(kind, ids(raw(story, column)), story, column)

    def _classed(self, story: Record) -> Iterator[Tag]:
        yield from self._found("class", ids(raw(story, "classes")), story, "classes")

    def _found(self, kind: str, values: Iterable[str], story: Record, column: str) -> Iterator[Tag]:
        for value in values:
            if tag := self._tags.get((kind, value)):
                yield tag
            elif value.lstrip("-").isdigit():
                self._nameless(column, value, story)
            elif value.casefold() not in ("none", "null"):
                yield self._by_name(kind, value)

    def _nameless(self, column: str, value: str, story: Record) -> None:
        """Tell, once for each, of an id that no table gives a name."""
        if (column, value) not in self._told:
            self._told.add((column, value))
            self._house.found(
                "tag.unknown",
                f"{column} {value}, as in story {story.id('sid')}",
                "it has no name in the dump",
                "Was a table left out of the dump? The old host may still have it.",
            )

    def _by_name(self, kind: str, name: str) -> Tag:
        name = " ".join(name.split())
        known = (tag for (of, _), tag in self._tags.items() if of == kind and tag.name.casefold() == name.casefold())
        return next(known, Tag(kind="genre" if kind == "class" else kind, name=name))
