# ruff: noqa: E501 — letters and records stand on one line
"""Automated Archive: databases whole and spoilt, parts joined, comments, files that aren't there."""

from __future__ import annotations

import pytest

from remains import PEOPLE, STORIES, perl, perl_page, truth
from storykeep.model.story import Story
from storykeep.sources.automated_archive import SOURCE
from storykeep.sources.automated_archive.records import Entry, entries
from storykeep.text.markup import plain


@pytest.fixture
def place(tmp_path):
    """A folder with the pages of the archive; the database is written by each test."""
    for tale in STORIES:
        for part in tale.parts:
            folder = tmp_path / "archive" / str(tale.sid % 5)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"part{part.number}.html").write_bytes(perl_page(tale, part))
    return tmp_path


def brought_from(read, place, database: bytes):
    (place / "ARCHIVE_DB.pl").write_bytes(database)
    return read(SOURCE, place, "weir")


def assert_whole(brought, blocks_of, *, but: tuple[int, ...] = ()) -> None:
    for tale in STORIES:
        if tale.sid not in but:
            story = brought.stories[tale.title]
            assert story.authors == (PEOPLE[tale.uid][0],)
            assert [blocks_of(chapter.body) for chapter in story.chapters] == [
                truth(part.blocks) for part in tale.parts
            ]


@pytest.mark.parametrize(
    "database",
    [
        perl(),
        perl(encoding="utf-8"),
        perl(blank=True),
        perl(names=str.upper),
        perl(names=str.lower),
        perl(escape=False),
        perl().replace(b"\n", b"\r\n"),
        perl().replace(b" => {\n", b"=>{\n\n").replace(b"\t", b"    "),
        perl().replace(b"',\n", b"', "),
        perl().replace(b"',\n", b"',\n\n\n"),
        perl().replace(b"},\n", b"},\n\n# edited by hand\n"),
        perl().replace(b"},\n", b""),
    ],
    ids=["whole", "utf-8", "blank lines", "upper", "lower", "apostrophes", "crlf", "ragged", "one line", "gaps", "notes", "no ends"],
)  # fmt: skip
def test_databases_whole_and_spoilt(read, blocks_of, place, database):
    brought = brought_from(read, place, database)
    assert_whole(brought, blocks_of)
    assert len(brought.of(Story)) == len(STORIES)


def test_facts_of_a_record(read, place):
    year = brought_from(read, place, perl()).stories["The Lock-keeper’s Year"]
    assert plain(year.summary) == "Twelve gates, one dog; and a man who couldn’t swim."
    assert {("category", "Drama"), ("category", "Wry"), ("rating", "Teens")} == {(t.kind, t.name) for t in year.tags}
    assert (year.published, year.chapters_planned) == ("2004-05-06", 2)
    assert [chapter.label for chapter in year.chapters] == ["1/2", "2/2"]


def test_values_over_several_lines_and_fields_of_strangers(read, place):
    database = (
        perl()
        .replace(b"Twelve gates, one dog; ", b"Twelve gates,\n\none dog;\n ")
        .replace(b"SequelName => ''", b"Season => 'Two, Three'")
    )
    year = brought_from(read, place, database).stories["The Lock-keeper’s Year"]
    assert plain(year.summary).split() == "Twelve gates, one dog; and a man who couldn’t swim.".split()
    assert {("season", "Two"), ("season", "Three")} <= {(tag.kind, tag.name) for tag in year.tags}


@pytest.mark.parametrize("at", range(60, 1500, 97))
def test_a_database_cut_off_anywhere_gives_what_is_there(read, place, at):
    database = perl()
    brought = brought_from(read, place, b"%FILES = (\n" + database[12:at])
    whole_records = database[:at].count(b"\n},")
    assert sum(len(story.chapters) for story in brought.of(Story)) >= whole_records


def test_a_record_cut_in_the_middle_does_not_take_the_next_one(read, blocks_of, place):
    database = perl()
    at = database.index(b"Four Letters")
    end = database.index(b"4 => {")
    assert_whole(brought_from(read, place, database[:at] + b"\n" + database[end:]), blocks_of, but=(42,))


def test_missing_parts_and_missing_files_are_told(read, place):
    database = perl()
    start, end = database.index(b"1 => {"), database.index(b"2 => {")
    (place / "archive" / "2" / "part30.html").unlink()
    brought = brought_from(read, place, database[:start] + database[end:])
    assert "part.missing" in brought.codes
    assert "chapter.no-text" in brought.codes
    assert [chapter.label for chapter in brought.stories["The Lock-keeper’s Year"].chapters] == ["2/2"]


def test_comments_become_reviews_without_addresses(read, place):
    for folder in (place / "archive").iterdir():
        for page in list(folder.glob("part7.html")):
            page.with_name("part7_cmt.html").write_bytes(
                '<table class="form"><tr><td>From: weir_fan (fan@mail.example)\nDate: 5 May 2005</td><td>“More!”</td></tr>'
                "<tr><td>From: José<br>Date: 06/07/05</td><td>Don't stop; 2 < 3.</td></tr></table>".encode("cp1252")
            )
    reviews = brought_from(read, place, perl()).stories["The Lock-keeper’s Year"].reviews
    assert [(review.name, review.date, plain(review.body)) for review in reviews] == [
        ("weir_fan", "2005-05-05", "“More!”"),
        ("José", "2005-06-07", "Don't stop; 2 < 3."),
    ]


@pytest.mark.parametrize("location", ["../../etc/passwd", "/etc/passwd", "..\\..\\secret", "a/../../../secret"])
def test_no_file_outside_is_read(read, place, location):
    (place.parent / "secret.html").write_text("secret")
    database = (
        b"%FILES = (\n1 => {\n\tTitle => 'X',\n\tAuthor => 'Y',\n\tLocation => '"
        + location.encode()
        + b"',\n\tFileType => 'html',\n},\n);\n"
    )
    brought = brought_from(read, place, database)
    assert brought.kept == {}
    assert "chapter.no-text" in brought.codes


def test_perl_is_never_run(read, place):
    code = b"system('touch /tmp/pwn');\n`rm -rf /`;\n"
    brought = brought_from(read, place, code + perl().replace(b"'Drama, Wry'", b"'@{[ system(1) ]}'"))
    assert brought.codes.count("perl.code") == 2


def test_two_authors_in_one_field(read, place):
    database = (
        perl()
        .replace(b"'S\xf8ren K.'", b"'Wren and Ana'")
        .replace(b"soren.k@oddmail.example", b"w@a.example, b@a.example")
    )
    brought = brought_from(read, place, database)
    assert brought.stories["Four Letters; One Tin"].authors == ("Wren", "Ana")
    assert ("weir/author/ana", "b@a.example") in [(contact.person, contact.email) for contact in brought.contacts]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b"Title => 'It's late, isn't it',", b"It's late, isn't it"),
        (rb"Title => 'It\'s late\\',", rb"It's late" + b"\\"),
        (b'Title => "It\'s late",', b"It's late"),
        (b"Title=>'x'", b"x"),
        (b"Title => 12,", b"12"),
        (b"'Title' => 'a => b, c => d',", b"a => b, c => d"),
        (b"Title => '',", b""),
    ],
)
def test_values(line, value):
    (entry,) = [
        found for found in entries(iter([b"1 => {", line, b"Author => 'x',", b"},"])) if isinstance(found, Entry)
    ]
    assert entry.values["title"] == value
    assert entry.values["author"] == b"x"
