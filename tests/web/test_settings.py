"""Settings are read once, and say what to do when they can't work; the database is the one that was asked for."""

import os
import stat
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from storykeep.model.errors import SettingsError
from storykeep.site import open_archive, setup
from storykeep.site.settings import database, read, secret_key

ROOT = Path(__file__).resolve().parents[2]


def test_without_any_setting_the_archive_lies_beside_and_answers_at_home():
    house = read({})
    assert house.data == Path.cwd() / "storykeep-data"
    assert (house.port, house.bind, house.debug, house.secure) == (8000, "127.0.0.1", False, False)
    assert house.hosts == ("localhost", "127.0.0.1", "[::1]")


def test_an_https_origin_makes_its_host_known_and_cookies_strict():
    house = read({"STORYKEEP_ORIGIN": "https://archive.example", "STORYKEEP_HOSTS": "old.example, older.example"})
    assert house.hosts[:3] == ("old.example", "older.example", "archive.example")
    assert house.secure


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("STORYKEEP_PORT", "80a", "STORYKEEP_PORT is '80a'; it should be a whole number from 1 to 65535."),
        ("STORYKEEP_PORT", "70000", "from 1 to 65535"),
        ("STORYKEEP_PORT", "0", "from 1 to 65535"),
        ("STORYKEEP_PORT", "-1", "from 1 to 65535"),
        ("STORYKEEP_DEBUG", "perhaps", "it should be yes or no"),
        ("STORYKEEP_ORIGIN", "archive.example", "it should look like https://archive.example"),
        ("STORYKEEP_ORIGIN", "https://archive.example/path", "it should look like https://archive.example"),
        ("STORYKEEP_HOSTS", "*", "exact host names"),
        ("STORYKEEP_DATABASE", "mysql://x", "postgresql://user@host/name"),
    ],
)
def test_a_setting_that_can_not_work_says_how_it_should_look(name, value, words):
    with pytest.raises(SettingsError) as caught:
        read({name: value})
    assert words in str(caught.value)


def test_a_postgres_url_is_taken_apart():
    found = database(read({"STORYKEEP_DATABASE": "postgresql://ann:p%40ss@db.example:5433/tales?sslmode=require"}))
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("ann", "p@ss", "db.example", "5433")
    assert (found["NAME"], found["OPTIONS"]) == ("tales", {"sslmode": "require"})
    socket = database(read({"STORYKEEP_DATABASE": "postgresql://postgres@/postgres?host=/run/pg"}))
    assert (socket["HOST"], socket["OPTIONS"]) == ("/run/pg", {})


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = secret_key(tmp_path / "new" / "folder")
    path = tmp_path / "new" / "folder" / "secret-key"
    assert secret_key(path.parent) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("short")
    with pytest.raises(SettingsError, match="Delete it"):
        secret_key(path.parent)


def test_a_data_folder_that_is_a_file_is_refused_with_advice(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingsError, match="STORYKEEP_DATA"):
        secret_key(tmp_path / "file")


def test_one_process_works_with_one_archive(tmp_path, monkeypatch):
    setup()
    monkeypatch.setenv("STORYKEEP_DATA", os.environ["STORYKEEP_DATA"])
    with pytest.raises(SettingsError, match="start another one"):
        setup(tmp_path / "other")


@pytest.mark.django_db
def test_opening_an_archive_that_is_open_changes_nothing():
    open_archive()
    assert django_settings.SECRET_KEY


@pytest.mark.django_db
def test_the_database_is_the_one_that_these_tests_were_asked_to_use():
    expected = os.environ.get("STORYKEEP_EXPECT_VENDOR")
    assert connection.vendor == (expected or connection.vendor)


@pytest.mark.django_db
def test_sqlite_keeps_what_it_has_acknowledged_through_a_power_cut():
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert connection.transaction_mode == "IMMEDIATE"
    else:
        assert connection.vendor == "postgresql"


def test_every_setting_is_documented():
    import re

    source = (ROOT / "src/storykeep/site/settings.py").read_text("utf-8")
    named = set(re.findall(r'"(STORYKEEP_[A-Z_]+)"', source))
    documented = set(re.findall(r"`(STORYKEEP_[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text("utf-8")))
    assert named <= documented


@pytest.mark.django_db
def test_the_tables_are_those_of_the_models():
    from django.core.management import call_command

    assert call_command("makemigrations", "--check", "--dry-run", verbosity=0) is None


def test_an_archive_without_outgoing_mail_passes_its_own_checks(settings, capsys):
    from django.core.management import call_command

    assert (settings.HOUSE.mail, settings.ACCOUNT_EMAIL_VERIFICATION) == ("", "none")
    call_command("check")
    assert "no issues" in capsys.readouterr().out
