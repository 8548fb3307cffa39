"""A page that no recogniser knows: the deepest part that holds most unlinked words, a head above, a tail below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from storykeep.sources.pages import chapters, furniture, heads, inline, labels, names, sorts, tails
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage
from storykeep.sources.pages.platforms import pieces
from storykeep.sources.pages.reading import Link, PageRole
from storykeep.sources.pages.shape import Shape, key_of, place_of

CODE = "heuristic"
LEARNED = "learned"
MOST = 0.72  # share of a page's unlinked letters that its story holds
NAMED = 0.45  # the same when the part calls itself a story
_STORY_NAMES = re.compile(
    (
        r"(?:^|[\s_-])(?:story-?(?:text|body|content|holder|inner)?p?|storytext\w*|chapter(?:-?(?:text|"
        r"body|content))?|userstuff|fic-?(?:text|body|content)?|fictext|entry-?(?:content|"
        r"text|body)?|post-?(?:body|content|entry|text)|article-?(?:body|content|text)?|"
        r"prose|fiction|text-?body|novel|reading)(?:$|[\s_-])"
    ),
    re.IGNORECASE,
)


def recognise(page: SavedPage, known: Shape | None = None) -> Draft:
    """Return what can be found on any page, with what the archive's shape knows of its furniture."""
    without = known.furniture_on(page) if known else frozenset()
    lines = _lines(page, without, known)
    look = sorts.look_of(lines, page.title_tag, known.site if known else "")
    first, last = _bounds(page, lines, known)
    top = _column(lines, first, look)
    head = heads.read(lines[top:last], look)
    start = top + head.start
    second = heads.Head()
    teaser: tuple[Label, ...] = ()
    if start < first:
        teaser = _teaser(lines[start:first], head)
        second = heads.read(lines[first:last], look)
        start = first + second.start
    tail = tails.read(lines[start:last], look)
    body = _rows_apart(lines[start : start + tail.stop])
    chapter = second.chapter or head.chapter or heads.part_label((*head.labels, *second.labels)) or _chosen(page)
    titles = (*head.titles, *second.titles, *_tag_titles(page, look, lines[: start + 3]))
    if (
        other := _no_story(page, titles, (*head.authors, *second.authors), (*head.labels, *second.labels), body)
    ) is not None:
        return other
    whole = heads.Head(
        start, titles, (*head.authors, *second.authors), (*head.labels, *second.labels, *teaser), chapter
    )
    return replace(
        _draft(page, whole, body, tail, lines[start + tail.stop :]),
        platform=LEARNED if known and known.repeats else CODE,
        archive=_site(known),
    )


_CHAPTERS = (
    "//select[contains(translate(@name,'CHAPTER','chapter'),'chap') or contains(translate(@name,'PART','part'),'part')]"
)


def _chosen(page: SavedPage) -> chapters.Heading | None:
    """Return the chapter that the page's own menu shows as the one being read."""
    options, number = pieces.menu(page, _CHAPTERS) if page.tree is not None else ([], -1)
    if number < 0 or len(options) < 2:
        return None
    label, title, place = pieces.entry(options[number][1], number + 1)
    return chapters.Heading(label, title, place)


def _menu(page: SavedPage) -> tuple[Link, ...]:
    """Return the page's own list of chapters: a line of numbers, or a menu to choose from."""
    if page.tree is None:
        return ()
    options, _ = pieces.menu(page, _CHAPTERS)
    found = [
        Link(label=label, address=page.absolute(value) if "." in value or "/" in value else "")
        for value, label in options
        if label
    ]
    for line in page.lines:
        if not found and line.links and len(line.text) < 300 and chapters.menu_items(line.text):
            linked = {label: page.absolute(href) for href, label in line.links}
            found = [
                Link(label=item, address=linked.get(item, page.address))
                for item in chapters.menu_items(line.text)
                if not _LEADS.match(item)
            ]
    return tuple(found) if len(found) > 1 or not options else ()


_LEADS = re.compile(r"^(?:next|prev(?:ious)?|back|first|last|index|all)$", re.IGNORECASE)


