"""DOCX: the main part of a Word document as HTML. What was deleted stays deleted; nothing is carried out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from storykeep.model.errors import InputError, Unreadable
from storykeep.model.provenance import Finding
from storykeep.sources.office.writing import SMALL_CAPS, Paragraph, Writing, link, marks, words_of
from storykeep.sources.packages import Package
from storykeep.sources.strictxml import attribute, local, parse

Place = Callable[[str, str], str]
"""Keeps the picture that is a part (and has these words), returns its address; empty when it was left out."""

_MAIN = "word/document.xml"
_OFF = frozenset(("0", "false", "off", "none", "nil"))
_SIMPLE = {"b": "strong", "i": "em", "u": "u", "strike": "s", "dstrike": "s", "smallCaps": SMALL_CAPS}
_ALIGN = {"center": "center", "right": "right", "end": "right"}
_SKIPPED = frozenset(
    ("del", "moveFrom", "instrText", "delText", "Choice", "sectPr", "rPr", "pPr", "tblPr", "trPr", "tcPr", "comment")
)
_HEADING = re.compile(r"(?:heading|überschrift|titre|t[ií]tulo|kop|rubrik|otsikko|overskrift)\s*(\d)", re.IGNORECASE)
_TITLES = frozenset(("title", "titel", "titre", "título", "titolo"))
_QUOTES = re.compile(r"quote|block ?text|zitat|citation", re.IGNORECASE)


@dataclass(slots=True)
class Style:
    """A named style: what it is based on, what level of heading, which marks and alignment it gives."""

    name: str = ""
    base: str = ""
    level: int = 0
    align: str = ""
    on: set[str] = field(default_factory=set)
    off: set[str] = field(default_factory=set)


def main_part(package: Package) -> str:
    """Return the name of the document's main part; empty when the package is no Word document."""
    if package.find("", _MAIN):
        return package.find("", _MAIN)
    try:
        links = _relations(package, "")
    except InputError:
        return ""
    found = next((target for kind, target in links.values() if kind.endswith("/officeDocument")), "")
    return (
        found
        if found.endswith(".xml")
        and "/worksheets" not in found
        and "workbook" not in found
        and "presentation" not in found
        else ""
    )


def read(package: Package, place: Place) -> tuple[str, list[Finding]]:
    """Return the document as HTML, with findings. Raises Unreadable when its main part is none."""
    main = main_part(package)
    root, tricks = parse(package.read(main), main)
    if not any(local(one) == "p" for one in root.iter()):
        raise Unreadable("There are no paragraphs in this document.")
    reading = _Reading(package, main, place, list(tricks))
    reading.write(root)
    return reading.writing.finished(), reading.findings


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Return (kind, target) by id: a part's name, or an address elsewhere when that is what it says."""
    folder, _, leaf = part.rpartition("/")
    name = package.find("", f"{folder}/_rels/{leaf}.rels" if folder else f"_rels/{leaf}.rels")
    if not name:
        return {}
    root, _ = parse(package.read(name), name)
    found = {}
    for one in root:
        target = attribute(one, "Target")
        outside = attribute(one, "TargetMode") == "External"
        found[attribute(one, "Id")] = (attribute(one, "Type"), target if outside else package.find(part, target))
    return found


