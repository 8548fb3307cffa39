"""Rows become what pages print: entries, bylines, facts, notes, chapters."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.urls import reverse

from storykeep.exports import dates
from storykeep.exports.language import tag as language_tag
from storykeep.model.story import NoteKind, RelationKind, Role, Status
from storykeep.site.reading.pages import Byline, Entry, Link, Related, ShownNote
from storykeep.text.markup import plain

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})
TAGS_IN_A_LIST = 9
ROLES = {
    Role.AUTHOR: "by",
    Role.TRANSLATOR: "translated by",
    Role.ARTIST: "art by",
    Role.BETA: "beta read by",
    Role.ARCHIVIST: "archived by",
}
STATUSES = {Status.COMPLETE: "complete", Status.IN_PROGRESS: "in progress", Status.ABANDONED: "unfinished"}
RELATIONS = {
    RelationKind.SEQUEL_OF: "Sequel to",
    RelationKind.PREQUEL_OF: "Prequel to",
    RelationKind.INSPIRED_BY: "Inspired by",
    RelationKind.TRANSLATION_OF: "Translation of",
    RelationKind.GIFT_TO: "A gift for",
    RelationKind.CHALLENGE: "Written for",
}
NOTES = {
    NoteKind.BEFORE: "Author’s notes",
    NoteKind.AFTER: "Notes",
    NoteKind.OTHER: "Note",
    NoteKind.WARNING: "Warnings",
    NoteKind.EPIGRAPH: "",
}
NEVER_FOLDED = frozenset({NoteKind.EPIGRAPH, NoteKind.DEDICATION})


def entry(  # noqa: PLR0913 — all that a list may add to a work
    work, *, part: str = "", url: str = "", snippets: Iterable[str] = (), log: str = "", number: str = ""
) -> Entry:
    """Return ``work`` (a row of :func:`..works.queries.listing`) as a line of a catalogue."""
    return Entry(
        url=url or work.get_absolute_url(),
        title=(work.title or "").strip(),
        bylines=bylines(work.author_credits),
        summary=work.summary,
        tags=tuple(tag_link(each.tag) for each in browsable(work.shown_tags)[:TAGS_IN_A_LIST]),
        facts=(*facts(work), *filter(None, [number])),
        part=part,
        snippets=tuple(snippets),
        language=language_tag(work.language),
        direction=direction(work),
        ref=work.ref,
        log=log,
    )


def entries(works) -> tuple[Entry, ...]:
    return tuple(map(entry, works))


def bylines(credits_) -> tuple[Byline, ...]:
    """Return the names under a title by role, authors first."""
    found: dict[Role, list[Link]] = {}
    for credit in credits_:
        found.setdefault(Role(credit.role), []).append(name_link(credit))
    return tuple(Byline(role=words, names=tuple(found[role])) for role, words in ROLES.items() if role in found)


def name_link(credit) -> Link:
    return Link(words=credit.name, url=credit.person.get_absolute_url() if credit.person else "")


def browsable(work_tags) -> list:
    return [each for each in work_tags if each.tag.kind.filter]


def tag_link(tag, count: int = 0) -> Link:
    return Link(words=tag.name, url=reverse("tag", args=[tag.kind.key, tag.slug]), count=count)


def tags_by_kind(work_tags) -> tuple[Related, ...]:
    """Return all tags of a work under the names of their kinds, in the archive's order of kinds."""
    found: dict = {}
    for each in work_tags:
        found.setdefault(each.tag.kind, []).append(
            tag_link(each.tag) if each.tag.kind.filter else Link(words=each.tag.name)
        )
    kinds = sorted(found, key=lambda kind: (kind.place, kind.name))
    return tuple(Related(label=kind.name, links=tuple(found[kind])) for kind in kinds)


def facts(work) -> tuple[str, ...]:
    """Return what a reader wants to know before opening a work: length, chapters, state, date."""
    words = work.words or work.stated_words
    shown = (
        f"{words:,} {'word' if words == 1 else 'words'}" if words else "",
        chapters_said(work),
        STATUSES.get(Status(work.status), "") if work.chapter_count != 1 or work.status != Status.COMPLETE else "",
        dates.in_words(work.updated or work.published or work.written),
    )
    return tuple(fact for fact in shown if fact)


def chapters_said(work) -> str:
    there, planned = work.chapter_count, work.chapters_planned
    if planned > there:
        return f"{there} of {planned} chapters"
    if there and not planned and not work.rescued and work.status == Status.IN_PROGRESS:
        return f"{there} of ? chapters"
    return f"{there} chapters" if there > 1 else ""


def notes(rows, *, after: bool) -> tuple[ShownNote, ...]:
    """Return the notes that stand before (or after) a text, warnings first."""
    wanted = [row for row in rows if (row.kind == NoteKind.AFTER) is after]
    wanted.sort(key=lambda row: row.kind != NoteKind.WARNING)
    return tuple(
        ShownNote(label=note_label(row), body=row.body, folded=NoteKind(row.kind) not in NEVER_FOLDED) for row in wanted
    )


def note_label(row) -> str:
    return row.label.strip().rstrip(":") or NOTES.get(NoteKind(row.kind), NoteKind(row.kind).value.capitalize())


def series_links(places) -> tuple[Link, ...]:
    return tuple(
        Link(
            words=f"Part {each.position} of {each.series.title}" if each.position else f"Part of {each.series.title}",
            url=each.series.get_absolute_url(),
        )
        for each in places
    )


def relations(rows) -> tuple[Related, ...]:
    """Return ties to other works; one that is not here leads to its own address when that is a web address."""
    return tuple(Related(label=RELATIONS[RelationKind(row.kind)], links=(relation_link(row),)) for row in rows)


def relation_link(row) -> Link:
    if row.to:
        return Link(words=row.target or str(row.to), url=row.to.get_absolute_url())
    url = web_address(row.address)
    return Link(words=row.target, url=url, outside=site_name(url) if url else "")


def web_address(address: str) -> str:
    """Return ``address`` when it is an absolute http or https address that may be followed, else nothing."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in {"http", "https"} and parts.hostname else ""


def site_name(address: str) -> str:
    """Return what to call an author's own site: its host, without the ceremony."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def direction(work) -> str:
    """Return how the words of ``work`` run: as stated, else as its language does, else left to the browser."""
    if work.direction in {"ltr", "rtl"}:
        return work.direction
    language = language_tag(work.language)
    if not language:
        return "auto"
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def heading(chapter, *, alone: bool) -> tuple[str, str]:
    """Return the small line over a chapter's title, and the title; both empty for a work of one untitled part."""
    label, title = " ".join(chapter.label.split()), " ".join(chapter.title.split())
    if not label and not title:
        return ("", "") if alone else ("", f"Chapter {chapter.place}")
    if not title or not label:
        return "", title or label
    if title.casefold().startswith(label.casefold()):
        return "", title
    return label.rstrip(" :.–—-"), title


def sentence(html: str, *, most: int = 200) -> str:
    """Return the first words of ``html`` for a description that machines show, cut at a word.

    >>> sentence("<p>One <em>two</em></p>")
    'One two'
    """
    words = " ".join(plain(html).split()) if html else ""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"
