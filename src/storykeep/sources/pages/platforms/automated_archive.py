"""Automated Archive: ``archive/N/name.html`` with H1, "by", notes, a rule, the story, a rule, and comment links."""

from __future__ import annotations

import re

from storykeep.sources.pages import heuristic
from storykeep.sources.pages.draft import Draft
from storykeep.sources.pages.flow import Kind
from storykeep.sources.pages.page import SavedPage
from storykeep.sources.pages.reading import PageRole

CODE = "automated-archive"
_SIGN = re.compile(
    (
        r"COMMENTLINK|/cgi-bin/(?:comment|archive|quicksearch)[\w.]*|quicksearch\.html|"
        r"Please post a comment on this story|Automated Archive"
    ),
    re.IGNORECASE,
)


def recognise(page: SavedPage) -> Draft | None:
    """Return what a page of the Automated Archive tells, None when it is none.

    Its head and foot are parted from the story by rules, so the general reading does the rest; notes without a label
    between the byline and the first rule are notes here for certain.
    """
    if page.tree is None or not _SIGN.search(page.sample):
        return None
    if not any(line.kind is Kind.RULE for line in page.lines):
        return None
    found = heuristic.recognise(page)
    if not found.parts or sum(line.words for line in found.parts[0].lines) < 20:
        return None
    return Draft(
        platform=CODE,
        role=found.role if found.role is not PageRole.CHAPTER else PageRole.CHAPTER,
        parts=found.parts,
        titles=found.titles,
        authors=found.authors,
        labels=found.labels,
        software="Automated Archive",
        place=found.place,
        own_head=False,
    )
