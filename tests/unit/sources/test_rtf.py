# ruff: noqa: E501 — markup of other programs stands on one line
"""Rich text: words in any encoding, marks, notes; damage and endless groups cost nothing but themselves."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from storykeep.model.errors import InputError
from storykeep.model.identity import sha256
from storykeep.model.story import Story
from storykeep.sources.base import Material, load

HEAD = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Times Cyr;}}{\stylesheet{\s0 Normal;}{\s1 heading 1;}}{\info{\title Low Tide}{\author Marit}}"
LONG = r"The water took its time, as it always had, and nobody on the quay minded very much about that.\par "


def read(source: str | bytes, tmp_path: Path) -> Story:
    path = tmp_path / "tide.rtf"
    path.write_bytes(source.encode("cp1252") if isinstance(source, str) else source)
    (story,) = load("office").read(
        Material(path=path, name="tide.rtf"),
        lambda data, capture: replace(capture, sha256=sha256(data), size=len(data)),
    )
    assert isinstance(story, Story)
    return story


def body(words: str, tmp_path: Path) -> str:
    return read(f"{HEAD}\\pard {LONG}{words}\\par}}", tmp_path).chapters[0].body


def test_properties_and_headings(tmp_path):
    story = read(rf"{HEAD}\pard\s1 Chapter 1: Mud\par\pard\s0 {LONG}\pard\s1 Boats\par\pard\s0 {LONG}}}", tmp_path)
    assert (story.title, story.authors) == ("Low Tide", ("Marit",))
    assert [(one.label, one.title, one.body.count("<p>")) for one in story.chapters] == [
        ("Chapter 1", "Mud", 1),
        ("", "Boats", 1),
    ]


def test_marks(tmp_path):
    found = body(
        r"One {\i slanted} \b heavy\b0  {\ul under} {\strike gone} {\scaps Caps} x{\super 2}H{\sub 2}", tmp_path
    )
    assert "One <em>slanted</em> <strong>heavy</strong> <u>under</u> <s>gone</s>" in found
    assert '<span class="small-caps">Caps</span> x<sup>2</sup>H<sub>2</sub>' in found


def test_letters_of_every_kind(tmp_path):
    found = body(r"caf\'e9 \ldblquote so\rdblquote\emdash \u8217?til \u-4051?x \uc2\u233??n \f1\'ef\'f0", tmp_path)
    assert "café “so”—’til" in found
    assert "én" in found
    assert "пр" in found


def test_alignment_and_lines(tmp_path):
    found = body(r"\pard\qc * * *\par\pard After\par\pard\qr Right\par\pard one\line two", tmp_path)
    assert '<hr class="scene">' in found
    assert '<p class="align-right">Right</p>' in found
    assert '<div class="lines">one<br>two</div>' in found


def test_a_note(tmp_path):
    found = body(r"Word{\super\chftn}{\*\footnote\chftn\pard Said {\i below}.}.", tmp_path)
    assert "Word" in found
    assert 'href="#s-note1"' in found
    assert "Said <em>below</em>." in found


def test_links_and_hidden_things(tmp_path):
    found = body(
        r'{\field{\*\fldinst{HYPERLINK "http://weir.example/x"}}{\fldrslt{\ul here}}} after {\v hidden}{\*\unknown not shown}{\header no}',
        tmp_path,
    )
    assert '<a href="http://weir.example/x" rel="nofollow ugc noopener">here</a> after' in found
    for gone in ("hidden", "not shown", "HYPERLINK", "no</p>"):
        assert gone not in found


def test_a_picture(tmp_path):
    out = io.BytesIO()
    Pillow.new("RGB", (4, 4), "teal").save(out, "PNG")
    story = read(f"{HEAD}{LONG}{{\\pict\\pngblip\\picw4\\pich4 {out.getvalue().hex()}}}\\par {LONG}}}", tmp_path)
    assert [one.media_type for one in story.chapters[0].images] == ["image/png"]
    assert out.getvalue().hex()[:40] not in story.chapters[0].body


def test_binary_inside_is_passed_over(tmp_path):
    data = f"{HEAD}{LONG}".encode("cp1252") + b"{\\*\\objdata\\bin7 }}}{{{\\}" + b"After it.\\par}"
    assert "After it." in read(data, tmp_path).chapters[0].body


@pytest.mark.parametrize(
    "damage", ["{" * 100_000, "}" * 50, "\\'zz\\u99999999 \\bin-5 \\u-99999 ", "\\", "{\\pict zzz}", "{\\info{\\title"]
)
def test_damage_costs_only_itself(damage, tmp_path):
    assert "always had" in body(damage, tmp_path)


def test_a_document_cut_anywhere_never_raises_but_in_words(tmp_path):
    whole = rf"{HEAD}\pard\s1 Chapter 1\par\pard\s0 {LONG}Word{{\*\footnote Said.}}{{\field{{\*\fldinst{{HYPERLINK \"http://x.example\"}}}}{{\fldrslt y}}}}\par}}"
    for end in range(10, len(whole), 7):
        try:
            read(whole[:end], tmp_path)
        except InputError as error:
            assert "words" in str(error)  # noqa: PT017 — most cuts raise nothing
