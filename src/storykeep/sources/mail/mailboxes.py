"""Where messages lie: mbox files, single messages, Maildir and MH folders, Yahoo Groups archives."""

from __future__ import annotations

import html as entities
import json
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from storykeep.sources.bytestream import Bytestream

LONGEST = 16 << 20  # bytes of one message; a longer one is cut
DEPTH = 5
FEWEST_HEADERS = 3  # a letter in a story has two
_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
FROM_LINE = re.compile(
    rb"From (?:[^\n]{0,200}?[ \t])?"
    + _DAY
    + rb",?[ \t]+(?:"
    + _MONTH
    + rb"[ \t]+\d{1,2}|\d{1,2}[ \t]+"
    + _MONTH
    + rb")\b[^\n]{0,60}$"
)
"""The line that mbox puts before each message: who, and a date. A sentence that starts with From has no date."""
HEADER = re.compile(rb"[!-9;-~]{1,70}:(?:[ \t]|$)")
_KNOWN = re.compile(
    rb"(?:From|To|Cc|Subject|Date|Message-ID|Received|Return-Path|Reply-To|Sender|MIME-Version|Content-Type|List-Id"
    rb"|X-[\w-]+|Delivered-To|Mailing-List|In-Reply-To|References|Status|Precedence|Newsgroups|Path|Xref)[ \t]*:",
    re.IGNORECASE,
)
_CUT_FROM_LINE = re.compile(rb"From [^\s]{1,200}[^\n]{0,60}$")
_SEVERAL = re.compile(rb"^Content-Type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_EMPTY_LINE = re.compile(rb"\n[ \t]*\n(?=[!-9;-~]{1,70}:)")
_HEAD_NAME = re.compile(rb"^([!-9;-~]{1,70}):", re.MULTILINE)
_SERVER = frozenset((b"message-id", b"received", b"return-path", b"x-mailing-list", b"delivered-to", b"mailing-list"))
_MMDF = b"\x01\x01\x01\x01"
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_YAHOO_RAW = re.compile(r"(\d+)_raw\.json(?:\.gz)?", re.IGNORECASE)
_YAHOO = re.compile(r"(\d+)\.json(?:\.gz)?", re.IGNORECASE)
_LINES = re.compile(r".*\.(?:jsonl|ndjson)(?:\.gz)?", re.IGNORECASE)
_BOX = re.compile(r".*\.(?:mbox|mbx|mbs|mail|txt|eml|msg|box|archive)(?:\.gz)?|mbox\d*|inbox|[^.]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it was found: its bytes, and a name for it (``list.mbox#12``)."""

    data: bytes
    name: str
    cut: bool = False
    trouble: str = ""


def letters(path: Path, name: str) -> Iterator[Letter]:
    """Yield the messages in a file or folder, in the order in which they lie there."""
    if path.is_dir():
        for file in files(path):
            yield from _in_file(file, f"{name}/{file.relative_to(path).as_posix()}".lstrip("/"))
    else:
        yield from _in_file(path, name or path.name)


def files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that hold messages. Yahoo's raw messages win over its abridged ones."""
    for here, below, names in os.walk(folder, followlinks=False):
        below[:] = sorted(one for one in below if not one.endswith("_attachments"))
        if len(Path(here).relative_to(folder).parts) >= DEPTH:
            below.clear()
        raw = {found[1] for one in names if (found := _YAHOO_RAW.fullmatch(one))}
        for one in sorted(names, key=_in_order):
            file = Path(here) / one
            abridged = _YAHOO.fullmatch(one)
            if file.is_symlink() or (abridged and abridged[1] in raw):
                continue
            if holds_letters(file):
                yield file


def holds_letters(path: Path) -> bool:
    """Say whether a file holds mail: by its first bytes, not by its name alone."""
    if not (
        _BOX.fullmatch(path.name)
        or _YAHOO.fullmatch(path.name)
        or _YAHOO_RAW.fullmatch(path.name)
        or _LINES.fullmatch(path.name)
    ):
        return False
    try:
        head = Bytestream(path).head(8192)
    except OSError:
        return False
    return is_mail(head) or (
        path.name.lower().endswith((".json", ".json.gz", ".jsonl", ".ndjson", ".jsonl.gz")) and _is_yahoo(head)
    )


def is_mail(head: bytes) -> bool:
    r"""Say whether bytes begin as an mbox or as one message do.

    >>> is_mail(b"From a@b.c Tue Oct 14 21:00:00 2003\nFrom: a\nSubject: b\n")
    True
    >>> is_mail(b"From: Dana\nTo: Vance\n\nI miss you.")
    False
    """
    lines = head.lstrip(b"\r\n\xef\xbb\xbf" + _MMDF).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if FROM_LINE.match(lines[0]) and len(lines) > 1 and HEADER.match(lines[1]):
        return True
    headers: list[bytes] = []
    for line in lines[:60]:
        if line[:1] in (b" ", b"\t") and headers:
            continue
        if not HEADER.match(line):
            break
        headers.append(line.split(b":", 1)[0].strip().lower())
    known = {name for name in headers if _KNOWN.match(name + b":")}
    sent = known & {b"date", b"message-id", b"received"}
    return len(known) >= FEWEST_HEADERS and bool(sent) and bool(known & {b"from", b"return-path", *sent})


def _is_yahoo(head: bytes) -> bool:
    return (
        b'"rawEmail"' in head
        or b'"ygData"' in head
        or (b'"msgId"' in head and b'"subject"' in head)
        or b'"messageBody"' in head
    )


def _in_order(name: str) -> tuple[int, str]:
    found = re.match(r"\d+", name)
    return (int(found[0]) if found else 0, name)


def _in_file(path: Path, name: str) -> Iterator[Letter]:
    stream = Bytestream(path)
    yield from _in_stream(stream, path.name.lower().removesuffix(".gz"), name)
    if stream.trouble:
        yield Letter(b"", name, trouble=stream.trouble)


def _in_stream(stream: Bytestream, file: str, name: str) -> Iterator[Letter]:
    if file.endswith(".json"):
        yield from _yahoo(b"".join(stream), name)
    elif file.endswith((".jsonl", ".ndjson")):
        for number, line in enumerate(_split(stream), 1):
            yield from _yahoo(line, f"{name}#{number}")
    else:
        yield from mbox(stream, name)


def mbox(pieces: Iterable[bytes], name: str) -> Iterator[Letter]:
    r"""Yield the messages of an mbox. A file without any ``From`` line is one message.

    >>> box = b"From a Tue Oct 14 21:00:00 2003\nSubject: x\n\nHi\n>From me\n"
    >>> [letter.data for letter in mbox([box], "box")]
    [b'Subject: x\n\nHi\nFrom me\n']
    """
    held: list[bytes] = []
    size = count = 0
    lines = _Ahead(_split(pieces))
    for line in lines:
        mmdf = line.startswith(_MMDF)
        if mmdf or _parts(line, lines, blank=not held or not held[-1].strip()):
            if letter := _letter(held, name, count):
                yield letter
            held, size, count = [], 0, count + 1
            continue
        if size < LONGEST:
            held.append(line)
        size += len(line) + 1
    if letter := _letter(held, name, count):
        yield letter


class _Ahead:
    """Lines, of which the next few may be looked at before they are read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._next: deque[bytes] = deque()

    def __iter__(self) -> Iterator[bytes]:
        while self._next or self.peek(1):
            yield self._next.popleft()

    def peek(self, count: int) -> list[bytes]:
        """Return up to ``count`` lines that come next."""
        self._next.extend(islice(self._lines, max(0, count - len(self._next))))
        return list(islice(self._next, count))


def _parts(line: bytes, lines: _Ahead, *, blank: bool) -> bool:
    """Say whether ``line`` starts a message: a ``From`` line with a date, or one that lost it and has headers below."""
    if not line.startswith(b"From "):
        return False
    if FROM_LINE.match(line):
        following = lines.peek(1)
        return not following or bool(HEADER.match(following[0]))
    if not blank or not _CUT_FROM_LINE.match(line):
        return False
    return sum(1 for each in lines.peek(6) if _KNOWN.match(each)) >= FEWEST_HEADERS


def glued(data: bytes) -> list[bytes]:
    """Return the messages in ``data`` when ``From`` lines between them are lost; one message is a list of one.

    Messages that are attached or sent as a digest stay where they are, and so do letters inside a story: those have
    no address of a message and no mark of a server.
    """
    head = data[: data.find(b"\n\n")]
    if _SEVERAL.search(head):
        return [data]
    starts = [0]
    for found in _EMPTY_LINE.finditer(data):
        block = data[found.end() : found.end() + 4000].split(b"\n\n", 1)[0]
        names = {name.lower() for name in _HEAD_NAME.findall(block)}
        if {b"from", b"subject"} <= names and names & _SERVER and _only_headers(block):
            starts.append(found.end())
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]


def _only_headers(block: bytes) -> bool:
    return all(HEADER.match(line) or line[:1] in (b" ", b"\t") for line in block.split(b"\n"))


def _letter(lines: list[bytes], name: str, count: int) -> Letter | None:
    data = b"\n".join(lines)
    if not data.strip():
        return None
    data = _QUOTED_FROM.sub(rb"\1", data).lstrip(b"\n")
    return Letter(data.rstrip(b"\n") + b"\n", f"{name}#{count}" if count else name, cut=len(data) >= LONGEST)


def _split(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines without their ends, whatever the ends are."""
    rest = b""
    for piece in pieces:
        whole = rest + piece
        if whole.endswith(b"\r"):
            rest, whole = b"\r", whole[:-1]
        else:
            rest = b""
        lines = whole.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest = lines.pop() + rest
        yield from lines
        if len(rest) > LONGEST:
            yield rest
            rest = b""
    if rest.strip(b"\r"):
        yield rest.strip(b"\r")


def _yahoo(data: bytes, name: str) -> Iterator[Letter]:
    """Yield the message in a JSON file of a Yahoo Groups archiver."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict):
            inner = one.get("ygData")
            if letter := _from_yahoo(inner if isinstance(inner, dict) else one, name):
                yield letter


def _from_yahoo(told: dict[str, object], name: str) -> Letter | None:
    raw = told.get("rawEmail")
    if isinstance(raw, str) and raw.strip():
        return Letter(entities.unescape(raw).replace("\r\n", "\n").encode("utf-8", "replace"), name)
    body = told.get("messageBody") or told.get("body")
    if not isinstance(body, str):
        return None
    head = {
        "From": f"{told.get('authorName') or told.get('from') or ''} <{told.get('from') or told.get('email') or ''}>",
        "Subject": entities.unescape(str(told.get("subject") or "")),
        "Date": str(told.get("postDate") or told.get("date") or ""),
        "Message-ID": f"<{told.get('msgId') or name}@yahoogroups>",
        "Content-Type": "text/html; charset=utf-8",
    }
    lines = [f"{key}: {' '.join(value.split())}" for key, value in head.items()]
    return Letter(("\n".join(lines) + "\n\n" + body).encode("utf-8", "replace"), name)
