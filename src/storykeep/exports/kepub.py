"""The EPUB as Kobo's own reader likes it: every sentence in a numbered span, so that it counts pages and keeps places.

It is the same book with the same words; other programs read it as well. Kobo knows it by the name ``….kepub.epub``.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from lxml import etree

from storykeep.exports import Images
from storykeep.exports.epub import assemble, pieces
from storykeep.exports.epub.container import Piece, inflated, piece
from storykeep.model.story import Story

_X = "{http://www.w3.org/1999/xhtml}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_BLOCKS = frozenset(_X + tag for tag in ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "td", "th", "div"))
_ALONE = frozenset(_X + tag for tag in ("img", "ruby"))
_WHOLE = frozenset(_X + tag for tag in ("ruby", "pre"))
_SENTENCE = re.compile(r".+?(?:[.!?…:。！？]+[\"'”’»)\]」』）]*(?:\s+|$|(?<=[。！？」』）]))|$)", re.DOTALL)


def write(story: Story, out: BinaryIO, *, images: Images | None = None) -> None:
    """Write ``story`` as an EPUB for Kobo, one chapter in memory at a time. Raises TooLarge over 4 GB."""
    assemble((_spanned(part) if _is_page(part) else part for part in pieces(story, images=images)), out)


def sentences(text: str) -> list[str]:
    """Return ``text`` cut behind each sentence; joined, the parts are the text again.

    >>> sentences("“Who?” said Ines. Nobody. ")
    ['“Who?” ', 'said Ines. ', 'Nobody. ']
    """
    return _SENTENCE.findall(text)


def _is_page(part: Piece) -> bool:
    return part.name.endswith(".xhtml") and not part.name.endswith("/nav.xhtml")


def _spanned(part: Piece) -> Piece:
    root = etree.fromstring(inflated(part), _PARSER)
    body = root.find(f"{_X}body")
    if body is None:
        return part
    _span(body, _Numbers())
    _wrap(body)
    text = etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype="<!DOCTYPE html>")
    return piece(part.name, text)


class _Numbers:
    """Counts blocks, and the sentences inside each."""

    def __init__(self) -> None:
        self.block = 0
        self.sentence = 0

    def next_block(self) -> None:
        self.block, self.sentence = self.block + 1, 0

    def next_id(self) -> str:
        self.sentence += 1
        return f"kobo.{max(self.block, 1)}.{self.sentence}"


def _span(element: etree._Element, numbers: _Numbers) -> None:
    """Put the words inside ``element``, and its pictures, into spans, in reading order."""
    if element.tag in _BLOCKS:
        numbers.next_block()
    if element.tag in _WHOLE:
        return
    lead, children = element.text, [(child, child.tail) for child in element]
    element.text = None
    for child, _ in children:
        element.remove(child)
    _say(element, lead, numbers)
    for child, tail in children:
        child.tail = None
        if child.tag in _ALONE:
            _new(element, numbers).append(child)
        else:
            element.append(child)
            _span(child, numbers)
        _say(element, tail, numbers)


def _say(element: etree._Element, words: str | None, numbers: _Numbers) -> None:
    """Add words at the end of ``element``, each sentence in its span; white space between blocks stays as it is."""
    if not words or words.isspace():
        if len(element):
            element[-1].tail = words
        else:
            element.text = words
        return
    for sentence in sentences(words):
        _new(element, numbers).text = sentence


def _new(element: etree._Element, numbers: _Numbers) -> etree._Element:
    return etree.SubElement(element, f"{_X}span", {"class": "koboSpan", "id": numbers.next_id()})


def _wrap(body: etree._Element) -> None:
    """Put what is in ``body`` into the two boxes that Kobo lays out in columns."""
    inside = list(body)
    columns = etree.SubElement(body, f"{_X}div", {"id": "book-columns"})
    inner = etree.SubElement(columns, f"{_X}div", {"id": "book-inner"})
    inner.extend(inside)
