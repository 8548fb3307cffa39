"""One message: its headers in plain words, and its text without what mail programs and list servers put around it."""

from __future__ import annotations

import base64
import contextlib
import email
import email.header
import email.utils
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Parsed

from storykeep.sources.pages import dates
from storykeep.text import markup
from storykeep.text.decode import decode

_LIST_TAG = re.compile(r"^\s*\[([^\]\n]{2,40})\]\s*(?=\S)")
_REPLY = re.compile(
    r"^\s*(?:\[[^\]]*\]\s*)?(?:(?:re|aw|sv|antw|rv|odp|ynt|vs)(?:\[\d+\]|\^\d+)?\s*[:>]\s*)+", re.IGNORECASE
)
_FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr)\s*:\s*", re.IGNORECASE)
_SOFT = re.compile(rb"=\r?\n|=20\r?\n|=(?:9[1-7]|85|A0|E[0-9A-F]|3D)", re.IGNORECASE)
_TAGS = re.compile(r"<(?:i|em|b|strong)\b", re.IGNORECASE)
_TYPED = re.compile(r"(?<!\w)[*_](?=\S)[^*_\n]{1,200}(?<=\S)[*_](?!\w)")
_BOUNDARY = re.compile(rb"^--([^\s\"]{1,70})[ \t]*\r?\n(?=Content-)", re.MULTILINE | re.IGNORECASE)
_BASE64 = re.compile(rb"\s*(?:[A-Za-z0-9+/]{60,76}\r?\n){2,}[A-Za-z0-9+/]{1,76}={0,2}\s*")
_PAGE = re.compile(r"\s*(?:<!doctype|<html|<body|<head|<div\b|<p[ >]|<font)", re.IGNORECASE)
_MUCH_MORE = 3  # so many times the words: the text is only a greeting beside the page
PARTS = 200  # parts of one message that are looked into


@dataclass(frozen=True, slots=True)
class Message:
    """A message. ``text`` is plain text, or HTML when ``html``; ``sender`` is an address in lower case."""

    name: str
    sender: str
    subject: str
    date: str
    ident: str
    reply: bool
    text: str
    html: bool = False
    tag: str = ""
    list_id: str = ""
    damage: str = ""


def read(data: bytes) -> tuple[Message, ...]:
    """Return the message in ``data``, then those that are attached to it or sent in it as a digest."""
    found: list[Message] = []
    todo = [_parsed(data)]
    while todo and len(found) < PARTS:
        parsed = todo.pop(0)
        inner = [part for part in _parts(parsed) if part.get_content_type() == "message/rfc822"]
        todo.extend(one for part in inner for one in _payload_messages(part))
        found.append(_message(parsed))
    return tuple(found)


def _parsed(data: bytes) -> Parsed:
    """Return a message; where its head names another boundary than its parts have, theirs counts."""
    parsed = email.message_from_bytes(data)
    if parsed.get_content_maintype() != "multipart" or parsed.is_multipart():
        return parsed
    found = _BOUNDARY.search(data)
    if found is None:
        return parsed
    head, _, body = data.partition(b"\n\n")
    kept = re.sub(rb"(?im)^Content-Type:[^\n]*(?:\n[ \t][^\n]*)*\n?", b"", head + b"\n")
    mended = kept + b'Content-Type: multipart/mixed; boundary="' + found[1] + b'"\n\n' + body
    return email.message_from_bytes(mended)


def _parts(parsed: Parsed) -> Iterator[Parsed]:
    """Yield the leaves of a message, not looking into attached messages."""
    todo = [parsed]
    count = 0
    while todo and count < PARTS:
        part = todo.pop(0)
        count += 1
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_type() != "message/rfc822":
            todo = [*(inner for inner in payload if isinstance(inner, Parsed)), *todo]
        else:
            yield part


def _payload_messages(part: Parsed) -> list[Parsed]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Parsed)] if isinstance(payload, list) else []


def _message(parsed: Parsed) -> Message:
    subject = header(parsed, "Subject")
    tag = _LIST_TAG.match(subject)
    bare = subject[tag.end() :] if tag else subject
    reply = bool(_REPLY.match(bare))
    name, sender = _sender(header(parsed, "From") or header(parsed, "Reply-To") or header(parsed, "Sender"))
    text, html, damage = _text(parsed)
    return Message(
        name=name,
        sender=sender,
        subject=_FORWARD.sub("", _REPLY.sub("", bare)).strip(),
        date=_date(header(parsed, "Date") or header(parsed, "Delivery-date")),
        ident=header(parsed, "Message-ID").strip("<> "),
        reply=reply,
        text=text,
        html=html,
        tag=tag[1].strip() if tag else "",
        list_id=_list_id(parsed),
        damage=damage,
    )


def header(parsed: Parsed, name: str) -> str:
    """Return a header as one line of text: encoded words read, raw bytes decoded, folded lines joined."""
    try:
        value = parsed.get(name)
    except (ValueError, LookupError):
        return ""
    if value is None:
        return ""
    raw = str(value).encode("utf-8", "surrogateescape") if isinstance(value, str) else str(value).encode()
    text = decode(raw).text if isinstance(value, str) else _raw_header(value)
    return " ".join(_encoded_words(text).split())


def _raw_header(value: object) -> str:
    """A header with bytes that are no ASCII comes as an object; its chunks hold the bytes."""
    chunks = getattr(value, "_chunks", [])
    return "".join(decode(text.encode("utf-8", "surrogateescape")).text for text, _ in chunks)


