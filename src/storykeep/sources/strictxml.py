"""XML from strangers: no entity is resolved, nothing is fetched, depth and size are bounded by the parser itself."""

from __future__ import annotations

import re

from lxml import etree

from storykeep.model.errors import Hostile, InputError, TooLarge, Unreadable
from storykeep.model.provenance import Finding, Severity

_DECLARED = re.compile(r"<!ENTITY\s", re.IGNORECASE)


def parse(data: bytes, name: str) -> tuple[etree._Element, tuple[Finding, ...]]:
    """Return the tree of the part ``name``, and a finding when it declares entities (what they stand for is gone).

    Raises Unreadable when it is no XML, nests deeper than 256 elements, or tries to expand without bounds.

    >>> parse(b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>a&x;b</r>", "r.xml")[0].xpath("string()")
    'ab'
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refusal(str(error), name) from error
    declared = _entities(root)
    etree.strip_tags(root, etree.Entity)
    return root, (trick(name),) if declared else ()


def _refusal(said: str, name: str) -> InputError:
    if "amplification" in said or ("entity" in said.lower() and "loop" in said):
        return Hostile(f"The part {name!r} grows without bounds when it is read. It was refused.")
    if "Excessive depth" in said:
        return TooLarge(f"The part {name!r} nests deeper than 256 elements. It was refused.")
    return Unreadable(f"The part {name!r} is no sound XML ({said[:200]}).")


def trick(name: str) -> Finding:
    """Return the finding for a part that declares entities, as attacks do."""
    return Finding(
        code="input.hostile",
        where=name,
        evidence="It declares entities of its own. They were not resolved, and nothing was fetched.",
        suggestion="Ask where the file comes from. The words around the entities were kept.",
        severity=Severity.DANGER,
    )


def without_doctype(source: str) -> tuple[str, bool]:
    """Return markup without its document type, and whether that declared entities.

    >>> without_doctype("<!DOCTYPE p [<!ENTITY x 'y'>]><p>&x;</p>")
    ('<p>&x;</p>', True)
    """
    start = re.search(r"<!doctype\b", source[:20_000], re.IGNORECASE)
    if start is None:
        return source, False
    opened, closed = source.find("[", start.end()), source.find(">", start.end())
    if opened < 0 or closed < opened:
        return (source[: start.start()] + source[closed + 1 :], False) if closed >= 0 else (source, False)
    end = re.compile(r"\]\s*>").search(source, opened)
    stop = end.end() if end else closed + 1
    return source[: start.start()] + source[stop:], _DECLARED.search(source, opened, stop) is not None


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its name without namespace; empty when it has none."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _entities(root: etree._Element) -> bool:
    internal = root.getroottree().docinfo.internalDTD
    return internal is not None and bool(list(internal.iterentities()))  # type: ignore[attr-defined] # the stubs lack it
