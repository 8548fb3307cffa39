"""Files that were made to harm: refused or survived as their manifest says, one never stopping the rest."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import books
from storykeep.model import bundle
from storykeep.rescue.pipeline import opened, rescue
from storykeep.text.sanitise import clean

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def hostile(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    with warnings.catch_warnings():
        done = subprocess.run(
            [sys.executable, shared / "tools" / "mk_hostile.py", folder], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return folder


def seen(path, data):
    """Rescue one file; return its stories' words, and what its findings say."""
    came = rescue(path, data)
    with contextlib.closing(sqlite3.connect(came.journal)) as db:
        codes = [row[0] for row in db.execute("SELECT code FROM findings")]
    with opened(path, data) as place:
        texts = [bundle.dumps(record) for record in place.journal.records("story")]
        files = [row[0] for row in place.journal.db.execute("SELECT path FROM arrivals WHERE kind = 'page'")]
    return texts, codes, files


def outside(folder, data):
    """Return the files below ``folder`` that are not in the data folder or the hostile folder."""
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and data not in path.parents
    )


ESCAPES = range(11)


@pytest.mark.parametrize("number", range(31))
def test_whatever_a_member_is_called_the_good_one_comes_in(hostile, tmp_path, number):
    path = hostile / "zip" / f"name_{number:02}.zip"
    if not path.exists():
        pytest.skip("this Python's zipfile writes no member of this name, so there is no such archive to try")
    _, codes, files = seen(path, tmp_path / "data")
    assert "ok/story.html" in files
    assert outside(tmp_path, tmp_path / "data") == []
    assert not any(Path("/tmp").glob("zipslip*"))  # noqa: S108 — where the hostile names point to
    if number in ESCAPES or number == 12:
        assert "input.hostile" in codes
        assert files == ["ok/story.html"]
    assert all(not each.is_symlink() for each in (tmp_path / "data").rglob("*"))


@pytest.mark.parametrize(
    ("name", "code", "good"),
    [
        ("zip/symlink_etc.zip", "input.link", 2),
        ("zip/symlink_then_write.zip", "input.link", 2),
        ("zip/dup_names.zip", None, 2),
        ("zip/case_collide.zip", None, 2),
        ("zip/bomb_1GB_zeros.zip", "input.hostile", 0),
        ("zip/nested_5x16.zip", "input.too-deep", 0),
        ("zip/overlap_3GB.zip", "input.hostile", 0),
        ("zip/truncated.zip", "input.damaged", 1),
        ("zip/bad_crc.zip", "input.unreadable", 1),
        ("zip/size_lies.zip", "input.unreadable", 0),
        ("zip/encrypted_flag.zip", "input.encrypted", 1),
        ("zip/empty.zip", None, 0),
        ("zip/not_a_zip.zip", None, 1),
        ("tar/traversal.tar", "input.hostile", 1),
        ("tar/symlink_hardlink_dev.tar", "input.link", 2),
        ("tar/setuid_mode.tar", None, 1),
        ("tar/bomb.tar.gz", "input.hostile", 0),
        ("tar/bomb.tar.bz2", "input.hostile", 0),
        ("tar/bomb.tar.xz", "input.hostile", 0),
        ("tar/truncated.tar", "input.damaged", 1),
        ("gz/truncated.html.gz", "input.damaged", 1),
        ("gz/bad_crc.html.gz", "input.damaged", 1),
        ("gz/trailing_garbage.gz", "input.damaged", 1),
        ("gz/multi_member.gz", None, 1),
        ("gz/bomb_1GB.gz", "input.hostile", 0),
        ("gz/double_bomb.gz", "input.hostile", 0),
    ],
)
def test_a_hostile_container(hostile, tmp_path, name, code, good):
    _, codes, files = seen(hostile / name, tmp_path / "data")
    assert len(files) == good, files
    assert code is None or code in codes, codes
    size = sum(path.stat().st_size for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert size < 40 << 20
    assert outside(tmp_path, tmp_path / "data") == []


def test_pages_of_trickery(hostile, tmp_path):
    """All at once: every one is read, or named; what becomes a story is clean."""
    texts, codes, files = seen(hostile / "html", tmp_path / "data")
    unread = codes.count("page.empty") + codes.count("input.unknown")
    assert len(files) == len(list((hostile / "html").iterdir())) - unread
    bodies = [chapter.body for text in texts for chapter in bundle.loads(text).chapters]
    assert len(bodies) > 8
    assert all(clean(body) == body for body in bodies if len(body) < 1 << 20)
    assert not any("<script" in body.lower() for body in bodies)


def test_everything_at_once_stops_nothing(hostile, tmp_path):
    """The whole folder with a good page in the middle, in a process of its own, with bounded memory."""
    slow = ("zip/many_entries_70000.zip", "html/amp_5M.html", "html/one_par_10MB.html", "html/deep_div_100k.html")
    for name in slow:  # each seen above, or by the bench
        (hostile / name).unlink(missing_ok=True)
    words = "<p>The ferry came in late, and nobody on it would say why it had been gone.</p>" * 4
    page = f"<html><head><title>Still Here</title></head><body><h1>Still Here</h1><p>By Anna</p>{words}"
    (hostile / "m_good.html").write_text(page, "utf-8")
    script = tmp_path / "all.py"
    script.write_text(SCRIPT, "utf-8")
    command = [sys.executable, script, hostile, tmp_path / "data"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < 400
    with opened(hostile, tmp_path / "data") as place:
        titles = {getattr(record, "title", "") for record in place.journal.records("story")}
        known = {row[0].partition("/")[0] for row in place.journal.db.execute("SELECT path FROM arrivals")}
    assert "Still Here" in titles
    assert known >= {path.name for path in hostile.iterdir()}


SCRIPT = """
import re, sys
from pathlib import Path
from storykeep.rescue.pipeline import rescue
if __name__ == "__main__":
    rescue(Path(sys.argv[1]), Path(sys.argv[2]))
    # not ru_maxrss: that remembers the process which started this one
    print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def test_books_and_documents_cost_only_themselves(hostile, tmp_path):
    sent = tmp_path / "sent"
    sent.mkdir()
    for file in [*(hostile / "epub").iterdir(), *(hostile / "docx").iterdir()]:
        shutil.copy(file, sent / file.name)
    (sent / "good.epub").write_bytes(books.tale_epub(books.FIRST))
    texts, _, _ = seen(sent, tmp_path / "data")
    with opened(sent, tmp_path / "data") as place:
        told = repr([tuple(row) for row in place.journal.db.execute("SELECT * FROM findings")])
    assert any(books.FIRST.title in text for text in texts)
    for never in ("root:", "<script", "alert(1)</", "aaaaaaaaaaaaaaaaaaaa"):
        assert never not in told + "".join(texts)
    for name in ("lol.docx", "deep.docx", "bomb_chapter.epub", "lol_opf.epub", "href_traversal.epub"):
        assert name in told
