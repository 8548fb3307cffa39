"""Wattpad and pages like it: paragraphs with ids, a comment counter in each, the story's name over the part's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from storykeep.sources.pages import chapters, names
from storykeep.sources.pages.draft import Draft, Guess
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.platforms import pieces
from storykeep.sources.pages.reading import Link, PageRole

CODE = "wattpad"
_PARAGRAPHS = "//p[@data-p-id]"


def recognise(page: SavedPage) -> Draft | None:
    """Return what a Wattpad part tells, None when the page is none."""
    if page.tree is None:
        return None
    paragraphs = page.all(_PARAGRAPHS)
    if len(paragraphs) < 2 and not (
        re.search(r"wattpad", page.sample, re.IGNORECASE) and page.find("//pre//p") is not None
    ):
        return None
    paragraphs = paragraphs or page.all("//pre//p")
    for paragraph in paragraphs:
        _uncounted(paragraph)
    heading = next((words(h) for h in page.all("//h1 | //h2") if words(h)), "")
    story, part_title = _story_and_part(page, heading)
    label, title, place = pieces.entry(part_title)
    toc = page.all(
        "//*[contains(@class,'table-of-contents') or contains(@class,'story-parts') or contains(@class,'toc')]//a"
    )
    return Draft(
        platform=CODE,
        role=PageRole.CHAPTER,
        parts=(
            pieces.part(
                page,
                paragraphs,
                title=Guess(title, "wattpad.part-title", 0.9, part_title) if title else None,
                label=label,
                place=place,
            ),
        ),
        titles=tuple(story),
        authors=tuple(_authors(page)),
        links=tuple(Link(label=words(a), address=page.absolute(a.get("href") or "")) for a in toc),
        work=_work(page),
        place=place,
        archive=Guess("Wattpad", "wattpad.site", 0.8, page.title_tag)
        if re.search(r"wattpad", page.sample, re.IGNORECASE)
        else None,
        own_head=False,
    )


def _uncounted(paragraph: HtmlElement) -> None:
    """Take the comment counter out of a paragraph: a small element with a figure, or one named for comments."""
    for element in list(paragraph.iter()):
        if not isinstance(element.tag, str) or element is paragraph:
            continue
        name = f"{element.get('class') or ''} {element.get('data-test-id') or ''}"
        told = words(element)
        if re.search(r"comment|num-|count|marker", name, re.IGNORECASE) or (
            element.tag in ("span", "div", "a", "button")
            and re.fullmatch(r"[+\d.,kK]{0,6}", told)
            and element.get("class")
        ):
            element.drop_tree()


def _story_and_part(page: SavedPage, heading: str) -> tuple[list[Guess], str]:
    """Return guesses at the story's title, and the part's title: ``<title>`` says "Story - Part - Author - Wattpad"."""
    found: list[Guess] = []
    for path in (
        "//*[contains(@class,'story-title') or contains(@class,'title-info') or contains(@class,'storyTitle')]",
        "//a[contains(@href,'/story/')]",
    ):
        element = next((e for e in page.all(path) if 1 < len(words(e)) < 120), None)
        if element is not None:
            found.append(
                Guess(
                    names.title_and_name(words(element))[0] or words(element),
                    "wattpad.story-link",
                    0.9 if "class" in path else 0.8,
                    words(element),
                )
            )
    pieces_ = [
        piece.strip() for piece in re.split(r"\s+[-–|]\s+", page.meta("og:title") or page.title_tag) if piece.strip()
    ]
    pieces_ = [piece for piece in pieces_ if piece.lower() != "wattpad"]
    title, _ = names.title_and_name(pieces_[0]) if pieces_ else ("", "")
    if len(pieces_) > 1 or title:
        found.append(Guess(title or pieces_[0], "title-tag.wattpad", 0.72, page.title_tag))
    part = heading or (pieces_[1] if len(pieces_) > 1 else "")
    if found and heading and found[0].value == heading and not chapters.heading(heading):
        part = pieces_[1] if len(pieces_) > 1 and pieces_[1] != heading else ""
    if not found and heading:
        found.append(Guess(heading, "wattpad.heading", 0.6, heading))
    return found, part


def _authors(page: SavedPage) -> Iterator[Guess]:
    if stated := names.tidy(page.meta("author")):
        yield Guess(stated, "meta.author", 0.75, stated)
    for link in page.all("//a[contains(@href,'/user/')]"):
        name = names.byline(words(link)) or names.tidy(words(link))
        if name:
            yield Guess(name.removeprefix("@"), "wattpad.author-link", 0.9, words(link))
            return
    for line in page.lines[:40]:
        if name := names.byline(line.text):
            yield Guess(name, "head.byline", 0.85, line.text)
            return


def _work(page: SavedPage) -> str:
    for link in page.all("//a[contains(@href,'/story/')]"):
        if found := re.search(r"/story/(\d+)", link.get("href") or ""):
            return f"story/{found[1]}"
    return ""