def _site(known: Shape | None) -> Guess | None:
    return Guess(known.site, "shape.site", 0.7, known.site) if known and known.site else None


def _rows_apart(body: Sequence[Line]) -> tuple[Line, ...]:
    """Put a rule between the rows of a table when each row is a scene: several rows of several paragraphs."""
    rows = [_row(line) for line in body]
    sizes = {
        row: sum(1 for line, own in zip(body, rows, strict=True) if own is row and line.kind is Kind.TEXT)
        for row in set(rows)
        if row is not None
    }
    large = [row for row, size in sizes.items() if size >= 2]
    if len(large) < 2 or len(large) < 0.6 * len(sizes):
        return tuple(body)
    out: list[Line] = []
    before: HtmlElement | None = None
    for line, row in zip(body, rows, strict=True):
        if out and row is not before and row is not None and before is not None:
            out.append(replace(line, text="", html="", kind=Kind.RULE, breaks=0, source="tr"))
        out.append(line)
        before = row
    return tuple(out)


def _row(line: Line) -> HtmlElement | None:
    return next((element for element in (line.element, *line.element.iterancestors()) if element.tag == "tr"), None)


def _column(lines: Sequence[Line], first: int, look: sorts.Look) -> int:
    """Return where the column starts that holds the story's title: the nearest part around the story that has one."""
    if first == 0 or first >= len(lines):
        return 0
    found = sorts.sort_lines(lines[:first], look)
    telling = {n for n, sort in found.items() if sort in (sorts.Sort.DISPLAY, sorts.Sort.BYLINE, sorts.Sort.TITLE_BY)}
    for box in lines[first].element.iterancestors():
        inside = [n for n in range(first) if box in (lines[n].element, *lines[n].element.iterancestors())]
        if telling.intersection(inside):
            return inside[0]
    return 0


def _teaser(between: Sequence[Line], head: heads.Head) -> tuple[Label, ...]:
    """Return the words between the head and the part that holds the story: a summary without a label."""
    said = [line for line in between if line.kind is Kind.TEXT and not furniture.is_line(line)]
    if not said or sum(line.words for line in said) > 120 or not (head.titles or head.authors):
        return ()
    html = "<br>".join(line.html for line in said)
    return (Label("teaser", "", inline.plain(html), html),)


_SITE_PAGES = re.compile(
    (
        r"^(?:how (?:stories|fics?) (?:are|get) chosen|(?:submission|site|posting|archive)?\s*(?:guidelines|"
        r"rules|policy|policies|polic(?:y|ies) .*)|submissions?(?: .*)?|about(?: (?:us|this (?:site|"
        r"archive)|the (?:archive|site)))?|f\.?a\.?q\.?s?|frequently asked questions|contact(?: us)?|"
        r"links|"
        r"search(?: results)?|help|site ?map|guest ?book|welcome.*|home|main|error.*|not found|"
        r"page not found|404.*|terms of (?:service|use)|disclaimer|copyright|credits|staff|"
        r"privacy.*|mailing list|awards|challenges|login|register|members?)$"
    ),
    re.IGNORECASE,
)
_NEWS_PAGES = re.compile(
    r"^(?:site |archive |latest |old )?(?:news|updates?|what.?s new|announcements?|history|recent additions)$",
    re.IGNORECASE,
)
FEW = 45  # words that are too few for a story nobody signed


