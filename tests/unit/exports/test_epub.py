"""A book holds every word, says who made it and where it comes from, and is the same bytes every time."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from lxml import etree

from storykeep.exports import epub
from storykeep.exports.legal import legal
from storykeep.model.story import Chapter, Credit, Story, Tag
from storykeep.text.markup import plain
from unit.exports.stories import (
    ARABIC,
    CJK,
    DIRTY,
    EMPTY,
    FOOTNOTES,
    HOSTILE,
    LONG,
    PICTURES,
    PLAIN,
    PNG,
    RICH,
    STORE,
    STORIES,
    one,
)

STRICT = etree.XMLParser(resolve_entities=False, no_network=True)
NAMES = {
    "x": "http://www.w3.org/1999/xhtml",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def book(story, **options):
    out = io.BytesIO()
    epub.write(story, out, **options)
    return zipfile.ZipFile(out)


def document(made, name):
    return etree.fromstring(made.read(f"EPUB/{name}"), STRICT)


def opf(story, **options):
    return document(book(story, **options), "package.opf")


def found(tree, path):
    return tree.xpath(path, namespaces=NAMES)


def letters(text):
    """The words alone: no white space, and without what the sanitiser's and the book's own marks add."""
    return re.sub(r"[\s\u200b\ufffd]+", "", text)


@pytest.mark.parametrize("name", STORIES)
def test_every_part_is_strict_xml_with_unique_ids_and_links_that_lead_somewhere(name):
    made = book(STORIES[name], images=STORE.get)
    files = {entry.removeprefix("EPUB/") for entry in made.namelist()}
    for entry in made.namelist():
        if not entry.endswith((".xhtml", ".opf", ".ncx", ".xml")):
            continue
        tree = etree.fromstring(made.read(entry), STRICT)
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), entry
        for target in tree.xpath("//@href | //@src"):
            if target.startswith("#"):
                assert target[1:] in ids, (entry, target)
            elif "://" not in target and not target.startswith("mailto:"):
                assert target in files, (entry, target)


@pytest.mark.parametrize("name", [name for name in STORIES if name != "pictures"])
def test_no_word_of_a_chapter_is_lost(name):
    story = STORIES[name]
    made = book(story, images=STORE.get)
    for number, chapter in enumerate(story.chapters, 1):
        tree = document(made, f"chapter-{number:04}.xhtml")
        text = "".join(found(tree, "string(//x:div[@class='text'])"))
        for mark in re.findall(r"\[[^\]]*surviving copy[^\]]*\]|\[image[^\]]*\]", text):
            text = text.replace(mark, "")
        without_brackets = re.sub(r"<rp>.*?</rp>", "", chapter.body)
        assert letters(text) == letters(legal(plain(without_brackets)))


def test_equal_stories_give_equal_bytes():
    first, second = io.BytesIO(), io.BytesIO()
    epub.write(RICH, first)
    epub.write(replace(RICH), second)
    assert first.getvalue() == second.getvalue()


def test_the_zip_is_what_readers_demand():
    made = book(RICH)
    first = made.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert made.read("mimetype") == b"application/epub+zip"
    assert made.testzip() is None
    assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_each_author_stands_alone_and_others_say_what_they_did():
    tree = opf(RICH)
    assert found(tree, "//dc:creator/text()") == ["Orla Finch", "zero"]
    assert found(tree, "//dc:contributor/text()") == ["María Ñúñez", "bee"]
    roles = found(tree, "//o:meta[@property='role']/text()")
    assert roles == ["aut", "aut", "trl", "pfr"]


def test_tags_series_source_and_dates_are_told():
    tree = opf(RICH)
    subjects = found(tree, "//dc:subject/text()")
    assert subjects == ["Stories", "PG-13", 'Ines/"The Keeper" & co.', "Ines & Tomas", "Before <1911>"]
    assert found(tree, "//o:meta[@property='belongs-to-collection']/text()") == ["Tides & Lamps", "Standalone"]
    assert found(tree, "//o:meta[@property='group-position']/text()") == ["2"]
    assert found(tree, "//o:meta[@name='calibre:series']/@content") == ["Tides & Lamps"]
    assert found(tree, "//o:meta[@name='calibre:series_index']/@content") == ["2"]
    assert found(tree, "//dc:source/text()") == ["http://lanterns.example/story.php?id=12&view=all"]
    assert found(tree, "//dc:date/text()") == ["2003-07-14"]
    assert found(tree, "//o:meta[@property='dcterms:modified']/text()") == ["2004-01-02T00:00:00Z"]
    assert found(tree, "//dc:description/text()") == ["A keeper, a boat, a debt."]
    assert found(tree, "//dc:language/text()") == ["en"]


def test_the_identity_is_that_of_the_work_not_of_its_words():
    def identity(story):
        return found(opf(story), "//dc:identifier/text()")

    assert identity(RICH) == identity(replace(RICH, title="Another", chapters=()))
    assert identity(RICH) != identity(replace(RICH, key="lanterns/13"))
    assert identity(RICH) != identity(replace(RICH, archive="Elsewhere"))


def test_a_language_that_is_not_stated_is_told_by_the_script():
    stories = {"en": PLAIN, "ja": CJK, "ar": ARABIC}
    for expected, story in stories.items():
        tree = opf(replace(story, language=""))
        assert found(tree, "//dc:language/text()") == [expected]
        assert f'xml:lang="{expected}"' in book(replace(story, language="")).read("EPUB/title.xhtml").decode()


def test_arabic_runs_from_right_to_left():
    made = book(ARABIC)
    assert found(document(made, "package.opf"), "//o:spine/@page-progression-direction") == ["rtl"]
    assert document(made, "chapter-0001.xhtml").get("dir") == "rtl"
    assert found(document(made, "chapter-0001.xhtml"), "//x:span/@lang") == ["en"]


def test_footnotes_lead_there_and_back():
    text = book(FOOTNOTES).read("EPUB/chapter-0001.xhtml").decode()
    assert text.count('epub:type="noteref"') == 2
    assert text.count('epub:type="footnote" role="doc-footnote"') == 2
    assert '<li><div id="s-fn1" class="footnote"' in text or '<li><div class="footnote"' in text
    assert text.count('role="doc-backlink"') == 2
    assert '<a href="#s-part2">go on to part two</a>' in text


def test_a_note_that_is_named_twice_stays_one():
    body = '<p>a<a href="#n">1</a> b<a href="#n">1</a></p><ol><li id="n">Note.</li></ol>'
    text = book(one(body)).read("EPUB/chapter-0001.xhtml").decode()
    assert text.count('class="footnote"') == 1
    assert "<li><div" in text
    assert text.count('role="doc-noteref"') == 2


def test_no_heading_skips_a_level():
    text = book(one("<h6>a</h6><p>b</p><h4>c</h4><h5>d</h5><h2>e</h2>")).read("EPUB/chapter-0001.xhtml").decode()
    assert [part[:4] for part in text.split("<h")[2:] if part[0].isdigit()] == ["2 id", "3>a<", "3>c<", "4>d<", "3>e<"]


def test_gaps_and_torn_ends_are_said_quietly():
    made = book(RICH)
    second, third, fourth = (made.read(f"EPUB/chapter-000{n}.xhtml").decode() for n in (2, 3, 4))
    assert "[a line is missing in the surviving copy]" in second
    assert third.count("[the surviving copy ends here]") == 1
    assert fourth.count("[the surviving copy ends here]") == 1


def test_the_colophon_says_where_the_copy_comes_from():
    text = book(RICH).read("EPUB/colophon.xhtml").decode()
    assert "The Lantern Room" in text
    assert "read from 2 saved copies" in text
    assert "1 garbled stretch mended" in text
    assert "In one place a line seems to be missing" in text
    assert "One passage that this copy had lost came from another saved copy." in text
    assert "In one place another copy says something else." in text
    assert "saved 4 March 2006" in text
    assert "a" * 64 in text


def test_pictures_are_inside_when_kept_and_named_when_not():
    made = book(PICTURES, images=STORE.get)
    pictures = [entry for entry in made.namelist() if entry.startswith("EPUB/images/")]
    assert len(pictures) == 4  # PNG, JPEG, GIF, WebP; the broken one and the SVG are named in words
    assert PNG in [made.read(entry) for entry in pictures]
    first = made.read("EPUB/chapter-0001.xhtml").decode()
    assert "[image: the keeper]" in first
    assert "[image: broken.png]" in first
    assert "[image: a circle]" in first
    assert 'alt="the lamp"' in first
    assert 'alt="A lamp &amp; a boat"' in made.read("EPUB/preface.xhtml").decode()
    assert not [entry for entry in book(PICTURES).namelist() if "images" in entry]


def test_the_first_picture_of_the_work_is_the_cover():
    tree = opf(PICTURES, images=STORE.get)
    (cover,) = found(tree, "//o:item[@properties='cover-image']")
    assert cover.get("media-type") == "image/jpeg"
    assert found(tree, "//o:meta[@name='cover']/@content") == [cover.get("id")]
    assert found(opf(PICTURES), "//o:item[@properties='cover-image']") == []


def test_our_words_are_said_to_be_english_where_the_story_is_not():
    assert b'<h2 id="top" lang="en" xml:lang="en" dir="ltr">About this copy</h2>' in book(ARABIC).read(
        "EPUB/colophon.xhtml"
    )
    assert b'<h2 id="top">About this copy</h2>' in book(RICH).read("EPUB/colophon.xhtml")


def test_a_hostile_story_stays_words():
    made = book(HOSTILE)
    whole = b"".join(made.read(entry) for entry in made.namelist())
    assert b"<script" not in whole
    assert b"onerror=alert(1)&gt;" in whole
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", whole)
    assert not re.search(rb'(?:href|src)="(?:javascript|data|file)', whole)
    assert "\u202e" not in whole.decode()
    assert all(re.fullmatch(r"[\w./-]+", entry) for entry in made.namelist())


def test_chapters_that_did_not_change_are_taken_from_what_was_kept():
    kept = {}
    first, second = io.BytesIO(), io.BytesIO()
    epub.assemble(epub.pieces(LONG, kept=kept), first)
    assert len(kept) == 100
    before = dict(kept)
    epub.assemble(epub.pieces(LONG, kept=kept), second)
    assert first.getvalue() == second.getvalue()
    assert kept == before
    changed = replace(LONG, chapters=(*LONG.chapters[:-1], replace(LONG.chapters[-1], body="<p>It was dry.</p>")))
    third = io.BytesIO()
    epub.assemble(epub.pieces(changed, kept=kept), third)
    assert len(kept) == 101
    assert b"It was dry." in zipfile.ZipFile(third).read("EPUB/chapter-0100.xhtml")
    retitled = replace(LONG, credits=(Credit(name="Somebody"),), language="de")
    list(epub.pieces(retitled, kept=kept))
    assert len(kept) == 201


def test_a_story_with_nothing_in_it_is_still_a_book():
    made = book(EMPTY)
    assert "Untitled" in made.read("EPUB/title.xhtml").decode()
    assert "Its title did not survive." in made.read("EPUB/colophon.xhtml").decode()


def test_one_chapter_bears_the_title_and_many_bear_their_own():
    labels = found(document(book(RICH), "nav.xhtml"), "//x:nav[1]//x:a/text()")
    assert labels[1:-2] == ["About this story", "Prologue: Dice", "2", "Chapter 3", "Chapter 4: Ebb"]
    assert '<h2 id="top">The Lamp</h2>' in book(PLAIN).read("EPUB/chapter-0001.xhtml").decode()


def test_relative_links_lead_to_the_old_site_or_become_words():
    body = '<p><a href="other.html">one</a> <a href="/x y">two</a></p>'
    at_home = one(body, addresses=("http://old.example/a/b.html",))
    assert 'href="http://old.example/a/other.html"' in book(at_home).read("EPUB/chapter-0001.xhtml").decode()
    assert 'href="http://old.example/x%20y"' in book(at_home).read("EPUB/chapter-0001.xhtml").decode()
    lost = book(one(body)).read("EPUB/chapter-0001.xhtml").decode()
    assert "href" not in lost.partition("<body")[2]
    assert "one" in lost


def test_emphasis_around_paragraphs_moves_into_them():
    text = book(DIRTY).read("EPUB/chapter-0001.xhtml").decode()
    assert "<p><em>three</em></p><p><em>four</em> five</p>" in text


def test_numbered_references_to_controls_are_letters_or_nothing():
    body = "<p>a&#1;b&#x0;c&#147;d&#x93;e&#233;f&#x1F600;g&#9999999;h&#xFFFE;i&#0000000065;</p>"
    (chapter,) = PLAIN.chapters
    text = book(replace(PLAIN, chapters=(replace(chapter, body=body),))).read("EPUB/chapter-0001.xhtml").decode()
    assert "<p>abc“d“eéf😀ghiA</p>" in text


def test_a_calibre_plug_in_finds_the_old_addresses():
    head = book(RICH).read("EPUB/chapter-0001.xhtml").decode()
    assert '<meta name="chaptertitle" content="Prologue: Dice"/>' in head
    assert (
        '<meta name="chapterurl" content="http://lanterns.example/story.php?id=12&amp;chapter=&quot;1&quot;"/>' in head
    )


def test_odd_tags_do_not_shift_the_first_subject():
    tree = opf(
        Story(key="a", tags=(Tag(kind="x", name="Zebra"), Tag(kind="y", name="Apple")), chapters=(Chapter(key="1"),))
    )
    assert found(tree, "//dc:subject/text()") == ["Stories", "Zebra", "Apple"]
