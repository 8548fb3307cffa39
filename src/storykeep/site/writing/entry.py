"""What was typed into a plain field becomes a clean body, and a body becomes what can be typed on.

Three ways: *light* (one newline is a line break, two begin a paragraph, and HTML may stand in it), Markdown, and HTML
alone. The editor sends HTML.
"""

from __future__ import annotations

import io
import re

from storykeep.exports import markdown as markdown_out
from storykeep.model.story import Chapter, Story
from storykeep.site.writing.paragraphs import split, tidy
from storykeep.sources.plain.markdown import to_html
from storykeep.text.markup import BLOCKS
from storykeep.text.typography import SCENE, is_scene_break

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)\b[^<>]{0,2000}>")  # as people type them; it is cleaned afterwards
BREAK_TYPED = "* * *"
INSIDE = frozenset(("blockquote", "div", "center", "section", "article", "aside"))
WHOLE = BLOCKS | {"hr"}
PLAIN_PARAGRAPH = re.compile(r"<p>(.*)</p>", re.DOTALL)
HOLDS_ITSELF = re.compile(r"<br><br>|^<br>|<br>$|^\s|\s$|\s<br>|<br>\s|^$")
TYPED_AS_BREAK = re.compile(r"[ \t]*\n[ \t]*")


def body(text: str, entry: str) -> str:
    r"""Return what was typed as the clean body that is kept.

    >>> body("One\ntwo\n\n* * *\n\nThree", "light")
    '<p>One<br>two</p>\n<hr class="scene">\n<p>Three</p>'
    """
    typed = text.replace("\r\n", "\n").replace("\r", "\n")
    return READERS.get(entry, from_html)(typed)


def source(body: str, entry: str) -> str:
    r"""Return a clean ``body`` as it is typed in this way of entry.

    >>> source("<p>One<br>two</p><p>Three</p>", "light")
    'One\ntwo\n\nThree'
    """
    return WRITERS.get(entry, str)(body)


def from_html(text: str) -> str:
    return tidy(text)


# ── light: paragraphs from newlines
def from_light(text: str) -> str:
    return tidy("\n".join(pieces(text)))


def pieces(text: str) -> list[str]:
    """Return paragraphs for what stands between the blocks that were typed as HTML."""
    found: list[str] = []
    depth = start = loose = 0
    for tag in TAG.finditer(text):
        name = tag[2].lower()
        if name not in WHOLE:
            continue
        if depth == 0:
            found += paragraphs(text[loose : tag.start()])
            start = tag.start()
        depth = max(0, depth + (0 if name == "hr" else -1 if tag[1] else 1))
        if depth == 0:
            found.append(inner(text[start : tag.end()]))
            loose = tag.end()
    return found + (paragraphs(text[loose:]) if depth == 0 else [text[start:]])


def paragraphs(run: str) -> list[str]:
    return [one for block in re.split(r"\n[ \t]*\n\s*", run) for one in paragraph(block)]


def paragraph(block: str) -> list[str]:
    words = block.strip()
    if not words:
        return []
    return [SCENE] if is_scene_break(words) else [f"<p>{TYPED_AS_BREAK.sub('<br>', words)}</p>"]


def inner(block: str) -> str:
    """Return a block that was typed as HTML, with paragraphs made where its words have none of their own."""
    opening, closing = TAG.match(block), block.rfind("</")
    if not opening or opening[2].lower() not in INSIDE or closing < opening.end():
        return block
    words = block[opening.end() : closing]
    if "\n" not in words.strip():
        return block
    return opening[0] + "\n".join(pieces(words)) + block[closing:]


def to_light(body: str) -> str:
    return "\n\n".join(map(light, split(body)))


def light(block: str) -> str:
    """Return one block: a plain paragraph without its tags, a scene break as it is typed, all else as HTML."""
    if block == SCENE:
        return BREAK_TYPED
    found = PLAIN_PARAGRAPH.fullmatch(block)
    words = " ".join(found[1].split("\n")) if found else ""
    typed = words.replace("<br>", "\n").replace("&amp; ", "& ")
    return block if not found or HOLDS_ITSELF.search(words) or is_scene_break(typed) else typed


# ── Markdown
def from_markdown(text: str) -> str:
    """Return Markdown as a body; a single newline is a line break here, too."""
    return tidy(to_html(re.sub(r"(?<=[^\n\\])(?<!  )\n(?=[^\n])", "  \n", text)))


def to_markdown(body: str) -> str:
    """Return a body as Markdown: what the export writes for a chapter, without what stands around it."""
    out = io.BytesIO()
    marked = f"<p>{EDGE}</p>{body}<p>{EDGE}</p>"
    markdown_out.write(Story(key="", title="", chapters=(Chapter(key="1", body=marked),)), out)
    return out.getvalue().decode().split(EDGE)[1].strip("\n")


EDGE = "⁂⁂⁂"
READERS = {"light": from_light, "markdown": from_markdown, "html": from_html}
WRITERS = {"light": to_light, "markdown": to_markdown, "html": str}
