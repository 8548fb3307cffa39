"""Plain text, as it was sent round mailing lists: wrapped at 72 columns, _italics_, a scene break as * * *."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from lxml import etree

from storykeep.exports import Images, frame
from storykeep.exports.flow import HEAVY, SLANTED, Labelled, Run, classes, parts, squeezed, told, width
from storykeep.exports.legal import legal, line
from storykeep.exports.tree import Scene
from storykeep.exports.wrap import wrapped
from storykeep.model.story import Story

COLUMNS = 72
Block = list[str]
"""The lines of one block; blocks stand apart by an empty line."""


class _Setting(NamedTuple):
    """How the blocks inside an element are set: width, ``center`` or ``right``, and whether lines are kept apart."""

    columns: int
    align: str = ""
    verse: bool = False


def write(story: Story, out: BinaryIO, *, images: Images | None = None) -> None:  # noqa: ARG001 — every writer has it
    """Write ``story`` as UTF-8 text, one chapter in memory at a time; pictures are named in words.

    >>> import io
    >>> text = io.BytesIO()
    >>> write(Story(key="a", title="Dust", chapters=(Chapter(key="1", body="<p>It <em>was</em>.</p>"),)), text)
    >>> "It _was_." in text.getvalue().decode()
    True
    """
    before = ""
    for block in _story(story):
        lines = "\n".join(row.rstrip() for row in block)
        out.write(f"{before}{legal(lines)}\n".encode("utf-8", "replace"))
        before = "\n"


def _story(story: Story) -> Iterator[Block]:
    around = told(story, Scene(base=frame.source(story)))
    yield from _front(story)
    yield from _labelled(around.before)
    for number in range(1, len(story.chapters) + 1):
        yield from _chapter(story, number)
    yield from _labelled(around.after)
    yield ["-" * COLUMNS]
    yield from (wrapped(sentence, COLUMNS) for sentence in frame.provenance(story))
    saved = [f"{address}, saved {day}" if day else address for address, day, _ in frame.captures(story)]
    yield from [saved] if any(saved) else []


def _front(story: Story) -> Iterator[Block]:
    titles = [frame.title(story), *frame.bylines(story), *map(frame.place, story.series), line(story.archive)]
    yield [row for title in titles if title for row in _centred(title, COLUMNS)]
    rows = [row for fact in frame.facts(story) for row in wrapped(": ".join(fact), COLUMNS, rest="    ")]
    yield from [rows] if rows else []


def _chapter(story: Story, number: int) -> Iterator[Block]:
    chapter = story.chapters[number - 1]
    around = told(chapter, Scene(base=frame.base(story, chapter)))
    heading = frame.heading(story, number)
    if heading != frame.title(story):
        yield ["", *_centred(heading, COLUMNS), *_centred("-" * min(width(heading), COLUMNS), COLUMNS)]
    yield from _labelled(around.before)
    yield from _blocks(around.text, _Setting(COLUMNS))
    if chapter.truncated and "gap-tail" not in chapter.body:
        yield [frame.gap("tail")]
    yield from _labelled(around.after)


def _labelled(notes: Labelled) -> Iterator[Block]:
    for label, tree in notes:
        blocks = list(_blocks(tree, _Setting(COLUMNS)))
        yield from [[f"{label}:"]] if label and blocks else []
        yield from blocks


def _blocks(element: etree._Element, setting: _Setting) -> Iterator[Block]:
    """Yield the blocks inside ``element``."""
    own = classes(element)
    align = next((word[6:] for word in own if word.startswith("align-")), setting.align)
    setting = _Setting(setting.columns, align, setting.verse or bool(own & {"lines", "poem"}))
    for part in parts(element):
        if isinstance(part, list):
            yield _paragraph(_trimmed(_words(part)), setting)
        else:
            yield from _BLOCKS.get(part.tag, _division)(part, setting)


def _paragraph(text: str, setting: _Setting) -> Block:
    if setting.align == "center":
        return _centred(text, setting.columns)
    lines = wrapped(text, setting.columns, rest="")
    if setting.align == "right":
        return [" " * (setting.columns - width(line)) + line for line in lines]
    if setting.verse:
        return [line for verse in text.split("\n") for line in _hanging(verse, setting.columns)]
    return lines


def _hanging(verse: str, columns: int) -> Block:
    """Return a line of verse; one that is too long goes on further in."""
    first, *rest = wrapped(verse, columns - 4)
    return [first, *("    " + line for line in rest)]


def _division(element: etree._Element, setting: _Setting) -> Iterator[Block]:
    if classes(element) & {"indent", "lines", "poem"} and element.tag == "div":
        yield from _shifted(_blocks(element, setting._replace(columns=setting.columns - 4)), "    ")
    else:
        yield from _blocks(element, setting)


def _quotation(element: etree._Element, setting: _Setting) -> Iterator[Block]:
    yield from _shifted(_blocks(element, setting._replace(columns=setting.columns - 4)), "    ")


def _rule(_element: etree._Element, setting: _Setting) -> Iterator[Block]:
    yield _centred("* * *", setting.columns)


def _list(element: etree._Element, setting: _Setting) -> Iterator[Block]:
    """Yield the items; short ones stand close together."""
    items = [list(_item(item, mark, setting)) for item, mark in zip(element, _marks(element), strict=False)]
    if all(len(blocks) == 1 for blocks in items):
        yield [line for blocks in items for line in blocks[0]]
    else:
        yield from (block for blocks in items for block in blocks)


def _item(item: etree._Element, mark: str, setting: _Setting) -> Iterator[Block]:
    blocks = list(_blocks(item, setting._replace(columns=setting.columns - len(mark)))) or [[""]]
    blocks[0][0] = mark + blocks[0][0]
    blocks[0][1:] = [" " * len(mark) + line for line in blocks[0][1:]]
    yield blocks[0]
    yield from _shifted(blocks[1:], " " * len(mark))


def _marks(element: etree._Element) -> Iterator[str]:
    number = int(element.get("start", "1"))
    for item in element:
        number = int(item.get("value", number))
        yield "* " if element.tag == "ul" else f"{number}. "
        number += -1 if element.get("reversed") else 1


def _meaning(element: etree._Element, setting: _Setting) -> Iterator[Block]:
    yield from _shifted(_blocks(element, setting._replace(columns=setting.columns - 4)), "    ")


def _verbatim(element: etree._Element, _setting: _Setting) -> Iterator[Block]:
    yield "".join(map(str, element.itertext())).strip("\n").expandtabs(8).split("\n")


def _row(element: etree._Element, setting: _Setting) -> Iterator[Block]:
    cells = [" ".join(line for block in _blocks(cell, _Setting(10_000)) for line in block) for cell in element]
    yield wrapped(" | ".join(cells), setting.columns, rest="    ")


def _table(element: etree._Element, setting: _Setting) -> Iterator[Block]:
    """Yield a caption, then the rows, each on a line."""
    for caption in element.iterchildren("caption"):
        yield from _blocks(caption, setting)
    rows = [line for row in element.iter("tr") for block in _row(row, setting) for line in block]
    yield from [rows] if rows else []


_BLOCKS = {
    "hr": _rule,
    "blockquote": _quotation,
    "ul": _list,
    "ol": _list,
    "dd": _meaning,
    "pre": _verbatim,
    "table": _table,
}


def _words(run: Run) -> str:
    r"""Return inline content as text; ``\n`` stands for a line break."""
    return "".join(squeezed(part) if isinstance(part, str) else _inline(part) for part in run)


def _inline(element: etree._Element) -> str:
    tag = element.tag
    if tag == "br":
        return "\n"
    if tag in {"img", "wbr"}:
        return frame.picture(element.get("alt", ""), "") if tag == "img" else ""
    inside = _words([element.text or "", *(part for child in element for part in (child, child.tail or ""))])
    if tag in SLANTED:
        return inside if _within(element, SLANTED) else _marked(inside, "_")
    if tag in HEAVY:
        return inside if _within(element, HEAVY) else _marked(inside, "*")
    return _SAID[tag](element, inside) if tag in _SAID else inside


def _within(element: etree._Element, tags: frozenset[str]) -> bool:
    return any(above.tag in tags for above in element.iterancestors())


def _marked(inside: str, mark: str) -> str:
    """Return ``inside`` between marks, white space outside of them."""
    core = inside.strip()
    if not core:
        return inside
    start = inside.index(core)
    return f"{inside[:start]}{mark}{core}{mark}{inside[start + len(core) :]}"


def _link(element: etree._Element, inside: str) -> str:
    href = element.get("href", "")
    if href.startswith("#"):
        return inside if inside.strip().startswith(("[", "(")) or element.get("class") != "noteref" else f"[{inside}]"
    if not href or href.removeprefix("mailto:").rstrip("/") == inside.strip().rstrip("/"):
        return inside
    return f"{inside} <{href}>"


def _raised(element: etree._Element, inside: str) -> str:
    return f"^{inside}" if inside.strip().isdigit() and element.find(".//a") is None else inside


def _reading(_element: etree._Element, inside: str) -> str:
    return f"（{inside}）" if not inside.isascii() else f"({inside})"


def _quoted(_element: etree._Element, inside: str) -> str:
    return f"“{inside}”"


_SAID = {"a": _link, "sup": _raised, "rt": _reading, "q": _quoted}


def _trimmed(text: str) -> str:
    """Return ``text`` without spaces around its line breaks."""
    return "\n".join(line.strip(" ") for line in text.split("\n")).strip()


def _centred(text: str, columns: int) -> Block:
    return [" " * max(0, (columns - width(line)) // 2) + line for line in wrapped(text, columns)]


def _shifted(blocks: Iterable[Block], by: str) -> Iterator[Block]:
    for block in blocks:
        yield [by + line if line else line for line in block]
