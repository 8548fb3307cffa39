"""The single page is valid HTML, holds everything, and asks nobody for anything."""

import io
import re
from dataclasses import replace

import html5lib
import pytest
from lxml import etree

from storykeep.exports import html
from unit.exports.stories import ARABIC, FOOTNOTES, HOSTILE, LONG, PICTURES, RICH, STORE, STORIES

XHTML = "{http://www.w3.org/1999/xhtml}"


def page(story, **options):
    out = io.BytesIO()
    html.write(story, out, **options)
    return out.getvalue().decode()


@pytest.mark.parametrize("name", STORIES)
def test_an_html5_parser_has_nothing_to_complain_of(name):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(page(STORIES[name], images=STORE.get).replace("<!doctype html>", "<!DOCTYPE html>"))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        href = element.get("href", "")
        if href.startswith("#"):
            assert href[1:] in ids


@pytest.mark.parametrize("name", STORIES)
def test_nothing_outside_is_asked_for(name):
    text = page(STORIES[name], images=STORE.get)
    assert not re.search(r"<(script|link|iframe|object|embed|base|form|video|audio|source)\b", text)
    assert not re.search(r'\ssrc="(?!data:image/(png|jpeg|gif|webp);base64,)', text)
    assert not re.search(r"@import|url\(", text)
    assert "default-src 'none'" in text


def test_footnotes_of_different_chapters_do_not_meet():
    text = page(replace(FOOTNOTES, chapters=FOOTNOTES.chapters * 2))
    assert 'href="#c1-s-fn1"' in text
    assert 'href="#c2-s-fn1"' in text


def test_many_chapters_have_a_table_of_contents():
    assert '<li><a href="#c100-top">Day 100</a></li>' in page(LONG)


def test_language_direction_and_source_are_told():
    assert '<html lang="ar" dir="rtl">' in page(ARABIC)
    assert '<meta name="author" content="Orla Finch">' in page(RICH)
    assert 'content="http://lanterns.example/story.php?id=12&amp;view=all"' in page(RICH)


def test_a_hostile_story_stays_words():
    text = page(HOSTILE)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "javascript:" not in text


def test_pictures_are_inside_the_page():
    assert page(PICTURES, images=STORE.get).count("data:image/") == 6
    assert "[image: the keeper]" in page(PICTURES)


def test_the_page_is_the_same_every_time():
    assert page(RICH) == page(replace(RICH))
    assert etree.HTML(page(RICH)) is not None
