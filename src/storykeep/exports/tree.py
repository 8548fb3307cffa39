"""Clean bodies as trees that every format can be written from, e-readers included.

Here ids become unique, links lead somewhere or become plain words, pictures are there or named in words, and gaps say
what they are. The allow-list of :mod:`storykeep.text.sanitise` made the bodies safe; nothing here may add to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from storykeep.exports import frame, language
from storykeep.exports.legal import legal
from storykeep.exports.links import absolute
from storykeep.exports.nesting import MODEL, fits, mend
from storykeep.exports.pictures import Picture, Pictures

_PARSER = etree.HTMLParser(huge_tree=True, no_network=True, encoding="utf-8", remove_comments=True, remove_pis=True)
_NOTABLE = etree.XPath("//*[@*] | //hr | //img | //a | //bdo")
_HEADINGS = ("h3", "h4", "h5", "h6")
_ANCHORS = etree.XPath("//*[@id] | //*[@href]")
_RENAMED = {
    "h1": "h3",
    "h2": "h3",
    "acronym": "abbr",
    "big": "span",
    "tt": "code",
    "strike": "s",
    "address": "div",
    "font": "span",
    "center": "div",
    "section": "div",
    "article": "div",
}
_OLD = etree.XPath("//" + " | //".join(_RENAMED))
_SILENT = etree.XPath(
    "//script | //style | //iframe | //object | //svg | //math | //template | //title | //head | //rp"
)
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,7})(?![0-9a-fA-F])|0*([0-9]{1,7})(?![0-9]));?")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TOKEN = re.compile(r"[A-Za-z][\w-]{0,40}")
_NUMBER = re.compile(r"\d{1,4}")


def beside(picture: Picture) -> str:
    """Return the address of a picture that lies in a folder beside the text."""
    return f"images/{picture.name}"


@dataclass(slots=True)
class Scene:
    """What the trees of one document share. ``base`` is the old address that relative links were relative to.

    ``scope`` stands before every id, so that chapters can share one document; ``place`` says where a picture is.
    ``shown`` collects the pictures that were found.
    """

    base: str = ""
    scope: str = ""
    pictures: Pictures | None = None
    place: Callable[[Picture], str] = beside
    shown: dict[str, Picture] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


def found(path: etree.XPath, root: etree._Element) -> list[etree._Element]:
    """Return the elements that ``path`` selects."""
    return cast("list[etree._Element]", path(root))  # noqa: SLF001 — lxml gives its element class no public name


def trees(bodies: Sequence[str], scene: Scene) -> tuple[etree._Element, ...]:
    """Return one ``body`` element for each of ``bodies``; they may link to each other.

    Every tree keeps to :data:`storykeep.exports.nesting.MODEL`, and its only attributes are ``class``, ``lang``,
    ``dir``, ``id``, ``title``, ``href``, ``src``, ``alt``, sizes, spans and the numbering of lists.
    """
    roots = [parse(body) for body in bodies]
    notable = [found(_NOTABLE, root) for root in roots]
    for elements in notable:
        _name_ids(elements, scene)
    for elements in notable:
        for element in elements:
            _dress(element, scene)
    settled = tuple(_settle(root) for root in roots)
    if scene.ids:
        _mark_footnotes(settled)
    return settled


def parse(body: str) -> etree._Element:
    """Return a clean body as a ``body`` element."""
    source = legal(body).replace("<wbr>", "")  # the parser takes it for an element with an inside
    if "&#" in source:
        source = _REFERENCE.sub(_referred, source)
    whole = etree.fromstring(source.encode(), _PARSER) if source.strip() else None
    root = whole.find("body") if whole is not None else None
    return etree.Element("body") if root is None else root


def _referred(found: re.Match[str]) -> str:
    """Return a numbered reference as it was, or what may stand for a letter that XML forbids."""
    number = int(found[1], 16) if found[1] else int(found[2])
    letter = chr(number) if number < 0x110000 else "\0"  # noqa: PLR2004 — the end of Unicode
    return found[0] if legal(letter) == letter else legal(letter)


def _settle(root: etree._Element) -> etree._Element:
    if not fits(root):
        _modernise(root)
        root = mend(root)
    for element in list(root.iter(*_SEQUENCES)):
        _SEQUENCES[str(element.tag)](element)
    _level(list(root.iter(*_HEADINGS)))
    return root


def _level(headings: Sequence[etree._Element]) -> None:
    """Let no heading skip a level: the first is ``h3``, one inside another's part the next."""
    above: list[str] = []
    for heading in headings:
        while above and above[-1] >= heading.tag:
            above.pop()
        above.append(str(heading.tag))
        heading.tag = f"h{min(2 + len(above), 6)}"


