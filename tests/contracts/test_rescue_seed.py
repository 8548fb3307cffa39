"""The seed through the whole pipeline: one page of a real archive, as its text survived."""

import hashlib
import re

import pytest

from storykeep.rescue.pipeline import opened, rescue
from storykeep.text.blocks import blocks

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def story(shared, tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    rescue(shared / "seeds", data)
    with opened(shared / "seeds", data) as place:
        (found,) = place.journal.records("story")
        (archive,) = place.journal.records("archive")
        (person,) = place.journal.records("person")
        assert place.originals.sound(found.captures[0].sha256)
    return found, archive, person


def test_one_story_by_its_author_out_of_its_archive(story):
    found, archive, person = story
    assert (found.title, found.authors, found.archive) == ("Still Point", ("Kalima",), "All About Spike")
    assert (archive.name, person.name) == ("All About Spike", "Kalima")
    assert found.credits[0].person == person.key


def test_all_of_its_paragraphs_and_nothing_else(story):
    found, _, _ = story
    (chapter,) = found.chapters
    paragraphs = [block for block in blocks(chapter.body) if block.type in ("p", "lines")]
    assert len(paragraphs) == 89
    assert paragraphs[0].text.startswith("Looking at this gaudy bauble")


def test_its_quotes_are_balanced_after_repair(story):
    found, _, _ = story
    text = " ".join(block.text for block in blocks(found.chapters[0].body))
    assert (text.count("“"), text.count("”")) == (80, 80)


def test_what_is_missing_is_shown(story):
    found, _, _ = story
    lines = {gap.line for gap in found.chapters[0].gaps}
    assert {14, 25, 92, 117, 124, 132, 135, 174, 179} <= lines
    codes = [finding.code for finding in found.findings if finding.code.startswith("gap.")]
    assert len(codes) >= 9


def test_its_bytes_lead_back_to_the_file(shared, story):
    found, _, _ = story
    (file,) = (shared / "seeds").iterdir()
    data = file.read_bytes()
    assert found.captures[0].sha256 == hashlib.sha256(data).hexdigest()
    words = re.findall(r"\w+", data.decode("utf-8"))
    assert found.captures[0].path == file.name
    assert len(words) > 2000
