"""A document becomes a story: title, name and labels above it, chapters by its headings, every field with its evidence.

Readers of formats (EPUB, DOCX, Markdown …) turn their files into HTML with headings; what that means is decided here,
by the same rules that read the head of a saved page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import pairwise

from lxml.html import Element, HtmlElement

from storykeep.model import identity
from storykeep.model.provenance import Capture, Evidence, Finding, Severity
from storykeep.model.story import Chapter, Credit, Image, Note, Story
from storykeep.sources import prose
from storykeep.sources.blocks import Block, blocks_of, to_html
from storykeep.sources.pages import chapters, flow, heads, sorts, tails
from storykeep.sources.pages.draft import Draft, Guess
from storykeep.sources.pages.finish import finish
from storykeep.sources.pages.labels import Label
from storykeep.sources.pages.page import SavedPage
from storykeep.sources.pages.reading import PageRole
from storykeep.sources.privacy import masked
from storykeep.text import markup

LONGEST_HEADING = 120
FEW_WORDS = 25
_HEADINGS = ("h1", "h2", "h3")
_TITLE_CLASS = re.compile(r"(?:^|\s)document-title(?:\s|$)")
_JUNK = re.compile(
    r"^(?:microsoft word\b.*|untitled.*|document\d*|unknown|unnamed|no ?name|title|author|user|admin(?:istrator)?|owner"
    r"|default|windows user|\w+\.(?:docx?|rtf|odt|txt|html?|epub))$",
    re.IGNORECASE,
)
_IMAGE_HASH = re.compile(r"images/([0-9a-f]{64})\.\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A chapter before its words are cleaned: ``blocks`` as they stand in the document."""

    blocks: Sequence[Block] = ()
    title: str = ""
    label: str = ""
    rule: str = "document.heading"
    summary: str = ""
    notes: tuple[Note, ...] = ()
    address: str = ""


@dataclass(slots=True, kw_only=True)
class Manuscript:
    """What a reader found in a document, before it is a Story. Of ``titles`` and ``authors`` the surest win."""

    code: str
    capture: Capture
    key: str = ""
    titles: list[Guess] = field(default_factory=list)
    authors: list[Guess] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    series: tuple[tuple[str, int], ...] = ()
    archive: str = ""
    language: str = ""
    address: str = ""
    status: str = ""
    credits: list[Credit] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def says(self, field_: str, value: str, rule: str, label: str = "") -> None:
        """Note what the document's properties say of one field; what programs write there themselves is no title."""
        bare = " ".join(value.split())
        if not bare or (field_ in ("title", "author") and _JUNK.match(bare)):
            return
        if field_ == "title":
            self.titles.append(Guess(bare, rule, 0.8, bare))
        elif field_ == "author":
            self.authors.append(Guess(bare, rule, 0.75, bare))
        else:
            self.labels.append(Label(field_, label, bare, _escaped(bare)))


def story_of(script: Manuscript) -> Story:
    """Return the story. Where no title is sure it is None, with a finding and proposals, as for any page."""
    draft = Draft(
        platform=script.code,
        role=PageRole.WHOLE,
        titles=tuple(script.titles),
        authors=tuple(script.authors),
        labels=tuple(script.labels),
        archive=Guess(script.archive, f"{script.code}.archive", 0.9, script.archive) if script.archive else None,
        series=script.series,
        status=script.status,
        own_head=False,
    )
    page = SavedPage(script.capture, "", None, script.address)
    told = finish(draft, page).story
    return _with_chapters(told, script)


def document(script: Manuscript, html: str) -> None:
    """Read the one text of a document into ``script``: its head, and its chapters by their headings."""
    blocks = blocks_of(markup.parse(html))
    cuts = _cuts(blocks)
    if cuts and cuts[0] == 0 and len(cuts) > 1 and _is_only_title(blocks, cuts, script):
        cuts = cuts[1:]
    front = blocks[: cuts[0]] if cuts else blocks
    rest = _front(script, front, alone=not cuts)
    if not cuts or _words(rest) >= FEW_WORDS:
        script.sections.append(Section(blocks=rest))
    else:
        _epigraph(script, rest)
    for at, stop in pairwise([*cuts, len(blocks)] if cuts else []):
        script.sections.append(headed(blocks[at:stop]))
    script.sections[:] = [section for section in script.sections if section.blocks] or script.sections[:1]


