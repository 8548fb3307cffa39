"""The tutorial “Bring back an archive” is followed in an empty folder, command by command and click by click."""

import re

import pytest

from browser import tutorial

pytestmark = pytest.mark.browser


def test_a_stranger_brings_an_archive_back(browser, tmp_path):
    folder = tutorial.Folder(tmp_path, tutorial.free_port())
    reader = tutorial.follow(folder, browser)
    page = tutorial.PAGE.read_text("utf-8")
    assert "14 works in 20 chapters" in reader.said[1]
    assert "14 works in 20 chapters" in page
    assert "1 gap in 1 work; 10 other losses" in reader.said[1]
    assert "He had never taught anyone anything." in reader.whole
    assert "kept at from-a-reader" in reader.whole
    assert reader.led_to.endswith("/slack-water")
    assert "15 stories · 7 authors" in reader.main.inner_text().lower()
    letters = "".join(path.read_text("utf-8") for path in (tmp_path / "letters").iterdir())
    assert letters.count("Subject: Your works in The Lower Ferry") == 4
    assert reader.complaints == []
    assert tutorial.named() - reader.used == set(), "the tutorial names what its reader does not find"
    assert reader.used - tutorial.named() == set(), "the tutorial leaves out a step"


def test_every_picture_of_the_tutorial_is_there_and_small():
    pictures = re.findall(r"\]\(\.\./images/([^)]+)\)", tutorial.PAGE.read_text("utf-8"))
    assert len(pictures) == 9
    assert all((tutorial.IMAGES / name).stat().st_size < 80_000 for name in pictures)
