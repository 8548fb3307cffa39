"""Archive of Our Own: the HTML download, and pages saved from the site (and other sites on the same software)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import labels, names
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.platforms import pieces
from storykeep.sources.pages.reading import Link, PageRole

CODE = "ao3"


def recognise(page: SavedPage) -> Draft | None:
    """Return what an AO3 page tells, None when it is none."""
    if page.tree is None:
        return None
    if (
        page.find("//*[@id='preface']") is not None
        and page.find("//*[@id='chapters' or contains(@class,'userstuff')]") is not None
    ):
        return _download(page)
    if (
        page.find("//h2[contains(@class,'title') and contains(@class,'heading')]") is not None
        and page.find("//*[contains(@class,'userstuff')]") is not None
    ):
        return _site(page)
    return None


# --- the download ----------------------------------------------------------------------------------------------


def _download(page: SavedPage) -> Draft:
    preface = page.find("//*[@id='preface']")
    facts = [label for box in page.all("//*[@id='preface']//dl") for label in _definitions(box)]
    parts = tuple(_download_parts(page))
    return Draft(
        platform=CODE,
        role=PageRole.WHOLE,
        parts=parts,
        titles=tuple(
            _first(page, ("//*[@id='preface']//h1", "//*[@id='preface']//p[@class='message']/b", "//h1"), "ao3.title")
        ),
        authors=tuple(_bylines(page, "//*[@id='preface']//*[contains(@class,'byline')]")),
        labels=(*facts, *_quotes(preface), *_endnotes(page)),
        archive=_posted_on(page),
        software="otwarchive",
        work=_work(page),
        series=tuple(_series(facts)),
        status=_status(facts),
        planned=_planned(facts),
        person_key=_person(page),
        own_head=False,
    )


def _download_parts(page: SavedPage) -> Iterator[Part]:
    boxes = page.all(
        "//*[@id='chapters']/div[contains(@class,'userstuff')] | //*[@id='chapters']/*/div[contains(@class,"
        "'userstuff')]"
    )
    heads = page.all(
        "//*[@id='chapters']//*[contains(@class,'meta') and .//h2 or self::h2[contains(@class,"
        "'heading') and not(ancestor::*[contains(@class,'meta')])]]"
    )
    if not boxes:
        whole = page.find("//*[@id='chapters']")
        boxes = (
            [whole]
            if whole is not None
            else page.all("//*[contains(@class,'userstuff') and not(ancestor::*[@id='preface'])]")
        )
        yield from (
            pieces.part(page, [box], without=box.xpath(".//h2[contains(@class,'toc-heading')]"), place=n)
            for n, box in enumerate(boxes[:1], 1)
        )
        return
    order = {element: number for number, element in enumerate(page.body.iter())}
    for number, box in enumerate(boxes, 1):
        earlier = order[boxes[number - 2]] if number > 1 else -1
        before = [head for head in heads if earlier < order[head] < order[box]]
        yield _download_part(page, box, before[-1] if before else None, number)


def _download_part(page: SavedPage, box: HtmlElement, head: HtmlElement | None, number: int) -> Part:
    found = head if head is not None and head.tag == "h2" else (head.find(".//h2") if head is not None else None)
    told = words(found) if found is not None else ""
    label, title, place = pieces.entry(told)
    after = page.find(f"//*[@id='endnotes{number}']")
    quotes = _quotes(head) if head is not None else []
    return pieces.part(
        page,
        [box],
        title=Guess(title, "ao3.chapter-heading", 0.99, told)
        if title and "toc-heading" not in (found.get("class") or "" if found is not None else "")
        else None,
        label=label,
        place=place or number,
        summary=next((q.html for q in quotes if q.field == "summary"), ""),
        before=[q for q in quotes if q.field != "summary"],
        after=_quotes(after) if after is not None else [],
    )


def _quotes(box: HtmlElement | None) -> list[Label]:
    """Return what stands in quotations under "Summary", "Notes" …: the paragraph before is the label."""
    found: list[Label] = []
    for quote in box.iter("blockquote") if box is not None else ():
        before = quote.getprevious()
        said = words(before).rstrip(":") if before is not None and before.tag in ("p", "h2", "h3", "h4") else "Notes"
        field = labels.field_of(said) or "notes"
        found += pieces.note(said, quote, field if field in ("summary", "notes") else "notes")
    return found


def _endnotes(page: SavedPage) -> list[Label]:
    box = page.find("//*[@id='endnotes']")
    return (
        [Label("after", label.label or "End Notes", label.text, label.html) for label in _quotes(box)]
        if box is not None
        else []
    )


# --- the site --------------------------------------------------------------------------------------------------


def _site(page: SavedPage) -> Draft:
    facts = [
        label
        for box in page.all("//dl[contains(@class,'work') and contains(@class,'meta')]")
        for label in _definitions(box)
    ]
    chapters_ = page.all(
        "//*[@id='chapters']/div[contains(concat(' ',@class,' '),' chapter ') and not(contains(@class,'preface'))]"
    )
    parts = tuple(_site_part(page, box, number) for number, box in enumerate(chapters_, 1)) or _site_single(page)
    place = addresses.place(page.address)
    menu, chosen = pieces.menu(page, "//select[@name='selected_id']")
    single = len(parts) == 1 and (
        chosen >= 0
        or bool(place.row)
        or page.find("//*[contains(@class,'chapter') and contains(@class,'next')]") is not None
    )
    return Draft(
        platform=CODE,
        role=PageRole.CHAPTER if single and _planned(facts) != 1 else PageRole.WHOLE,
        parts=parts,
        titles=tuple(_first(page, ("//h2[contains(@class,'title') and contains(@class,'heading')]",), "ao3.title")),
        authors=tuple(_bylines(page, "//h3[contains(@class,'byline')]")),
        labels=(*facts, *_modules(page)),
        archive=Guess("Archive of Our Own", "ao3.site", 0.9, page.title_tag)
        if re.search(r"archive of our own", page.title_tag, re.IGNORECASE)
        else None,
        software="otwarchive",
        work=_work(page),
        place=parts[0].place if single and parts else 0,
        links=tuple(
            Link(label=label, address=page.absolute(f"/works/{_work(page).rsplit('/', 1)[-1]}/chapters/{value}"))
            for value, label in menu
        ),
        series=tuple(_series(facts)),
        status=_status(facts),
        planned=_planned(facts),
        person_key=_person(page),
        own_head=False,
    )


def _site_part(page: SavedPage, box: HtmlElement, number: int) -> Part:
    head = next((h for h in box.iter("h3") if "title" in (h.get("class") or "").split()), None)
    told = words(head) if head is not None else ""
    label, title, place = pieces.entry(told)
    texts = [
        e for e in box.iter("div", "article") if "userstuff" in (e.get("class") or "").split() and not _in_note(e, box)
    ]
    summary = next(
        (e for e in box.iter("div") if e.get("id") == "summary" or "summary" in (e.get("class") or "").split()), None
    )
    notes = [
        e
        for e in box.iter("div")
        if "notes" in (e.get("class") or "").split() and "module" in (e.get("class") or "").split()
    ]
    before = [
        label_
        for note in notes
        if "end" not in (note.get("class") or "").split()
        for label_ in _userstuff(note, "Chapter Notes")
    ]
    after = [
        label_
        for note in notes
        if "end" in (note.get("class") or "").split()
        for label_ in _userstuff(note, "Chapter End Notes")
    ]
    made = pieces.part(
        page,
        texts[:1],
        title=Guess(title, "ao3.chapter-title", 0.99, told) if title else None,
        label=label,
        place=place or number,
        before=before,
        after=after,
        without=_landmarks(box),
    )
    return Part(
        lines=made.lines,
        title=made.title,
        label=label,
        place=made.place,
        labels=made.labels,
        after=made.after,
        summary=_userstuff_html(summary),
    )


def _in_note(element: HtmlElement, box: HtmlElement) -> bool:
    for above in element.iterancestors():
        if above is box:
            return False
        if set((above.get("class") or "").split()) & {"notes", "summary"}:
            return True
    return False


def _site_single(page: SavedPage) -> tuple[Part, ...]:
    boxes = [
        e
        for e in page.all("//*[@id='chapters']//*[contains(concat(' ',@class,' '),' userstuff ')]")
        if e.tag in ("div", "article")
    ]
    boxes = boxes or [
        e for e in page.all("//div[contains(concat(' ',@class,' '),' userstuff ')]") if not _in_note(e, page.body)
    ]
    return tuple(
        pieces.part(page, boxes[:1], place=1, without=[mark for box in boxes[:1] for mark in _landmarks(box)])
        for _ in boxes[:1]
    )


def _landmarks(box: HtmlElement) -> list[HtmlElement]:
    return [e for e in box.iter("h1", "h2", "h3", "h4") if "landmark" in (e.get("class") or "").split()]


def _modules(page: SavedPage) -> list[Label]:
    """Return the work's own summary and notes, which stand outside its chapters."""
    found: list[Label] = []
    for box in page.all(
        "//*[contains(@class,'module') and not(ancestor::*[contains(concat(' ',@class,' "
        "'),' chapter ')][ancestor::*[@id='chapters']])]"
    ):
        classes = (box.get("class") or "").split()
        if "summary" in classes:
            found += [Label("summary", label.label, label.text, label.html) for label in _userstuff(box, "Summary")]
        elif "notes" in classes and "end" in classes:
            found += [Label("after", label.label, label.text, label.html) for label in _userstuff(box, "End Notes")]
        elif "notes" in classes:
            found += _userstuff(box, "Notes")
    return found


