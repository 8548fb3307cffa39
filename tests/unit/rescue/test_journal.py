"""The journal and the originals: what is written is there, once, whatever happens."""

import sqlite3

import pytest

from storykeep.model.errors import UsageError
from storykeep.model.provenance import Finding
from storykeep.model.story import Contact, Story
from storykeep.rescue.claims import Claims
from storykeep.rescue.journal import Arrival, Journal
from storykeep.rescue.originals import Originals
from storykeep.rescue.workplace import name_of
from storykeep.text.cells import defused


@pytest.fixture
def journal(tmp_path):
    opened = Journal(tmp_path / "journal.sqlite3")
    yield opened
    opened.close()


def put(journal, title, round_=1):
    with journal.writing():
        return journal.put(Story(key="k", title=title), origin="pages", place="a", round_=round_, facts={})


def test_a_record_is_written_when_it_changes_and_only_then(journal):
    assert put(journal, "One")
    assert not put(journal, "One", 2)
    assert put(journal, "Two", 3)
    assert [record.title for record in journal.records("story")] == ["Two"]


def test_what_a_round_did_not_make_again_is_dropped_with_its_findings(journal):
    put(journal, "One")
    with journal.writing():
        journal.find("record", "story k", [Finding(code="gap.reply")])
        journal.sweep("pages", 2)
    assert list(journal.records("story")) == []
    assert list(journal.findings()) == []


def half_done(journal):
    with journal.writing():
        journal.note("a", "b")
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing(journal):
    with pytest.raises(ZeroDivisionError):
        half_done(journal)
    assert journal.get("a") == ""


def test_every_commit_waits_for_the_disk(journal):
    assert journal.one("PRAGMA synchronous") == 2
    assert journal.db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_file_that_changed_keeps_its_place(journal):
    for digest in ("aa", "bb"):
        with journal.writing():
            journal.arrive(Arrival(root="r", path="p", kind="page", sha256=digest, size=1))
    assert [(each.sha256, each.id) for each in journal.arrivals()] == [("bb", 1)]


def test_a_journal_of_another_version_is_refused_in_words(tmp_path):
    Journal(tmp_path / "j").close()
    db = sqlite3.connect(tmp_path / "j")
    db.execute("UPDATE meta SET value = '99' WHERE name = 'version'")
    db.commit()
    db.close()
    with pytest.raises(UsageError, match="another version"):
        Journal(tmp_path / "j")


def test_bytes_are_kept_once_and_can_be_verified(tmp_path):
    kept = Originals(tmp_path / "originals")
    digest = kept.keep(b"Hark.")
    before = kept.path(digest).stat().st_mtime_ns
    assert kept.keep(b"Hark.") == digest
    assert kept.path(digest).stat().st_mtime_ns == before
    with kept.open(digest) as file:
        assert file.read() == b"Hark."
    assert kept.sound(digest)
    kept.path(digest).chmod(0o600)
    kept.path(digest).write_bytes(b"Hush.")
    assert not kept.sound(digest)


def test_an_original_that_was_cut_off_is_written_again(tmp_path):
    kept = Originals(tmp_path / "originals")
    digest = kept.keep(b"Hark. She comes.")
    kept.path(digest).chmod(0o600)
    kept.path(digest).write_bytes(b"")
    assert kept.keep(b"Hark. She comes.") == digest
    assert kept.sound(digest)
    assert [path.name for path in kept.folder.iterdir()] == [digest[:2]]


def test_contacts_are_kept_once_for_their_owner_only(tmp_path):
    claims = Claims(tmp_path / "claims.sqlite3")
    assert list(claims.contacts()) == []
    assert not claims.path.exists()
    for _ in range(2):
        claims.keep(Contact(person="ada", email=" ada@mail.example "), "work k")
    assert [(each.person, each.email) for each in claims.contacts()] == [("ada", "ada@mail.example")]
    assert claims.path.stat().st_mode & 0o777 == 0o600
    claims.close()


@pytest.mark.parametrize("cell", ["=1+2", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x"])
def test_cells_that_a_spreadsheet_would_run_are_defused(cell):
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("lanterns/pages", "lanterns"),
        ("lanterns", "lanterns"),
        ("lanterns/www/html", "lanterns"),
        ("lanterns/mirror/public_html", "lanterns"),
        ("lanterns-2007.warc.gz", "lanterns-2007"),
        ("lanterns/dump.sql.gz", "lanterns"),
    ],
)
def test_a_rescue_is_called_as_its_folder(tmp_path, path, name):
    (tmp_path / path).mkdir(parents=True)
    assert name_of(tmp_path / path) == name
