"""One text of a book: its tree with the meaning of its style sheets written to it, and its pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from storykeep.model.errors import InputError, TooLarge
from storykeep.model.provenance import Finding
from storykeep.sources.epub.styles import LARGEST, Sheet
from storykeep.sources.packages import Package
from storykeep.sources.strictxml import trick, without_doctype
from storykeep.text import markup, sanitise
from storykeep.text.decode import decode

_CLOSED = re.compile(
    r"<(?!br\b|hr\b|img\b|col\b|wbr\b|meta\b|link\b|input\b|image\b)([a-z][\w:-]*)((?:\s[^<>]*?)?)/>", re.IGNORECASE
)
_EMPTY_ENDS = re.compile(r"</(?:br|hr|img|col|wbr|meta|link|input|image)\s*>", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)")
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")


@dataclass(slots=True)
class Text:
    """A text of the reading order."""

    name: str
    root: HtmlElement

    @property
    def body(self) -> HtmlElement:
        found = self.root.find("body")
        return found if found is not None else self.root

    @property
    def words(self) -> int:
        return len(self.body.text_content().split())

    def meta(self, name: str) -> str:
        """Return the content of a ``<meta>``; empty when there is none."""
        found = (one.get("content") or "" for one in self.root.iter("meta") if (one.get("name") or "").lower() == name)
        return next(found, "").strip()

    def with_class(self, name: str) -> list[HtmlElement]:
        return [
            one for one in self.root.iter() if isinstance(one.tag, str) and name in (one.get("class") or "").split()
        ]

    def types(self) -> frozenset[str]:
        """Return the EPUB types and the classes of the body and of the first things in it, in lower case."""
        found: set[str] = set()
        element: HtmlElement | None = self.body
        for _ in range(4):
            if element is None:
                break
            words = " ".join(element.get(name) or "" for name in ("epub:type", "class", "role", "id"))
            found.update(words.lower().replace("doc-", "").split())
            element = next((one for one in element if isinstance(one.tag, str)), None)
        return frozenset(found)

    def show(self, place: Callable[[str, str], str]) -> None:
        """Make every picture show what ``place`` (of its address and its words) gives, or say its words instead."""
        for element in list(self.root.iter("img", "image")):
            href = element.get("src") or element.get("xlink:href") or element.get("href") or ""
            alt = " ".join((element.get("alt") or "").split())
            found = place(href, alt)
            for key in list(element.attrib):
                del element.attrib[key]
            element.tag = "img" if found else "span"
            if found:
                element.set("src", found)
                element.set("alt", alt)
            elif alt:
                element.text = f"[image: {alt}]"
        for drawing in list(self.root.iter("svg")):
            if drawing.find(".//img") is not None:
                drawing.tag = "span"


def texts(name: str, package: Package) -> tuple[Text, tuple[Finding, ...]]:
    """Return a text of the book. Raises InputError when it can't be read; scripts in it are never carried out."""
    data = package.read(name)
    if len(data) > 2 * sanitise.LIMIT:
        raise TooLarge(f"The part {name!r} has {len(data) >> 20} MB of text; {sanitise.LIMIT >> 20} MB is the limit.")
    found = _DECLARED.search(data[:400])
    source = decode(data, declared=found[1].decode("ascii") if found else "utf-8").text
    source, declares = without_doctype(_PROLOGUE.sub("", source))
    root = markup.parse(_EMPTY_ENDS.sub("", _CLOSED.sub(r"<\1\2></\1>", source)))
    _sheet(root, name, package).apply(root)
    etree.strip_elements(root, "script", "style", "iframe", "object", "embed", with_tail=False)
    for span in [one for one in root.iter("span") if "koboSpan" in (one.get("class") or "")]:
        span.drop_tag()  # Kobo counts sentences with them
    for rule in [one for one in root.iter("hr") if _in_notes(one)]:
        rule.drop_tree()
    return Text(name, root), (trick(name),) if declares else ()


def _in_notes(rule: HtmlElement) -> bool:
    """Say whether a rule stands above the notes of a chapter, where it is no break between scenes."""
    above = rule.getparent()
    said = f"{above.get('class') or ''} {above.get('epub:type') or ''}" if above is not None else ""
    return "footnotes" in said or "endnotes" in said


def _sheet(root: HtmlElement, name: str, package: Package) -> Sheet:
    sheet = Sheet()
    for link in list(root.iter("link"))[:20]:
        part = package.find(name, link.get("href") or "")
        if "stylesheet" in (link.get("rel") or "") and part:
            try:
                sheet.add(package.read(part, LARGEST).decode("utf-8", "replace"))
            except InputError:
                continue  # how a book looks is not worth a word when it is broken
    for style in root.iter("style"):
        sheet.add(style.text_content())
    return sheet
