"""Mailing lists and newsgroups on the web or as text: MHonArc, Pipermail, Yahoo Groups, Google Groups, plain mail.

A message has a head (From, Date, Subject) and words; the story's own labels stand at the top of the words. A story in a
letter has such a head, too, but no list around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from storykeep.sources.pages import chapters, dates, furniture, heads, inline, names, sorts, tails
from storykeep.sources.pages.cleaning import clean_title
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind, Line, lines
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.reading import PageRole
from storykeep.text import markup

CODE = "mailing-list"
_SIGN = re.compile(
    (
        r"MHonArc|X-Message-Id:|<!--X-|pipermail|Pipermail|Deja\.com|dejanews|Hypermail|groups\.yahoo|yahoogroups|"
        r"Yahoo! Groups|groups\.google|onelist|egroups|listinfo|mailman|Thread Index|Date (?:Index|"
        r"Prev)|\[ ?(?:Thread|Date) (?:Prev|Index|Next)|BEGIN ARTICLE|<!--\s*beginarticle|begin=\"?body|received=\""
    ),
    re.IGNORECASE,
)
_HEAD = re.compile(
    (
        r"^[\W_]*(?P<name>from|author|forum|to|cc|subject|date|sent|newsgroups|message-id|reply-to|organization|"
        r"lines|references|in-reply-to|x-[\w-]+|mime-version|content-[\w-]+|path|sender|"
        r"list-[\w-]+|return-path|delivered-to|received|followup-to|nntp-posting-\w+|message #?|"
        r"user-agent|precedence|mailing-list)\s*:[\s\u00a0*_]*(?P<value>.*)$"
    ),
    re.IGNORECASE,
)
_STORY_SUBJECT = re.compile(
    (
        r"\b(?:fic|fanfic|story|new|repost|xfic|revised|drabble|vignette|wip)\b\s*[:,]|\(\s*\d+\s*/\s*[\d?]+\s*\)|"
        r"\[\s*\d+\s*/\s*[\d?]+\s*\]|\d+/\d+|\b\d+ of \d+\b|^\s*\[[\w .-]+\]|\bpart \d+|"
        r"\((?:PG|R|NC|G)\b"
    ),
    re.IGNORECASE,
)
_BODY = re.compile(
    (
        r"<!--\s*(?:body=\"?start\"?|beginarticle|X-Body-of-Message)\s*-->(.*?)<!--\s*(?:body=\"?end\"?|"
        r"endarticle|X-Body-of-Message-End)\s*-->"
    ),
    re.DOTALL | re.IGNORECASE,
)
_FOOT = re.compile(r"^(?:-- ?|-{3,}|_{5,}|-{5,}.*sponsor.*|~-->)$")
_FOOT_WORDS = re.compile(
    (
        r"to unsubscribe|unsubscribe|yahoo! groups|do you yahoo|your use of yahoo|get your free|"
        r"community email addresses|post message:|list owner|shortcut url|to subscribe|visit (?:us|"
        r"our)|mailing list|listinfo|next message|previous message|messages sorted by|more information about|"
        r"follow-?ups?:|reply to (?:this|author)|click here|sponsor|e?groups?\.com|http://"
    ),
    re.IGNORECASE,
)


def recognise(page: SavedPage) -> Draft | None:
    """Return what a message tells, None when the page is none."""
    signed = page.tree is not None and bool(_SIGN.search(page.source[:40_000]))
    found = sorts.paired(page.outside(furniture.containers(page))) if page.tree is not None else page.lines
    head, start = _message_head(found)
    if page.tree is not None and signed:
        head, start = _marked(page, head, start, found)
        if (said := _BODY.search(page.source)) is not None and len(said[1]) > 200:
            found, start = lines(markup.parse(said[1])), 0
    head["from"] = head.get("from") or head.get("author", "")
    if "subject" not in head or not (signed or _is_story_mail(head, found, start)):
        return None
    return _draft(head, found, start)


def _is_story_mail(head: dict[str, str], found: Sequence[Line], start: int) -> bool:
    """A letter's head opens a story, too: mail needs a subject as stories have, or labels below it."""
    if not head.get("from"):
        return False
    rest = heads.read(found[start:], sorts.look_of(found[start:]), strict=True)
    labelled = {label.field for label in rest.labels} & {"title", "author", "rating", "summary", "disclaimer"}
    return (
        bool(_STORY_SUBJECT.search(head["subject"]))
        or len(labelled) > 1
        or bool({"message-id", "newsgroups"} & set(head))
    )


def _message_head(found: Sequence[Line]) -> tuple[dict[str, str], int]:
    """Return the message's head lines by name, and the number of the line after them."""
    head: dict[str, str] = {}
    start = 0
    for number, line in enumerate(found[:60]):
        if line.kind is not Kind.TEXT:
            if head and "subject" in head and len(head) > 1 and line.kind is Kind.BLANK and line.pre:
                break
            continue
        said = _HEAD.match(line.text)
        if said and not (said["name"].lower() in head and "from" in head and "subject" in head):
            head.setdefault(said["name"].lower(), said["value"].strip())
            start = number + 1
        elif head and line.breaks and line.indent and start == number:
            start = number + 1
        elif len(head) > 1:
            break
    return head, start


