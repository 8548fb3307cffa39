"""What nobody else may read is fenced where it comes in: e-mail addresses leave the text, or never enter it.

An address in a field about a person or in a reader's words is masked. In a story it may be fiction (letters and mails
between characters), so there only addresses that are known to be somebody's, and those that ask for feedback, go.
"""

from __future__ import annotations

import re
from collections.abc import Collection

MASK = "[address kept private]"
_SURE = r"(?:com|net|org|edu|gov|mil|info|biz|de|fr|es|nl|se|fi|dk|pl|cz|hu|ru|pt|gr|uk|ca|au|nz|jp|br|example)"
_LAND = rf"(?:{_SURE}|name|at|ch|it|be|no|ie|us|mx|ar|za|in|is|test)"
_AT = r"(?:\s?(?:[\[({<]\s?at\s?[\])}>]|&#0*64;|&#x40;|%40)\s?|@)"
_SAID_DOT = r"(?:\s?[\[({<]\s?dot\s?[\])}>]\s?|\sdot\s)"
_DOT = rf"(?:\.|{_SAID_DOT})"
_HOUSES = (
    r"(?:yahoo|hotmail|aol|gmail|googlemail|msn|juno|excite|earthlink|compuserve|btinternet|gmx|web|netscape|"
    r"lycos|mindspring)"
)
_NOBODY = (
    r"(?:me|us|him|her|it|them|you|here|there|is|are|was|be|look\w*|found|find|post\w*|stor(?:y|ies)|fics?|site|"
    r"archive\w*|page|home|group|list|hosted|available|read|more|mail|email|live|journal|online|now|also|only|"
    r"write|reach|contact|back|and|or|up)"
)
_CALLS = (
    r"(?:e-?mail(?:ed)?(?: (?:me|address))?|contact|feedback(?: to)?|mailto|write (?:to )?me|reach me|from|sent by|"
    r"courriel|adresse)"
)
_WHO = r"(?<![\w.+%-])[\w+-][\w.+-]*+"
_SOMEBODY = rf"(?<![\w.+%-])(?!{_NOBODY}\s)[\w+-][\w.+-]*+"
_HOST = rf"(?:[\w-]++\.)++{_LAND}"
ADDRESS = re.compile(
    # Written as it is, or with brackets around "at", "dot" or both.
    rf"(?<![\w.+%-])(?:mailto:)?[\w+%-][\w.+%-]*+{_AT}(?:[\w-]++{_DOT})++[a-z]{{2,24}}(?![\w-])"
    # "wren at tower dot net", "wrenATtowerDOTnet": nobody writes "dot" into a sentence.
    rf"|{_WHO}\sat\s[\w-]++{_SAID_DOT}(?:[\w-]++{_DOT})*+{_SURE}(?![\w-])"
    rf"|(?<![\w.+%-])[\w+.-]{{1,64}}?(?-i:AT)[\w-]{{1,64}}?(?-i:DOT){_SURE}(?![\w-])"
    # "wren at tower.net" is an address where one is announced, alone in brackets, or at a house that only keeps mail.
    rf"|(?:(?<=[(<\[])|(?<=&lt;))(?!{_NOBODY}\s)[\w+-][\w.+-]*+\sat\s{_HOST}(?=[)>\]]|&gt;)"
    rf"|{_SOMEBODY}\s@\s{_HOST}(?![\w-])"
    rf"|{_SOMEBODY}\sat\s{_HOUSES}\.{_LAND}(?![\w-])",
    re.IGNORECASE,
)
"""An address of mail, also one that was spelled out so that no machine would know it."""
_CALLED = re.compile(
    rf"(\b{_CALLS}\s*[:=-]?\s*(?:</?(?:strong|b|em|i)>\s*)*:?\s*)"
    rf"((?!{_NOBODY}\s)[\w+-][\w.+-]*+\sat\s{_HOST})(?![\w-])",
    re.IGNORECASE,
)
_SIGN = re.compile(r"@|at|&#0*64;|&#x40;|%40", re.IGNORECASE)
_ASKS = re.compile(
    r"feed ?back|comment|review|e-?mail|mail (?:me|to)|write (?:to )?me|contact|flame|subscri|@aol", re.IGNORECASE
)
_BLOCK = re.compile(r"(<(?:p|div|li|td|h[1-6]|blockquote)\b[^>]*>)", re.IGNORECASE)
_LETTER = re.compile(r"(?:^|>|\n)\s*(?:From|To|Cc|Sent|Date|Subject|Re)\s*:", re.IGNORECASE)


def masked(text: str) -> str:
    """Return ``text`` without any e-mail address.

    >>> masked("Write to anna@example.org, or not.")
    'Write to [address kept private], or not.'
    >>> masked("Write to anna at hall dot org, and look at me.com.")
    'Write to [address kept private], and look at me.com.'
    """
    return _CALLED.sub(rf"\1{MASK}", ADDRESS.sub(MASK, text)) if _SIGN.search(text) else text


def masked_story(body: str, known: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    """Return a story's HTML without the addresses of real people, and the fictional ones that stay.

    ``known`` are addresses in lower case that belong to somebody.

    >>> masked_story("<p>Feedback: a@b.org</p><p>From: t@station.example</p>")
    ('<p>Feedback: [address kept private]</p><p>From: t@station.example</p>', ('t@station.example',))
    """
    if not _SIGN.search(body):
        return body, ()
    kept: list[str] = []
    pieces = _BLOCK.split(body)
    return "".join(_masked_block(piece, known, kept) for piece in pieces), tuple(kept)


def _masked_block(block: str, known: Collection[str], kept: list[str]) -> str:
    asks = bool(_ASKS.search(ADDRESS.sub("", block))) and not _LETTER.search(block)

    def mask(found: re.Match[str]) -> str:
        address = written(found[0])
        if asks or address in known:
            return MASK
        kept.append(found[0].removeprefix("mailto:"))
        return found[0]

    clear = ADDRESS.sub(mask, block)
    return _CALLED.sub(rf"\1{MASK}", clear) if asks else clear


def written(address: str) -> str:
    """Return an address as a machine writes it, in lower case.

    >>> written("Wren (at) tower dot net"), written("wrenATtowerDOTnet")
    ('wren@tower.net', 'wren@tower.net')
    """
    bare = re.sub(r"^mailto:", "", address, flags=re.IGNORECASE)
    at = re.sub(rf"\s@\s|{_AT}|\sat\s|(?-i:AT)(?=[\w-]+DOT)", "@", bare, count=1, flags=re.IGNORECASE)
    return re.sub(rf"{_DOT}|(?-i:DOT)", ".", at, flags=re.IGNORECASE).lower()


def addresses(text: str) -> tuple[str, ...]:
    """Return the e-mail addresses in ``text``, in lower case, each once, in order."""
    called = (found[2] for found in _CALLED.finditer(text))
    plain = (found[0] for found in ADDRESS.finditer(text))
    return tuple(dict.fromkeys(written(one) for one in (*plain, *called)))