def fronted(script: Manuscript) -> None:
    """Take title, name and labels off the first chapter of a book; drop it if that is all."""
    if not script.sections:
        return
    first = script.sections[0]
    named = any(_same(f"{first.label}{first.title}", guess.value) for guess in script.titles)
    if not named and (first.title or first.label):
        return
    alone = len(script.sections) == 1
    rest = _front(script, list(first.blocks), alone=alone)
    first = replace(
        first, blocks=rest or first.blocks, title="" if named else first.title, label="" if named else first.label
    )
    script.sections[0] = first
    if not alone and _words(rest) < FEW_WORDS:
        del script.sections[0]
        _epigraph(script, rest)


def _epigraph(script: Manuscript, blocks: Sequence[Block]) -> None:
    """Keep a few words above the first chapter, a dedication or a motto, as a note."""
    known = _letters("".join(guess.value for guess in (*script.titles, *script.authors)))
    lines = [block.text for block in blocks if _letters(block.text) and _letters(block.text) not in known]
    if lines:
        script.labels.append(Label("epigraph", "", "\n".join(lines), "<br>".join(map(_escaped, lines))))


def headed(blocks: Sequence[Block], stated: str = "", rule: str = "document.heading") -> Section:
    """Return a chapter whose heading is ``stated`` (in a table of contents) or its first block; it is said once."""
    rest = list(blocks)
    said = stated
    while rest and len(rest[0].text) <= LONGEST_HEADING and _opens(rest[0], said):
        text = rest.pop(0).text
        said = said if _same(text, said) or not text or _contains(said, text) else f"{said}: {text}" if said else text
    heading = chapters.heading(said)
    if heading is None:
        return Section(blocks=rest, title=masked(said), rule=rule)
    return Section(blocks=rest, label=masked(heading.label), title=masked(heading.title), rule=rule)


def _opens(block: Block, said: str) -> bool:
    """Say whether a block at the top of a chapter is its heading, or says again what the contents said."""
    if not block.text:
        return block.element.find(".//img") is None and block.element.tag != "hr"
    if _same(block.text, said) or (_contains(said, block.text) and _is_part_of_heading(block)):
        return True
    if said:
        return False
    return block.element.tag in _HEADINGS or chapters.heading(block.text) is not None


def _is_part_of_heading(block: Block) -> bool:
    """Say whether a block can be a piece of the heading that the contents name: a number, or a line set as one."""
    return len(block.text) > 2 or chapters.number(block.text) > 0  # noqa: PLR2004 — "I" may be the first word


def _same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other) and bool(_letters(one))


def _contains(whole: str, piece: str) -> bool:
    return bool(_letters(piece)) and _letters(piece) in _letters(whole)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _cuts(blocks: Sequence[Block]) -> list[int]:
    """Return where chapters begin: at the headings of the level that has several, or at "Chapter N" paragraphs."""
    found = {level: [n for n, block in enumerate(blocks) if _is_heading(block, level)] for level in _HEADINGS}
    named = [n for n, block in enumerate(blocks) if _names_chapter(block)]
    for level in _HEADINGS:
        if len(found[level]) > 1:
            return sorted({*found[level], *(n for n in named if blocks[n].element.tag == level)})
    numbered = [n for n in named if blocks[n].element.tag in _HEADINGS]
    if numbered:
        return numbered
    shown = [n for n in named if _stands_out(blocks, n)]
    return shown if len(shown) > 1 or (shown and shown[0] < 6) else []  # noqa: PLR2004 — near the top of the text


def _is_heading(block: Block, level: str) -> bool:
    wanted = block.element.tag == level and not _TITLE_CLASS.search(block.element.get("class") or "")
    return wanted and 0 < len(block.text) <= LONGEST_HEADING


def _names_chapter(block: Block) -> bool:
    text = block.text
    return block.element.tag in (*_HEADINGS, "p", "h4") and 0 < len(text) <= 90 and chapters.heading(text) is not None  # noqa: PLR2004 — a line


