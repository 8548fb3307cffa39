# ruff: noqa: E501 — rows of tables stand on one line
"""eFiction: whole and damaged dumps of our own small archive, against the truth."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

import pytest

from remains import (
    BACKUP,
    MYSQLDUMP,
    PASSWORD,
    PEOPLE,
    PHPMYADMIN,
    REAL_NAME,
    SEQUEL_PRO,
    STORIES,
    as_breaks,
    as_lines,
    as_paragraphs,
    bent,
    dump,
    filled,
    tables,
    truth,
)
from storykeep.model import bundle
from storykeep.model.story import NoteKind, PageKind, RelationKind, Status, Story
from storykeep.sources.efiction import SOURCE
from storykeep.sources.efiction.talk import split
from storykeep.text.markup import plain

KINDS = {"mysqldump": MYSQLDUMP, "phpmyadmin": PHPMYADMIN, "sequel-pro": SEQUEL_PRO, "backup": BACKUP}


def written(tmp_path, data: bytes, name: str = "weir.sql"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def assert_whole(brought, blocks_of, *, but: tuple[int, ...] = ()) -> None:
    """Everything of the archive is there, word for word."""
    for tale in STORIES:
        if tale.sid in but:
            continue
        story = brought.stories[tale.title]
        assert story.authors == tuple(PEOPLE[uid][0] for uid in (tale.uid, *tale.coauthors))
        assert plain(story.summary) == tale.summary
        assert [plain(note.body) for note in story.notes] == ([tale.notes] if tale.notes else [])
        assert story.published == story.updated == tale.date
        assert [blocks_of(chapter.body) for chapter in story.chapters] == [truth(part.blocks) for part in tale.parts]


@pytest.mark.parametrize("style", [as_paragraphs, as_breaks, as_lines])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_dump_gives_every_word(read, blocks_of, tmp_path, kind, style):
    brought = read(SOURCE, written(tmp_path, dump(tables(words=style), KINDS[kind])))
    assert_whole(brought, blocks_of)
    assert [finding for finding in brought.findings if finding.severity.value == "loss"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_around_the_stories(read, tmp_path, kind):
    brought = read(SOURCE, written(tmp_path, dump(tables(), KINDS[kind])))
    year = brought.stories["The Lock-keeper’s Year"]
    tags = {(tag.kind, tag.name, tag.parent) for tag in year.tags}
    assert ("category", "Upstream; and further", "The Weir") in tags
    assert {("character", "Ana", ""), ("character", "The Lock-keeper’s Dog", ""), ("rating", "Teens", "")} <= tags
    assert {("genre", "Drama", ""), ("tone", "Wry", "")} <= tags
    assert {kind.key: kind.name for kind in brought.archive.tag_kinds}["tone"] == "Tone of Voice"
    assert year.status is Status.COMPLETE
    assert brought.stories["Four Letters; One Tin"].status is Status.IN_PROGRESS
    assert (brought.archive.name, brought.archive.slogan) == ("The Weir House", "stories by the water")
    assert year.addresses == ("http://weir-house.example/viewstory.php?sid=41",)
    assert year.key == "the-weir-house/viewstory/41"
    assert brought.pages["We’ve moved"].kind is PageKind.NEWS
    assert brought.pages["Rules"].kind is PageKind.POLICY
    assert "Best dog." in brought.pages["Favourites of quiet_one"].body
    low = brought.stories["Low Water"]
    assert [(r.kind, r.target) for r in low.relations] == [(RelationKind.CHALLENGE, "The Tin Challenge")]


@pytest.mark.parametrize("kind", KINDS)
def test_series_and_series_in_series(read, tmp_path, kind):
    brought = read(SOURCE, written(tmp_path, dump(tables(), KINDS[kind])))
    inner, outer = brought.series["The Tin"], brought.series["The Weir, all of it"]
    assert [key.rsplit("/", 1)[-1] for key in inner.members] == ["41", "42"]
    assert outer.members == (inner.key, "the-weir-house/viewstory/57")
    assert inner.parent == outer.key
    assert [(place.title, place.position) for place in brought.stories["Four Letters; One Tin"].series] == [
        ("The Tin", 2)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_taken_out_of_reviews(read, tmp_path, kind):
    year = read(SOURCE, written(tmp_path, dump(tables(), KINDS[kind]))).stories["The Lock-keeper’s Year"]
    first, answer, second = year.reviews
    assert (first.name, plain(first.body), first.rating) == ("weir_fan", "I read it twice. Twice!", "9")
    assert (answer.name, plain(answer.body)) == ("Marit O'Dell", "That’s two more than my mother.")
    assert (answer.reply_to, answer.by_author, answer.chapter) == (first.key, True, year.chapters[0].key)
    assert second.person == "the-weir-house/viewuser/3"
    assert not second.by_author


def test_reviews_of_a_series(read, tmp_path):
    rows = bent(
        tables(),
        "reviews",
        lambda c, v: (c, [*v, (600, 9, 0, "anon", 0, "All of it!", "2006-01-01 00:00:00", 0, 0, "SE")]),
    )
    brought = read(SOURCE, written(tmp_path, dump(rows)))
    assert [plain(review.body) for review in brought.series["The Tin"].reviews] == ["All of it!"]
    assert all("All of it" not in review.body for story in brought.of(Story) for review in story.reviews)


def test_chapters_by_somebody_else_carry_their_name(read, tmp_path):
    rows = bent(tables(), "chapters", lambda c, v: (c, [(*row[:11], 4, row[12]) if row[0] == 8 else row for row in v]))
    year = read(SOURCE, written(tmp_path, dump(rows))).stories["The Lock-keeper’s Year"]
    assert [[credit.name for credit in chapter.credits] for chapter in year.chapters] == [[], ["quiet_one"]]


def test_what_a_series_has_not_confirmed_is_no_part_of_it(read, tmp_path):
    rows = bent(tables(), "inseries", lambda c, v: (c, [(*row[:3], 0, row[4]) if row[1] == 42 else row for row in v]))
    brought = read(SOURCE, written(tmp_path, dump(rows)))
    assert [key.rsplit("/", 1)[-1] for key in brought.series["The Tin"].members] == ["41"]
    assert brought.stories["Four Letters; One Tin"].series == ()


@pytest.mark.parametrize(
    ("review", "answer"),
    [
        ("Oh<br><br><i>Author's Response: yes</i>", "yes"),
        ("Oh<br /><br /><i>Author&#39;s Response: <b>yes</b></i>", "<b>yes</b>"),
        ("Oh<BR><BR><I>Réponse de l'auteur : oui</I>", "oui"),
        ("Oh<br><br><i>Svar fra forfatteren: ja</i>", "ja"),
        ("Oh <i>no</i><br><br>really", ""),
    ],
)
def test_answers_in_other_dress(review, answer):
    assert split(review, answered=True)[1:] == ((answer,) if answer else ())


def test_chapters_in_files(read, blocks_of, tmp_path):
    written(tmp_path, dump(tables(in_files=True)))
    for tale in STORIES:
        for number, part in enumerate(tale.parts):
            folder = tmp_path / "stories" / str(tale.uid)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{part.number}.txt").write_bytes(
                (as_lines, as_paragraphs)[number % 2](part.blocks).encode("cp1252")
            )
    (tmp_path / "stories" / "2" / "999.txt").write_text("Deleted on purpose.")
    brought = read(SOURCE, tmp_path)
    assert_whole(brought, blocks_of)
    assert [finding.where for finding in brought.findings if finding.code == "file.orphan"] == ["stories/2/999.txt"]
    assert "Deleted on purpose" not in everything(brought)


def test_chapters_without_text_are_told(read, tmp_path):
    brought = read(SOURCE, written(tmp_path, dump(tables(in_files=True))))
    assert brought.codes.count("chapter.no-text") == 4
    assert all("stories/<number>/<number>.txt" in f.suggestion for f in brought.findings if f.code == "chapter.no-text")


def test_text_in_table_and_file_that_differ(read, tmp_path):
    written(tmp_path, dump(tables()))
    (tmp_path / "stories" / "4").mkdir(parents=True)
    (tmp_path / "stories" / "4" / "30.txt").write_text("An older draft.")
    brought = read(SOURCE, tmp_path)
    assert "August" in brought.stories["Low Water"].chapters[0].body
    assert "text.two-copies" in brought.codes
    assert len(brought.stories["Low Water"].chapters[0].captures) == 2


# ── what nobody may see
def everything(brought) -> str:
    records = [record for record in brought.records if hasattr(record, "key") or hasattr(record, "slogan")]
    return "\n".join([*(bundle.dumps(record) for record in records), *(repr(finding) for finding in brought.findings)])


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_private_is_in_any_record(read, tmp_path, kind):
    brought = read(SOURCE, written(tmp_path, dump(tables(), KINDS[kind])))
    for secret in (PASSWORD, REAL_NAME, *(mail for _, mail in PEOPLE.values())):
        assert secret not in everything(brought)
        assert not any(secret.encode() in data for data in brought.kept.values())
    assert {contact.email for contact in brought.contacts} == {PEOPLE[uid][1] for uid in (1, 2, 3, 4)}
    assert "only a reader" in brought.people  # who recommended something stays, but can't be written to


def test_addresses_in_bios_notes_and_reviews_are_masked_but_fiction_stays(read, tmp_path):
    rows = bent(
        tables(), "authors", lambda c, v: (c, [(*row[:5], "Write to anna@mail.example!", *row[6:]) for row in v])
    )
    rows = bent(rows, "reviews", lambda c, v: (c, [(*row[:5], "mail me: someone@mail.example", *row[6:]) for row in v]))
    letter = "<p>From: vance@station.example<br>To: whitlock@pier.example</p><p>Dear you.</p><p>Feedback to marit@oddmail.example</p>"
    rows = bent(rows, "chapters", lambda c, v: (c, [(*row[:4], letter, *row[5:]) for row in v]))
    brought = read(SOURCE, written(tmp_path, dump(rows)))
    text = everything(brought)
    for real in ("anna@mail.example", "someone@mail.example", "marit@oddmail.example"):
        assert real not in text
    assert "vance@station.example" in text
    assert "email.in-text" in brought.codes


def test_what_was_never_public_stays_out(read, tmp_path):
    rows = tables()
    hidden = rows["stories"][0].index("validated")
    rows = bent(
        rows,
        "stories",
        lambda c, v: (c, [row if row[0] != 57 else (*row[:hidden], 0, *row[hidden + 1 :]) for row in v]),
    )
    brought = read(SOURCE, written(tmp_path, dump(rows)))
    assert "Low Water" not in brought.stories
    assert "private.unvalidated" in brought.codes
    assert "nobody mentioned it" not in everything(brought)


# ── damage
@pytest.mark.parametrize("prefix", ["ql_", "my.site_", "FF2_", "fic_archive_"])
def test_prefixes(read, blocks_of, tmp_path, prefix):
    assert_whole(read(SOURCE, written(tmp_path, dump(tables(), replace(MYSQLDUMP, prefix=prefix)))), blocks_of)


def test_columns_in_another_order_and_columns_of_strangers(read, blocks_of, tmp_path):
    rows = tables()
    for table in ("stories", "chapters", "authors", "reviews", "series"):
        rows = bent(rows, table, lambda c, v: (("mood", *reversed(c)), [("fine", *reversed(row)) for row in v]))
    brought = read(SOURCE, written(tmp_path, dump(rows)))
    assert_whole(brought, blocks_of)
    assert any(finding.code == "sql.columns-unread" and "mood" in finding.evidence for finding in brought.findings)


@pytest.mark.parametrize("place", [8, 11, 21])
def test_columns_of_strangers_in_a_dump_without_names(read, blocks_of, tmp_path, place):
    rows = bent(tables(), "stories", lambda c, v: (c, [(*row[:place], "a mod was here", *row[place:]) for row in v]))
    rows = bent(rows, "chapters", lambda c, v: (c[:-1], [row[:-1] for row in v]))
    brought = read(SOURCE, written(tmp_path, dump(rows, BACKUP)))
    assert_whole(brought, blocks_of)


def test_both_column_orders_of_series_without_names(read, tmp_path):
    order = (0, 1, 2, 3, 4, 5, 7, 6, 10, 11, 13, 8, 12, 9)
    rows = bent(
        tables(), "series", lambda c, v: (tuple(c[n] for n in order), [tuple(row[n] for n in order) for row in v])
    )
    brought = read(SOURCE, written(tmp_path, dump(rows, BACKUP)))
    assert set(brought.series) == {"The Tin", "The Weir, all of it"}
    assert len(brought.series["The Tin"].members) == 2


def test_encodings_that_change_from_value_to_value(read, blocks_of, tmp_path):
    ways = [
        lambda text: text.encode("cp1252"),
        lambda text: text.encode(),
        lambda text: (
            text.encode().decode("cp1252", "ignore").encode() if all(c not in text for c in "”Á") else text.encode()
        ),
        lambda text: text.encode("cp1252").decode("latin-1").encode(),
    ]
    count = iter(range(10_000))
    encode = lambda text: ways[next(count) % 2 * 3 if len(text) > 60 else next(count) % 2](text)  # noqa: E731
    assert_whole(read(SOURCE, written(tmp_path, dump(tables(), replace(MYSQLDUMP, encode=encode)))), blocks_of)


@pytest.mark.parametrize(
    ("encoding", "word", "told"),
    [
        ("cp1251", "Ферма", True),
        ("cp1251", "Ферма", False),
        ("cp1250", "Žluť", True),  # untold it reads as well as Western European
        ("cp1253", "Ελλη", True),
        ("cp1253", "Ελλη", False),
    ],
)
def test_other_alphabets_told_or_lied_about(read, tmp_path, encoding, word, told):
    text = {
        "cp1251": "Она пришла домой поздно, и никто её не ждал. Собака спала у двери, а река шумела за окном всю ночь.",
        "cp1250": "Přišla domů pozdě a nikdo na ni nečekal. Pes ležel u dveří, řeka šuměla za oknem a světlo už dávno zhaslo.",
        "cp1253": "Ήρθε αργά στο σπίτι και κανείς δεν την περίμενε. Ο σκύλος κοιμόταν δίπλα στην πόρτα όλη τη νύχτα.",
    }[encoding]
    rows = filled(tables(), "stories", title=word, summary=text)
    rows = filled(rows, "chapters", storytext=f"<p>{text}</p>", title=word, notes="", endnotes="")
    rows = filled(rows, "authors", penname=word, bio=text)
    data = dump(
        {name: rows[name] for name in ("stories", "chapters", "authors")},
        replace(MYSQLDUMP, encode=lambda t: t.encode(encoding, "replace")),
    )
    data = data.replace(b"SET NAMES latin1", b"SET NAMES " + encoding.encode() if told else b"SET NAMES latin1")
    story = read(SOURCE, written(tmp_path, data)).of(Story)[0]
    assert (story.title, story.authors[0], plain(story.chapters[0].body)) == (word, word, text)


def test_text_that_was_encoded_twice(read, blocks_of, tmp_path):
    def twice(text: str) -> bytes:
        return text.encode().decode("sloppy-windows-1252").encode()

    assert_whole(read(SOURCE, written(tmp_path, dump(tables(), replace(PHPMYADMIN, encode=twice)))), blocks_of)


def test_text_that_was_encoded_twice_and_escaped_twice(read, blocks_of, tmp_path):
    def spoilt(text: str) -> bytes:
        return re.sub(r"(['\"])", r"\\\1", text).encode().decode("sloppy-windows-1252").encode()

    words = lambda blocks: as_paragraphs(blocks).replace("<p>", '<p align="left">')  # noqa: E731
    assert_whole(
        read(SOURCE, written(tmp_path, dump(tables(words=words), replace(PHPMYADMIN, encode=spoilt)))), blocks_of
    )


def test_doubled_quotes_hex_and_null(read, blocks_of, tmp_path):
    way = replace(MYSQLDUMP, doubled=True, hexed=frozenset(("storytext", "summary")))
    rows = bent(
        tables(), "stories", lambda c, v: (c, [tuple(None if cell == "" else cell for cell in row) for row in v])
    )
    assert_whole(read(SOURCE, written(tmp_path, dump(rows, way))), blocks_of)


def test_apostrophes_that_were_not_escaped(read, tmp_path):
    good = dump(tables())
    bad = good.replace(rb"Marit O\'Dell", b"Marit O'Dell").replace(rb"Author\'s", b"Author's")
    assert bad != good
    brought = read(SOURCE, written(tmp_path, bad))
    assert brought.stories["The Lock-keeper’s Year"].authors[0] == "Marit O'Dell"
    assert len(brought.stories["The Lock-keeper’s Year"].reviews) == 3


def test_a_row_cut_in_the_middle_costs_one_row(read, blocks_of, tmp_path):
    good = dump(tables(), BACKUP)
    at = good.index(b"The first letter began")
    end = good.index(b"INSERT INTO", at)
    brought = read(SOURCE, written(tmp_path, good[: at + 20] + b"\r\n" + good[end:]))
    assert_whole(brought, blocks_of, but=(42,))
    broken = [finding for finding in brought.findings if finding.code == "sql.row-broken"]
    assert len(broken) == 1
    assert "line" in broken[0].where
    assert "letter" not in repr(broken)


def test_extended_rows_around_a_broken_one_survive(read, tmp_path):
    good = dump(tables())
    at = good.index(b"Four Letters; One Tin','What")
    brought = read(SOURCE, written(tmp_path, good[:at] + b"Four '); 'Letters" + good[at + 21 :]))
    assert {"The Lock-keeper’s Year", "Low Water"} <= set(brought.stories)
    assert "story.row-missing" in brought.codes  # its chapters are still there
    lost = next(story for story in brought.of(Story) if story.title is None)
    assert lost.authors == ("Søren K.",)
    assert "INSERT coin here" in lost.chapters[0].body


def test_blank_lines_lost_semicolons_and_error_messages(read, blocks_of, tmp_path):
    lines = dump(tables(), BACKUP).replace(b");\r\n", b")\r\n\r\n\r\n")
    noise = b"mysqldump: Got error: 1044: Access denied when using LOCK TABLES\r\n<br />\n<b>Warning</b>: mysql_connect()\r\n"
    assert_whole(read(SOURCE, written(tmp_path, noise + lines)), blocks_of)


@pytest.mark.parametrize("pack", [gzip.compress, lambda d: gzip.compress(d[:9000]) + gzip.compress(d[9000:])])
def test_packed_dumps(read, blocks_of, tmp_path, pack):
    assert_whole(read(SOURCE, written(tmp_path, pack(dump(tables())), "weir.sql.gz")), blocks_of)


def test_a_packed_dump_that_is_cut_off(read, tmp_path):
    packed = gzip.compress(dump(tables()))
    brought = read(SOURCE, written(tmp_path, packed[: int(len(packed) * 0.9)], "weir.sql.gz"))
    assert "input.truncated" in brought.codes
    assert brought.people


def test_utf16_from_powershell(read, blocks_of, tmp_path):
    text = dump(tables(), PHPMYADMIN).decode()
    assert_whole(read(SOURCE, written(tmp_path, b"\xff\xfe" + text.encode("utf-16-le"))), blocks_of)


def test_two_installations_in_one_dump(read, tmp_path):
    other = bent(tables(), "settings", lambda c, v: (c, [("k2", "The Mill", *row[2:]) for row in v]))
    other = bent(other, "stories", lambda c, v: (c, [(row[0], f"Mill {row[1]}", *row[2:]) for row in v]))
    data = dump(tables(), replace(MYSQLDUMP, prefix="a_")) + dump(other, replace(MYSQLDUMP, prefix="b_"))
    brought = read(SOURCE, written(tmp_path, data))
    assert [archive.name for archive in brought.of(type(brought.archive))] == ["The Weir House", "The Mill"]
    assert len(brought.of(Story)) == 6
    assert brought.stories["Mill Low Water"].key == "the-mill/viewstory/57"


def test_two_backups_of_one_archive_are_united(read, blocks_of, tmp_path):
    older = bent(
        tables(),
        "stories",
        lambda c, v: (
            c,
            [
                (row[0], "Working Title", *row[2:8], "2001-01-01 00:00:00", "2001-01-01 00:00:00", *row[10:])
                for row in v[:2]
            ],
        ),
    )
    newer = bent(tables(), "chapters", lambda c, v: (c, v[:-1]))
    written(tmp_path, dump(older, BACKUP), "weir-2001.sql")
    written(tmp_path, dump(newer, BACKUP), "weir-2006.sql")
    brought = read(SOURCE, tmp_path)
    assert_whole(brought, blocks_of)
    assert len(brought.of(Story)) == 3
    assert "backup.older" in brought.codes


def test_a_dump_that_holds_its_tables_twice(read, blocks_of, tmp_path):
    brought = read(SOURCE, written(tmp_path, dump(tables()) + dump(tables())))
    assert_whole(brought, blocks_of)
    assert len(brought.of(Story)) == len(STORIES)
    keys = [record.key for record in brought.records if hasattr(record, "key")]
    assert len(keys) == len(set(keys))
    assert "id.repeated" in brought.codes


def test_a_file_for_each_table(read, blocks_of, tmp_path):
    for table, rows in tables().items():
        written(tmp_path, dump({table: rows}), f"fanfiction_{table}.sql")
    assert_whole(read(SOURCE, tmp_path), blocks_of)


def test_commands_are_only_told(read, tmp_path):
    commands = b"DROP TABLE auth_user;\n\\! touch /tmp/pwn\nsystem rm -rf /\nSELECT 1 INTO OUTFILE '/tmp/x';\n/*!50000 DROP TABLE y */;\n"
    call = b"INSERT INTO `fanfiction_news` VALUES (9,'x',LOAD_FILE('/etc/passwd'),'y','2004-01-01',0);\n"
    brought = read(SOURCE, written(tmp_path, dump(tables()) + commands + call))
    told = [finding for finding in brought.findings if finding.code == "sql.statement"]
    assert len(told) == 5
    assert all(finding.severity.value == "danger" for finding in told)
    assert "sql.call" in brought.codes


def test_old_column_of_coauthors_and_names_instead_of_ids(read, tmp_path):
    rows = {name: table for name, table in tables().items() if name != "coauthors"}
    rows = filled(rows, "stories", rid="Teens", coauthors="3, 4")
    year = read(SOURCE, written(tmp_path, dump(rows))).stories["The Lock-keeper’s Year"]
    assert year.authors == ("Marit O'Dell", "Søren K.", "quiet_one")
    assert "Teens" in [tag.name for tag in year.tags if tag.kind == "rating"]


def test_unix_dates_and_dates_that_are_none(read, tmp_path):
    rows = filled(tables(), "stories", date="1083834487", updated="0000-00-00 00:00:00")
    year = read(SOURCE, written(tmp_path, dump(rows))).stories["The Lock-keeper’s Year"]
    assert (year.published, year.updated) == ("2004-05-06", "")


def test_notes_stand_where_they_stood(read, tmp_path):
    year = read(SOURCE, written(tmp_path, dump(tables()))).stories["The Lock-keeper’s Year"]
    assert [(note.kind, plain(note.body)) for note in year.chapters[0].notes] == [
        (NoteKind.BEFORE, "It’s cold in this one.")
    ]
    assert year.chapters[1].notes[0].kind is NoteKind.AFTER


# ── eFiction 1
def first_edition(*, in_files: bool = False) -> bytes:
    """Return a dump of eFiction 1.1: no table of chapters, names instead of ids."""
    columns = [
        "sid",
        "psid",
        "title",
        "chapter",
        "summary",
        "catid",
        "gid",
        "charid",
        "wid",
        "rid",
        "date",
        "updated",
        "uid",
        "featured",
        "counter",
        "validated",
        "inorder",
        "storytext",
        "completed",
        "rr",
        "wordcount",
        "numreviews",
    ]
    rows, reviews = [], []
    for tale in STORIES:
        for place, part in enumerate(tale.parts):
            sid = tale.sid * 10 + place
            text = "" if in_files else as_lines(part.blocks)
            day = f"{tale.date} 09:08:07"
            rows.append(
                (
                    sid,
                    tale.sid * 10,
                    tale.title,
                    part.title,
                    tale.summary,
                    1,
                    "Drama, Slice of Life",
                    "Ana",
                    "Character Death",
                    "Teens",
                    day,
                    day,
                    tale.uid,
                    0,
                    12,
                    1,
                    place,
                    text,
                    1,
                    0,
                    99,
                    0,
                )
            )
        reviews += [
            (said.number, tale.sid * 10, tale.sid * 10, said.name, said.uid, said.words, "2004-01-01 00:00:00", 5)
            for said in tale.said
        ]
    old = tables()
    kept = {name: old[name] for name in ("authors", "categories", "characters", "ratings")}
    return dump(
        {
            **kept,
            "stories": (tuple(columns), rows),
            "reviews": (("reviewid", "sid", "psid", "reviewer", "member", "review", "date", "rating"), reviews),
        }
    )


def test_efiction_1(read, blocks_of, tmp_path):
    brought = read(SOURCE, written(tmp_path, first_edition().replace(b"ENGINE=MyISAM", b"TYPE=MyISAM"), "old.sql"))
    assert len(brought.stories) == 3
    for tale in STORIES:
        story = brought.stories[tale.title]
        assert [blocks_of(chapter.body) for chapter in story.chapters] == [truth(part.blocks) for part in tale.parts]
        assert ("genre", "Slice of Life") in [(tag.kind, tag.name) for tag in story.tags]
        assert len(story.reviews) == len(tale.said)
    assert [chapter.title for chapter in brought.stories["The Lock-keeper’s Year"].chapters] == [
        "Ice",
        "Thaw -- and after",
    ]


def test_efiction_1_with_files_by_pen_name(read, blocks_of, tmp_path):
    written(tmp_path, first_edition(in_files=True), "old.sql")
    for tale in STORIES:
        folder = tmp_path / "stories" / PEOPLE[tale.uid][0]
        folder.mkdir(parents=True, exist_ok=True)
        for place, part in enumerate(tale.parts):
            (folder / f"{tale.sid * 10 + place}.txt").write_bytes(as_breaks(part.blocks).encode("cp1252"))
    brought = read(SOURCE, tmp_path)
    for tale in STORIES:
        assert [blocks_of(chapter.body) for chapter in brought.stories[tale.title].chapters] == [
            truth(part.blocks) for part in tale.parts
        ]
