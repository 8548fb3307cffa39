"""What nobody else may read is fenced where it comes in: e-mail addresses leave the text, or never enter it.

An address in a field about a person or in a reader's words is masked. In a story it may be fiction (letters and mails
between characters), so there only addresses that are known to be somebody's, and those that ask for feedback, go.
"""

from __future__ import annotations

import re
from collections.abc import Collection

MASK = "[address kept private]"
ADDRESS = re.compile(
    r"(?<![\w.+%-])(?:mailto:)?[\w+%-][\w.+%-]*+(?:@|\s?(?:\[at\]|\(at\)|&#64;|%40)\s?)(?:[\w-]++\.)++[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"feed ?back|comment|review|e-?mail|mail (?:me|to)|write (?:to )?me|contact|flame|subscri|@aol", re.IGNORECASE
)
_BLOCK = re.compile(r"(<(?:p|div|li|td|h[1-6]|blockquote)\b[^>]*>)", re.IGNORECASE)
_LETTER = re.compile(r"(?:^|>|\n)\s*(?:From|To|Cc|Sent|Date|Subject|Re)\s*:", re.IGNORECASE)


def masked(text: str) -> str:
    """Return ``text`` without any e-mail address.

    >>> masked("Write to anna@example.org, or not.")
    'Write to [address kept private], or not.'
    """
    return ADDRESS.sub(MASK, text) if "@" in text or "at" in text else text


def masked_story(body: str, known: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """Return a story's HTML without the addresses of real people, and the fictional ones that stay.

    ``known`` are addresses in lower case that belong to somebody.

    >>> masked_story("<p>Feedback: a@b.org</p><p>From: t@station.example</p>")
    ('<p>Feedback: [address kept private]</p><p>From: t@station.example</p>', ('t@station.example',))
    """
    if "@" not in body:
        return body, ()
    kept: list[str] = []
    pieces = _BLOCK.split(body)
    return "".join(_masked_block(piece, known, kept) for piece in pieces), tuple(kept)


def _masked_block(block: str, known: Collection[str], kept: list[str]) -> str:
    asks = bool(_ASKS.search(ADDRESS.sub("", block))) and not _LETTER.search(block)

    def mask(found: re.Match[str]) -> str:
        address = found[0].removeprefix("mailto:")
        if asks or address.lower() in known:
            return MASK
        kept.append(address)
        return found[0]

    return ADDRESS.sub(mask, block)


def addresses(text: str) -> tuple[str, ...]:
    """Return the e-mail addresses in ``text``, in lower case, each once, in order."""
    return tuple(dict.fromkeys(found[0].lower().removeprefix("mailto:") for found in ADDRESS.finditer(text)))
