# ruff: noqa: E501 — markup of other programs stands on one line
"""EPUBs as programs write them come back as stories; what is wrong with a book costs that and no more."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

import books
from books import xhtml
from storykeep.exports import FORMATS
from storykeep.model.errors import Hostile, InputError, TooLarge, Unreadable
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.model.story import (
    Chapter,
    Credit,
    Image,
    Note,
    NoteKind,
    Relation,
    RelationKind,
    Role,
    SeriesPlace,
    Status,
    Story,
    Tag,
)
from storykeep.sources.base import Material, load

DC = '<dc:identifier id="id">urn:uuid:abcd-1</dc:identifier><dc:title>Low Tide</dc:title><dc:creator>Marit</dc:creator><dc:language>en</dc:language>'
LONG = "<p>The water took its time, as it always had, and nobody on the quay minded very much about that.</p>"


def read(data: bytes, tmp_path: Path, kept: dict[str, bytes] | None = None) -> Story:
    path = tmp_path / "book.epub"
    path.write_bytes(data)

    def keep(data: bytes, capture: Capture) -> Capture:
        if kept is not None:
            kept[sha256(data)] = data
        return replace(capture, sha256=sha256(data), size=len(data))

    (story,) = load("epub").read(Material(path=path, name="shelf/book.epub"), keep)
    assert isinstance(story, Story)
    return story


def picture(kind: str = "PNG", size: tuple[int, int] = (3, 2)) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


OURS = Story(
    key="weir/1",
    title="Salt & Signal",
    archive="The Weir",
    credits=(Credit(name="Wren"), Credit(name="zero"), Credit(name="Bea", role=Role.BETA)),
    summary="<p>A lamp <em>and</em> a road.</p>",
    notes=(
        Note(kind=NoteKind.DISCLAIMER, label="Disclaimer", body="<p>Not mine.</p>"),
        Note(kind=NoteKind.AFTER, label="Notes", body="<p>Bye.</p>"),
    ),
    tags=(Tag(kind="rating", name="PG"), Tag(kind="pairing", name="A/B"), Tag(kind="tone-of-voice", name="Wry, dry")),
    language="en",
    status=Status.COMPLETE,
    published="2004-05-06",
    updated="2004-06",
    stated_words=120,
    chapters_planned=0,
    series=(SeriesPlace(title="Roads", position=2),),
    relations=(Relation(kind=RelationKind.SEQUEL_OF, target="Dust"),),
    chapters=(
        Chapter(
            key="1",
            label="Chapter 1",
            title="Ice",
            summary="<p>Cold.</p>",
            notes=(Note(kind=NoteKind.BEFORE, label="A/N", body="<p>Hello.</p>"),),
            body='<p>One <em>two</em> three.</p>\n<hr class="scene">\n<div class="lines">a<br>b</div>\n<hr class="gap gap-reply">\n<p class="align-center">Middle</p>',
            addresses=("http://weir.example/viewstory.php?sid=1&chapter=1",),
        ),
        Chapter(
            key="2",
            label="Epilogue",
            body='<p>Word<a href="#s-n1" id="s-r1" rel="nofollow ugc noopener"><sup>1</sup></a>.</p>\n<blockquote><p>Quoted <span class="small-caps">Caps</span></p></blockquote>\n<h3>Inside</h3>\n<p id="s-n1">1. A note.</p>',
        ),
    ),
    addresses=("http://weir.example/viewstory.php?sid=1",),
)
SAME = "title archive credits summary notes tags language status published updated stated_words series relations addresses".split()


@pytest.mark.parametrize("code", ["epub", "kepub"])
def test_a_book_of_ours_comes_back_as_the_same_story(code, tmp_path):
    out = io.BytesIO()
    FORMATS[code].write(OURS, out)
    again = read(out.getvalue(), tmp_path)
    assert {name: getattr(again, name) for name in SAME} == {name: getattr(OURS, name) for name in SAME}
    for chapter, first in zip(again.chapters, OURS.chapters, strict=True):
        assert (chapter.label, chapter.title, chapter.summary) == (first.label, first.title, first.summary)
        assert (chapter.body, chapter.notes, chapter.addresses) == (first.body, first.notes, first.addresses)


def test_a_story_of_one_chapter_comes_back_without_an_invented_heading(tmp_path):
    story = Story(
        key="a", title="Dust", credits=(Credit(name="Al"),), chapters=(Chapter(key="1", body="<p>Some.</p>"),)
    )
    out = io.BytesIO()
    FORMATS["epub"].write(story, out)
    again = read(out.getvalue(), tmp_path)
    assert [(one.label, one.title, one.body) for one in again.chapters] == [("", "", "<p>Some.</p>")]


PREFACE = """<div id="preface" class="calibre3"><h2 class="toc-heading">Preface</h2><p class="message"><b>Low Tide</b><br/>Posted originally on the
<a href="http://archiveofourown.org/">Archive of Our Own</a> at <a href="http://archiveofourown.org/works/4242">http://archiveofourown.org/works/4242</a>.</p>
<div class="meta"><dl class="tags"><dt>Rating:</dt><dd><a href="x">Teen And Up Audiences</a></dd><dt>Fandom:</dt><dd><a href="x">The Weir (Books), Etc.</a></dd>
<dt>Relationship:</dt><dd><a href="x">Ana/José</a></dd><dt>Additional Tags:</dt><dd><a href="x">Slow Burn</a>, <a href="x">Dogs, so many</a></dd><dt>Language:</dt><dd>English</dd>
<dt>Series:</dt><dd>Part 2 of <a href="x">Water Stories</a></dd><dt>Stats:</dt><dd>Published: 2012-03-04 Updated: 2012-05-06 Words: 1234 Chapters: 2/3</dd></dl>
<h1>Low Tide</h1><div class="byline">by <a rel="author" href="http://archiveofourown.org/users/marit/pseuds/marit">marit</a></div>
<p>Summary</p><blockquote class="userstuff"><p>A boat, a dog.</p></blockquote><p>Notes</p><blockquote class="userstuff"><p>For Ana.</p></blockquote></div></div>"""


def ao3_chapter(number: int, title: str, body: str) -> str:
    return f'<div id="chapters" class="userstuff"><div class="meta group"><h2 class="heading">Chapter {number}: {title}</h2><p>Chapter Summary</p><blockquote class="userstuff1"><p>Sum {number}.</p></blockquote></div><div class="userstuff2">{body}</div><div id="endnotes{number}" class="meta"><p>Chapter End Notes</p><blockquote class="userstuff1"><p>End {number}.</p></blockquote></div></div>'


def test_a_download_of_archive_of_our_own(tmp_path):
    style = "<style>.calibre1{font-style:italic}</style>"
    texts = {
        "x_split_000.xhtml": xhtml(PREFACE),
        "x_split_001.xhtml": xhtml(
            ao3_chapter(
                1, "Mud", '<p>It went out on a <span class="calibre1">Tuesday</span>.</p><p>* * *</p><p>Then more.</p>'
            ),
            head=style,
        ),
        "x_split_002.xhtml": xhtml(ao3_chapter(2, "Boats", LONG)),
        "x_split_003.xhtml": xhtml(
            '<div id="afterword"><h2 class="toc-heading">Afterword</h2><div class="meta"><div id="endnotes"><p>End Notes</p><blockquote class="userstuff"><p>Thanks!</p></blockquote></div></div></div>'
        ),
    }
    story = read(books.epub(texts, DC, labels={"x_split_001.xhtml": "Chapter 1: Mud"}), tmp_path)
    assert (story.title, story.authors, story.archive) == ("Low Tide", ("marit",), "Archive of Our Own")
    assert story.addresses == ("http://archiveofourown.org/works/4242",)
    assert (story.key, story.series) == (
        "archive-of-our-own/works/4242",
        (SeriesPlace(title="Water Stories", position=2),),
    )
    assert [(tag.kind, tag.name) for tag in story.tags] == [
        ("rating", "Teen And Up Audiences"),
        ("fandom", "The Weir (Books), Etc."),
        ("pairing", "Ana/José"),
        ("keyword", "Slow Burn"),
        ("keyword", "Dogs, so many"),
    ]
    assert (story.published, story.updated, story.stated_words, story.chapters_planned) == (
        "2012-03-04",
        "2012-05-06",
        1234,
        3,
    )
    assert story.status is Status.IN_PROGRESS
    assert [(one.label, one.title, one.summary) for one in story.chapters] == [
        ("Chapter 1", "Mud", "<p>Sum 1.</p>"),
        ("Chapter 2", "Boats", "<p>Sum 2.</p>"),
    ]
    assert story.chapters[0].body == '<p>It went out on a <em>Tuesday</em>.</p>\n<hr class="scene">\n<p>Then more.</p>'
    assert [note.body for note in story.notes] == ["<p>For Ana.</p>", "<p>Thanks!</p>"]


FFF = """<h3><a href="http://weir.example/viewstory.php?sid=77">Salt Road</a> by <a href="http://weir.example/viewuser.php?uid=3">Søren K.</a></h3><div>
<b>Series:</b> <a href="x">Roads [2]</a><br /><b>Category:</b> The Weir<br /><b>Genre:</b> Drama, Humor<br /><b>Characters:</b> Ana, José<br />
<b>Relationships:</b> Ana/José<br /><b>Status:</b> Completed<br /><b>Published:</b> 2003-04-05<br /><b>Updated:</b> 2003-06-07<br /><b>Rating:</b> PG-13<br />
<b>Words:</b> 1,234<br /><b>Summary:</b> A road, with salt.<br /></div>"""


def fff_chapter(number: int, title: str, body: str) -> str:
    head = f'<meta name="chapterurl" content="http://weir.example/viewstory.php?sid=77&amp;chapter={number}"></meta><meta name="chaptertoctitle" content="{number}. {title}" /><meta name="chaptertitle" content="{title}" />'
    return xhtml(f'<h3 class="fff_chapter_title">{title}</h3>{body}', head=head, attributes='class="fff_chapter"')


def test_a_book_of_fanficfare(tmp_path):
    metadata = """<dc:identifier id="fanficfare-uid">fanficfare-uid:weir.example-u3-s77</dc:identifier><dc:title>Salt Road</dc:title><dc:creator opf:role="aut">Søren K.</dc:creator>
