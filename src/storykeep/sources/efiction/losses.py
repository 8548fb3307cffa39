"""What a dump itself shows to be lost: tables left out, members, stories and reviews that other rows speak of."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.sources import prose
from storykeep.sources.efiction.house import House, date, line, raw, shown
from storykeep.sources.efiction.shelves import Record
from storykeep.sources.privacy import masked

_ALWAYS = {  # what every eFiction has, and what is lost without it
    "authors": "the names of all authors, and how to reach them",
    "stories": "titles, summaries and tags of all stories",
    "chapters": "chapters, unless they are in text files",
    "reviews": "all reviews",
    "categories": "the names of categories",
    "characters": "the names of characters",
    "ratings": "the names of ratings",
}


def losses(house: House) -> Iterator[Finding]:
    """Yield what is missing in one installation, as far as its other rows tell. Read its works first."""
    yield from _tables(house)
    yield from _members(house)
    yield from _series(house)
    yield from _orphaned_reviews(house)
    yield from _fewer_reviews(house)


def _tables(house: House) -> Iterator[Finding]:
    first_edition = "psid" in _columns(house, "stories")
    for kind, lost in _ALWAYS.items():
        if (
            house.shelves.count(house.code, kind)
            or kind not in _wanted(house)
            or (first_edition and kind == "chapters")
        ):
            continue
        yield Finding(
            code="efiction.table-missing",
            where=f"fanfiction_{kind}",
            evidence=f"no rows of this table are in the dump; with it are lost: {lost}",
            suggestion="Ask the old host for the whole database, or for another backup.",
            severity=Severity.LOSS,
        )
    yield from _unnamed(house)


def _wanted(house: House) -> frozenset[str]:
    """Return the tables that must have had rows, as the other tables tell."""
    stories = list(house.all("stories"))
    speaking = {
        "reviews": any(record.number("reviews") or record.number("numreviews") for record in stories),
        "categories": _names_any(stories, "catid"),
        "characters": _names_any(stories, "charid"),
        "ratings": _names_any(stories, "rid"),
    }
    return frozenset(("authors", "stories", "chapters", *(kind for kind, spoken in speaking.items() if spoken)))


def _names_any(stories: list[Record], column: str) -> bool:
    values = (value.strip() for record in stories for value in record.id(column).split(","))
    return any(value.isdigit() and value != "0" for value in values)


def _unnamed(house: House) -> Iterator[Finding]:
    """Yield columns that no story can do without, when a table has lost them."""
    for kind, column in (("stories", "title"), ("stories", "uid"), ("chapters", "sid"), ("authors", "penname")):
        if house.shelves.count(house.code, kind) and column not in _columns(house, kind):
            yield Finding(
                code="efiction.column-missing",
                where=f"fanfiction_{kind}",
                evidence=f"no row has a {column}",
                suggestion="Ask the old host for another backup; somebody left this column out.",
                severity=Severity.LOSS,
            )


def _columns(house: House, kind: str) -> frozenset[str]:
    first = house.first(kind)
    return frozenset(first.values) if first else frozenset()


def _members(house: House) -> Iterator[Finding]:
    """Yield one finding for each author who has no row, and one for co-authors that nobody names."""
    known = set(house.shelves.values(house.code, "authors", "uid"))
    if known:
        written: dict[str, list[str]] = {}
        for record in house.all("stories"):
            written.setdefault(record.id("uid"), []).append(line(record, "title") or record.id("sid"))
        for uid in [uid for uid in written if uid not in {"", "0"} and uid not in known]:
            yield Finding(
                code="author.row-missing",
                where=f"member {uid}",
                evidence=masked("; ".join(written[uid][:5])),
                suggestion="The name is lost with the row; look for it on saved pages or in another backup.",
                severity=Severity.LOSS,
            )
    told = [record for record in house.all("stories") if record.id("coauthors") == "1"]
    if told and not house.shelves.count(house.code, "coauthors"):
        yield Finding(
            code="efiction.table-missing",
            where="fanfiction_coauthors",
            evidence=f"{len(told):,} stories have co-authors, and the table that names them is not there",
            suggestion="Ask the old host for the whole database.",
            severity=Severity.LOSS,
        )


def _series(house: House) -> Iterator[Finding]:
    stories = set(house.shelves.values(house.code, "stories", "sid"))
    stories |= set(house.shelves.values(house.code, "chapters", "sid"))
    titles = {record.id("seriesid"): line(record, "title") for record in house.all("series")}
    nameless: set[str] = set()
    for row in house.all("inseries", by="inorder"):
        sid, series = row.id("sid"), row.id("seriesid")
        if sid not in ("", "0") and sid not in stories and series in titles:
            yield Finding(
                code="series.member-missing",
                where=f"series {series}",
                evidence=f"{masked(titles[series])}: story {sid} is not in the dump",
                suggestion="Look for it on saved pages; its place in the series is kept.",
                severity=Severity.LOSS,
            )
        elif series not in titles and series not in nameless:
            nameless.add(series)
            yield Finding(
                code="series.row-missing",
                where=f"series {series}",
                evidence="stories belong to it, and it has no name in the dump",
                suggestion="Look for its title on saved pages.",
                severity=Severity.LOSS,
            )


def _orphaned_reviews(house: House) -> Iterator[Finding]:
    """Keep what was said about stories that are not there, and tell of it. It is shown nowhere."""
    places = (("item", "stories", "sid"), ("psid", "stories", "sid"))
    for column, kind, key in places:
        there = set(house.shelves.values(house.code, kind, key)) | set(
            house.shelves.values(house.code, "chapters", "sid")
        )
        for number in house.shelves.values(house.code, "reviews", column):
            if number not in there and (rows := list(_said(house, column, number))):
                yield _orphaned(house, number, rows)


def _said(house: House, column: str, number: str) -> Iterator[Record]:
    chapters = set(house.shelves.values(house.code, "chapters", "chapid"))
    for row in house.all("reviews", **{column: number}):
        if row.id("type").upper() in ("ST", "") and row.id("chapid") not in chapters:
            yield row


def _orphaned(house: House, number: str, rows: list[Record]) -> Finding:
    words = "\n".join(map(_as_page, rows))
    page = Capture(sha256="", path=f"{house.dump}#reviews/{number or 'none'}", media_type="text/html")
    capture = house.keep(words.encode(), page)
    return Finding(
        code="review.orphan",
        where=f"story {number}" if number else "reviews",
        evidence=f"{len(rows):,} reviews of a story that is not in the dump",
        suggestion="They are kept, and shown nowhere. Look for the story.",
        severity=Severity.LOSS,
        capture=capture.sha256,
    )


def _as_page(record: Record) -> str:
    head = " · ".join(filter(None, (line(record, "reviewer"), date(record.get("date")))))
    return f"<h2>{escape(masked(head))}</h2>\n{prose.short_prose(shown(raw(record, 'review')))}"


def _fewer_reviews(house: House) -> Iterator[Finding]:
    """Yield one finding when stories counted more reviews than the dump holds."""
    if not house.shelves.count(house.code, "reviews"):
        return
    short = []
    for record in house.all("stories"):
        stated, sid = record.number("reviews") or record.number("numreviews"), record.id("sid")
        if not stated:
            continue
        there = [*house.all("reviews", item=sid), *house.all("reviews", psid=sid)]
        if len(there) < stated:
            short.append(f"{line(record, 'title') or sid} ({len(there):,} of {stated:,})")
    if short:
        yield Finding(
            code="review.fewer",
            where="fanfiction_reviews",
            evidence=masked(f"{len(short):,} stories counted more reviews: " + "; ".join(short[:8])),
            suggestion="Reviews may have been deleted, or the table is cut. Compare another backup.",
            severity=Severity.DOUBT,
        )
