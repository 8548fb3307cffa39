"""A saved page, opened: its bytes as text, its tree, its visible lines, and what it says of its own address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import cast

from lxml.html import HtmlElement

from storykeep.model.errors import Unreadable
from storykeep.model.provenance import Capture, Finding
from storykeep.sources.pages import address as addresses
from storykeep.sources.pages.flow import Line, lines
from storykeep.sources.pages.nesting import straightened
from storykeep.text import decode, markup

_TAGS = re.compile(
    r"<(?:!doctype|html|head|title|body|meta|p|br|div|table|font|center|h[1-6]|pre|a|hr|b|i)\b[^>]*>|<!--",
    re.IGNORECASE,
)
_SIGNATURES = (
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"%PDF",
    b"\x1f\x8b",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"MZ\x90",
)
SAMPLE = 60_000
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True)
class SavedPage:
    """One saved page. ``source`` is its decoded text; ``tree`` is None for a plain text."""

    capture: Capture
    source: str
    tree: HtmlElement | None
    address: str = ""
    origin: addresses.Origin = field(default_factory=addresses.Origin)
    findings: tuple[Finding, ...] = ()
    memory: dict[str, frozenset[HtmlElement]] = field(default_factory=dict, compare=False)

    @cached_property
    def sample(self) -> str:
        """The start and the end of the source, where software signs its work."""
        return self.source if len(self.source) < 2 * SAMPLE else f"{self.source[:SAMPLE]}\n{self.source[-SAMPLE:]}"

    @cached_property
    def body(self) -> HtmlElement:
        tree = self.html
        found = tree.find("body")
        return found if found is not None else tree

    @property
    def html(self) -> HtmlElement:
        if self.tree is None:
            raise Unreadable("This page is plain text and has no elements.")
        return self.tree

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All visible lines of the page; those of a plain text are numbered as in the file."""
        return lines(self.body) if self.tree is not None else plain_lines(self.source)

    def outside(self, without: frozenset[HtmlElement]) -> tuple[Line, ...]:
        """Return the lines that stand in none of the elements in ``without``."""
        if not without:
            return self.lines
        hidden: dict[HtmlElement, bool] = {}
        return tuple(line for line in self.lines if not _is_inside(line.element, without, hidden))

    @cached_property
    def title_tag(self) -> str:
        """The words of ``<title>``, spaces collapsed."""
        found = self.html.find(".//title") if self.tree is not None else None
        return words(found) if found is not None else ""

    @cached_property
    def comments(self) -> str:
        """The words in comments, where old software signs its work."""
        return "\n".join(found[:300] for found in re.findall(r"<!--(.*?)-->", self.sample, re.DOTALL)[:400])

    def meta(self, name: str) -> str:
        """Return the content of the ``<meta>`` called ``name``, any case."""
        for element in self.html.iter("meta"):
            if (element.get("name") or element.get("property") or "").lower() == name:
                return (element.get("content") or "").strip()
        return ""

    def find(self, path: str) -> HtmlElement | None:
        """Return the first element at an XPath, or None."""
        return next(iter(self.all(path)), None)

    def all(self, path: str) -> list[HtmlElement]:
        """Return the elements at an XPath."""
        if self.tree is None:
            return []
        found = self.tree.xpath(path)
        return [cast("HtmlElement", item) for item in found if hasattr(item, "tag")] if isinstance(found, list) else []

    def absolute(self, href: str) -> str:
        """Return a link of this page as a whole address, the Wayback Machine's taken off."""
        return addresses.absolute(href, self.address)


def plain_lines(source: str) -> tuple[Line, ...]:
    """Return the lines of a plain text, one for each, numbered as in the file."""
    return lines(markup.parse(f"<pre>{escape(source, quote=False)}</pre>"))


def _is_inside(element: HtmlElement, boxes: frozenset[HtmlElement], known: dict[HtmlElement, bool]) -> bool:
    """Say whether ``element`` is one of ``boxes`` or stands in one; ``known`` keeps the answers."""
    passed: list[HtmlElement] = []
    node: HtmlElement | None = element
    answer = False
    while node is not None:
        if node in known:
            answer = known[node]
            break
        passed.append(node)
        if node in boxes:
            answer = True
            break
        node = node.getparent()
    known.update(dict.fromkeys(passed, answer))
    return answer


