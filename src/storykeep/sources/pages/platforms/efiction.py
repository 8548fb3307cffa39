"""eFiction, all versions: the software of most fan fiction archives from 2003 on.

Version 3 names its parts (``#pagetitle``, ``#story``, ``.notes``, ``.infobox``); skins rename and move them, and the
printer's page has its own. Versions 1 and 2 are tables without names; there the links tell (``viewstory.php?sid=``,
``viewuser.php?uid=``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import chapters, flow, furniture, heuristic, names, sorts, tails
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.platforms import pieces
from storykeep.sources.pages.reading import Link, PageRole

CODE = "efiction"
_STORY = "contains(@href,'viewstory') and contains(@href,'sid=')"
_PERSON = "viewuser"


def recognise(page: SavedPage) -> Draft | None:
    """Return what an eFiction page tells of its story, None when it is no story page of eFiction."""
    if not _is_efiction(page):
        return None
    printed = page.all("//div[contains(concat(' ',@class,' '),' chapter ')]")
    titled = page.all("//*[contains(concat(' ',@class,' '),' chaptertitle ')]")
    if (printed and titled and page.find("//*[contains(@class,'infobox')] | //*[@id='archivedat']") is not None) or len(
        printed
    ) > 1:
        return _printed(page, printed, titled)
    return _shown(page)


def _is_efiction(page: SavedPage) -> bool:
    if page.tree is None:
        return False
    links = page.find(f"//a[{_STORY}]") is not None or bool(re.search(r"viewstory\.php\?[^\"'>]*sid=", page.sample))
    people = page.find("//a[contains(@href,'viewuser')]") is not None
    named = page.find("//*[@id='pagetitle']") is not None
    signed = bool(re.search(r"efiction", page.sample, re.IGNORECASE))
    return (links and (people or named or signed)) or (named and signed)


# --- the printer's page ----------------------------------------------------------------------------------------


def _printed(page: SavedPage, boxes: list[HtmlElement], titles: list[HtmlElement]) -> Draft:
    parts = tuple(_printed_part(page, box, number, titles) for number, box in enumerate(boxes))
    links = tuple(pieces.link(page, link) for link in page.all("//p/a[starts-with(@href,'#')]"))
    role = PageRole.WHOLE if len(parts) > 1 or not _is_one_chapter(page) else PageRole.CHAPTER
    return _draft(page, role, parts, links, place=0)


def _is_one_chapter(page: SavedPage) -> bool:
    return addresses.place(page.address).chapter > 0


def _printed_part(page: SavedPage, box: HtmlElement, number: int, titles: list[HtmlElement]) -> Part:
    told = words(titles[number]) if number < len(titles) else ""
    title, name = names.title_and_name(told)
    label, rest, place = pieces.entry(title or told, number + 1)
    guess = Guess(rest, "efiction.chaptertitle", 0.97, told) if rest else None
    made = pieces.part(page, [box], title=guess, label=label, place=place or number + 1, without=_notes_in(box))
    before, after = _notes_around(box)
    return Part(
        lines=made.lines,
        title=guess,
        label=label,
        place=made.place,
        labels=tuple(before),
        after=tuple(after),
        authors=(name,) if name else (),
    )


def _notes_in(box: HtmlElement) -> list[HtmlElement]:
    return [note for note in box.iter("div") if "notes" in (note.get("class") or "").split()]


def _notes_around(box: HtmlElement) -> tuple[list[Label], list[Label]]:
    """Return the chapter's own notes: inside its box, or between it and the next chapter's title."""
    before: list[Label] = []
    after: list[Label] = []
    for note in [*_notes_in(box), *_beside(box)]:
        found = _note(note)
        for label in found:
            (after if re.search(r"end", label.label, re.IGNORECASE) else before).append(label)
    return before, after


def _beside(box: HtmlElement) -> Iterator[HtmlElement]:
    for direction in (True, False):
        for item in box.itersiblings(preceding=direction):
            classes = (item.get("class") or "").split() if isinstance(item.tag, str) else []
            if "notes" in classes and re.search(r"chapter|end", words(item)[:40], re.IGNORECASE):
                yield item
            if set(classes) & {"chapter", "toplink", "infobox"}:
                break


# --- the page on the screen ------------------------------------------------------------------------------------

_BOXES = (
    "//*[@id='story']",
    "//*[@id='storytext' or @id='story_text' or @id='storyText']",
    "//*[contains(concat(' ',@class,' '),' storytext ') or contains(concat(' ',@class,' '),' story-text ')]",
    "//div[contains(concat(' ',@class,' '),' chapter ')]",
    "//*[contains(concat(' ',@class,' '),' story ')][not(self::span)]",
)


def _shown(page: SavedPage) -> Draft | None:
    box = next((found for path in _BOXES if (found := page.find(path)) is not None and len(words(found)) > 40), None)
    options, chosen = pieces.menu(
        page,
        (
            "//select[@name='chapter' or @name='chapters' or @name='sid' or @name='chap' or "
            "contains(@onchange,'viewstory')]"
        ),
    )
    links = tuple(Link(label=label, address=_chapter_address(page, value)) for value, label in options)
    if box is None:
        part = _tabled(page)
        if part is None:
            return None
    else:
        inside = _notes_in(box)
        part = pieces.part(page, [box], without=inside)
        before, after = _split_notes(page.all("//div[contains(concat(' ',@class,' '),' notes ')]"))
        part = Part(lines=part.lines, labels=tuple(before), after=tuple(after))
    label, title, place = pieces.entry(options[chosen][1], chosen + 1) if chosen >= 0 else _told_chapter(page)
    guess = (
        Guess(title, "efiction.chapter-menu", 0.97, options[chosen][1] if chosen >= 0 else title)
        if title
        else part.title
    )
    part = Part(
        lines=part.lines, title=guess, label=label or part.label, place=place, labels=part.labels, after=part.after
    )
    place = place or addresses.place(page.address).chapter
    role = PageRole.CHAPTER if len(options) > 1 or place > 1 or _has_next(page) else PageRole.WHOLE
    return _draft(page, role, (part,), links, place=place)


def _told_chapter(page: SavedPage) -> tuple[str, str, int]:
    """Return the chapter that a page names outside its menu: ``#chaptertitle`` or a heading over the text."""
    found = page.find("//*[@id='chaptertitle' or contains(concat(' ',@class,' '),' chaptertitle ')]")
    if found is None:
        return "", "", 0
    told = names.title_and_name(words(found))[0] or words(found)
    return pieces.entry(told)


