"""What stands around the text in every format: title, byline, labels, notes, and where the copy comes from.

All words that Storykeep itself adds to a story are here. They are few and quiet, and they invent nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from storykeep.exports import dates
from storykeep.exports.legal import line
from storykeep.exports.links import absolute
from storykeep.model.provenance import GapKind
from storykeep.model.story import (
    Chapter,
    Note,
    NoteKind,
    RelationKind,
    Role,
    SeriesPlace,
    Status,
    Story,
    WorkKind,
)

UNTITLED = "Untitled"
STORY = "The story"
ABOUT = "About this story"
AFTERWORD = "After the story"
COLOPHON = "About this copy"
CONTENTS = "Contents"

SUBJECTS = {
    WorkKind.STORY: "Stories",
    WorkKind.ESSAY: "Essays",
    WorkKind.POEM: "Poems",
    WorkKind.SCRIPT: "Scripts",
    WorkKind.ART: "Art",
}
_GAPS = {
    GapKind.SCENE_BREAK.value: "a scene break may be missing in the surviving copy",
    GapKind.HEADING.value: "a heading is missing in the surviving copy",
    GapKind.ADDRESS.value: "an address is missing in the surviving copy",
    GapKind.TAIL.value: "the surviving copy ends here",
}
_A_LINE = "a line is missing in the surviving copy"
_ROLES = {
    Role.TRANSLATOR: "translated by",
    Role.BETA: "beta read by",
    Role.ARTIST: "art by",
    Role.ARCHIVIST: "archived by",
}
_RELATIONS = {
    RelationKind.SEQUEL_OF: "Sequel to",
    RelationKind.PREQUEL_OF: "Prequel to",
    RelationKind.INSPIRED_BY: "Inspired by",
    RelationKind.TRANSLATION_OF: "Translation of",
    RelationKind.GIFT_TO: "A gift for",
    RelationKind.CHALLENGE: "Written for",
}
_STATUS = {
    Status.COMPLETE: "Complete",
    Status.IN_PROGRESS: "In progress",
    Status.ABANDONED: "Unfinished",
}
_NOTES = {
    NoteKind.BEFORE: "Author’s notes",
    NoteKind.AFTER: "Notes",
    NoteKind.OTHER: "Note",
    NoteKind.EPIGRAPH: "",
    NoteKind.DEDICATION: "",
}
_REPAIRS = {
    "mojibake": ("garbled stretch mended", "garbled stretches mended"),
    "quotes": ("quotation mark turned the right way", "quotation marks turned the right way"),
    "elision": ("apostrophe turned the right way", "apostrophes turned the right way"),
    "entities": ("broken character code mended", "broken character codes mended"),
    "slashes": ("stray backslash taken out", "stray backslashes taken out"),
    "controls": ("invisible control character taken out", "invisible control characters taken out"),
}
_FALLBACK = ("small repair", "small repairs")


def title(story: Story) -> str:
    """Return the title as shown; a lost one is ``Untitled``."""
    return line(story.title or "") or UNTITLED


def byline(story: Story) -> str:
    """Return who made the work, in one line.

    >>> byline(Story(key="x", credits=(Credit(name="zero"), Credit(name="jen"))))
    'by zero and jen'
    """
    return ", ".join(bylines(story))


def bylines(story: Story) -> tuple[str, ...]:
    """Return who made the work: a line for the authors, and one for each other role."""
    named = (
        (words, [name for credit in story.credits if credit.role is role and (name := line(credit.name))])
        for role, words in {Role.AUTHOR: "by", **_ROLES}.items()
    )
    return tuple(f"{words} {_list(names)}" for words, names in named if names)


def heading(story: Story, number: int) -> str:
    """Return the heading of the chapter with this 1-based number, label and title as they were printed.

    >>> heading(Story(key="x", chapters=(Chapter(key="1", label="Prologue", title="Dice"),)), 1)
    'Prologue: Dice'
    """
    chapter = story.chapters[number - 1]
    label, name = line(chapter.label), line(chapter.title)
    if label and name and not name.casefold().startswith(label.casefold()):
        return f"{label}{' ' if label[-1] in ':.–—-' else ': '}{name}"
    if name or label:
        return name or label
    return title(story) if len(story.chapters) == 1 else f"Chapter {number}"


def facts(story: Story) -> tuple[tuple[str, str], ...]:
    """Return what is known of the story, as rows of label and value: tags by kind, series, ties, dates, state."""
    rows = [*_tags(story), ("Series", "; ".join(filter(None, map(place, story.series))))]
    rows += [(_RELATIONS[relation.kind], relation.target) for relation in story.relations]
    rows += [
        ("Written", dates.in_words(story.written)),
        ("Published", dates.in_words(story.published)),
        ("Updated", dates.in_words(story.updated) if story.updated != story.published else ""),
        ("Status", _STATUS.get(story.status, "")),
        ("Chapters", _chapters(story)),
        ("Words", f"{story.stated_words:,}" if story.stated_words else ""),
    ]
    return tuple((line(label), line(value)) for label, value in rows if line(value))


def place(series: SeriesPlace) -> str:
    """Return a place in a series in words: ``The Long Road, part 2``."""
    title = line(series.title)
    return f"{title}, part {series.position}" if series.position and title else title


def notes_before(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes that stand before a text, warnings first."""
    before = [note for note in notes if note.kind is not NoteKind.AFTER]
    return tuple(sorted(before, key=lambda note: note.kind is not NoteKind.WARNING))


