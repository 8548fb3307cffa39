"""storykeep convert: one story into another format, clear words when it can't, and never half a file."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from storykeep.cli import house
from storykeep.exports import FORMATS
from storykeep.model import bundle
from storykeep.model.errors import BadBundle, InputError, UnknownFormat, Unreadable, UsageError
from storykeep.model.story import Archive, Chapter, Note, Review, Story
from unit.exports.stories import HOSTILE, RICH

PAGE = """<html><head><title>Low Water</title></head><body><h1>Low Water</h1><h2>by Orla Finch</h2>
<p>The tide was out when she came down to the boat, and it had never been so far out before.</p>
<p>“Who was here?” said Ines. <i>Nobody</i> said a word, and the gulls went round and round.</p>
<p>* * *</p><p>In the morning the boat was gone, and with it the lamp, the rope and the dog.</p></body></html>"""


def convert(*words):
    house(["convert", *map(str, words)], standalone_mode=False)


@pytest.fixture
def kept(tmp_path):
    file = tmp_path / "in.json"
    file.write_text(bundle.dumps(RICH), "utf-8")
    return file


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.suffix)
def test_a_bundle_becomes_every_format(kept, tmp_path, form):
    out = tmp_path / f"out{form.suffix.upper()}"
    convert(kept, out)
    data = out.read_bytes()
    assert b"They threw." in (
        zipfile.ZipFile(out).read("EPUB/chapter-0001.xhtml") if form.suffix.endswith(".epub") else data
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.json", out.name]


def test_a_bundle_comes_back_as_it_was(kept, tmp_path):
    convert(kept, tmp_path / "out.json")
    assert bundle.loads((tmp_path / "out.json").read_bytes()) == RICH


def test_a_saved_page_becomes_a_book(tmp_path):
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    convert(tmp_path / "page.html", tmp_path / "out.epub")
    book = zipfile.ZipFile(tmp_path / "out.epub")
    tree = etree.fromstring(book.read("EPUB/package.opf"))
    assert "Low Water" in "".join(tree.itertext())
    assert re.search(rb"<(i|em)>Nobody</\1> said", book.read("EPUB/chapter-0001.xhtml"))


def test_saved_text_becomes_a_page(tmp_path):
    text = "Low Water\nBy Orla Finch\n\n" + "\n\n".join(["The tide was out when she came down to the boat."] * 5)
    (tmp_path / "page.txt").write_text(text, "utf-8")
    convert(tmp_path / "page.txt", tmp_path / "out.html")
    assert "The tide was out" in (tmp_path / "out.html").read_text("utf-8")


def test_what_a_stranger_sends_is_cleaned(tmp_path):
    hostile = Story(
        key="x",
        title="T",
        summary="<script>alert(1)</script>s",
        notes=(Note(body="<p onclick='x()'>n</p>"),),
        reviews=(Review(key="r", body="<iframe src=x></iframe>r"),),
        chapters=(Chapter(key="1", body="<p onclick='x()'>b</p><style>p{}</style>", summary="<base href=x>c"),),
    )
    (tmp_path / "in.json").write_text(bundle.dumps(hostile), "utf-8")
    for suffix in (".html", ".json", ".md"):
        convert(tmp_path / "in.json", tmp_path / f"out{suffix}")
        made = (tmp_path / f"out{suffix}").read_text("utf-8").partition("</style>")[2 if suffix == ".html" else 0]
        assert not any(bad in made for bad in ("<script", "onclick", "<style", "<iframe", "<base"))


@pytest.mark.parametrize("errors", ["replace", "surrogatepass"])
def test_every_hostile_field_passes_through(tmp_path, errors):
    (tmp_path / "in.json").write_bytes(bundle.dumps(HOSTILE).encode("utf-8", errors))
    convert(tmp_path / "in.json", tmp_path / "out.epub")
    assert zipfile.ZipFile(tmp_path / "out.epub").testzip() is None


def test_standard_output_takes_the_format_by_name(kept):
    command = [str(Path(sys.executable).with_name("storykeep")), "convert", str(kept), "-", "--to", "text"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert b"They threw." in done.stdout
    assert done.stderr == b""


def test_an_error_is_one_sentence_and_a_number(tmp_path):
    command = [str(Path(sys.executable).with_name("storykeep")), "convert", "nothing.html", str(tmp_path / "a.epub")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "storykeep: There is no file nothing.html. Is the name right?\n"


def bytes_in(tmp_path, data, name="in.html"):
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"", Unreadable, "is empty"),
        (b" \n\t ", Unreadable, "is empty"),
        (b"\x7fELF\x00\x00\x01", UnknownFormat, "no page, no text, no bundle"),
        (b'{"format": "storykeep"', BadBundle, "cut off"),
        (b'{"format": "else"}', BadBundle, "not a Storykeep bundle"),
        (bundle.dumps(Archive(name="x")).encode(), UnknownFormat, "not the bundle of a story, but of an archive"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_left(tmp_path, data, error, said):
    with pytest.raises(error, match=said):
        convert(bytes_in(tmp_path, data), tmp_path / "out.epub")
    assert [path.name for path in tmp_path.iterdir()] == ["in.html"]


def test_wrong_words_are_named(kept, tmp_path):
    with pytest.raises(UsageError, match=r"end in one of \.epub, \.html"):
        convert(kept, tmp_path / "out.doc")
    with pytest.raises(UsageError, match="--to epub"):
        convert(kept, "-")
    with pytest.raises(UsageError, match="is a folder"):
        convert(kept, tmp_path, "--to", "epub")
    with pytest.raises(UsageError, match="can't write into"):
        convert(kept, tmp_path / "no" / "out.epub")
    with pytest.raises(UsageError, match="storykeep rescue"):
        convert(tmp_path, tmp_path / "out.epub")
    with pytest.raises(UsageError, match="no story 'other'"):
        convert(kept, tmp_path / "out.epub", "--story", "other")
    assert [path.name for path in tmp_path.iterdir()] == ["in.json"]


DUMP = """CREATE TABLE `fanfiction_authors` (`uid` int, `penname` varchar(60));
INSERT INTO `fanfiction_authors` (`uid`,`penname`) VALUES (1,'Orla');
CREATE TABLE `fanfiction_stories` (`sid` int, `title` varchar(60), `uid` int, `validated` int);
INSERT INTO `fanfiction_stories` (`sid`,`title`,`uid`,`validated`) VALUES (7,'Low Water',1,1),(8,'High Water',1,1);
CREATE TABLE `fanfiction_chapters` (`chapid` int, `title` varchar(60), `inorder` int, `sid` int, `uid` int,
 `storytext` text, `validated` int);