<dc:contributor opf:role="bkp">FanFicFare [x]</dc:contributor><dc:language>en</dc:language><dc:date opf:event="publication">2003-04-05</dc:date><dc:date opf:event="creation">2021-01-01</dc:date>
<dc:date opf:event="modification">2003-06-07</dc:date><meta name="calibre:series" content="Roads"/><meta name="calibre:series_index" content="2"/><dc:description>A road, with salt.</dc:description>
<dc:subject>FanFiction</dc:subject><dc:subject>Drama</dc:subject><dc:publisher>weir.example</dc:publisher><dc:source>http://weir.example/viewstory.php?sid=77</dc:source>"""
    texts = {
        "title_page.xhtml": xhtml(FFF, attributes='class="fff_titlepage"'),
        "file0001.xhtml": fff_chapter(1, "Chapter 1: North", f"<p>It goes <i>up</i>.</p><hr/>{LONG}"),
        "file0002.xhtml": fff_chapter(
            2, "South", "It goes down.<br /><br />All the way.<br /><br />To the <b>sea</b>."
        ),
    }
    story = read(
        books.epub(texts, metadata, labels={"title_page.xhtml": "Title Page", "file0001.xhtml": "1. North"}), tmp_path
    )
    assert (story.key, story.addresses) == ("weir-example/viewstory/77", ("http://weir.example/viewstory.php?sid=77",))
    assert (story.title, story.authors, story.archive) == ("Salt Road", ("Søren K.",), "weir.example")
    assert {(tag.kind, tag.name) for tag in story.tags} == {
        ("category", "The Weir"),
        ("genre", "Drama"),
        ("genre", "Humor"),
        ("character", "Ana"),
        ("character", "José"),
        ("pairing", "Ana/José"),
        ("rating", "PG-13"),
    }
    assert story.series == (SeriesPlace(title="Roads", position=2),)
    assert (story.published, story.updated, story.status) == ("2003-04-05", "2003-06-07", Status.COMPLETE)
    assert (story.stated_words, story.summary) == (1234, "<p>A road, with salt.</p>")
    first, second = story.chapters
    assert (first.label, first.title) == ("Chapter 1", "North")
    assert first.addresses == ("http://weir.example/viewstory.php?sid=77&chapter=1",)
    assert first.body.startswith('<p>It goes <i>up</i>.</p>\n<hr class="scene">')
    assert second.body == "<p>It goes down.</p>\n<p>All the way.</p>\n<p>To the <strong>sea</strong>.</p>"