def notes_after(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return the notes that stand after a text."""
    return tuple(note for note in notes if note.kind is NoteKind.AFTER)


def note_label(note: Note) -> str:
    """Return the label of a note as printed, else a plain word for its kind; empty where a label would disturb."""
    return line(note.label).rstrip(":") or _NOTES.get(note.kind, note.kind.value.capitalize())


def source(story: Story) -> str:
    """Return the old address of the story; empty when none is known."""
    return next(filter(None, map(absolute, story.addresses)), "")


def base(story: Story, chapter: Chapter) -> str:
    """Return the old address that relative links in a chapter were relative to; empty when none is known."""
    return next(iter((*chapter.addresses, *story.addresses)), "")


def gap(kind: str) -> str:
    """Return the quiet words for a gap of this kind.

    >>> gap("reply")
    '[a line is missing in the surviving copy]'
    """
    return f"[{_GAPS.get(kind, _A_LINE)}]"


def picture(alt: str, address: str) -> str:
    """Return what stands for a picture whose bytes are not kept."""
    name = alt.strip() or address.partition("?")[0].rstrip("/").rpartition("/")[2]
    return f"[image: {name}]" if name and not address.startswith("data:") else f"[image{': ' + alt if alt else ''}]"


def provenance(story: Story) -> tuple[str, ...]:
    """Return where this copy comes from, what was repaired and what is missing, in sentences."""
    chapters = story.chapters
    told = (_origin(story), _repaired(chapters), _restored(chapters), _missing(chapters), *_lost_title(story))
    return tuple(sentence for sentence in told if sentence)


def captures(story: Story) -> tuple[tuple[str, str, str], ...]:
    """Return the saved originals: address or name, day of the capture in words, SHA-256."""
    return tuple(
        (capture.address or capture.path, dates.in_words(capture.captured_at), capture.sha256)
        for capture in story.captures
    )


def _list(names: Sequence[str]) -> str:
    if len(names) < 2:  # noqa: PLR2004 — one name, or none
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _tags(story: Story) -> list[tuple[str, str]]:
    kinds: dict[str, list[str]] = {}
    for tag in story.tags:
        kinds.setdefault(tag.kind, []).append(tag.name)
    return [(_kind(kind), "; ".join(names)) for kind, names in kinds.items()]


def _kind(key: str) -> str:
    words = line(key.replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:] or "Tags"


def _chapters(story: Story) -> str:
    there, planned = len(story.chapters), story.chapters_planned
    if planned > there:
        return f"{there} of {planned}"
    return str(there) if there > 1 else ""


def _origin(story: Story) -> str:
    archive = line(story.archive)
    here = f"“{title(story)}” comes from the archive “{archive}”." if archive else ""
    if len(story.captures) == 1:
        return f"{here} It was read from one saved copy.".strip()
    if story.captures:
        return f"{here} It was read from {len(story.captures)} saved copies.".strip()
    return here


def _repaired(chapters: Iterable[Chapter]) -> str:
    families = Counter(_family(step.code) for chapter in chapters for step in chapter.steps)
    if not families:
        return ""
    counted = [f"{count:,} {words[count > 1]}" for words, count in families.most_common()]
    return f"Repaired in this copy: {_list(counted)}. Every repair can be undone; the original bytes are kept."


def _family(code: str) -> tuple[str, str]:
    named = (_REPAIRS[part] for part in code.split(".") if part in _REPAIRS)
    return next(named, _FALLBACK)


def _restored(chapters: Iterable[Chapter]) -> str:
    """Return what other surviving copies gave, and where they say something else."""
    codes = Counter(variant.code for chapter in chapters for variant in chapter.apparatus)
    restored = codes["collate.restored"] + codes["collate.ending"]
    differing = codes["collate.differs"]
    said = []
    if restored:
        passages = "One passage" if restored == 1 else f"{restored} passages"
        said.append(f"{passages} that this copy had lost came from another saved copy.")
    if differing:
        places = "one place" if differing == 1 else f"{differing} places"
        said.append(f"In {places} another copy says something else.")
    return " ".join(said)


def _missing(chapters: Sequence[Chapter]) -> str:
    count = sum(map(_gaps, chapters))
    cut = any(chapter.truncated or "gap-tail" in chapter.body for chapter in chapters)
    said = []
    if count == 1:
        said.append("In one place a line seems to be missing; it is marked, and nothing was put in its stead.")
    if count > 1:
        said.append(
            f"In {count} places a line seems to be missing; they are marked, and nothing was put in their stead."
        )
    if cut:
        said.append("The surviving copy breaks off before its end.")
    return " ".join(said)


def _gaps(chapter: Chapter) -> int:
    """Return how many lines are missing inside a chapter, as far as is known; a torn end is another matter."""
    shown = chapter.body.count('class="gap') - chapter.body.count("gap-tail")
    return max(shown, sum(gap.kind is not GapKind.TAIL for gap in chapter.gaps))


def _lost_title(story: Story) -> tuple[str, ...]:
    return () if line(story.title or "") else ("Its title did not survive.",)
