"""Addresses behind the names of authors go to the claim store, and nobody else's address does."""

import pytest

from storykeep.model.provenance import Capture
from storykeep.sources import pages

TEXT = "".join(
    f"<p>{n}. The harbour was quiet, and nobody spoke of the light that had gone out.</p>" for n in range(12)
)
CAPTURE = Capture(sha256="0" * 64, path="a.html", address="http://old.example/a.html")


def contacts(byline, foot=""):
    page = f"<title>The Long Light</title><h1>The Long Light</h1><p>{byline}</p>{TEXT}<hr><p>{foot}</p>"
    reading = pages.read(page.encode(), CAPTURE)
    assert "@" not in repr(reading)
    return [(contact.person, contact.email) for contact in reading.contacts]


def test_the_address_behind_a_byline_is_kept_for_its_author():
    assert contacts('By <a href="MAILTO:Ada@Old.example?subject=Light">Ada Rill</a>') == [
        ("Ada Rill", "ada@old.example")
    ]


def test_two_authors_have_an_address_each():
    byline = 'By <a href="mailto:ada@old.example">Ada Rill</a> and <a href="mailto:b%40old.example">Ben Moss</a>'
    assert contacts(byline) == [("Ada Rill", "ada@old.example"), ("Ben Moss", "b@old.example")]


@pytest.mark.parametrize("words", ["Feedback to the author", "E-mail the author"])
def test_a_link_to_the_author_counts(words):
    assert contacts("By Ada Rill", f'<a href="mailto:ada@old.example">{words}</a>') == [("", "ada@old.example")]


@pytest.mark.parametrize("words", ["Webmaster", "Contact me", "Report a broken link"])
def test_a_link_to_whoever_kept_the_site_does_not(words):
    assert contacts("By Ada Rill", f'<a href="mailto:keeper@old.example">{words}</a>') == []
