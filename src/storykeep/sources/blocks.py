"""The blocks of a document in reading order: what wraps them is opened, loose words become paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.html import Element, HtmlElement

from storykeep.text import markup

_WRAPPERS = frozenset("body div section article main header footer center form hgroup".split())
_KEPT_WHOLE = re.compile(r"(?:^|\s)(?:lines|poem)(?:\s|$)")
_ALIGN = re.compile(r"text-align\s*:\s*(center|right)", re.IGNORECASE)
_SKIPPED = frozenset("script style head title template noscript".split())


@dataclass(slots=True)
class Block:
    """One block; ``ids`` are those of the wrappers that began with it."""

    element: HtmlElement
    ids: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """Its words, spaces collapsed."""
        return " ".join(self.element.text_content().split())

    def has_id(self, name: str) -> bool:
        return name in self.ids or any(name in (one.get("id"), one.get("name")) for one in self.element.iter())


def blocks_of(root: HtmlElement) -> list[Block]:
    """Return the blocks under ``root``. Alignment that a wrapper asked for is handed down.

    >>> [block.text for block in blocks_of(markup.parse("<div>One<p>Two</p>three <i>and</i> four</div>"))]
    ['One', 'Two', 'three and four']
    """
    body = root.find("body") if root.tag == "html" else root
    found: list[Block] = []
    ids: set[str] = set()
    loose: HtmlElement | None = None
    for item, align in _walk(root if body is None else body):
        if isinstance(item, str) or not (isinstance(item.tag, str) and item.tag in markup.BLOCKS):
            loose = loose if loose is not None else Element("p")
            _append(loose, item)
            continue
        _settled(loose, align, found, ids)
        loose = None
        if (item.tag in _WRAPPERS and item.tag != "div") or _is_opened(item):
            ids.update(filter(None, [item.get("id")]))
        else:
            found.append(Block(_aligned(item, align), ids))
            ids = set()
    _settled(loose, "", found, ids)
    return found


def to_html(blocks: Iterable[Block]) -> str:
    """Return blocks as HTML, one a line."""
    return "\n".join(markup.serialise(block.element) for block in blocks)


def _walk(root: HtmlElement) -> Iterator[tuple[HtmlElement | str, str]]:
    """Yield wrappers, blocks and loose words in document order, each with the alignment that it inherits."""
    todo: list[tuple[HtmlElement | str, str, bool]] = [(root, "", True)]
    while todo:
        item, align, opened = todo.pop()
        if isinstance(item, str) or not opened:
            yield item, align
            continue
        if item is not root:
            yield item, align
        inner = _asked(item) or align
        children: list[tuple[HtmlElement | str, str, bool]] = [(item.text, inner, False)] if item.text else []
        for child in list(item):
            tail, child.tail = child.tail, None
            if isinstance(child.tag, str) and child.tag not in _SKIPPED:
                children.append((child, inner, _is_opened(child)))
            if tail:
                children.append((tail, inner, False))
        todo.extend(reversed(children))


def _is_opened(element: HtmlElement) -> bool:
    """Say whether an element only wraps blocks; a ``div`` with nothing but words in it is a block itself."""
    if element.tag not in _WRAPPERS or _KEPT_WHOLE.search(element.get("class") or ""):
        return False
    return element.tag != "div" or any(one.tag in markup.BLOCKS for one in element.iterdescendants())


def _settled(loose: HtmlElement | None, align: str, found: list[Block], ids: set[str]) -> None:
    if loose is not None and (loose.text_content().strip() or loose.find(".//img") is not None):
        found.append(Block(_aligned(loose, align), set(ids)))
        ids.clear()


def _append(loose: HtmlElement, item: HtmlElement | str) -> None:
    if not isinstance(item, str):
        loose.append(item)
    elif len(loose):
        loose[-1].tail = (loose[-1].tail or "") + item
    else:
        loose.text = (loose.text or "") + item


def _asked(element: HtmlElement) -> str:
    found = _ALIGN.search(element.get("style") or "")
    align = found[1] if found else ("center" if element.tag == "center" else element.get("align") or "")
    return align.lower() if align.lower() in ("center", "right") else ""


def _aligned(element: HtmlElement, align: str) -> HtmlElement:
    if element.tag == "div" and not _KEPT_WHOLE.search(element.get("class") or ""):
        element.tag = "p"
    if align and not _asked(element) and "text-align" not in (element.get("style") or ""):
        element.set("style", f"{element.get('style') or ''};text-align:{align}".lstrip(";"))
    return element