def _has_next(page: SavedPage) -> bool:
    return any(
        re.match(r"^\W*(?:next|previous|prev)\b", words(link), re.IGNORECASE) for link in page.all(f"//a[{_STORY}]")
    )


def _chapter_address(page: SavedPage, value: str) -> str:
    if value.isdigit():
        sid = _work(page).rsplit("/", 1)[-1]
        by_row = page.find("//select[@name='sid']") is not None
        return page.absolute(f"viewstory.php?sid={value}" if by_row else f"viewstory.php?sid={sid}&chapter={value}")
    return page.absolute(value) if value else ""


def _tabled(page: SavedPage) -> Part | None:
    """Read a page of version 1 or 2, or of a skin without names: below the title, where most words are."""
    lines = page.outside(furniture.containers(page))
    text = sum(line.words for line in lines if line.linked < 0.5)
    if text < 40:
        return None
    box = heuristic.story_box(lines)
    inside = [line for line in lines if box is None or line.element is box or box in line.element.iterancestors()]
    start = next((n + 1 for n, line in enumerate(inside[: sorts.WINDOW]) if _is_title_line(line)), 0)
    while start < len(inside) and (inside[start].kind is not Kind.TEXT or furniture.is_line(inside[start])):
        start += 1
    tail = tails.read(inside[start:], sorts.look_of(inside))
    return Part(lines=tuple(inside[start : start + tail.stop]), after=tail.labels, ending=tail.ending)


def _is_title_line(line: flow.Line) -> bool:
    return any("viewstory" in href for href, _ in line.links) and any("viewuser" in href for href, _ in line.links)


# --- what both share -------------------------------------------------------------------------------------------


