"""Journals that suffered: public entries come back, locked ones never do, and what was cut is named."""

from __future__ import annotations

import gzip
import re

import pytest

from remains import STORIES, truth
from storykeep.rescue.pipeline import opened, rescue
from storykeep.sources.journal import SOURCE
from unit.sources.test_journal import SECRET, assert_whole, entry, event, everything, journal, subject

HIDDEN = f"<b>Title:</b> Hidden\n<b>Rating:</b> PG\n\n{SECRET} " + "and more of it " * 30


def export(*, root: str = "livejournal") -> str:
    """Return an export with every story, and two entries that are locked."""
    parts = [(tale, place) for tale in STORIES for place in range(1, len(tale.parts) + 1)]
    entries = [entry(n, event(*part), subject=subject(*part), root="entry") for n, part in enumerate(parts, 1)]
    locked = [
        entry(90 + n, HIDDEN, subject="FIC: Hidden", root="entry", security=kind)
        for n, kind in enumerate(("private", "usemask"))
    ]
    return (
        f'<?xml version="1.0"?>\n<{root}>\n'
        + "".join([*entries[:2], locked[0], *entries[2:], locked[1]])
        + f"</{root}>\n"
    )


def written(folder, files: dict[str, bytes]):
    place = folder / "lockkeeper"
    place.mkdir()
    for name, data in files.items():
        (place / name).write_bytes(data)
    return place


def changed(folder, change):
    place = journal(folder)
    for path in sorted(place.iterdir()):
        path.write_bytes(change(path.read_bytes()))
    return place


def assert_locked(brought) -> None:
    assert SECRET not in everything(brought)
    assert "Hidden" not in everything(brought)


CHANGES = {
    "line ends": lambda d: d.replace(b"\n", b"\r\n"),
    "mark": lambda d: b"\xef\xbb\xbf" + d,
    "utf-16": lambda d: b"\xff\xfe" + d.decode().encode("utf-16-le"),
    "told as latin": lambda d: d.replace(b'"1.0"', b'"1.0" encoding="iso-8859-1"'),
    "twice": lambda d: d.decode().encode().decode("sloppy-windows-1252").encode(),
    "bare ampersands": lambda d: d.replace(b"&amp;", b"&"),
    "tags not escaped": lambda d: d.replace(b"&lt;", b"<").replace(b"&gt;", b">"),
    "names for letters": lambda d: d.decode().replace("’", "&rsquo;").replace("é", "&eacute;").encode(),
    "escaped twice": lambda d: d.decode().replace("’", "&amp;#8217;").encode(),
    "control characters": lambda d: d.replace(b"the ", b"the\x0b "),
    "locks in capitals": lambda d: d.replace(b">usemask<", b"> USEMASK <").replace(b"security>", b"Security>"),
    "locks never closed": lambda d: d.replace(b"</security>", b""),
    "locks garbled": lambda d: d.replace(b"<security>", b"<secuXity>").replace(b"<allowmask>1</allowmask>", b""),
    "locks only as numbers": lambda d: re.sub(rb"<security>\w+</security>", b"", d),
}


@pytest.mark.parametrize("how", CHANGES)
def test_entries_come_back_and_locked_ones_do_not(read, blocks_of, tmp_path, how):
    brought = read(SOURCE, changed(tmp_path, CHANGES[how]))
    assert_whole(brought, blocks_of)
    assert_locked(brought)


@pytest.mark.parametrize("names", [("2004-05.xml",), ("2004-05.xml", "2004-06.xml"), ("a-2004-05.xml", "a (2).xml")])
@pytest.mark.parametrize("root", ["livejournal", "dreamwidth"])
def test_exports_by_month_several_files_and_files_twice(read, blocks_of, tmp_path, names, root):
    text = export(root=root).encode()
    brought = read(SOURCE, written(tmp_path, dict.fromkeys(names, text)))
    assert_locked(brought)
    for tale in STORIES:
        found = [story for story in brought.records if getattr(story, "title", "") == tale.title]
        assert [blocks_of(chapter.body) for chapter in found[0].chapters] == [truth(part.blocks) for part in tale.parts]


def test_what_any_file_locks_is_locked(read, tmp_path):
    before = re.sub(r"<security>\w+</security>\n<allowmask>1</allowmask>\n", "", export())
    files = {"2004-05.xml": before.encode(), "later-2009-01.xml": export().encode()}
    assert_locked(read(SOURCE, written(tmp_path, files)))


def test_an_entry_that_is_never_closed_takes_no_other_with_it(read, blocks_of, tmp_path):
    text = export()
    for number, lost in enumerate([m.start() for m in re.finditer("</entry>", text)]):
        path = tmp_path / str(number)
        path.mkdir()
        spoilt = (text[:lost] + text[lost + len("</entry>") :]).encode()
        brought = read(SOURCE, written(path, {"2004-05.xml": spoilt}))
        assert_locked(brought)
        bodies = [blocks_of(chapter.body) for story in brought.stories.values() for chapter in story.chapters]
        kept = [part for tale in STORIES for part in tale.parts if truth(part.blocks) in bodies]
        told = [finding for finding in brought.findings if finding.code == "journal.entry-cut"]
        assert len(kept) + len(told) == 4


def test_two_entries_that_ran_together_are_left_out_and_named(read, tmp_path):
    spoilt = re.sub(r"<security>private.*?</entry>\s*<entry>", "", export(), count=1, flags=re.DOTALL)
    brought = read(SOURCE, written(tmp_path, {"2004-05.xml": spoilt.encode()}))
    assert_locked(brought)
    assert "journal.entry-cut" in brought.codes


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_cut_export_gives_what_is_whole_and_says_so(read, tmp_path, share, pack):
    data = pack(export().encode())
    name = "2004-05.xml" + (".gz" if pack is gzip.compress else "")
    brought = read(SOURCE, written(tmp_path, {name: data[: int(len(data) * share)]}))
    assert_locked(brought)
    assert {"journal.entry-cut", "input.truncated"} & set(brought.codes)
    assert "The Lock-keeper’s Year" in brought.stories


@pytest.mark.parametrize("name", ["2004-05.xml", "export.xml", "export_2004_05", "2004-05.xml.gz"])
def test_nothing_of_a_locked_entry_is_left_by_a_whole_rescue(tmp_path, name):
    data = export().encode()
    place = written(tmp_path, {name: gzip.compress(data) if name.endswith(".gz") else data})
    rescue(place, tmp_path / "data")
    with opened(place, tmp_path / "data") as there:
        assert {story.title for story in there.journal.records("story")} == {tale.title for tale in STORIES}
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert SECRET.encode() not in kept
