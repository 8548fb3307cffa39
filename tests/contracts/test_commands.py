"""Every command with input that is wrong: a sentence that says what to do next, and never a traceback."""

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from storykeep.cli import main

STORYKEEP = Path(sys.executable).with_name("storykeep")
PAGE = "<title>Low Water</title><h1>Low Water</h1><p>by Ann Rill</p>" + "<p>The gauge said nought point three.</p>" * 40


def told(*words, data, **more):
    environment = {**os.environ, "STORYKEEP_DATA": str(data)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [STORYKEEP, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120, **more)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with everything that somebody may name by mistake."""
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "page.html").write_text(PAGE, "utf-8")
    (folder / "empty.html").write_bytes(b"")
    (folder / "folder").mkdir()
    (folder / "picture.gif").write_bytes(b"GIF89a\1\0\1\0\0\0\0;")
    (folder / "sheet.csv").write_text("who,what\nann,rope\n", "utf-8")
    (folder / "dump.sql").write_text("CREATE TABLE `fanfiction_stories` (`sid` int, `title` text);\n", "utf-8")
    letter = "From ann@old.example Mon Mar  5 10:00:00 2001\nFrom: Ann <ann@old.example>\nSubject: Rope\n\nAh.\n\n"
    (folder / "list.mbox").write_text(letter * 3, "utf-8")
    with zipfile.ZipFile(folder / "empty.zip", "w"):
        pass
    with zipfile.ZipFile(folder / "pages.zip", "w") as zipped:
        zipped.writestr("page.html", PAGE)
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The data folder of an archive that was opened once."""
    return tmp_path_factory.mktemp("archive")


WRONG = {
    "rescu {}/page.html": "Did you mean “rescue”?",
    "publish": "There are: rescue",
    "rescue": "Missing argument 'PATH...'",
    "rescue {}/nowhere": "There is nothing at",
    "rescue {}/page.html --into {}/page.html": "can't be a data folder",
    "rescue {}/page.html --into /proc/storykeep": "can't be a data folder",
    "rescue {}/page.html --report {}/report.pdf": "A report can be .html, .json or .csv",
    "rescue {}/page.html --report /proc/report.html": "Name another place",
    "rescue {}/page.html --report {}/folder": "is a directory",
    "rescue {}/page.html --visibility friends": "is not one of 'members'",
    "rescue {}/page.html --name": "requires an argument",
    "rescue {}/page.html --intoo {}": "--into",
    "inspect": "Missing argument 'FILE'",
    "inspect {}/nowhere.html": "Check the name",
    "inspect {}/folder": "is a folder. Name one page in it",
    "inspect {}/empty.html": "is empty",
    "inspect {}/picture.gif": "Bring pages saved as HTML or text",
    "inspect {}/pages.zip": "Bring it in with: storykeep rescue",
    "inspect {}/list.mbox": "Bring it in with: storykeep rescue",
    "inspect {}/dump.sql": "Bring it in with: storykeep rescue",
    "convert {}/page.html": "Missing argument 'OUT'",
    "convert {}/nowhere.html {}/out.epub": "Is the name right?",
    "convert {}/page.html {}/out.pdf": "It should end in one of",
    "convert {}/page.html {}/nowhere/out.epub": "I can't write into",
    "convert {}/page.html {}/folder --to epub": "Name a file in it",
    "convert {}/folder {}/out.epub": "storykeep rescue",
    "convert {}/empty.html {}/out.epub": "is empty",
    "convert {}/page.html -": "say the format",
    "convert {}/page.html {}/out.epub --story other": "There is no story 'other'",
    "serve --data {}/page.html": "Let STORYKEEP_DATA name a folder",
    "serve --port 80": "No such option '--port'",
    "doctor --data {}/nowhere": "There is no archive in",
    "doctor --data {}/page.html": "name a folder",
    "admin": "Missing argument 'NAME'",
    "admin ann --password short": "at least 10 characters",
    "admin a/b": "can't be the name of an account",
    "tags": "export",
    "tags import {}/nowhere.csv": "does not exist",
    "tags import {}/folder": "is a directory",
    "tags import {}/sheet.csv": "should name the columns",
    "tags import {}/picture.gif": "columns",
}


OPENS = re.compile(r"serve --data|doctor|admin \S|tags import \S+(?:csv|gif)")
"""Commands that open an archive, which a process does once."""


@pytest.mark.parametrize("words", [words for words in WRONG if OPENS.match(words)])
def test_wrong_input_is_answered_by_a_sentence_when_an_archive_is_opened(words, place, archive):
    done = told(*words.replace("{}", str(place)).split(), data=archive)
    assert done.returncode == 2, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert WRONG[words] in " ".join(done.stderr.split())


@pytest.mark.parametrize("words", [words for words in WRONG if not OPENS.match(words)])
def test_wrong_input_is_answered_by_a_sentence(words, place, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["storykeep", *words.replace("{}", str(place)).split()])
    monkeypatch.setenv("STORYKEEP_DATA", str(tmp_path / "data"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert WRONG[words] in " ".join(capsys.readouterr().err.split())


@pytest.fixture
def locked():
    """A folder in which nobody but its owner may write, with a page that nobody else may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "secret.html").write_text(PAGE, "utf-8")
        (folder / "secret.html").chmod(0)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_who_may_not_read_or_write_is_told_so(locked):
    secret = locked / "secret.html"
    child = """
import os, sys
from click.testing import CliRunner
import storykeep.cli.inspect, storykeep.cli.convert, storykeep.cli.rescue
import storykeep.rescue.pipeline, storykeep.rescue.report
if os.geteuid() == 0:
    os.setuid(65534)
from storykeep.cli import main
sys.argv = ["storykeep", *{words}]
main()
"""
    for words, said in (
        (["inspect", str(secret)], "is not readable"),
        (["convert", str(secret), "-", "--to", "text"], "is not readable"),
        (["rescue", "/etc/hostname", "--into", str(locked / "theirs")], "Choose another folder with --into"),
    ):
        program = child.format(words=words)
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert said in done.stderr


def test_what_holds_no_story_says_why(place, tmp_path):
    for name, said in (("empty.zip", "no page in it"), ("empty.html", "The file has no bytes")):
        done = told("rescue", place / name, "--into", tmp_path, "--records-only", data=tmp_path)
        assert done.returncode == 0
        assert "No story was found" in done.stdout
        assert said in done.stdout


def test_a_pipe_that_is_closed_ends_the_command_quietly(place, archive):
    for words in (
        ["inspect", place / "page.html"],
        ["tags", "export"],
        ["convert", place / "page.html", "-", "--to", "text"],
    ):
        reading, writing = os.pipe()
        os.close(reading)
        environment = {**os.environ, "STORYKEEP_DATA": str(archive)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        done = subprocess.run(
            [STORYKEEP, *map(str, words)],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=environment,
        )
        os.close(writing)
        assert done.stderr == "", words
        assert done.returncode in (1, 141), words


def test_a_wrong_role_makes_no_account(archive):
    wrong = told("admin", "zoe", "--role", "king", data=archive)
    assert (wrong.returncode, "there are member" in wrong.stderr) == (2, True)
    assert "Made the account zoe" in told("admin", "zoe", data=archive).stdout
