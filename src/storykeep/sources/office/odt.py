"""ODT: the text of an OpenDocument as HTML. Deleted words and comments are passed by."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from storykeep.model.errors import InputError
from storykeep.model.provenance import Finding
from storykeep.sources.office.writing import SMALL_CAPS, Paragraph, Writing, link, marks, words_of
from storykeep.sources.packages import Package
from storykeep.sources.strictxml import attribute, local, parse

Place = Callable[[str, str], str]
"""Keeps the picture that is a part (and has these words), returns its address; empty when it was left out."""

_SKIPPED = frozenset(
    (
        "tracked-changes",
        "annotation",
        "annotation-end",
        "forms",
        "sequence-decls",
        "note-citation",
        "alphabetical-index",
        "desc",
        "title",
        "table-of-content",
    )
)
_ALIGN = {"center": "center", "end": "right", "right": "right"}
_HEADING = re.compile(r"Heading_20_(\d)")


@dataclass(slots=True)
class Style:
    """A style with what it turns on and off, and the one it is based on."""

    base: str = ""
    align: str = ""
    on: set[str] = field(default_factory=set)
    off: set[str] = field(default_factory=set)


def read(package: Package, place: Place) -> tuple[str, list[Finding]]:
    """Return the text as HTML, with findings. Raises Unreadable when there is none."""
    root, tricks = parse(package.read("content.xml"), "content.xml")
    reading = _Reading(package, place)
    reading.findings.extend(tricks)
    reading.styles.update(_styles(root))
    body = next((one for one in root.iter() if local(one) == "text" and local(one.getparent()) == "body"), root)  # type: ignore[arg-type]
    reading.write(body)
    return reading.writing.finished(), reading.findings


class _Reading:
    """One text on its way to HTML."""

    def __init__(self, package: Package, place: Place) -> None:
        self.package, self.place = package, place
        self.findings: list[Finding] = []
        self.writing = Writing()
        self.styles: dict[str, Style] = {}
        try:
            root, _ = parse(package.read("styles.xml"), "styles.xml")
            self.styles = _styles(root)
        except InputError:
            pass  # the text says most itself; named styles then look like plain ones

    def write(self, body: etree._Element) -> None:
        """Write paragraphs and headings down in order, those in lists, sections and tables as well."""
        todo: list[tuple[etree._Element, str]] = [(body, "")]
        while todo:
            element, item = todo.pop()
            tag = local(element)
            if tag in ("p", "h"):
                self.writing.add(self._paragraph(element, item))
            elif tag not in _SKIPPED:
                inner = "ul" if tag == "list" else item
                todo.extend((one, inner) for one in reversed(element))

    def _paragraph(self, element: etree._Element, item: str = "") -> Paragraph:
        name = attribute(element, "style-name")
        style, names = self._style(name)
        heading = next((found for one in names if (found := _HEADING.match(one))), None)
        outline = attribute(element, "outline-level")
        level = int(outline) if outline.isdigit() else 1 if local(element) == "h" else int(heading[1]) if heading else 0
        title = "Title" in names
        paragraph = Paragraph(
            align=style.align, level=level, title=title, item="" if level else item, quoted="Quotations" in names
        )
        paragraph.rule = "Horizontal_20_Line" in names
        self._words(element, set() if level or title else style.on, paragraph)
        return paragraph

    def _style(self, name: str) -> tuple[Style, list[str]]:
        """Return a style with what it inherits, and the names of all that it is based on."""
        found, names = Style(), list[str]()
        for _ in range(12):
            names.append(name)
            style = self.styles.get(name)
            if style is None:
                break
            found.align = found.align or style.align
            found.on |= style.on - found.off
            found.off |= style.off
            name = style.base
        return found, names

    def _words(self, element: etree._Element, around: set[str], paragraph: Paragraph, address: str = "") -> None:
        """Put the words under ``element`` into ``paragraph``. Spans nest as deep as the parser allows, 256 at most."""
        found = marks([*around, *filter(None, [link(address)])])
        if element.text:
            paragraph.pieces.append((words_of(_collapsed(element.text)), found))
        for child in element:
            self._child(child, around, paragraph, address)
            if child.tail:
                paragraph.pieces.append((words_of(_collapsed(child.tail)), found))

    def _child(self, child: etree._Element, around: set[str], paragraph: Paragraph, address: str) -> None:
        tag = local(child)
        found = marks([*around, *filter(None, [link(address)])])
        if tag in ("line-break", "tab", "s"):
            count = attribute(child, "c")
            spaces = " " * min(int(count) if count.isdigit() else 1, 80)
            paragraph.pieces.append(
                (self.writing.place("<br>") if tag == "line-break" else "\t" if tag == "tab" else spaces, found)
            )
        elif tag == "note":
            body = next((one for one in child if local(one) == "note-body"), None)
            notes = [] if body is None else [self._paragraph(one) for one in body.iter() if local(one) in ("p", "h")]
            paragraph.pieces.append((self.writing.note(notes), ()))
        elif tag == "image":
            paragraph.pieces.append((self._picture(child), ()))
        elif tag not in _SKIPPED:
            style, _ = self._style(attribute(child, "style-name")) if tag == "span" else (Style(), [])
            inner = (around | style.on) - style.off
            self._words(child, inner, paragraph, attribute(child, "href") if tag == "a" else address)

    def _picture(self, image: etree._Element) -> str:
        frame = image.getparent()
        said = [one for one in (frame if frame is not None else ()) if local(one) in ("desc", "title")]
        alt = " ".join("".join(map(str, said[0].itertext())).split()) if said else ""
        part = self.package.find("content.xml", attribute(image, "href"))
        return self.writing.picture(self.place(part, alt) if part else "", alt)


def _collapsed(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text)


def _styles(root: etree._Element) -> dict[str, Style]:
    return {attribute(one, "name"): _one_style(one) for one in root.iter() if local(one) == "style"}


def _one_style(one: etree._Element) -> Style:
    style = Style(base=attribute(one, "parent-style-name"))
    for properties in one:
        if local(properties) == "text-properties":
            _text_marks(properties, style)
        elif local(properties) == "paragraph-properties":
            style.align = _ALIGN.get(attribute(properties, "text-align"), "")
    return style


def _text_marks(properties: etree._Element, style: Style) -> None:
    for key, value in properties.attrib.items():
        mark, turned = _mark(str(key).rpartition("}")[2], str(value))
        if mark:
            (style.on if turned else style.off).add(mark)


def _mark(name: str, value: str) -> tuple[str, bool]:
    """Return the mark that a property of text means, and whether it turns it on."""
    if name == "font-style":
        return "em", value in ("italic", "oblique")
    if name == "font-weight":
        return "strong", value == "bold" or (value.isdigit() and int(value[:4]) >= 600)  # noqa: PLR2004 — as in CSS
    if name in ("text-underline-style", "text-line-through-style"):
        return "u" if "under" in name else "s", value != "none"
    if name == "font-variant":
        return SMALL_CAPS, value == "small-caps"
    if name == "text-position":
        raised = value.strip().partition(" ")[0]
        lowered = raised.startswith(("sub", "-"))
        return "sub" if lowered else "sup", raised not in ("0%", "")
    return "", False
