"""What may stand inside what, and the mending of a tree that doesn't keep to it.

Clean HTML is safe, but browsers forgive what e-readers refuse: a paragraph inside emphasis, words straight in a list.
:func:`mend` gives such a tree a legal shape. No word is lost, and every word stays as emphasised as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

VOID = frozenset({"br", "img", "wbr", "hr", "col"})
INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
    }
)
_BLOCK = frozenset(
    {"p", "blockquote", "div", "dl", "ol", "ul", "pre", "hr", "h3", "h4", "h5", "h6", "table", "figure", "details"}
)
_FLOW = INLINE | _BLOCK
MODEL: dict[str, frozenset[str]] = {
    **dict.fromkeys(INLINE - VOID, INLINE),
    **dict.fromkeys(VOID, frozenset()),
    **dict.fromkeys(("p", "pre", "h3", "h4", "h5", "h6", "dt", "caption", "summary", "rt"), INLINE),
    **dict.fromkeys(("div", "blockquote", "li", "dd", "td", "th", "figcaption"), _FLOW),
    "body": _BLOCK,
    "figure": _FLOW | {"figcaption"},
    "details": _FLOW | {"summary"},
    "ruby": INLINE | {"rt"},
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "dl": frozenset({"dt", "dd"}),
    "table": frozenset({"caption", "colgroup", "thead", "tbody", "tfoot", "tr"}),
    "colgroup": frozenset({"col"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"tr"})),
    "tr": frozenset({"td", "th"}),
}
"""Element → elements that may be its children. ``body`` is the root: words there stand in paragraphs."""

_IMPLIED = {
    "body": "p",
    "ul": "li",
    "ol": "li",
    "dl": "dd",
    "tr": "td",
    **dict.fromkeys(("table", "thead", "tbody", "tfoot"), "tr"),
}
"""What must be opened before words can stand in such an element."""

_WORDLESS = (*_IMPLIED, "colgroup")


def fits(root: etree._Element) -> bool:
    """Return whether every element of the tree may stand where it stands. ``root`` is a ``body``."""
    for parent in root.iter():
        tag = parent.tag
        if tag not in MODEL or (len(parent) and not MODEL[tag].issuperset([child.tag for child in parent])):
            return False
    wordless = root.iter(*_WORDLESS)
    return not any(map(_has_words, wordless)) and root.find(".//a//a") is None


def mend(source: etree._Element) -> etree._Element:
    """Return a new tree with the words of ``source`` in their order, in which :func:`fits` holds."""
    builder = _Builder()
    above: list[etree._Element] = []
    for event, element in etree.iterwalk(source, events=("start", "end")):
        if element is source:
            builder.words(above, element.text if event == "start" else None)
        elif event == "start":
            above.append(element)
            builder.begin(above)
        else:
            above.pop()
            builder.words(above, element.tail)
    return builder.root


class _Step(NamedTuple):
    """One element on the way from the root to a word. Steps with equal keys are the same element."""

    key: tuple[int, str]
    tag: str
    source: etree._Element | None


@dataclass(slots=True)
class _Builder:
    """Puts each run of words under its legal path, sharing the elements that the last path has in common with it."""

    root: etree._Element = field(default_factory=lambda: etree.Element("body"))
    open: list[tuple[_Step, etree._Element]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def begin(self, above: list[etree._Element]) -> None:
        element = above[-1]
        hollow = len(element) == 0 and not _said(element.text)
        if element.tag in VOID or (hollow and _worth_keeping(element)):
            self._reach(list(_path(above)))
        else:
            self.words(above, element.text)

    def words(self, above: list[etree._Element], words: str | None) -> None:
        if not words:
            return
        path = list(_path(above, words=True))
        if not _said(words) and self._shared(path) < len(path):
            return  # white space between elements is layout; it opens nothing
        last = self._reach(path)
        if len(last):
            last[-1].tail = (last[-1].tail or "") + words
        else:
            last.text = (last.text or "") + words

    def _shared(self, path: list[_Step]) -> int:
        """Return how many steps of the path are open already."""
        pairs = zip(path, self.open, strict=False)
        return next(
            (at for at, (step, (other, _)) in enumerate(pairs) if step.key != other.key), min(len(path), len(self.open))
        )

    def _reach(self, path: list[_Step]) -> etree._Element:
        shared = self._shared(path)
        del self.open[shared:]
        for step in path[shared:]:
            parent = self.open[-1][1] if self.open else self.root
            self.open.append((step, self._copy(parent, step)))
        return self.open[-1][1] if self.open else self.root

    def _copy(self, parent: etree._Element, step: _Step) -> etree._Element:
        copy = etree.SubElement(parent, step.tag)
        for name, value in step.source.attrib.items() if step.source is not None else ():
            if name != "id" or value not in self.ids:
                copy.set(name, value)
        self.ids.add(copy.get("id", ""))
        return copy


def _path(above: list[etree._Element], *, words: bool = False) -> Iterator[_Step]:
    """Yield the legal way to what stands below ``above``: blocks leave paragraphs, emphasis moves inside blocks."""
    way: list[_Step] = [_Step((0, "body"), "body", None)]
    waiting: list[_Step] = []
    for element in above:
        _go(way, waiting, _Step((id(element), str(element.tag)), str(element.tag), element))
    if (words or waiting) and way[-1].tag not in VOID:
        _imply(way, "span")
        way += waiting
    yield from way[1:]


def _go(way: list[_Step], waiting: list[_Step], step: _Step) -> None:
    """Take one step further down; ``waiting`` holds emphasis that can't be opened yet."""
    if step.tag == "rt" and waiting and waiting[-1].tag == "ruby":
        _imply(way, "ruby")
        way += waiting
        waiting.clear()
    if not _stays(way, waiting, step.tag):
        return
    if step.tag in INLINE:
        waiting.append(step)
    else:
        tag = step.tag if _at_home(way[-1].tag, step.tag) else "div"
        _leave_lines(way, waiting, tag)
        _imply(way, tag)
        way.append(step._replace(tag=tag))
    if _holds_words(way[-1].tag):
        way += waiting
        waiting.clear()


