# ruff: noqa: E501 — markup of other programs stands on one line
"""OpenDocument texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from books import odt
from storykeep.model.errors import InputError
from storykeep.model.identity import sha256
from storykeep.model.story import Story
from storykeep.sources.base import Material, load

META = "<dc:title>Low Tide</dc:title><meta:initial-creator>Marit</meta:initial-creator><dc:creator>Somebody else</dc:creator><dc:language>de-AT</dc:language>"
LONG = "<text:p>The water took its time, as it always had, and nobody on the quay minded very much about that.</text:p>"
STYLES = """<style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="B" style:family="text" style:parent-style-name="I"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="S" style:family="text"><style:text-properties fo:font-variant="small-caps"/></style:style>
<style:style style:name="U" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="C" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/></style:style>
<style:style style:name="N" style:family="text"><style:text-properties fo:font-style="normal"/></style:style>"""


def read(data: bytes, tmp_path: Path) -> Story:
    path = tmp_path / "tide.odt"
    path.write_bytes(data)
    (story,) = load("office").read(
        Material(path=path, name="tide.odt"),
        lambda data, capture: replace(capture, sha256=sha256(data), size=len(data)),
    )
    assert isinstance(story, Story)
    return story


def test_words_marks_and_alignment(tmp_path):
    body = '<text:p>A <text:span text:style-name="I">slanted <text:span text:style-name="N">upright</text:span></text:span> <text:span text:style-name="B">heavy</text:span><text:s text:c="2"/><text:span text:style-name="S">Caps</text:span><text:span text:style-name="U">2</text:span></text:p><text:p text:style-name="C">Middle</text:p>'
    found = read(odt(LONG + body, styles=STYLES, meta=META), tmp_path).chapters[0].body
    assert "A <em>slanted </em>upright <em><strong>heavy</strong></em>" in found
    assert '<span class="small-caps">Caps</span><sup>2</sup>' in found
    assert '<p class="align-center">Middle</p>' in found


def test_headings_are_chapters_and_properties_are_facts(tmp_path):
    body = f'<text:h text:outline-level="1">Chapter 1: Mud</text:h>{LONG}<text:section><text:h text:outline-level="1">Chapter 2</text:h>{LONG}</text:section>'
    story = read(odt(body, meta=META), tmp_path)
    assert (story.title, story.authors, story.language) == ("Low Tide", ("Marit",), "de-AT")
    assert [(one.label, one.title) for one in story.chapters] == [("Chapter 1", "Mud"), ("Chapter 2", "")]


def test_notes_lists_and_breaks(tmp_path):
    note = '<text:note text:id="f1"><text:note-citation>1</text:note-citation><text:note-body><text:p>Said below.</text:p></text:note-body></text:note>'
    body = f"<text:p>Word{note}.</text:p><text:list><text:list-item><text:p>a</text:p></text:list-item></text:list><text:p>one<text:line-break/>two</text:p>"
    found = read(odt(LONG + body, meta=META), tmp_path).chapters[0].body
    assert 'href="#s-note1"' in found
    assert "Said below." in found
    assert "<li>a</li>" in found
    assert '<div class="lines">one<br>two</div>' in found


def test_deleted_words_and_comments_are_passed_by(tmp_path):
    body = f"<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted words</text:p></text:deletion></text:changed-region></text:tracked-changes>{LONG}<text:p>Kept<office:annotation><text:p>a comment</text:p></office:annotation>.</text:p>"
    found = read(odt(body, meta=META), tmp_path).chapters[0].body
    assert "deleted words" not in found
    assert "a comment" not in found
    assert "Kept." in found


@pytest.mark.parametrize(
    "content", ["", "<a", "<a>" * 300_000, "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>"]
)
def test_what_is_broken_or_harms_is_refused(content, tmp_path):
    with pytest.raises(InputError):
        read(odt(LONG, others={"content.xml": content}), tmp_path)