def _stands_out(blocks: Sequence[Block], number: int) -> bool:
    element, text = blocks[number].element, blocks[number].text
    style = (element.get("style") or "") + (element.get("align") or "")
    bold = "".join(words.text_content() for words in element.iter("b", "strong"))
    if "center" in style or _same(bold, text) or "bold" in style:
        return True
    alone = number == 0 or not blocks[number - 1].text or number + 1 >= len(blocks) or not blocks[number + 1].text
    plain = re.match(r"(?:chapter|part|prologue|epilogue|kapitel|chapitre)\b", text, re.IGNORECASE) is not None
    return plain and text[-1:] not in ".,!?;" and (alone or len(text) < 40)  # noqa: PLR2004 — no sentence


def _is_only_title(blocks: Sequence[Block], cuts: Sequence[int], script: Manuscript) -> bool:
    """Say whether the first heading is the title of the whole: nothing but a head follows, or the properties say so."""
    first = blocks[0].text
    if chapters.heading(first) is not None:
        return False
    below = blocks[1 : cuts[1]]
    if any(_same(first, guess.value) for guess in script.titles) or not _words(below):
        return True
    if not script.titles:
        return _words(below) < FEW_WORDS
    root = Element("div")
    root.extend(deepcopy(block.element) for block in blocks[: cuts[1]])
    lines = flow.lines(root)
    head = heads.read(lines, sorts.look_of(lines, first))
    return bool(head.authors or head.labels) and head.start >= len(lines)


def _front(script: Manuscript, blocks: Sequence[Block], *, alone: bool) -> list[Block]:
    """Take title, name and labels off the first blocks; return what is left, which is story.

    ``alone``: the story follows at once; otherwise the blocks end where the first chapter begins.
    """
    root = Element("div")
    root.extend(block.element for block in blocks)
    lines = flow.lines(root)
    stated = max(script.titles, key=lambda guess: guess.confidence, default=Guess("", "", 0))
    look = sorts.look_of(lines, stated.value)
    head = heads.read(lines, look, strict=stated.confidence > 0.9)  # noqa: PLR2004 — a book that says its title itself
    if not (head.titles or head.authors or head.labels or head.chapter):
        head = heads.Head()  # nothing was told, so every line belongs to the story
    tail = tails.read(lines[head.start :], look) if alone else tails.Tail(len(lines))
    if not (tail.labels or tail.ending):
        tail = tails.Tail(len(lines))
    kept = _between(lines, head.start, head.start + tail.stop, root, blocks)
    if alone and not _words(kept):
        head, tail, kept = heads.Head(), tails.Tail(0), list(blocks)
    _heard(script, head, tail, blocks)
    return [block for block in kept if not _TITLE_CLASS.search(block.element.get("class") or "")]


def _heard(script: Manuscript, head: heads.Head, tail: tails.Tail, blocks: Sequence[Block]) -> None:
    script.titles.extend(head.titles)
    script.authors.extend(head.authors)
    script.labels.extend(head.labels)
    script.labels.extend(replace(label, field="after") for label in tail.labels)
    _title_blocks(script, blocks)
    first = next((block for block in blocks if block.element.tag == "h1" and block.text), None)
    if first is not None and not any(_same(first.text, guess.value) for guess in script.titles):
        script.titles.append(Guess(first.text, "document.first-heading", 0.85, first.text))


def _between(
    lines: Sequence[flow.Line], start: int, stop: int, root: HtmlElement, blocks: Sequence[Block]
) -> list[Block]:
    """Return the blocks from one line to another, and all pictures: none is lost for standing beside a title."""
    first, last = _block_at(lines, start, root, blocks), _block_at(lines, stop, root, blocks)
    last = last if last > first or stop > start else first
    return [block for n, block in enumerate(blocks) if first <= n < max(last, first) or _is_picture(block)]


def _is_picture(block: Block) -> bool:
    return not block.text and block.element.find(".//img") is not None


