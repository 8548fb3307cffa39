"""A rescue keeps its promises: nothing lost, nothing twice, whatever happens on the way."""

import contextlib
import hashlib
import json
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
import zlib
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from bench import rescue_archive
from storykeep.model import bundle
from storykeep.model.errors import UsageError
from storykeep.rescue import report
from storykeep.rescue.originals import Originals
from storykeep.rescue.pipeline import opened, rescue
from storykeep.sources.folder.walk import walk

PAGE = (
    "<html><head><title>{title}</title></head><body><h2>{title}</h2><p>By {author}</p>"
    "<p>The lamp at the end of the wall went out at six. Nobody had asked it to.</p>"
    "<p>“{title}?” she said, and counted the boats again, because one was always missing.</p>"
    "<p>It rained until the road was a river, and then it rained on the river.</p></body></html>"
)
RESCUE = """
import sys
from pathlib import Path
from storykeep.rescue.pipeline import rescue
if __name__ == "__main__":
    rescue(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def records(data):
    """Return every record of a data folder as text, by kind and key."""
    found = {}
    for journal in Path(data).glob("rescues/*/journal.sqlite3"):
        with contextlib.closing(sqlite3.connect(journal)) as db:
            for kind, key, body in db.execute("SELECT kind, key, body FROM records"):
                found[kind, key] = zlib.decompress(body).decode()
    return found


def findings(data):
    found = []
    for journal in Path(data).glob("rescues/*/journal.sqlite3"):
        with contextlib.closing(sqlite3.connect(journal)) as db:
            found += db.execute("SELECT code, place, evidence, capture FROM findings ORDER BY 1, 2, 3, 4").fetchall()
    return found


def written_findings(journal):
    with contextlib.closing(sqlite3.connect(journal)) as db:
        return db.execute("SELECT count(*), max(rowid) FROM findings WHERE stage = 'record'").fetchall()


def stories(data):
    return [bundle.loads(text) for (kind, _), text in sorted(records(data).items()) if kind == "story"]


def written(folder, **pages):
    folder.mkdir(parents=True, exist_ok=True)
    for title, author in pages.items():
        (folder / f"{title}.html").write_text(PAGE.format(title=title.replace("_", " "), author=author), "utf-8")
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A folder of 300 saved pages, and what an undisturbed rescue makes of it."""
    room = tmp_path_factory.mktemp("archive")
    rescue_archive.write(room / "saved", 300, paragraphs=2)
    came = rescue(room / "saved", room / "data")
    return room, came


def test_everything_comes_back(archive):
    room, came = archive
    made = list(rescue_archive.works(300, paragraphs=2))
    assert (came.stories, came.chapters, came.unread) == (len(made), 300, 0)
    assert came.words == sum(work.words for work in made)
    by_title = {story.title: story for story in stories(room / "data")}
    for work in made:
        story = by_title[work.title]
        assert story.authors == (work.author,)
        assert story.archive == rescue_archive.NAME
        bodies = [chapter.body for chapter in story.chapters]
        assert [body.count("<p>") for body in bodies] == [len(chapter) for chapter in work.chapters]
        assert all(chapter[0][:40] in body for chapter, body in zip(work.chapters, bodies, strict=True))
        assert f"http://{rescue_archive.HOST}/story.html?id={work.number}" in story.addresses


def test_authors_are_persons_and_credited(archive):
    room, _ = archive
    persons = {key for kind, key in records(room / "data") if kind == "person"}
    assert {credit.person for story in stories(room / "data") for credit in story.credits} == persons


def test_a_second_run_changes_nothing(archive):
    room, came = archive
    journal = came.journal
    before, kept = records(room / "data"), originals(room / "data")
    read = written_findings(journal)
    assert rescue(room / "saved", room / "data") == came
    assert records(room / "data") == before
    assert originals(room / "data") == kept
    assert written_findings(journal) == read


def test_every_original_is_kept_under_its_hash(archive):
    room, _ = archive
    saved = [path for path in (room / "saved").rglob("*") if path.is_file()]
    wanted = {hashlib.sha256(path.read_bytes()).hexdigest() for path in saved}
    assert set(originals(room / "data")) == wanted
    kept = Originals(room / "data" / "originals")
    assert all(kept.sound(digest) for digest in wanted)
    assert not any(path.stat().st_mode & stat.S_IWUSR for path in (room / "data" / "originals").glob("??/*"))


