"""What stands close around a story: a chapter's title under its number, counters, ratings behind a title."""

from __future__ import annotations

import pytest

from storykeep.model.provenance import Capture
from storykeep.sources import pages
from storykeep.sources.pages.cleaning import clean_title

STORY = "".join(
    f"<p>{words}</p>"
    for words in (
        "The lamp went out at six, and nobody had asked it to, least of all the keeper.",
        "“It’s late,” said Ana, and put the can of oil on the stair.",
        "He looked up from the nets and didn’t answer her for a long while.",
    )
)


@pytest.mark.parametrize("head", ["<h2>Chapter 3</h2><h3>The Stair</h3>", "<p><b>Chapter 3</b><br>The Stair</p>"])
def test_the_title_of_a_chapter_may_stand_under_its_number(head):
    page = f"<html><head><title>Salt</title></head><body><h1>Salt</h1><p>by Wren Hallow</p>{head}{STORY}</body></html>"
    (chapter,) = pages.read(page.encode(), Capture(sha256="x", path="salt.html")).story.chapters
    assert (chapter.label, chapter.title) == ("Chapter 3", "The Stair")
    assert "The Stair" not in chapter.body


@pytest.mark.parametrize(
    "counter", ["2345 hits", "Hits: 12,345", "This page has been accessed 1,234 times.", "You are visitor number 7"]
)
def test_a_counter_is_no_note(counter):
    body = f"<h1>Salt</h1><p>by Wren</p>{STORY}<p>The End</p><p>Feedback is bread.</p><p>{counter}</p>"
    story = pages.read(f"<html><body>{body}</body></html>".encode(), Capture(sha256="x", path="salt.html")).story
    notes = [*story.notes, *(note for chapter in story.chapters for note in chapter.notes)]
    assert [note.body for note in notes] == ["<p>Feedback is bread.</p>"]


def test_a_rating_before_a_part_mark_is_no_part_of_the_title():
    assert clean_title("[harbor] Salt (Wren Hallow, G) 1/1") == "Salt"
    assert clean_title("Salt (Wren Hallow, PG) 2/5") == "Salt 2/5"


@pytest.mark.parametrize(
    ("line", "author"),
    [("Salt - Wren Hallow", ("Wren Hallow",)), ("Salt - The Long Stair", ()), ("Chapter 1 - Two Coats", ())],
)
def test_a_name_stands_behind_the_title_that_the_page_calls_so(line, author):
    page = f"<html><head><title>Salt</title></head><body><span>{line}</span><br><br>{STORY}</body></html>"
    assert pages.read(page.encode(), Capture(sha256="x", path="salt.html")).story.authors == author


def test_a_letter_of_pipermail_is_known_by_its_marks():
    head = '<H1>[harbor] Salt (Wren Hallow, G) 1/1</H1><B>Wren Hallow</B> <A HREF="mailto:x">wren at example.org</A>'
    words = "\n\n".join(f"The lamp went out at six on {day}, and nobody at all had asked it to." for day in "ABCDEF")
    page = f"<html><body>{head}<HR><!--beginarticle--><PRE>{words}</PRE><!--endarticle--></body></html>"
    story = pages.read(page.encode(), Capture(sha256="x", path="000123.html")).story
    assert (story.title, story.authors) == ("Salt", ("Wren Hallow",))
    assert "example.org" not in repr(story.notes) + repr(story.chapters)
