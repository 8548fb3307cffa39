"""``ARCHIVE_DB.pl`` read line by line. It is Perl; here it is never run, and never turned into other code.

A record is ``7 => {``, lines of ``Field => 'value',`` and ``},``. Authors' apostrophes were not always escaped, values
run over lines, editors left blank lines and ragged ends: so a value ends where the next field or record begins, and
one spoilt record costs itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_RECORD = re.compile(rb"""^\s*(?:['"]?(?P<id>[\w.-]{1,40})['"]?\s*=>\s*)?\{\s*(?P<rest>.*)$""")
_FIELD = re.compile(rb"""^\s*['"]?(?P<name>[A-Za-z_]\w{0,40})['"]?\s*=>\s*(?P<value>.*)$""", re.DOTALL)
_NEXT_FIELD = re.compile(
    rb"""(?<=['"\d)\]}f])\s*,\s*(?=['"]?[A-Za-z_]\w{0,40}['"]?\s*=>\s*(?:['"\d-]|undef|q[qw]?\W))"""
)
_END = re.compile(rb"^\s*\}\s*[,;)]*\s*(?:\#.*)?$")
_LAST = re.compile(rb"^\s*[)}\]]\s*;?\s*$|^\s*1\s*;\s*$|^__END__")
_STARTED = re.compile(rb"^\s*(?:(?:our|my|local)\s+)?[%$@](?:main::|::)?\w+\s*=\s*[({\[]\s*")
_CODE = re.compile(
    rb"\b(?:system|exec|unlink|eval|open|require|use|fork|kill|chmod|print|do)\b\s*[\(\"'`$]|`[^`]+`|\bqx\b"
)
_SIMPLE = re.compile(rb"^(?P<value>-?\d[\d.]*|undef|\w+)\s*,?\s*(?:\#.*)?$")
_CLOSED = re.compile(rb"""['"]\s*,?\s*(?:\#[^'"]*)?$""")
_ESCAPED = re.compile(rb"""\\(['"\\$@])""")
_LISTED = re.compile(rb"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
LONGEST = 1 << 20


@dataclass(slots=True)
class Entry:
    """One record: its number, its values by field name in lower case, and the line that it starts on."""

    number: str
    line: int
    values: dict[str, bytes] = field(default_factory=dict)
    whole: bool = False

    def get(self, *names: str) -> bytes:
        """Return the first of the fields called ``names`` that says something."""
        return next((self.values[name] for name in names if self.values.get(name)), b"")


@dataclass(frozen=True, slots=True)
class Strange:
    """A line that belongs to no record. ``code`` says that it looks like a command."""

    line: int
    code: bool


def entries(lines: Iterator[bytes]) -> Iterator[Entry | Strange]:
    """Yield the records in the lines of a database, and the lines that are none of it.

    >>> [entry.values["title"] for entry in entries(iter([b"1 => {", b"Title => 'It's late',", b"},"]))]
    [b"It's late"]
    """
    reading = _Reading()
    for number, line in enumerate(lines, 1):
        yield from reading.take(number, line.rstrip(b"\r\n"))
    yield from reading.close()


class _Reading:
    """Where we are: in a record or between two, in a value or between two."""

    def __init__(self) -> None:
        self._entry: Entry | None = None
        self._name = ""
        self._value: list[bytes] = []
        self._size = 0

    def take(self, number: int, line: bytes) -> Iterator[Entry | Strange]:
        line = _STARTED.sub(b"", line)
        record = _RECORD.match(line)
        if record and (self._entry is None or record["id"] is not None) and not self._inside_text(line):
            yield from self.close()
            self._entry = Entry((record["id"] or str(number).encode()).decode("latin-1"), number)
            line = record["rest"]
            if not line.strip():
                return
        if self._entry is None:
            if (
                line.strip()
                and not _LAST.match(line)
                and not line.lstrip().startswith((b"#", b"(", b")", b"}", b"package", b"our", b"my"))
            ):
                yield Strange(number, bool(_CODE.search(line)))
            return
        yield from self._in_record(number, line)

    def _in_record(self, number: int, line: bytes) -> Iterator[Entry | Strange]:
        if _END.match(line) or (_LAST.match(line) and self._finished()):
            assert self._entry is not None  # noqa: S101 — for the type checker: take() has seen to it
            self._entry.whole = True
            yield from self.close()
            return
        ends = (
            re.search(rb"\}\s*,?\s*$", line)
            if re.search(rb"""['"\d]\s*,?\s*\}\s*,?\s*$""", line) and b"=>" in line
            else None
        )
        body = line[: ends.start()] if ends else line
        for piece in _NEXT_FIELD.split(body):
            self._piece(piece)
        if ends:
            assert self._entry is not None  # noqa: S101
            self._entry.whole = True
            yield from self.close()

    def _piece(self, piece: bytes) -> None:
        found = _FIELD.match(piece)
        if found and (self._finished() or _opens(found["value"])):
            self._store()
            self._name, self._value, self._size = found["name"].decode().lower(), [found["value"]], len(found["value"])
        elif self._name and not self._finished() and self._size < LONGEST:
            self._value.append(piece)
            self._size += len(piece)

    def _inside_text(self, line: bytes) -> bool:
        """Say whether a line that looks like a record belongs to a value that is still open."""
        return bool(self._name) and not self._finished() and b"=>" not in line

    def _finished(self) -> bool:
        """Say whether the value at hand is complete."""
        if not self._name:
            return True
        text = b"\n".join(self._value).strip()
        return (
            bool(_SIMPLE.match(text))
            or (len(text) > 1 and text[:1] in b"'\"" and bool(_CLOSED.search(text[1:])))
            or text[:1] not in b"'\""
        )

    def _store(self) -> None:
        if self._entry is not None and self._name and self._name not in self._entry.values:
            self._entry.values[self._name] = _value(b"\n".join(self._value))
        self._name, self._value, self._size = "", [], 0

    def close(self) -> Iterator[Entry]:
        self._store()
        if self._entry is not None and self._entry.values:
            yield self._entry
        self._entry = None


def _opens(value: bytes) -> bool:
    value = value.strip()
    return value[:1] in (b"'", b'"') or bool(_SIMPLE.match(value))


def _value(text: bytes) -> bytes:
    """Return what a value says: its quotation marks gone, its escapes undone."""
    text = text.strip()
    if simple := _SIMPLE.match(text):
        return b"" if simple["value"] == b"undef" else simple["value"]
    quote = text[:1]
    if quote == b"[" and (listed := _LISTED.findall(text)):
        return b", ".join(_ESCAPED.sub(rb"\1", one or other) for one, other in listed)
    if quote in (b"'", b'"'):
        text = text[1:]
        text = re.sub(re.escape(quote) + rb"\s*,?\s*(?:\#[^'\"]*)?$", b"", text)
    return _ESCAPED.sub(rb"\1", text.rstrip(b",") if quote not in (b"'", b'"') else text)
