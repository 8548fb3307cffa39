"""The command as an archivist types it: what it says, what it writes, and how it stops."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench import rescue_archive
from storykeep.cli.rescue import command, many, measure


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("command") / "harbour"
    rescue_archive.write(folder, 12, paragraphs=2)
    return folder


def storykeep(*words, data):
    """Run the command in a process of its own, with a data folder of its own."""
    environment = {**os.environ, "STORYKEEP_DATA": str(data)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [Path(sys.executable).with_name("storykeep"), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def works(data):
    with contextlib.closing(sqlite3.connect(data / "storykeep.sqlite3")) as db:
        return db.execute("SELECT key, title, words, chapter_count, version FROM works_work ORDER BY key").fetchall()


def test_a_folder_becomes_an_archive_that_can_be_read(saved, tmp_path):
    reports = [tmp_path / "out" / f"report.{kind}" for kind in ("html", "json", "csv")]
    asked = [word for report in reports for word in ("--report", report)]
    done = storykeep("rescue", saved, "--into", tmp_path / "data", *asked, data=tmp_path / "elsewhere")
    assert done.returncode == 0, done.stderr
    made = list(rescue_archive.works(12, paragraphs=2))
    assert f"{len(made)} works in 12 chapters" in done.stdout
    assert "storykeep serve" in done.stdout
    assert "\r" not in done.stderr  # no bar where nobody watches
    assert {(title, chapters) for _, title, _, chapters, _ in works(tmp_path / "data")} == {
        (work.title, len(work.chapters)) for work in made
    }
    assert all(report.stat().st_size for report in reports)
    assert json.loads(reports[1].read_text("utf-8"))["rescue"]["stories"] == len(made)
    before = works(tmp_path / "data")
    again = storykeep("rescue", saved, "--into", tmp_path / "data", "--quiet", data=tmp_path / "elsewhere")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert works(tmp_path / "data") == before


def test_nothing_there_and_reports_of_other_kinds_are_one_sentence_each(saved, tmp_path):
    for words in ((tmp_path / "nowhere",), (saved, "--report", "report.pdf")):
        done = storykeep("rescue", *words, "--into", tmp_path / "data", data=tmp_path / "elsewhere")
        assert done.returncode == 2
        assert "storykeep: " in done.stderr
        assert "Traceback" not in done.stderr


def test_a_full_disk_is_said_in_words_and_the_rescue_goes_on_when_there_is_room(saved, tmp_path):
    """A limit on the size of files stands for the disk: every write beyond it fails."""
    child = (
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "from storykeep.cli import main\nif __name__ == '__main__':\n    main()\n"
    )
    (tmp_path / "small.py").write_text(child, "utf-8")
    words = ["rescue", saved, "--into", tmp_path / "data", "--records-only"]
    done = subprocess.run([sys.executable, tmp_path / "small.py", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "the same command goes on" in done.stderr
    assert "Traceback" not in done.stderr
    again = storykeep(*words, data=tmp_path / "elsewhere")
    assert "in 12 chapters" in again.stdout


def test_a_folder_without_stories_is_said_in_words(tmp_path):
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "x.gif").write_bytes(b"GIF89a\1\0\1\0\0\0\0;")
    done = CliRunner().invoke(command, [str(tmp_path / "saved"), "--into", str(tmp_path / "data"), "--records-only"])
    assert done.exit_code == 0, done.output
    assert "No story was found" in done.output


def test_ctrl_c_stops_cleanly_and_says_that_it_goes_on(tmp_path):
    rescue_archive.write(tmp_path / "saved", 400, paragraphs=8)
    child = subprocess.Popen(
        [Path(sys.executable).with_name("storykeep"), "rescue", tmp_path / "saved", "--into", tmp_path / "data"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if any((tmp_path / "data").glob("originals/??/*")):
            break
        time.sleep(0.05)
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "the same command goes on" in told
    assert "Traceback" not in told


def test_time_left_and_counts_are_told():
    assert measure(0, 0, 1) == "0"
    assert measure(50, 200, 10) == "█████░░░░░░░░░░░░░░░  50 of 200, 0:30 left"
    assert measure(300, 200, 10) == "████████████████████  200 of 200"
    assert (many(1, "work"), many(1200, "work")) == ("1 work", "1,200 works")
