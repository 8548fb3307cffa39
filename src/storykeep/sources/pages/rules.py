"""Rules that an archivist taught: for pages of one template, where a field stands.

A rule holds literal words and places, never a pattern that somebody typed; the same rule on the same page always gives
the same value. Where a rule finds nothing, the page is read as if there were none. :mod:`.lessons` makes rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from dataclasses import field as made_by
from hashlib import sha256
from html import escape
from typing import Any

from lxml.html import HtmlElement

from storykeep.model import identity
from storykeep.model.errors import BadBundle
from storykeep.model.provenance import Evidence
from storykeep.model.story import Chapter, Credit, Note, NoteKind, Role, Story, Tag
from storykeep.sources.pages import address as addresses
from storykeep.sources.pages import chapters, dates, names
from storykeep.sources.pages.draft import Draft, Guess, Part
from storykeep.sources.pages.facts import names_in
from storykeep.sources.pages.flow import Kind, Line
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.reading import PageReading, PageRole
from storykeep.sources.pages.shape import place_of
from storykeep.sources.pages.spots import Sheet, Spot
from storykeep.sources.privacy import masked
from storykeep.text import repair as mending
from storykeep.text import sanitise

VERSION = 1
TAUGHT = "taught"
SURE = 0.95
ALIKE = 0.8  # share of a rule's marks that a page of its template has
SPANS = frozenset({"summary", "notes", "after", "body"})
"""Fields of several lines. The others are words in one line; ``furniture`` and ``chapters`` stand in many places."""
MANY = frozenset({"furniture", "chapters"})
FIELDS = {
    "title": "Title",
    "author": "Author",
    "summary": "Summary",
    "notes": "Notes before the story",
    "after": "Notes after the story",
    "body": "The story itself",
    "chapter.title": "Title of the chapter",
    "chapter.label": "Label of the chapter",
    "chapter.number": "Number of the chapter",
    "chapters": "A heading with which a chapter begins",
    "published": "Date of publication",
    "updated": "Date of the last change",
    "written": "Date of writing",
    "tag:rating": "Rating",
    "tag:fandom": "Fandom",
    "tag:pairing": "Pairing",
    "tag:character": "Characters",
    "tag:genre": "Genre",
    "tag:warning": "Warnings",
    "tag:category": "Category",
    "furniture": "No part of the story: leave it out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Which spot is meant.

    ``nth``: the ``number``-th at ``place``. ``label``: the one that starts with ``words``; ``line``: that is ``words``.
    ``after`` and ``before``: so many lines from the line that starts with ``words`` (without words: that stands at
    ``place``), of several the one that ``skip`` says, the last if it is -1. ``inside``: everything in the
    ``number``-th element at ``place``.
    """

    how: str = "nth"
    place: str = ""
    number: int = 0
    words: str = ""
    skip: int = 0  # how many such lines come first

    def every(self, sheet: Sheet) -> Iterator[Spot]:
        """Yield every spot of a page that is meant, in order."""
        if self.how == "nth":
            yield from sheet.places.get(self.place, ()) if self.place else sheet.lines
        elif self.how in ("label", "line"):
            pool = sheet.places.get(self.place, ()) if self.place else sheet.lines
            exact = self.how == "line"
            yield from (spot for spot in pool if (spot.text == self.words if exact else _starts(spot, self.words)))
        else:
            yield from self._beside(sheet)

    def one(self, sheet: Sheet) -> Spot | None:
        """Return the spot that is meant, None when the page has none."""
        found = list(self.every(sheet))
        number = self.number if self.how == "nth" else 0
        return found[number] if -len(found) <= number < len(found) else None

    def _beside(self, sheet: Sheet) -> Iterator[Spot]:
        anchors = [n for n, spot in enumerate(sheet.lines) if self._is_anchor(spot)]
        if self.skip < len(anchors) and anchors:
            at = anchors[self.skip] + (self.number if self.how == "after" else -self.number)
            if 0 <= at < len(sheet.lines):
                yield sheet.lines[at]

    def _is_anchor(self, spot: Spot) -> bool:
        return _starts(spot, self.words) if self.words else spot.place == self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What is taken off the words of a spot: all up to ``left``, and all from ``right``, if it is there.

    ``left_at`` and ``right_at`` say which occurrence is meant, negative from the end.
    """

    left: str = ""
    left_at: int = 0
    right: str = ""
    right_at: int = 0

    def of(self, text: str) -> str | None:
        """Return the value in ``text``, None when ``left`` isn't there.

        >>> Cut(left="Tale: ", right=" by ", right_at=-1).of("Tale: Stand by Me by Kalima")
        'Stand by Me'
        """
        if self.left:
            at = _nth(text, self.left, self.left_at)
            if at < 0:
                return None
            text = text[at + len(self.left) :]
        if self.right and (at := _nth(text, self.right, self.right_at)) >= 0:
            text = text[:at]
        return text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where several lines end.

    ``line``: with the first. ``inside``: with the element at ``place``. ``before``: before the next line that starts
    with ``words``, or stands at ``place`` (``number`` -1: the last such). ``blank``: before an empty line or a new
    block. ``bottom``: so many lines (``number``) from the bottom.
    """

    how: str = "line"
    place: str = ""
    words: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A value on a page: its words, the first line's HTML and words, and the numbers of the lines that hold it."""

    text: str
    first: int = -1
    last: int = -1
    cut: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where ``field`` stands on the pages that have ``marks`` and whose address starts with ``address``."""

    field: str
    start: Locator
    cut: Cut = made_by(default_factory=Cut)
    end: End = made_by(default_factory=End)
    marks: tuple[str, ...] = ()
    address: str = ""
    words: str = ""
    capture: str = ""
    version: int = VERSION

    @property
    def id(self) -> str:
        """What tells rules apart: the same rule learned again has the same."""
        plain = self.to_plain()
        del plain["words"], plain["capture"]
        return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12]

    def fits(self, sheet: Sheet) -> bool:
        """Say whether a page is of the rule's template."""
        if self.address and not addresses_of(sheet).startswith(self.address):
            return False
        return sum(mark in sheet.marks for mark in self.marks) >= ALIKE * len(self.marks)

    def find(self, sheet: Sheet) -> Found | None:
        """Return what the rule finds on a page; None on pages of other templates and where the place is empty."""
        return self.value(sheet) if self.fits(sheet) else None

    def value(self, sheet: Sheet) -> Found | None:
        """Return what stands at the rule's place, whatever template the page is of."""
        if self.field in MANY:
            return self._many(sheet)
        if self.start.how == "inside":
            return self._container(sheet)
        spot = self.start.one(sheet)
        if spot is None:
            return None
        if self.field in SPANS:
            return self._span(sheet, spot)
        said = self._said(spot.text)
        value = sheet.mended(said) if said else ""
        return Found(value, spot.line, spot.line, said or "") if value else None

    def everywhere(self, sheet: Sheet) -> tuple[int, ...]:
        """Return the numbers of all lines that are meant, for what stands in many places."""
        return tuple(dict.fromkeys(spot.line for spot in self.start.every(sheet) if spot.line >= 0))

    def to_plain(self) -> dict[str, object]:
        """Return the rule as JSON values."""
        return asdict(self) | {"marks": list(self.marks)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> Rule:
        """Return the rule that :meth:`to_plain` gave. Raises BadBundle when it doesn't fit."""
        try:
            given: dict[str, Any] = dict(plain)
            start, cut, end = Locator(**given.pop("start")), Cut(**given.pop("cut")), End(**given.pop("end"))
            rule = cls(start=start, cut=cut, end=end, marks=tuple(map(str, given.pop("marks"))), **given)
        except (KeyError, TypeError, ValueError) as error:
            raise BadBundle(f"This is no taught rule: {error}. Teach it anew.") from error
        if rule.field not in FIELDS and not rule.field.startswith("tag:"):
            raise BadBundle(f"No rule can be taught for “{rule.field}”. Choose one of: {', '.join(FIELDS)}.")
        return rule

    def _said(self, text: str) -> str | None:
        if self.start.how == "label":
            text = text[len(self.start.words) :]
        return self.cut.of(text)

    def _many(self, sheet: Sheet) -> Found | None:
        found = self.everywhere(sheet)
        return Found(sheet.page.lines[found[0]].text, found[0], found[-1]) if found else None

    def _container(self, sheet: Sheet) -> Found | None:
        boxes: dict[HtmlElement, list[int]] = {}
        for number, line in enumerate(sheet.page.lines):
            if (box := container(line, self.start.place)) is not None:
                boxes.setdefault(box, []).append(number)
        found = [numbers for numbers in boxes.values() if any(_has_words(sheet, n) for n in numbers)]
        if not -len(found) <= self.start.number < len(found):
            return None
        return self._made(sheet, found[self.start.number][0], found[self.start.number][-1], None)

    def _span(self, sheet: Sheet, spot: Spot) -> Found | None:
        if spot.line < 0:
            said = self._said(spot.text)
            return Found(sheet.mended(said), cut=said) if said else None
        last = last_line(sheet, spot.line, self.end)
        return self._made(sheet, spot.line, last, spot) if last >= spot.line else None

    def _made(self, sheet: Sheet, first: int, last: int, spot: Spot | None) -> Found | None:
        cut = self._said(spot.text) if spot is not None else None
        if spot is not None and cut is None:
            return None
        texts = [line.text for line in sheet.page.lines[first : last + 1] if line.kind is Kind.TEXT]
        if cut is not None and texts:
            texts[0] = cut
        said = "\n".join(filter(None, texts))
        cut = cut if spot is not None and cut != spot.text else ""
        return Found(said, first, last, cut or "") if said.strip() else None


def addresses_of(sheet: Sheet) -> str:
    """Return a page's address as rules compare it: host and path, or the path of the file."""
    capture = sheet.page.capture
    return re.sub(r"^https?://(?:www\.)?", "", sheet.page.address or capture.address or "")


def container(line: Line, place: str) -> HtmlElement | None:
    """Return the outermost element at ``place`` that a line stands in."""
    found = None
    for element in (line.element, *line.element.iterancestors()):
        if isinstance(element.tag, str) and place_of(element) == place:
            found = element
    return found


def last_line(sheet: Sheet, first: int, end: End) -> int:
    """Return the number of the last of several lines, -1 when the page has no such end."""
    lines = sheet.page.lines
    if end.how == "line":
        return first
    if end.how == "bottom":
        shown = [spot.line for spot in sheet.lines]
        return shown[-1 - end.number] if end.number < len(shown) and shown[-1 - end.number] >= first else -1
    if end.how == "inside":
        box = container(lines[first], end.place)
        inside = [n for n in range(first, len(lines)) if box is not None and container(lines[n], end.place) is box]
        return max(inside, default=-1)
    if end.how == "blank":
        block = lines[first].block
        numbers = range(first, len(lines))
        return next((n for n in numbers if lines[n].kind is not Kind.TEXT or lines[n].block != block), len(lines)) - 1
    found = [spot.line for spot in sheet.lines if spot.line > first and _ends(spot, end)]
    return found[end.number] - 1 if found else -1


def _ends(spot: Spot, end: End) -> bool:
    return _starts(spot, end.words) if end.words else spot.place == end.place


def _starts(spot: Spot, words: str) -> bool:
    bare = words.strip()
    return spot.text.startswith(words) or (spot.text == bare and bool(bare))


def _has_words(sheet: Sheet, number: int) -> bool:
    return sheet.page.lines[number].kind is Kind.TEXT


def _nth(text: str, part: str, number: int) -> int:
    found = [match.start() for match in re.finditer(re.escape(part), text)]
    return found[number] if -len(found) <= number < len(found) else -1


# --- applying -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Taught:
    """What the rules say of one page. ``values`` are by field; of two rules for a field the later taught one wins."""

    sheet: Sheet
    values: dict[str, tuple[Rule, Found]]
    many: list[Rule]

    def draft(self, draft: Draft) -> Draft:
        """Return a draft whose body is the one that was taught, without what is no part of a story."""
        if "body" in self.values:
            draft = self._with_body(draft)
        if gone := self._gone():
            parts = tuple(replace(part, lines=_without(part.lines, gone)) for part in draft.parts)
            draft = replace(draft, parts=parts)
        return self._divided(draft)

    def reading(self, reading: PageReading) -> PageReading:
        """Return a reading in which the taught values stand, each with its evidence."""
        for name, (rule, found) in self.values.items():
            reading = _with_value(reading, name, self, found)
            if name != "body":
                reading = _with_evidence(reading, name, found)
            elif reading.story.chapters:
                reading = _with_evidence(reading, "chapters.0.body", Found(rule.words))
        return replace(reading, story=_with_key(reading)) if self.values else reading

    def html(self, name: str) -> str:
        """Return the lines of a span as clean, repaired paragraphs, no e-mail address in them."""
        _, found = self.values[name]
        if found.first < 0:
            made = [found.text]
        else:
            lines = self.sheet.page.lines[found.first : found.last + 1]
            made = [line.html for line in lines if line.kind is Kind.TEXT]
            if found.cut:
                made[0] = _cut_html(made[0], found.cut)
        joined = "".join(f"<p>{masked(piece)}</p>" for piece in _paragraphs(made, self._wrapped(found)))
        return mending.repair(sanitise.clean(joined)).text

    def _wrapped(self, found: Found) -> bool:
        return self.sheet.page.tree is None or (found.first >= 0 and self.sheet.page.lines[found.first].pre)

    def _with_body(self, draft: Draft) -> Draft:
        _, found = self.values["body"]
        lines = self.sheet.page.lines[found.first : found.last + 1]
        if found.cut and lines:
            lines = (replace(lines[0], text=found.cut, html=_cut_html(lines[0].html, found.cut)), *lines[1:])
        old = draft.parts[0] if len(draft.parts) == 1 else Part(lines=())
        inside = _squeezed(" ".join(line.text for line in lines))
        after = tuple(label for label in old.after if not _is_in(label, inside))
        part = replace(old, lines=lines, first_line=found.first, labels=(), after=after)
        role = draft.role if draft.role in (PageRole.WHOLE, PageRole.CHAPTER) else PageRole.WHOLE
        labels = tuple(label for label in draft.labels if not _is_in(label, inside))
        return replace(draft, parts=(part,), labels=labels, own_head=False, role=role, listed=())

    def _gone(self) -> list[Line]:
        """Return the lines that are no part of the story: furniture, and what other fields hold."""
        numbers = {n for rule in self.many if rule.field == "furniture" for n in rule.everywhere(self.sheet)}
        body = self.values["body"][1] if "body" in self.values else None
        for name, (_, found) in self.values.items():
            inside = body is not None and body.first <= found.first <= body.last
            if name != "body" and found.first >= 0 and (body is None or inside) and self._whole(name, found):
                numbers.update(range(found.first, found.last + 1))
        return [self.sheet.page.lines[number] for number in sorted(numbers)]

    def _whole(self, name: str, found: Found) -> bool:
        """Say whether a value's lines hold nothing of the story: spans do, short ones only in short lines."""
        return name in SPANS or self.sheet.page.lines[found.first].words < 40

    def _divided(self, draft: Draft) -> Draft:
        headings = [self.sheet.page.lines[n] for rule in self.many if rule.field == "chapters"
                    for n in rule.everywhere(self.sheet)]  # fmt: skip
        if not headings or not draft.parts:
            return draft
        lines = tuple(line for part in draft.parts for line in part.lines)
        cuts = [n for n, line in enumerate(lines) if any(_same(line, heading) for heading in headings)]
        if not cuts:
            return draft
        before = lines[: cuts[0]] if any(line.kind is Kind.TEXT for line in lines[: cuts[0]]) else ()
        parts = [self._first_part(before, headings)] if before else []
        for cut, stop in zip(cuts, [*cuts[1:], len(lines)], strict=True):
            parts.append(_chapter_part(lines[cut], lines[cut + 1 : stop], len(parts) + 1))
        parts[-1] = replace(parts[-1], after=draft.parts[-1].after, ending=draft.parts[-1].ending)
        role = PageRole.WHOLE if len(parts) > 1 else draft.role
        return replace(draft, parts=tuple(parts), own_head=False, role=role)

    def _first_part(self, lines: Sequence[Line], headings: Sequence[Line]) -> Part:
        """Return what stands before the first heading inside the story; a heading right above it is its own."""
        page = self.sheet.page.lines
        at = next((n for n, line in enumerate(page) if _same(line, lines[0])), 0)
        above = [line for line in page[max(at - 3, 0) : at] if any(_same(line, each) for each in headings)]
        return _chapter_part(above[-1], lines, 1) if above else Part(lines=tuple(lines))


def taught(sheet: Sheet, rules: Sequence[Rule]) -> Taught | None:
    """Return what ``rules`` say of a page, None when they say nothing of it."""
    values: dict[str, tuple[Rule, Found]] = {}
    many: list[Rule] = []
    for rule in rules:
        found = rule.find(sheet)
        if found is not None and rule.field in MANY:
            many.append(rule)
        elif found is not None:
            values[rule.field] = (rule, found)
    return Taught(sheet, values, many) if values or many else None


def _is_in(label: Label, text: str) -> bool:
    """Say whether what was taken for a note or a fact is a part of the story."""
    start = _squeezed(label.text)[:60]
    return len(start) > 30 and start in text


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _chapter_part(heading: Line, lines: Sequence[Line], number: int) -> Part:
    told = chapters.heading(heading.text)
    title = told.title if told else heading.text
    return Part(
        lines=tuple(lines),
        title=Guess(title, TAUGHT, SURE, heading.text) if title else None,
        label=told.label if told else "",
        place=(told.number if told else 0) or number,
    )


def _without(lines: Sequence[Line], gone: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if not any(_same(line, each) for each in gone))


def _same(one: Line, other: Line) -> bool:
    return one is other or (one.element is other.element and one.text == other.text and one.kind is other.kind)


def _paragraphs(pieces: Iterable[str], wrapped: bool) -> Iterable[str]:
    return [" ".join(pieces)] if wrapped else pieces


def _cut_html(html: str, cut: str) -> str:
    """Return the end of a line's HTML from where the words of ``cut`` start; its words when that isn't possible."""
    at = html.find(escape(cut[:30], quote=False))
    if at >= 0 and html[at:].rstrip().endswith(escape(cut[-30:], quote=False)):
        return html[at:]
    return escape(cut, quote=False)


def _with_evidence(reading: PageReading, name: str, found: Found) -> PageReading:
    story = reading.story
    told = Evidence(
        field=_EVIDENCE.get(name, name),
        rule=TAUGHT,
        confidence=SURE,
        capture=reading.capture.sha256,
        quote=masked(found.text)[:200],
    )
    others = tuple(each for each in story.evidence if each.field != told.field and not _is_of(each, name))
    code = _CODES.get(name, "")
    findings = tuple(each for each in story.findings if not code or not each.code.startswith(code))
    return replace(reading, story=replace(story, evidence=(*others, told), findings=findings))


_EVIDENCE = {"author": "authors.0", "chapter.title": "chapters.0.title"}
_CODES = {"title": "title.", "author": "author.", "body": "body."}


def _is_of(evidence: Evidence, name: str) -> bool:
    return name == "author" and evidence.field.startswith("authors.")


def _with_value(reading: PageReading, name: str, page: Taught, found: Found) -> PageReading:
    if name.startswith("chapter."):
        return _with_chapter(reading, name, found.text)
    return replace(reading, story=_told(reading.story, name, page, found))


def _told(story: Story, name: str, page: Taught, found: Found) -> Story:
    """Return a story with one taught value."""
    if name == "title":
        return replace(story, title=found.text)
    if name == "author":
        return replace(story, credits=_credits(story, found.text))
    if name in ("summary", "notes", "after"):
        return _with_words(story, name, page.html(name))
    if name.startswith("tag:"):
        return _with_tags(story, name[4:], found.text)
    date = dates.iso(found.text) if name in ("published", "updated", "written") else ""
    return replace(story, **{name: date}) if date else story  # type: ignore[arg-type]  # the names of three dates


def _credits(story: Story, text: str) -> tuple[Credit, ...]:
    clean = names.tidy(text) if "@" in text else text
    people = {credit.name: credit for credit in story.credits}
    found = names.authors(clean) or ((clean,) if clean else ())
    others = tuple(credit for credit in story.credits if credit.role is not Role.AUTHOR)
    return (*(people.get(name, Credit(name=name)) for name in found), *others)


def _with_words(story: Story, name: str, html: str) -> Story:
    if name == "summary":
        return replace(story, summary=html)
    if name == "notes":
        others = tuple(note for note in story.notes if note.kind is not NoteKind.BEFORE and not _said_in(note, html))
        return replace(story, notes=(Note(kind=NoteKind.BEFORE, body=html), *others))
    if not story.chapters:
        return story
    last = story.chapters[-1]
    others = tuple(note for note in last.notes if note.kind is not NoteKind.AFTER and not _said_in(note, html))
    mine = replace(last, notes=(*others, Note(kind=NoteKind.AFTER, body=html)))
    notes = tuple(note for note in story.notes if note.kind is not NoteKind.AFTER and not _said_in(note, html))
    return replace(story, notes=notes, chapters=(*story.chapters[:-1], mine))


def _said_in(note: Note, html: str) -> bool:
    bare = re.sub(r"<[^>]*>|\s+", "", note.body)
    return bool(bare) and bare in re.sub(r"<[^>]*>|\s+", "", html)


def _with_chapter(reading: PageReading, name: str, text: str) -> PageReading:
    story = reading.story
    if len(story.chapters) != 1:
        return reading
    (one,) = story.chapters
    if name == "chapter.number":
        number = chapters.number(text) or next(map(int, re.findall(r"\d{1,4}", text)), 0)
        if not number:
            return reading
        made: Chapter = replace(one, key=str(number))
        return replace(reading, place=number, role=PageRole.CHAPTER, story=replace(story, chapters=(made,)))
    made = replace(one, title=text) if name == "chapter.title" else replace(one, label=text)
    return replace(reading, story=replace(story, chapters=(made,)))


def _with_tags(story: Story, kind: str, text: str) -> Story:
    """Return a story with the tags that were taught; the same words are no tag of another kind any more."""
    found = tuple(Tag(kind=kind, name=name) for name in names_in(text, _LABELS.get(kind, kind)))
    known = {tag.name: tag for tag in story.tags if tag.kind == kind}
    said = {tag.name for tag in found}
    others = tuple(tag for tag in story.tags if tag.kind != kind and tag.name not in said)
    return replace(story, tags=(*others, *(known.get(tag.name, tag) for tag in found)))


_LABELS = {"character": "characters", "warning": "warnings", "keyword": "keywords"}


def _with_key(reading: PageReading) -> Story:
    """Return the story with the key that its title and its author give, where no number of the old site tells."""
    story = reading.story
    if reading.work:
        return story
    archive = story.archive or addresses.host(reading.capture.address)
    key = identity.key(archive, story.title or "", *story.authors[:1])
    return replace(story, key=key or story.key)
