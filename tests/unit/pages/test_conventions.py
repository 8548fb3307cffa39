"""Every way in which old pages part their paragraphs gives the same paragraphs."""

import pytest

from storykeep.sources.pages.flow import lines
from storykeep.sources.pages.weave import convention_of, is_scene_mark, to_html, weave
from storykeep.text.markup import parse

LONG = (
    "The tide had been going out since before breakfast and nobody in the house had said a word about it yet, not one"
)
WANTED = ["p", "p", "scene", "p"]
PAGES = {
    "blocks": "<p>{a}</p><p>{b}</p><hr><p>{c}</p>",
    "unclosed": "<P>{a}<P>{b}<P ALIGN=center>* * *<P>{c}",
    "empty lines": "{a}<br><br>{b}<br><br><center>~*~</center><br>{c}",
    "one break and an indent": "&nbsp;&nbsp; {a}<br>" + "&nbsp;&nbsp; {b}<br>" * 3 + "#<br>{c}",
    "definitions": "<dl><dd>{a}<dd>{b}<dd>oOo<dd>{c}</dl>",
    "divs": "<div>{a}</div><div>{b}</div><div>-x-</div><div>{c}</div>",
    "a picture between": "<p>{a}<p>{b}<p align=center><img src=leaf.gif><p>{c}",
    "a rare empty paragraph": "<p>{a}<p>{b}<p>&nbsp;</p><p>{c}<p>{a}<p>{b}<p>{c}",
}


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_paragraphs_and_breaks(html):
    flow = lines(parse(html.format(a=f"{LONG}. One.", b=f"{LONG}. Two.", c=f"{LONG}. Three.")))
    forms = [passage.form.value for passage in weave(flow)]
    assert "scene" in forms
    assert forms[0] == forms[-1] == "p"
    assert forms.count("scene") == 1


def test_wrapped_lines_are_joined_and_verse_among_them_is_kept():
    text = """<pre>
The tide had been going out since before breakfast, and nobody in
the house had said a word about it, which was their way of saying
that they had all seen it and that nobody knew what to do.

Left the baker, left the bread,
left the cat upon the bed.

She put on her boots because they were there, and because it is
better to be standing when the sea comes home, and went out.
</pre>"""
    first, verse, last = weave(lines(parse(text)))
    assert first.text.startswith("The tide had been going out since before breakfast, and nobody in the house had")
    assert verse.form.value == "lines"
    assert verse.text == "Left the baker, left the bread,\nleft the cat upon the bed."
    assert last.text.endswith("when the sea comes home, and went out.")


def test_indents_open_paragraphs_where_no_line_is_empty():
    text = (
        "<pre>"
        + "\n".join(["     One goes on for quite some time, until the margin is reached,", "and then it ends."] * 6)
        + "</pre>"
    )
    found = weave(lines(parse(text)))
    assert len(found) == 6
    assert {passage.text for passage in found} == {
        "One goes on for quite some time, until the margin is reached, and then it ends."
    }


def test_a_letters_head_stays_line_by_line():
    (block,) = weave(lines(parse("<p>From: t.vance@station.example<br>To: dana@harbor.example<br>Subject: boots</p>")))
    assert to_html([block]).startswith('<div class="lines">From: t.vance@station.example<br>')


@pytest.mark.parametrize("mark", ["* * *", "~*~*~", "oOo", "#", "-x-x-x-", "~", "=+=+=", "[scene break]", "<>", "."])
def test_signs_part_scenes(mark):
    assert is_scene_mark(mark)


@pytest.mark.parametrize("words", ["“…”", "No.", "?", "“No!”", "T.", "Oh", "1.", "II", "...", "xoxo, Dana"])
def test_words_and_silence_do_not(words):
    assert not is_scene_mark(words)


def test_scene_breaks_stand_only_between_paragraphs():
    forms = [p.form.value for p in weave(lines(parse("<hr><p>a<hr><p>* * *<p>b<hr>")))]
    assert forms == ["p", "scene", "p"]


def test_spaces_of_html_collapse_and_marks_nest():
    (line,) = lines(parse("<p> One\n  <b>two <i>three</i></b><i> four</i> </p>"))
    assert line.html == "One <strong>two <em>three</em></strong><em> four</em>"
    assert line.text == "One two three four"


def test_half_of_a_letter_that_was_encoded_twice_is_not_trimmed():
    (line,) = lines(parse("<p>voil\u00c3\u00a0</p>"))
    assert line.text == "voil\u00c3\u00a0"


def test_deep_pages_are_walked_without_recursion():
    assert [line.text for line in lines(parse("<div>" * 3000 + "deep"))] == ["deep"]


def test_word_97_crosses_its_marks_and_a_sentence_stays_whole():
    from storykeep.sources.pages.nesting import straightened

    html = straightened("<FONT SIZE=3><P>And </FONT><I><FONT SIZE=3>then</FONT></I><FONT SIZE=3>?</P></FONT>")
    assert [line.html for line in lines(parse(html))] == ["And <em>then</em>?"]


def test_how_a_page_parts_its_paragraphs_can_be_asked():
    flow = lines(parse(f"{LONG}<br>{LONG} again<br>{LONG} and again<br>{LONG} once more<br>End."))
    assert convention_of(flow).single