def _stays(way: list[_Step], waiting: list[_Step], tag: str) -> bool:
    """Return whether an element remains at all: no link in a link, no reading without ruby."""
    if tag == "a":
        return all(other.tag != "a" for other in (*way, *waiting))
    if tag == "rt":
        return way[-1].tag == "ruby"
    return tag in MODEL and tag not in {"colgroup", "col"}


def _at_home(parent: str, tag: str) -> bool:
    """Return whether a block keeps its name there; parts of a table, say, are plain blocks outside of one."""
    cell = tag in {"td", "th"} and parent in {"table", "thead", "tbody", "tfoot"}
    return tag in _BLOCK or tag == "li" or tag in MODEL[parent] or cell


def _leave_lines(way: list[_Step], waiting: list[_Step], tag: str) -> None:
    """Leave paragraphs and emphasis that can't hold ``tag``; emphasis will be opened again inside it."""
    while tag not in MODEL[way[-1].tag] and "p" not in MODEL[way[-1].tag] and _holds_words(way[-1].tag):
        left = way.pop()
        if left.tag in INLINE:
            waiting.insert(0, left)


def _imply(way: list[_Step], tag: str) -> None:
    """Open what must stand between the end of the way and ``tag``."""
    while tag not in MODEL[way[-1].tag]:
        last = way[-1]
        if tag == "li" and "ul" in MODEL[last.tag]:
            way.append(_Step((last.key[0], "list"), "ul", None))
        elif last.tag in _IMPLIED:
            way.append(_Step((last.key[0], "implied"), _IMPLIED[last.tag], None))
        else:
            return


def _holds_words(tag: str) -> bool:
    return MODEL[tag].issuperset(INLINE)


def _has_words(parent: etree._Element) -> bool:
    return bool(_said(parent.text) or any(_said(child.tail) for child in parent))


def _said(words: str | None) -> str:
    """Return the words without white space around them; a no-break space is no white space."""
    return (words or "").strip(" \t\n\r\f")


def _worth_keeping(element: etree._Element) -> bool:
    """An empty cell keeps its table in shape, and an empty anchor may be the target of a link."""
    return element.tag in {"td", "th"} or element.get("id") is not None