@pytest.mark.parametrize("version", ["2.0", "3.0"])
def test_any_book_its_front_matter_left_out_its_contents_as_titles(version, tmp_path):
    texts = {
        "cover.xhtml": xhtml('<img src="c.png" alt="Cover"/>'),
        "front.xhtml": xhtml("<h1>Low Tide</h1><p>by Marit</p>"),
        "inside.xhtml": xhtml('<p><a href="a.xhtml">The Mud</a></p><p><a href="b.xhtml">Boats</a></p>'),
        "a.xhtml": xhtml(f"<h2>THE MUD</h2>{LONG}"),
        "a2.xhtml": xhtml("<p>It went on in the next file.</p>"),
        "b.xhtml": xhtml(f"<p>2</p><h2>Boats</h2>{LONG}"),
    }
    story = read(
        books.epub(texts, DC, labels={"a.xhtml": "The Mud", "b.xhtml": "Chapter 2: Boats"}, version=version), tmp_path
    )
    assert (story.key, story.title, story.authors, story.language) == ("book/abcd-1", "Low Tide", ("Marit",), "en")
    assert [(one.label, one.title) for one in story.chapters] == [("", "The Mud"), ("Chapter 2", "Boats")]
    assert story.chapters[0].body.count("<p>") == 2
    assert story.chapters[0].body.endswith("<p>It went on in the next file.</p>")
    assert story.chapters[1].body.count("<p>") == 1


