# ruff: noqa: E501 — markup of other programs stands on one line
"""Word documents: what the author marked is kept, what was deleted stays deleted, what harms is refused."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

import books
from books import docx, para, run
from storykeep.model.errors import InputError
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.model.story import Story, Tag
from storykeep.sources.base import Material, load

LONG = para("The water took its time, as it always had, and nobody on the quay minded very much about that.")
NAMED = "<dc:title>Low Tide</dc:title><dc:creator>Marit</dc:creator>"


def read(data: bytes, tmp_path: Path, name: str = "tide.docx") -> Story:
    path = tmp_path / name
    path.write_bytes(data)

    def keep(data: bytes, capture: Capture) -> Capture:
        return replace(capture, sha256=sha256(data), size=len(data))

    (story,) = load("office").read(Material(path=path, name=name), keep)
    assert isinstance(story, Story)
    return story


def body(data: bytes, tmp_path: Path) -> str:
    return read(data, tmp_path).chapters[0].body


def test_marks_and_alignment(tmp_path):
    words = para(
        "One ",
        run("slanted", "i"),
        " and ",
        run("heavy", "b"),
        " ",
        run("both", "b", "i"),
        ", ",
        run("under", '<w:u w:val="single"/>'),
        run(" gone", "strike"),
        run(" Caps", "smallCaps"),
        run("2", '<w:vertAlign w:val="superscript"/>'),
        ".",
    )  # fmt: skip — one sentence
    found = body(docx(LONG + words + para("Right", align="right"), properties=NAMED), tmp_path)
    assert "One <em>slanted</em> and <strong>heavy</strong> <em><strong>both</strong></em>, <u>under</u>" in found
    assert "<s> gone</s>" in found
    assert '<span class="small-caps"> Caps</span><sup>2</sup>' in found
    assert '<p class="align-right">Right</p>' in found


def test_marks_that_are_turned_off_are_off(tmp_path):
    words = para(run("plain", '<w:i w:val="0"/>', '<w:b w:val="false"/>', '<w:u w:val="none"/>'), " words")
    assert "<p>plain words</p>" in body(docx(LONG + words, properties=NAMED), tmp_path)


def test_what_a_style_says_holds_for_its_words(tmp_path):
    words = para(
        "All of it a dream, ",
        run("but this", '<w:i w:val="0"/>'),
        run(" loud", '<w:rStyle w:val="Loud"/>'),
        style="Dream",
    )
    found = body(docx(LONG + words, properties=NAMED), tmp_path)
    assert "<em>All of it a dream, </em>but this<em><strong> loud</strong></em>" in found


def test_headings_are_chapters_and_the_head_is_no_story(tmp_path):
    front = para("Low Tide", style="Title") + para("by Marit") + para("Rating: PG") + para("Disclaimer: Not mine.")
    story = read(
        docx(front + para("Chapter 1: Mud", style="Heading1") + LONG + para("Boats", style="Heading1") + LONG), tmp_path
    )
    assert (story.title, story.authors) == ("Low Tide", ("Marit",))
    assert story.tags == (Tag(kind="rating", name="PG"),)
    assert [note.body for note in story.notes] == ["<p>Not mine.</p>"]
    assert [(one.label, one.title, one.body.count("<p>")) for one in story.chapters] == [
        ("Chapter 1", "Mud", 1),
        ("", "Boats", 1),
    ]


def test_chapters_that_were_only_typed(tmp_path):
    data = docx(para("Chapter One", align="center") + LONG + para(run("Chapter Two", "b")) + LONG, properties=NAMED)
    assert [one.label for one in read(data, tmp_path).chapters] == ["Chapter One", "Chapter Two"]


def test_words_about_a_chapter_are_no_heading(tmp_path):
    data = docx(
        LONG + para("Chapter and verse, thought Ilse.") + LONG + para("Part of him knew.") + LONG, properties=NAMED
    )
    assert len(read(data, tmp_path).chapters) == 1


def test_scene_breaks_of_marks_of_rules_and_of_rare_space(tmp_path):
    rule = '<w:p><w:pPr><w:pBdr><w:bottom w:val="single"/></w:pBdr></w:pPr></w:p>'
    data = docx(
        LONG * 4 + para("* * *", align="center") + LONG * 5 + rule + LONG * 5 + para() + LONG * 5, properties=NAMED
    )
    assert body(data, tmp_path).count('<hr class="scene">') == 3


def test_space_between_all_paragraphs_is_no_break(tmp_path):
    assert "<hr" not in body(docx((LONG + para()) * 6, properties=NAMED), tmp_path)


def test_notes_stand_below_their_chapter(tmp_path):
    notes = f'<?xml version="1.0"?><w:footnotes {books.WORD}><w:footnote w:id="1">{para("Said below.")}</w:footnote></w:footnotes>'
    called = f'<w:p>{run("Word")}<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    data = docx(
        para("One", style="Heading1") + called + LONG + para("Two", style="Heading1") + LONG,
        properties=NAMED,
        links=[("f", "footnotes", "footnotes.xml")],
        others={"word/footnotes.xml": notes},
    )
    first, second = read(data, tmp_path).chapters
    assert "Word" in first.body
    assert 'href="#s-note1"' in first.body
    assert first.body.endswith("1</a>. Said below.</p>")
    assert "Said below" not in second.body


def test_deleted_words_stay_deleted_and_added_ones_are_there(tmp_path):
    words = f"<w:p>{run('He ')}<w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:ins>{run('always ')}</w:ins>{run('came.')}</w:p>"
    assert "<p>He always came.</p>" in body(docx(LONG + words, properties=NAMED), tmp_path)


def test_links_lead_to_the_web_and_nowhere_else(tmp_path):
    words = f'<w:p><w:hyperlink r:id="a">{run("here")}</w:hyperlink><w:hyperlink r:id="b">{run(" there")}</w:hyperlink></w:p>'
    links = [("a", "hyperlink", "http://weir.example/x"), ("b", "hyperlink", "javascript://alert(1)")]
    found = body(docx(LONG + words, properties=NAMED, links=links), tmp_path)
    assert '<a href="http://weir.example/x"' in found
    assert "javascript" not in found


def test_pictures_are_kept(tmp_path):
    out = io.BytesIO()
    Pillow.new("RGB", (4, 4), "teal").save(out, "PNG")
    drawing = '<w:r><w:drawing><wp:inline xmlns:wp="wp"><wp:docPr id="1" descr="A boat"/><a:blip xmlns:a="a" r:embed="p"/></wp:inline></w:drawing></w:r>'
    data = docx(
        f"{LONG}<w:p>{drawing}</w:p>",
        properties=NAMED,
        links=[("p", "image", "media/a.png")],
        others={"word/media/a.png": out.getvalue()},
    )
    (image,) = read(data, tmp_path).chapters[0].images
    assert (image.alt, image.width, image.media_type) == ("A boat", 4, "image/png")


def test_what_word_itself_calls_a_document_is_no_title(tmp_path):
    story = read(
        docx(LONG * 3, properties="<dc:title>Microsoft Word - Document1</dc:title><dc:creator>User</dc:creator>"),
        tmp_path,
    )
    assert story.title is None
    assert story.authors == ()


def test_tables_lose_no_words(tmp_path):
    table = f"<w:tbl><w:tr><w:tc>{para('left')}</w:tc><w:tc>{para('right')}</w:tc></w:tr></w:tbl>"
    found = body(docx(LONG + table, properties=NAMED), tmp_path)
    assert "left" in found
    assert "right" in found


def test_addresses_of_people_are_private(tmp_path):
    front = para("Low Tide", style="Title") + para("by Marit") + para("E-mail: marit@oddmail.example")
    story = read(docx(front + LONG + para("Feedback: marit@oddmail.example")), tmp_path)
    assert "oddmail" not in repr(story)


@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document {w}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>",
        "<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><w:document {w}><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>",
        "<w:p xmlns:w='w'>" * 200_000,
        "<w:document {w}><w:body><w:p><w:r><w:t>cut off",
        "",
    ],
    ids=["outside", "laughs", "deep", "cut", "empty"],
)
def test_what_harms_is_refused(document, tmp_path):
    data = docx(LONG, others={"word/document.xml": '<?xml version="1.0"?>' + document.replace("{w}", books.WORD)})
    with pytest.raises(InputError):
        read(data, tmp_path)


def test_other_zips_are_left(tmp_path):
    path = tmp_path / "x.docx"
    sheet = books.packed(
        {
            "[Content_Types].xml": "<x/>",
            "_rels/.rels": books.relations(("r", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": "<x/>",
        },
        mimetype="",
    )
    for data in (b"", b"PK\x03\x04", sheet, books.tale_epub(books.FIRST)):
        path.write_bytes(data)
        assert load("office").probe(Material(path=path)) is None
