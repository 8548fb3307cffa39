"""Whatever stands inside whatever, the tree that comes out is legal and holds every word in order."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from storykeep.exports.nesting import MODEL, VOID, fits, mend
from storykeep.exports.tree import Scene, trees
from storykeep.exports.xhtml import xhtml

TAGS = [tag for tag in MODEL if tag not in VOID and tag != "body"]
WORDS = st.sampled_from(["alpha", "beta ", " gamma", "<hr/>", "<br/>", "", "δ"])
HTML = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from([*TAGS, "section", "nobr"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


def letters(text):
    return re.sub(r"\s+", "", text)


@given(HTML)
@settings(max_examples=250, deadline=None)
def test_every_tree_can_be_mended(source):
    before = etree.fromstring(f"<body>{source}</body>")
    words = "".join(before.itertext())
    after = mend(before)
    assert fits(after)
    assert letters("".join(after.itertext())) == letters(words)


@given(HTML)
@example("<table>alpha<thead>alpha</thead></table>")
@example("<table><colgroup>alpha</colgroup></table>")
@settings(max_examples=200, deadline=None)
def test_what_leaves_is_strict_xml_and_stays_as_it_is(source):
    (root,) = trees([source], Scene())
    once = xhtml(root)
    again = etree.fromstring(f"<body>{once}</body>")
    assert fits(again)
    (root,) = trees([once], Scene())
    assert fits(root)
    assert letters("".join(root.itertext())) == letters("".join(again.itertext()))


def mended(source):
    return etree.tostring(mend(etree.fromstring(f"<body>{source}</body>")), encoding="unicode")[6:-7]


def test_a_tree_that_fits_is_left_alone():
    source = '<p class="x">a <em>b</em></p><ul><li>c<ul><li>d</li></ul></li></ul><div>e<p>f</p></div>'
    assert fits(etree.fromstring(f"<body>{source}</body>"))
    assert mended(source) == source


def test_emphasis_around_blocks_goes_inside_them():
    assert mended("<b><p>one</p> <p>two <i>three</i></p></b>") == "<p><b>one</b></p><p><b>two <i>three</i></b></p>"


def test_a_block_in_a_paragraph_parts_it():
    assert mended("<p>one<blockquote>two</blockquote>three</p>") == "<p>one</p><blockquote>two</blockquote><p>three</p>"


def test_loose_words_get_what_must_be_around_them():
    assert mended("<ul>one<em>two</em><li>three</li></ul>") == "<ul><li>one<em>two</em></li><li>three</li></ul>"
    assert mended("one<li>two</li><li>three</li>") == "<p>one</p><ul><li>two</li><li>three</li></ul>"
    assert mended("<table><tr>one</tr></table>") == "<table><tr><td>one</td></tr></table>"


def test_a_link_in_a_link_becomes_words():
    assert mended('<p><a href="u">one<a href="v">two</a></a></p>') == '<p><a href="u">onetwo</a></p>'


def test_an_id_stays_with_the_first_part():
    assert mended('<p id="x">one<hr/>two</p>') == '<p id="x">one</p><hr/><p>two</p>'


def test_empty_cells_keep_their_table_in_shape():
    source = "<table><tr><td/><td>one</td></tr></table><p>a<p>b</p></p>"
    assert "<tr><td/><td>one</td></tr>" in mended(source)