def _userstuff(box: HtmlElement, label: str) -> list[Label]:
    quote = next((e for e in box.iter("blockquote", "div") if "userstuff" in (e.get("class") or "").split()), None)
    return pieces.note(label, quote, "notes") if quote is not None else []


def _userstuff_html(box: HtmlElement | None) -> str:
    found = _userstuff(box, "Summary") if box is not None else []
    return found[0].html if found else ""


# --- what both share -------------------------------------------------------------------------------------------


def _definitions(box: HtmlElement) -> list[Label]:
    """Return the facts of a definition list; tags are parted by semicolons, because commas occur inside them."""
    found: list[Label] = []
    name = ""
    for item in box.iter("dt", "dd"):
        if item.tag == "dt":
            name = words(item).rstrip(": ")
            continue
        if name.lower() == "stats":
            found += [] if item.find(".//dl") is not None else _stats(words(item))
            continue
        tags = [words(link) for link in item.iter("a") if words(link)]
        field = labels.field_of(name)
        if field and name.lower() not in ("series", "collections", "collection", "kudos"):
            value = " ; ".join([*tags, *([""] if field in labels.TAG_FIELDS else [])]) if tags else words(item)
            found.append(Label(field, name, value, value))
        elif name.lower() == "series":
            found.append(Label("part-of", name, words(item), words(item)))
    return found


