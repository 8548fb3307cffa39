"""Where the words of a story come from, and the copies of it that can be taken away."""

from __future__ import annotations

from django.urls import reverse

from storykeep.exports import FORMATS, frame
from storykeep.model.provenance import Capture, Gap, Step
from storykeep.model.story import Chapter, Story
from storykeep.site.reading.pages import Download

SAID = {
    "epub": "for e-readers and phones",
    "kepub": "for Kobo’s own reader",
    "html": "one file, for any browser",
    "text": "for everything else",
    "markdown": "for writers’ tools",
    "bundle": "all that is known, for archivists",
}


def downloads(work) -> tuple[Download, ...]:
    return tuple(
        Download(
            label=form.label,
            url=reverse("download", args=[work.ref, work.slug, form.suffix.removeprefix(".")]),
            said=SAID.get(code, ""),
        )
        for code, form in FORMATS.items()
    )


def about(work, texts) -> tuple[str, ...]:
    """Return where this copy comes from, what was mended and what is missing, in sentences."""
    return frame.provenance(outline(work, texts))


def have_gaps(texts) -> bool:
    """Return whether a page with ``texts`` must say what its marks mean."""
    return any(text.current and 'class="gap' in text.current.html for text in texts)


def outline(work, texts) -> Story:
    """Return ``work`` without its words: only what :func:`frame.provenance` counts."""
    captures = work.captures.values_list("sha256", flat=True)
    return Story(
        key=work.key,
        title=work.title,
        archive=work.archive,
        captures=tuple(Capture(sha256=each) for each in captures),
        chapters=tuple(chapter_outline(text) for text in texts),
    )


def chapter_outline(text) -> Chapter:
    steps, gaps = (text.current.steps, text.current.gaps) if text.current else ([], [])
    return Chapter(
        key=text.key,
        truncated=text.truncated,
        steps=tuple(Step(code=step["code"], at=0, before="", after="") for step in steps),
        body=text.current.body if text.current and not gaps else "",
        gaps=tuple(Gap() for _ in gaps),
    )
