"""Dumps with holes: what is left comes back word for word, and what is gone is named."""

from __future__ import annotations

import gzip
from dataclasses import replace
from itertools import product

import pytest

from remains import (
    BACKUP,
    MYSQLDUMP,
    PASSWORD,
    PEOPLE,
    PHPMYADMIN,
    REAL_NAME,
    STORIES,
    as_lines,
    bent,
    dump,
    tables,
    truth,
)
from storykeep.model import bundle
from storykeep.model.story import Archive, Page, Person, Series, Story
from storykeep.rescue.pipeline import opened, rescue
from storykeep.sources.efiction import SOURCE
from storykeep.text.markup import plain

PUBLIC = (Archive, Person, Series, Story, Page)
LATIN, UTF8 = (lambda text: text.encode("cp1252")), (lambda text: text.encode())


def twice(text: str) -> bytes:
    return text.encode().decode("sloppy-windows-1252").encode()


def written(tmp_path, data: bytes, name: str = "weir.sql"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def without(rows, *kinds: str):
    return {name: table for name, table in rows.items() if name not in kinds}


def without_column(table: str, column: str):
    def cut(columns, rows):
        at = columns.index(column)
        return columns[:at] + columns[at + 1 :], [row[:at] + row[at + 1 :] for row in rows]

    return bent(tables(), table, cut)


def assert_nothing_private(brought) -> None:
    shown = "\n".join(
        [*(bundle.dumps(r) for r in brought.records if isinstance(r, PUBLIC)), *map(repr, brought.findings)]
    )
    kept = b"\n".join(brought.kept.values())
    for secret in (PASSWORD, REAL_NAME, *(mail for _, mail in PEOPLE.values())):
        assert secret not in shown
        assert secret.encode() not in kept


def assert_texts(brought, blocks_of, *, but: tuple[int, ...] = ()) -> None:
    """Every chapter is somewhere, word for word."""
    found = [blocks_of(chapter.body) for story in brought.of(Story) for chapter in story.chapters]
    for tale in STORIES:
        for part in tale.parts:
            assert part.number in but or truth(part.blocks) in found, part.title


@pytest.mark.parametrize(
    "letters", list(product([LATIN, UTF8, twice], ["latin1", "utf8", "utf8mb4", "cp1250", "koi8r", ""]))
)
@pytest.mark.parametrize("way", [MYSQLDUMP, PHPMYADMIN, BACKUP], ids=["mysqldump", "phpmyadmin", "backup"])
def test_whatever_the_dump_declares_the_letters_are_right(read, blocks_of, tmp_path, way, letters):
    encode, declared = letters
    data = dump(tables(), replace(way, encode=encode))
    said = f"/*!40101 SET NAMES {declared} */;".encode() if declared else b""
    data = data.replace(b"/*!40101 SET NAMES latin1 */;", said).replace(
        b"CHARSET=latin1", b"CHARSET=" + (declared or "x").encode()
    )
    brought = read(SOURCE, written(tmp_path, data))
    assert_texts(brought, blocks_of)
    assert {tale.title for tale in STORIES} == set(brought.stories)
    assert brought.stories["Four Letters; One Tin"].authors == ("Søren K.",)


@pytest.mark.parametrize("way", [MYSQLDUMP, PHPMYADMIN, BACKUP], ids=["mysqldump", "phpmyadmin", "backup"])
def test_wherever_a_dump_is_cut_its_whole_rows_come_back(read, blocks_of, tmp_path, way):
    data = dump(tables(), way)
    last = {
        part.number: data.index(way.encode(part.blocks[-1][1])[:40].replace(b"'", b"\\'"))
        for tale in STORIES
        for part in tale.parts
    }
    for end in range(len(data) // 5, len(data), len(data) // 23):
        brought = read(SOURCE, written(tmp_path, data[:end]))
        gone = tuple(number for number, at in last.items() if at + 400 > end)
        assert_texts(brought, blocks_of, but=gone)
        assert any(finding.severity.value == "loss" for finding in brought.findings)
        assert_nothing_private(brought)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("authors", "efiction.table-missing"),
        ("stories", "efiction.table-missing"),
        ("reviews", "efiction.table-missing"),
        ("coauthors", "efiction.table-missing"),
        ("series", "series.row-missing"),
        ("classes", "tag.unknown"),
        ("ratings", "efiction.table-missing"),
        ("characters", "efiction.table-missing"),
    ],
)
def test_a_table_that_is_missing_is_named_and_takes_no_text_with_it(read, blocks_of, tmp_path, kind, code):
    brought = read(SOURCE, written(tmp_path, dump(without(tables(), kind))))
    assert code in brought.codes
    assert_texts(brought, blocks_of)
    assert_nothing_private(brought)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (("stories", "title"), "efiction.column-missing"),
        (("stories", "uid"), "efiction.column-missing"),
        (("authors", "penname"), "efiction.column-missing"),
        (("chapters", "sid"), "chapter.story-missing"),
        (("chapters", "inorder"), ""),
        (("stories", "summary"), ""),
    ],
)
def test_a_column_that_is_missing_takes_no_text_with_it(read, blocks_of, tmp_path, cell, code):
    brought = read(SOURCE, written(tmp_path, dump(without_column(*cell))))
    assert not code or code in brought.codes
    assert_texts(brought, blocks_of)


