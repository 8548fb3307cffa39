"""Every story read from the public rescue pages and the seed leaves whole, and EPUBCheck has nothing to say of it."""

import io
import re
import zipfile

import pytest
from lxml import etree

from storykeep.exports import FORMATS, epub
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.sources import pages
from storykeep.text.markup import plain
from unit.exports.epubcheck import complaints


def rescued(shared):
    for path in sorted([*(shared / "data" / "rescue-pages").glob("**/*.htm*"), *(shared / "seeds").glob("*.txt")]):
        data = path.read_bytes()
        reading = pages.read(data, Capture(sha256=sha256(data), path=path.name))
        if reading.story.chapters:
            yield path.stem, reading.story


def letters(text):
    return re.sub(r"[\s\u200b]+", "", text)


@pytest.mark.java
@pytest.mark.shared
def test_epubcheck_has_nothing_to_say_of_rescued_stories(shared, java, tmp_path):
    books = []
    for name, story in rescued(shared):
        books.append(tmp_path / f"{name}.epub")
        with books[-1].open("wb") as out:
            epub.write(story, out)
    assert len(books) >= 17
    assert complaints(java, books) == []


@pytest.mark.shared
def test_rescued_words_are_all_there_in_every_format(shared):
    for name, story in rescued(shared):
        words = letters("".join(plain(chapter.body) for chapter in story.chapters))
        for code in ("html", "text"):
            out = io.BytesIO()
            FORMATS[code].write(story, out)
            assert len(letters(out.getvalue().decode())) > len(words), (name, code)
        out = io.BytesIO()
        epub.write(story, out)
        book = zipfile.ZipFile(out)
        seen = "".join(
            etree.fromstring(book.read(entry)).xpath("string(//*[@class='text'])")
            for entry in book.namelist()
            if "chapter-" in entry
        )
        shown = letters(re.sub(r"\[[^\]]*surviving copy[^\]]*\]|\[image[^\]]*\]", "", seen))
        assert shown == words, name
