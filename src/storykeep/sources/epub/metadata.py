"""The metadata of a package document, told to the manuscript: title, people, series, subjects, dates, address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.model.story import Credit, Role
from storykeep.sources import prose
from storykeep.sources.epub.package import Book
from storykeep.sources.manuscripts import Manuscript
from storykeep.sources.pages import names
from storykeep.sources.pages.draft import Guess
from storykeep.sources.pages.labels import Label
from storykeep.sources.privacy import masked
from storykeep.text import markup

_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_EVENTS = {
    "publication": "published",
    "creation": "created",
    "modification": "updated",
    "original-publication": "published",
}
_MAKERS = re.compile(
    r"^(?:calibre|smashwords.*|unknown|sigil|pandoc|none|self[- ]published|independent.*|lulu.*)\W*$", re.IGNORECASE
)
_OUR_SUBJECTS = frozenset(
    ("stories", "essays", "poems", "scripts", "art", "fanfiction", "fanworks", "in-progress", "completed")
)
_ROLES = {
    "trl": Role.TRANSLATOR,
    "pfr": Role.BETA,
    "edt": Role.BETA,
    "ill": Role.ARTIST,
    "art": Role.ARTIST,
    "cur": Role.ARCHIVIST,
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)


def tell(book: Book, script: Manuscript) -> None:
    """Put what the package says into the manuscript."""
    _title(book, script)
    for name in _creators(book):
        script.authors.append(Guess(name, "opf.creator", 0.96, name))
    script.credits.extend(_helpers(book))
    if summary := book.first("description"):
        body = prose.short_prose(summary)
        script.labels.append(Label("summary", "", markup.plain(body), _inline(body)))
    for subject in book.all("subject"):
        if subject.lower() not in _OUR_SUBJECTS:
            script.labels.append(Label("keywords", "subject", subject, subject))
    _dates(book, script)
    script.language = _language(book)
    script.address = address(book)
    script.series = tuple(_series(book))
    publisher = book.first("publisher")
    script.archive = "" if _MAKERS.match(publisher) else masked(publisher)


def address(book: Book) -> str:
    """Return the story's old address: of its source, else of an identifier; empty when neither is one."""
    for value in (*book.all("source"), *book.all("identifier")):
        if found := _ADDRESS.match(value.strip()):
            return found[0]
    return ""


def _title(book: Book, script: Manuscript) -> None:
    titles = [(value, told) for name, value, told in book.facts if name == "title" and value]
    main = next((value for value, told in titles if told.get("title-type") == "main"), titles[0][0] if titles else "")
    subtitle = next((value for value, told in titles if told.get("title-type") == "subtitle"), "")
    whole = f"{main}: {subtitle}" if main and subtitle else main
    if whole and whole.lower() not in ("untitled", "unknown", "title"):
        script.titles.append(Guess(whole, "opf.title", 0.96, whole))


def _creators(book: Book) -> Iterator[str]:
    people = [(value, told) for name, value, told in book.facts if name == "creator" and value]
    for value, told in people:
        if told.get("role", "aut") in ("aut", "", "cre") and value.lower() not in ("unknown", "anonymous author"):
            yield names.tidy(value) or masked(value)


def _helpers(book: Book) -> Iterator[Credit]:
    """Yield those who helped, by what the package says that they did; programs are no people."""
    for name, value, told in book.facts:
        role = _ROLES.get(told.get("role", ""))
        if name in ("creator", "contributor") and role and value:
            yield Credit(name=masked(value), role=role)


def _dates(book: Book, script: Manuscript) -> None:
    for name, value, told in book.facts:
        if name != "date" or not value or value.startswith("0101"):
            continue
        field = _EVENTS.get(told.get("event", "publication").lower(), "")
        if field == "created":
            field = ""  # when FanFicFare made the file
        if field:
            script.labels.append(
                Label(field, "Published" if field == "published" else "Updated", value[:10], value[:10])
            )


def _language(book: Book) -> str:
    found = book.first("language").strip().replace("_", "-")
    return found if _LANGUAGE.fullmatch(found) and found.lower() not in ("und", "zxx", "mul") else ""


def _series(book: Book) -> Iterator[tuple[str, int]]:
    seen = set()
    for name, value, told in book.facts:
        if name == "belongs-to-collection" and told.get("collection-type", "series") == "series" and value:
            seen.add(value)
            yield value, _whole(told.get("group-position", ""))
    title = book.first("calibre:series")
    if title and title not in seen:
        yield title, _whole(book.first("calibre:series_index"))


def _whole(number: str) -> int:
    found = re.match(r"\d{1,4}", number.strip())
    return int(found[0]) if found else 0


def _inline(body: str) -> str:
    """Return clean paragraphs as lines of inline HTML."""
    return re.sub(
        r"</(?:p|div|li|h\d)>\s*",
        "<br>",
        re.sub(r"<(?:p|div|ul|ol|li|h\d|blockquote|hr)\b[^<>]*>|</(?:ul|ol|blockquote)>", "", body),
    ).removesuffix("<br>")
