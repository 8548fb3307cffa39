"""A dump of a database as a stream of events: tables, rows, other statements, damage. Nothing is ever carried out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from storykeep.sources.sql import tokens
from storykeep.sources.sql.rows import Parsed, Reading, Value, Widths, next_row, read_row
from storykeep.sources.sql.window import KEEP, Window

STATEMENT_LIMIT = 1 << 16
_QUIET = re.compile(
    rb"(?:/\*![\dM]*+\s*+)?(?:SET|LOCK|UNLOCK|USE|BEGIN|START|COMMIT|ANALYZE|PRAGMA|ALTER\s++TABLE|CREATE\s++DATABASE"
    rb"|CREATE\s++(?:UNIQUE\s++)?INDEX|DROP\s++TABLE\s++IF\s++EXISTS|DROP\s++VIEW\s++IF\s++EXISTS|DELIMITER"
    rb"|\*/|$)",
    tokens.FLAGS,
)
_LOUD = re.compile(rb"\b(?:GLOBAL|PASSWORD|OUTFILE|DUMPFILE|LOAD_FILE|PROGRAM|PERSIST)\b|@@GLOBAL", re.IGNORECASE)
_NAMES = re.compile(rb"SET\s+(?:NAMES|CHARACTER\s+SET|CHARSET)\s+['\"]?(\w+)", re.IGNORECASE)
_CHARSET = re.compile(rb"(?:CHARSET|CHARACTER\s+SET)\s*=?\s*['\"]?(\w+)", re.IGNORECASE)
_DATABASE = re.compile(rb"(?:/\*![\dM]*\s*)?USE\s+(" + tokens.NAME + rb")", re.IGNORECASE)
_NO_COLUMN = re.compile(
    rb"(?:PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK)\b\s*+(?![(]?\s*+\w++\()", re.IGNORECASE
)
_COMMENT = re.compile(tokens.STRING.pattern + rb"|--(?=\s)[^\n]*+|\#[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/", tokens.FLAGS)
_STOP = re.compile(
    rb";|'(?:[^'\\]++|\\.|'')*+'|\"(?:[^\"\\]++|\\.|\"\")*+\"|`[^`\n]*+`|/\*(?:[^*]++|\*(?!/))*+\*/", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A CREATE TABLE: its column names in order and the charset that it declares."""

    name: str
    columns: tuple[str, ...]
    charset: str = ""
    database: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. ``columns`` are empty when neither the INSERT nor a CREATE TABLE names them."""

    table: str
    values: tuple[Value, ...]
    columns: tuple[str, ...] = ()
    database: str = ""
    charset: str = ""
    line: int = 0
    mended: bool = False
    calls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Another statement or command. ``quiet`` ones are part of every dump; the rest is told to the archivist."""

    text: str
    quiet: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A row of ``table`` that can't be read, and why. Its words are not quoted: they may be private."""

    table: str
    reason: str
    line: int


Event = Table | Row | Statement | Broken


