# ruff: noqa: E501 — markup of other programs stands on one line
"""Books and documents among saved pages come in with one rescue, and convert takes each of them."""

from __future__ import annotations

import contextlib
import io
import sqlite3
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image as Pillow

import books
from remains import STORIES
from storykeep.cli.convert import command
from storykeep.model.story import Story
from storykeep.rescue.pipeline import opened, rescue

PAGE = "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>by Anna</p><p>Rating: PG</p>{words}<p>The End</p></body></html>"
WORDS = "<p>It went on for quite a while, until it ended, as tales by the water do, and nobody minded much.</p>" * 6


def picture() -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def shelf(tmp_path) -> Path:
    """A folder as a reader would send it: pages, books, documents, a zip of more, and one file made to harm."""
    folder = tmp_path / "sent"
    (folder / "books").mkdir(parents=True)
    for name in ("one", "two"):
        (folder / f"{name}.html").write_text(PAGE.format(title=f"Tale {name}", words=WORDS))
    (folder / "books" / "weir.epub").write_bytes(books.tale_epub(STORIES[0]))
    (folder / "books" / "without a suffix").write_bytes(books.tale_docx(STORIES[1]))
    (folder / "tide.md").write_bytes(
        b"---\ntitle: Low Tide\nauthor: Marit\n---\n\n# One\n\nIt went out.\n\n# Two\n\nIt came back.\n"
    )
    (folder / "salt.rtf").write_bytes(
        b"{\\rtf1\\ansi{\\info{\\title Salt Road}{\\author Wren}}\\pard It goes {\\i up}, and then it goes down.\\par}"
    )
    shown = books.xhtml(f'<p><img src="a.png" alt="A boat"/></p>{WORDS}')
    pictured = books.epub(
        {"a.xhtml": shown}, "<dc:title>Boats</dc:title><dc:creator>Al</dc:creator>", others={"OEBPS/a.png": picture()}
    )
    with zipfile.ZipFile(folder / "more.zip", "w") as box:
        box.writestr("boats.epub", pictured)
    harm = f"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:document {books.WORD}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    (folder / "harm.docx").write_bytes(books.docx("", others={"word/document.xml": harm}))
    return folder


def test_a_folder_of_everything(shelf, tmp_path):
    data = tmp_path / "data"
    came = rescue(shelf, data)
    with opened(shelf, data) as place:
        stories = [record for record in place.journal.records("story") if isinstance(record, Story)]
        titles = {story.title for story in stories}
        (boats,) = [story for story in stories if story.title == "Boats"]
        assert place.originals.holds(boats.chapters[0].images[0].sha256)
        for story in stories:
            assert all(place.originals.holds(capture.sha256) for capture in story.captures)
    assert titles == {"Tale one", "Tale two", STORIES[0].title, STORIES[1].title, "Low Tide", "Salt Road", "Boats"}
    with contextlib.closing(sqlite3.connect(came.journal)) as db:
        told = db.execute("SELECT * FROM findings").fetchall()
    assert "harm.docx" in repr(told)
    assert "root:" not in repr(told)


def test_a_second_run_changes_nothing(shelf, tmp_path):
    data = tmp_path / "data"
    rescue(shelf, data)
    with opened(shelf, data) as place:
        first = sorted(map(repr, place.journal.records("story")))
    rescue(shelf, data)
    with opened(shelf, data) as place:
        assert sorted(map(repr, place.journal.records("story"))) == first


@pytest.mark.parametrize("name", ["books/weir.epub", "books/without a suffix", "tide.md", "salt.rtf"])
def test_each_converts(name, shelf, tmp_path):
    out = tmp_path / "out.epub"
    done = CliRunner().invoke(command, [str(shelf / name), str(out)])
    assert done.exit_code == 0, done.output
    assert zipfile.is_zipfile(out)
