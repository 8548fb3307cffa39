"""Remains of other kinds go through the whole rescue: complete, and with nothing private anywhere but in the claims."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from contracts.test_sources import DOCUMENTS, SAMPLES, SECRET
from remains import PASSWORD, PEOPLE, REAL_NAME, STORIES, dump, tables
from storykeep.rescue.pipeline import rescue


def contents(data: Path, *, without: str = "") -> bytes:
    files = (path for path in data.rglob("*") if path.is_file() and (not without or without not in path.name))
    return b"\n".join(path.read_bytes() for path in files)


@pytest.mark.parametrize("code", sorted(SAMPLES))
def test_remains_become_works_and_keep_their_secrets(code, tmp_path):
    folder = tmp_path / "remains"
    folder.mkdir()
    SAMPLES[code](folder)
    report = rescue(folder, tmp_path / "data")
    assert report.stories == (1 if code in DOCUMENTS else len(STORIES))
    everything = contents(tmp_path / "data")
    for secret in (PASSWORD, REAL_NAME, SECRET):
        assert secret.encode() not in everything
    if code in ("efiction", "journal"):  # pages and letters are kept as they were, addresses and all
        public = contents(tmp_path / "data", without="claims.sqlite3")
        assert not any(address.encode() in public for _, address in PEOPLE.values())


def test_a_dump_with_its_texts_in_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "backup.zip", "w") as archive:
        archive.writestr("site/db/weir.sql", dump(tables(in_files=True)))
        for tale in STORIES:
            for part in tale.parts:
                archive.writestr(
                    f"site/stories/{tale.uid}/{part.number}.txt", "<p>It lit.</p><p>It never went out.</p>"
                )
        archive.writestr("site/index.html", "<html><body><h1>Welcome</h1><p>Come in.</p></body></html>")
    report = rescue(tmp_path / "backup.zip", tmp_path / "data")
    assert report.stories == len(STORIES)
    assert PASSWORD.encode() not in contents(tmp_path / "data", without=".zip")


def test_several_kinds_beside_one_another(tmp_path):
    for code, write in SAMPLES.items():
        (tmp_path / "all" / code).mkdir(parents=True)
        write(tmp_path / "all" / code)
    report = rescue(tmp_path / "all", tmp_path / "data")
    assert report.stories >= len(STORIES)
    assert SECRET.encode() not in contents(tmp_path / "data")
