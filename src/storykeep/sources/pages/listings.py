"""Pages that are no story: lists of stories, authors' pages with interviews, and what readers wrote.

A list is known by its links: several works are named, and few words stand between that are not about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from lxml.html import HtmlElement

from storykeep.model import identity
from storykeep.model.story import Answer, Credit, Person, Review, Story, Tag
from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import dates, furniture, labels, names
from storykeep.sources.pages.cleaning import clean_title
from storykeep.sources.pages.draft import Draft, Guess
from storykeep.sources.pages.facts import names_in
from storykeep.sources.pages.flow import Kind, Line, lines
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.platforms import pieces
from storykeep.sources.pages.reading import PageRole
from storykeep.text import repair as mending
from storykeep.text import sanitise

FEWEST = 3  # works that make a list
FACTS = re.compile(
    r"^(?P<times>.*?)(?:,\s*)?\bRated\s+(?P<rating>[\w-]+)\b,?\s*(?P<pairs>.*?)(?:,\s*)?(?P<words>\d[\d,.]*)\s+words?\.?\s*$",
    re.IGNORECASE,
)


def recognise(page: SavedPage) -> Draft | None:
    """Return what a list, an author's page or a page of reviews tells, None when the page is none of them."""
    if page.tree is None:
        return _text_person(page)
    if reviews := tuple(_reviews(page)):
        return _review_page(page, reviews)
    found = page.outside(_forms(page))
    starts = _starts(page, found)
    person = _person(page, found)
    if len(starts) < FEWEST and not (person and starts):
        return _only_person(page, person) if person else None
    if not person and _is_story_after_all(found, starts):
        return None
    listed = tuple(_entries(page, found, starts, person))
    role = PageRole.PERSON if person else PageRole.LISTING
    return Draft(
        platform=_platform(page),
        role=role,
        listed=listed,
        person=person,
        titles=(Guess(page.title_tag, "title-tag.whole", 0.3, page.title_tag),),
        own_head=False,
    )


def _forms(page: SavedPage) -> frozenset[HtmlElement]:
    return frozenset(element for element in page.body.iter("form", "nav", "footer") if len(words(element)) < 400)


def _only_person(page: SavedPage, person: Person) -> Draft | None:
    return (
        Draft(platform=_platform(page), role=PageRole.PERSON, person=person, own_head=False)
        if person.interview or person.bio
        else None
    )


def _platform(page: SavedPage) -> str:
    if re.search(r"viewuser\.php|viewstory\.php", page.sample):
        return "efiction"
    return "all-about-spike" if re.search(r"auth\.html\?au=", page.sample) else "listing"


# --- lists ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Start:
    """Where an entry of a list starts: the number of its line, the link to the story and its label."""

    line: int
    href: str
    label: str
    work: str


_NO_TITLE = re.compile(
    (
        r"^\W*(?:\d+|reviews?|read|next|prev(?:ious)?|more|chapter \d+|table of contents|"
        r"print(?:er)?|report.*|story|home|index|here|back|\[.*\]|plain version|print version|"
        r".*review.*|submit.*|continue.*|part \d+|text|html)\W*$"
    ),
    re.IGNORECASE,
)


def _starts(page: SavedPage, found: Sequence[Line]) -> list[_Start]:
    """Return the first mention of each work in the lines."""
    starts: dict[str, _Start] = {}
    own = addresses.place(page.address).work
    for number, line in enumerate(found):
        for href, label in line.links:
            place = addresses.place(href)
            work = place.work
            if not work or work == own or place.chapter > 1 or place.row or _NO_TITLE.match(label) or not label:
                continue
            if re.search(r"review|action=|printable|index=|favou?r|contact|report", href, re.IGNORECASE):
                continue
            starts.setdefault(work, _Start(number, href, label, work))
    return sorted(starts.values(), key=lambda start: start.line)


def _is_story_after_all(found: Sequence[Line], starts: Sequence[_Start]) -> bool:
    """A story's page may name other stories at its side: then most words stand far from any entry.

    How long an entry is, the others tell; the last one has no end of its own.
    """
    blocks = [range(one.line, other.line) for one, other in pairwise(starts)]
    usual = median([sum(found[at].words for at in block) for block in blocks]) if blocks else 0
    reach = max(40, min(160, 2 * usual))
    near: set[int] = set()
    for block in (*blocks, range(starts[-1].line, min(len(found), starts[-1].line + 14))):
        walked = 0
        for at in block:
            walked += found[at].words
            if walked > reach:
                break
            near.add(at)
    total = sum(line.words for line in found if not furniture.is_line(line)) or 1
    inside = sum(found[at].words for at in near if not furniture.is_line(found[at]))
    return total - inside > 0.55 * total and total - inside > 100


