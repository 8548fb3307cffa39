"""Addresses tell which work a page is of, also when somebody saved it in a strange way."""

import pytest

from storykeep.sources.pages.address import absolute, origin, place, unwrapped


@pytest.mark.parametrize(
    ("address", "work", "chapter"),
    [
        ("http://a.example/viewstory.php?sid=212&chapter=3", "viewstory/212", 3),
        ("viewstory46a2.php?sid=27911", "viewstory/27911", 0),
        ("site/viewstory.php?sid=9&chapter=2.html", "viewstory/9", 2),
        ("http://x.example/fic.html?id=663", "fic/663", 0),
        ("plainfic.html?id=663", "fic/663", 0),
        ("chapter.html?id=114&expid=1395", "fic/114", 0),
        ("http://www.fanfiction.example/s/2210077/2/", "s/2210077", 2),
        ("https://web.archive.org/web/2006id_/http://a.example/works/991?x=1", "works/991", 0),
        ("http://h.example/archive/4/cafenoir.html", "archive/4/cafenoir", 0),
        ("?page=story&id=5&ch=2", "story/5", 2),
        ("http://a.example/index.html", "", 0),
    ],
)
def test_works(address, work, chapter):
    found = place(address)
    assert (found.work, found.chapter) == (work, chapter)


def test_later_chapters_keep_their_row_but_it_is_no_order():
    assert place("chapter.html?id=114&expid=1395").row == "1395"


def test_the_wayback_machine_is_taken_off():
    assert unwrapped("/web/20060213101112/http://lit.example/a.htm") == "http://lit.example/a.htm"
    assert absolute("b.htm", "http://lit.example/x/a.htm") == "http://lit.example/x/b.htm"


def test_marks_of_those_who_saved_the_page():
    saved = origin("<!-- saved from url=(0034)http://lit.example/lamp1.htm --><html>")
    assert (saved.address, saved.rule) == ("http://lit.example/lamp1.htm", "mark.saved-from")
    mirrored = origin("<html>…<!-- Mirrored from lit.example/lamp1.htm by HTTrack Website Copier/3.x [XR&CO] -->")
    assert mirrored.address == "http://lit.example/lamp1.htm"
    wayback = origin("<!-- FILE ARCHIVED ON 10:11:12 Feb 13, 2006 AND RETRIEVED FROM THE INTERNET ARCHIVE -->")
    assert wayback.captured_at == "2006-02-13T10:11:12Z"
