"""`storykeep inspect` shows what a page holds, for people and as JSON, and says clearly when it can't."""

import json

import pytest
from click.testing import CliRunner

from storykeep.cli import main
from storykeep.cli.inspect import command, plain_form, reading_of

PAGE = """<html><head><title>Kettle Song</title></head><body><h1>Kettle Song</h1><p>by Ella Vane</p>
<p>Summary: Two people and a kettle.</p><hr><p>The kettle had been <i>singing</i> for some time.</p><p>* * *</p>
<p>Here is the hill and here the town,<br>here is the road that wanders down.</p>
<p>They drank milk, in the end.</p></body></html>"""


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "kettle.html"
    file.write_text(PAGE)
    return file


def test_the_form_for_programs_is_stable(page):
    done = CliRunner().invoke(command, [str(page), "--json"])
    form = json.loads(done.output)
    assert done.exit_code == 0
    assert (form["title"], form["authors"], form["summary"]) == (
        "Kettle Song",
        ["Ella Vane"],
        "Two people and a kettle.",
    )
    assert {"form", "notes", "archive", "chapters", "findings", "evidence", "page", "facts"} <= set(form)
    (chapter,) = form["chapters"]
    assert chapter["blocks"] == [
        {"type": "p", "text": "The kettle had been singing for some time.", "italics": ["singing"]},
        {"type": "scene_break"},
        {
            "type": "lines",
            "text": "Here is the hill and here the town,\nhere is the road that wanders down.",
            "italics": [],
        },
        {"type": "p", "text": "They drank milk, in the end.", "italics": []},
    ]


def test_the_report_for_people_says_what_how_sure_and_why(page):
    done = CliRunner().invoke(command, [str(page)])
    assert done.exit_code == 0
    assert "Kettle Song\nby Ella Vane" in done.output
    assert "stated: head.byline, from “by Ella Vane”" in done.output
    assert "3 paragraphs" not in done.output
    assert "2 paragraphs, 1 set line by line, 1 scene break" in done.output
    assert "Nothing needs attention." in done.output


def test_a_long_label_is_parted_from_its_note(tmp_path):
    file = tmp_path / "kettle.html"
    file.write_text(PAGE.replace("Summary:", "Author's Chapter Notes:"))
    assert "Author's Chapter Notes Two people" in CliRunner().invoke(command, [str(file)]).output


def test_findings_have_a_place_and_advice(tmp_path):
    file = tmp_path / "x.txt"
    file.write_text(
        "All About Rivers\n\nStill\nBy Kalima\n\n"
        + "A line that is long enough to be one.\n\n" * 6
        + "\n\nAnd an end.\n"
    )
    form = plain_form(reading_of(file))
    gap = next(finding for finding in form["findings"] if finding["code"].startswith("gap."))
    assert gap["where"] == "line 16"
    assert gap["suggestion"]
    block = next(block for block in form["chapters"][0]["blocks"] if block["type"] == "gap")
    assert (block["after"], block["line"]) == (6, 16)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no file"),
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "another kind of file"),
        (b"\0\1\2" * 99, "not text"),
    ],
)
def test_what_is_no_page_gets_one_sentence_and_exit_code_2(tmp_path, monkeypatch, capsys, content, words):
    file = tmp_path / "thing"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr("sys.argv", ["storykeep", "inspect", str(file)])
    with pytest.raises(SystemExit) as stop:
        main()
    told = capsys.readouterr().err
    assert stop.value.code == 2
    assert words in told
    assert told.count("\n") == 1


def test_a_folder_is_sent_to_rescue(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["storykeep", "inspect", str(tmp_path)])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert "storykeep rescue" in capsys.readouterr().err


@pytest.mark.shared
def test_the_seed(shared):
    (seed,) = (shared / "seeds").glob("*.txt")
    form = plain_form(reading_of(seed))
    blocks = form["chapters"][0]["blocks"]
    text = "\n".join(block["text"] for block in blocks if block["type"] == "p")
    assert (form["title"], form["authors"], form["archive"]) == ("Still Point", ["Kalima"], "All About Spike")
    assert sum(block["type"] == "p" for block in blocks) == 89
    assert (text.count("“"), text.count("”")) == (80, 80)
    lines = [block["line"] for block in blocks if block["type"] == "gap"]
    assert {14, 25, 92, 117, 124, 132, 135, 174, 179} <= set(lines)
