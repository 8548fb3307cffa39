"""Every story read from the public rescue pages and the seed leaves whole, and EPUBCheck has nothing to say of it."""

import contextlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from storykeep.exports import FORMATS, epub
from storykeep.model.errors import InputError
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.model.story import Chapter, Story
from storykeep.sources import pages
from storykeep.text.markup import plain
from storykeep.text.sanitise import clean
from unit.exports.epubcheck import complaints

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def rescued(shared):
    yield from read([*(shared / "data" / "rescue-pages").glob("**/*.htm*"), *(shared / "seeds").glob("*.txt")])


def read(paths):
    for number, path in enumerate(sorted(paths)):
        data = path.read_bytes()
        with contextlib.suppress(InputError):  # a file that is no page has nothing to give
            reading = pages.read(data, Capture(sha256=sha256(data), path=path.name))
            if reading.story.chapters:
                yield f"{number}-{path.stem}", reading.story


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


@pytest.mark.java
def test_epubcheck_has_nothing_to_say_of_the_demo_archive(java, tmp_path):
    books = []
    for name, story in read(path for path in EXAMPLES.glob("*/pages/**/*") if path.is_file()):
        books.append(tmp_path / f"{name}.epub")
        with books[-1].open("wb") as out:
            epub.write(story, out)
    assert len(books) >= 30
    assert complaints(java, books) == []


def nothing_acts(book):
    """Whether no element and no attribute in the chapters can do more than show words and lead away."""
    made = zipfile.ZipFile(book)
    for entry in made.namelist():
        if "chapter-" not in entry:
            continue
        for element in etree.fromstring(made.read(entry)).iter("{http://www.w3.org/1999/xhtml}body", "{*}*"):
            tag = etree.QName(element).localname
            assert tag not in {"script", "iframe", "object", "embed", "form", "svg", "style", "base", "math"}
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                assert name != "style"
                if name in {"href", "src"}:
                    assert value.startswith(("http://", "https://", "mailto:", "#", "style.css"))
    return True


@pytest.mark.java
@pytest.mark.shared
def test_epubcheck_has_nothing_to_say_of_attacks_cleaned_or_not(shared, java, tmp_path):
    attacks = [
        entry["input"]
        for file in sorted((shared / "data" / "xss").glob("*.json"))
        for entry in json.loads(file.read_text("utf-8"))
        if isinstance(entry, dict) and isinstance(entry.get("input"), str)
    ][::4]
    assert len(attacks) > 1000
    books = []
    for name, form in (("cleaned", clean), ("raw", str)):
        bodies = ["\n".join(map(form, attacks[at : at + 100])) for at in range(0, len(attacks), 100)]
        chapters = tuple(Chapter(key=str(at), body=body) for at, body in enumerate(bodies))
        books.append(tmp_path / f"{name}.epub")
        with books[-1].open("wb") as out:
            epub.write(Story(key="x", chapters=chapters, addresses=("http://old.example/a.html",)), out)
        assert nothing_acts(books[-1])
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