def _entries(
    page: SavedPage, found: Sequence[Line], starts: Sequence[_Start], person: Person | None
) -> Iterator[Story]:
    for number, start in enumerate(starts):
        stop = starts[number + 1].line if number + 1 < len(starts) else min(len(found), start.line + 14)
        yield _entry(page, found[start.line : max(stop, start.line + 1)], start, person)


def _entry(page: SavedPage, block: Sequence[Line], start: _Start, person: Person | None) -> Story:
    facts: list[labels.Label] = []
    plain: list[Line] = []
    people: list[str] = [
        label
        for line in block[:3]
        for href, label in line.links
        if re.search(r"viewuser|auth|profile|/u/|user", href) and names.tidy(label)
    ]
    tags: list[Tag] = []
    stated = 0
    for line in block:
        if line.kind is not Kind.TEXT:
            continue
        told = _told(line.text)
        said = labels.parse(line.html)
        if told:
            tags.extend(told[0])
            stated = told[1] or stated
        elif said:
            facts.extend(said)
        elif line.linked < 0.5 and line is not block[0] and not names.byline(line.text) and not furniture.is_line(line):
            plain.append(line)
        if not people and (name := names.byline(line.text) or names.title_and_name(line.text)[1]):
            people.append(name)
    summary = next((label.html for label in facts if label.field == "summary"), "") or "<br>".join(
        line.html for line in plain[:4]
    )
    words_ = next((int(re.sub(r"\D", "", label.text) or 0) for label in facts if label.field == "words"), stated)
    tags.extend(
        Tag(kind=_KINDS[label.field], name=name)
        for label in facts
        if label.field in _KINDS
        for name in names_in(_mended(label.text), label.field)
    )
    credits_ = tuple(
        Credit(name=_mended(name)) for name in dict.fromkeys(names.tidy(name) for name in people) if name
    ) or ((Credit(name=person.name, person=person.key),) if person else ())
    return Story(
        key=start.work,
        title=clean_title(_mended(start.label)) or None,
        credits=credits_,
        summary=mending.repair(sanitise.clean(f"<p>{summary}</p>")).text if summary else "",
        tags=tuple(dict.fromkeys(tags)),
        stated_words=words_,
        published=next((dates.iso(label.text) for label in facts if label.field == "published"), ""),
        updated=next((dates.iso(label.text) for label in facts if label.field == "updated"), ""),
        addresses=(page.absolute(start.href),),
    )


_KINDS = {
    "rating": "rating",
    "pairing": "pairing",
    "characters": "character",
    "genre": "genre",
    "warnings": "warning",
    "category": "category",
    "fandom": "fandom",
    "timeline": "timeline",
}


def _told(text: str) -> tuple[list[Tag], int] | None:
    """Read "Post-Grave, Rated R, Spike/Buffy, 2,537 words."; None for any other line.

    >>> [tag.name for tag in _told("Post-Grave, Rated R, Spike/Buffy, 2,537 words.")[0]]
    ['Post-Grave', 'R', 'Spike/Buffy']
    """
    found = FACTS.match(text)
    if found is None:
        return None
    tags = [Tag(kind="timeline", name=name.strip()) for name in found["times"].split(",") if name.strip()]
    tags.append(Tag(kind="rating", name=found["rating"]))
    tags += [Tag(kind="pairing", name=name.strip()) for name in found["pairs"].split(",") if name.strip()]
    return tags, int(re.sub(r"\D", "", found["words"]))


def _mended(text: str) -> str:
    return mending.repair(text).text.replace("\u00a0", " ").strip()


# --- authors ----------------------------------------------------------------------------------------------------

_AUTHOR_PAGE = re.compile(
    r"(?:viewuser\.php\?uid=|auth(?:or)?\.html\?(?:au|id)=|authors?\.php\?(?:id|who|go=view)|/u/|/users/|profile)",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"^(?:Q\W|\d+[.)]\s)?.{8,200}\?$")


