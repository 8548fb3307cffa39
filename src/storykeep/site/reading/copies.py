"""Where the words of a story come from, and the copies of it that can be taken away."""

from __future__ import annotations

from django.urls import reverse

from storykeep.exports import FORMATS, frame
from storykeep.model import provenance
from storykeep.model.provenance import Gap, Step
from storykeep.model.story import Chapter, Story
from storykeep.site.reading.pages import Download
from storykeep.site.works.models import Capture

SAID = {
    "epub": "for e-readers and phones",
    "kepub": "for Kobo’s own reader",
    "html": "one file, for any browser",
    "text": "for everything else",
    "markdown": "for writers’ tools",
    "bundle": "all that is known, for archivists",
}


FROM_OTHERS = {
    "collate.restored": "Restored from another copy:",
    "collate.ending": "Its end restored from another copy:",
    "collate.chosen": "As another copy has it:",
}
LINES, SHOWN = 12, 140  # lines that are named, letters of each


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
    """Return where this copy comes from, what was mended, restored and is missing, in sentences."""
    return (*frame.provenance(outline(work, texts)), *restored(work, texts))


def restored(work, texts) -> tuple[str, ...]:
    """Return what other copies gave back, line by line, each with where that copy comes from. 1 query if any did."""
    given = [each for text in texts for each in taken(text)]
    if not given:
        return ()
    rows = Capture.objects.filter(sha256__in={each["witness"] for each in given}).select_related("work")
    whose = {row.sha256: row.work.archive for row in rows if row.work_id != work.pk and row.work.archive}
    said = [
        f"{FROM_OTHERS[each['code']]} “{short(each['reading'])}”{came(whose.get(each['witness']))}" for each in given
    ]
    more = (f"And {len(said) - LINES} more lines.",) if len(said) > LINES else ()
    return (*said[:LINES], *more)


def taken(text) -> list[dict]:
    """Return the places of a chapter at which another copy's words stand."""
    apparatus = text.current.apparatus if text.current else []
    return [each for each in apparatus if each["code"] in FROM_OTHERS]


def short(words: str) -> str:
    return words if len(words) <= SHOWN else words[:SHOWN].rsplit(" ", 1)[0] + " …"


def came(archive: str | None) -> str:
    return f", kept at {archive}." if archive else "."


def have_gaps(texts) -> bool:
    """Return whether a page with ``texts`` must say what its marks mean."""
    return any(text.current and ('class="gap' in text.current.html or taken(text)) for text in texts)


def outline(work, texts) -> Story:
    """Return ``work`` without its words: only what :func:`frame.provenance` counts."""
    captures = work.captures.values_list("sha256", flat=True)
    return Story(
        key=work.key,
        title=work.title,
        archive=work.archive,
        captures=tuple(provenance.Capture(sha256=each) for each in captures),
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
