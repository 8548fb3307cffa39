"""What changed in a work between two looks at it, place by place, with the comparison of the writers' desk."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

from storykeep.site.works.models import Revision
from storykeep.site.writing.differences import Line, compare

NAMES = {
    "title": "Title",
    "label": "Label",
    "summary": "Summary",
    "rating": "Rating",
    "language": "Language",
    "notes": "Notes",
    "tags": "Tags",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place that changed, with its comparison; ``chapter`` names the chapter, empty for the whole work."""

    name: str
    lines: tuple[Line, ...]
    chapter: str = ""


def changed(before: dict, after: dict) -> tuple[Difference, ...]:
    """Return what differs between two looks (see ``submissions.seen``). 1 query."""
    wanted = {each["text"] for look in (before, after) for each in look["chapters"]} - {None}
    bodies = dict(Revision.objects.filter(pk__in=wanted).values_list("pk", "body"))
    about = differing(before, after, ("title", "language", "summary", "notes", "tags"), "")
    return (*about, *of_chapters(before, after, bodies))


def of_chapters(before: dict, after: dict, bodies: dict[int, str]) -> Iterator[Difference]:
    old = {each["chapter"]: each for each in before["chapters"]}
    new = {each["chapter"]: each for each in after["chapters"]}
    for pk, now in new.items():
        was = old.get(pk, {})
        yield from differing(was, now, ("title", "label", "rating", "summary", "notes"), called(now, new))
        was_text, text = bodies.get(was.get("text"), ""), bodies.get(now["text"], "")
        if was_text != text:
            yield Difference(
                name="Text" if was else "A new chapter", lines=compare(was_text, text), chapter=called(now, new)
            )
    for pk, gone in old.items():
        if pk not in new:
            lines = compare(bodies.get(gone["text"], ""), "")
            yield Difference(name="Not part of it any more", lines=lines, chapter=called(gone, old))
    common = [pk for pk in old if pk in new]
    if common != [pk for pk in new if pk in old]:
        yield Difference(name="The order of the chapters", lines=compare(listed(before, common), listed(after, common)))


def listed(look: dict, common: list[int]) -> str:
    rows = {each["chapter"]: each for each in look["chapters"]}
    return "".join(
        f"<p>{html.escape(called(each, rows))}</p>" for each in look["chapters"] if each["chapter"] in common
    )


def called(row: dict, rows: dict[int, dict]) -> str:
    """Return the name of a chapter: its own, or its number."""
    own = " ".join(filter(None, (row["label"], row["title"])))
    return own or f"Chapter {list(rows).index(row['chapter']) + 1}"


def differing(was: dict, now: dict, names: tuple[str, ...], chapter: str) -> Iterator[Difference]:
    for name in names:
        old, new = as_body(name, was.get(name) or ""), as_body(name, now.get(name) or "")
        if old != new:
            yield Difference(name=NAMES[name], lines=compare(old, new), chapter=chapter)


def as_body(name: str, value) -> str:
    """Return a field as clean HTML: summaries and notes are that already."""
    if name == "summary":
        return value
    if name == "notes":
        return "".join(body for _, body in value)
    if name == "tags":
        return "".join(f"<p>{html.escape(words)}</p>" for _, words in value)
    return f"<p>{html.escape(value)}</p>" if value else ""
