"""What an EPUB says of itself: its package document, the reading order, and the tables of contents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from storykeep.model.errors import InputError, Unreadable
from storykeep.model.provenance import Finding, Severity
from storykeep.sources.packages import Package
from storykeep.sources.strictxml import attribute, local, parse

CONTAINER = "META-INF/container.xml"
_TEXTS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents: the part it leads to, the place in it, and its words."""

    name: str
    fragment: str
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the manifest, by its name in the zip."""

    name: str
    media_type: str
    properties: str = ""
    linear: bool = True


@dataclass(slots=True, kw_only=True)
class Book:
    """The package document, read. ``facts`` are (name, value, refinements) of the metadata, in order."""

    name: str
    facts: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    spine: list[Item] = field(default_factory=list)
    cover: str = ""
    contents: list[Entry] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        """Return the values of a metadata element (``title``), as printed."""
        return [value for key, value, _ in self.facts if key == name and value]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")


def opened(package: Package) -> Book:
    """Return what the package says. Raises Unreadable when nothing leads to its texts."""
    findings: list[Finding] = []
    name = _rootfile(package, findings)
    root, tricks = parse(package.read(name), name)
    book = Book(name=name, findings=[*findings, *tricks])
    book.facts = list(_facts(root))
    items = _manifest(root, package, book)
    book.spine = list(_spine(root, items))
    book.cover = _cover(root, items)
    book.kinds = dict(_guide(root, package, name))
    _contents(root, items, package, book)
    return book


def _rootfile(package: Package, findings: list[Finding]) -> str:
    """Return the name of the package document: as the container says, else the only one that there is."""
    try:
        root, tricks = parse(package.read(CONTAINER), CONTAINER)
        findings.extend(tricks)
        stated = [attribute(one, "full-path") for one in root.iter() if local(one) == "rootfile"]
    except InputError as error:
        stated, findings[:] = [], [*findings, lost(CONTAINER, str(error))]
    for path in stated:
        if found := package.find("", path):
            return found
        findings.append(lost(CONTAINER, f"It leads to {path[:100]!r}, which is not in this book."))
    found = next((name for name in package.names if name.lower().endswith(".opf")), "")
    if not found:
        raise Unreadable("This EPUB has no package document, so nothing says what is in it. Look for another copy.")
    return found


def _facts(root: etree._Element) -> Iterator[tuple[str, str, dict[str, str]]]:
    metadata = next((one for one in root.iter() if local(one) == "metadata"), None)
    if metadata is None:
        return
    refined: dict[str, dict[str, str]] = {}
    for one in metadata.iter():
        if local(one) == "meta" and (target := attribute(one, "refines")):
            refined.setdefault(target.lstrip("#"), {})[attribute(one, "property")] = _words(one)
    for one in metadata.iter():
        if local(one) in ("metadata", "dc-metadata", "x-metadata") or attribute(one, "refines"):
            continue
        own = {str(key).rpartition("}")[2]: str(value) for key, value in one.attrib.items()}
        if local(one) == "meta":
            name = attribute(one, "name") or attribute(one, "property")
            value = attribute(one, "content") or _words(one)
            yield (
                name.rpartition(":")[2] if name.startswith(("dc:", "dcterms:")) else name,
                value,
                {**own, **refined.get(own.get("id", ""), {})},
            )
        else:
            yield local(one).lower(), _words(one), {**own, **refined.get(own.get("id", ""), {})}


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _manifest(root: etree._Element, package: Package, book: Book) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for one in root.iter():
        if local(one) != "item":
            continue
        href = attribute(one, "href")
        found = package.find(book.name, href)
        if found:
            items[attribute(one, "id")] = Item(found, attribute(one, "media-type"), attribute(one, "properties"))
        else:
            book.findings.append(lost(book.name, f"It names {href[:100]!r}, which is not in this book."))
    return items


def _spine(root: etree._Element, items: dict[str, Item]) -> Iterator[Item]:
    """Yield the texts in reading order, each once; where there is no order, that of the manifest."""
    references = [attribute(one, "idref") for one in root.iter() if local(one) == "itemref"]
    seen: set[str] = set()
    for reference in references or list(items):
        item = items.get(reference)
        if item is None or item.name in seen:
            continue
        if item.media_type in _TEXTS or item.name.lower().endswith((".xhtml", ".html", ".htm", ".xml")):
            seen.add(item.name)
            yield item


def _cover(root: etree._Element, items: dict[str, Item]) -> str:
    """Return the part that is the picture of the cover; empty when there is none."""
    for item in items.values():
        if "cover-image" in item.properties.split():
            return item.name
    stated = [
        attribute(one, "content") for one in root.iter() if local(one) == "meta" and attribute(one, "name") == "cover"
    ]
    return next((items[one].name for one in stated if one in items and items[one].media_type.startswith("image/")), "")


def _guide(root: etree._Element, package: Package, base: str) -> Iterator[tuple[str, str]]:
    for one in root.iter():
        if local(one) == "reference" and (found := package.find(base, attribute(one, "href"))):
            yield found, attribute(one, "type").lower()


def _contents(root: etree._Element, items: dict[str, Item], package: Package, book: Book) -> None:
    """Read the navigation document, else the NCX."""
    toc = next((attribute(one, "toc") for one in root.iter() if local(one) == "spine"), "")
    nav = [item for item in items.values() if "nav" in item.properties.split()]
    ncx = [items[toc]] if toc in items else [i for i in items.values() if i.media_type == "application/x-dtbncx+xml"]
    for item, read in [*((one, _nav) for one in nav), *((one, _ncx) for one in ncx)]:
        try:
            tree, tricks = parse(package.read(item.name), item.name)
        except InputError as error:
            book.findings.append(lost(item.name, str(error)))
            continue
        book.findings.extend(tricks)
        book.contents = list(read(tree, package, item.name))
        if book.contents:
            return


def _nav(tree: etree._Element, package: Package, base: str) -> Iterator[Entry]:
    navs = [one for one in tree.iter() if local(one) == "nav"]
    own = next((one for one in navs if "toc" in attribute(one, "type").split()), navs[0] if navs else None)
    for link in own.iter() if own is not None else ():
        if local(link) == "a":
            yield from _entry(package, base, attribute(link, "href"), _words(link))


def _ncx(tree: etree._Element, package: Package, base: str) -> Iterator[Entry]:
    for point in tree.iter():
        if local(point) != "navPoint":
            continue
        label = next((_words(one) for one in point if local(one) == "navLabel"), "")
        source = next((attribute(one, "src") for one in point if local(one) == "content"), "")
        yield from _entry(package, base, source, label)


def _entry(package: Package, base: str, href: str, label: str) -> Iterator[Entry]:
    if found := package.find(base, href):
        yield Entry(found, href.partition("#")[2], label)


def lost(where: str, reason: str, code: str = "epub.part-missing") -> Finding:
    """Return the finding for a part that could not be read."""
    return Finding(
        code=code,
        where=where,
        evidence=reason,
        suggestion="The rest of the book was read. Look for another copy of it.",
        severity=Severity.LOSS,
    )
