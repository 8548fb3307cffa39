"""Which letters are stories: those that carry a header block, or say in their subject that they are fiction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storykeep.sources.mail import letterpaper
from storykeep.sources.mail.message import Message
from storykeep.sources.pages import labels, names
from storykeep.sources.parts import PartMark, bare, part_of, stated_part
from storykeep.sources.subjects import byline, is_fiction, subject_title
from storykeep.text import markup

_HEAD_LINES = 70
_NEEDED = 2
_SHORT, _FEW, _LONG, _TALE = 25, 60, 120, 250  # words
_TALKED, _TALK_SHARE = 5, 0.2
_QUOTES = ('"', "“", "‘", "«", "„", "'", "``")
_ENDS = re.compile(
    r"^\W*(?:the end|end|fin|finis|tbc|to be continued|end (?:of )?(?:part|chapter)\W+\w+|the beginning)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
_LINK = re.compile(r"https?://|www\.")
_QUOTED_TOO_MUCH = 0.3


@dataclass(frozen=True, slots=True)
class Post:
    """A letter that is a story or a part of one, before its words are read."""

    title: str
    author: str
    sender: str
    date: str
    part: PartMark
    labels: int
    subject: str = ""
    guessed: str = ""

    @property
    def group(self) -> str:
        """Return what parts of one story share: the bare letters of its title."""
        return bare(self.title)


@dataclass(frozen=True, slots=True)
class Found:
    """A story post, and where its letter waits."""

    number: int
    name: str
    ident: str
    post: Post


def post(message: Message, text: str) -> Post | None:
    """Return what a letter says of the story that it holds; None when it holds none. ``text`` is its bare words."""
    plain = markup.plain(text) if message.html else text
    said = _header_block(letterpaper.unquoted(plain))
    words = len(plain.split())
    stem, mark = part_of(message.subject)
    title, own_mark = part_of(said.get("title", ""))
    kind = _kind(message, plain, said, mark, words)
    if not kind:
        return None
    guessed = kind if kind != "told" else ""
    title = title or subject_title(stem)
    if not bare(title):
        return None
    author = _author(said.get("author", ""), message, stem)
    if own_mark.order and not mark.order:
        mark = own_mark
    if not mark.order and "part" in said:
        mark = stated_part(said["part"]) or mark
    return Post(title, author, message.sender, message.date, mark, len(said), message.subject, guessed)


def _kind(message: Message, plain: str, said: dict[str, str], mark: PartMark, words: int) -> str:
    """Return how it is known that a letter is a story: ``told``, or what it looks like; empty when it is none."""
    if letterpaper.quoted_share(plain) > _QUOTED_TOO_MUCH:
        return ""
    block = "title" in said and len(said) >= _NEEDED
    if message.reply:
        return "told" if block and len(said) >= _NEEDED + 1 and words >= _LONG else ""
    if block:
        return "told" if words >= _SHORT else ""
    least = _SHORT if _ENDS.search(plain) else _LONG if _LINK.search(plain) else _FEW
    if announces(message, mark):
        return "told" if words >= least else ""
    return _looks(plain, words)


def announces(message: Message, mark: PartMark | None = None) -> bool:
    """Say whether a letter's subject promises a story, or a part of one."""
    mark = mark or part_of(message.subject)[1]
    return not message.reply and (is_fiction(message.subject) or bool(mark.order and mark.total))


def _looks(plain: str, words: int) -> str:
    """Say why a letter that tells nothing may be a story: it ends as stories do, and people talk in it."""
    paragraphs = [one for one in re.split(r"\n\s*\n", plain) if one.strip()]
    talk = sum(1 for one in paragraphs if one.lstrip(" *_").startswith(_QUOTES))
    share = talk / max(1, len(paragraphs))
    if words >= _TALE and _ENDS.search(plain) and talk:
        return "it ends as a story does"
    if words >= 2 * _TALE and talk >= _TALKED and share >= _TALK_SHARE:
        return "people talk in it"
    return ""


def _header_block(plain: str) -> dict[str, str]:
    """Return the labelled facts at the head of a letter: the first value of each field.

    Only lines near the top count, and none behind a stretch of prose.
    """
    found: dict[str, str] = {}
    last, seen = 0, 0
    for number, line in enumerate(plain.split("\n")[:_HEAD_LINES]):
        if not line.strip():
            continue
        seen += 1
        for label in labels.parse(_escaped(line.strip())):
            if label.field in ("notes", "summary", "disclaimer", "title", "author") or len(line) < 400:  # noqa: PLR2004 — a fact is short
                found.setdefault(label.field, label.text)
                last = number
        if number - last > 16 and seen > 16:  # noqa: PLR2004 — the story has begun
            break
    return found


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _author(stated: str, message: Message, stem: str) -> str:
    found = names.tidy(stated) if stated else ""
    found = found or names.tidy(byline(stem))
    return found or names.tidy(message.name) or message.name