def _encoded_words(text: str) -> str:
    if "=?" not in text:
        return text
    try:
        pieces = email.header.decode_header(text)
    except (email.errors.HeaderParseError, ValueError):
        return text
    return "".join(piece if isinstance(piece, str) else _piece(piece, charset) for piece, charset in pieces)


def _piece(piece: bytes, charset: str | None) -> str:
    return decode(piece, declared=charset or "").text


def _sender(told: str) -> tuple[str, str]:
    """Return (name, address) of a From header, in all the ways of the time.

    >>> _sender("wren at example.org (Wren Hallow)"), _sender('"Hallow, Wren" <Wren@example.org>')
    (('Wren Hallow', 'wren@example.org'), ('Hallow, Wren', 'wren@example.org'))
    """
    told = re.sub(r"^(\S+) at (\S+\.\w+)", r"\1@\2", told)
    comment = re.fullmatch(r"\s*(\S+@\S+)\s*\((.*)\)\s*", told)
    if comment:
        return comment[2].strip("\"' "), comment[1].lower()
    name, address = email.utils.parseaddr(told)
    if "@" not in address:
        found = re.search(r"[\w.+-]+@[\w.-]+", told)
        address, name = (found[0], told[: found.start()]) if found else ("", told)
    name = name.strip("\"'<> ")
    name = "" if name.lower() == address.lower() else re.sub(r"\s*<?\S+@\S*>?\s*", " ", name).strip(" <>\"'")
    return name or re.split(r"[@+]", address)[0], address.lower()


def _date(told: str) -> str:
    """Return the day of a Date header; the server's clock zone is known there, so a full time in UTC."""
    if told.isdigit():
        return dates.unix(told)
    try:
        when = email.utils.parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError, OverflowError):
        return dates.iso(told)
    if not datetime(1980, 1, 1, tzinfo=UTC).year <= when.year <= datetime.now(UTC).year + 1:
        return ""
    return when.date().isoformat()


def _list_id(parsed: Parsed) -> str:
    told = header(parsed, "List-Id") or header(parsed, "Mailing-List") or header(parsed, "List-Post")
    found = re.search(r"(?:<|list |mailto:|^)([\w-]+)[.@]", told)
    return found[1] if found else ""


def _text(parsed: Parsed) -> tuple[str, bool, str]:
    """Return (text, whether it is HTML, what is damaged) of a message."""
    leaves = [part for part in _parts(parsed) if part.get_content_maintype() == "text" or not parsed.is_multipart()]
    plain = [part for part in leaves if part.get_content_type() != "text/html"]
    html = [part for part in leaves if part.get_content_type() == "text/html"]
    html += [part for part in plain if _PAGE.match(_words(part)) and "</" in _words(part)]
    plain = [part for part in plain if part not in html]
    damage = ", ".join(sorted({type(defect).__name__ for part in [parsed, *leaves] for defect in part.defects}))
    words = "\n\n".join(_flowed(part, _words(part)) for part in plain)
    marked = "\n".join(_words(part) for part in html)
    shown = len(markup.plain(marked)) if marked else 0
    if marked and (
        not words.strip()
        or shown > _MUCH_MORE * len(words)
        or (_TAGS.search(marked) and not _TYPED.search(words) and shown > 0.6 * len(words))
    ):
        return marked, True, damage
    return words, False, damage


def _words(part: Parsed) -> str:
    """Return the text of one part: its transfer encoding undone, also where its header was lost."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")
    encoding = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
    if encoding == "base64" and _is_plain(part):
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    if encoding not in ("quoted-printable", "base64"):
        data = _untold(data)
    return decode(data, declared=str(part.get_content_charset() or "")).text.replace("\r\n", "\n").replace("\r", "\n")


def _is_plain(part: Parsed) -> bool:
    """Say whether words stand where base64 was promised: lines of it have no spaces."""
    lines = [line for line in str(part.get_payload()).split("\n")[:40] if line.strip()]
    return sum(1 for line in lines if " " in line.strip()) > len(lines) / 2


def _untold(data: bytes) -> bytes:
    """Undo a transfer encoding that no header tells of."""
    if _BASE64.fullmatch(data[:1_000_000]):
        with contextlib.suppress(ValueError):
            return base64.b64decode(data)
    return quopri.decodestring(data) if _is_quoted_printable(data) else data


def _is_quoted_printable(data: bytes) -> bool:
    """Say whether bytes are quoted-printable although no header says so: many marks, and lines that end with ``=``."""
    marks = len(_SOFT.findall(data[:200_000]))
    return marks >= 3 and (data.count(b"=\n") + data.count(b"=20\n") >= 2 or marks > 8) and b"=3D=3D" not in data  # noqa: PLR2004


def _flowed(part: Parsed, text: str) -> str:
    """Join the lines of ``format=flowed``: a space at the end of a line says that the paragraph goes on."""
    if str(part.get_param("format") or "").lower() != "flowed":
        return text
    drop = str(part.get_param("delsp") or "").lower() == "yes"
    out: list[str] = []
    going_on = False
    for line in text.split("\n"):
        words = line.removeprefix(" ")
        if going_on:
            out[-1] += words
        else:
            out.append(words)
        going_on = words.endswith(" ") and words != "-- " and bool(words.strip())
        if going_on and drop:
            out[-1] = out[-1][:-1]
    return "\n".join(out)