def _draft(page: SavedPage, role: PageRole, parts: tuple[Part, ...], links: tuple[Link, ...], place: int) -> Draft:
    facts = [
        label
        for box in page.all(
            "//*[contains(@class,'infobox') or contains(@class,'storyinfo') or contains(@class,"
            "'listbox') or contains(@class,'byline')]"
        )
        if not _is_review(box)
        for label in pieces.spans(box)
    ]
    notes = [
        label
        for note in page.all("//div[contains(concat(' ',@class,' '),' notes ')]")
        for label in _note(note)
        if re.match(r"story|author'?s? notes?$|notes?$", label.label, re.IGNORECASE)
    ]
    return Draft(
        platform=CODE,
        role=role,
        parts=parts,
        titles=tuple(_titles(page)),
        authors=tuple(_authors(page)),
        labels=(*_once(facts), *notes),
        archive=_archive(page),
        software="eFiction",
        work=_work(page),
        place=place,
        planned=len(links),
        links=links,
        person_key=_person(page),
    )


def _is_review(box: HtmlElement) -> bool:
    """Say whether a box holds what a reader said: its date is not the story's."""
    return bool(re.match(r"\W*reviewer\b", words(box), re.IGNORECASE))


def _once(facts: list[Label]) -> list[Label]:
    """A box inside a box tells the same facts twice."""
    return list({(label.field, label.text): label for label in facts}.values())


def _note(note: HtmlElement) -> list[Label]:
    label = next(
        (
            words(span)
            for span in note.iter()
            if isinstance(span.tag, str) and "label" in (span.get("class") or "").split()
        ),
        "",
    )
    title = next(
        (item for item in note.iter() if isinstance(item.tag, str) and "title" in (item.get("class") or "").split()),
        None,
    )
    body = next(
        (item for item in note.iter() if isinstance(item.tag, str) and "noteinfo" in (item.get("class") or "").split()),
        note,
    )
    html = pieces.html_of(body, without=[title] if title is not None and body is note else [])
    name = (label or (words(title) if title is not None else "Notes")).rstrip(": ")
    found = pieces.note(name, None, "notes")
    return [Label("notes", name, re.sub(r"<[^>]+>", "", html), html)] if html else found


def _split_notes(notes: list[HtmlElement]) -> tuple[list[Label], list[Label]]:
    """Return a chapter's notes before and after it; notes on the whole story belong to the story."""
    before: list[Label] = []
    after: list[Label] = []
    for note in notes:
        for label in _note(note):
            if re.search(r"\bend\b", label.label, re.IGNORECASE):
                after.append(label)
            elif re.search(r"chapter", label.label, re.IGNORECASE):
                before.append(label)
    return before, after


def _titles(page: SavedPage) -> Iterator[Guess]:
    head = page.find("//*[@id='pagetitle']")
    if head is not None:
        link = next((a for a in head.iter("a") if "viewstory" in (a.get("href") or "")), None)
        if link is not None and words(link):
            yield Guess(words(link), "efiction.pagetitle", 0.99, words(head))
        elif names.title_and_name(words(head))[0]:
            yield Guess(names.title_and_name(words(head))[0], "efiction.pagetitle", 0.97, words(head))
        elif words(head):
            yield Guess(words(head), "efiction.pagetitle", 0.8, words(head))
    yield from _named_titles(page)
    for line in page.lines[: sorts.WINDOW]:
        if _is_title_line(line) and _is_own(page, line):
            told = next(label for href, label in line.links if "viewstory" in href)
            yield Guess(told, "efiction.title-link", 0.96, line.text)
            break
    title = names.title_and_name(page.title_tag)[0]
    if title:
        yield Guess(title, "title-tag.by", 0.7, page.title_tag)
    for path in ("//*[contains(@class,'storytitle') or @id='storytitle']", "//h1 | //h2 | //h3"):
        found = page.find(path)
        if found is not None and words(found) and not chapters.heading(words(found)):
            yield Guess(names.title_and_name(words(found))[0] or words(found), "efiction.heading", 0.6, words(found))


