"""File names, dates, languages and links are safe wherever they go."""

from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.exports import dates, filename, language
from storykeep.exports.legal import legal, line
from storykeep.exports.links import absolute
from storykeep.model.provenance import Capture
from storykeep.model.story import Chapter, Credit, Story
from unit.exports.stories import CJK, HOSTILE, RICH


def story(title, *authors):
    return Story(key="k", title=title, credits=tuple(Credit(name=name) for name in authors))


@pytest.mark.parametrize(
    ("title", "authors", "own", "plain"),
    [
        ("Still Point", ["Kalima"], "Kalima - Still Point.epub", "Kalima - Still Point.epub"),
        ("Café “Noir”", ["Zoë"], "Zoë - Café “Noir”.epub", "Zoe - Cafe 'Noir'.epub"),
        ('a/b\\c:d*e?f"g<h>i|j', [], "a b c d e f g h i j.epub", "a b c d e f g h i j.epub"),
        ("../../etc/passwd", ["x"], "x - etc passwd.epub", "x - etc passwd.epub"),
        ("one\r\nSet-Cookie: a=b", [], "one Set-Cookie a=b.epub", "one Set-Cookie a=b.epub"),
        ("\u202egnp.exe\u2066", [], "gnp.exe.epub", "gnp.exe.epub"),
        ("CON", [], "CON_.epub", "CON_.epub"),
        ("nul.txt", [], "nul.txt_.epub", "nul.txt_.epub"),
        ("...", [], "Untitled.epub", "Untitled.epub"),
        (None, ["jen", "zero"], "jen & zero - Untitled.epub", "jen & zero - Untitled.epub"),
        ("T", ["a", "b", "c", "d"], "a & b & c et al - T.epub", "a & b & c et al - T.epub"),
        ("100% Sure; really", [], "100% Sure; really.epub", "100 Sure, really.epub"),
    ],
)
def test_files_are_called_by_author_and_title(title, authors, own, plain):
    assert filename.name(story(title, *authors), ".epub") == own
    assert filename.ascii_name(story(title, *authors), ".epub") == plain


def test_a_title_that_ascii_cannot_write_has_a_name_that_stays():
    assert filename.name(CJK, ".txt") == "山田はな - 灯台守の娘.txt"
    assert filename.ascii_name(CJK, ".txt") == filename.ascii_name(CJK, ".txt")
    assert filename.ascii_name(CJK, ".txt").startswith("story-")


@given(st.text(max_size=400), st.lists(st.text(max_size=200), max_size=4))
@settings(max_examples=200, deadline=None)
def test_no_title_makes_a_bad_name_or_header(title, authors):
    this = story(title, *authors)
    for made in (filename.name(this, ".epub"), filename.ascii_name(this, ".epub")):
        assert made.endswith(".epub")
        assert len(made) > 5
        assert len(made.encode()) <= 150
        assert not set(made) & set('/\\:*?"<>|\r\n\0')
        assert not made.startswith((".", " "))
    header = filename.disposition(this, ".epub")
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_filename() in {filename.name(this, ".epub"), filename.ascii_name(this, ".epub")}


def test_the_header_says_both_names():
    assert filename.disposition(RICH, ".txt") == 'attachment; filename="Orla Finch & zero - Salt & Light.txt"'
    assert filename.disposition(story("Ünder"), ".txt") == (
        "attachment; filename=\"Under.txt\"; filename*=UTF-8''%C3%9Cnder.txt"
    )
    assert "script" in filename.disposition(HOSTILE, ".epub")


@pytest.mark.parametrize(
    ("told", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("en_GB", "en-GB"),
        ("us", "en"),
        ("English", "en"),
        ("Français", "fr"),
        ("zh-hant-TW", "zh-Hant-TW"),
        ("sr-Latn", "sr-Latn"),
        ("tlh", "tlh"),
        ("de-1996", "de-1996"),
        ("sl-rozaj-rozaj", "sl-rozaj"),
        ("", ""),
        ("xx", ""),
        ("e", ""),
        ("en-", ""),
        ("Elvish, mostly", ""),
        ("en\x00", ""),
        ("日本語", "ja"),
    ],
)
def test_languages_are_tags_or_nothing(told, tag):
    assert language.tag(told) == tag


