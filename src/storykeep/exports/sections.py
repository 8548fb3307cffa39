"""The parts of a story as HTML that is XHTML as well: EPUB and single page put their frames around the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from storykeep.exports import dates, frame, language
from storykeep.exports.legal import line
from storykeep.exports.tree import Scene, trees
from storykeep.exports.xhtml import words, xhtml
from storykeep.model.story import Chapter, Image, Note, Story


def ours(story: Story) -> str:
    """Return the attributes of words that are ours, for voices that read the rest in another language."""
    tongue = language.tag(story.language)
    return "" if tongue.partition("-")[0] in {"", "en"} else ' lang="en" xml:lang="en" dir="ltr"'


def title_page(story: Story) -> str:
    """Return title, who made the work, series, archive and date."""
    when = dates.in_words(story.published or story.written)
    return _lines(
        [
            f'<h1 class="title">{words(frame.title(story))}</h1>',
            *(f'<p class="byline">{words(said)}</p>' for said in frame.bylines(story)),
            *(f'<p class="series">{words(place)}</p>' for place in map(frame.place, story.series) if place),
            *(f'<p class="imprint">{words(said)}</p>' for said in (line(story.archive), when) if said),
        ]
    )


def preface(story: Story, scene: Scene) -> str:
    """Return what is said before the story: summary, facts and tags, notes, pictures of no certain place."""
    notes = frame.notes_before(story.notes)
    summary, *bodies = trees([story.summary, *(note.body for note in notes)], scene)
    rows = frame.facts(story)
    said = ours(story)
    table = "\n".join(f"<dt{said}>{words(label)}</dt>\n<dd>{words(value)}</dd>" for label, value in rows)
    return _lines(
        [
            _summary(summary),
            f'<dl class="facts">\n{table}\n</dl>' if rows else "",
            *map(_note, notes, bodies),
            *_figures(story.images, "".join(chapter.body for chapter in story.chapters), scene),
        ]
    )


def chapter(story: Story, number: int, scene: Scene, *, headed: bool = True) -> str:
    """Return the chapter with this 1-based number: heading (unless not ``headed``), its summary and notes, its text.

    The heading has the id ``top`` (with the scope of the scene before it). Footnotes lead there and back.
    """
    own = story.chapters[number - 1]
    before, after = frame.notes_before(own.notes), frame.notes_after(own.notes)
    bodies = [own.summary, own.body, *(note.body for note in before), *(note.body for note in after)]
    summary, text, *noted = trees(bodies, scene)
    cut = own.truncated and "gap-tail" not in own.body
    return _lines(
        [
            _header(story, number, scene) if headed else "",
            _summary(summary),
            *map(_note, before, noted),
            f'<div class="text">\n{xhtml(text)}\n</div>' if len(text) else "",
            f'<p class="gap">{frame.gap("tail")}</p>' if cut else "",
            *_figures(own.images, own.body, scene),
            *map(_note, after, noted[len(before) :]),
        ]
    )


def afterword(story: Story, scene: Scene) -> str:
    """Return the notes that stand after the whole story."""
    notes = frame.notes_after(story.notes)
    return _lines(map(_note, notes, trees([note.body for note in notes], scene)))


def colophon(story: Story) -> str:
    """Return where this copy comes from: archive, repairs, gaps, saved originals."""
    rows = []
    for address, day, sha256 in frame.captures(story):
        when = f", saved {words(day)}" if day else ""
        rows.append(f"<li>{words(address) or 'A saved page'}{when}<br/><small>{words(sha256)}</small></li>")
    said = ours(story)
    return _lines(
        [
            *(f"<p{said}>{words(sentence)}</p>" for sentence in frame.provenance(story)),
            f'<ul class="originals"{said}>\n' + "\n".join(rows) + "\n</ul>" if rows else "",
            f'<p class="made"{said}>Made with Storykeep.</p>',
        ]
    )


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def _summary(summary: etree._Element) -> str:
    return f'<div class="summary">{xhtml(summary)}</div>' if len(summary) else ""


def _note(note: Note, body: etree._Element) -> str:
    if not len(body):
        return ""
    label = frame.note_label(note)
    name = f'<p class="note-label">{words(label)}</p>\n' if label else ""
    return f'<div class="note note-{note.kind.value}">\n{name}{xhtml(body)}\n</div>'


def _header(story: Story, number: int, scene: Scene) -> str:
    heading = f'<h2 id="{scene.scope}top">{words(frame.heading(story, number))}</h2>'
    return _lines(["<header>", heading, _known(story, story.chapters[number - 1]), "</header>"])


def _known(story: Story, own: Chapter) -> str:
    """Return what is known of one chapter alone: who wrote it, its rating, its date."""
    several = len(story.chapters) > 1
    who = frame.byline(Story(key="", credits=own.credits)) if own.credits != story.credits else ""
    told = (who, own.rating if several else "", dates.in_words(own.published) if several else "")
    said = " · ".join(words(part) for part in map(line, told) if part)
    return f'<p class="chapter-facts">{said}</p>' if said else ""


def _figures(images: Sequence[Image], body: str, scene: Scene) -> list[str]:
    """Return pictures that belong here though no text shows them, so that none is lost."""
    figures = []
    for image in images:
        if (image.address and image.address in body) or (image.sha256 and image.sha256 in body):
            continue
        found = scene.pictures.find(image.sha256) if scene.pictures and image.sha256 else None
        if found is None:
            figures.append(f'<p class="image">{words(frame.picture(image.alt, image.address))}</p>')
        elif found.sha256 not in scene.shown:
            scene.shown[found.sha256] = found
            figures.append(f'<figure><img src="{scene.place(found)}" alt="{words(image.alt)}"/></figure>')
    return figures
