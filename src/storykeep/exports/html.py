"""One web page that holds the whole story: no script, no request, nothing beside it; any browser opens it, for ever."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

from storykeep.exports import Images, frame, language, sections
from storykeep.exports.legal import line
from storykeep.exports.pictures import Picture, Pictures
from storykeep.exports.tree import Scene
from storykeep.exports.xhtml import words
from storykeep.model.story import Story

_HEAD = """<!doctype html>
<html{tongue}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="Storykeep">
<title>{title}</title>
{about}<style>
{style}</style>
</head>
<body>
"""


def write(story: Story, out: BinaryIO, *, images: Images | None = None) -> None:
    """Write ``story`` as one HTML page, one chapter in memory at a time; kept pictures are inside it.

    >>> import io
    >>> page = io.BytesIO()
    >>> write(Story(key="a", title="Dust"), page)
    >>> b"<title>Dust</title>" in page.getvalue()
    True
    """
    out.writelines(part.encode("utf-8", "replace") for part in _parts(story, images))


def _parts(story: Story, images: Images | None) -> Iterator[str]:
    known = (*story.images, *(image for chapter in story.chapters for image in chapter.images))
    library = Pictures(known, images)
    yield _head(story)
    yield f'<header class="titlepage">\n{sections.title_page(story)}\n</header>\n'
    yield _contents(story)
    yield "<main>\n"
    yield _section(story, "preface", sections.preface(story, _scene(frame.source(story), library, "b-")))
    for number in range(1, len(story.chapters) + 1):
        yield _chapter(story, number, library)
    yield _section(story, "afterword", sections.afterword(story, _scene(frame.source(story), library, "a-")))
    yield f"</main>\n<footer>\n{_section(story, 'colophon', sections.colophon(story))}</footer>\n"
    yield "</body>\n</html>\n"


def _chapter(story: Story, number: int, library: Pictures) -> str:
    """Return one chapter. The only one that bears the title of the story needs no second heading."""
    chapter = story.chapters[number - 1]
    headed = frame.heading(story, number) != frame.title(story)
    scene = _scene(frame.base(story, chapter), library, f"c{number}-")
    inside = sections.chapter(story, number, scene, headed=headed)
    name = f'aria-labelledby="c{number}-top"' if headed else f'id="c{number}-top" aria-label="{frame.STORY}"'
    return f'<section class="prose chapter" role="doc-chapter" {name}>\n{inside}\n</section>\n'


def _scene(base: str, library: Pictures, scope: str) -> Scene:
    return Scene(base=base, pictures=library, scope=scope, place=lambda picture: _inside(picture, library))


def _inside(picture: Picture, library: Pictures) -> str:
    """Return a picture as an address that holds it."""
    return f"data:{picture.media_type};base64,{b64encode(library.data(picture)).decode()}"


def _head(story: Story) -> str:
    tongue, towards = language.tag(story.language), language.direction(story)
    said = f' lang="{tongue}"' if tongue else ""
    said += ' dir="rtl"' if towards == "rtl" else ""
    about = "".join(f'<meta name="author" content="{words(name)}">\n' for name in map(line, story.authors) if name)
    if frame.source(story):
        about += f'<meta name="dcterms.source" content="{words(frame.source(story))}">\n'
    return _HEAD.format(tongue=said, title=words(frame.title(story)), about=about, style=_style())


def _contents(story: Story) -> str:
    if len(story.chapters) < 2:  # noqa: PLR2004 — one chapter needs no contents
        return ""
    numbers = range(1, len(story.chapters) + 1)
    entries = "\n".join(f'<li><a href="#c{n}-top">{words(frame.heading(story, n))}</a></li>' for n in numbers)
    return f'<nav role="doc-toc" aria-label="{frame.CONTENTS}">\n<ol>\n{entries}\n</ol>\n</nav>\n'


def _section(story: Story, kind: str, inside: str) -> str:
    if not inside:
        return ""
    label = {"preface": frame.ABOUT, "afterword": frame.AFTERWORD, "colophon": frame.COLOPHON}[kind]
    head = f'<h2 id="{kind}-top"{sections.ours(story)}>{words(label)}</h2>'
    return (
        f'<section class="prose {kind}" role="doc-{kind}" aria-labelledby="{kind}-top">\n{head}\n{inside}\n</section>\n'
    )


@cache
def _style() -> str:
    assets = Path(__file__).with_name("assets")
    return "\n".join((assets / name).read_text("utf-8") for name in ("prose.css", "page.css"))
