"""What labelled values say: tags, days, numbers, languages, whether a work is complete."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storykeep.model.story import Status, Tag, WorkKind
from storykeep.sources.pages import dates
from storykeep.sources.pages.draft import Draft
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.reading import PageRole

NOTHING = frozenset({"", "none", "n/a", "na", "-", "nope", "no", "nil", "not applicable", "none.", "no warnings", "0"})


def is_prose(text: str) -> bool:
    return len(text.split()) > 8 or bool(re.search(r"[a-z][.!?]\s+[A-Z]", text))


def names_in(text: str, field: str) -> list[str]:
    """Return the tags in a labelled value; a sentence is no list of tags."""
    if text.lower().strip(" .") in NOTHING:
        return []
    if (
        field in ("timeline", "challenge", "warnings", "keywords", "category", "characters", "pairing")
        and len(text.split()) > 40
    ):
        return []
    if field in ("warnings", "timeline", "challenge") and is_prose(text):
        return []
    if re.search(r"\s;(?:\s|$)", text):  # each tag was a link of its own, so that commas may occur inside them
        return [
            part
            for one in re.split(r"\s;(?:\s|$)", text)
            if (part := one.strip(" \u00a0")) and part.lower() not in NOTHING
        ]
    if field == "rating":
        return (
            [re.split(r"\s*[;,(]|\s+(?:for|because|due)\b|\s+-\s+", text)[0].strip(" .") or text]
            if len(text) < 60
            else [text.split(maxsplit=1)[0].strip(",.;:")]
        )
    parts = re.split(r"[,;|\n](?![^(]*\))|\s+•\s+", text) if field != "genre" else re.split(r"[,;/|\n]", text)
    found = [part.strip(" .\u00a0") for part in parts]
    return [part for part in found if part.lower() not in NOTHING and len(part) <= 80]


def first(facts: dict[str, list[Label]], field: str) -> str:
    return facts[field][0].text if field in facts else ""


def day(facts: dict[str, list[Label]], field: str) -> str:
    if field == "written":
        return next(
            (
                dates.iso(label.text)
                for label in facts.get("published", [])
                if re.search(r"writ|complet|finish|creat|start", label.label, re.IGNORECASE)
            ),
            "",
        )
    for label in facts.get(field, []):
        if field == "published" and re.search(r"writ|complet|finish|creat|start", label.label, re.IGNORECASE):
            continue
        if date := dates.iso(label.text):
            return date
    return ""


def figure(facts: dict[str, list[Label]], field: str) -> int:
    found = re.search(r"\d[\d,. ]*", first(facts, field))
    digits = re.sub(r"\D", "", found.group()) if found else ""
    return int(digits) if digits and len(digits) < 9 else 0


def planned(facts: dict[str, list[Label]]) -> int:
    found = re.search(r"(\d+)\s*/\s*(\d+|\?)|(\d+)", first(facts, "chapters"))
    if found is None:
        return 0
    said = found[2] if found[1] else found[3]
    return int(said) if said and said.isdigit() else 0


_LANGUAGES = {
    "english": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "français": "fr",
    "francais": "fr",
    "spanish": "es",
    "español": "es",
    "italian": "it",
    "italiano": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "nederlands": "nl",
    "russian": "ru",
    "русский": "ru",
    "polish": "pl",
    "polski": "pl",
    "swedish": "sv",
    "finnish": "fi",
    "danish": "da",
    "norwegian": "no",
    "czech": "cs",
    "hungarian": "hu",
    "japanese": "ja",
    "日本語": "ja",
    "chinese": "zh",
    "中文": "zh",
    "korean": "ko",
    "hebrew": "he",
    "arabic": "ar",
    "turkish": "tr",
    "greek": "el",
    "latin": "la",
}


def language(facts: dict[str, list[Label]]) -> str:
    return _LANGUAGES.get(first(facts, "language").strip().lower(), "")


def status(facts: dict[str, list[Label]], draft: Draft) -> Status:
    said = (draft.status or first(facts, "completed")).lower()
    if re.search(r"\b(?:yes|complete[d]?|finished|done)\b", said) and not re.search(r"\b(?:not|in)\b|incomplete", said):
        return Status.COMPLETE
    if re.search(r"\bno\b|progress|wip|incomplete|unfinished|ongoing", said):
        return Status.IN_PROGRESS
    if re.search(r"abandon", said):
        return Status.ABANDONED
    endings = [part.ending for part in draft.parts if part.ending]
    if (
        endings
        and re.search(r"^[\W_]*(?:the\s+end|fin|finis|ende)\b", endings[-1], re.IGNORECASE)
        and draft.role is PageRole.WHOLE
    ):
        return Status.COMPLETE
    return Status.UNKNOWN


_WORK_KINDS = {"essay": WorkKind.ESSAY, "poem": WorkKind.POEM, "poetry": WorkKind.POEM, "script": WorkKind.SCRIPT}


def work_kind(tags: Sequence[Tag]) -> WorkKind:
    """Return what kind of work its genres say it is; a story, when they don't."""
    genres = (tag.name.casefold() for tag in tags if tag.kind == "genre")
    return next((_WORK_KINDS[genre] for genre in genres if genre in _WORK_KINDS), WorkKind.STORY)
