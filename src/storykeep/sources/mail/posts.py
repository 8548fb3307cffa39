"""Which letters are stories: those that carry a header block, or say in their subject that they are fiction."""

from __future__ import annotations

from dataclasses import dataclass

from storykeep.sources.mail import letterpaper
from storykeep.sources.mail.message import Message
from storykeep.sources.pages import labels, names
from storykeep.sources.parts import PartMark, bare, part_of, stated_part
from storykeep.sources.subjects import byline, is_fiction, subject_title
from storykeep.text import markup

_HEAD_LINES = 70
_NEEDED = 2
_SHORT, _LONG = 25, 120
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

    @property
    def group(self) -> str:
        """Return what parts of one story share: the bare letters of its title."""
        return bare(self.title)


def post(message: Message, text: str) -> Post | None:
    """Return what a letter says of the story that it holds; None when it holds none. ``text`` is its bare words."""
    plain = markup.plain(text) if message.html else text
    said = _header_block(letterpaper.unquoted(plain))
    words = len(plain.split())
    stem, mark = part_of(message.subject)
    title, own_mark = part_of(said.get("title", ""))
    if not _is_story(message, plain, said, mark, words):
        return None
    title = title or subject_title(stem)
    if not bare(title):
        return None
    author = _author(said.get("author", ""), message, stem)
    if own_mark.order and not mark.order:
        mark = own_mark
    if not mark.order and "part" in said:
        mark = stated_part(said["part"]) or mark
    return Post(title, author, message.sender, message.date, mark, len(said))


def _is_story(message: Message, plain: str, said: dict[str, str], mark: PartMark, words: int) -> bool:
    if letterpaper.quoted_share(plain) > _QUOTED_TOO_MUCH:
        return False
    block = "title" in said and len(said) >= _NEEDED
    if message.reply:
        return block and len(said) >= _NEEDED + 1 and words >= _LONG
    if block:
        return words >= _SHORT
    told = is_fiction(message.subject) or bool(mark.order and mark.total)
    return told and words >= _LONG


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
