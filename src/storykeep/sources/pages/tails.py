"""Where a story ends: end marks, end notes, and the furniture below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storykeep.sources.pages import furniture, inline, labels
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.sorts import Look
from storykeep.sources.pages.weave import is_scene_mark

MOST_BELOW = 250  # words of furniture below a story
REACH = 60  # lines from the bottom in which a tail may stand
_END = re.compile(
    (
        r"^[\W_]*(?:the\s+end|end|fin|finis|finito|ende|owari|finished|fini|end of (?:story|"
        r"file|fic|the story)|the end\W+(?:or is it|for now|really)?|to be concluded|to be continued"
        r"(?:\W+(?:in\b.{0,40}|maybe|soon|someday|\.*))?|tbc|"
        r"\(?continued (?:in|on) .{1,50}|end (?:of )?(?:chapter|part|pt|book|section)s?\s*[\w-]*(?:\s*(?:/|"
        r"of)\s*[\d?]+)?|end\s+\d+\s*/\s*[\d?]+|-30-|30|more to come|more later|the beginning|"
        r"end transmission|end\s*\(?\d*/?\d*\)?)[\W_]*$"
    ),
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"continued|tbc|to be|more|end (?:of )?(?:chapter|part|pt)", re.IGNORECASE)
_SIGNATURE = re.compile(r"^(?:-{2,3}\s?|_{5,}|={5,}|\.{5,}|~{5,})$")


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the story stops (number of the line after its last), the notes below it, and its end mark as printed."""

    stop: int
    labels: tuple[Label, ...] = ()
    ending: str = ""

    @property
    def goes_on(self) -> bool:
        return bool(_GOES_ON.search(self.ending))


def is_end_mark(text: str) -> bool:
    """Say whether a line only says that the story or the part ends here.

    >>> is_end_mark("~ The End ~"), is_end_mark("(continued in part 2)"), is_end_mark("Voilà. Fin.")
    (True, True, False)
    """
    return len(text) < 80 and bool(_END.match(text))


def read(lines: Sequence[Line], look: Look) -> Tail:
    """Return where the story in ``lines`` (its head taken off) stops, and what is said below."""
    stop = _without_furniture(lines)
    ending = _ending(lines, stop)
    if ending is not None:
        return Tail(ending, tuple(_notes(lines[ending + 1 : stop])), lines[ending].text)
    note = _about_author(lines, stop) or _note_start(lines, stop)
    if note is not None:
        return Tail(note, tuple(_notes(lines[note:stop])))
    aside = _aside(lines, stop, look)
    return Tail(aside, tuple(_notes(lines[aside:stop])))


def _without_furniture(lines: Sequence[Line]) -> int:
    """Return the first line of the furniture at the bottom: few other words may stand between its pieces."""
    stop = number = _first_menu(lines)
    others = 0
    total = sum(line.words for line in lines)
    while number > max(0, len(lines) - REACH):
        number -= 1
        line = lines[number]
        if line.kind is not Kind.TEXT or is_scene_mark(line.text) or _SIGNATURE.match(line.text):
            if others == 0:
                stop = number
            continue
        if furniture.is_line(line):
            stop, others = number, 0
        else:
            others += line.words
            if others > min(25, 0.1 * total):
                break
    return stop


def _first_menu(lines: Sequence[Line]) -> int:
    """Return the number of the first of the menus that stand below a story, with whatever a site says among them.

    One is no proof; two are, when few of the words stand below the first.
    """
    total = sum(line.words for line in lines) or 1
    below = menus = 0
    first = len(lines)
    for number in range(len(lines) - 1, max(-1, len(lines) - REACH), -1):
        below += lines[number].words
        if below > max(60, 0.25 * total) or below > MOST_BELOW:
            break
        if lines[number].kind is Kind.TEXT and furniture.is_menu(lines[number].text):
            menus, first = menus + 1, number
    return first if menus > 1 else len(lines)


def _ending(lines: Sequence[Line], stop: int) -> int | None:
    """Return the number of the end mark: the last one that has at most a note's length of words below it."""
    total = sum(line.words for line in lines[:stop]) or 1
    below = 0
    for number in range(stop - 1, max(-1, stop - REACH), -1):
        line = lines[number]
        if line.kind is Kind.TEXT and is_end_mark(line.text) and number > 0:
            return number
        below += line.words
        if below > max(60, 0.3 * total):
            break
    return None


