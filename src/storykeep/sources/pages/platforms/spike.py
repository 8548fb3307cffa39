"""All About Spike and curated archives of its making, as pages and as saved text: ``fic.html?id=N`` and its sisters.

Facts: anchors of the project's research; 75 of 75 saved pages say ``By NAME``. The site's own line stands first, the
title above the byline, one in five titles is lost; then sequel line, teaser, labels, heading, story, footer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import heads, heuristic, names, sorts, tails
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.reading import Link, PageRole

CODE = "all-about-spike"
_SITE = re.compile(r"^(?P<name>All About [A-Z][\w’' ]{1,30}?)(?:\s+-\s+(?P<kind>Plain Version|Print Version|.*))?$")
_LINKS = re.compile(r"(?:fic|chapter|plainfic|print)\.html\?id=\d+|auth(?:or)?\.html\?(?:au|id)=\d+", re.IGNORECASE)
_FOOTER = re.compile(
    (
        r"^(?:read (?:or post )?reviews|post (?:a )?reviews?|send feedback|visit .{1,60} (?:site|"
        r"page)|(?:all|other|more) stories by|print version|plain version|home\s*\||support |"
        r"if you (?:enjoy|like)|this site|all about \w+ (?:is|©|copyright)|buffy the vampire|"
        r"the characters)"
    ),
    re.IGNORECASE,
)
_SEQUEL = re.compile(
    (
        r"^\(?(?:(?:this is )?(?:a |the )?(?:sequel|prequel|companion(?: piece)?|follow-?up) to\s+(?P<to>[^;]+))?"
        r"(?:;?\s*(?:is )?(?:part|number|#)?\s*(?P<number>\d+)?\s*(?:of|in) (?:the )?(?P<series>.+?) series)?\)?\.?$"
    ),
    re.IGNORECASE,
)


def recognise(page: SavedPage) -> Draft | None:
    """Return what a page of such an archive tells, None when it is none."""
    if page.tree is None:
        return _text(page)
    tag = page.title_tag
    if not (_SITE.match(tag) and len(_LINKS.findall(page.sample)) > 1):
        return None
    return _html(page)


def _text(page: SavedPage) -> Draft | None:
    lines = page.lines
    first = next((n for n, line in enumerate(lines) if line.kind is Kind.TEXT), 0)
    site = _SITE.match(lines[first].text.strip()) if first < len(lines) else None
    if site is None or not any(names.byline(line.text) for line in lines[first : first + 24]):
        return None
    start = first + 1
    while start < len(lines) and (lines[start].kind is not Kind.TEXT or _is_header(lines[start])):
        start += 1
    return _draft(page, lines, start, Guess(site["name"], "spike.site-line", 0.98, lines[first].text))


_HEADER = re.compile(
    (
        r"^(?:Chapter:\s+\S|Text \+|This (?:version|page) (?:is|has)|.{0,40}low[- ]bandwidth|"
        r".{0,80}older browsers|(?:Plain|Print|Regular|Full|Original) Version\b|Back to|"
        r"Return to|For the .{0,30}version)"
    ),
    re.IGNORECASE,
)


def _is_sentence(text: str) -> bool:
    return text.rstrip().endswith(".") and len(text.split()) > 3


def _is_header(line: Line) -> bool:
    return bool(_HEADER.match(line.text)) or bool(re.match(r"^(?:\d+\s+){2,}\d+$", line.text))


def _draft(page: SavedPage, lines: Sequence[Line], start: int, site: Guess) -> Draft:
    body = list(lines[start : _footer(lines, start)])
    look = sorts.look_of(body, site=site.value)
    byline = next((n for n, line in enumerate(body[:24]) if names.byline(line.text)), 0)
    name = names.byline(body[byline].text)
    above = [line.text for line in body[:byline] if line.kind is Kind.TEXT]
    if "Version" in site.quote:  # whose own lines explain the page; a title stands right above the byline
        above = [text for text in above if not _is_sentence(text)][-1:]
    facts, after = _under(body, byline + 1)
    head = heads.read(body[after:], look, strict=True)
    story = body[after + head.start :]
    tail = tails.read(story, look)
    chapter = head.chapter
    part = Part(
        lines=tuple(story[: tail.stop]),
        title=Guess(chapter.title, "head.chapter", 0.9, chapter.label) if chapter and chapter.title else None,
        label=chapter.label if chapter else "",
        place=chapter.number if chapter else 0,
        after=tail.labels,
        ending=tail.ending,
        first_line=start + after + head.start,
    )
    where = addresses.place(page.address)
    return Draft(
        platform=CODE,
        role=PageRole.CHAPTER if chapter or where.kind == "chapter" else PageRole.WHOLE,
        parts=(part,),
        titles=(*([Guess(above[0], "spike.above-byline", 0.95, above[0])] if above else []), *head.titles),
        authors=(Guess(name, "spike.byline", 0.98, body[byline].text),),
        labels=(*facts, *head.labels),
        archive=site,
        software="All About Spike",
        work=where.work,
        place=part.place,
        own_head=False,
    )


def _under(body: Sequence[Line], start: int) -> tuple[list[Label], int]:
    """Return the sequel line under a byline, and where what follows starts."""
    for number in range(start, min(len(body), start + 4)):
        line = body[number]
        if line.kind is not Kind.TEXT:
            continue
        found = _SEQUEL.match(line.text)
        if found is None or not (found["to"] or found["series"]):
            return [], start
        facts = [Label("sequel", "Sequel to", found["to"].strip(), found["to"].strip())] if found["to"] else []
        facts += (
            [
                Label(
                    "series",
                    "Series",
                    f"part {found['number']} of {found['series']}" if found["number"] else found["series"],
                    found["series"],
                )
            ]
            if found["series"]
            else []
        )
        return facts, number + 1
    return [], start


def _footer(lines: Sequence[Line], start: int) -> int:
    total = sum(line.words for line in lines[start:]) or 1
    walked = 0
    for number in range(start, len(lines)):
        walked += lines[number].words
        if (
            walked > 0.6 * total
            and lines[number].kind is Kind.TEXT
            and lines[number].words < 40
            and _FOOTER.match(lines[number].text)
        ):
            return number
    return len(lines)


def _html(page: SavedPage) -> Draft | None:
    found = heuristic.recognise(page)
    site = _SITE.match(page.title_tag)
    if site is None or not found.parts or sum(line.words for line in found.parts[0].lines) < 20:
        return None
    title = page.title_tag[len(site["name"]) :].lstrip(" -")
    title = re.sub(r"^(?:Plain|Print) Version\s*-?\s*", "", title)
    told = (Guess(title, "spike.title-tag", 0.85, page.title_tag),) if title else ()
    links = tuple(
        Link(label=words(a), address=page.absolute(a.get("href") or ""))
        for a in page.all("//a[contains(@href,'chapter.html?') or contains(@href,'expid=')]")
    )
    return replace(
        found,
        platform=CODE,
        archive=Guess(site["name"], "title-tag.site", 0.95, page.title_tag),
        titles=(*found.titles, *told),
        work=addresses.place(page.address).work or _own_work(page),
        links=links,
        person_key=_person(page),
    )


def _own_work(page: SavedPage) -> str:
    """Return the work that the page's own plain and print links mean."""
    for link in page.all("//a[@href]"):
        href = link.get("href") or ""
        if re.search(r"plainfic|print\.html|view=p", href) or re.match(
            r"^(?:plain|print) version$", words(link), re.IGNORECASE
        ):
            return addresses.place(href).work
    return ""


def _person(page: SavedPage) -> str:
    for link in page.all("//a[contains(@href,'auth.html') or contains(@href,'author.html')]"):
        if found := re.search(r"(?:au|id)=(\d+)", link.get("href") or ""):
            return f"auth/{found[1]}"
    return ""
