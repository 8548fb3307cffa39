"""The pages of an EPUB: the parts of a story, each in a frame that says what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storykeep.exports import frame, language, sections
from storykeep.exports.pictures import Picture, Pictures
from storykeep.exports.tree import Scene
from storykeep.exports.xhtml import words
from storykeep.model.story import Chapter, Story

_PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{tongue}>
<head>
<meta charset="UTF-8"/>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>{head}
</head>
<body epub:type="{matter}">
{body}
</body>
</html>
"""
_FOOTNOTE = re.compile(' class="(noteref|footnote|backlink)"')
_FOOTNOTES = {
    "noteref": ' epub:type="noteref" role="doc-noteref"',
    "footnote": ' epub:type="footnote" role="doc-footnote"',
    "backlink": ' role="doc-backlink"',
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its file name, what the table of contents calls it, its XHTML, and the pictures that it shows."""

    name: str
    label: str
    xhtml: str
    shown: tuple[Picture, ...] = ()


def page(story: Story, title: str, body: str, *, matter: str = "frontmatter", head: str = "") -> str:
    """Return a whole XHTML document in the language and direction of the story."""
    tongue, towards = language.tag(story.language), language.direction(story)
    said = f' lang="{tongue}" xml:lang="{tongue}"' if tongue else ""
    said += ' dir="rtl"' if towards == "rtl" else ""
    return _PAGE.format(tongue=said, title=words(title), head=head, matter=matter, body=body)


def title_page(story: Story) -> Page:
    """Return the title page."""
    body = f'<section class="titlepage" epub:type="titlepage">\n{sections.title_page(story)}\n</section>'
    return Page("title.xhtml", frame.title(story), page(story, frame.title(story), body))


def preface(story: Story, pictures: Pictures) -> Page | None:
    """Return what the author and the archive say before the story; None when they say nothing."""
    scene = Scene(base=frame.source(story), pictures=pictures)
    inside = sections.preface(story, scene)
    return _page("preface", frame.ABOUT, story, inside, scene) if inside else None


def chapter(story: Story, number: int, pictures: Pictures) -> Page:
    """Return the chapter with this 1-based number."""
    own = story.chapters[number - 1]
    scene = Scene(base=frame.base(story, own), pictures=pictures)
    inside = sections.chapter(story, number, scene)
    body = _section("chapter", inside)
    label = frame.heading(story, number)
    whole = page(story, label, body, matter="bodymatter", head=_old_address(own, label))
    return Page(f"chapter-{number:04}.xhtml", label, whole, tuple(scene.shown.values()))


def afterword(story: Story, pictures: Pictures) -> Page | None:
    """Return the notes that stand after the whole story; None when there are none."""
    scene = Scene(base=frame.source(story), pictures=pictures)
    inside = sections.afterword(story, scene)
    return _page("afterword", frame.AFTERWORD, story, inside, scene) if inside else None


def colophon(story: Story) -> Page:
    """Return where this copy comes from."""
    return _page("colophon", frame.COLOPHON, story, sections.colophon(story), Scene())


def _page(kind: str, label: str, story: Story, inside: str, scene: Scene) -> Page:
    body = _section(kind, f'<h2 id="top"{sections.ours(story)}>{words(label)}</h2>\n{inside}')
    matter = "frontmatter" if kind == "preface" else "backmatter"
    return Page(f"{kind}.xhtml", label, page(story, label, body, matter=matter), tuple(scene.shown.values()))


def _section(kind: str, inside: str) -> str:
    """Return ``inside`` in a section of this EPUB type, footnotes marked so that readers can show them in place."""
    if 'class="noteref"' in inside:
        inside = _FOOTNOTE.sub(lambda found: found[0] + _FOOTNOTES[found[1]], inside)
    kinds = f'class="prose {kind}" epub:type="{kind}" role="doc-{kind}" aria-labelledby="top"'
    return f"<section {kinds}>\n{inside}\n</section>"


def _old_address(own: Chapter, label: str) -> str:
    """Return what lets calibre's FanFicFare update the book in place."""
    if not own.addresses:
        return ""
    told = {
        "chapterurl": own.addresses[0],
        "chapterorigtitle": own.title or label,
        "chaptertoctitle": label,
        "chaptertitle": label,
    }
    return "".join(f'\n<meta name="{name}" content="{words(value)}"/>' for name, value in told.items())
