"""Which texts of a book are chapters, where one text holds several, and what the contents call them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from storykeep.sources.blocks import Block, blocks_of
from storykeep.sources.epub.package import Book, Entry
from storykeep.sources.epub.texts import Text
from storykeep.sources.manuscripts import LONGEST_HEADING, Section, headed
from storykeep.sources.pages import chapters

_FRONT = frozenset(
    "cover titlepage title-page toc copyright copyright-page loi lot index bibliography halftitlepage half-title-page "
    "fff_titlepage fff_tocpage fff_logpage landmarks page-list imprint colophon backlink".split()
)
_GUIDE = frozenset("cover title-page toc copyright-page index colophon other.cover-page".split())
_FRONT_NAMES = re.compile(
    r"(?:^|/)(?:cover(?:[_-]?page)?|title[_-]?page|titlepage|toc(?:[_-]?page)?|nav|contents|copyright|log_page|jacket)[^/]*\.\w+$",
    re.IGNORECASE,
)
_FRONT_LABELS = re.compile(
    r"^(?:cover(?: page| image)?|title ?page|(?:table of )?contents|copyright(?: page| notice)?"
    r"|inhalt(?:sverzeichnis)?|titelseite|update log)$",
    re.IGNORECASE,
)
FRONT_WORDS = 400  # a cover or a title page has fewer


def sections(read: Sequence[Text], book: Book) -> list[Section]:
    """Return the chapters of a book, in reading order. A text that only goes on joins the chapter before it."""
    found: list[Section] = []
    for text in read:
        entries = [entry for entry in book.contents if entry.name == text.name]
        if _is_front(text, entries, book):
            continue
        own = _of_text(text, entries)
        if found and own and not (own[0].title or own[0].label) and book.contents and not entries:
            found[-1] = replace(found[-1], blocks=[*found[-1].blocks, *own[0].blocks])
            own = own[1:]
        found += own
    return [section for section in found if section.blocks]


def _is_front(text: Text, entries: Sequence[Entry], book: Book) -> bool:
    """Say whether a text is a cover, a title page, a table of contents or an imprint, and no story."""
    if text.types() & {"fff_titlepage", "fff_tocpage", "fff_logpage"}:
        return True
    words = text.words
    if not words:
        return True
    stated = text.types() & _FRONT or book.kinds.get(text.name, "") in _GUIDE
    named = _FRONT_NAMES.search(text.name) is not None or any(_FRONT_LABELS.match(one.label) for one in entries)
    if (stated or named) and words < FRONT_WORDS:
        return True
    return _is_contents(text, words) or _only_names_it(text, words, book)


def _is_contents(text: Text, words: int) -> bool:
    """Say whether most words of a text are links to other texts of the book."""
    linked = sum(
        len(link.text_content().split()) for link in text.body.iter("a") if not _is_outside(link.get("href") or "")
    )
    links = sum(1 for _ in text.body.iter("a"))
    return links >= 2 and linked > 0.6 * words  # noqa: PLR2004 — a lone link is no table


def _is_outside(href: str) -> bool:
    return not href or href.startswith("#") or "://" in href


def _only_names_it(text: Text, words: int, book: Book) -> bool:
    """Say whether a text has nothing but the title and the author in it."""
    said = _bare(text.body.text_content())
    if words > 25 or len(said) > 300 or not book.first("title"):  # noqa: PLR2004 — a title, a name, "by"
        return False
    for known in (*book.all("title"), *book.all("creator"), *book.all("publisher"), "written", "by", "a", "story"):
        said = re.sub(rf"\b{re.escape(_bare(known))}\b", " ", said)
    return not said.strip()


def _bare(words: str) -> str:
    return re.sub(r"\W+", " ", words.casefold()).strip()


def _of_text(text: Text, entries: Sequence[Entry]) -> list[Section]:
    blocks = blocks_of(text.root)
    address = text.meta("chapterurl")
    stated = text.meta("chaptertitle") or text.meta("chaptertoctitle")
    starts = _starts(blocks, entries)
    if len(starts) < 2:  # noqa: PLR2004 — one chapter
        label = stated or (entries[0].label if entries else "")
        return [replace(_headed(blocks, label), address=address)]
    before = blocks[: starts[0][0]]
    found = [_headed(before, "")] if sum(len(block.text.split()) for block in before) > 25 else []  # noqa: PLR2004
    stops = [at for at, _ in starts[1:]] + [len(blocks)]
    return found + [_headed(blocks[at:stop], label) for (at, label), stop in zip(starts, stops, strict=True)]


def _headed(blocks: Sequence[Block], label: str) -> Section:
    label = "" if _is_name_of_file(label) else label
    return headed(blocks, label, "epub.contents" if label else "document.heading")


def _is_name_of_file(label: str) -> bool:
    return (
        bool(
            re.fullmatch(
                r"(?:[\w-]+\.x?html?|(?:file|part|index|section|split)[_-]?\d+|unknown|start|untitled.*)",
                label.strip(),
                re.IGNORECASE,
            )
        )
        and chapters.heading(label) is None
    )


def _starts(blocks: Sequence[Block], entries: Sequence[Entry]) -> list[tuple[int, str]]:
    """Return where the chapters in one text begin: where its contents lead, else at its own headings."""
    found: dict[int, str] = {}
    for entry in entries:
        at = next((n for n, block in enumerate(blocks) if block.has_id(entry.fragment)), 0) if entry.fragment else 0
        found.setdefault(at, entry.label)
    if len(found) > 1:
        return sorted(found.items())
    named = [(n, "") for n, block in enumerate(blocks) if _names_chapter(block)]
    return named if len(named) > 1 else []


def _names_chapter(block: Block) -> bool:
    text = block.text
    return (
        block.element.tag in ("h1", "h2", "h3") and len(text) < LONGEST_HEADING and chapters.heading(text) is not None
    )
