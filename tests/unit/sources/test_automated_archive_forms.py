"""The database of an Automated Archive in every form of Perl that editors and tools left it in."""

from __future__ import annotations

import gzip
import re

import pytest

from remains import PEOPLE, STORIES, perl, perl_page, truth
from storykeep.model import bundle
from storykeep.model.story import Story
from storykeep.sources.automated_archive import SOURCE

WHOLE = perl()
VALUE = re.compile(rb"=> '((?:[^'\\]|\\.)*)',")


def quoted(before: bytes, after: bytes) -> bytes:
    return VALUE.sub(lambda found: b"=> " + before + found[1].replace(b"\\'", b"'") + after + b",", WHOLE)


def by_field() -> bytes:
    out, number = [], b""
    for line in WHOLE.split(b"\n"):
        if record := re.match(rb"(\d+) => \{", line):
            number = record[1]
        elif found := re.match(rb"\t(\w+) => (.*),$", line):
            out.append(b"$FILES{'%s'}{'%s'} = %s;" % (number, found[1], found[2]))
    return b"\n".join([*out, b"1;", b""])


def records(pattern: bytes, head: bytes, tail: bytes = b"\n);") -> bytes:
    text = re.sub(rb"(?m)^(\d+) => \{", pattern, WHOLE)
    return text.replace(b"%FILES = (", head).replace(b"\n);", tail)


FORMS = {
    "q{}": quoted(b"q{", b"}"),
    "q()": quoted(b"q(", b")"),
    "qq||": quoted(b"qq|", b"|"),
    "double quotes": VALUE.sub(lambda m: b'=> "' + m[1].replace(b"\\'", b"'").replace(b'"', b'\\"') + b'",', WHOLE),
    "keys in quotes": re.sub(rb"\t(\w+) =>", rb"\t'\1' =>", WHOLE),
    "commas for arrows": re.sub(rb"\t(\w+) =>", rb"\t'\1',", WHOLE),
    "a reference": WHOLE.replace(b"%FILES = (", b"$FILES = {").replace(b"\n);", b"\n};"),
    "of a package": WHOLE.replace(b"%FILES", b"our %main::FILES"),
    "an array": records(rb"{", b"@FILES = ("),
    "a dump": records(rb"          '\1' => {", b"$VAR1 = {", b"\n        };"),
    "record by record": records(rb"$FILES{\1} = {", b"", b"\n").replace(b"},\n", b"};\n"),
    "field by field": by_field(),
    "lists": WHOLE.replace(b"Category => 'Drama, Wry'", b"Category => ['Drama', 'Wry']"),
    "a name in a list": WHOLE.replace(b"Author => 'quiet_one'", b"Author => ['quiet_one']"),
    "joined strings": WHOLE.replace(b"one dog; ", b"one dog; ' .\n\t\t'"),
    "old line ends": WHOLE.replace(b"\n", b"\r"),
    "marked": b"\xef\xbb\xbf" + perl(encoding="utf-8"),
    "utf-16": b"\xff\xfe" + WHOLE.decode("cp1252").encode("utf-16-le"),
    "encoded twice": WHOLE.decode("cp1252").encode().decode("sloppy-windows-1252").encode(),
    "every record twice": WHOLE.replace(b"\n);", WHOLE[WHOLE.index(b"1 => {") : WHOLE.index(b"\n);")] + b"\n);"),
    "packed": gzip.compress(WHOLE),
    "whole addresses": re.sub(rb"Location => '([^']*)'", rb"Location => 'http://weir.example/archive/\1.html'", WHOLE),
}  # fmt: skip
PLACES = ("archive/{n}/part{p}.html", "Archive/{n}/PART{p}.HTML", "part{p}.htm", "www/x/archive/{n}/part{p}.html")


def brought_from(read, folder, database: bytes, *, place: str = PLACES[0], packed: bool = False):
    for tale in STORIES:
        for part in tale.parts:
            path = folder / place.format(n=tale.sid % 5, p=part.number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(perl_page(tale, part))
    (folder / ("ARCHIVE_DB.pl.gz" if packed else "ARCHIVE_DB.pl")).write_bytes(database)
    return read(SOURCE, folder, "weir")


def assert_whole(brought, blocks_of) -> None:
    assert len(brought.of(Story)) == len(STORIES)
    for tale in STORIES:
        story = brought.stories[tale.title]
        assert story.authors == (PEOPLE[tale.uid][0],)
        assert [blocks_of(chapter.body) for chapter in story.chapters] == [truth(part.blocks) for part in tale.parts]
        assert {tag.name for tag in story.tags} >= {"Drama", "Wry"}
    shown = "".join(bundle.dumps(story) for story in brought.of(Story)) + repr(brought.findings)
    assert not any(address in shown for _, address in PEOPLE.values())


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_every_record(read, blocks_of, tmp_path, form):
    assert_whole(brought_from(read, tmp_path, FORMS[form], packed=form == "packed"), blocks_of)


@pytest.mark.parametrize("place", PLACES)
def test_pages_are_found_wherever_they_were_put(read, blocks_of, tmp_path, place):
    assert_whole(brought_from(read, tmp_path, WHOLE, place=place), blocks_of)


def test_a_packed_database_that_is_cut_off_says_so(read, tmp_path):
    packed = gzip.compress(WHOLE)
    brought = brought_from(read, tmp_path, packed[: int(len(packed) * 0.8)], packed=True)
    assert "input.truncated" in brought.codes
    assert "The Lock-keeper’s Year" in brought.stories
