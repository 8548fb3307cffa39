# ruff: noqa: E501 — samples stand on one line
"""What every way in keeps to, checked over every source that is registered.

A source needs a sample here: a function that writes a small, whole example of its material into a folder. A new source
without one fails the first test.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import books
from remains import (
    BACKUP,
    MYSQLDUMP,
    PASSWORD,
    PEOPLE,
    REAL_NAME,
    STORIES,
    dump,
    letter,
    perl,
    perl_page,
    tables,
    typed,
)
from storykeep.model import bundle
from storykeep.model.errors import InputError
from storykeep.model.identity import sha256
from storykeep.model.provenance import Capture, Finding
from storykeep.model.story import Archive, Contact, Page, Person, Series, Story
from storykeep.sources.base import REGISTRY, Material, Record, load

SECRET = "only friends may read this"


def efiction(folder: Path) -> Path:
    path = folder / "weir.sql"
    path.write_bytes(dump(tables()))
    return path


def efiction_backup(folder: Path) -> Path:
    path = folder / "backup.sql"
    path.write_bytes(dump(tables(), BACKUP))
    return path


def automated_archive(folder: Path) -> Path:
    (folder / "ARCHIVE_DB.pl").write_bytes(perl())
    for tale in STORIES:
        for part in tale.parts:
            place = folder / "archive" / str(tale.sid % 5)
            place.mkdir(parents=True, exist_ok=True)
            (place / f"part{part.number}.html").write_bytes(perl_page(tale, part))
    return folder


def mail(folder: Path) -> Path:
    out = []
    for tale in STORIES:
        for place in range(1, len(tale.parts) + 1):
            headers, text = letter(tale, place)
            head = "".join(f"{name}: {words}\n" for name, words in headers.items())
            out.append("From x@lists.example Thu May 06 11:00:00 2004\n" + head + "\n" + text + "\n\n")
    path = folder / "weir.mbox"
    path.write_bytes("".join(out).encode("cp1252"))
    return path


def journal(folder: Path) -> Path:
    place = folder / "lockkeeper"
    place.mkdir()
    for number, tale in enumerate(STORIES, 1):
        words = f"Title: {tale.title}\nRating: PG\n\n&lt;lj-cut text='x'&gt;{typed(tale.parts[0].blocks).replace('&', '&amp;').replace('<', '&lt;')}&lt;/lj-cut&gt;"
        (place / f"L-{number}").write_text(
            f"<?xml version='1.0'?>\n<event>\n<itemid>{number}</itemid>\n<eventtime>2004-05-06 10:00:00</eventtime>\n<subject>FIC: {tale.title}</subject>\n<event>{words}</event>\n<url>http://k.livejournal.example/{number}.html</url>\n</event>\n"
        )
    hidden = f"Title: Hidden\nRating: PG\n\n{SECRET} " + "and so on " * 80
    (place / "L-9").write_text(
        f"<?xml version='1.0'?>\n<event>\n<itemid>9</itemid>\n<eventtime>2004-05-06 10:00:00</eventtime>\n<subject>FIC: Hidden</subject>\n<event>{hidden}</event>\n<security>usemask</security>\n<allowmask>1</allowmask>\n</event>\n"
    )
    return place


def epub(folder: Path) -> Path:
    return books.one_file(folder, "weir.epub", books.tale_epub(STORIES[0]))


def office(folder: Path) -> Path:
    return books.one_file(folder, "weir.docx", books.tale_docx(STORIES[0]))


def markdown(folder: Path) -> Path:
    return books.one_file(folder, "weir.md", books.tale_markdown(STORIES[0]))


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "automated-archive": automated_archive,
    "efiction": efiction,
    "epub": epub,
    "journal": journal,
    "mail": mail,
    "markdown": markdown,
    "office": office,
}
DOCUMENTS = {"epub", "markdown", "office"}  # one file is one story, and no archive comes with it
WITHOUT_STORIES = {"sql", "warc"}  # one only tells what is in a dump, the other hands pages on

CODES = sorted(REGISTRY)
KNOWN = [code for code in CODES if code in SAMPLES]
SINGLE = [code for code in CODES if code in DOCUMENTS]


def kept(data: bytes, capture: Capture) -> Capture:
    return replace(capture, sha256=sha256(data), size=len(data))


def records(code: str, path: Path, name: str = "sample") -> list[Record]:
    return list(load(code).read(Material(path=path, name=name), kept))


def probed(code: str, path: Path) -> float:
    probe = load(code).probe(Material(path=path, name=path.name))
    return probe.confidence if probe else 0.0


def test_every_source_has_a_sample():
    assert set(CODES) == set(SAMPLES) | WITHOUT_STORIES


@pytest.mark.parametrize("code", SINGLE)
def test_a_single_work_comes_back_the_same_every_time(code, tmp_path):
    path = SAMPLES[code](tmp_path)
    assert probed(code, path) > 0.5
    found = records(code, path, path.name)
    assert found == records(code, path, path.name)
    (story,) = [record for record in found if isinstance(record, Story)]
    assert story.title == STORIES[0].title
    assert any(STORIES[0].parts[0].blocks[0][1] in chapter.body for chapter in story.chapters)
    assert story.evidence
    assert bundle.loads(bundle.dumps(story)) == story


@pytest.mark.parametrize("code", SINGLE)
@pytest.mark.parametrize("kind", ["cut", "headless", "hole", "noise", "nul", "turned"])
def test_a_damaged_work_is_read_or_refused_in_words(code, kind, tmp_path):
    path = SAMPLES[code](tmp_path)
    data = path.read_bytes()
    for step in range(0, 20, 2):
        path.write_bytes(damaged(data, kind, step))
        said = ""
        try:
            found = records(code, path, path.name)
        except InputError as error:
            found, said = [], str(error)
        assert said or all(bundle.loads(bundle.dumps(one)) == one for one in found if isinstance(one, Story))


@pytest.mark.parametrize("code", CODES)
def test_a_source_is_named_as_it_is_registered(code):
    assert load(code).code == code


@pytest.mark.parametrize("code", KNOWN)
def test_a_source_knows_its_own(code, tmp_path):
    path = SAMPLES[code](tmp_path)
    probe = load(code).probe(Material(path=path, name=path.name))
    assert probe is not None
    assert 0.5 <= probe.confidence <= 1
    assert probe.evidence


@pytest.mark.parametrize("code", KNOWN)
@pytest.mark.parametrize("other", KNOWN)
def test_a_source_leaves_what_is_foreign(code, other, tmp_path):
    if code != other:
        assert probed(code, SAMPLES[other](tmp_path)) < probed(
            other, SAMPLES[other](tmp_path / "again" if (tmp_path / "again").mkdir() is None else tmp_path)
        )


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 2000,
        b"\xff\xfe\xfd" * 500,
        b"<html><body><p>A story</p></body></html>",
        b"Once upon a time.\n" * 40,
        b"From: Dana\nTo: Teo\n\nI miss you.\n",
        b"%PDF-1.4 x",
        b"PK\x03\x04" + b"x" * 99,
        b"\x1f\x8b\x08broken",
    ],
)
@pytest.mark.parametrize("name", ["x.sql", "x.txt", "mbox", "L-1", "ARCHIVE_DB.pl", "x.xml", "x.sql.gz", "x"])
def test_nothing_strange_is_taken_for_ones_own(code, data, name, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)
    assert probed(code, path) < 0.5


@pytest.mark.parametrize("code", CODES)
def test_an_empty_folder_is_nothing(code, tmp_path):
    assert probed(code, tmp_path) == 0


@pytest.mark.parametrize("code", KNOWN)
def test_every_record_survives_the_bundle(code, tmp_path):
    for record in records(code, SAMPLES[code](tmp_path)):
        if not isinstance(record, (Contact, Finding, Capture)):
            assert bundle.loads(bundle.dumps(record)) == record


@pytest.mark.parametrize("code", KNOWN)
def test_the_archive_comes_first_and_stories_are_there(code, tmp_path):
    found = [record for record in records(code, SAMPLES[code](tmp_path)) if not isinstance(record, Finding)]
    tales = STORIES[:1] if code in DOCUMENTS else STORIES
    assert isinstance(found[0], Archive) or code in DOCUMENTS
    assert {story.title for story in found if isinstance(story, Story)} == {tale.title for tale in tales}
    assert all(
        story.chapters and all(chapter.body for chapter in story.chapters)
        for story in found
        if isinstance(story, Story)
    )


@pytest.mark.parametrize("code", KNOWN)
def test_keys_are_unique_and_the_same_every_time(code, tmp_path):
    path = SAMPLES[code](tmp_path)
    first, again = records(code, path), records(code, path)
    assert first == again
    for kind in (Story, Person, Series, Page):
        keys = [record.key for record in first if isinstance(record, kind)]
        assert all(keys)
        assert len(keys) == len(set(keys))
    chapters = [chapter.key for record in first if isinstance(record, Story) for chapter in record.chapters]
    assert len(chapters) == len(set(chapters))


@pytest.mark.parametrize("code", KNOWN)
def test_every_story_says_where_it_comes_from(code, tmp_path):
    for story in (record for record in records(code, SAMPLES[code](tmp_path)) if isinstance(record, Story)):
        fields = {evidence.field for evidence in story.evidence}
        assert "title" in fields
        assert any(field.startswith("authors") for field in fields)
        assert story.captures
        kept_here = {capture.sha256 for capture in story.captures}
        assert all(set(chapter.captures) <= kept_here and chapter.captures for chapter in story.chapters)
        assert all(capture.path for capture in story.captures)


def exposed(found: list[Record]) -> str:
    public = [record for record in found if not isinstance(record, (Contact, Finding, Capture))]
    return "\n".join(
        [
            *(bundle.dumps(record) for record in public),
            *(repr(one) for one in found if isinstance(one, (Finding, Contact))),
        ]
    )


@pytest.mark.parametrize("code", KNOWN)
def test_nothing_private_is_exposed(code, tmp_path):
    text = exposed(records(code, SAMPLES[code](tmp_path)))
    for private in (PASSWORD, REAL_NAME, SECRET, "Hidden", *(address for _, address in PEOPLE.values())):
        assert private not in text
    assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", text)


@pytest.mark.parametrize("code", KNOWN)
def test_contacts_are_of_people_that_are_there(code, tmp_path):
    found = records(code, SAMPLES[code](tmp_path))
    people = {record.key for record in found if isinstance(record, Person)}
    assert {record.person for record in found if isinstance(record, Contact)} <= people
    credits_ = {
        credit.person for record in found if isinstance(record, Story) for credit in record.credits if credit.person
    }
    assert credits_ <= people


def damaged(data: bytes, kind: str, step: int) -> bytes:
    """Return ``data`` spoilt in one way; ``step`` runs from 0 to 19."""
    at = len(data) * step // 20
    if kind == "cut":
        return data[:at]
    if kind == "headless":
        return data[at:]
    if kind == "hole":
        return data[:at] + data[at + len(data) // 15 :]
    if kind == "noise":
        return data[:at] + zlib.compress(data[:200]) + data[at:]
    if kind == "nul":
        return data[:at] + b"\0" * 64 + data[at + 64 :]
    return data[:at] + bytes(reversed(data[at : at + 200])) + data[at + 200 :]


@pytest.mark.parametrize("code", KNOWN)
@pytest.mark.parametrize("kind", ["cut", "headless", "hole", "noise", "nul", "turned"])
def test_damage_never_raises_and_never_exposes(code, kind, tmp_path):
    """At twenty points of the largest file: only InputError may come out, and nothing private."""
    path = SAMPLES[code](tmp_path)
    file = (
        path
        if path.is_file()
        else max(
            (one for one in path.rglob("*") if one.is_file() and one.suffix != ".html"),
            key=lambda one: one.stat().st_size,
        )
    )
    data = file.read_bytes()
    for step in range(20):
        file.write_bytes(damaged(data, kind, step))
        try:
            found = records(code, path)
        except InputError:
            continue
        text = exposed(found)
        for private in (PASSWORD, REAL_NAME, SECRET, *(address for _, address in PEOPLE.values())):
            assert private not in text, (kind, step)
        for record in found:
            if not isinstance(record, (Contact, Finding, Capture)):
                assert bundle.loads(bundle.dumps(record)) == record


@pytest.mark.parametrize("way", [MYSQLDUMP, BACKUP], ids=["mysqldump", "backup"])
def test_a_dump_cut_at_any_byte_loses_only_what_is_behind(way, tmp_path):
    data = dump(tables(), way)
    path = tmp_path / "x.sql"
    whole = sum(isinstance(record, Person) for record in _brought(path, data))
    assert whole == len(PEOPLE)
    before = 0
    for end in range(2000, len(data), 211):
        found = _brought(path, data[:end])
        now = sum(isinstance(record, Person) for record in found)
        assert now <= whole
        before = max(before, now)
    assert before == whole


def _brought(path: Path, data: bytes) -> list[Record]:
    path.write_bytes(data)
    try:
        return records("efiction", path)
    except InputError:
        return []