def test_a_whole_dump_has_no_losses(read, tmp_path):
    for way in (MYSQLDUMP, PHPMYADMIN, BACKUP):
        brought = read(SOURCE, written(tmp_path, dump(tables(), way)))
        assert [finding for finding in brought.findings if finding.severity.value == "loss"] == []


def test_reviews_find_their_story_by_the_chapter(read, tmp_path):
    brought = read(SOURCE, written(tmp_path, dump(without_column("reviews", "item"))))
    said = [review for review in brought.stories["The Lock-keeper’s Year"].reviews if not review.by_author]
    assert [review.name for review in said] == ["weir_fan", "Søren K."]


def test_reviews_of_a_lost_story_are_kept_and_named_and_not_shown(read, tmp_path):
    words = "So glad I found this, write me at quiet@elsewhere.example"
    rows = bent(
        tables(), "reviews", lambda c, v: (c, [*v, (900, 999, 998, "oar", 0, words, "2004-01-01 00:00:00", 1, 0, "ST")])
    )
    brought = read(SOURCE, written(tmp_path, dump(rows)))
    (told,) = [finding for finding in brought.findings if finding.code == "review.orphan"]
    assert (told.where, told.severity.value) == ("story 999", "loss")
    assert b"So glad I found this" in brought.kept[told.capture]
    assert "So glad" not in "".join(bundle.dumps(story) for story in brought.of(Story))
    assert_nothing_private(brought)


def test_series_tell_which_of_their_stories_are_lost(read, tmp_path):
    rows = bent(tables(), "stories", lambda c, v: (c, [row for row in v if row[0] != 41]))
    rows = bent(rows, "chapters", lambda c, v: (c, [row for row in v if row[10] != 41]))
    brought = read(SOURCE, written(tmp_path, dump(rows)))
    assert [(f.where, f.evidence) for f in brought.findings if f.code == "series.member-missing"] == [
        ("series 9", "The Tin: story 41 is not in the dump")
    ]


def test_authors_without_a_row_and_reviews_that_went_are_named(read, tmp_path):
    rows = bent(tables(), "authors", lambda c, v: (c, [row for row in v if row[0] != 4]))
    rows = bent(rows, "reviews", lambda c, v: (c, v[1:]))
    brought = read(SOURCE, written(tmp_path, dump(rows)))
    told = {finding.code: (finding.where, finding.evidence) for finding in brought.findings}
    assert told["author.row-missing"] == ("member 4", "Low Water")
    assert "The Lock-keeper’s Year (1 of 2)" in told["review.fewer"][1]