def test_direction_is_as_stated_or_as_the_language_runs():
    assert language.direction(Story(key="a", language="he")) == "rtl"
    assert language.direction(Story(key="a", language="az-Arab")) == "rtl"
    assert language.direction(Story(key="a", language="he", direction="ltr")) == "ltr"
    assert language.direction(Story(key="a", language="en", direction="sideways")) == "ltr"


@pytest.mark.parametrize(
    ("body", "tag"),
    [("<p>Она пришла.</p>", "ru"), ("<p>היא באה.</p>", "he"), ("<p>그녀가 왔다.</p>", "ko"), ("", "en")],
)
def test_an_unstated_language_is_told_by_its_script(body, tag):
    assert language.stated_or_likely(Story(key="a", chapters=(Chapter(key="1", body=body),))) == tag


@pytest.mark.parametrize(
    ("told", "known", "words"),
    [
        ("2003", "2003", "2003"),
        ("2003-07", "2003-07", "July 2003"),
        ("2003-07-04", "2003-07-04", "4 July 2003"),
        ("2003-07-04T10:00:00Z", "2003-07-04", "4 July 2003"),
        ("2003-02-31", "", "2003-02-31"),
        (" last summer ", "", "last summer"),
        ("0000-00-00", "", "0000-00-00"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(told, known, words):
    assert dates.known(told) == known
    assert dates.in_words(told) == words


def test_a_story_changed_when_its_words_last_changed():
    chapters = (Chapter(key="1", published="2004-05"), Chapter(key="2", published="2003"))
    assert dates.modified(Story(key="a", updated="2004-01-01", chapters=chapters)) == "2004-05-01T00:00:00Z"
    assert dates.modified(Story(key="a", updated="2004-01-01T01:00:00+02:00")) == "2003-12-31T23:00:00Z"
    capture = Capture(sha256="a", captured_at="2006-07-08T09:10:11Z")
    assert dates.modified(Story(key="a", captures=(capture,))) == "2006-07-08T09:10:11Z"
    assert dates.modified(Story(key="a", written="0099")) == "0099-01-01T00:00:00Z"
    assert dates.modified(Story(key="a")) == dates.BEFORE_ALL


@pytest.mark.parametrize(
    ("href", "base", "found"),
    [
        ("http://a.example", "", "http://a.example"),
        ("HTTPS://A.example:8080/x y?q=ü#f g", "", "https://A.example:8080/x%20y?q=%C3%BC#f%20g"),
        ("http://user:secret@a.example/", "", "http://a.example/"),
        ("http://münchen.example/", "", "http://xn--mnchen-3ya.example/"),
        ("x.html", "http://a.example/d/y.html", "http://a.example/d/x.html"),
        ("x.html", "http://[broken/", ""),
        ("http://a.example/%zz%41", "", "http://a.example/%25zz%41"),
        ("mailto:a@b.example?subject=x y", "", "mailto:a@b.example?subject=x%20y"),
        ("mailto:nobody", "", ""),
        ("javascript:alert(1)", "http://a.example/", ""),
        ("data:text/html,x", "", ""),
        ("file:///etc/passwd", "", ""),
        ("http://1.2.3.999/", "", ""),
        ("http://[::1", "", ""),
        ("http://-a-.example/", "", ""),
        ("http://" + "a" * 300 + ".example", "", ""),
        ("", "", ""),
        ("http:///x", "", ""),
    ],
)
def test_links_are_whole_and_valid_or_nothing(href, base, found):
    assert absolute(href, base) == found


def test_letters_that_xml_forbids_leave_and_windows_letters_come_back():
    assert legal("a\x00\x0b\ud800\ufffeb\t\n") == "ab\t\n"
    assert legal("\x93x\x94 it\x92s\x85 \x81") == "“x” it’s… "
    assert line(" a\n b\u202e\u2066c ") == "a bc"