def _stats(text: str) -> list[Label]:
    found = re.findall(r"(Published|Updated|Completed|Words|Chapters)\s*:\s*(\S+)", text)
    fields = {
        "Published": "published",
        "Updated": "updated",
        "Completed": "updated",
        "Words": "words",
        "Chapters": "chapters",
    }
    return [Label(fields[name], name, value, value) for name, value in found]


def _series(facts: list[Label]) -> Iterator[tuple[str, int]]:
    for label in facts:
        if label.field == "part-of":
            for number, title in re.findall(
                r"Part (\d+) of\s+(.+?)(?=,?\s*Part \d+ of|$|←|→|Previous|Next)", label.text
            ):
                yield re.sub(r"^(?:the\s+)?(.+?)(?:\s+series)?[\s,]*$", r"\1", title), int(number)


def _status(facts: list[Label]) -> str:
    told = next((label.text for label in facts if label.field == "chapters"), "")
    count = re.match(r"(\d+)/(\d+|\?)", told)
    if count is None:
        return ""
    return "complete" if count[1] == count[2] else "in progress"


def _planned(facts: list[Label]) -> int:
    told = next((label.text for label in facts if label.field == "chapters"), "")
    count = re.match(r"\d+/(\d+)", told)
    return int(count[1]) if count else 0


def _first(page: SavedPage, paths: tuple[str, ...], rule: str) -> Iterator[Guess]:
    for number, path in enumerate(paths):
        found = page.find(path)
        if found is not None and words(found):
            yield Guess(words(found), rule, 0.99 - 0.02 * number, words(found))


def _bylines(page: SavedPage, path: str) -> Iterator[Guess]:
    box = page.find(path)
    if box is None:
        return
    linked = [
        words(link)
        for link in box.iter("a")
        if "author" in (link.get("rel") or "") or "/users/" in (link.get("href") or "")
    ]
    for name in dict.fromkeys(linked) if linked else filter(None, [names.byline(words(box)) or names.tidy(words(box))]):
        yield Guess(name, "ao3.byline", 0.99, words(box))


def _posted_on(page: SavedPage) -> Guess | None:
    found = page.find("//*[@id='preface']//p[contains(@class,'message')]//a")
    return (
        Guess(words(found), "ao3.posted-on", 0.95, words(found))
        if found is not None and words(found) and "://" not in words(found)
        else None
    )


def _work(page: SavedPage) -> str:
    told = [
        page.address,
        *(a.get("href") or "" for a in page.all("//*[@id='preface']//p[contains(@class,'message')]//a")),
        *(a.get("href") or "" for a in page.all("//a[contains(@href,'/works/')]")[:40]),
    ]
    return next((work for address in told if (work := addresses.place(address).work).startswith("works/")), "")


def _person(page: SavedPage) -> str:
    link = page.find("//a[contains(@rel,'author')]")
    found = re.search(r"/users/([^/]+)", link.get("href") or "") if link is not None else None
    return f"users/{found[1]}" if found else ""