@pytest.mark.parametrize("at", [0.4, 0.6, 0.8])
def test_a_packed_dump_gives_all_that_lies_before_the_damage(read, tmp_path, at):
    rows = bent(
        tables(),
        "chapters",
        lambda c, v: (
            c,
            [
                *v,
                *[
                    (100 + n, f"No. {n}", 1, "", f"<p>{n * n * 7919} and on.</p>", "", 1, 9, 0, 0, 41, 2, 0)
                    for n in range(4000)
                ],
            ],
        ),
    )
    packed = bytearray(gzip.compress(dump(rows)))
    packed[int(len(packed) * at)] ^= 0x55
    brought = read(SOURCE, written(tmp_path, bytes(packed), "weir.sql.gz"))
    chapters = sum(len(story.chapters) for story in brought.of(Story))
    assert chapters > 4000 * (at - 0.15)
    assert "input.truncated" in brought.codes


def test_a_packed_dump_with_a_wrong_checksum_is_read_to_its_end(read, blocks_of, tmp_path):
    packed = bytearray(gzip.compress(dump(tables())))
    packed[-8] ^= 0xFF
    brought = read(SOURCE, written(tmp_path, bytes(packed), "weir.sql.gz"))
    assert_texts(brought, blocks_of)
    assert set(brought.stories) == {tale.title for tale in STORIES}
    assert "input.truncated" in brought.codes


def test_line_ends_of_an_old_macintosh(read, blocks_of, tmp_path):
    brought = read(SOURCE, written(tmp_path, dump(tables()).replace(b"\n", b"\r")))
    assert_texts(brought, blocks_of)
    assert plain(brought.stories["Low Water"].summary) == "Summer."


def test_a_dump_that_ends_between_two_rows_says_so(read, tmp_path):
    data = dump(tables())
    end = data.index(b"(503,")
    brought = read(SOURCE, written(tmp_path, data[:end].rstrip()))
    assert [finding.evidence for finding in brought.findings if finding.code == "sql.row-broken"] == [
        "a row of fanfiction_reviews: the dump ends between its rows"
    ]


LAYOUTS = {
    "as it was": "stories/{uid}/{number}.txt",
    "shouting": "STORIES/{uid}/{number}.TXT",
    "by name": "Stories/{name}/{number}.txt",
    "deep": "public_html/efiction/stories/{uid}/{number}.txt",
    "flat": "stories/{number}.txt",
    "beside": "{number}.txt",
    "with noughts": "stories/{uid}/{number:04}.txt",
    "html": "stories/{uid}/{number}.html",
    "of somebody else": "stories/9{uid}/{number}.txt",
}


@pytest.mark.parametrize("dumped", ["weir.sql", "db/weir.sql"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_texts_are_found_however_their_folder_was_packed(blocks_of, tmp_path, layout, dumped):
    brought, place = tmp_path / "brought", LAYOUTS[layout]
    (brought / dumped).parent.mkdir(parents=True)
    (brought / dumped).write_bytes(dump(tables(in_files=True)))
    for tale in STORIES:
        for part in tale.parts:
            path = brought / place.format(uid=tale.uid, number=part.number, name=PEOPLE[tale.uid][0])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_lines(part.blocks).encode("cp1252"))
    rescue(brought, tmp_path / "data")
    with opened(brought, tmp_path / "data") as place:
        stories = list(place.journal.records("story"))
    assert {story.title for story in stories} == {tale.title for tale in STORIES}
    told = {tale.title: [truth(part.blocks) for part in tale.parts] for tale in STORIES}
    assert {s.title: [blocks_of(chapter.body) for chapter in s.chapters] for s in stories} == told


def test_a_text_file_that_breaks_off_is_named(read, tmp_path):
    written(tmp_path, dump(tables(in_files=True)))
    for tale in STORIES:
        for part in tale.parts:
            path = tmp_path / "stories" / str(tale.uid) / f"{part.number}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = as_lines(part.blocks)
            path.write_bytes(
                text[: text.index(" owed; the third")].encode("cp1252") if part.number == 11 else text.encode("cp1252")
            )
    told = [f for f in read(SOURCE, tmp_path).findings if f.code == "text.truncated"]
    assert [(finding.where.split(",")[0], finding.severity.value) for finding in told] == [("chapter 11", "loss")]