def _named_titles(page: SavedPage) -> Iterator[Guess]:
    """A skin that parts title and byline: the link to the story that the page's own chapter and print links mean."""
    own = _own_sid(page)
    for link in page.all(f"//a[{_STORY}]"):
        href = link.get("href") or ""
        if (
            own
            and addresses.query(href).get("sid") == own
            and not re.search(r"action=|chapter=|index=|textsize=", href)
            and len(words(link)) > 1
        ):
            yield Guess(words(link), "efiction.own-link", 0.95, words(link))
            return


def _own_sid(page: SavedPage) -> str:
    """Return the story's number: the one that chapter, print, contents and review links mean."""
    counts: dict[str, int] = {}
    for link in page.all("//a[contains(@href,'sid=') or contains(@href,'item=')]"):
        href = link.get("href") or ""
        found = addresses.query(href)
        number = found.get("sid") or found.get("item", "")
        if number and re.search(r"action=|chapter=|index=|item=|textsize=|reviews", href):
            counts[number] = counts.get(number, 0) + 1
    return max(counts, key=lambda number: counts[number], default="")


def _is_own(page: SavedPage, line: flow.Line) -> bool:
    """A box at the side may show another story: then the page's own links mean a different number."""
    own = _own_sid(page)
    told = [addresses.query(href).get("sid", "") for href, _ in line.links if "viewstory" in href]
    return not own or not told or own in told or page.find("//select[@name='sid']") is not None


def _authors(page: SavedPage) -> Iterator[Guess]:
    head = page.find("//*[@id='pagetitle']")
    if head is not None:
        found = [words(a) for a in head.iter("a") if _PERSON in (a.get("href") or "")]
        yield from (Guess(name, "efiction.pagetitle", 0.99, words(head)) for name in found)
        if not found and (name := names.title_and_name(words(head))[1]):
            yield Guess(name, "efiction.pagetitle-text", 0.97, words(head))
    own = _own_sid(page)
    passed = not own
    for line in page.lines[: sorts.WINDOW]:
        passed = passed or any(addresses.query(href).get("sid") == own for href, _ in line.links)
        found = [label for href, label in line.links if _PERSON in href]
        if (
            found
            and passed
            and _is_own(page, line)
            and (names.byline(line.text) or names.title_and_name(line.text)[1] or _is_title_line(line))
        ):
            yield from (Guess(name, "efiction.author-link", 0.96, line.text) for name in found)
            break
    name = names.title_and_name(page.title_tag)[1]
    if name:
        yield Guess(name, "title-tag.by", 0.7, page.title_tag)
    yield from (Guess(name, "efiction.person-link", 0.5, name) for name in pieces.by_links(page, _PERSON)[:1])


def _archive(page: SavedPage) -> Guess | None:
    for path in ("//*[@id='header']//a", "//*[@id='header']", "//*[@id='sitename' or @class='sitename']"):
        found = page.find(path)
        if found is not None and 2 < len(words(found)) < 60:
            return Guess(words(found), "efiction.header", 0.8, words(found))
    tag = page.title_tag
    if re.search(r"archive|library|fiction", tag, re.IGNORECASE) and not names.title_and_name(tag)[0] and len(tag) < 60:
        return Guess(tag, "title-tag.site", 0.6, tag)
    return None


def _work(page: SavedPage) -> str:
    """Return the story's own id: from the address, its archived address, its title's link."""
    told = [page.address]
    told += [
        a.get("href") or ""
        for a in page.all("//*[@id='archivedat']//a | //*[@id='pagetitle']//a[contains(@href,'viewstory')]")
    ]
    told += [
        href
        for line in page.lines[: sorts.WINDOW]
        if _is_title_line(line)
        for href, _ in line.links
        if "viewstory" in href
    ]
    found = [addresses.place(address).work for address in told]
    if page.find("//select[@name='sid']") is not None:
        found = found[1:] + found[:1]  # in version 1 each chapter has its own sid; the title links to the story's
    return next((work for work in found if work.startswith("viewstory/")), "")


def _person(page: SavedPage) -> str:
    for link in (
        page.all("//*[@id='pagetitle']//a[contains(@href,'viewuser')]")
        + page.all("//a[contains(@href,'viewuser')]")[:1]
    ):
        if found := re.search(r"uid=(\d+)", link.get("href") or ""):
            return f"viewuser/{found[1]}"
    return ""
