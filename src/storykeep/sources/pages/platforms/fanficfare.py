"""Pages that FanFicFare made: readers' own backups, with every fact in a line of its title page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import labels, names
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.platforms import pieces
from storykeep.sources.pages.reading import PageRole

CODE = "fanficfare"


def recognise(page: SavedPage) -> Draft | None:
    """Return what a page that FanFicFare wrote tells, None when it is none."""
    if page.tree is None or not re.search(
        r"fff_(?:titlepage|chapter|chapter_title|fulltext)|FanFicFare", page.source[:60_000]
    ):
        return None
    parts = tuple(_parts(page))
    story = page.meta("chapterurl") or _story_url(page)
    return Draft(
        platform=CODE,
        role=PageRole.CHAPTER if len(parts) == 1 and page.meta("chapterurl") else PageRole.WHOLE,
        parts=parts,
        titles=tuple(_titles(page)),
        authors=tuple(_authors(page)),
        labels=tuple(_facts(page)),
        work=addresses.place(story).work,
        place=addresses.place(story).chapter,
        own_head=False,
    )


def _parts(page: SavedPage) -> Iterator[Part]:
    headings = page.all("//*[contains(@class,'fff_chapter_title')]")
    if not headings:
        boxes = page.all("//*[contains(@class,'fff_chapter') or contains(@class,'story')]") or (
            [page.body] if not page.all("//*[contains(@class,'fff_titlepage')]") else []
        )
        yield from (pieces.part(page, [box], place=n) for n, box in enumerate(boxes[:1], 1))
        return
    every = pieces.part(page, [page.body]).lines
    titled = set(headings)
    starts = [n for n, line in enumerate(every) if titled.intersection((line.element, *line.element.iterancestors()))]
    for number, start in enumerate(starts, 1):
        stop = starts[number] if number < len(starts) else len(every)
        label, title, place = pieces.entry(every[start].text)
        yield Part(
            lines=every[start + 1 : stop],
            title=Guess(title, "fanficfare.chapter-title", 0.98, every[start].text) if title else None,
            label=label,
            place=place or number,
        )


def _titles(page: SavedPage) -> Iterator[Guess]:
    head = page.find("//h1 | //h3[not(contains(@class,'fff_chapter_title'))]")
    if head is not None and words(head):
        yield Guess(names.title_and_name(words(head))[0] or words(head), "fanficfare.title", 0.97, words(head))
    if page.title_tag:
        yield Guess(
            re.sub(r"\s+by\s+.*$", "", page.title_tag),
            "title-tag.fanficfare",
            0.8 if head is None else 0.6,
            page.title_tag,
        )


def _authors(page: SavedPage) -> Iterator[Guess]:
    head = page.find("//h1 | //h3[not(contains(@class,'fff_chapter_title'))]")
    if head is not None:
        linked = [words(a) for a in head.iter("a") if words(a)][1:]
        name = names.title_and_name(words(head))[1]
        yield from (Guess(one, "fanficfare.author", 0.97, words(head)) for one in (linked or filter(None, [name])))
    if name := names.title_and_name(page.title_tag)[1]:
        yield Guess(name, "title-tag.by", 0.7, page.title_tag)


def _facts(page: SavedPage) -> Iterator[Label]:
    for line in page.lines[:80]:
        yield from labels.parse(line.html)
        if line.text.lower().startswith("summary"):
            break


def _story_url(page: SavedPage) -> str:
    link = page.find("//h1//a[@href] | //h3//a[@href]")
    return link.get("href") or "" if link is not None else ""