class Dump:
    r"""Iterates over the events of a dump. Holds one row in memory, and a window of about a megabyte.

    ``widths`` tells how many columns a table may have when the dump does not say.

    >>> [event.values for event in Dump([b"INSERT INTO t VALUES (1,'it\\'s'),(2,NULL);"])]
    [(b'1', b"it's"), (b'2', None)]
    """

    def __init__(self, pieces: Iterable[bytes], widths: Callable[[str], Widths] | None = None) -> None:
        self._window = Window(pieces)
        self._widths = widths or (lambda _: frozenset())
        self._tables: dict[tuple[str, str], Table] = {}
        self._seen: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self._database = ""
        self._charset = ""

    @property
    def size(self) -> int:
        """Bytes read so far."""
        return self._window.size

    def __iter__(self) -> Iterator[Event]:
        window = self._window
        while True:
            window.forget()
            window.skip(tokens.SPACE)
            if window.done:
                return
            window.ensure(STATEMENT_LIMIT)
            if insert := tokens.INSERT.match(window.text, window.at):
                yield from self._insert(insert)
            elif create := tokens.CREATE.match(window.text, window.at):
                yield self._create(create)
            elif client := tokens.CLIENT.match(window.text, window.at):
                yield self._statement(client.end(), client=True)
            else:
                yield self._statement(self._statement_end())

    def _insert(self, insert: re.Match[bytes]) -> Iterator[Event]:
        database, name = tokens.split_name(insert["table"])
        stated = _column_list(insert["columns"] or b"")
        table = self._tables.get((database or self._database, name)) or self._tables.get(("", name))
        columns = stated or (table.columns if table else ())
        self._window.at = insert.end()
        for event in self._rows(name, columns):
            if isinstance(event, Broken):
                yield event
            else:
                yield Row(
                    table=name,
                    values=event.values,
                    columns=columns,
                    database=database or self._database,
                    charset=self._charset or (table.charset if table else ""),
                    line=self._window.line_at(self._window.at),
                    mended=event.reading is not Reading.STRICT,
                    calls=event.calls,
                )
                self._window.at = event.end

    def _rows(self, name: str, columns: tuple[str, ...]) -> Iterator[Parsed | Broken]:
        """Yield the rows of one INSERT. Who asks for the next one moves the window behind the last."""
        window, more = self._window, False
        while True:
            window.forget()
            window.skip(tokens.SPACE)
            window.ensure(STATEMENT_LIMIT)
            mark = window.text[window.at : window.at + 1]
            if mark == b"(":
                widths = self._allowed(name, columns)
                row = read_row(window, widths, sure=bool(columns))
                if isinstance(row, Parsed):
                    self._seen[name][len(row.values)] += not columns
                    yield row
                    more = False
                    continue
                yield Broken(table=name, reason=row.reason, line=window.line_at(window.at))
                if row.end:
                    window.at = row.end
                elif not next_row(window, widths):
                    return
            elif mark == b",":
                window.at += 1
                more = True
                continue
            else:
                if more and not mark:
                    yield Broken(table=name, reason="the dump ends between its rows", line=window.line_at(window.at))
                window.at += mark == b";"
                return
            more = False

    def _allowed(self, name: str, columns: tuple[str, ...]) -> Widths:
        if columns:
            return frozenset((len(columns),))
        if known := self._widths(name):
            return known | frozenset(width for width, times in self._seen[name].items() if times > 1)
        return frozenset(width for width, times in self._seen[name].items() if times > 1)

    def _create(self, create: re.Match[bytes]) -> Table:
        window = self._window
        end = self._statement_end()
        database, name = tokens.split_name(create["table"])
        body = _without_comments(window.text[create.end() : end])
        columns, tail = _columns(body)
        charset = _CHARSET.search(tail)
        table = Table(
            name=name,
            columns=columns,
            charset=charset[1].decode() if charset else "",
            database=database or self._database,
            line=window.line_at(window.at),
        )
        self._tables[table.database, name] = table
        window.at = end
        return table

    def _statement(self, end: int, *, client: bool = False) -> Statement:
        window = self._window
        words = window.text[window.at : end].strip()
        line = window.line_at(window.at)
        window.at = max(end, window.at + 1)
        if found := _NAMES.search(words):
            self._charset = found[1].decode().lower()
        if found := _DATABASE.match(words):
            self._database = tokens.plain_name(found[1])
        delimiter = words[:9].lower() == b"delimiter"
        quiet = delimiter or (not client and bool(_QUIET.match(words.strip(b"; \t\r\n"))) and not _LOUD.search(words))
        return Statement(text=words[:200].decode("utf-8", "replace"), quiet=quiet, line=line)

    def _statement_end(self) -> int:
        """Return where the statement at hand ends: behind its semicolon, or before a line that starts another."""
        window = self._window
        limit = window.at + STATEMENT_LIMIT
        following = tokens.STATEMENT.search(window.text, window.at + 1, limit)
        border = following.start() if following else min(limit, len(window.text))
        for found in _STOP.finditer(window.text, window.at, border):
            if found[0] == b";":
                return found.end()
        if following or len(window.text) <= limit:
            return border
        newline = window.text.find(b"\n", window.at, limit)
        return newline + 1 if newline >= 0 else min(limit, window.at + KEEP)


def _without_comments(body: bytes) -> bytes:
    return _COMMENT.sub(lambda found: found[0] if found[0][:1] in b"'\"`" else b" ", body)


def _column_list(listed: bytes) -> tuple[str, ...]:
    return tuple(tokens.plain_name(found[0]) for found in tokens.IDENTIFIER.finditer(listed))


def _columns(body: bytes) -> tuple[tuple[str, ...], bytes]:
    """Return the column names in the body of a CREATE TABLE, and what follows its closing parenthesis."""
    names: list[str] = []
    depth, start = 1, 0
    for found in re.finditer(tokens.STRING.pattern + rb"|[(),]", body, tokens.FLAGS):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0 or (depth == 1 and found[0] == b","):
            _add_column(names, body[start : found.start()])
            start = found.end()
        if depth == 0:
            return tuple(names), body[found.end() :]
    _add_column(names, body[start:])
    return tuple(names), b""


def _add_column(names: list[str], definition: bytes) -> None:
    definition = tokens.SPACE.sub(b" ", definition, count=1).strip()
    quoted = definition[:1] in (b"`", b'"', b"[")
    if (quoted or not _NO_COLUMN.match(definition)) and (found := tokens.IDENTIFIER.match(definition)):
        names.append(tokens.plain_name(found[0]))
