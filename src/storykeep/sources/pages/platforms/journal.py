"""LiveJournal, Dreamwidth and their kin: an entry, its poster, and comments that are no part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from storykeep.sources.pages import dates, flow, furniture, heads, names, sorts, tails
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.reading import PageRole

CODE = "journal"
_SIGN = re.compile(
    (
        r"class=[\"']?(?:ljuser|i-ljuser|lj-user)|livejournal|dreamwidth|insanejournal|deadjournal|"
        r"journalfen|lj:user=|userinfo\.bml|talkpost\.bml|itemid=\d+|/talkread|ljcmt\d+|"
        r"cmtbar|cutid1"
    ),
    re.IGNORECASE,
)
_BOXES = (
    (
        "//*[contains(concat(' ',@class,' '),' entry-content ') or contains(concat(' ',"
        "@class,' '),' b-singlepost-body ') or contains(concat(' ',@class,' '),' aentry-post__text "
        "') or contains(concat(' ',@class,' '),' asset-body ')]"
    ),
    (
        "//*[contains(concat(' ',@class,' '),' entry_text ') or contains(concat(' ',@class,"
        "' '),' entry-text ') or contains(concat(' ',@class,' '),' entrytext ') or @id='entrysubj' "
        "or contains(concat(' ',@class,' '),' entry-body ') or contains(concat(' ',@class,"
        "' '),' event-text ')]"
    ),
)
_SUBJECTS = (
    "//*[contains(@class,'entry-title') or contains(@class,'b-singlepost-title') or "
    "contains(@class,'aentry-post__title') or contains(@class,'entry_title') or contains(concat(' "
    "',@class,' '),' subject ') or contains(@class,'asset-name') or contains(@class,"
    "'entry-subject')]"
)
_FURNITURE = re.compile(
    (
        r"^\W*(?:current\s+)?(?:mood|music|location|tags?|entry tags|mood icon|crosspost(?:ed)?)\s*[:=]|"
        r"^\W*\(?(?:read|post|leave a|add)\s+(?:a new )?comments?|^\W*(?:\d+|no)\s+comments?\b|"
        r"previous entry|next entry|memories|tell a friend|track this|share this entry|add to memories|"
        r"flag this|^\W*link\W*$|^\W*reply\W*$|wrote in\b|^\s*@\s*\d{4}|"
        r"^\W*\(?\s*(?:public|friends[ -]only)\W*$|^\W*(?:entry tags|previous|next|thread|"
        r"expand|collapse|top-level comments)\b|"
        r"^\W*\d{4}-\d\d-\d\d\s+\d|^\W*(?:mon|tues|wednes|thurs|fri|satur|sun)day,|^\W*(?:jan|"
        r"feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z.]*\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}(?:[,\s@|"
        r"-]+\d{1,2}[:.]\d\d.*)?\W*$|^\W*\d{1,2}:\d\d\s*(?:am|pm)?\W*$"
    ),
    re.IGNORECASE,
)


def recognise(page: SavedPage) -> Draft | None:
    """Return what a journal entry tells, None when the page is none."""
    if page.tree is None or not _SIGN.search(page.sample):
        return None
    if len(_SIGN.findall(page.sample)) < 2 and page.find("//*[contains(@class,'ljuser')]") is None:
        return None
    lines = _entry_lines(page)
    if sum(line.words for line in lines) < 20:
        return None
    subject = _subject(page)
    look = sorts.look_of(lines, _bare_subject(subject))
    head = heads.read(lines, look, strict=True)
    tail = tails.read(lines[head.start :], look)
    heading = head.chapter
    part = Part(
        lines=tuple(lines[head.start : head.start + tail.stop]),
        title=Guess(heading.title, "head.chapter", 0.9, heading.label) if heading and heading.title else None,
        label=heading.label if heading else "",
        place=heading.number if heading else 0,
        after=tail.labels,
        ending=tail.ending,
    )
    return Draft(
        platform=CODE,
        role=PageRole.CHAPTER if tail.goes_on or heading else PageRole.WHOLE,
        parts=(part,),
        titles=(*head.titles, *_titles(subject)),
        authors=(*head.authors, *_posters(page)),
        labels=(*head.labels, *_posted(page)),
        archive=_community(page),
        software="LiveJournal",
        own_head=False,
    )


def _entry_lines(page: SavedPage) -> list[Line]:
    without = furniture.containers(page) | _comment_boxes(page)
    box = next((found for path in _BOXES for found in page.all(path) if len(words(found)) > 80), None)
    found = flow.lines(box if box is not None else page.body, without=without - ({box} if box is not None else set()))
    lines = [line for line in found if not _is_furniture(line)]
    cut = next(
        (n for n, line in enumerate(lines) if n > 3 and furniture.starts_comments(line) and _most_before(lines, n)),
        len(lines),
    )
    lines = lines[:cut]
    if box is None:
        lines = lines[_after_subject(lines, _subject(page)) :]
    return lines


def _most_before(lines: list[Line], number: int) -> bool:
    return sum(line.words for line in lines[:number]) > 60


def _is_furniture(line: Line) -> bool:
    return line.kind is Kind.TEXT and len(line.text) < 160 and bool(_FURNITURE.search(line.text))


def _comment_boxes(page: SavedPage) -> frozenset[HtmlElement]:
    found: set[HtmlElement] = set()
    for element in page.body.iter("div", "table", "td", "tr", "ul", "li", "section", "article", "dl"):
        name = f"{element.get('id') or ''} {element.get('class') or ''}"
        if re.search(
            r"(?:^|\s)(?:ljcmt|cmt|t)\d+|comment|b-tree|talk|b-watering", name, re.IGNORECASE
        ) and not re.search(r"entry-content|entry\b", name):
            found.add(element)
    return frozenset(found)


def _after_subject(lines: list[Line], subject: str) -> int:
    """Return the number of the line after the entry's subject line, which stands between the poster and the text."""
    key = sorts.key(subject)
    for number, line in enumerate(lines[:30]):
        if (
            key
            and line.kind is Kind.TEXT
            and sorts.key(line.text)
            and sorts.key(line.text) in (key, sorts.key(_bare_subject(subject)))
            and line.words
        ):
            return number + 1
    return 0


