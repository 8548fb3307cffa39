"""Small readings that several recognisers share: labelled spans, chapter menus, links, lines of an element."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from storykeep.sources.pages import chapters, flow, furniture, inline, labels, names
from storykeep.sources.pages.draft import Guess, Part
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage, words
from storykeep.sources.pages.reading import Link


def part(  # noqa: PLR0913  # what a recogniser knows of a chapter
    page: SavedPage,
    boxes: Iterable[HtmlElement],
    *,
    title: Guess | None = None,
    label: str = "",
    place: int = 0,
    summary: str = "",
    before: Iterable[Label] = (),
    after: Iterable[Label] = (),
    without: Iterable[HtmlElement] = (),
    address: str = "",
) -> Part:
    """Return the words in ``boxes`` as one chapter, forms and menus inside them left out."""
    outside = frozenset(without) | furniture.containers(page)
    lines: list[Line] = []
    for box in boxes:
        lines.extend(flow.lines(box, without=outside - frozenset([box])))
    return Part(
        lines=tuple(lines),
        title=title,
        label=label,
        place=place,
        summary=summary,
        labels=tuple(before),
        after=tuple(after),
        address=address,
    )


def html_of(element: HtmlElement | None, *, without: Iterable[HtmlElement] = ()) -> str:
    """Return the words of an element as inline HTML, its lines parted by ``<br>``."""
    if element is None:
        return ""
    return "<br>".join(line.html for line in flow.lines(element, without=frozenset(without)) if line.kind is Kind.TEXT)


def note(label: str, element: HtmlElement | None, field: str = "") -> list[Label]:
    """Return a labelled note of an element's words, nothing when it has none."""
    html = html_of(element)
    bare = label.strip().rstrip(":").strip()
    return [Label(field or labels.field_of(bare) or "notes", bare, inline.plain(html), html)] if html else []


def spans(element: HtmlElement, mark: str = "label") -> list[Label]:
    """Return the facts in an element whose labels stand in ``<span class="label">``, glued or not."""
    found: list[Label] = []
    html = html_of(element)
    plain = inline.plain(html)
    at = 0
    starts: list[tuple[int, int, str]] = []
    for span in element.iter("span", "b", "strong", "td", "th"):
        said = words(span)
        if mark not in (span.get("class") or "").split() or not said:
            continue
        pattern = re.compile(r"[\s\u00a0]+".join(map(re.escape, said.split())))
        if place := pattern.search(plain, at):
            starts.append((place.start(), place.end(), said))
            at = place.end()
    for number, (_, value_at, said) in enumerate(starts):
        stop = starts[number + 1][0] if number + 1 < len(starts) else len(plain)
        value = inline.cut(html, value_at, stop)
        value = re.sub(r"^(?:<br>|\s|:)+|(?:<br>|\s)+$", "", value)
        name = said.rstrip(": ")
        if field := labels.field_of(name):
            found.append(Label(field, name, inline.plain(value).strip(), value))
    return found


def by_links(page: SavedPage, person: str, box: str = "") -> list[str]:
    """Return the labels of links to persons (``href`` contains ``person``) inside the XPath ``box``, each once."""
    found = page.all(f"{box}//a[contains(@href,'{person}')]")
    return list(dict.fromkeys(name for link in found if (name := names.tidy(words(link)))))


def menu(page: SavedPage, path: str) -> tuple[list[tuple[str, str]], int]:
    """Return a chapter menu as (value, label) pairs and the number (from 0) of the selected one, -1 for none."""
    select = page.find(path)
    if select is None:
        return [], -1
    options = list(select.iter("option"))
    chosen = next((n for n, option in enumerate(options) if option.get("selected") is not None), -1)
    return [
        (option.get("value") or "", re.sub(r"[\s\u00a0]+", " ", option.text or "").strip()) for option in options
    ], chosen


_NUMBERED = re.compile(r"^\(?(?P<number>\d{1,3})\s*[.):-]+\s*(?P<title>.*)$")


def entry(label: str, number: int = 0) -> tuple[str, str, int]:
    """Return (label, title, number) of a line in a chapter menu: "1. The Seventh Lamp", "Chapter 3: Low Tide".

    >>> entry("2. II. North of Nowhere"), entry("Chapter 3")
    (('', 'II. North of Nowhere', 2), ('Chapter 3', '', 3))
    """
    found = _NUMBERED.match(label)
    label = names.title_and_name(label)[0] if found and names.title_and_name(label)[0] and len(label) > 8 else label
    found = _NUMBERED.match(label)
    rest, place = (found["title"], int(found["number"])) if found else (label, number)
    heading = chapters.heading(rest)
    if heading:
        return heading.label, heading.title, heading.number or place
    return "", rest.strip(), place


def link(page: SavedPage, element: HtmlElement) -> Link:
    """Return a link with its label as printed and its whole address."""
    return Link(label=words(element), address=page.absolute(element.get("href") or ""))
