"""Every book passes EPUBCheck with no error and no warning, whatever was in the story."""

import pytest

from storykeep.exports import epub, kepub
from unit.exports.epubcheck import complaints
from unit.exports.stories import STORE, STORIES


@pytest.mark.java
def test_epubcheck_has_nothing_to_say(java, tmp_path):
    books = []
    for name, story in STORIES.items():
        for suffix, write in ((".epub", epub.write), (".kepub.epub", kepub.write)):
            books.append(tmp_path / f"{name}{suffix}")
            with books[-1].open("wb") as out:
                write(story, out, images=STORE.get)
    assert complaints(java, books) == []


@pytest.mark.java
def test_epubcheck_would_complain(java, tmp_path):
    parts = [part for part in epub.pieces(STORIES["plain"]) if part.name != "EPUB/style.css"]
    with (tmp_path / "bad.epub").open("wb") as out:
        epub.assemble(parts, out)
    assert any("RSC-001" in line for line in complaints(java, [tmp_path / "bad.epub"]))
