"""What the text of a dump is made of: values, rows, strings, the starts of statements.

Everything works on bytes, because one dump mixes encodings: every literal is decoded on its own, later.
The patterns are possessive (``*+``): none of them backtracks, so none can be made slow.
"""

from __future__ import annotations

import re
from typing import Final

FLAGS: Final = re.DOTALL | re.IGNORECASE | re.VERBOSE

SPACE = re.compile(rb"(?:\s++|/\*(?!!)(?:[^*]++|\*(?!/))*+\*/|--(?=[\s-])[^\n]*+|\#[^\n]*+)*+", FLAGS)
"""White space and comments (never MySQL's conditional ones: they hold statements)."""

_SINGLE = rb"'(?P<single>(?:[^'\\]++|\\.|'')*+)'"
_DOUBLE = rb'"(?P<double>(?:[^"\\]++|\\.|"")*+)"'
_REST = rb"""
    | (?P<null>NULL)
    | (?P<number>[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[-+]?\d++)?)(?=\s*+[,)])
    | (?P<hex>0x[0-9a-f]*+|x'[0-9a-f]*+')
    | (?P<bits>b'[01]*+')
    | (?P<word>true|false|default|current_timestamp(?:\(\))?|now\(\))
"""
_END = rb"\s*+(?P<end>[,)])"
_START = rb"\s*+(?:(?:_[a-z0-9]++|n|e)\s*+(?=['\"]))?"

VALUE = re.compile(_START + rb"(?:" + _SINGLE + rb"|" + _DOUBLE + _REST + rb")" + _END, FLAGS)
"""One value of a row and the comma or parenthesis behind it."""

# A quotation mark ends a string only where a value may end and the next one begin: ``'It's late', 3`` has two values.
_NEXT = rb"""\s*+(?:,\s*+(?:['"(]|_[a-z]|NULL\b|[-+.]?\d|x'|b')|\)\s*+(?:[,;]|\Z|\r?\n))"""
_SINGLE_LOOSE = rb"'(?P<single>(?:[^'\\]++|\\.|'(?!" + _NEXT + rb"))*+)'"
_DOUBLE_LOOSE = rb'"(?P<double>(?:[^"\\]++|\\.|"(?!' + _NEXT + rb"))*+)\""
LOOSE_VALUE = re.compile(_START + rb"(?:" + _SINGLE_LOOSE + rb"|" + _DOUBLE_LOOSE + _REST + rb")" + _END, FLAGS)
"""The same, where apostrophes were not escaped."""

_SINGLE_RAW = rb"'(?P<single>(?:[^']++|'')*+)'"
_DOUBLE_RAW = rb'"(?P<double>(?:[^"]++|"")*+)"'
RAW_VALUE = re.compile(_START + rb"(?:" + _SINGLE_RAW + rb"|" + _DOUBLE_RAW + _REST + rb")" + _END, FLAGS)
"""The same, where a backslash is only a backslash (NO_BACKSLASH_ESCAPES, SQLite)."""

PARTIAL = re.compile(
    _START + rb"(?:'(?:[^'\\]++|\\.|'')*+(?:\\|'\s*+)?|\"(?:[^\"\\]++|\\.|\"\")*+(?:\\|\"\s*+)?|[-+.\w()]*+\s*+)\Z",
    FLAGS,
)
"""A value that the end of the buffer cuts off: more bytes may complete it."""

CALL = re.compile(rb"\s*+(?P<name>[a-z_][\w.]*+)\s*+\(", FLAGS)
"""The start of a function call where a value should be: never carried out, only noted."""

_QUOTED_NAME = rb'(?:`(?:[^`]++|``)*+`|"[^"\n]++"|\[[^\]\n]++\]|[\w$]++)'
NAME = rb"(?:" + _QUOTED_NAME + rb"\s*+\.\s*+)?" + _QUOTED_NAME

INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s++(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s++)*+(?:INTO\s++)?"
    rb"(?P<table>" + NAME + rb")\s*+(?P<columns>\([^()'\"]*+(?:\"[^\"\n]*+\"[^()'\"]*+)*+\))?\s*+VALUES?\b",
    FLAGS,
)
CREATE = re.compile(
    rb"CREATE\s++(?:TEMPORARY\s++)?TABLE\s++(?:IF\s++NOT\s++EXISTS\s++)?(?P<table>" + NAME + rb")\s*+\(", FLAGS
)
CLIENT = re.compile(
    rb"(?:\\[!.a-z][^\n]*+|(?:system|source|tee|notee|pager|nopager|edit|delimiter|prompt|charset|connect|warnings)"
    rb"(?:[ \t][^\n]*+)?(?=\n|\Z))",
    FLAGS,
)
"""Commands of a database's command line. They end with their line and have no semicolon."""

STATEMENT = re.compile(
    rb"""(?:^|(?<=\n))[ \t]*+(?:
        (?:INSERT|REPLACE)\s++(?:\w++\s++)*?INTO\s++"""
    + NAME
    + rb"""
      | CREATE\s++(?:TABLE|DATABASE) | DROP\s++(?:TABLE|DATABASE) | ALTER\s++TABLE | UN?LOCK\s++TABLES | LOCK\s++TABLES
      | /\*![\dM] | [#]\s?Dump\s | --\s(?:Dump|Table|MySQL|Server|Host)
    )""",
    FLAGS,
)
"""The start of a line that can only be a statement (or the comment of a dump), not a line of a story."""

IDENTIFIER = re.compile(_QUOTED_NAME, FLAGS)
STRING = re.compile(rb"'(?:[^'\\]++|\\.|'')*+'|\"(?:[^\"\\]++|\\.|\"\")*+\"|`[^`]*+`", FLAGS)

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"0": b"\0", b"b": b"\b", b"Z": b"\x1a", b"%": b"\\%", b"_": b"\\_"}
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_PAIRS = {quote: re.compile(rb"\\.|" + quote * 2, re.DOTALL) for quote in (b"'", b'"')}


def unescaped(literal: bytes, quote: bytes) -> bytes:
    r"""Return the bytes that a string literal stands for; ``quote`` is the mark around it.

    >>> unescaped(rb"it\'s ''here''\r\n", b"'")
    b"it's 'here'\r\n"
    """
    if quote * 2 in literal:
        literal = _PAIRS[quote].sub(lambda found: quote if found[0] == quote * 2 else found[0], literal)
    if b"\\" not in literal:
        return literal
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), literal)


def plain_name(name: bytes) -> str:
    """Return an identifier without its quotation marks and its database.

    >>> plain_name(b"`old_site`.`ql_fanfiction_stories`")
    'ql_fanfiction_stories'
    """
    return split_name(name)[1]


def split_name(name: bytes) -> tuple[str, str]:
    """Return (database, table); the database is empty when none is named."""
    parts = [
        found[0].strip(b'`"[]').replace(b"``", b"`").decode("utf-8", "replace") for found in IDENTIFIER.finditer(name)
    ]
    return (parts[-2] if len(parts) > 1 else "", parts[-1] if parts else "")
