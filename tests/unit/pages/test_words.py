"""The examples in the docstrings are true, and undoing the repairs gives the words as they were saved."""

import doctest
import importlib
import pkgutil

import pytest

import storykeep.sources.pages as room
from storykeep.model.provenance import Capture, undo
from storykeep.sources.pages import read

MODULES = [name for _, name, _ in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")]


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name.removeprefix(f"{room.__name__}."))
def test_examples_in_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_repairs_can_be_taken_back():
    words = "<p>It\u00e2\u20ac\u2122s cold, said the caf\u00c3\u00a9.</p>\n"
    words += "<p>\u00e2\u20ac\u0153No,\u00e2\u20ac\u009d he said.</p>"
    html = f"<html><body><h1>Tin</h1>by moth{words}"
    chapter = read(html.encode(), Capture(sha256="0" * 64)).story.chapters[0]
    assert "It’s cold, said the café." in chapter.body
    assert "It\u00e2\u20ac\u2122s cold, said the caf\u00c3\u00a9." in undo(chapter.body, chapter.steps)


def test_a_declared_encoding_that_lies_does_no_harm():
    head = "<html><head><meta charset=iso-8859-1><title>Café</title></head>"
    html = f"{head}<body><h1>Café</h1>by Zoë<p>“Ça va?” she said.</p>"
    reading = read(html.encode("utf-8"), Capture(sha256="0" * 64))
    assert (reading.story.title, reading.story.authors) == ("Café", ("Zoë",))
    assert "“Ça va?”" in reading.story.chapters[0].body
    assert (reading.capture.declared_encoding, reading.capture.encoding) == ("iso-8859-1", "utf-8")
