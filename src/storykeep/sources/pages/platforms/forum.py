"""Threads of forums: phpBB, vBulletin, SMF, Invision and their kin. The first post is the story, its sender the author.

Long posts of the same person right below go on with it; what others say in between is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from storykeep.sources.pages import names
from storykeep.sources.pages.cleaning import clean_title
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.platforms import pieces
from storykeep.sources.pages.reading import PageRole

CODE = "forum"
LONG = 150  # words; a later post of the author that is shorter only thanks somebody
_SIGN = re.compile(
    r"powered by\b.{0,80}\b(?:phpbb|vbulletin|smf|simple machines|invision|ip\.board|ikonboard|yabb|proboards|mybb)|"
    r"content=[\"'](?:phpbb|vbulletin|smf|invision|ip\.board|mybb)|viewtopic|showthread|showtopic|index\.php\?topic=|"
    r"<title>[^<]{0,200}\bview (?:topic|thread)\s*[-–:]",
    re.IGNORECASE | re.DOTALL,
)
_BOXES = (
    "//*[starts-with(@id,'post_message_')]",
    "//*[contains(@class,'postbody')]//*[contains(concat(' ',@class,' '),' content ')]",
    "//*[contains(concat(' ',@class,' '),' postbody ')]",
    "//*[contains(concat(' ',@class,' '),' postcolor ')]",
    "//*[contains(@class,'post')]//*[contains(concat(' ',@class,' '),' entry-content ')]",
    "//*[contains(concat(' ',@class,' '),' post ')]//*[contains(concat(' ',@class,' '),' inner ')]",
    "//*[contains(concat(' ',@class,' '),' post ')]",
    "//*[contains(concat(' ',@class,' '),' post_body ')]",
)
_PERSONS = " | ".join(
    f".//a[contains(@href,'{part}')]"
    for part in ("viewprofile", "action=profile", "member.php", "showuser=", "/profile/", "/user/", "members/")
)
_NAMES = " | ".join(
    f".//*[contains(concat(' ',@class,' '),' {name} ')]"
    for name in ("name", "bigusername", "username", "username-coloured", "normalname", "poster", "author", "user-link")
)
_HEADINGS = (
    "//h2//a[contains(@href,'viewtopic')]",
    "//a[contains(@class,'maintitle') and contains(@href,'viewtopic')]",
    "//*[starts-with(@id,'subject_')]",
    "//*[contains(@class,'navbar')]/strong",
    "//*[starts-with(@id,'td_post_')]//strong[1]",
    "//*[contains(concat(' ',@class,' '),' maintitle ')]//b[1]",
    "//h1[contains(@class,'title')]",
)
_VIEWED = re.compile(r"\bview (?:topic|thread)\s*[-–:]\s*(?P<said>\S.*)$", re.IGNORECASE)
_SUBJECT = re.compile(r"\bpost subject:\s*(?P<said>\S.*)$", re.IGNORECASE)
_SIGNATURE = re.compile(r"^(?:_{5,}|-{10,})$")


@dataclass(frozen=True, slots=True)
class _Post:
    name: str
    box: HtmlElement
    lines: tuple[Line, ...]


def recognise(page: SavedPage) -> Draft | None:
    """Return what the first post of a thread tells, None when the page is none."""
    if page.tree is None or not _SIGN.search(page.source):
        return None
    posts = _posts(page)
    if not posts:
        return None
    name = posts[0].name
    own = [posts[0], *(post for post in posts[1:] if post.name == name and _length(post.lines) >= LONG)]
    return Draft(
        platform=CODE,
        role=PageRole.WHOLE,
        parts=tuple(Part(lines=post.lines) for post in own),
        titles=tuple(_titles(page)),
        authors=(Guess(name, "forum.poster", 0.85, name),) if name else (),
    )


def _posts(page: SavedPage) -> Sequence[_Post]:
    """Return the posts in order, by the first way of marking them that the page knows; empty ones are no posts."""
    for path in _BOXES:
        found = []
        for box in page.all(path):
            lines = _unsigned(pieces.part(page, [box]).lines)
            if any(line.kind is Kind.TEXT for line in lines):
                found.append(_Post(_poster(box), box, lines))
        if found:
            return found
    return ()


def _unsigned(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines above the poster's signature."""
    cut = next((n for n, line in enumerate(lines) if _SIGNATURE.match(line.text)), len(lines))
    few = _length(lines[cut:]) <= 60  # more is the story behind a hand-made rule
    return tuple(lines[:cut] if few else lines)


def _poster(box: HtmlElement) -> str:
    """Return the name in the nearest part around a post that has one, as a link to a person or marked as a name."""
    for around in box.iterancestors():
        for path in (_PERSONS, _NAMES):
            for element in around.xpath(path):
                if name := names.tidy(re.sub(r"^\s*by:?\s+", "", words(element), flags=re.IGNORECASE)):
                    return name
    return ""


def _titles(page: SavedPage) -> Iterator[Guess]:
    for path in _HEADINGS:
        heading = page.find(path)
        if heading is not None and words(heading):
            yield Guess(clean_title(words(heading)), "forum.heading", 0.84, words(heading))
            break
    told = _VIEWED.search(page.title_tag) or next(
        filter(None, (_SUBJECT.search(line.text) for line in page.lines[:80])), None
    )
    if told:
        yield Guess(clean_title(told["said"]), "forum.subject", 0.8, told.string)


def _length(lines: Sequence[Line]) -> int:
    return sum(line.words for line in lines)