INSERT INTO `fanfiction_chapters` (`chapid`,`title`,`inorder`,`sid`,`uid`,`storytext`,`validated`) VALUES
 (1,'Ebb',1,7,1,'<p>The tide was out.</p>',1),(2,'Flow',1,8,1,'<p>The tide was in.</p>',1);
"""


def test_one_of_several_stories_is_named(tmp_path):
    (tmp_path / "dump.sql").write_text(DUMP, "utf-8")
    with pytest.raises(UsageError, match="holds 2 stories") as said:
        convert(tmp_path / "dump.sql", tmp_path / "out.txt")
    assert "Low Water" in str(said.value)
    convert(tmp_path / "dump.sql", tmp_path / "out.txt", "--story", "High Water")
    assert "The tide was in." in (tmp_path / "out.txt").read_text("utf-8")
    assert "The tide was out." not in (tmp_path / "out.txt").read_text("utf-8")


def test_a_failure_half_way_leaves_the_old_file_whole(kept, tmp_path, monkeypatch):
    out = tmp_path / "out.txt"
    out.write_text("as it was")

    def broken(story, out, *, images=None):
        out.write(b"half of it")
        raise InputError("enough")

    monkeypatch.setattr("storykeep.exports.text.write", broken)
    with pytest.raises(InputError, match="enough"):
        convert(kept, out)
    assert out.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.json", "out.txt"]


def test_the_file_is_as_open_as_any_other(kept, tmp_path):
    (tmp_path / "other").write_text("x")
    convert(kept, tmp_path / "out.txt")
    assert (tmp_path / "out.txt").stat().st_mode == (tmp_path / "other").stat().st_mode