def _subject(page: SavedPage) -> str:
    found = page.find(_SUBJECTS)
    if found is not None and words(found):
        return words(found)
    shown = [
        line
        for line in page.lines[:40]
        if line.kind is Kind.TEXT
        and line.text
        and sorts.key(line.text) in sorts.key(page.title_tag)
        and (line.bold > 0.5 or line.level or line.size > 3)
        and len(sorts.key(line.text)) > 5
    ]
    ranked = [line for line in shown if not line.linked]
    return ranked[0].text if ranked else (shown[0].text if shown else _tag_subject(page.title_tag))


def _tag_subject(tag: str) -> str:
    """Return the subject in "community: Subject" or "Subject: community — LiveJournal"."""
    tag = re.sub(r"\s*[-—|]\s*(?:LiveJournal|Dreamwidth.*|InsaneJournal|.*Journal)\s*$", "", tag, flags=re.IGNORECASE)
    found = (
        re.match(r"^[\w-]{2,25}:\s+(\S.*)$", tag)
        if not re.match(r"^(?:fic|fanfic|new|story|title)\b", tag, re.IGNORECASE)
        else None
    )
    found = found or re.match(r"^(\S.*?)\s*[:|]\s*[\w-]{2,25}$", tag) or re.match(r"^[\w-]+\s+\|\s+(\S.*)$", tag)
    return found[1] if found else tag


_ASIDE = re.compile(r"\s*[(\[{][^()\[\]{}]*[)\]}]\s*$")


def _bare_subject(subject: str) -> str:
    """Return a subject without "FIC:" before and "(Dana/Teo, PG-13)" after, the part mark kept.

    >>> _bare_subject("FIC: Salt and Signal (Dana/Teo, PG-13)")
    'Salt and Signal'
    """
    bare = re.sub(
        (
            r"^\W*(?:\[[^\]]*\]\s*)*(?:(?:new |my )?(?:fan)?fic(?:tion|let)?|story|drabble|ficlet|"
            r"update|one-?shot|repost|big ?bang)\s*(?:post)?\s*[:;–—-]+\s*"
        ),
        "",
        subject,
        flags=re.IGNORECASE,
    )
    while (
        (found := _ASIDE.search(bare))
        and re.search(
            r"/|,|\b(?:PG|R|G|NC|FR|gen|het|slash|rated|complete|wip|adult|teen|mature)\b", found.group(), re.IGNORECASE
        )
        and not re.fullmatch(r"\s*[(\[{]?\s*(?:part\s*)?\d+\s*/\s*[\d?]+\s*[)\]}]?\s*", found.group(), re.IGNORECASE)
    ):
        bare = bare[: found.start()]
    bare = re.split(r"\s+[-–—,|]\s+(?=[\w ./'&-]*(?:/|\bPG|\bNC-|\brated\b|\bR\b))", bare)[0]
    return bare.strip(" \"“”'*~_-–—:")


def _titles(subject: str) -> Iterator[Guess]:
    bare = _bare_subject(subject)
    title, _ = names.title_and_name(bare)
    if bare:
        told = bool(re.match(r"^\W*(?:\[[^\]]*\]\s*)?(?:fan)?fic\b", subject, re.IGNORECASE))
        yield Guess(title or bare, "journal.subject", 0.8 if told else 0.7, subject)


def _posters(page: SavedPage) -> Iterator[Guess]:
    for line in page.lines[:60]:
        found = re.search(
            (
                r"(?P<name>[\w.' -]{2,40}?)\s*(?:\(\s*(?P<user>[\w-]{2,30})\s*\))?\s*(?:wrote|posted|"
                r"writes)\b(?: in|:|,|$)"
            ),
            line.text,
        )
        if found and line.links:
            yield Guess(found["user"] or found["name"], "journal.poster", 0.62, line.text)
            return
    for path in (
        (
            "//*[contains(@class,'entry') or contains(@class,'poster') or contains(@class,'b-singlepost-author') "
            "or contains(@class,'aentry-head')]//*[contains(@class,'ljuser')]"
        ),
        "//*[contains(@class,'ljuser')]",
        "//*[contains(@class,'poster')]",
    ):
        found = page.find(path)
        if found is not None and (name := names.tidy(words(found))):
            yield Guess(name, "journal.poster", 0.6, words(found))
            return


def _posted(page: SavedPage) -> Iterator[Label]:
    """Return the entry's date and tags."""
    for line in page.lines[:60]:
        found = re.search(
            (
                r"\b\d{4}-\d\d-\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z.]*\s+\d{1,2}(?:st|"
                r"nd|rd|th)?,?\s+\d{4}\b"
            ),
            line.text,
            re.IGNORECASE,
        )
        if found and line.words < 16 and (date := dates.iso(found.group())):
            yield Label("published", "Posted", date, date)
            return


def _community(page: SavedPage) -> Guess | None:
    for line in page.lines[:60]:
        found = re.search(r"(?:wrote|posted) in\s+(?P<name>[\w-]{2,30})", line.text)
        if found:
            return Guess(found["name"], "journal.community", 0.8, line.text)
    return None