def _no_story(
    page: SavedPage, titles: Sequence[Guess], authors: Sequence[Guess], facts: Sequence[Label], body: Sequence[Line]
) -> Draft | None:
    """Return the draft of a page of the site itself (news, rules, an empty answer), None when it may hold a story.

    Only a page that nobody signed can be one: stories have bylines or labels.
    """
    best = max(titles, key=lambda guess: guess.confidence, default=None)
    told = {
        sorts.key(text): text
        for text in (best.value if best else "", *sorts.segments(page.title_tag if page.tree is not None else "")[:3])
    }
    signed = any(guess.confidence >= 0.48 for guess in authors) or any(
        label.field in ("title", "author", "rating", "disclaimer", "pairing") for label in facts
    )
    if signed:
        return None
    news = any(_NEWS_PAGES.match(text.strip()) for text in told.values())
    own = any(_SITE_PAGES.match(text.strip()) for text in told.values())
    words_ = sum(line.words for line in body)
    if not news and not own and (words_ >= FEW or page.tree is None):
        return None
    part = Part(lines=tuple(body))
    return Draft(
        platform=CODE,
        role=PageRole.NEWS if news else PageRole.OTHER,
        parts=(part,) if words_ else (),
        titles=tuple(titles),
        own_head=False,
    )


def _untitled(head: heads.Head, body: Sequence[Line], links: Sequence[object]) -> tuple[heads.Head, Sequence[Line]]:
    """On a page with a chapter menu, take the one heading above the text for the chapter's title."""
    headings = [line for line in body if line.kind is Kind.TEXT and line.level]
    if head.chapter or len(links) < 2 or not body or len(headings) != 1 or headings[0] is not body[0]:
        return head, body
    return replace(head, chapter=chapters.Heading("", body[0].text, 0)), body[1:]


def _draft(page: SavedPage, head: heads.Head, body: Sequence[Line], tail: tails.Tail, below: Sequence[Line]) -> Draft:
    links = _menu(page)
    head, body = _untitled(head, body, links)
    part = Part(
        lines=tuple(body),
        title=Guess(head.chapter.title, "head.chapter", 0.9, head.chapter.label)
        if head.chapter and head.chapter.title
        else None,
        label=head.chapter.label if head.chapter else "",
        place=head.chapter.number if head.chapter else 0,
        after=tail.labels,
        ending=tail.ending,
        first_line=head.start,
    )
    role = PageRole.CHAPTER if head.chapter or tail.goes_on or len(links) > 1 else PageRole.WHOLE
    return Draft(
        platform=CODE,
        role=role,
        parts=(part,),
        titles=head.titles,
        authors=(*head.authors, *_other_authors(page, below)),
        labels=head.labels,
        place=part.place,
        links=links,
        planned=len(links),
        own_head=False,
    )


def _lines(page: SavedPage, without: frozenset[HtmlElement], known: Shape | None) -> tuple[Line, ...]:
    if page.tree is None:
        return page.lines
    # Labels get their values first: a value that repeats is no furniture, and the next line is not its label's.
    found = sorts.paired(_with_summary(page.outside(furniture.containers(page) | without)))
    repeated = known.repeated if known else frozenset()
    own = {sorts.key(piece) for piece in sorts.segments(page.title_tag)} - {sorts.key(known.site) if known else ""}
    kept = tuple(
        line
        for line in found
        if line.kind is not Kind.TEXT or key_of(line) not in repeated or not key_of(line) or sorts.key(line.text) in own
    )
    return sorts.paired(_before_comments(kept))


_SUMMARY_NAME = re.compile(r"(?:^|[\s_-])(?:sum|summary|blurb|teaser|abstract)(?:$|[\s_-])", re.IGNORECASE)
LONGEST_SUMMARY = 120  # words


