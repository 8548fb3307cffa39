"""Markdown that means the same in every reader: CommonMark, all that could be markup escaped, facts in front matter."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from storykeep.exports import Images, dates, frame, language
from storykeep.exports.flow import HEAVY, SLANTED, Labelled, Run, classes, parts, squeezed, told
from storykeep.exports.legal import legal, line
from storykeep.exports.tree import Scene
from storykeep.model.story import Story

Block = str
"""The lines of one block; blocks stand apart by an empty line."""

_MARKUP = re.compile(r"[\\`*_\[\]<>~|$^@{}]|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([#+\-=:]|\d{1,9}(?=[.)]))", re.MULTILINE)


def write(story: Story, out: BinaryIO, *, images: Images | None = None) -> None:  # noqa: ARG001 — every writer has it
    r"""Write ``story`` as UTF-8 Markdown, one chapter in memory at a time; pictures are named in words.

    >>> import io
    >>> text = io.BytesIO()
    >>> write(Story(key="a", chapters=(Chapter(key="1", body="<p>2 * 3 is <em>six</em></p>"),)), text)
    >>> "2 \\* 3 is *six*" in text.getvalue().decode()
    True
    """
    before = ""
    for block in _story(story):
        out.write(f"{before}{legal(block)}\n".encode("utf-8", "replace"))
        before = "\n"


def _story(story: Story) -> Iterator[Block]:
    around = told(story, Scene(base=frame.source(story)))
    yield _front_matter(story)
    yield f"# {_heading(frame.title(story))}"
    names = [*frame.bylines(story), *map(frame.place, story.series), line(story.archive)]
    yield from (f"*{escaped(name)}*" for name in names if name)
    yield from _labelled(around.before)
    rows = [f"- {escaped(label)}: {escaped(value)}" for label, value in frame.facts(story)]
    yield from ["\n".join(rows)] if rows else []
    for number in range(1, len(story.chapters) + 1):
        yield from _chapter(story, number)
    yield from _labelled(around.after)
    yield "* * *"
    yield from (escaped(sentence) for sentence in frame.provenance(story))


def _front_matter(story: Story) -> Block:
    """Return what tools read, as YAML that is JSON line by line."""
    told = {
        "title": frame.title(story),
        "author": [name for name in map(line, story.authors) if name],
        "date": dates.known(story.published) or dates.known(story.written),
        "lang": language.tag(story.language),
        "tags": [name for tag in story.tags if (name := line(tag.name))],
        "series": [place for place in map(frame.place, story.series) if place],
        "archive": line(story.archive),
        "source": frame.source(story),
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in told.items() if value]
    return "\n".join(["---", *lines, "---"])


def _chapter(story: Story, number: int) -> Iterator[Block]:
    chapter = story.chapters[number - 1]
    around = told(chapter, Scene(base=frame.base(story, chapter), scope=f"c{number}-"))
    heading = frame.heading(story, number)
    if heading != frame.title(story):
        yield f"## {_heading(heading)}"
    yield from _labelled(around.before)
    yield from _blocks(around.text)
    if chapter.truncated and "gap-tail" not in chapter.body:
        yield f"*{escaped(frame.gap('tail'))}*"
    yield from _labelled(around.after)


def _labelled(notes: Labelled) -> Iterator[Block]:
    for label, tree in notes:
        blocks = list(_blocks(tree))
        yield from [f"**{escaped(label)}**"] if label and blocks else []
        yield from (_prefixed(block, "> ") for block in blocks)


def escaped(text: str) -> str:
    r"""Return plain text in which nothing is markup. Line breaks stay, and are breaks.

    >>> escaped("1. *not* a [list]")
    '1\\. \\*not\\* a \\[list\\]'
    """
    return "\\\n".join(map(_start, _MARKUP.sub(r"\\\g<0>", text).split("\n")))


def _start(line: str) -> str:
    """Return a line that starts no heading, list or rule."""
    line = line.strip(" \t")
    if re.match(r"\d{1,9}[.)]", line):
        return re.sub(r"^(\d+)", r"\1\\", line)
    return f"\\{line}" if re.match(r"[#+\-=:]", line) else line


def _heading(text: str) -> str:
    words = escaped(" ".join(text.split()))
    return re.sub(r"#+$", lambda end: "\\#" * len(end[0]), words)


def _blocks(element: etree._Element) -> Iterator[Block]:
    for part in parts(element):
        if isinstance(part, list):
            yield from _paragraph(part, gap="gap" in classes(element))
        else:
            yield from _BLOCKS.get(part.tag, _blocks)(part)


def _paragraph(run: Run, *, gap: bool = False) -> Iterator[Block]:
    """Yield a paragraph. Lines that a break made empty part it."""
    text = f"*{_spans(run)}*" if gap else _spans(run)
    lines = [_start(line) for line in text.split("\n")]
    for group in re.split(r"\n\n+", "\n".join(lines)):
        if group.strip():
            yield group.strip("\n").replace("\n", "\\\n")


def _title(element: etree._Element) -> Iterator[Block]:
    text = " ".join(_spans(list(_inside(element))).split())
    yield f"{'#' * int(element.tag[1])} {re.sub(r'#+$', _closing, text)}"


def _closing(end: re.Match[str]) -> str:
    return "\\#" * len(end[0])


def _rule(_element: etree._Element) -> Iterator[Block]:
    yield "* * *"


def _quotation(element: etree._Element) -> Iterator[Block]:
    yield from [_prefixed("\n\n".join(_blocks(element)), "> ")]


def _list(element: etree._Element) -> Iterator[Block]:
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        yield "<!-- -->"  # or two lists would become one
    number = int(element.get("start", "1"))
    items = []
    for item in element:
        number = int(item.get("value", number))
        mark = "- " if element.tag == "ul" else f"{max(number, 0)}. "
        number += 1
        inside = "\n\n".join(_blocks(item))
        items.append(mark + _prefixed(inside, " " * len(mark))[len(mark) :] if inside else mark.strip())
    yield ("\n\n" if any("\n\n" in item for item in items) else "\n").join(items)


def _term(element: etree._Element) -> Iterator[Block]:
    yield f"**{' '.join(_spans(list(_inside(element))).split())}**"


def _verbatim(element: etree._Element) -> Iterator[Block]:
    text = "".join(map(str, element.itertext())).strip("\n")
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}\n{text}\n{fence}"


def _table(element: etree._Element) -> Iterator[Block]:
    """Yield a table of pipes; its cells become single lines."""
    for caption in element.iterchildren("caption"):
        yield from _blocks(caption)
    rows = [[_cell(cell) for cell in row] for row in element.iter("tr")]
    across = max(map(len, rows), default=0)
    if not across:
        return
    headed = all(cell.tag == "th" for cell in next(element.iter("tr")))
    head = rows.pop(0) if headed else [""] * across
    lines = [head, ["---"] * across, *rows]
    yield "\n".join("| " + " | ".join([*line, *[""] * (across - len(line))]) + " |" for line in lines)


def _cell(cell: etree._Element) -> str:
    return " ".join(" ".join(_blocks(cell)).replace("\\\n", " ").split())


_BLOCKS: dict[str, Callable[[etree._Element], Iterator[Block]]] = {
    "hr": _rule,
    "blockquote": _quotation,
    "ul": _list,
    "ol": _list,
    "dt": _term,
    "pre": _verbatim,
    "table": _table,
    "h3": _title,
    "h4": _title,
    "h5": _title,
    "h6": _title,
}


@dataclass(slots=True)
class _Span:
    """A piece of a paragraph: words as written, or one end of emphasis, whose twin is at ``other``."""

    text: str
    tag: str = ""
    other: int = 0
    opens: bool = False


def _spans(run: Run) -> str:
    r"""Return inline content as Markdown; ``\n`` stands for a line break."""
    spans: list[_Span] = []
    _collect(run, spans)
    for at, span in enumerate(spans):
        if span.opens:
            span.text, spans[span.other].text = _marks(spans, at)
    return re.sub("  +", " ", "".join(span.text for span in spans))


def _collect(run: Iterable[str | etree._Element], spans: list[_Span]) -> None:
    for part in run:
        if isinstance(part, str):
            spans.append(_Span(_MARKUP.sub(r"\\\g<0>", squeezed(part))))
        elif part.tag in SLANTED | HEAVY:
            _emphasis(part, spans)
        elif part.tag == "code" and not len(part):
            spans.append(_Span(_code(part.text or "")))
        else:
            before, after = _around(part)
            spans.append(_Span(before))
            _collect(_inside(part), spans)
            spans.append(_Span(after))


def _inside(element: etree._Element) -> Iterator[str | etree._Element]:
    yield element.text or ""
    for child in element:
        yield child
        yield child.tail or ""


def _emphasis(element: etree._Element, spans: list[_Span]) -> None:
    """Add emphasised words, white space at their ends left outside."""
    tag = "em" if element.tag in SLANTED else "strong"
    inner: list[_Span] = []
    _collect(_inside(element), inner)
    lead, trail = _edge(inner, first=True), _edge(inner, first=False)
    if not "".join(span.text for span in inner).strip():
        spans.append(_Span(lead or trail))
        return
    at = len(spans) + 1
    spans += [_Span(lead), _Span("", tag, at + len(inner) + 1, opens=True)]
    for span in inner:
        span.other += at + 1
    spans += [*inner, _Span("", tag, at), _Span(trail)]


def _edge(spans: list[_Span], *, first: bool) -> str:
    """Take white space from one end of the words and return it."""
    taken = ""
    for span in spans if first else reversed(spans):
        bare = span.text.lstrip() if first else span.text.rstrip()
        taken += span.text[: len(span.text) - len(bare)] if first else span.text[len(bare) :]
        span.text = bare
        if bare or span.tag:
            break
    return taken


def _marks(spans: list[_Span], at: int) -> tuple[str, str]:
    """Return the two ends of the emphasis at ``at``: stars where every reader understands them, else tags."""
    span, end = spans[at], spans[at].other
    depth = sum(other.opens and other.other > end for other in spans[:at])
    mark = "_" if depth else "*"
    before, after = _neighbour(spans, at, -1), _neighbour(spans, end, 1)
    first, last = _neighbour(spans, at, 1).text[:1] or "*", _neighbour(spans, end, -1).text[-1:] or "*"
    touches = (before.tag and not before.opens) or after.opens
    flanks = _flanks(mark, before.text[-1:], first) and _flanks(mark, after.text[:1], last)
    if depth > 1 or touches or not flanks:
        return f"<{span.tag}>", f"</{span.tag}>"
    return (mark, mark) if span.tag == "em" else (mark * 2, mark * 2)


def _neighbour(spans: list[_Span], at: int, step: int) -> _Span:
    """Return the next span on one side that has, or will have, letters."""
    at += step
    while 0 <= at < len(spans) and not spans[at].text and not spans[at].tag:
        at += step
    return spans[at] if 0 <= at < len(spans) else _Span("")


def _flanks(mark: str, outer: str, inner: str) -> bool:
    """Return whether a mark between these letters can be nothing but the end of emphasis, in every reader."""
    if not inner or inner.isspace():
        return False
    apart = not outer or outer.isspace() or _is_mark(outer, strictly=True)
    return apart or (mark == "*" and not _is_mark(inner))


def _is_mark(letter: str, *, strictly: bool = False) -> bool:
    """Return whether a letter is punctuation; readers disagree on symbols that are not ASCII."""
    kind = unicodedata.category(letter)[0]
    return kind == "P" or (kind == "S" and (letter.isascii() or not strictly))


def _code(text: str) -> str:
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{squeezed(text)}{pad}{fence}" if text.strip() else text


def _around(element: etree._Element) -> tuple[str, str]:
    """Return what stands before and after the words of an inline element."""
    tag = element.tag
    if tag == "br":
        return "\n", ""
    if tag == "img":
        return _MARKUP.sub(r"\\\g<0>", frame.picture(element.get("alt", ""), "")), ""
    if tag == "a":
        return _link(element)
    if tag in {"ruby", "rt", "sub", "sup", "u", "s", "del", "ins", "mark", "kbd"}:
        return f"<{tag}>", f"</{tag}>"
    return ("“", "”") if tag == "q" else ("", "")


def _link(element: etree._Element) -> tuple[str, str]:
    href = element.get("href", "")
    anchor = f'<a id="{element.get("id")}"></a>' if element.get("id") else ""
    if not href:
        return anchor, ""
    return f"{anchor}[", f"]({href})" if not re.search(r"[()]", href) else f"](<{href}>)"


def _prefixed(block: Block, prefix: str) -> Block:
    return "\n".join((prefix + line).rstrip() if not line else prefix + line for line in block.split("\n"))