def _modernise(root: etree._Element) -> None:
    """Give old elements their names of today, and take out what was never words."""
    for element in found(_SILENT, root):
        _remove(element)
    for element in found(_OLD, root):
        if element.tag == "big":
            element.set("class", "large")
        element.tag = _RENAMED[str(element.tag)]


def _mark_footnotes(roots: Sequence[etree._Element]) -> None:
    """Give links to footnotes the class ``noteref``, the notes ``footnote``, and the links back ``backlink``."""
    elements = [element for root in roots for element in found(_ANCHORS, root)]
    targets = {element.get("id"): at for at, element in enumerate(elements) if element.get("id")}
    links = [(at, element) for at, element in enumerate(elements) if element.get("href", "").startswith("#")]
    for at, link in links:
        target = targets.get(link.get("href", "")[1:], -1)
        note = _block(elements[target])
        if target > at and _short(link) and note is not None and note is not _block(link):
            link.set("class", "noteref")
            _boxed(note).set("class", "footnote")
        elif 0 <= target < at and any(up.get("class") == "footnote" for up in link.iterancestors()):
            link.set("class", "backlink")


def _boxed(note: etree._Element) -> etree._Element:
    """Return the element that is the note: a list item can't be one, so what is in it gets a box."""
    if note.tag != "li":
        return note
    if len(note) and note[0].get("class") == "footnote":
        return note[0]
    box = etree.Element("div")
    box.text, note.text = note.text, None
    box.extend(list(note))
    note.append(box)
    if note.get("id"):
        box.set("id", note.get("id", ""))
        _drop(note, "id")
    return box


def _short(link: etree._Element) -> bool:
    return len("".join(map(str, link.itertext())).strip(" []()*†‡.")) <= 4  # noqa: PLR2004 — a number, not a chapter's name


def _block(element: etree._Element) -> etree._Element | None:
    """Return the paragraph or list item that ``element`` is or stands in."""
    around = (element, *element.iterancestors())
    return next((up for up in around if up.tag in {"p", "li", "dd", "div", "blockquote"}), None)


def _name_ids(elements: Sequence[etree._Element], scene: Scene) -> None:
    """Give every id its name in this document; a second one of the same name is dropped."""
    for element in elements:
        old = element.get("id") or (element.get("name") if element.tag == "a" else None)
        if old is None:
            continue
        new = scene.scope + "s-" + re.sub(r"[^A-Za-z0-9_.-]", "-", old.removeprefix("s-"))
        if old in scene.ids or new in scene.ids.values():
            _drop(element, "id")
        else:
            scene.ids[old] = new
            element.set("id", new)


def _dress(element: etree._Element, scene: Scene) -> None:
    """Keep the attributes that every format understands, in the form that the strictest one demands."""
    given = {str(name): legal(str(value)) for name, value in element.attrib.items()}
    element.attrib.clear()
    for name, value in given.items():
        kept = _KEPT.get(name, _nothing)(value)
        if kept:
            element.set(name, kept)
    if "lang" in element.attrib:
        element.set(_XML_LANG, element.get("lang", ""))  # EPUB wants it twice; HTML allows it
    own = _OWN.get(element.tag)
    if own:
        own(element, given, scene)


def _rule(element: etree._Element, given: dict[str, str], _scene: Scene) -> None:
    """A gap is said in words; every other rule is a scene break."""
    words = given.get("class", "").split()
    if "gap" not in words:
        return
    kind = next((word[4:] for word in words if word.startswith("gap-")), "unknown")
    element.tag, element.text = "p", frame.gap(kind)


def _link(element: etree._Element, given: dict[str, str], scene: Scene) -> None:
    href = given.get("href", "").strip()
    target = scene.ids.get(href[1:], "") if href.startswith("#") else ""
    inside = f"#{target}" if target else ""
    address = inside if href.startswith("#") else absolute(href, scene.base)
    if address:
        element.set("href", address)
        _drop(element, "name")
    else:
        element.tag = "span"


def _image(element: etree._Element, given: dict[str, str], scene: Scene) -> None:
    source = given.get("src", "")
    alt = given.get("alt", "") or (scene.pictures.alt(source) if scene.pictures else "")
    found = scene.pictures.find(source) if scene.pictures else None
    if found is None:
        element.attrib.clear()
        element.tag, element.text = "span", frame.picture(legal(alt), source)
        element.set("class", "image")
        return
    scene.shown[found.sha256] = found
    element.set("src", scene.place(found))
    element.set("alt", alt)
    for side in ("width", "height"):
        if _NUMBER.fullmatch(given.get(side, "")):
            element.set(side, given[side])