def _with_summary(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines, a paragraph that the page itself calls a summary labelled as one."""
    out = list(lines)
    called = [
        n for n, line in enumerate(lines[:40]) if line.kind is Kind.TEXT and _SUMMARY_NAME.search(sorts.called(line))
    ]
    if len(called) == 1 and not labels.parse((line := lines[called[0]]).html) and line.words <= LONGEST_SUMMARY:
        out[called[0]] = replace(line, text=f"Summary: {line.text}", html=f"<strong>Summary:</strong> {line.html}")
    return tuple(out)


def _before_comments(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines before what readers said, when most of the words stand there."""
    total = sum(line.words for line in lines) or 1
    walked = 0
    for number, line in enumerate(lines):
        if walked > 0.5 * total and furniture.starts_comments(line):
            return lines[:number]
        walked += line.words
    return lines


def _bounds(page: SavedPage, lines: Sequence[Line], known: Shape | None = None) -> tuple[int, int]:
    """Return the first and the last-but-one line of the part of the page that holds the story."""
    if page.tree is None:
        return 0, len(lines)
    box = story_box(lines, known.story if known else "")
    inside = [
        n for n, line in enumerate(lines) if box is None or line.element is box or box in line.element.iterancestors()
    ]
    return (inside[0], inside[-1] + 1) if inside else (0, len(lines))


def story_box(lines: Sequence[Line], known: str = "") -> HtmlElement | None:
    """Return the deepest element that holds most of the unlinked letters; one that calls itself a story needs fewer."""
    weights: dict[HtmlElement, float] = {}
    total = 0.0
    for line in lines:
        if line.kind is not Kind.TEXT:
            continue
        letters = len(line.text) * (1 - line.linked)
        total += letters
        for element in (line.element, *line.element.iterancestors()):
            weights[element] = weights.get(element, 0.0) + letters
    if not total:
        return None
    named = [
        e
        for e, w in weights.items()
        if w >= NAMED * total
        and _STORY_NAMES.search(f"{e.get('id') or ''} {e.get('class') or ''}")
        and e.tag in ("div", "td", "article", "section", "main", "blockquote", "span")
    ]
    learned = [e for e, w in weights.items() if known and w >= NAMED * total and place_of(e) == known]
    heavy = [e for e, w in weights.items() if w >= MOST * total and e.tag not in ("p", "pre")]
    pool = named or learned or heavy
    return max(pool, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


_PLAIN_TAG = re.compile(
    (
        r"^(?:untitled(?: document)?|new page \d*|index|no title|home|page \d+|document|"
        r"story|fic|chapter \d+|part \d+|.*\.(?:txt|html?|doc|rtf|php))$"
    ),
    re.IGNORECASE,
)


def _tag_titles(page: SavedPage, look: sorts.Look, near: Sequence[Line]) -> list[Guess]:
    """Return what ``<title>`` says: "Title by Name", or the piece that is no site's name."""
    tag = page.title_tag
    if not tag or _PLAIN_TAG.match(tag.strip()):
        return []
    shown = {sorts.key(line.text) for line in near}
    title = names.title_and_name(tag)[0]
    if title:
        inner = [piece for piece in sorts.parts(title) if not sorts.is_site(piece, look)]
        seen = [piece for piece in inner if sorts.key(piece) in shown]
        if not inner:
            return []
        if inner:
            return [Guess((seen or inner[-1:])[0], "title-tag.by", 0.78 if seen else 0.7, tag)]
    pieces = sorts.segments(tag)
    good = [piece for piece in (pieces[1:] or pieces) if not sorts.is_site(piece, look) and not chapters.heading(piece)]
    repeated = [piece for piece in [*pieces[:1], *good] if sorts.key(piece) in shown and not sorts.is_site(piece, look)]
    if repeated:
        return [Guess(repeated[0], "title-tag.repeated", 0.8, tag)]
    if len(pieces) == 1 and good:
        return [Guess(good[0], "title-tag.whole", 0.5, tag)]
    return [
        Guess(piece, "title-tag.piece", 0.36 if number == 0 else 0.3, tag)
        for number, piece in enumerate(sorted(good, key=len, reverse=True)[:2])
    ]


_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:\d{4}(?:\s*[-–,]\s*\d{4})?)?\s*(?:by\s+)?([^\W\d][^.,|\d]{1,40}?)(?:\s*[.,|\d]|$)",
    re.IGNORECASE,
)


_POSTED_BY = re.compile(
    r"\b(?:posted|written|submitted|uploaded|authored)(?:\s+(?:on|at)\s+[\w ,:/.-]{4,40}?)? by:?\s+"
    r"(?P<name>[^|•·]{2,40}?)(?=\s+(?:at|on|in|@)\b|\s*[|•·,]|\s*$)",
    re.IGNORECASE,
)


