"""Saved pages are parsed without losing text; that default lxml loses it is why there is a decision note."""

import lxml.html
import pytest

from storykeep.text.markup import parse, plain


def default_lxml(source: str) -> str:
    return lxml.html.document_fromstring(source).text_content()


def test_default_lxml_stops_at_254_open_elements_and_ours_does_not():
    source = "".join(f"<p><font size=2>paragraph{number}<i>" for number in range(400))
    assert default_lxml(source).count("paragraph") < 400
    assert parse(source).text_content().count("paragraph") == 400


def test_default_lxml_loses_text_of_10_mb_and_ours_does_not():
    source = "<p>" + "word " * 2_100_000 + "</p><p>the end</p>"
    assert "the end" not in default_lxml(source)
    words = parse(source).text_content()
    assert words.endswith("the end")
    assert words.count("word") == 2_100_000


def test_even_huge_trees_of_lxml_stop_at_2046_and_ours_do_not():
    source = "".join(f"<div>w{number} " for number in range(5_000))
    huge = lxml.html.HTMLParser(huge_tree=True)
    assert len(lxml.html.document_fromstring(source, parser=huge).text_content().split()) < 5_000
    assert len(parse(source).text_content().split()) == 5_000


@pytest.mark.parametrize(
    "tag",
    [
        "font color=red",
        "i",
        "div",
        "center",
        "dd",
        "dt",
        "ul><li",
        "table><tr><td",
        "blockquote",
        "b><p",
        "span",
        "nobr",
        "caption",
    ],
)
def test_text_survives_any_nesting(tag):
    assert len(parse("".join(f"<{tag}> w{number} " for number in range(3_000))).text_content().split()) == 3_000


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<title>Salt<p>It rained.", "SaltIt rained."),
        ("<script>x<p>It rained.", "xIt rained."),
        ("<!-- never ends <p>It rained.", "<!-- never ends It rained."),
        ("<textarea>draft<p>It rained.", "draftIt rained."),
        ("<noframes>No frames. <p>It rained.</noframes>", "No frames. It rained."),
        ("<p><<Ada?>> <g> 3 < 5", "<<Ada?>> <g> 3 < 5"),
        ("a\0b\ud800c", "abc"),
        ('<?xml version="1.0" encoding="utf-16"?><p>é', "é"),
        ("", ""),
        ("<!-- only -->", ""),
        ("</b></i>", ""),
    ],
)
def test_nothing_swallows_the_rest_of_a_page(source, shown):
    assert parse(source).text_content() == shown


def test_nothing_is_fetched_or_expanded():
    source = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY x SYSTEM "file:///etc/passwd">]><p>&a;&x;</p>'
    assert "root" not in parse(source).text_content()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>One<br>two</p><p>three</p>", "One\ntwo\n\nthree"),
        ("<p>One\n two</p>", "One two"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<ul><li>a<li>b</ul>", "a\n\nb"),
        ("&lt;3 &eacute;&#146; &zzz;", "<3 é’ &zzz;"),
        ("<script>x</script><style>y</style>z<!-- c -->", "z"),
        ("I <3 <g> you", "I <3 <g> you"),
        ("<td>a<td>b", "a\n\nb"),
    ],
)
def test_plain_words(source, words):
    assert plain(source) == words