def _person(page: SavedPage, found: Sequence[Line]) -> Person | None:
    answers = _interview(found)
    name, key = _named_person(page, found)
    if not name or not (answers or key):
        return None
    bio = _bio(found)
    sites = tuple(
        dict.fromkeys(
            page.absolute(href)
            for line in found
            for href, label in line.links
            if re.search(r"\b(?:web ?site|home ?page|visit .* site)\b", label, re.IGNORECASE) and "://" in href
        )
    )
    return Person(
        key=key or identity.slug(name),
        name=_mended(name),
        bio=bio,
        interview=answers,
        sites=sites,
        addresses=(page.address,) if page.address else (),
    )


_NAME_LINE = re.compile(r"^(?:pen ?name|author|name)\s*:\s*(?P<name>[^\[(]{1,50}?)\s*(?:[\[(].*)?$", re.IGNORECASE)
_NAME_HEAD = re.compile(
    r"^(?:(?:all )?stories (?:written )?by|fiction by|(?:an )?interview with|about the author:?|author profile:?|"
    r"profile (?:of|for))\s+(?P<name>.{1,50})$",
    re.IGNORECASE,
)


def _named_person(page: SavedPage, found: Sequence[Line]) -> tuple[str, str]:
    """Return (name, key) of the author whose page this is; empty when it is nobody's."""
    address = page.address or page.capture.path
    key = ""
    if said := re.search(r"viewuser\.php\?(?:.*&)?uid=(\d+)", address):
        key = f"viewuser/{said[1]}"
    elif said := re.search(r"auth(?:or)?\.html\?(?:au|id)=(\d+)", address):
        key = f"auth/{said[1]}"
    for line in found[:40]:
        said = _NAME_LINE.match(line.text)
        if said and (name := names.tidy(said["name"])) and (key or re.search(r"pen ?name", line.text, re.IGNORECASE)):
            return name, key or f"person/{identity.slug(name)}"
        said = _NAME_HEAD.match(line.text)
        if said and (name := names.tidy(said["name"])):
            return name, key or f"person/{identity.slug(name)}"
    shown = (
        next((line.text for line in found[:12] if (line.level or line.bold > 0.8) and names.can_be(line.text)), "")
        if key
        else ""
    )
    return shown, key


def _interview(found: Sequence[Line]) -> tuple[Answer, ...]:
    """Return questions with their answers: bold or numbered lines that end with a question mark, and what follows."""
    asked = [
        n
        for n, line in enumerate(found)
        if line.kind is Kind.TEXT
        and _QUESTION.match(line.text)
        and (line.bold > 0.6 or line.italic > 0.6 or line.level or re.match(r"^(?:Q\W|\d+[.)])", line.text))
    ]
    if len(asked) < 2:
        return ()
    answers = []
    for number, at in enumerate(asked):
        stop = asked[number + 1] if number + 1 < len(asked) else min(len(found), at + 12)
        said = []
        for line in found[at + 1 : stop]:
            if line.kind is Kind.RULE or line.level:
                break
            if line.kind is Kind.TEXT and not furniture.is_line(line):
                said.append(line.html)
        answers.append(
            Answer(
                question=_mended(re.sub(r"^(?:Q\W+|\d+[.)]\s*)", "", found[at].text)),
                answer=mending.repair(sanitise.clean("".join(f"<p>{html}</p>" for html in said))).text,
            )
        )
    return tuple(answers)


def _bio(found: Sequence[Line]) -> str:
    for line in found[:60]:
        if said := re.match(r"^(?:bio(?:graphy)?|about me|profile)\s*:\s*(?P<bio>\S.*)$", line.text, re.IGNORECASE):
            return mending.repair(sanitise.clean(f"<p>{said['bio']}</p>")).text
    return ""


def _text_person(page: SavedPage) -> Draft | None:
    """Read an author page saved as text: titles, teasers and lines of facts, perhaps an interview."""
    rows = [line.strip() for line in page.source.split("\n")]
    told = [n for n, row in enumerate(rows) if _told(row)]
    if len(told) < 1 or not re.match(r"^All About ", next((row for row in rows if row), "")):
        return None
    if any(names.byline(row) for row in rows[:12]) and len(told) < FEWEST:
        return None
    listed = []
    before = next(n for n, row in enumerate(rows) if row) + 1
    for at in told:
        block = [row for row in rows[before:at] if row]
        before = at + 1
        if block:
            tags, stated = _told(rows[at]) or ([], 0)
            title = block[-2] if len(block) > 1 else block[-1]
            summary = block[-1] if len(block) > 1 else ""
            listed.append(
                Story(
                    key=identity.slug(title),
                    title=clean_title(_mended(title)),
                    summary=sanitise.clean(f"<p>{_mended(summary)}</p>") if summary else "",
                    tags=tuple(tags),
                    stated_words=stated,
                )
            )
    return Draft(platform="all-about-spike", role=PageRole.PERSON, listed=tuple(listed), own_head=False)