def _marked(page: SavedPage, head: dict[str, str], start: int, found: Sequence[Line]) -> tuple[dict[str, str], int]:
    """Add what MHonArc's comments and Pipermail's headings tell."""
    told = dict(head)
    for name in ("Subject", "From", "Date"):
        if said := re.search(rf"<!--X-{name}:\s*(.*?)\s*-->", page.sample):
            told[name.lower()] = inline.plain(said[1].replace("&#45;", "-"))
    for name, mark in (("subject", "subject"), ("from", "name"), ("date", "sent")):
        if said := re.search(rf"<!--\s*{mark}=\"(.*?)\"\s*-->", page.sample):
            told[name] = inline.plain(said[1])
    heading = page.find("//h1")
    if "subject" not in told and heading is not None:
        told["subject"] = words(heading)
        start = max(
            start,
            next(
                (n + 1 for n, line in enumerate(found[:40]) if sorts.key(line.text) == sorts.key(words(heading))), start
            ),
        )
    if heading is not None and "from" not in told and page.find("//pre") is not None:
        bold = page.find("//h1/following::b[1]")
        told["from"] = words(bold) if bold is not None else ""
        date = page.find("//h1/following::i[1]")
        told["date"] = words(date) if date is not None else ""
    first_pre = next((n for n, line in enumerate(found) if line.pre and line.kind is Kind.TEXT), start)
    return told, max(
        start, first_pre if any(line.pre for line in found) and not any(line.pre for line in found[:start]) else start
    )


def _draft(head: dict[str, str], found: Sequence[Line], start: int) -> Draft:
    body = list(found[start:])
    if any(line.pre for line in body):
        body = body[next(n for n, line in enumerate(body) if line.pre) :]
        body = body[: max(n for n, line in enumerate(body) if line.pre) + 1]
    body = body[: _foot(body)]
    subject = clean_title(head.get("subject", ""))
    mark = chapters.mark(subject)
    title, name = names.title_and_name(mark.title)
    if title:
        subject, mark = title, replace(mark, title=title)
    look = sorts.look_of(body, mark.title)
    top = heads.read(body, look, strict=True)
    tail = tails.read(body[top.start :], look)
    label, heading, place = _part(top, mark)
    part = Part(
        lines=tuple(body[top.start : top.start + tail.stop]),
        title=Guess(heading, "mail.part", 0.9, heading) if heading else None,
        label=label,
        place=place,
        after=tail.labels,
        ending=tail.ending,
        first_line=start + top.start,
    )
    date = dates.iso(head.get("date", head.get("sent", "")))
    return Draft(
        platform=CODE,
        role=PageRole.CHAPTER if place or mark.number or tail.goes_on else PageRole.WHOLE,
        parts=(part,),
        titles=(*top.titles, Guess(subject, "mail.subject", 0.75, head.get("subject", ""))),
        authors=(
            *top.authors,
            *([Guess(name, "mail.subject-by", 0.8, head["subject"])] if title else []),
            *_sender(head),
        ),
        labels=(
            *(label_ for label_ in top.labels if label_.field != "part"),
            *([Label("published", "Date", date, date)] if date else []),
        ),
        archive=_list(head),
        place=place or mark.number,
        planned=mark.total,
        own_head=False,
    )


def _part(top: heads.Head, mark: chapters.Mark) -> tuple[str, str, int]:
    """Return (label, title, number) from "Part: 1/2 - The Seventh Lamp", a heading, or the subject's mark."""
    found = heads.part_label(top.labels) or top.chapter
    if found is not None:
        return found.label, found.title, found.number or mark.number
    return "", mark.heading, mark.number


def _foot(body: Sequence[Line]) -> int:
    """Return the first line of a list's own foot: after a dashed line, near the end, with words that lists say."""
    for number in range(max(0, len(body) - 30), len(body)):
        if body[number].kind is not Kind.TEXT:
            continue
        rest = " ".join(line.text for line in body[number : number + 8])
        if _FOOT.match(body[number].text) and _FOOT_WORDS.search(rest):
            return number
        if re.match(
            r"^(?:to unsubscribe|.*unsubscribe@|do you yahoo|your use of yahoo|-+~-->)",
            body[number].text,
            re.IGNORECASE,
        ):
            return number
    return len(body)


def _sender(head: dict[str, str]) -> Iterator[Guess]:
    told = head.get("from", "")
    quoted = re.match(r"^\"?(?P<name>[^\"<(]+?)\"?\s*[<(]", told)
    name = names.tidy(quoted["name"] if quoted else re.sub(r"\S+@\S+|\S+ at \S+", "", told)) or names.tidy(told)
    if said := re.search(r"\S+@\S+\s+\(([^)]{2,40})\)", told):
        name = names.tidy(said[1])
    if name:
        yield Guess(name, "mail.from", 0.7, told)


def _list(head: dict[str, str]) -> Guess | None:
    if said := re.match(r"^(?:re:\s*)?\[([\w .-]{2,40})\]", head.get("subject", ""), re.IGNORECASE):
        return Guess(said[1], "mail.list-prefix", 0.8, head["subject"])
    if group := head.get("newsgroups"):
        return Guess(group.split(",")[0].strip(), "mail.newsgroups", 0.9, group)
    return None
