"""Markdown with and without front matter, and which texts are none."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from storykeep.exports import FORMATS
from storykeep.model.errors import InputError
from storykeep.model.identity import sha256
from storykeep.model.story import Chapter, Credit, Note, SeriesPlace, Story, Tag
from storykeep.sources.base import Material, load

LONG = "The water took its time, as it always had, and nobody on the quay minded very much about that.\n\n"


def read(source: str, tmp_path: Path, name: str = "tide.md") -> Story:
    path = tmp_path / name
    path.write_text(source, "utf-8")
    (story,) = load("markdown").read(
        Material(path=path, name=name), lambda data, capture: replace(capture, sha256=sha256(data), size=len(data))
    )
    assert isinstance(story, Story)
    return story


def sure(source: str, tmp_path: Path, name: str = "tide.md") -> float:
    path = tmp_path / name
    path.write_text(source, "utf-8")
    probe = load("markdown").probe(Material(path=path, name=name))
    return probe.confidence if probe else 0.0


def test_front_matter_and_chapters(tmp_path):
    source = f"""---
title: "Low Tide: a story"
author: [Marit, zero]
date: 2004-05-06
lang: en
rating: PG
series: Roads, part 2
tags:
  - sea
  - slow burn
summary: >
  A boat
  and a dog.
source: http://weir.example/viewstory.php?sid=4
---

# Chapter 1: Mud

{LONG}* * *

It was *fine*, and **large**.

# Boats

{LONG}"""
    story = read(source, tmp_path)
    assert (story.title, story.authors, story.language) == ("Low Tide: a story", ("Marit", "zero"), "en")
    assert (story.published, story.summary) == ("2004-05-06", "<p>A boat and a dog.</p>")
    assert story.series == (SeriesPlace(title="Roads", position=2),)
    assert {(tag.kind, tag.name) for tag in story.tags} == {
        ("rating", "PG"),
        ("keyword", "sea"),
        ("keyword", "slow burn"),
    }
    assert story.addresses == ("http://weir.example/viewstory.php?sid=4",)
    assert [(one.label, one.title) for one in story.chapters] == [("Chapter 1", "Mud"), ("", "Boats")]
    assert '<hr class="scene">\n<p>It was <em>fine</em>, and <strong>large</strong>.</p>' in story.chapters[0].body


def test_without_front_matter_the_first_heading_is_the_title(tmp_path):
    story = read(f"# Low Tide\n\nby Marit\n\n## One\n\n{LONG}## Two\n\n{LONG}", tmp_path)
    assert (story.title, story.authors) == ("Low Tide", ("Marit",))
    assert [one.title for one in story.chapters] == ["One", "Two"]


def test_toml_and_pandoc_titles(tmp_path):
    assert read(f'+++\ntitle = "Low Tide"\nauthor = "Marit"\n+++\n\n{LONG}', tmp_path).title == "Low Tide"


def test_notes_stand_below_their_chapter(tmp_path):
    story = read(f"---\ntitle: x y\n---\n# One\n\nWord[^a].\n\n# Two\n\n{LONG}\n[^a]: Said *below*.\n", tmp_path)
    first, second = story.chapters
    assert 'href="#s-note1"' in first.body
    assert "Said <em>below</em>." in first.body
    assert "Said" not in second.body


def test_html_in_it_is_cleaned(tmp_path):
    found = read(
        f"# T\n\n{LONG}<script>alert(1)</script>\n\n<p onclick='x()'>Well <b>so</b></p>\n\n[x](javascript:alert(1))\n",
        tmp_path,
    )
    assert "alert(1)</script" not in found.chapters[0].body
    assert "onclick" not in found.chapters[0].body
    assert "<b>so</b>" in found.chapters[0].body


@pytest.mark.parametrize(
    "source",
    ["> " * 20_000 + "x", "*a " * 30_000, "[" * 50_000, "- " * 5_000 + "x", "`" * 40_001, "---\n" + "a: b\n" * 9_000],
)
def test_nesting_without_end_is_survived(source, tmp_path):
    assert survived(f"{LONG}{source}", tmp_path)


def survived(source, tmp_path):
    """Return the chapters that were read, or why nothing was."""
    try:
        return read(source, tmp_path).chapters
    except InputError as error:
        return str(error)


def test_what_is_markdown_and_what_is_not(tmp_path):
    assert sure("---\ntitle: x\nauthor: y\n---\nwords", tmp_path, "story.txt") >= 0.5
    assert sure(f"# Low Tide\n\n{LONG}## Two\n\n{LONG}", tmp_path, "story.txt") >= 0.5
    assert sure(f"Low Tide\n\n{LONG}", tmp_path, "story.md") >= 0.5
    for plain in (
        f"Low Tide\nby Marit\n\n{LONG}",
        f"#1 fan\n\n{LONG}* * *\n\n{LONG}",
        "<html><body><p># x</p></body></html>",
        "Title: x\n---\nwords\n---\nwords",
    ):
        assert sure(plain, tmp_path, "story.txt") < 0.5


def test_a_text_of_ours_comes_back(tmp_path):
    story = Story(
        key="a",
        title="Low Tide",
        credits=(Credit(name="Marit"),),
        tags=(Tag(kind="rating", name="PG"),),
        summary="<p>A boat.</p>",
        notes=(Note(label="Disclaimer", body="<p>Not mine.</p>"),),
        chapters=(
            Chapter(
                key="1",
                label="Chapter 1",
                title="Mud",
                body=f'<p>{LONG.strip()}</p>\n<hr class="scene">\n<p>He <em>did</em>.</p>',
            ),
            Chapter(key="2", title="Boats", body=f"<p>{LONG.strip()}</p>"),
        ),
    )
    out = io.BytesIO()
    FORMATS["markdown"].write(story, out)
    again = read(out.getvalue().decode(), tmp_path)
    assert (again.title, again.authors) == (story.title, story.authors)
    assert [(one.label, one.title) for one in again.chapters] == [("Chapter 1", "Mud"), ("", "Boats")]
    assert again.chapters[0].body == story.chapters[0].body


def test_the_key_is_never_the_title(tmp_path):
    one = read(f"# Low Tide\n\n{LONG}", tmp_path)
    assert one.key.startswith("document/")
    assert one.key != read(f"# Low Tide\n\n{LONG}More.\n", tmp_path).key
