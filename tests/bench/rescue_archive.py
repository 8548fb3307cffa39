"""Writes the saved pages of a small or large dead archive that never was: the same pages for the same numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOST = "www.harbour-lights.example"
NAME = "Harbour Lights"
_WORDS = """
the a her his of and in to was had with that from over under after before harbour lamp tide wall boat rope ferry rain
window kettle letter road sister captain engine night morning winter salt stone door bell paper hand voice walked
turned kept lost found carried said thought wanted waited opened closed burned counted remembered slowly quietly almost
never always again once twice cold bright narrow old new heavy plain last first other small
""".split()
_NAMES = (
    "Ada Brandt", "Ilse Moreau", "Tom Harrow", "Wren", "Josefa Lund", "M. Okafor", "Petra Vane", "quillfeather", "Noor",
    "Elias Stroud",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """One work of the archive: its number, title, author, chapters (each a list of paragraphs) and kind of page."""

    number: int
    title: str
    author: str
    chapters: tuple[tuple[str, ...], ...]

    @property
    def words(self) -> int:
        return sum(len(paragraph.split()) for chapter in self.chapters for paragraph in chapter)


def works(count: int, *, paragraphs: int = 12, seed: int = 1) -> Iterator[Work]:
    """Yield works until their chapters make up ``count`` pages."""
    chance = random.Random(seed)
    pages = number = 0
    while pages < count:
        number += 1
        chapters = min(chance.choice((1, 1, 1, 2, 3, 5, 8)), count - pages)
        pages += chapters
        title = " ".join(chance.sample(_WORDS[17:], 3)).title() + f" {number}"
        texts = tuple(tuple(paragraph(chance) for _ in range(paragraphs)) for _ in range(chapters))
        yield Work(number, title, chance.choice(_NAMES), texts)


def paragraph(chance: random.Random) -> str:
    """Return a paragraph of sentences, now and then somebody speaks."""
    sentences = []
    for _ in range(chance.randint(2, 6)):
        words = " ".join(chance.choice(_WORDS) for _ in range(chance.randint(5, 16)))
        sentences.append(f"“{words.capitalize()},” she said." if chance.random() < 0.2 else f"{words.capitalize()}.")
    return " ".join(sentences)


def write(folder: Path, count: int, *, paragraphs: int = 12, seed: int = 1) -> int:
    """Write an archive of about ``count`` pages of text, with lists, into ``folder``; return how many works it has."""
    site = folder / HOST
    site.mkdir(parents=True, exist_ok=True)
    entries: dict[str, list[str]] = {}
    made = 0
    for work in works(count, paragraphs=paragraphs, seed=seed):
        made += 1
        for chapter in range(1, len(work.chapters) + 1):
            (site / name(work, chapter)).write_text(page(work, chapter), "utf-8")
        entries.setdefault(work.author, []).append(
            f'<p><a href="story.html?id={work.number}">{work.title}</a> by {work.author}<br>'
            f"A story. Rated PG, {work.words:,} words.</p>"
        )
    for number, author in enumerate(sorted(entries), 1):
        for part in range(0, len(entries[author]), 500):
            leaf = f"author.html?au={number}" + (f"&start={part}" if part else "")
            body = "".join(entries[author][part : part + 500])
            (site / leaf).write_text(frame(f"Stories by {author}", f"<h1>Stories by {author}</h1>{body}"), "utf-8")
    return made


def name(work: Work, chapter: int) -> str:
    """Return the file name of a chapter, as a crawler keeps it. The numbers of later chapters are no order."""
    if chapter == 1:
        return f"story.html?id={work.number}"
    return f"chapter.html?id={work.number}&expid={work.number * 10 + 9 - chapter}"


def page(work: Work, chapter: int) -> str:
    """Return the page of a chapter with the archive's furniture around it."""
    links = "".join(
        f' <a href="{name(work, number)}">{number}</a>' if number != chapter else f" <b>{number}</b>"
        for number in range(1, len(work.chapters) + 1)
    )
    menu = f'<div class="chapters">Chapter:{links}</div>' if len(work.chapters) > 1 else ""
    label = f"<h3>Chapter {chapter}</h3>" if len(work.chapters) > 1 else ""
    body = "".join(f"<p>{text}</p>\n" for text in work.chapters[chapter - 1])
    told = f'<h2>{work.title}</h2><p class="byline">By {work.author}</p>'
    return frame(f"{NAME}: {work.title}", f'{menu}{told}{label}<div class="story">{body}</div>')


def frame(title: str, body: str) -> str:
    """Return a page of the archive: head, menu, ``body`` and footer."""
    return (
        f"<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'><html><head><title>{title}</title>"
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body bgcolor="#ffffff">'
        f'<table width="100%"><tr><td class="head"><a href="index.html">{NAME}</a></td></tr></table>'
        '<div id="menu"><a href="index.html">Home</a> | <a href="list.html">All stories</a> |'
        ' <a href="search.html">Search</a> | <a href="rules.html">Rules</a></div>'
        f'<div id="content">{body}</div><div id="footer">{NAME} is kept by volunteers. The stories belong to their'
        " authors.<br>Best viewed in any browser.</div></body></html>\n"
    )