def originals(data):
    return {path.name: path.stat().st_mtime_ns for path in Path(data).glob("originals/??/*")}


def test_a_rescue_that_is_killed_goes_on(archive, tmp_path):
    """SIGKILL at random moments, the readers left to themselves, until one run gets through."""
    room, _ = archive
    chance = random.Random(7)
    script = tmp_path / "rescue.py"
    script.write_text(RESCUE, "utf-8")
    killed = 0
    for _ in range(5):
        child = subprocess.Popen([sys.executable, script, room / "saved", tmp_path / "data"])
        time.sleep(chance.uniform(0.1, 3))
        killed += child.poll() is None
        child.send_signal(signal.SIGKILL)
        child.wait()
    rescue(room / "saved", tmp_path / "data")
    assert killed
    assert records(tmp_path / "data") == records(room / "data")
    assert findings(tmp_path / "data") == findings(room / "data")
    assert set(originals(tmp_path / "data")) == set(originals(room / "data"))
    assert not list((tmp_path / "data" / "rescues").glob("*/unpacked"))


def test_a_page_that_comes_later_is_added_and_the_rest_stays(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada", The_Ferry="Wren", The_Bell="Noor", Salt_Road="Ilse")
    rescue(saved, tmp_path / "data")
    before = records(tmp_path / "data")
    written(saved, Late_Arrival="Tom")
    came = rescue(saved, tmp_path / "data")
    assert came.stories == 5
    after = records(tmp_path / "data")
    assert {key: after[key] for key in before if key[0] == "story"} == {
        k: v for k, v in before.items() if k[0] == "story"
    }


def test_a_page_that_changed_is_read_again(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada", The_Ferry="Wren")
    rescue(saved, tmp_path / "data")
    (saved / "The_Wall.html").write_text(PAGE.format(title="The Mended Wall", author="Ada"), "utf-8")
    rescue(saved, tmp_path / "data")
    assert {story.title for story in stories(tmp_path / "data")} == {"The Mended Wall", "The Ferry"}
    assert len(originals(tmp_path / "data")) == 3


def test_a_folder_that_is_moved_and_named_is_the_same_rescue(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada")
    rescue(saved, tmp_path / "data", name="Lantern House")
    before = records(tmp_path / "data")
    saved.rename(tmp_path / "moved")
    assert rescue(tmp_path / "moved", tmp_path / "data", name="Lantern House").stories == 1
    assert {key: text for key, text in records(tmp_path / "data").items() if key[0] != "story"} == {
        key: text for key, text in before.items() if key[0] != "story"
    }


def test_bad_files_among_good_ones_are_named_and_stop_nothing(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada", The_Ferry="Wren")
    (saved / "empty.html").touch()
    (saved / "binary.dat").write_bytes(bytes(range(256)) * 40)
    (saved / "nested.html").write_bytes(b"<div>" * 100_000 + b"<p>By nobody</p>")
    (saved / "huge.html").write_bytes(b"<p>" + b"word " * (8 << 20) + b"</p>")
    (saved / "picture.gif").write_bytes(b"GIF89a\1\0\1\0\0\0\0;")
    (saved / "elsewhere.html").symlink_to("/etc/passwd")
    (saved / "loop").symlink_to(saved)
    os.mkfifo(saved / "pipe.html")
    deep = saved / "/".join(["d"] * 30)
    written(deep, The_Deep="Noor")
    came = rescue(saved, tmp_path / "data")
    titles = {story.title for story in stories(tmp_path / "data")}
    assert {"The Wall", "The Ferry", "The Deep"} <= titles
    codes = {code: place for code, place, _, _ in findings(tmp_path / "data")}
    assert codes["page.empty"] == "empty.html"
    assert codes["input.unknown"] == "binary.dat"
    assert codes["input.special"] == "pipe.html"
    assert "input.link" in codes
    assert codes["input.too-large"] in ("huge.html", "nested.html")
    assert came.files == 8
    assert "root:" not in "".join(records(tmp_path / "data").values())


def test_a_folder_that_can_not_be_read_is_named(tmp_path):
    found = list(walk(tmp_path / "gone"))
    assert [(finding.code, finding.where) for finding in found] == [("input.unreadable", ".")]


def zip_of(folder, path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                archive.write(each, each.relative_to(folder))
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_zip_gives_the_same_stories_as_the_folder(tmp_path):
    rescue_archive.write(tmp_path / "saved", 20, paragraphs=2)
    rescue(tmp_path / "saved", tmp_path / "one")
    rescue(zip_of(tmp_path / "saved", tmp_path / "saved.zip"), tmp_path / "two")
    assert records(tmp_path / "two") == records(tmp_path / "one")
    assert findings(tmp_path / "two") == findings(tmp_path / "one")
    again = rescue(tmp_path / "saved.zip", tmp_path / "two")
    assert records(tmp_path / "two") == records(tmp_path / "one")
    assert not (again.workplace / "unpacked").exists()


def test_a_zip_of_a_folder_leaves_the_folder_out_of_the_addresses(tmp_path):
    written(tmp_path / "saved" / "backup 2004" / "fic", The_Wall="Ada", The_Ferry="Wren")
    rescue(zip_of(tmp_path / "saved", tmp_path / "saved.zip"), tmp_path / "data")
    assert {story.addresses for story in stories(tmp_path / "data")} == {
        ("/fic/The_Wall.html",),
        ("/fic/The_Ferry.html",),
    }


def test_a_zip_in_a_folder_and_a_zip_in_that(tmp_path):
    inner = zip_of(written(tmp_path / "in", Inner_Light="Ada"), tmp_path / "inner.zip")
    deeper = zip_of(written(tmp_path / "de", Too_Deep="Noor"), tmp_path / "deeper.zip")
    middle = zip_of(written(tmp_path / "mi", Middle_Ground="Wren"), tmp_path / "middle.zip")
    with zipfile.ZipFile(middle, "a") as archive:
        archive.write(deeper, "deeper.zip")
    with zipfile.ZipFile(inner, "a") as archive:
        archive.write(middle, "middle.zip")
    saved = written(tmp_path / "saved", Open_Air="Tom")
    inner.rename(saved / "inner.zip")
    rescue(saved, tmp_path / "data")
    assert {story.title for story in stories(tmp_path / "data")} == {"Open Air", "Inner Light", "Middle Ground"}
    assert [(code, place) for code, place, _, _ in findings(tmp_path / "data") if code == "input.too-deep"] == [
        ("input.too-deep", "inner.zip/middle.zip/deeper.zip")
    ]


def test_a_page_that_a_browser_saved_as_one_file(tmp_path):
    saved = tmp_path / "saved"
    saved.mkdir()
    page = MIMEText(PAGE.format(title="The Wall", author="Ada"), "html", "utf-8")
    page["Content-Location"] = "http://www.old.example/fic.html?id=663"
    star = MIMEImage(b"GIF89a\1\0\1\0\0\0\0;", "gif")
    star["Content-Location"] = "http://www.old.example/star.gif"
    whole = MIMEMultipart("related")
    whole["From"], whole["Date"] = "<Saved by a browser>", "Thu, 05 May 2005 10:00:00 GMT"
    whole.attach(page)
    whole.attach(star)
    (saved / "The Wall.mht").write_bytes(whole.as_bytes())
    rescue(saved, tmp_path / "data")
    (story,) = stories(tmp_path / "data")
    assert (story.title, story.addresses) == ("The Wall", ("http://www.old.example/fic.html?id=663",))
    assert story.captures[0].captured_at == "2005-05-05T10:00:00Z"
    whole_file = hashlib.sha256((saved / "The Wall.mht").read_bytes()).hexdigest()
    assert whole_file in originals(tmp_path / "data")


def test_names_that_are_no_utf8_are_names_all_the_same(tmp_path):
    saved = tmp_path / os.fsdecode(b"caf\xe9")
    written(saved, The_Wall="Ada")
    (saved / "The_Wall.html").rename(saved / os.fsdecode(b"\xc9t\xe9.html"))
    (saved / os.fsdecode(b"bo\xeete.mbox")).write_bytes(b"From a@b.example Mon Jan  1 00:00:00 2001\nSubject: x\n\ny\n")
    came = rescue(saved, tmp_path / "data")
    assert [story.captures[0].path for story in stories(tmp_path / "data")] == ["Été.html"]
    assert came.files == 2
    assert rescue(saved, tmp_path / "data") == came


def test_half_a_letter_in_broken_utf16_stops_nothing(tmp_path):
    saved = written(tmp_path / "saved", The_Ferry="Wren")
    page = PAGE.format(title="The \ud83d Wall", author="Ada \udc00").encode("utf-16", "surrogatepass")
    (saved / "broken.html").write_bytes(page)
    (saved / "entities.html").write_text(PAGE.format(title="The &#xD83D; Door", author="Noor"), "utf-8")
    came = rescue(saved, tmp_path / "data")
    assert came.stories == 3
    assert rescue(saved, tmp_path / "data") == came


def test_one_file_alone_is_enough(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada")
    came = rescue(saved / "The_Wall.html", tmp_path / "data")
    assert [(story.title, story.addresses) for story in stories(tmp_path / "data")] == [("The Wall", ())]
    assert came.name == "The_Wall"


def test_two_folders_of_one_name_are_two_rescues(tmp_path):
    one = written(tmp_path / "a" / "stories", The_Wall="Ada")
    two = written(tmp_path / "b" / "stories", The_Ferry="Wren")
    first, second = rescue(one, tmp_path / "data"), rescue(two, tmp_path / "data")
    assert first.workplace != second.workplace
    assert rescue(one, tmp_path / "data").workplace == first.workplace
    assert len(stories(tmp_path / "data")) == 2


def test_another_folder_joins_a_rescue_by_its_name(tmp_path):
    one = written(tmp_path / "a", The_Wall="Ada")
    two = written(tmp_path / "b", The_Ferry="Wren")
    rescue(one, tmp_path / "data", name="Lantern House")
    assert rescue(two, tmp_path / "data", name="Lantern House").stories == 2
    assert {story.archive for story in stories(tmp_path / "data")} == {"Lantern House"}


def test_only_one_process_works_at_a_rescue(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada")
    with opened(saved, tmp_path / "data"), pytest.raises(UsageError, match="at work"):
        rescue(saved, tmp_path / "data")


def test_the_data_folder_inside_the_saved_pages_is_no_page(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada")
    first = rescue(saved, saved / "storykeep-data")
    assert rescue(saved, saved / "storykeep-data") == first
    assert first.files == 1


def test_nothing_there_is_said_in_words(tmp_path):
    with pytest.raises(UsageError, match="There is nothing at"):
        rescue(tmp_path / "nowhere", tmp_path / "data")


def test_addresses_of_authors_go_to_the_claim_store_only(tmp_path):
    saved = tmp_path / "saved"
    saved.mkdir()
    page = PAGE.format(title="The Wall", author='<a href="mailto:ada@mail.example">Ada Brandt</a>')
    page = page.replace("<p>The lamp", "<p>Feedback: ada@mail.example</p><p>The lamp")
    (saved / "wall.html").write_text(page, "utf-8")
    came = rescue(saved, tmp_path / "data")
    with opened(saved, tmp_path / "data") as place:
        for kind in ("html", "json", "csv"):
            report.write(place, tmp_path / f"report.{kind}")
            assert "ada@mail.example" not in (tmp_path / f"report.{kind}").read_text("utf-8")
        bodies = place.journal.db.execute("SELECT body FROM readings").fetchall()
        assert not any(b"ada@mail.example" in zlib.decompress(body) for (body,) in bodies)
        (person,) = place.journal.records("person")
        contacts = [(contact.person, contact.email) for contact in place.claims.contacts()]
        assert contacts == [(person.key, "ada@mail.example")]
    assert "ada@mail.example" not in "".join(records(tmp_path / "data").values())
    assert stat.S_IMODE((came.workplace / "claims.sqlite3").stat().st_mode) == 0o600


def test_a_report_in_three_forms_tells_the_same(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada")
    (saved / "=1+2.html").touch()
    with opened(saved, tmp_path / "data"):
        pass
    came = rescue(saved, tmp_path / "data")
    with opened(saved, tmp_path / "data") as place:
        for kind in ("html", "json", "csv"):
            report.write(place, tmp_path / f"r.{kind}")
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert told["rescue"]["stories"] == came.stories == len(told["works"]) == 1
    assert {"code": "page.empty", "severity": "loss", "count": 1} in told["rescue"]["findings"]
    csv = (tmp_path / "r.csv").read_text("utf-8")
    assert csv.count("\n") == len(told["findings"]) + 1
    assert ",'=1+2.html," in csv
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "The Wall" in page
    assert "Files without a byte" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_report_of_another_kind_is_refused(tmp_path):
    saved = written(tmp_path / "saved", The_Wall="Ada")
    with opened(saved, tmp_path / "data") as place, pytest.raises(UsageError, match=r"html, \.json or \.csv"):
        report.write(place, tmp_path / "report.pdf")
