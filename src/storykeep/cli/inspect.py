"""``storykeep inspect FILE``: what would be found in one page, with the evidence, for people or as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import click

from storykeep.model.errors import InputError, TooLarge, UsageError
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture, Evidence, Finding
from storykeep.model.story import Chapter, Story
from storykeep.sources.pages import read
from storykeep.sources.pages.reading import PageReading, PageRole
from storykeep.text.blocks import Block, blocks
from storykeep.text.markup import plain
from storykeep.text.words import count

FORM = 1  # the number of the JSON form; it changes only when a field changes its meaning
LARGEST = 64 * 1024 * 1024
MANY = frozenset({"warc", "efiction", "automated-archive", "sql", "mail", "journal"})
"""Sources whose files hold more than one page."""
SURE = 0.55
LETTERS = 2
ROLES = {
    PageRole.WHOLE: "a whole story on one page",
    PageRole.CHAPTER: "one chapter of a story",
    PageRole.LISTING: "a list of stories",
    PageRole.PERSON: "an author's page",
    PageRole.REVIEWS: "what readers wrote",
    PageRole.NEWS: "news of the archive",
    PageRole.OTHER: "a page without a story",
}


@click.command("inspect")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/reference/inspect.md).")
@click.option("--address", default="", help="The address that the page once had, if you know it.")
def command(file: Path, *, as_json: bool, address: str) -> None:
    """Show what would be found in one saved page or text, how surely, and why. Nothing is changed or stored."""
    reading = reading_of(file, address)
    if as_json:
        click.echo(json.dumps(plain_form(reading), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(report(reading)))


def reading_of(file: Path, address: str = "") -> PageReading:
    """Return the reading of a file. Raises UsageError or InputError with a sentence that names it."""
    data = _bytes(file)
    if holds := what_it_holds(file, data):
        raise UsageError(f"{holds}, and inspect looks at one page. Bring it in with: storykeep rescue {file}")
    try:
        return read(data, Capture(sha256=sha256(data), path=file.name, address=address, size=len(data)))
    except InputError as error:
        raise type(error)(f"{file}: {error}") from error


def what_it_holds(file: Path, data: bytes) -> str:
    """Return what a file is that holds many pages or a whole archive; "" for a single page or text."""
    from storykeep.sources import base

    if data.startswith((b"PK\5\6", b"PK\3\4")):
        return (
            ""
            if base.best(base.Material(path=file, name=file.name))
            else f"{file.name} is a zip, which holds many files"
        )
    found = base.best(base.Material(path=file, name=file.name))
    single = found and found[0].code == "mail" and data.count(b"\nFrom ") < LETTERS  # one letter is read as a page
    return found[1].evidence if found and not single and found[0].code in MANY and found[1].confidence >= SURE else ""


def _bytes(file: Path) -> bytes:
    if file.is_dir():
        raise UsageError(f"{file} is a folder. Name one page in it, or bring the whole folder with “storykeep rescue”.")
    try:
        if file.stat().st_size > LARGEST:
            raise TooLarge(f"{file} is larger than {LARGEST // 2**20} MB. No page is; is it a dump or an archive?")
        return file.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"There is no file {file}. Check the name.") from None
    except OSError as error:
        raise UsageError(f"{file} can't be read: {error.strerror}.") from None


# --- as JSON ----------------------------------------------------------------------------------------------------


def plain_form(reading: PageReading) -> dict[str, object]:
    """Return a reading in the stable form of ``--json``."""
    story = reading.story
    return {
        "form": FORM,
        "title": story.title,
        "authors": list(story.authors),
        "summary": plain(story.summary),
        "notes": [{"kind": note.kind.value, "label": note.label, "text": plain(note.body)} for note in story.notes],
        "archive": story.archive,
        "chapters": [_chapter(chapter) for chapter in story.chapters],
        "findings": [_finding(finding) for finding in story.findings],
        "page": _page(reading),
        "facts": _facts(story),
        "evidence": [_evidence(item) for item in story.evidence],
        "listed": [_listed(item) for item in reading.listed],
        "reviews": [{"name": r.name, "date": r.date, "rating": r.rating, "text": plain(r.body)} for r in story.reviews],
    }


def _chapter(chapter: Chapter) -> dict[str, object]:
    return {
        "title": chapter.title,
        "label": chapter.label,
        "summary": plain(chapter.summary),
        "notes": [{"kind": note.kind.value, "label": note.label, "text": plain(note.body)} for note in chapter.notes],
        "words": count(chapter.body),
        "truncated": chapter.truncated,
        "repairs": len(chapter.steps),
        "blocks": list(_blocks(chapter)),
    }


def _blocks(chapter: Chapter) -> Iterator[dict[str, object]]:
    gaps = iter(chapter.gaps)
    after = 0
    for block in blocks(chapter.body):
        if block.type == "gap":
            gap = next(gaps, None)
            yield {
                "type": "gap",
                "kind": block.kind,
                "after": after,
                "line": gap.line if gap else 0,
                "reason": gap.reason if gap else "",
            }
            continue
        after += 1
        yield {"type": "scene_break"} if block.type == "scene_break" else _words(block)


def _words(block: Block) -> dict[str, object]:
    kind = "lines" if block.type == "lines" else "p"
    return {
        "type": kind,
        "text": unescape(block.text) if "&" in block.text and ";" in block.text else block.text,
        "italics": list(block.italics),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "where": finding.where,
        "evidence": finding.evidence,
        "suggestion": finding.suggestion,
        "severity": finding.severity.value,
    }


def _evidence(item: Evidence) -> dict[str, object]:
    return {"field": item.field, "rule": item.rule, "confidence": item.confidence, "quote": item.quote}


def _page(reading: PageReading) -> dict[str, object]:
    capture = reading.capture
    return {
        "path": capture.path,
        "sha256": capture.sha256,
        "address": capture.address,
        "captured_at": capture.captured_at,
        "encoding": capture.encoding,
        "declared_encoding": capture.declared_encoding,
        "platform": reading.platform,
        "role": reading.role.value,
        "work": reading.work,
        "place": reading.place,
        "chapter_links": [{"label": link.label, "address": link.address} for link in reading.chapter_links],
        "person": reading.person.name if reading.person else "",
    }


def _facts(story: Story) -> dict[str, object]:
    tags: dict[str, list[str]] = {}
    for tag in story.tags:
        tags.setdefault(tag.kind, []).append(tag.name)
    return {
        "tags": tags,
        "language": story.language,
        "status": story.status.value,
        "written": story.written,
        "published": story.published,
        "updated": story.updated,
        "stated_words": story.stated_words,
        "chapters_planned": story.chapters_planned,
        "series": [{"title": place.title, "position": place.position} for place in story.series],
        "relations": [{"kind": tie.kind.value, "target": tie.target} for tie in story.relations],
        "credits": [{"name": credit.name, "role": credit.role.value} for credit in story.credits],
    }


def _listed(story: Story) -> dict[str, object]:
    return {
        "title": story.title,
        "authors": list(story.authors),
        "summary": plain(story.summary),
        "stated_words": story.stated_words,
        "tags": [{"kind": tag.kind, "name": tag.name} for tag in story.tags],
        "addresses": list(story.addresses),
    }


# --- for people -------------------------------------------------------------------------------------------------

WIDTH = 100
END = 85  # letters of the last paragraph that are shown


def report(reading: PageReading) -> Iterator[str]:
    """Yield the lines of the report for people: what was found, how surely, why, and what to do."""
    story = reading.story
    yield from _headline(reading)
    yield ""
    yield from _found(reading)
    yield from _text(story)
    yield from _lists(reading)
    yield from _open_questions(story)


def _headline(reading: PageReading) -> Iterator[str]:
    story = reading.story
    title = story.title or "(title not found)"
    names = ", ".join(story.authors) or "(author not found)"
    if reading.role in (PageRole.WHOLE, PageRole.CHAPTER):
        yield click.style(title, bold=True) + f"\nby {names}"
    else:
        yield click.style(ROLES[reading.role].capitalize(), bold=True)


def _found(reading: PageReading) -> Iterator[str]:
    story, capture = reading.story, reading.capture
    saved = f", saved {capture.captured_at}" if capture.captured_at else ""
    yield _row("Page", ROLES[reading.role] + (f" (number {reading.place})" if reading.place else ""))
    yield _row("Read as", _platform(reading.platform))
    yield from _rows(("Archive", story.archive, _why(story, "archive")), ("Identity", reading.work, ""))
    yield from _rows(("Address", capture.address and capture.address + saved, ""))
    yield _row("Encoding", _encoding(capture))
    yield _row("Title", story.title or "not found", _why(story, "title"))
    for number, name in enumerate(story.authors):
        yield _row("Author", name, _why(story, f"authors.{number}"))
    yield from _facts_found(story)


def _facts_found(story: Story) -> Iterator[str]:
    yield from _rows(("Summary", plain(story.summary), _why(story, "summary")))
    yield from _rows(*((kind.capitalize(), ", ".join(names), "") for kind, names in _grouped(story).items()))
    yield from _rows(("Published", story.published, ""), ("Updated", story.updated, ""))
    yield from _rows(("Written", story.written, ""), ("Language", story.language, ""))
    for place in story.series:
        yield _row("Series", place.title + (f", part {place.position}" if place.position else ""))
    for tie in story.relations:
        yield _row(tie.kind.value.replace("-", " ").capitalize(), tie.target)
    for note in story.notes:
        yield _row(note.label or "Note", plain(note.body))


def _encoding(capture: Capture) -> str:
    declared = capture.declared_encoding
    same = declared.lower().replace("-", "") == capture.encoding.lower().replace("-", "")
    return capture.encoding + (f" (the page says {declared})" if declared and not same else "")


def _rows(*rows: tuple[str, str, str]) -> Iterator[str]:
    """Yield the rows that have a value."""
    yield from (_row(label, value, why) for label, value, why in rows if value)


def _grouped(story: Story) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in story.tags:
        found.setdefault(tag.kind, []).append(tag.name)
    return found


def _platform(code: str) -> str:
    known = {
        "efiction": "eFiction",
        "ao3": "Archive of Our Own",
        "ffnet": "FanFiction.Net",
        "automated-archive": "Automated Archive",
        "journal": "a LiveJournal or Dreamwidth entry",
        "mailing-list": "a message of a mailing list or newsgroup",
        "fanficfare": "a file made by FanFicFare",
        "wattpad": "Wattpad",
        "all-about-spike": "All About Spike",
        "learned": "the archive's own shape, learned from its pages",
        "heuristic": "a page of no known software",
    }
    return known.get(code, code)


def _row(label: str, value: str, why: str = "") -> str:
    indent = " " * 14
    first = f"  {label:<11} "  # a long label keeps its space
    words = textwrap.fill(" ".join(value.split()), WIDTH, initial_indent=first, subsequent_indent=indent)
    return words + (click.style(f"\n{indent}{why}", dim=True) if why else "")


def _why(story: Story, field: str) -> str:
    found = next((item for item in story.evidence if item.field == field), None)
    if found is None:
        return ""
    quote = textwrap.shorten(found.quote, 70, placeholder=" …")
    return f"{_sure(found.confidence)}: {found.rule}" + (f", from “{quote}”" if quote else "")


def _sure(confidence: float) -> str:
    if confidence >= 0.9:  # noqa: PLR2004
        return "stated"
    return "likely" if confidence >= 0.6 else "a guess"  # noqa: PLR2004


def _text(story: Story) -> Iterator[str]:
    for number, chapter in enumerate(story.chapters, 1):
        found = blocks(chapter.body)
        name = " ".join(filter(None, (chapter.label, chapter.title))) or f"Text {number}"
        yield ""
        yield click.style(name, bold=True)
        yield _row(
            "Words",
            f"{count(chapter.body):,}"
            + (f" (the page says {story.stated_words:,})" if story.stated_words and len(story.chapters) == 1 else ""),
        )
        yield _row("Blocks", _counted(found))
        if chapter.steps:
            yield _row("Repairs", _repairs(chapter))
        words = [block.text for block in found if block.type in ("p", "lines", "heading")]
        if words:
            yield _row("Begins", textwrap.shorten(words[0], 90, placeholder=" …"))
            yield _row("Ends", "… " + words[-1][-END:] if len(words[-1]) > END else words[-1])
        for note in chapter.notes:
            yield _row(note.label or ("End note" if note.kind.value == "after" else "Note"), plain(note.body))


def _counted(found: tuple[Block, ...]) -> str:
    names = {
        "p": ("paragraph", "paragraphs"),
        "heading": ("heading", "headings"),
        "lines": ("set line by line", "set line by line"),
        "scene_break": ("scene break", "scene breaks"),
        "gap": ("gap", "gaps"),
    }
    counts = {kind: sum(block.type == kind for block in found) for kind in names}
    return ", ".join(f"{number} {names[kind][number > 1]}" for kind, number in counts.items() if number)


def _repairs(chapter: Chapter) -> str:
    codes: dict[str, int] = {}
    for step in chapter.steps:
        codes[step.code] = codes.get(step.code, 0) + 1
    return ", ".join(f"{number} × {code}" for code, number in codes.items()) + " (each can be undone)"


def _lists(reading: PageReading) -> Iterator[str]:
    if reading.listed:
        yield ""
        yield click.style(f"{len(reading.listed)} stories are listed", bold=True)
        for story in reading.listed[:40]:
            yield f"  {story.title or '(untitled)'}" + (f" by {', '.join(story.authors)}" if story.authors else "")
    if reading.chapter_links:
        yield ""
        yield click.style("Chapters that the page links to", bold=True)
        for link in reading.chapter_links[:60]:
            yield f"  {link.label}"


def _open_questions(story: Story) -> Iterator[str]:
    if not story.findings:
        yield ""
        yield "Nothing needs attention."
        return
    yield ""
    yield click.style("To look at", bold=True)
    for finding in story.findings:
        yield f"  {finding.code}" + (f" ({finding.where})" if finding.where else "")
        for words in (finding.evidence, finding.suggestion):
            if words:
                yield textwrap.fill(" ".join(words.split()), WIDTH, initial_indent="      ", subsequent_indent="      ")
