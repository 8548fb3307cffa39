"""Pages of templates that no rule names: title, author and words, learned from the archive's own pages alone."""

import pytest

import templates
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture
from storykeep.sources import pages
from storykeep.sources.pages import names
from storykeep.sources.pages.shape import Learner
from storykeep.text.markup import plain
from templates import TEMPLATES


def capture(page):
    return Capture(sha256=sha256(page.data), path=page.path, size=len(page.data))


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_archive_of_twelve_pages_is_read(name):
    made = templates.pages(name)
    learner = Learner()
    for page in made:
        learner.see(page.data, capture(page))
    shape = learner.shape()
    stories = [(pages.read(page.data, capture(page), shape=shape).story, page.tale) for page in made]
    assert all((story.title or "").casefold() == tale.title.casefold() for story, tale in stories)
    assert sum(story.authors == (tale.author,) for story, tale in stories) >= 11
    for story, tale in stories:
        body = " ".join(plain(chapter.body) for chapter in story.chapters)
        assert all(paragraph in body for paragraph in tale.paragraphs)


def test_a_value_that_all_pages_share_is_no_furniture_and_takes_no_line_of_the_story():
    made = templates.pages("french")
    learner = Learner()
    for page in made:
        learner.see(page.data, capture(page))
    story = pages.read(made[0].data, capture(made[0]), shape=learner.shape()).story
    assert ("genre", "Drame") in [(tag.kind, tag.name) for tag in story.tags]
    assert made[0].tale.paragraphs[0] in plain(story.chapters[0].body)


def test_a_paragraph_that_is_called_a_summary_is_one():
    page = templates.pages("small")[0]
    story = pages.read(page.data, capture(page)).story
    assert plain(story.summary) == page.tale.summary
    assert page.tale.summary not in story.chapters[0].body.split("</p>")[0]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Escrito por marrow", "marrow"),
        ("27. May 2004 by Ilse Vantage", "Ilse Vantage"),
        ("Geschrieben von Anna", "Anna"),
        ("Escrito con amor.", ""),
    ],
)
def test_bylines_of_other_languages_and_days(line, name):
    assert names.byline(line) == name


def test_a_page_of_very_many_line_breaks_keeps_every_line():
    lines = "".join(f"The lamp burned for the {number}. night.<br>\n" for number in range(5_000))
    data = f"<html><title>Nights</title><body><h1>Nights</h1>{lines}{'<br>' * 20_000}</body></html>".encode()
    story = pages.read(data, Capture(sha256="", path="nights.html", size=len(data))).story
    assert story.chapters[0].body.count("The lamp burned") == 5_000