def test_several_chapters_in_one_file_are_parted_where_the_contents_lead(tmp_path):
    texts = {"all.xhtml": xhtml(f'<div><h2 id="one">One</h2>{LONG}<div id="two"><p>II</p>{LONG}</div></div>')}
    story = read(books.epub(texts, DC, labels={"all.xhtml#one": "One", "all.xhtml#two": "Two"}), tmp_path)
    assert [one.title for one in story.chapters] == ["One", "Two"]
    assert all("always had" in one.body for one in story.chapters)


def test_what_style_sheets_mean_is_kept(tmp_path):
    sheet = ".a{font-style:italic;color:red} .b{font-weight:bold} p.c{text-align:center} .d{font-variant:small-caps} .e{text-decoration:line-through}"
    body = '<p>The <span class="a">sea</span> is <span class="b">large</span>.</p><p class="c">Middle</p><p><span class="d">Caps</span> <span class="e">gone</span></p><p>H<sub>2</sub>O</p>'
    data = books.epub(
        {"a.xhtml": xhtml(body, head='<link rel="stylesheet" href="s.css"/>')}, DC, others={"OEBPS/s.css": sheet}
    )
    body = read(data, tmp_path).chapters[0].body
    assert "<em>sea</em>" in body
    assert "<strong>large</strong>" in body
    assert '<p class="align-center">Middle</p>' in body
    assert '<span class="small-caps">Caps</span>' in body
    assert "<s>gone</s>" in body
    assert "H<sub>2</sub>O" in body


def test_elements_that_close_themselves_swallow_nothing(tmp_path):
    body = f'<p><a id="x"/>One <i/>two <b></b>three.</p><p/>{LONG}'
    body = read(books.epub({"a.xhtml": xhtml(body)}, DC), tmp_path).chapters[0].body
    assert body.count("<p>") == 2
    assert "<em>" not in body
    assert "<i>" not in body


def test_a_note_stays_linked_with_its_place(tmp_path):
    body = f'{LONG}<p>Word<a epub:type="noteref" href="#n1" id="r1"><sup>1</sup></a>.</p><aside epub:type="footnote" id="n1"><p><a href="#r1">1</a>. Said below.</p></aside>'
    body = read(books.epub({"a.xhtml": xhtml(body)}, DC, version="3.0"), tmp_path).chapters[0].body
    assert 'href="#s-n1"' in body
    assert 'id="s-n1"' in body
    assert 'href="#s-r1"' in body


