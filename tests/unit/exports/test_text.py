"""Plain text is wrapped, keeps emphasis and verse, and fits a screen in every script."""

import io

import pytest

from storykeep.exports import text
from storykeep.exports.flow import width
from storykeep.exports.wrap import wrapped
from unit.exports.stories import CJK, FOOTNOTES, RICH, STORIES, VERSE, one


def plain(story):
    out = io.BytesIO()
    text.write(story, out)
    return out.getvalue().decode()


@pytest.mark.parametrize("name", [name for name in STORIES if name not in {"deep", "hostile"}])
def test_no_line_is_wider_than_72_columns_where_words_allow_it(name):
    for line in plain(STORIES[name]).split("\n"):
        assert width(line) <= 72 or "://" in line, line
        assert line == line.rstrip()


def test_emphasis_is_marked_and_returns_to_roman_within_itself():
    made = plain(one("<p>a <em>b <em>c</em> d</em> <strong>e</strong> x<i> f </i>y <em></em></p>"))
    assert "a _b c d_ *e* x _f_ y" in made


def test_blocks_have_their_shapes():
    made = plain(
        one(
            '<p>One.</p><hr class="scene"><blockquote><p>Two.</p></blockquote><ol start="3"><li>three</li></ol>'
            "<ul><li>four</li><li>five</li></ul><table><tr><td>6</td><td>7</td></tr></table>"
            '<p class="align-right">eight</p><div class="align-center"><p>nine</p></div><pre>t  e\n n</pre>'
            "<dl><dt>term</dt><dd>meaning</dd></dl>"
        )
    )
    assert "\n                                 * * *\n" in made
    assert "\n    Two.\n" in made
    assert "\n3. three\n\n* four\n* five\n\n6 | 7\n" in made
    assert "\n" + " " * 67 + "eight\n\n" + " " * 34 + "nine\n\nt  e\n n\n" in made
    assert "\nterm\n\n    meaning\n" in made


def test_verse_keeps_its_lines_and_hangs_what_is_too_long():
    made = plain(VERSE)
    assert "\n    The lamp is low,\n    the _tide_ is slow,\n    and a line that is so long" in made
    assert "\n        margins of anybody’s letter, ever\n" in made
    assert "\n  keep\n    the   spaces\n" in made


def test_japanese_counts_double_and_breaks_anywhere_but_before_a_comma():
    lines = [line for line in plain(CJK).split("\n") if "。" in line or "、" in line]
    assert any(width(line) > 66 for line in lines)
    assert not any(line.lstrip().startswith(tuple("、。」）")) for line in lines)
    assert "灯台（とうだい）" in plain(CJK)


def test_footnotes_and_links_are_said():
    made = plain(FOOTNOTES)
    assert "The lamp[1] and the boat[2];" in made
    assert "1. A paraffin lamp." in made
    linked = plain(
        one('<p><a href="http://a.example/x">there</a> <a href="http://b.example/">http://b.example</a></p>')
    )
    assert "there <http://a.example/x> http://b.example\n" in linked


def test_facts_notes_gaps_and_provenance_stand_around_the_text():
    made = plain(RICH)
    assert "by Orla Finch and zero translated by María Ñúñez beta read by bee" in " ".join(made.split())
    assert "See below." in made
    assert 'Pairing: Ines/"The Keeper" & co.; Ines & Tomas' in made
    assert (
        "Written: 2001\nPublished: 14 July 2003\nUpdated: 2 January 2004\nStatus: Complete\nChapters: 4 of 5\n" in made
    )
    assert "Warning:\n\nThe sea takes somebody." in made
    assert "[a line is missing in the surviving copy]" in made
    assert "Every repair can be undone" in " ".join(made.split())


def test_wrapping_keeps_long_words_and_no_break_spaces_whole():
    assert wrapped("x" * 30, 10) == ["x" * 30]
    assert wrapped("aa b\u00a0b cc", 6) == ["aa b\u00a0b", "cc"]
    assert wrapped("", 10) == [""]
