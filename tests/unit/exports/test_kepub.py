"""The book for Kobo has the same words, every sentence of them in a numbered span."""

import io
import re
import zipfile

import pytest
from lxml import etree

from storykeep.exports import epub, kepub
from storykeep.exports.kepub import sentences
from unit.exports.stories import CJK, PLAIN, STORE, STORIES


def book(module, story):
    out = io.BytesIO()
    module.write(story, out, images=STORE.get)
    return zipfile.ZipFile(out)


@pytest.mark.parametrize("name", STORIES)
def test_the_words_are_those_of_the_epub(name):
    plain, spanned = book(epub, STORIES[name]), book(kepub, STORIES[name])
    assert plain.namelist() == spanned.namelist()
    for entry in plain.namelist():
        if entry.endswith(".xhtml"):
            first, second = (etree.fromstring(made.read(entry)) for made in (plain, spanned))
            assert "".join(first.itertext()) == "".join(second.itertext())
            ids = second.xpath("//@id")
            assert len(ids) == len(set(ids))
        elif entry != "EPUB/package.opf":
            assert plain.read(entry) == spanned.read(entry)


def test_spans_are_numbered_in_reading_order():
    text = book(kepub, PLAIN).read("EPUB/chapter-0001.xhtml").decode()
    assert '<div id="book-columns"><div id="book-inner">' in text
    told = re.findall(r'id="kobo\.(\d+)\.(\d+)"', text)
    numbers = [(int(block), int(sentence)) for block, sentence in told]
    assert numbers == sorted(numbers)
    assert '<span class="koboSpan" id="kobo.4.1">It had </span><em><span' in text


def test_readings_above_letters_stay_whole():
    text = book(kepub, CJK).read("EPUB/chapter-0001.xhtml").decode()
    assert re.search(r"<span[^>]*><ruby>灯台<rt>とうだい</rt></ruby></span>", text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("“Who?” said Ines.", ["“Who?” ", "said Ines."]),
        ("3.14 and e.g.this", ["3.14 and e.g.this"]),
        ("はい。いいえ！「なぜ？」と。", ["はい。", "いいえ！", "「なぜ？」", "と。"]),
        (" \n ", [" \n "]),
        ("no end", ["no end"]),
    ],
)
def test_sentences_are_cut_behind_their_ends(text, parts):
    assert sentences(text) == parts
    assert "".join(sentences(text)) == text