def _other_authors(page: SavedPage, below: Sequence[Line]) -> list[Guess]:
    """Return names from less sure places: ``<title>``, ``<meta>``, "posted by" and "©" anywhere, below the story."""
    found = [*_stated_names(page), *_owner(page)] if page.tree is not None else []
    found.extend(guess for line in page.lines if len(line.text) < 160 and (guess := _name_aside(line)))
    found.extend(guess for line in below[:12] if (guess := _name_below(line)))
    found.extend(guess for line in page.lines[-12:] if (guess := _signature(line)))
    return found


def _name_aside(line: Line) -> Guess | None:
    """Return the name after "posted by" or a copyright sign, wherever it stands on the page."""
    said = _POSTED_BY.search(line.text)
    if said and (name := names.tidy(said["name"])):
        return Guess(name, "page.posted-by", 0.55, line.text)
    said = _COPYRIGHT.search(line.text)
    name = names.tidy(said[1]) if said else ""
    return Guess(name, "page.copyright", 0.42, line.text) if name and not sorts.is_site(name, sorts.Look()) else None


def _signature(line: Line) -> Guess | None:
    """Return the name in "-- Ella Vane, January 2001", or that "feedback to" leads to, at the very end of a page."""
    told = re.match(r"^(?:[-–—~]{1,3}|©)\s*(?P<name>[^\W\d].{1,40})$", line.text)
    name = names.tidy(told["name"]) if told else ""
    if name and len(name.split()) <= 4 and all(word[:1].isupper() for word in name.split()):
        return Guess(name, "tail.signature", 0.4, line.text)
    for href, label in line.links:
        if (
            re.search(r"mailto:|feedback", href)
            and _is_person(label)
            and re.search(r"feedback|comments|write|mail", line.text, re.IGNORECASE)
        ):
            return Guess(names.tidy(label), "tail.feedback-to", 0.42, line.text)
    return None


def _is_person(label: str) -> bool:
    words = names.tidy(label).split()
    return (
        bool(words)
        and len(words) <= 4
        and all(word[:1].isupper() for word in words)
        and "@" not in label
        and not re.search(r"mail|feedback|comment|me\b|home|back", label, re.IGNORECASE)
    )


def _stated_names(page: SavedPage) -> Iterator[Guess]:
    if name := names.title_and_name(page.title_tag)[1]:
        own = names.tidy(sorts.parts(name)[0])  # "Nine Crows by Sable - The Rookery"
        yield Guess(own or name, "title-tag.by", 0.75, page.title_tag)
    if stated := names.tidy(page.meta("author")):
        seen = sorts.key(stated) in sorts.key(" ".join(line.text for line in page.lines[:60]))
        yield Guess(stated, "meta.author", 0.6 if seen else 0.2, stated)
    told = page.meta("description")
    if described := names.title_and_name(told)[1] or names.byline(told):
        yield Guess(described, "meta.description", 0.4, told)


_OWNER = re.compile(
    r"^\W*(?P<name>[^\W\d][\w .-]{1,30}?)['’]s\s+(?:[\w'’-]+\s+){0,3}"
    r"(?:page|fics?|fiction|stories|fan ?fic(?:tion)?|site|corner|den|place)\W*$",
    re.IGNORECASE,
)


def _owner(page: SavedPage) -> Iterator[Guess]:
    """The owner of "Cassie's Fic Page" wrote what stands there, unless something else is said."""
    shown = [line.text for line in page.lines[:8] if line.level or line.size > 3]
    for text in (page.title_tag, *shown):
        if said := _OWNER.match(text):
            yield Guess(said["name"], "site.owner", 0.38, text)
            return


def _name_below(line: Line) -> Guess | None:
    """Return the name in a byline or a copyright line below the story."""
    if line.kind is not Kind.TEXT:
        return None
    if line.words <= 6 and (name := names.byline(line.text)):
        return Guess(name, "tail.byline", 0.5, line.text)
    said = _COPYRIGHT.search(line.text)
    name = names.tidy(said[1]) if said else ""
    return Guess(name, "tail.copyright", 0.4, line.text) if name and not sorts.is_site(name, sorts.Look()) else None
