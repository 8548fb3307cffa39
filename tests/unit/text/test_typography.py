"""Plain text becomes paragraphs, verse, scene breaks and emphasis, whatever its convention."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.text.blocks import blocks
from storykeep.text.typography import emphasise, from_entry, is_scene_break, mark_scene_breaks, to_html

BREAKS = [
    "***", "* * *", "*", "~*~*~", "~", "-x-", "x-x-x", "oOo", "o0o", "oOoOo", "#", "# # #", "-----", "- - -", "—",
    "_____", "=====", "-=-=-=-", "~o~O~o~", "<><><>", "§", "• • •", "◊", "♥♥♥", "+++", "...", ". . .", "…", "***oOo***",
    "/\\/\\/\\", "XXX", "-*-*-", "❦", "\u00a0\u00a0***\u00a0\u00a0",
]  # fmt: skip
NO_BREAKS = [
    "No.", "Oh!", "“…”", '"..."', "?", "?!", "!!!", "I", "a", "TBC", "The End", "2004", "7", ":)", "<3", "^_^", ">:(",
    "Zzz", "Ooo", "", " ", "x", "OX", "- he said", "Ow", "Xo", "vow",
]  # fmt: skip


@pytest.mark.parametrize("line", BREAKS)
def test_marks_alone_break_scenes(line):
    assert is_scene_break(line)


@pytest.mark.parametrize("line", NO_BREAKS)
def test_words_faces_and_silences_do_not(line):
    assert not is_scene_break(line)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("*no*", "<em>no</em>"),
        ("_Who_ are *you*?", "<em>Who</em> are <em>you</em>?"),
        ("=Are you there?=", "<em>Are you there?</em>"),
        ("/He knows,/ she thought", "<em>He knows,</em> she thought"),
        ("**Stop**", "<strong>Stop</strong>"),
        ("“*Never*,” she said", "“<em>Never</em>,” she said"),
        ("*one<br>two*", "<em>one<br>two</em>"),
        ("*she <b>said</b>*", "*she <b>said</b>*"),
        ("(*aside*)", "(<em>aside</em>)"),
    ],
)
def test_pairs_of_marks_are_emphasis(typed, meant):
    assert emphasise(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "2*3*4 and 5 * 6 * 7",
        "and/or and he/she/they",
        "snake_case_name and __init__",
        "/usr/local/bin and http://example.org/a/b/",
        "1/2/2003",
        "a footnote* and another*",
        "f***ing h*ll",
        "x = y = z, a=b=c",
        "* a list",
        "____ ____",
        "w/ him and w/ her",
        '<a href="/a/b/">x</a> <img src="/c/d/">',
        "*",
        "5 *stars and counting",
        "=5=",
    ],
)
def test_other_marks_stay(text):
    assert emphasise(text) == text


def shapes(text: str) -> list[tuple[str, str]]:
    return [(block.type, re.sub(r"\s+", " ", block.text)) for block in blocks(to_html(text))]


def test_blank_lines_part_paragraphs_and_newlines_are_breaks():
    assert to_html("One,\ntwo.\n\nThree.") == "<p>One,<br>two.</p>\n<p>Three.</p>"


WRAPPED = """She had meant to say it at breakfast, and then on the stairs, and
then in the long grey light of the station, where nobody says what
they mean.

“Well,” she said.

He looked at the clock, which had not moved since they came in and
would not move again until the last train had left for the coast--the
slow one.
"""


def test_lines_that_were_broken_at_a_width_are_joined():
    first, second, third = shapes(WRAPPED)
    assert first == ("p", WRAPPED.partition("\n\n")[0].replace("\n", " "))
    assert second == ("p", "“Well,” she said.")
    assert third[1].endswith("had left for the coast--the slow one.")


def test_verse_inside_a_wrapped_text_stays_verse():
    verse = "\nThe boats are gone,\nthe nets are dry,\n  the gulls go on\nwithout a cry.\n"
    *prose, last = shapes(WRAPPED + verse)
    assert len(prose) == 3
    assert last == ("lines", "The boats are gone, the nets are dry, the gulls go on without a cry.")


def test_indents_begin_paragraphs_where_there_are_no_blank_lines():
    text = (
        "   She had meant to say it at breakfast, then on the stairs, and\nthen in the long grey light of it.\n"
        "   “Well,” she said.\n   He looked at the clock, which had not moved since then\nand would not again.\n"
        "   “Well,” he said.\n\n* * *\n\n   The train was late, and nobody there could say how late it\nwould be.\n"
    )
    assert [kind for kind, _ in shapes(text)] == ["p", "p", "p", "p", "scene_break", "p"]


def test_long_lines_without_blank_ones_are_paragraphs():
    long = "She walked on and on, past the last house of the village, until the road gave out, and further still. "
    assert [kind for kind, _ in shapes(f"{long}\n{long}\n“No,” she said.\n{long}")] == ["p", "p", "p", "p"]


def test_what_looks_like_a_tag_in_plain_text_is_text():
    assert to_html("<<Ada?>> <g> a < b & c") == "<p>&lt;&lt;Ada?&gt;&gt; &lt;g&gt; a &lt; b &amp; c</p>"


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.sampled_from(["word ", "\n", "\n\n", "* * *", "*so* ", "  in", "<g> ", "& ", "“x” ", "a long line " * 8]),
        max_size=30,
    )
)
def test_no_word_of_a_plain_text_is_lost(pieces):
    text = "".join(pieces)
    shown = " ".join(block.text for block in blocks(to_html(text)))
    assert re.findall(r"[a-z]+", shown) == re.findall(r"[a-z]+", text)


def test_what_people_type_into_forms():
    assert from_entry("## Two\n\n- a *b*\n- c\n\n> so\n\n---\n\n[out](https://example.org)") == (
        "<h3>Two</h3>\n<ul><li>a <em>b</em></li><li>c</li></ul>\n<blockquote><p>so</p></blockquote>\n"
        '<hr class="scene">\n<p><a href="https://example.org" rel="nofollow ugc noopener">out</a></p>'
    )
    assert from_entry("Hi <b>there</b> <g> & all\nyou") == "<p>Hi <b>there</b> &lt;g&gt; &amp; all<br>you</p>"
    assert "javascript" not in from_entry("[x](javascript:alert)")


def test_scene_breaks_in_html_become_rules():
    assert mark_scene_breaks('<p>a</p><p class="align-center">* * *</p><hr><p><b>oOo</b></p><p>No.</p>').body == (
        '<p>a</p><hr class="scene"><hr class="scene"><hr class="scene"><p>No.</p>'
    )


def test_rare_empty_paragraphs_are_proposed_and_frequent_ones_are_space():
    rare = "<p>a</p>" * 8 + "<p>\u00a0</p>" + "<p>b</p>" * 8
    marked = mark_scene_breaks(rare)
    assert marked.body.count('<hr class="scene">') == 1
    assert [finding.code for finding in marked.findings] == ["scene-break.proposed"]
    spaced = "<p>a</p><p>\u00a0</p>" * 8
    assert mark_scene_breaks(spaced) == type(marked)(spaced, ())