def _list(element: etree._Element, given: dict[str, str], _scene: Scene) -> None:
    if given.get("type") in {"1", "a", "A", "i", "I"}:
        element.set("type", given["type"])
    if re.fullmatch(r"-?\d{1,6}", given.get("start", "")):
        element.set("start", given["start"])
    if "reversed" in given:
        element.set("reversed", "reversed")


def _item(element: etree._Element, given: dict[str, str], _scene: Scene) -> None:
    parent = element.getparent()
    if parent is not None and parent.tag == "ol" and re.fullmatch(r"-?\d{1,6}", given.get("value", "")):
        element.set("value", given["value"])


def _cell(element: etree._Element, given: dict[str, str], _scene: Scene) -> None:
    for span in ("colspan", "rowspan"):
        number = given.get(span, "")
        if _NUMBER.fullmatch(number) and 1 < int(number) <= 100:  # noqa: PLR2004 — no honest table is wider
            element.set(span, number)
    if element.tag == "th" and given.get("scope") in {"row", "col", "rowgroup", "colgroup"}:
        element.set("scope", given["scope"])


def _turned(element: etree._Element, _given: dict[str, str], _scene: Scene) -> None:
    if element.get("dir") not in {"ltr", "rtl"}:
        element.tag = "bdi"


def _classes(value: str) -> str:
    return " ".join(dict.fromkeys(_TOKEN.findall(value)))


def _direction(value: str) -> str:
    return value.lower() if value.lower() in {"ltr", "rtl", "auto"} else ""


def _same(value: str) -> str:
    return value


def _nothing(_value: str) -> str:
    return ""


_KEPT: dict[str, Callable[[str], str]] = {
    "class": _classes,
    "lang": language.tag,
    "dir": _direction,
    "id": _same,
    "title": _same,
}
_OWN = {"hr": _rule, "a": _link, "img": _image, "ol": _list, "li": _item, "td": _cell, "th": _cell, "bdo": _turned}


def _ordered(element: etree._Element, form: str) -> bool:
    """Return whether the children come in the order of ``form``, a pattern over their tags, each ended by a space."""
    return re.fullmatch(form, "".join(f"{child.tag} " for child in element)) is not None


def _terms(element: etree._Element) -> None:
    if not _ordered(element, "((dt )+(dd )+)*"):
        _plain(element, {"dl": "div", "dt": "p", "dd": "div"})


def _table(element: etree._Element) -> None:
    sound = "(caption )?(colgroup )*(thead )?((tbody )*|(tr )+)(tfoot )?"
    if not _ordered(element, sound) or not len(element):
        for group in element.findall("colgroup"):
            _remove(group)
        own = ("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
        _plain(element, dict.fromkeys(own, "div"))


def _plain(element: etree._Element, names: dict[str, str]) -> None:
    """Turn a structure that is not one into plain blocks with the same words; one inside it stays as it is."""
    own = [child for child in element.iter(*names) if _nearest(child, str(element.tag)) is element]
    for child in own:
        child.tag = names[str(child.tag)]
        for name in ("colspan", "rowspan", "scope"):
            _drop(child, name)


def _nearest(child: etree._Element, tag: str) -> etree._Element | None:
    return child if child.tag == tag else next(child.iterancestors(tag), None)


def _ruby(element: etree._Element) -> None:
    """Words after the last reading leave the element; one without base or reading is no ruby."""
    readings = element.findall("rt")
    if not readings or element[-1].tag != "rt" or (element[0].tag == "rt" and not (element.text or "").strip()):
        element.tag = "span"
        for reading in readings:
            reading.tag = "span"
    else:
        element.tail = (readings[-1].tail or "") + (element.tail or "")
        readings[-1].tail = None


def _details(element: etree._Element) -> None:
    if not _ordered(element, "summary ((?!summary )[a-z0-9]+ )*") or (element.text or "").strip():
        element.tag = "div"
        for summary in element.findall("summary"):
            summary.tag = "p"


def _figure(element: etree._Element) -> None:
    other = "((?!figcaption )[a-z0-9]+ )*"
    if not _ordered(element, f"(figcaption )?{other}|{other}figcaption "):
        element.tag = "div"
        for caption in element.findall("figcaption"):
            caption.tag = "div"


_SEQUENCES = {"dl": _terms, "table": _table, "ruby": _ruby, "details": _details, "figure": _figure}


def _drop(element: etree._Element, name: str) -> None:
    if name in element.attrib:
        del element.attrib[name]


def _remove(element: etree._Element) -> None:
    """Take an element out with its words; what follows it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


assert set(_OWN) <= set(MODEL)  # noqa: S101 — both tables must name the same elements
