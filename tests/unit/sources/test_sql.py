# ruff: noqa: E501 — statements stand on one line
"""Dumps are read, never carried out; damage costs one row; a hostile file costs neither memory nor time."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storykeep.sources.bytestream import Bytestream
from storykeep.sources.sql import SOURCE
from storykeep.sources.sql.dump import Broken, Dump, Row, Statement, Table

CREATE = b"CREATE TABLE `t` (`a` int NOT NULL,`b` varchar(200),`c` text);\n"


def rows(data: bytes) -> list[tuple]:
    return [event.values for event in Dump([data]) if isinstance(event, Row)]


def events(data: bytes, kind: type) -> list:
    return [event for event in Dump([data]) if isinstance(event, kind)]


@pytest.mark.parametrize(
    ("literal", "meant"),
    [
        (b"'it\\'s'", b"it's"),
        (b"'it''s'", b"it's"),
        (b'"say \\"hi\\""', b'say "hi"'),
        (b'"say ""hi"""', b'say "hi"'),
        (b"'a\\\\'", b"a\\"),
        (b"'a\\r\\n\\tb\\0'", b"a\r\n\tb\0"),
        (b"'100\\%'", b"100\\%"),
        (b"NULL", None),
        (b"-12.5e3", b"-12.5e3"),
        (b"0x4142", b"AB"),
        (b"x'4142'", b"AB"),
        (b"b'101'", b"5"),
        (b"_binary 'x\\'y'", b"x'y"),
        (b"_utf8mb4'x'", b"x"),
        (b"N'x'", b"x"),
        (b"''", b""),
        (b"TRUE", b"1"),
        (b"'; -- /* # ),( INSERT INTO t VALUES (9)'", b"; -- /* # ),( INSERT INTO t VALUES (9)"),
        ("'caf\u00e9 \u201cx\u201d'".encode("cp1252"), b"caf\xe9 \x93x\x94"),
    ],
)
def test_literals(literal, meant):
    assert rows(b"INSERT INTO `t` VALUES (1," + literal + b",3);") == [(b"1", meant, b"3")]


@pytest.mark.parametrize(
    "head",
    [
        b"INSERT INTO `t` VALUES ",
        b"INSERT INTO `db`.`t` (`a`, `b`, `c`) VALUES\n",
        b"insert ignore into t values",
        b'REPLACE INTO "t" VALUES',
        b"INSERT DELAYED INTO [t] VALUES ",
        b"/* a comment */ -- another\n# and one more\nINSERT INTO t VALUES ",
    ],
)
def test_ways_to_insert(head):
    assert rows(head + b"(1,'x','y'),\n\t(2,'z','w')\n;") == [(b"1", b"x", b"y"), (b"2", b"z", b"w")]


def test_columns_and_charset_are_known_from_the_table():
    data = b"/*!40101 SET NAMES latin1 */;\nCREATE TABLE IF NOT EXISTS `t` (\n `a` int(11) NOT NULL default '0', -- (odd), comment\n `primary` enum('x,y','z)') default 'x,y',\n key_words text,\n PRIMARY KEY (`a`),\n KEY `k` (`a`,`primary`),\n UNIQUE KEY u (key_words(10))\n) ENGINE=InnoDB DEFAULT CHARSET=utf8 COMMENT='a; b';\nINSERT INTO t VALUES (1,'x','y');"
    (table,) = events(data, Table)
    assert table.columns == ("a", "primary", "key_words")
    assert table.charset == "utf8"
    (row,) = events(data, Row)
    assert (row.columns, row.charset, row.line) == (table.columns, "latin1", 10)


def test_an_apostrophe_that_was_not_escaped():
    assert rows(CREATE + b"INSERT INTO `t` VALUES (1,'It's late, isn't it','x'),(2,'b','y');") == [
        (b"1", b"It's late, isn't it", b"x"),
        (b"2", b"b", b"y"),
    ]


