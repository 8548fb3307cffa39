"""How well pages of templates that no rule was made for are read: before any correction, and after one for each field.

Run: ``python tests/bench/templates.py``. The twelve pages of a template are learned from as one archive. One
correction is made on the first page that is wrong, and counts for all twelve.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import templates  # noqa: E402 — found by the line above
from storykeep.model.identity import sha256  # noqa: E402 — as above
from storykeep.model.provenance import Capture  # noqa: E402 — as above
from storykeep.sources import pages as reader  # noqa: E402 — as above
from storykeep.sources.pages import lessons  # noqa: E402 — as above
from storykeep.sources.pages.reading import PageReading  # noqa: E402 — as above
from storykeep.sources.pages.shape import Learner, Shape  # noqa: E402 — as above
from storykeep.text import markup  # noqa: E402 — as above

FIELDS = ("title", "author", "body")


def capture_of(page: templates.Page) -> Capture:
    return Capture(sha256=sha256(page.data), path=page.path, size=len(page.data))


def learned(pages: list[templates.Page]) -> Shape:
    learner = Learner()
    for page in pages:
        learner.see(page.data, capture_of(page))
    return learner.shape()


def right(reading: PageReading, tale: templates.Tale, field: str) -> bool:
    story = reading.story
    if field == "title":
        return (story.title or "").casefold() == tale.title.casefold()
    if field == "author":
        return story.authors == (tale.author,)
    return letters(" ".join(markup.plain(chapter.body) for chapter in story.chapters)) == letters(
        " ".join(tale.paragraphs)
    )


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def truth(tale: templates.Tale, field: str) -> str:
    return {"title": tale.title, "author": tale.author, "body": "\n\n".join(tale.paragraphs)}[field]


def measured(name: str) -> dict[str, tuple[int, int]]:
    """Return for each field on how many of the pages it is right, before and after one correction."""
    pages = templates.pages(name)
    shape = learned(pages)
    found: dict[str, tuple[int, int]] = {}
    for field in FIELDS:
        before = [right(reader.read(page.data, capture_of(page), shape=shape), page.tale, field) for page in pages]
        found[field] = (sum(before), sum(corrected(pages, shape, field, before)) if not all(before) else sum(before))
    return found


def corrected(pages: list[templates.Page], shape: Shape, field: str, before: list[bool]) -> list[bool]:
    wrong = pages[before.index(False)]
    others = [(page.data, capture_of(page)) for page in pages if page is not wrong]
    told = lessons.learn(wrong.data, capture_of(wrong), field, truth(wrong.tale, field), others)
    taught = replace(shape, rules=(told[0].rule,)) if told else shape
    return [right(reader.read(page.data, capture_of(page), shape=taught), page.tale, field) for page in pages]


def main() -> None:
    total = {field: [0, 0, 0] for field in FIELDS}
    for name in templates.TEMPLATES:
        found = measured(name)
        print(f"{name:16}", *(f"{field} {a:2} → {b:2}" for field, (a, b) in found.items()), sep="  ")
        for field, (before, after) in found.items():
            total[field] = [total[field][0] + before, total[field][1] + after, total[field][2] + 12]
    for field, (before, after, of) in total.items():
        print(f"{field}: {before / of:.3f} before, {after / of:.3f} after one correction, {of} pages")


if __name__ == "__main__":
    main()
