"""Web pages that a browser saved as one file (.mht, .mhtml): a message whose parts are the page and its pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from posixpath import basename
from typing import IO
from urllib.parse import unquote, urlsplit

from storykeep.model.provenance import Finding
from storykeep.sources.zipped.budget import MB, Budget
from storykeep.sources.zipped.members import Counted, Member, refused

LARGEST = 64 * MB


def mhtml_members(file: IO[bytes], name: str, budget: Budget) -> Iterator[Member | Finding]:
    """Yield the page, named as the file, and then its parts, each with the address that it had."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        yield refused(name, "", f"It is larger than {LARGEST // MB} MB.", "input.too-large")
        return
    message = BytesParser(policy=policy.compat32).parsebytes(data)
    day = _day(message)
    stem = name.rpartition("/")[2].rpartition(".")[0] or "page"
    taken = False
    for part in message.walk():
        if part.is_multipart():
            continue
        page = part.get_content_type() in ("text/html", "application/xhtml+xml") and not taken
        taken = taken or page
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and body:
            address = str(part.get("Content-Location") or "").strip()
            leaf = f"{stem}.html" if page else _leaf(address)
            own = address if address.startswith(("http://", "https://")) else ""
            yield Member(leaf, Counted(io.BytesIO(body), budget), own or (_told(message) if page else ""), day)
    if not taken:
        yield refused(name, "", "No page was found in it.", "input.damaged")


def _told(message: Message) -> str:
    """Return the address that the head of the file tells."""
    told = message.get("Snapshot-Content-Location") or message.get("Content-Location") or ""
    return str(told).strip() if str(told).startswith("http") else ""


def _leaf(address: str) -> str:
    try:
        return "parts/" + (basename(unquote(urlsplit(address).path)) or "part")
    except ValueError:
        return "parts/part"


def _day(message: Message) -> str:
    try:
        when = parsedate_to_datetime(str(message.get("Date"))).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return ""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