def _title_blocks(script: Manuscript, blocks: Sequence[Block]) -> None:
    for block in blocks:
        marks = block.element.get("class") or ""
        if _TITLE_CLASS.search(marks) and block.text:
            script.titles.append(Guess(block.text, "document.title-style", 0.97, block.text))


def _block_at(lines: Sequence[flow.Line], number: int, root: HtmlElement, blocks: Sequence[Block]) -> int:
    """Return which block holds the line with this number."""
    if number >= len(lines):
        return len(blocks)
    element = lines[number].element
    while element.getparent() is not None and element.getparent() is not root:
        element = element.getparent()
    return next((n for n, block in enumerate(blocks) if block.element is element), 0)


def _words(blocks: Iterable[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def _with_chapters(told: Story, script: Manuscript) -> Story:
    key = told.key if script.address and told.key else script.key or told.key
    read = [_chapter(key, section, number, script) for number, section in enumerate(script.sections, 1)]
    made = [chapter for chapter, _ in read]
    used = {image.sha256 for chapter in made for image in chapter.images}
    evidence = [
        Evidence(field=f"chapters.{number}.title", rule=section.rule, confidence=0.9, capture=script.capture.sha256)
        for number, section in enumerate(script.sections)
        if section.title
    ]
    return replace(
        told,
        key=key,
        title=masked(told.title) if told.title else None,
        tags=tuple(replace(tag, name=masked(tag.name)) for tag in told.tags),
        credits=tuple(dict.fromkeys((*told.credits, *script.credits))),
        chapters=tuple(made),
        series=tuple(dict.fromkeys(told.series)),
        language=script.language or told.language,
        images=tuple(image for image in script.images.values() if image.sha256 not in used),
        addresses=tuple(filter(None, [script.address])),
        captures=(script.capture,),
        evidence=tuple(replace(one, quote=masked(one.quote)) for one in (*told.evidence, *evidence)),
        findings=_findings(told, script, [finding for _, found in read for finding in found]),
    )


def _findings(told: Story, script: Manuscript, found: Sequence[Finding]) -> tuple[Finding, ...]:
    own = (*told.findings, *script.findings, *found)
    placed = (replace(one, capture=one.capture or script.capture.sha256, evidence=masked(one.evidence)) for one in own)
    return tuple(dict.fromkeys(placed))


def _chapter(key: str, section: Section, number: int, script: Manuscript) -> tuple[Chapter, tuple[Finding, ...]]:
    where = f"chapter {number}"
    told = prose_of(section.blocks, where)
    images = [script.images[found] for found in dict.fromkeys(_IMAGE_HASH.findall(told.body)) if found in script.images]
    findings = told.findings if told.body else (*told.findings, _empty(where))
    chapter = Chapter(
        key=f"{key}/{number}",
        title=prose.line(_escaped(section.title)),
        label=section.label,
        body=told.body,
        summary=section.summary,
        notes=section.notes,
        steps=told.steps,
        images=tuple(images),
        captures=(script.capture.sha256,),
        addresses=tuple(filter(None, [section.address])),
    )
    return chapter, findings


def prose_of(blocks: Sequence[Block], where: str = "") -> prose.Prose:
    """Return the words of blocks. What parts its paragraphs by line breaks is woven as a page; the rest stays."""
    html = to_html(blocks)
    doubled = len(re.findall(r"<br\s*/?>\s*(?:&nbsp;|\u00a0)?\s*<br", html))
    if doubled > 1 and doubled >= len(blocks):
        return prose.story_prose(html, where=where)
    return prose.document_prose(html, where=where)


def _empty(where: str) -> Finding:
    return Finding(
        code="body.missing",
        where=where,
        evidence="There are no words in it.",
        suggestion="Look for another copy of the document.",
        severity=Severity.LOSS,
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def key_of(kind: str, stated: str, sha256: str) -> str:
    """Return the key of a document: by the identity that it states, else by its bytes; never by its title."""
    bare = stated.strip().removeprefix("urn:").removeprefix("uuid:")
    return identity.key(kind, bare) if len(bare) > 3 and not _JUNK.match(bare) else identity.key(kind, sha256[:16])  # noqa: PLR2004 — "u", "id"