def test_a_quote_that_never_closes_costs_one_row():
    data = (
        CREATE
        + b"INSERT INTO `t` VALUES (1,'a','x'),(2,'never closed,'n'),(3,'c','z');\nINSERT INTO `t` VALUES (4,'d','w');"
    )
    assert [row[0] for row in rows(data)] == [b"1", b"3", b"4"]
    (broken,) = events(data, Broken)
    assert (broken.table, broken.line) == ("t", 2)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (b"DROP TABLE auth_user;", True),
        (b"DROP TABLE IF EXISTS `t`;", False),
        (b"DELETE FROM x;", True),
        (b"ATTACH DATABASE '/tmp/p.db' AS p;", True),
        (b"\\! touch /tmp/x", True),
        (b"system rm -rf /", True),
        (b"source /etc/passwd", True),
        (b"COPY t FROM PROGRAM 'touch /tmp/x';", True),
        (b"/*!50000 DROP TABLE auth_user */;", True),
        (b"SELECT 1 INTO OUTFILE '/tmp/x';", True),
        (b"SET GLOBAL general_log=1;", True),
        (b"/*!40101 SET @saved = @@character_set_client */;", False),
        (b"LOCK TABLES `t` WRITE;", False),
        (b"DELIMITER ;;", False),
    ],
)
def test_statements_are_told_and_take_nothing_with_them(command, told):
    data = CREATE + b"INSERT INTO t VALUES (1,'a','b');\n" + command + b"\nINSERT INTO t VALUES (2,'c','d');\n"
    assert [row[0] for row in rows(data)] == [b"1", b"2"]
    assert any(not event.quiet for event in events(data, Statement)) is told


def test_a_function_call_is_noted_and_not_carried_out():
    (row,) = events(CREATE + b"INSERT INTO t VALUES (1,LOAD_FILE('/etc/passwd'),CONCAT('a',CHAR(66)));", Row)
    assert row.values == (b"1", None, None)
    assert row.calls == (1, 2)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.binary(max_size=60), st.binary(max_size=60)), min_size=1, max_size=8), st.integers(1, 400))
def test_whatever_is_in_a_value_comes_back(values, size):
    def literal(data: bytes) -> bytes:
        return b"'" + data.replace(b"\\", b"\\\\").replace(b"'", b"\\'").replace(b"\n", b"\\n") + b"'"

    data = (
        b"CREATE TABLE t (a text, b text);\nINSERT INTO t VALUES "
        + b",".join(b"(" + literal(a) + b"," + literal(b) + b")" for a, b in values)
        + b";\n"
    )
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert [event.values for event in Dump(pieces) if isinstance(event, Row)] == values


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 200))
def test_rubbish_never_raises(rubbish, at):
    data = CREATE + b"INSERT INTO `t` VALUES (1,'a','x'),(2,'b','y');\n" * 3
    assert all(hasattr(event, "line") for event in Dump([data[:at], rubbish, data[at:]]))


def test_a_line_of_twenty_megabytes_and_a_quote_that_never_closes_stay_small():
    def pieces():
        yield CREATE + b"INSERT INTO `t` VALUES "
        for number in range(2_000):
            yield b"," * bool(number) + b"(%d,'%s','x')" % (number, b"y" * 10_000)
        yield b";\nINSERT INTO `t` VALUES (1,'never closed "
        for _ in range(2_000):
            yield b"z" * 10_000

    tracemalloc.start()
    count = sum(isinstance(event, Row) for event in Dump(pieces()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 120_000_000


def test_unclosed_quotes_cost_no_time():
    data = CREATE + b"INSERT INTO `t` VALUES " + b"(1,'a','b)," * 20_000 + b";\n"
    assert sum(isinstance(event, Row) for event in Dump([data])) < 20_000


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, bytes])
def test_packed_streams(pack, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(pack(CREATE * 5000))
    assert b"".join(Bytestream(path)) == CREATE * 5000
    path.write_bytes(pack(CREATE)[:-9])
    cut = Bytestream(path)
    list(cut)
    assert bool(cut.trouble) is (pack is not bytes)


def test_a_bomb_is_stopped(tmp_path):
    path = tmp_path / "bomb.sql.gz"
    path.write_bytes(gzip.compress(b"\0" * 10_000_000) * 60)
    stream = Bytestream(path)
    assert sum(map(len, stream)) < 300_000_000
    assert "beyond all measure" in stream.trouble


def test_a_dump_of_other_software_is_told(read, tmp_path):
    path = tmp_path / "blog.sql"
    path.write_bytes(
        b"CREATE TABLE `wp_posts` (`id` int, `b` text);\nINSERT INTO `wp_posts` VALUES (1,'x');\n\\! touch /tmp/x\n"
    )
    assert SOURCE.probe.__self__ is SOURCE
    brought = read(SOURCE, path)
    (unknown,) = [finding for finding in brought.findings if finding.code == "sql.unknown-tables"]
    assert "WordPress" in unknown.suggestion
    assert "wp_posts (1)" in unknown.evidence
    assert "sql.statement" in brought.codes
