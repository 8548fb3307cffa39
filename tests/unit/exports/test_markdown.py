"""Markdown means what the story means: a CommonMark parser reads back the same words and the same emphasis."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from storykeep.exports import markdown
from storykeep.exports.tree import Scene, trees
from unit.exports.stories import RICH, STORIES, one

READER = MarkdownIt("commonmark")


def made(story):
    out = io.BytesIO()
    markdown.write(story, out)
    return out.getvalue().decode()


def written(body):
    (root,) = trees([body], Scene())
    return "\n\n".join(markdown._blocks(root))


def read_back(body):
    text = written(body)
    return etree.HTML(f"<body>{READER.render(text)}</body>").find("body")


def squeezed(text):
    return " ".join(text.split())


LETTERS = st.text(st.sampled_from("ab .,!“é*_`[]()<>#+-=~|\\&;:1\n$^@{}'\"–"), min_size=1, max_size=12)
INLINE = st.recursive(
    LETTERS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["em", "strong", "i", "b", "span"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@given(st.lists(INLINE, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_words_and_emphasis_come_back(parts):
    body = f"<p>{''.join(parts)}</p>"
    (expected,) = trees([body], Scene())
    seen = read_back(body)
    assert squeezed("".join(seen.itertext())) == squeezed("".join(expected.itertext()))
    for names in (("em", "i"), ("strong", "b")):
        assert emphasised(seen, names) == emphasised(expected, names)


def emphasised(tree, names):
    """The letters under such elements, white space aside."""
    path = " or ".join(f"ancestor::{name}" for name in names)
    return "".join("".join(tree.xpath(f"//text()[{path}]")).split())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p># no</p>", "\\# no"),
        ("<p>1986. A year</p>", "1986\\. A year"),
        ("<p>- no<br>+ no</p>", "\\- no\\\n\\+ no"),
        ("<p>a<br>===</p>", "a\\\n\\==="),
        ("<p>un<em>believ</em>able</p>", "un*believ*able"),
        ("<p>say<em>“yes”</em>now</p>", "say<em>“yes”</em>now"),
        ("<p>a <em> b </em>c</p>", "a *b* c"),
        ("<p><b><i>x</i></b></p>", "**_x_**"),
        ("<p>&amp;amp; &lt;b&gt; _a_ *b*</p>", "\\&amp; \\<b\\> \\_a\\_ \\*b\\*"),
        ('<hr class="scene">', "* * *"),
        ('<hr class="gap gap-reply">', "*\\[a line is missing in the surviving copy\\]*"),
        ("<h3>Part #1 #</h3>", "### Part #1 \\#"),
        ('<div class="lines">one<br>two</div>', "one\\\ntwo"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n\n- b\n\n  1. c"),
        ("<pre>a ``` b</pre>", "````\na ``` b\n````"),
        ("<p><code>a`b</code></p>", "``a`b``"),
        ('<p><a href="http://a.example/(x)">y</a></p>', "[y](<http://a.example/(x)>)"),
        ("<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td></tr></table>", "| a | b\\|c |\n| --- | --- |\n| 1 |  |"),
    ],
)
def test_each_shape_has_its_form(body, expected):
    assert written(body) == expected


@pytest.mark.parametrize("name", STORIES)
def test_the_front_matter_is_yaml_that_json_reads(name):
    head = made(STORIES[name]).split("---\n")[1]
    told = dict(line.split(": ", 1) for line in head.strip().split("\n"))
    assert json.loads(told["title"])
    for value in told.values():
        json.loads(value)


def test_who_what_and_where_are_told():
    text = made(RICH)
    assert 'author: ["Orla Finch", "zero"]' in text
    assert "\n# Salt & \\<Light\\>\n" in text
    assert "\n## Prologue: Dice\n" in text
    assert '- Pairing: Ines/"The Keeper" & co.; Ines & Tomas\n' in text


def test_two_lists_stay_two():
    seen = read_back("<ul><li>a</li></ul><ul><li>b</li></ul>")
    assert len(seen.findall("ul")) == 2


def test_one_chapter_needs_no_heading_of_its_own():
    assert "##" not in made(one("<p>a</p>"))
