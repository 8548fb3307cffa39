"""FanFiction.Net and its kin, old and new: ``#storytext``, ``/u/`` links, a line of facts parted by dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import dates, names
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.platforms import pieces
from storykeep.sources.pages.reading import Link, PageRole

CODE = "ffnet"
_RATING = r"(?:Fiction )?Rated:?"


def recognise(page: SavedPage) -> Draft | None:
    """Return what a FanFiction.Net page tells, None when it is none."""
    box = page.find("//*[@id='storytext']") if page.tree is not None else None
    if box is None:
        box = page.find("//*[@id='storytextp' or @id='storycontent' or @class='storytext' or @class='storycontent']")
    if box is None or not _is_ffnet(page):
        return None
    menu, chosen = pieces.menu(
        page,
        "//select[@name='chapter' or @id='chap_select' or contains(@onchange,'chapter') or contains(@title,'hapter')]",
    )
    label, title, place = pieces.entry(menu[chosen][1], chosen + 1) if chosen >= 0 else ("", "", 0)
    place = place or addresses.place(page.address).chapter
    part = pieces.part(
        page,
        [box],
        title=Guess(title, "ffnet.chapter-menu", 0.97, menu[chosen][1]) if title else None,
        label=label,
        place=place,
    )
    work = _work(page)
    return Draft(
        platform=CODE,
        role=PageRole.CHAPTER if len(menu) > 1 else PageRole.WHOLE,
        parts=(Part(lines=part.lines, title=part.title, label=label, place=place),),
        titles=tuple(_titles(page, menu)),
        authors=tuple(_authors(page)),
        labels=tuple(_facts(page)),
        archive=_archive(page),
        work=work,
        place=place,
        planned=len(menu),
        links=tuple(
            Link(label=label_, address=page.absolute(f"/{work}/{value}/") if work else "") for value, label_ in menu
        ),
        person_key=_person(page),
    )


def _is_ffnet(page: SavedPage) -> bool:
    signs = (
        page.find("//a[starts-with(@href,'/u/') or contains(@href,'fanfiction.net/u/') or contains(@href,'.net/u/')]")
        is not None,
        page.find("//*[@id='profile_top' or @id='pre_story_links' or @id='content_wrapper_inner']") is not None,
        bool(re.search(_RATING, page.sample)),
        bool(re.search(r"fanfiction\.net|FanFiction|fictionpress", page.sample, re.IGNORECASE)),
    )
    return sum(signs) >= 2 or signs[1]


def _titles(page: SavedPage, menu: list[tuple[str, str]]) -> Iterator[Guess]:
    bold = page.find("//*[@id='profile_top']//b")
    if bold is not None and words(bold):
        yield Guess(words(bold), "ffnet.profile", 0.99, words(bold))
    for line in page.lines[:60]:
        crumbs = re.split(r"\s*[»›>]\s*", line.text)
        if len(crumbs) > 1 and line.links and len(crumbs[-1]) < 100 and crumbs[-1]:
            yield Guess(re.split(r"\s+Font:", crumbs[-1])[0], "ffnet.crumbs", 0.93, line.text)
            break
    for line in page.lines[:60]:
        title, _ = names.title_and_name(line.text)
        if title and any(re.search(r"/u/|profile|author|user", href, re.IGNORECASE) for href, _ in line.links):
            yield Guess(title, "ffnet.title-by", 0.95, line.text)
            break
    tag = re.sub(r"^(?:FanFiction\S*|\S+\.(?:net|com))\s*[:|-]+\s*", "", page.title_tag, flags=re.IGNORECASE)
    tag = re.sub(r"\s*[|-]\s*(?:FanFiction|\S+\.(?:net|com))\s*$", "", tag, flags=re.IGNORECASE)
    tag = re.sub(r",\s+an?\s+.{1,80}\s+(?:fan ?fic(?:tion)?|crossover.*)$", "", tag)
    yield Guess(
        _chapterless(tag.split(", ")[0] if tag.count(", ") <= 2 else ", ".join(tag.split(", ")[:-2]), menu),
        "title-tag.ffnet",
        0.7,
        page.title_tag,
    )


def _chapterless(title: str, menu: list[tuple[str, str]]) -> str:
    return re.sub(r"\s+Chapter \d+.*$", "", title) if menu or re.search(r"\s+Chapter \d+:", title) else title


def _authors(page: SavedPage) -> Iterator[Guess]:
    for link in page.all(
        "//*[@id='profile_top']//a[contains(@href,'/u/')] | //a[starts-with(@href,'/u/') "
        "or contains(@href,'.net/u/') or contains(@href,'/u/')]"
    )[:1]:
        if name := names.tidy(words(link)):
            yield Guess(name, "ffnet.author-link", 0.98, name)
    for line in page.lines[:60]:
        title, name = names.title_and_name(line.text)
        if title and any(re.search(r"/u/|profile|author|user", href, re.IGNORECASE) for href, _ in line.links):
            yield Guess(name, "ffnet.title-by", 0.95, line.text)
            break
    for line in page.lines[:60]:
        if found := re.match(r"^Author:\s*(\S.{0,60})$", line.text):
            yield Guess(found[1], "ffnet.author-line", 0.9, line.text)


def _facts(page: SavedPage) -> Iterator[Label]:
    summary = page.find("//*[@id='profile_top']//div[contains(translate(@style,' ',''),'margin-top:2px')]")
    if summary is not None:
        html = pieces.html_of(summary)
        yield Label("summary", "Summary", words(summary), html)
    box = page.find("//span[contains(@class,'xgray') and contains(@class,'xcontrast_txt')]")
    text = (
        words(box)
        if box is not None
        else next((line.text for line in page.lines[:60] if re.match(rf"^\s*{_RATING}", line.text)), "")
    )
    yield from _dashed(text)
    stamps = [dates.unix(span.get("data-xutime") or "") for span in page.all("//span[@data-xutime]")]
    if stamps:
        yield Label("published", "Published", stamps[-1], stamps[-1])
        yield Label("updated", "Updated", stamps[0], stamps[0])


_GENRES = (
    "adventure angst crime drama family fantasy friendship general horror humor hurt/comfort "
    "mystery parody poetry romance sci-fi spiritual supernatural suspense tragedy western"
).split()
_LANGUAGES = (
    "english spanish french german italian portuguese dutch russian polish swedish "
    "finnish danish norwegian czech hungarian japanese chinese latin"
).split()


def _dashed(text: str) -> Iterator[Label]:
    """Read "Rated: PG-13 - English - Mystery/Adventure - Ilse - Words: 798 - Published: 01-09-05 - id:77"."""
    for piece in re.split(r"\s+[-–]\s+", text):
        said = re.match(r"^(?P<label>[A-Za-z ]+?):\s*(?P<value>.*)$", piece)
        low = piece.lower()
        if said:
            field = {
                "rated": "rating",
                "fiction rated": "rating",
                "published": "published",
                "updated": "updated",
                "words": "words",
                "chapters": "chapters",
                "status": "completed",
            }.get(said["label"].strip().lower())
            if field:
                value = re.sub(r"^Fiction\s+", "", said["value"])
                yield Label(field, said["label"].strip(), value, value)
        elif low in _LANGUAGES:
            yield Label("language", "Language", piece, piece)
        elif all(genre in _GENRES for genre in re.split(r"(?<!hurt)/", low)):
            yield Label("genre", "Genre", re.sub(r"(?<!Hurt)/", ", ", piece), piece)
        elif low == "complete":
            yield Label("completed", "Status", "complete", "complete")
        elif piece and len(piece) < 80 and re.match(r"^[\w\[]", piece) and text:
            yield Label("characters", "Characters", piece, piece)


def _archive(page: SavedPage) -> Guess | None:
    found = re.search(
        r"\b((?:FanFiction|FictionPress|\w+)\.(?:net|com))\s*$|\b(FanFiction)\s*$", page.title_tag, re.IGNORECASE
    )
    return Guess(found[1] or "FanFiction.Net", "title-tag.site", 0.8, page.title_tag) if found else None


def _work(page: SavedPage) -> str:
    if work := addresses.place(page.address).work:
        return work
    for pattern in (r"\bstoryid\s*=\s*(\d+)", r"[ -]id:\s*(\d+)", r"/s/(\d+)/", r"/r/(\d+)/"):
        if found := re.search(pattern, page.sample):
            return f"s/{found[1]}"
    return ""


def _person(page: SavedPage) -> str:
    for link in page.all("//a[contains(@href,'/u/')]"):
        if found := re.search(r"/u/(\d+)", link.get("href") or ""):
            return f"u/{found[1]}"
    return ""
