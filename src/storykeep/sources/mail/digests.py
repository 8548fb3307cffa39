"""Digests: many messages sent as one, parted by rules of dashes or underscores."""

from __future__ import annotations

import re

_SIGN = re.compile(
    r"digest|today'?s topics|topics (?:in this|covered)|there (?:are|is) \d+ messages?"
    r"|messages? in this (?:issue|digest)"
    r"|in this (?:issue|digest)|table of contents",
    re.IGNORECASE,
)
_HEADERS = (
    r"(?:[ \t]*(?:Date|From|Subject|To|Cc|Reply-To|Message-ID|Sender|Organization|Content-\w[\w-]*|MIME-Version"
    r"|X-[\w-]+)"
    r":[^\n]*\n(?:[ \t]+\S[^\n]*\n)*)"
)
_START = re.compile(
    r"^(?:(?:[-_=*~] ?){15,}[ \t]*\n\s*)+(?:\W{0,3}Message:?\s*\#?\d+\W*\n\s*)?(?=" + _HEADERS + r"{2,})",
    re.MULTILINE | re.IGNORECASE,
)
_FIRST = re.compile(r"^\W{0,3}Message:?\s*\#?\d+\W*\n\s*(?=" + _HEADERS + r"{2,})", re.MULTILINE | re.IGNORECASE)
_END = re.compile(
    r"\n(?:[-_=*] ?){15,}\s*(?:\n|$)(?=\s*(?:End of|\Z|(?:[-_=*] ?){15,}))|^\s*End of .{0,80}digest.*\Z",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)


def split(text: str, subject: str = "") -> tuple[str, ...]:
    """Return the messages of a digest as raw text with their headers; () when the text is no digest.

    A letter inside a story has headers, too; so the text must say that it is a digest.
    """
    head = text[:6000]
    if not (_SIGN.search(subject) or _SIGN.search(head)):
        return ()
    starts = list(_START.finditer(text)) or list(_FIRST.finditer(text))
    if not starts:
        return ()
    ends = [*(found.start() for found in starts[1:]), len(text)]
    pieces = [text[found.end() : end] for found, end in zip(starts, ends, strict=True)]
    return tuple(_tidy(piece) for piece in pieces)


def _tidy(piece: str) -> str:
    """Return a message of a digest with headers that start in the first column and an empty line after them."""
    lines = piece.strip("\n").split("\n")
    head: list[str] = []
    while lines and lines[0].strip() and re.match(r"[ \t]*[\w-]+:", lines[0]):
        head.append(lines.pop(0).strip())
        while lines and re.match(r"[ \t]+\S", lines[0]) and not re.match(r"[ \t]*[A-Z][\w-]+:\s", lines[0]):
            head[-1] += " " + lines.pop(0).strip()
    body = "\n".join(lines).strip("\n")
    return "\n".join(head) + "\n\n" + _END.sub("", body).rstrip() + "\n"