class _Reading:
    """One document on its way to HTML."""

    def __init__(self, package: Package, main: str, place: Place, findings: list[Finding]) -> None:
        self.package, self.place, self.findings = package, place, findings
        self.writing = Writing()
        self.links = _relations(package, main)
        self.styles = _styles(self._part("/styles"))
        self.notes = {**self._notes("footnote"), **self._notes("endnote")}
        self.inside = 0

    def write(self, root: etree._Element) -> None:
        """Write every paragraph down, in order; the cells of tables one after the other."""
        for element in _paragraphs(root):
            self.writing.add(self._paragraph(element))

    def _part(self, kind: str) -> etree._Element | None:
        """Return the tree of the part with this kind of relation; None when it is missing or broken."""
        name = next((target for found, target in self.links.values() if found.endswith(kind)), "")
        try:
            return parse(self.package.read(name), name)[0] if name else None
        except InputError:
            return None

    def _notes(self, kind: str) -> dict[str, etree._Element]:
        root = self._part(f"/{kind}s")
        found = [] if root is None else [one for one in root if local(one) == kind and not attribute(one, "type")]
        return {f"{kind} {attribute(one, 'id')}": one for one in found}

    def _paragraph(self, element: etree._Element) -> Paragraph:
        given = next((one for one in element if local(one) == "pPr"), None)
        style = self._style(_value(given, "pStyle"))
        outline = _value(given, "outlineLvl")
        level = style.level or (int(outline) + 1 if outline.isdigit() and int(outline) < 6 else 0)  # noqa: PLR2004 — h6
        paragraph = Paragraph(
            align=_ALIGN.get(_value(given, "jc"), "" if _value(given, "jc") else style.align),
            level=level,
            title=style.name.lower() in _TITLES,
            item="ul" if given is not None and not level and any(local(one) == "numPr" for one in given) else "",
            quoted=bool(_QUOTES.search(style.name)),
        )
        paragraph.rule = _is_rule(element, given)
        own = set() if level or paragraph.title else style.on
        for run, address in _runs(element, self.links):
            paragraph.pieces += self._run(run, own, address)
        return paragraph

    def _style(self, name: str) -> Style:
        """Return a style with what it inherits."""
        found = Style()
        for _ in range(12):
            style = self.styles.get(name)
            if style is None:
                break
            found.name = found.name or style.name
            found.level = found.level or style.level
            found.align = found.align or style.align
            found.on |= style.on - found.off
            found.off |= style.off
            name = style.base
        return found

    def _run(self, run: etree._Element, around: set[str], address: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        given = next((one for one in run if local(one) == "rPr"), None)
        named = self._style(_value(given, "rStyle"))
        on, off = _marks(given)
        told = (around | named.on | on) - off
        if named.name.lower().startswith("hyperlink"):
            told -= {"u"}
        if any(local(one).endswith("Reference") for one in run):
            told -= {"sup"}  # the call of a note is raised anyway
        found = marks([*told, *filter(None, [link(address)])])
        for one in run.iter():
            if words := self._words(one):
                yield words, found

    def _words(self, one: etree._Element) -> str:
        tag = local(one)
        if tag == "t":
            return words_of(one.text or "")
        if tag in ("br", "cr"):
            return self.writing.place("<br>") if attribute(one, "type") not in ("page", "column") else ""
        if tag in ("tab", "noBreakHyphen", "softHyphen"):
            return {"tab": "\t", "noBreakHyphen": "\u2011"}.get(tag, "")
        if tag in ("footnoteReference", "endnoteReference"):
            return self._note(f"{tag.removesuffix('Reference')} {attribute(one, 'id')}")
        if tag in ("blip", "imagedata"):
            return self._picture(one)
        return ""

    def _note(self, key: str) -> str:
        note = self.notes.pop(key, None)  # each is called once, so that no note can call itself
        return "" if note is None else self.writing.note([self._paragraph(one) for one in _paragraphs(note)])

    def _picture(self, one: etree._Element) -> str:
        target = self.links.get(attribute(one, "embed") or attribute(one, "id"), ("", ""))[1]
        alt = next(
            (attribute(near, "descr") for near in one.iterancestors() for near in near if local(near) == "docPr"), ""
        )
        address = self.place(target, alt) if target and "://" not in target else ""
        return self.writing.picture(address, " ".join(alt.split()))


def _is_rule(paragraph: etree._Element, given: etree._Element | None) -> bool:
    """Say whether a paragraph is only a line across the page, drawn as a shape or as a border."""
    drawn = any(local(one) == "rect" and attribute(one, "hr") in ("t", "true", "1") for one in paragraph.iter())
    return drawn or (given is not None and any(local(one) == "pBdr" for one in given))


def _paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs below ``root``; what was deleted and what is there twice is passed by."""
    todo = [root]
    while todo:
        element = todo.pop()
        if local(element) == "p" and element is not root:
            yield element
        elif local(element) not in _SKIPPED:
            todo.extend(reversed(element))


def _runs(paragraph: etree._Element, links: dict[str, tuple[str, str]]) -> Iterator[tuple[etree._Element, str]]:
    """Yield the runs of a paragraph, each with the address that it leads to."""
    todo: list[tuple[etree._Element, str]] = [(one, "") for one in reversed(paragraph)]
    while todo:
        element, address = todo.pop()
        tag = local(element)
        if tag == "r":
            yield element, address
        elif tag not in _SKIPPED:
            inner = links.get(attribute(element, "id"), ("", ""))[1] if tag == "hyperlink" else address
            todo.extend((one, inner) for one in reversed(element))


def _styles(root: etree._Element | None) -> dict[str, Style]:
    found: dict[str, Style] = {}
    for one in root if root is not None else ():
        if local(one) == "style":
            found[attribute(one, "styleId")] = _one_style(one)
    return found


def _one_style(one: etree._Element) -> Style:
    properties = next((child for child in one if local(child) == "pPr"), None)
    on, off = _marks(next((child for child in one if local(child) == "rPr"), None))
    name = _value(one, "name")
    outline = _value(properties, "outlineLvl")
    said = _HEADING.match(name)
    level = int(said[1]) if said else int(outline) + 1 if outline.isdigit() and int(outline) < 6 else 0  # noqa: PLR2004 — h6
    return Style(name, _value(one, "basedOn"), level, _ALIGN.get(_value(properties, "jc"), ""), on, off)


def _value(parent: etree._Element | None, name: str) -> str:
    return "" if parent is None else next((attribute(one, "val") for one in parent if local(one) == name), "")


def _marks(given: etree._Element | None) -> tuple[set[str], set[str]]:
    """Return the marks that properties turn on and off."""
    on: set[str] = set()
    off: set[str] = set()
    for one in given if given is not None else ():
        value = attribute(one, "val").lower()
        if mark := _SIMPLE.get(local(one)):
            (off if value in _OFF else on).add(mark)
        elif local(one) == "vertAlign" and value in ("superscript", "subscript"):
            on.add(value[:3])
    return on, off