# --- reviews ----------------------------------------------------------------------------------------------------


def _review_page(page: SavedPage, reviews: tuple[Review, ...]) -> Draft:
    told = [addresses.place(a.get("href") or "").work for a in page.all("//a[@href]")]
    item = re.search(r"(?:item|sid)=(\d+)", page.address)
    work = f"viewstory/{item[1]}" if item else next((work for work in told if work), "")
    path = page.capture.path or page.address
    if not work and (said := re.search(r"(archive/\w+/[\w~.%-]+?)_cmt\.html?$", path)):
        work = said[1]
    return Draft(platform=_platform(page), role=PageRole.REVIEWS, reviews=reviews, work=work, own_head=False)


def _reviews(page: SavedPage) -> Iterator[Review]:
    boxes = page.all(
        "//*[contains(concat(' ',@class,' '),' review ') or contains(concat(' ',@class,"
        "' '),' reviewbox ') or contains(concat(' ',@class,' '),' reviewblock ')]"
    )
    rows = (
        page.all("//table[contains(@class,'form')]//tr[count(td)>1]")
        if page.find("//*[contains(@class,'form')]//table[contains(@class,'form')]") is not None
        else []
    )
    about = re.search(
        r"\b(?:reviews?|comments)\b", f"{page.title_tag} {page.address} {page.capture.path}", re.IGNORECASE
    )
    if boxes and (about or len(" ".join(words(box) for box in boxes)) > 0.4 * len(words(page.body))):
        for number, box in enumerate(boxes, 1):
            yield _review(box, number)
    for number, row in enumerate(rows, 1):
        said = re.match(r"From:\s*(?P<name>.*?)\s*Date:\s*(?P<date>.*)$", words(row[0]))
        if said:
            yield Review(
                key=str(number),
                name=_mended(names.tidy(said["name"])),
                date=dates.iso(said["date"]),
                body=_paragraphs(pieces.html_of(row[1])),
            )


def _review(box: HtmlElement, number: int) -> Review:
    found = lines(box)
    text = " ".join(line.text for line in found[:4])
    bold = next(
        (
            line
            for line in found[:2]
            if re.match(r"^<strong>[^<]{1,40}</strong>", line.html) and ":" not in line.html.split("</strong>")[0]
        ),
        None,
    )
    if bold is not None:
        rest = re.sub(r"^<strong>[^<]*</strong>", "", bold.html)
        said = [line.html for line in found if line is not bold and not furniture.is_line(line)]
        name_ = names.tidy(re.sub(r"<[^>]+>", "", bold.html.split("</strong>")[0]))
        return Review(
            key=str(number),
            name=_mended(name_),
            date=dates.iso(re.sub(r"<[^>]+>", "", rest)),
            body=_paragraphs("<br>".join(said or [rest])),
        )
    name = re.search(
        (
            r"(?:Reviewer|Name|From|Review by|Posted by)\s*:\s*(?P<name>.+?)(?=\s+(?:\(?Signed|"
            r"\(?Anonymous|Date|On|\[|\()|$)"
        ),
        text,
    )
    date = re.search(r"Date\s*:\s*(?P<date>[\w ,:/.-]{6,30})", text)
    body = [
        line.html
        for line in found
        if not re.match(r"^(?:Reviewer|Name|From|Review by|Posted by|Date|Title|Rating)\b.*:", line.text)
        and not furniture.is_line(line)
    ]
    return Review(
        key=str(number),
        name=_mended(names.tidy(name["name"])) if name else "",
        date=dates.iso(date["date"]) if date else "",
        body=_paragraphs("<br>".join(body)),
    )


def _paragraphs(html: str) -> str:
    said = [piece for piece in html.split("<br>") if piece.strip()]
    return mending.repair(sanitise.clean("".join(f"<p>{piece}</p>" for piece in said))).text