def test_notes_in_a_file_of_their_own_come_below_their_chapter(tmp_path):
    texts = {
        "a.xhtml": xhtml(f'<h2>One</h2>{LONG}<p>Word<a href="n.xhtml#n1" id="r1">1</a>.</p>'),
        "b.xhtml": xhtml(f'<h2>Two</h2>{LONG}<p>See <a href="a.xhtml#r1">above</a>.</p>'),
        "n.xhtml": xhtml('<h2>Notes</h2><p id="n1"><a href="a.xhtml#r1">1</a>. Said in the back.</p>'),
    }
    story = read(books.epub(texts, DC, labels={"a.xhtml": "One", "b.xhtml": "Two", "n.xhtml": "Notes"}), tmp_path)
    assert [one.title for one in story.chapters] == ["One", "Two"]
    first = story.chapters[0].body
    assert first.endswith("</a>. Said in the back.</p>")
    assert 'href="#s-note-1-n1"' in first
    assert 'id="s-note-1-n1"' in first
    assert 'href="#s-r1"' in first
    assert "Said in the back" not in story.chapters[1].body


def test_pictures_are_written_anew_and_bad_ones_are_told(tmp_path):
    kept: dict[str, bytes] = {}
    inside = '<p>See:</p><p><img src="i/a.png" alt="A boat"/></p><p><img src="i/evil.svg" alt="A star"/><img src="../../etc/passwd"/><img src="http://x.example/a.png"/></p>'
    data = books.epub(
        {"a.xhtml": xhtml(inside + LONG)},
        DC + '<meta name="cover" content="cv"/>',
        manifest='<item id="cv" href="i/c.jpg" media-type="image/jpeg"/>',
        others={
            "OEBPS/i/a.png": picture() + b"PK\x03\x04 something behind it",
            "OEBPS/i/c.jpg": picture("JPEG"),
            "OEBPS/i/evil.svg": '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        },
    )
    story = read(data, tmp_path, kept)
    (image,) = story.chapters[0].images
    assert (image.alt, image.media_type, image.width, image.height) == ("A boat", "image/png", 3, 2)
    assert image.address in story.chapters[0].body
    assert b"something behind it" not in kept[image.sha256]
    assert [one.media_type for one in story.images] == ["image/jpeg"]
    assert "[image: A star]" in story.chapters[0].body
    assert "passwd" not in story.chapters[0].body
    assert any("evil.svg" in one.where for one in story.findings)


def test_a_picture_of_ours_is_shown_again_in_the_next_book(tmp_path):
    kept: dict[str, bytes] = {}
    story = read(
        books.epub(
            {"a.xhtml": xhtml('<p><img src="a.png" alt="A boat"/></p>' + LONG)}, DC, others={"OEBPS/a.png": picture()}
        ),
        tmp_path,
        kept,
    )
    out = io.BytesIO()
    FORMATS["epub"].write(story, out, images=kept.get)
    again = read(out.getvalue(), tmp_path, kept)
    assert [image.sha256 for image in again.chapters[0].images] == [image.sha256 for image in story.chapters[0].images]


def test_an_enormous_picture_is_refused_by_its_header(tmp_path):
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    story = read(
        books.epub({"a.xhtml": xhtml('<p><img src="a.png" alt="x"/></p>' + LONG)}, DC, others={"OEBPS/a.png": data}),
        tmp_path,
    )
    assert story.chapters[0].images == ()
    assert any("OEBPS/a.png" in one.where for one in story.findings)


def test_a_missing_chapter_costs_only_itself(tmp_path):
    data = books.epub(
        {"a.xhtml": xhtml(LONG)}, DC, manifest='<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/>'
    )
    story = read(data, tmp_path)
    assert len(story.chapters) == 1
    assert [one.code for one in story.findings if "gone.xhtml" in one.evidence] == ["epub.part-missing"]


def test_a_book_without_contents_or_metadata_is_still_a_story(tmp_path):
    story = read(
        books.epub(
            {"a.xhtml": xhtml(f"<h1>Chapter 1: Mud</h1>{LONG}"), "b.xhtml": xhtml(f"<h1>Chapter 2</h1>{LONG}")}, ""
        ),
        tmp_path,
    )
    assert story.title is None
    assert any(one.code == "title.missing" for one in story.findings)
    assert [(one.label, one.title) for one in story.chapters] == [("Chapter 1", "Mud"), ("Chapter 2", "")]
    assert story.key.startswith("book/")


def test_nobodys_address_is_shown(tmp_path):
    metadata = (
        DC.replace("Marit<", "Marit (marit@oddmail.example)<") + "<dc:subject>mail me at m@x.example</dc:subject>"
    )
    texts = {
        "a.xhtml": xhtml(
            f"<h1>Low Tide</h1><p>by Marit &lt;marit@oddmail.example&gt;</p>{LONG}<p>Feedback to marit@oddmail.example</p>"
        )
    }
    story = read(books.epub(texts, metadata), tmp_path)
    assert story.authors == ("Marit",)
    assert "@" not in repr(replace(story, captures=()))


def test_the_same_book_gives_the_same_story(tmp_path):
    data = books.epub({"a.xhtml": xhtml(LONG)}, DC)
    assert read(data, tmp_path) == read(data, tmp_path)


# ── made to harm
XXE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(10))
    + "]>"
)