def _about_author(lines: Sequence[Line], stop: int) -> int | None:
    """Return where "About the author" stands below a story."""
    for number in range(max(1, stop - 12), stop):
        if re.match(r"^\W*about the (?:author|writer)s?\W*$", lines[number].text, re.IGNORECASE):
            return number
    return None


def _note_start(lines: Sequence[Line], stop: int) -> int | None:
    """Return where a labelled end note starts ("A/N: …", "Feedback: …"), None without one."""
    total = sum(line.words for line in lines[:stop]) or 1
    below = 0
    found = None
    for number in range(stop - 1, max(0, stop - REACH), -1):
        line = lines[number]
        below += line.words
        if below > max(40, 0.25 * total):
            break
        if line.kind is not Kind.TEXT:
            continue
        said = labels.parse(line.html)
        if (
            said
            and said[0].field in ("notes", "feedback", "disclaimer", "thanks", "distribution", "email", "dedication")
            and _is_plain(said[0], line)
        ):
            found = number
    return found


def _is_plain(label: Label, line: Line) -> bool:
    strong = label.label.lower() not in labels.WEAK
    return (
        strong
        or line.bold > 0
        or (
            label.label[:1].isupper()
            and label.label.lower() in ("note", "notes", "e-mail", "email", "comments", "reviews")
            and line.text[:1] not in '"“‘'
        )
    )


def _aside(lines: Sequence[Line], stop: int, look: Look) -> int:
    """Return where closing words in another dress start: centred, small or italic, above a hand-made page's links."""
    number = stop
    while number > 0 and _is_aside(lines, number - 1, stop, look):
        number -= 1
    return number if stop - number <= 4 else stop


def _is_aside(lines: Sequence[Line], number: int, stop: int, look: Look) -> bool:
    line = lines[number]
    if line.kind is not Kind.TEXT or line.words > 40 or is_scene_mark(line.text) or look.centred:
        return False
    small = line.size < look.size - 0.5
    joined = (
        stop < len(lines)
        and lines[stop].kind is Kind.TEXT
        and lines[stop].block == line.block
        and bool(lines[stop].breaks)
    )
    ruled = number > 1 and lines[number - 1].kind is Kind.RULE and line.words <= 15  # a site's line below its last rule
    said = line.italic > 0.9 and line.words > 4 and bool(_FAREWELL.search(line.text))
    return (small and ruled) or said or (line.align == "center" and (small or (joined and line.italic > 0.8)))


_FAREWELL = re.compile(
    r"\blet me know what you think\b|"
    r"\b(?:feedback|reviews?|comments)\b.{0,40}\b(?:welcome|appreciated|loved?|please)\b|"
    r"\bplease (?:read and )?review\b|\bthanks? (?:you )?(?:so much )?for reading\b|\bhope you (?:liked|enjoyed)\b|"
    r"\bfeedback is\b|\b(?:first|next|new) fic\b",
    re.IGNORECASE,
)


def _notes(lines: Sequence[Line]) -> list[Label]:
    """Return the words below a story as labelled notes; the first may have no label."""
    found: list[Label] = []
    for number, line in enumerate(lines):
        if (
            line.kind is not Kind.TEXT
            or is_scene_mark(line.text)
            or _SIGNATURE.match(line.text)
            or furniture.is_line(line)
        ):
            continue
        said = labels.parse(line.html)
        if said:
            found.extend(said)
        elif found and number and line.breaks and line.pre:
            found[-1] = Label(
                found[-1].field, found[-1].label, f"{found[-1].text} {line.text}", f"{found[-1].html} {line.html}"
            )
        elif found:
            found[-1] = Label(
                found[-1].field,
                found[-1].label,
                f"{found[-1].text}\n{line.text}".strip(),
                f"{found[-1].html}<br>{line.html}".removeprefix("<br>"),
            )
        else:
            found.append(Label("notes", "", inline.plain(line.html), line.html))
    return found
