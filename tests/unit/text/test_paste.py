"""What other programs put on the clipboard: words, italics, breaks, notes and alignment come along, the rest goes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.text import sanitise
from storykeep.text.markup import plain
from storykeep.text.paste import paste

CLIPBOARD = Path(__file__).resolve().parents[2] / "fixtures" / "clipboard"
PROGRAMS = {
    "word": "Word",
    "google-docs": "Google Docs",
    "libreoffice": "LibreOffice",
    "ao3": "AO3",
    "web": "",
    "gmail": "an e-mail",
    "apple-mail": "an e-mail",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_program_is_known_and_its_text_comes_in_clean(name):
    found = paste((CLIPBOARD / f"{name}.html").read_text("utf-8"))
    assert found.program == PROGRAMS[name]
    assert found.body + "\n" == (CLIPBOARD / f"{name}.expected").read_text("utf-8")
    assert sanitise.clean(found.body) == found.body


@pytest.mark.parametrize("name", ["word", "google-docs", "libreoffice"])
def test_notes_lead_there_and_back(name):
    body = paste((CLIPBOARD / f"{name}.html").read_text("utf-8")).body
    targets = {part.split('"')[0] for part in body.split('href="#')[1:]}
    anchors = {part.split('"')[0] for part in body.split(' id="')[1:]}
    assert len(targets) == 2
    assert targets <= anchors


def test_it_is_told_what_was_changed():
    told = paste((CLIPBOARD / "word.html").read_text("utf-8")).changes
    assert told == (
        "Fonts, sizes and colours were left out.",
        "Lists are lists now.",
        "2 empty lines between paragraphs went.",
        "1 break between scenes is marked.",
        "1 footnote came along.",
    )


def test_nothing_is_told_where_nothing_was_changed():
    assert paste("<p>One.</p><p>Two.</p>").changes == ()


def test_megabytes_of_office_markup_leave_the_words():
    rubbish = "<!--[if gte mso 9]><xml>" + "<w:LsdException Locked='false'/>" * 60_000 + "</xml><![endif]-->"
    styles = "<style>" + "p.MsoNormal {mso-x:y}" * 40_000 + "</style>"
    page = (
        f"<html xmlns:w='urn:schemas-microsoft-com:office:word'>{rubbish}{styles}<p class=MsoNormal>Words.</p></html>"
    )
    assert paste(page).body == "<p>Words.</p>"


PIECES = (
    "<p>", "</p>", "<div>", "</div>", "<br>", "<span style='font-style:italic'>", "</span>", "</b>", "<li>", "<ul>",
    "<b style='font-weight:normal'>", "</ul>", "<hr>", "a", " b", "\n", "&lt;c", "<p class=MsoListParagraph>",
    "<table><tr><td>", "</table>",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_whatever_the_markup(parts):
    source = "".join(parts)
    found = paste(source)
    letters = "".join(sorted(plain(source).replace(" ", "").replace("\n", "")))
    assert "".join(sorted(plain(found.body).replace(" ", "").replace("\n", ""))) == letters
    assert sanitise.clean(found.body) == found.body