def test_entities_are_never_resolved(tmp_path):
    text = xhtml(f"<p>&x;</p>{LONG}").replace("<html", XXE + "<html", 1)
    text = text.replace(text[text.index("<!DOCTYPE html") : text.index(XXE)], "")
    story = read(books.epub({"a.xhtml": text}, DC), tmp_path)
    assert "root:" not in repr(story)
    assert any(one.code == "input.hostile" for one in story.findings)


def test_entities_without_end_are_refused(tmp_path):
    opf = f'<?xml version="1.0"?>{LAUGHS}<package xmlns="http://www.idpf.org/2007/opf"><metadata><title>&k;</title></metadata></package>'
    data = books.packed({"META-INF/container.xml": books.CONTAINER, books.ROOTS["opf"]: opf})
    with pytest.raises(InputError):
        read(data, tmp_path)


@pytest.mark.parametrize(
    "href", ["../../../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x", "%2e%2e/%2e%2e/x"]
)
def test_no_way_leads_out_of_the_book(href, tmp_path):
    data = books.epub(
        {"a.xhtml": xhtml(LONG)}, DC, manifest=f'<item id="y" href="{href}" media-type="application/xhtml+xml"/>'
    )
    story = read(data, tmp_path)
    assert "root:" not in repr(story)
    assert any(one.code == "epub.part-missing" for one in story.findings)


def test_a_chapter_that_is_a_bomb_is_left_out_and_the_others_are_read(tmp_path):
    story = read(books.epub({"a.xhtml": xhtml(LONG), "b.xhtml": xhtml("<p>" + "A" * (1 << 25) + "</p>")}, DC), tmp_path)
    assert len(story.chapters) == 1
    assert any(one.code in (Hostile.code, TooLarge.code) for one in story.findings)


def test_scripts_leave_no_trace(tmp_path):
    text = xhtml(
        f'<script>alert(1)</script><p onclick="x()">Well.</p><img src="x" onerror="alert(1)"/>{LONG}',
        head="<script>alert(2)</script>",
    )
    body = read(books.epub({"a.xhtml": text}, DC), tmp_path).chapters[0].body
    assert "alert" not in body
    assert "on" + "click" not in body


def test_a_book_without_words_says_so(tmp_path):
    with pytest.raises(Unreadable, match="No words"):
        read(books.epub({"a.xhtml": xhtml("<p> </p>")}, DC), tmp_path)


def test_what_is_no_book_is_left(tmp_path):
    path = tmp_path / "x.epub"
    for data in (b"", b"PK\x03\x04", books.packed({"a.html": "x"}, mimetype=""), books.tale_docx(books.FIRST)):
        path.write_bytes(data)
        assert load("epub").probe(Material(path=path)) is None
    assert load("epub").probe(Material(path=tmp_path)) is None


def test_the_picture_of_an_image_record_is_complete():
    assert Image(sha256="a", address="images/a.png").address


def test_a_book_whose_directory_is_lost_is_read_by_its_parts(tmp_path):
    data = books.tale_epub(books.FIRST)
    whole = read(data, tmp_path)
    cut = data[: len(data) - 30]
    spoilt = read(data[: data.index(b"PK\x01\x02")], tmp_path)
    for story in (spoilt, read(cut, tmp_path)):
        assert [chapter.body for chapter in story.chapters] == [chapter.body for chapter in whole.chapters]
        assert "input.damaged" in [finding.code for finding in story.findings]
