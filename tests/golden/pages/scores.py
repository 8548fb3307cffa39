"""Compares what was read from a page with the truth beside it: paragraphs, breaks between them, italics, leaks."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from pathlib import Path

from storykeep.cli.inspect import plain_form, reading_of

SIGNS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "…": "..."})


@dataclass(frozen=True)
class Score:
    """One page: which of its facts are right, and how much of its text."""

    title: bool
    author: bool
    found: int
    wanted: int
    extra: int
    breaks: int
    breaks_wanted: int
    italics: int
    italics_wanted: int
    leaks: tuple[str, ...]

    @property
    def f1(self):
        return 2 * self.found / max(1, self.wanted + self.found + self.extra)


def key(text):
    return "".join(sign for sign in (text or "").translate(SIGNS).casefold() if sign.isalnum())


def truth_of(path: Path):
    return json.loads(path.read_text("utf-8"))


def page_of(folder: Path, truth):
    return next((folder / "pages").glob(f"{truth['id']}-*"))


def score(folder: Path, truth) -> Score:
    """The better of two readings of the truth: verse as one block, or a paragraph for each of its lines."""
    form = plain_form(reading_of(page_of(folder, truth)))
    return max((_score(form, truth, list(_flat(truth, joined=joined))) for joined in (True, False)), key=lambda s: s.f1)


def _score(form, truth, want) -> Score:
    got = [block for chapter in form["chapters"] for block in chapter["blocks"] if block["type"] != "gap"]
    words_got = [key(block["text"]) for block in got if block["type"] != "scene_break"]
    words_want = [key(block["text"]) for block in want if block["type"] != "scene_break"]
    pairs = _pairs(words_want, words_got)
    aside = {key(text) for text in truth.get("optional_text", [])} | _neutral(truth)
    paired = {b for _, b in pairs}
    extra = [text for n, text in enumerate(words_got) if n not in paired and text and not _may_be(text, aside)]
    runs_got = [key(run) for block in got for run in block.get("italics", [])]
    runs_want = [key(run) for block in want for run in block.get("italics", [])]
    body = key(" ".join(block.get("text", "") for block in got))
    return Score(
        title=key(form["title"]) == key(truth["title"]),
        author=key(", ".join(form["authors"])) == key(truth["author"]),
        found=len(pairs),
        wanted=len(words_want),
        extra=len(extra),
        breaks=_breaks(want, got, pairs),
        breaks_wanted=_breaks(want, want, [(n, n) for n in range(len(words_want))]),
        italics=sum(any(run in other for other in runs_got) for run in runs_want),
        italics_wanted=len(runs_want),
        leaks=tuple(words for words in truth.get("boilerplate", []) if key(words) in body),
    )


def _flat(truth, *, joined):
    for chapter in truth["chapters"]:
        for block in chapter["blocks"]:
            if block["type"] != "lines":
                yield block
            elif joined:
                yield {**block, "text": " ".join(block["lines"])}
            else:
                yield from ({"type": "p", "text": line, "italics": []} for line in block["lines"])


def _may_be(text, aside):
    """Say whether words that are no paragraph of the truth may stand there, whole or cut off."""
    return text in aside or any(len(text) > 12 and words.startswith(text) for words in aside)


def _neutral(truth):
    names = [truth["title"], truth["author"], truth.get("summary", ""), truth.get("story_notes", "")]
    names += [truth.get("end_notes", ""), *(chapter["title"] for chapter in truth["chapters"])]
    return {key(name) for name in names}


def _pairs(want, got):
    """Pair paragraphs that are the same but for a letter here and there, in order."""
    pairs = []
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, want, got, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += list(zip(range(a1, a2), range(b1, b2), strict=True))
        elif tag == "replace":
            pairs += [
                (a, b) for a, b in zip(range(a1, a2), range(b1, b2), strict=False) if _nearly(want[a], got[b]) >= 0.9
            ]
    return pairs


def _nearly(one, other):
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _breaks(want, got, pairs):
    """Count the scene breaks of the truth that stand between the same two paragraphs in what was read."""
    places = dict(pairs)
    after_want = _after(want)
    after_got = _after(got)
    return sum(number in places and places[number] in after_got for number in after_want)


def _after(blocks):
    found, number = set(), -1
    for block in blocks:
        number += block["type"] != "scene_break"
        if block["type"] == "scene_break":
            found.add(number)
    return found


def total(scores):
    """The figures over many pages, by name."""
    return {
        "title": sum(s.title for s in scores) / len(scores),
        "author": sum(s.author for s in scores) / len(scores),
        "f1": sum(s.f1 for s in scores) / len(scores),
        "breaks": sum(s.breaks for s in scores) / max(1, sum(s.breaks_wanted for s in scores)),
        "italics": sum(s.italics for s in scores) / max(1, sum(s.italics_wanted for s in scores)),
        "leaks": [leak for s in scores for leak in s.leaks],
    }
