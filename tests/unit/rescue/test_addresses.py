"""Names of saved files lead back to the addresses that the pages had."""

import pytest

from storykeep.sources.folder.addresses import from_content, from_name, is_host, origin, same_page, site_of
from storykeep.sources.folder.kinds import kind_of


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("www.old.example/fic.html?id=663", "http://www.old.example/fic.html?id=663"),
        ("www.old.example/fic.html@id=663", "http://www.old.example/fic.html?id=663"),
        ("www.old.example/fic.html@id=663.html", "http://www.old.example/fic.html?id=663"),
        ("www.old.example/viewstory.php_sid=12&chapter=3", "http://www.old.example/viewstory.php?sid=12&chapter=3"),
        ("old.example/fic.html%3Fid=3", "http://old.example/fic.html?id=3"),
        ("old.example_8080/x.php?q=1", "http://old.example:8080/x.php?q=1"),
        ("old.example/index.php?file=story.html", "http://old.example/index.php?file=story.html"),
        ("old.example/a b/ç.html", "http://old.example/a%20b/%C3%A7.html"),
        ("mirror/old.example/a/b.html", "http://old.example/a/b.html"),
        ("fic663.html", "/fic663.html"),
        ("stories/chapter@2.html", "/stories/chapter@2.html"),
        ("backup.2004/one.html", "/backup.2004/one.html"),
    ],
)
def test_a_name_tells_the_address(name, address):
    assert from_name(name).address == address


@pytest.mark.parametrize(
    "name",
    [
        "web.archive.org/web/20030714101010/http:/www.old.example/~ann/fic.html?id=2",
        "web.archive.org/web/20030714101010/http_/www.old.example/~ann/fic.html?id=2",
        "web.archive.org/web/20030714101010id_/http%3A/www.old.example/~ann/fic.html@id=2",
        "web/20030714101010/http%3A%2F%2Fwww.old.example%2F~ann%2Ffic.html%3Fid=2",
        "www.old.example/20030714101010/~ann/fic.html%3Fid=2",
    ],
)
def test_wayback_folders_tell_the_address_and_the_time(name):
    found = from_name(name)
    assert found.address == "http://www.old.example/~ann/fic.html?id=2"
    assert found.captured_at == "2003-07-14T10:10:10Z"


def test_a_folder_called_like_a_host_is_one():
    assert from_name("fic.html", "www.old.example").address == "http://www.old.example/fic.html"


def test_httrack_lost_the_query_but_its_comment_has_it():
    page = (
        b"<html>\n<!-- Mirrored from www.old.example/fic.html?id=3&amp;b=1 by HTTrack Website Copier/3.x"
        b" [XR&CO'2014], Thu, 05 May 2005 10:00:00 GMT --><head>"
    )
    found = origin("www.old.example/fic1a2b.html", "mirror", page)
    assert found.address == "http://www.old.example/fic.html?id=3&b=1"
    assert found.captured_at == "2005-05-05T10:00:00Z"


def test_a_browser_noted_where_it_saved_from_even_out_of_the_wayback_machine():
    plain = b"<!-- saved from url=(0031)http://old.example/fic.html?id=3 -->"
    assert from_content(plain).address == "http://old.example/fic.html?id=3"
    wayback = b"<!-- saved from url=(0070)http://web.archive.org/web/20040102030405/http://old.example/x.html -->"
    assert from_content(wayback).address == "http://old.example/x.html"
    assert from_content(wayback).captured_at == "2004-01-02T03:04:05Z"


def test_one_page_has_one_identity_whatever_its_address_looked_like():
    forms = [
        "http://www.old.example/index.html?b=2&a=1",
        "https://old.example:443/?a=1&b=2#top",
        "HTTP://OLD.EXAMPLE:80/default.htm?a=1&b=2",
    ]
    assert {same_page(form) for form in forms} == {"old.example/?a=1&b=2"}
    assert site_of(forms[0]) == "old.example"
    assert site_of("/fic.html") == ""


@pytest.mark.parametrize("part", ["pages.old", "v1.2", "stories", "x.html", "a..com", "-.com"])
def test_ordinary_folders_are_no_hosts(part):
    assert not is_host(part)


def test_odd_addresses_never_raise():
    for odd in ("http://[::1", "javascript:alert(1)", "", "//", "http://", "\x00", "http://a.example:port/"):
        assert isinstance(same_page(odd), str)
        assert isinstance(site_of(odd), str)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("fic.html", b"<html>", "page"),
        ("fic663", b"All About Spike\n\nStill Point", "page"),
        ("fic.txt", "Café".encode("utf-16"), "page"),
        ("fic.txt", "Still Point, by Kalima".encode("utf-16-le"), "page"),
        ("style.css", b"body { color: red }", "asset"),
        ("odd.css", b"<html><body>a page with a wrong name", "page"),
        ("The Wall_files/frame.html", b"<html>", "asset"),
        ("robots.txt", b"User-agent: *", "asset"),
        ("star.gif", b"GIF89a\1\0", "image"),
        ("site.zip", b"PK\3\4", "container"),
        ("fic.html", b"\x1f\x8b\x08", "container"),
        ("empty.html", b"", "empty"),
        ("thing.bin", bytes(range(256)), "unknown"),
    ],
)
def test_a_file_is_what_its_bytes_say(name, head, kind):
    assert kind_of(name, head) == kind