def opened(data: bytes, capture: Capture) -> SavedPage:
    """Return ``data`` opened. Raises Unreadable when it is no page and no text, with what to do next."""
    _refuse_binary(data)
    found = _CHARSET.search(data[:8192])
    declared = capture.declared_encoding or (found[1].decode("ascii", "replace") if found else "")
    decoded = decode.decode(data, declared=declared)
    source = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if not source.strip():
        raise Unreadable("This file holds no words. It is kept; there is nothing to read in it.")
    origin = addresses.origin(source)
    tree = _chromeless(markup.parse(straightened(_without_archive_marks(source)))) if is_html(source) else None
    known = _known(capture, decoded.encoding, declared, origin)
    return SavedPage(known, source, tree, known.address, origin, decoded.findings)


def _known(capture: Capture, encoding: str, declared: str, origin: addresses.Origin) -> Capture:
    """Return the capture with what its own bytes tell; what was known before stays."""
    return Capture(
        sha256=capture.sha256,
        path=capture.path,
        address=addresses.unwrapped(capture.address) if capture.address else origin.address,
        captured_at=capture.captured_at or origin.captured_at,
        media_type=capture.media_type,
        size=capture.size,
        declared_encoding=declared,
        encoding=encoding,
    )


def is_html(source: str) -> bool:
    """Say whether a text is HTML: it has several tags in its head, or some all over.

    >>> is_html("<p>One<p>Two<br>Three"), is_html("Dear <anna@example.org>, I <3 you")
    (True, False)
    """
    found = _TAGS.findall(source[:20_000])
    return len(found) >= 3 or bool(re.match(r"\s*<(?:!doctype\s+html|html)\b", source, re.IGNORECASE))


def _refuse_binary(data: bytes) -> None:
    if not data:
        raise Unreadable("This file is empty. If the archive's own copy is not, bring it again.")
    if data.startswith(_SIGNATURES):
        raise Unreadable("This is not a page or a text but another kind of file. Bring pages saved as HTML or text.")
    head = data[:4096]
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and head.count(b"\0") > 0.02 * len(head):
        raise Unreadable("These bytes are not text. The file is kept as it is; nothing was read from it.")


_BETWEEN = re.compile(
    r"<!--\s*BEGIN WAYBACK TOOLBAR INSERT\s*-->.*?<!--\s*END WAYBACK TOOLBAR INSERT\s*-->", re.DOTALL | re.IGNORECASE
)
_HOST_ADVERT = re.compile(
    (
        r"<!--\s*(?:BEGIN|START|'\")[^>]{0,80}?(?:geocities|tripod|angelfire|lycos|yahoo|"
        r"bravenet|adspace|banner)[^>]*?-->.{0,6000}?<!--\s*(?:END|STOP|/)[^>]*?-->"
    ),
    re.DOTALL | re.IGNORECASE,
)


def _without_archive_marks(source: str) -> str:
    return _HOST_ADVERT.sub("", _BETWEEN.sub("", source))


_CHROME = re.compile(
    (
        r"^(?:wm-ipp|wm-ipp-base|wm-ipp-print|wm-toolbar|donato|__wb_\w+|playback|wm-capinfo|"
        r"wm-share)$|^(?:goog-te|translate)"
    ),
    re.IGNORECASE,
)


def _chromeless(tree: HtmlElement) -> HtmlElement:
    """Take out what the saver put in: the Wayback Machine's toolbar and the like, with their ids."""
    for element in list(tree.iter()):
        if (
            isinstance(element.tag, str)
            and element.get("id")
            and _CHROME.match(element.get("id") or "")
            and element.getparent() is not None
        ):
            element.drop_tree()
    return tree


def words(element: HtmlElement) -> str:
    """Return the words under an element, spaces collapsed.

    >>> words(markup.parse("<p>One <b>two</b></p>"))
    'One two'
    """
    return re.sub(r"[\s\u00a0]+", " ", element.text_content()).strip()
