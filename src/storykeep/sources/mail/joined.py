"""The posts of one story become that story: read, put in order, their losses named."""

from __future__ import annotations

import re
import sqlite3
import zlib
from dataclasses import replace

from storykeep.model import identity
from storykeep.model.errors import InputError
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.model.story import Chapter, Contact, Credit, Person, Story
from storykeep.sources import pages
from storykeep.sources.base import Keep
from storykeep.sources.mail import letterpaper, message
from storykeep.sources.mail.ordering import ordered
from storykeep.sources.mail.posts import Found
from storykeep.sources.mail.wrapping import unwrapped
from storykeep.sources.parts import EPILOGUE, MOST_PARTS, bare
from storykeep.sources.privacy import ADDRESS, masked, masked_story
from storykeep.text import markup

_IN_WORD = re.compile(r"(?<![\w*])\*([^\W_]{1,20})\*(?=\w)")
_KNOWN_HERE = frozenset(("title.missing", "author.missing", "title.guess", "author.guess"))  # the letter's head tells
_TRUNCATED = re.compile(r"\(?message over 64 ?kb?,? truncated\)?", re.IGNORECASE)


class Joined:
    """Parts of one story on their way to become one."""

    def __init__(
        self, group: list[Found], name: str, base: sqlite3.Connection, keep: Keep, senders: frozenset[str]
    ) -> None:
        self._group, self._name, self._base, self._keep, self._senders = group, name, base, keep, senders
        self._findings: list[Finding] = []
        self._readings: list[tuple[Found, pages.PageReading]] = []

    def story(self) -> tuple[Story, tuple[Person | Contact, ...]]:
        """Return the story and who wrote it."""
        for one in self._in_order():
            reading = self._read(one)
            if reading is not None:
                self._readings.append((one, reading))
        head = next((one for one, _ in self._readings if one.post.labels), self._group[0])
        first = next((reading.story for one, reading in self._readings if one is head), Story(key=""))
        author = head.post.author
        key = identity.key(self._name, author, head.post.title)
        person = identity.key(self._name, "author", author)
        chapters = tuple(
            self._chapter(key, number, one, reading) for number, (one, reading) in enumerate(self._readings, 1)
        )
        total = max((one.post.part.total for one in self._group), default=0)
        self._missing(total)
        parts = [reading.story for _, reading in self._readings]
        days = [one.post.date for one in self._group if one.post.date]
        story = replace(
            first,
            key=key,
            title=self._title(head, first),
            archive=self._name,
            credits=self._credits(first, author, person),
            summary=masked(first.summary),
            notes=tuple(replace(note, body=masked(note.body)) for note in first.notes),
            published=min(days, default=""),
            updated=max(days, default=""),
            chapters_planned=total if total > 1 else 0,
            chapters=chapters,
            captures=tuple(dict.fromkeys(capture for part in parts for capture in part.captures)),
            addresses=(),
            evidence=tuple(replace(one, quote=masked(one.quote)) for one in first.evidence),
            findings=tuple(_masked(one) for part in parts for one in part.findings if one.code not in _KNOWN_HERE)
            + tuple(self._findings),
        )
        contacts = dict.fromkeys(
            one.post.sender for one in self._group if one.post.sender and "..." not in one.post.sender
        )
        return story, (Person(key=person, name=author), *(Contact(person=person, email=mail) for mail in contacts))

    def _in_order(self) -> list[Found]:
        posts, findings = ordered(self._group, self._words)
        self._findings += findings
        return posts

    def _words(self, one: Found) -> str:
        letter = self._letter(self._data(one), one)
        return markup.plain(letter.text) if letter.html else letterpaper.letter(letter.text)

    def _data(self, one: Found) -> bytes:
        row = self._base.execute("SELECT data FROM letter WHERE number = ?", (one.number,)).fetchone()
        return zlib.decompress(row[0])

    def _letter(self, data: bytes, one: Found) -> message.Message:
        found = message.read(data)
        return next((each for each in found if not one.ident or each.ident == one.ident), found[0])

    def _missing(self, total: int) -> None:
        have = {int(one.post.part.order) for one, _ in self._readings if one.post.part.order}
        last = max(total if total < MOST_PARTS else 0, max((number for number in have if number < EPILOGUE), default=0))
        for number in range(1, last + 1):
            if have and number not in have:
                self._findings.append(
                    Finding(
                        code="part.missing",
                        where=f"part {number} of {total or last}",
                        suggestion="This part is not in the mailbox. Another month, a digest or a reader may have it.",
                        severity=Severity.LOSS,
                    )
                )

    def _read(self, one: Found) -> pages.PageReading | None:
        data = self._data(one)
        letter = self._letter(data, one)
        capture = self._keep(data, Capture(sha256="", path=one.name, media_type="message/rfc822", size=len(data)))
        text = letter.text if letter.html else unwrapped(letterpaper.letter(letter.text))
        if _TRUNCATED.search(text[-400:]):
            self._findings.append(
                Finding(
                    code="text.truncated",
                    where=one.name,
                    evidence="the group's server cut it at 64 KB",
                    severity=Severity.LOSS,
                )
            )
        if letter.damage:
            self._findings.append(
                Finding(
                    code="mail.damaged",
                    where=one.name,
                    evidence=letter.damage,
                    suggestion="Compare the text with the letter as it was saved.",
                    severity=Severity.DOUBT,
                )
            )
        try:
            return pages.read(text.encode(), replace(capture, declared_encoding="utf-8"))
        except InputError as error:
            self._findings.append(Finding(code=error.code, where=one.name, evidence=str(error), severity=Severity.LOSS))
            return None

    def _chapter(self, key: str, number: int, one: Found, reading: pages.PageReading) -> Chapter:
        read = reading.story.chapters
        chapter = read[0] if read else Chapter(key="")
        if len(read) > 1:
            chapter = replace(chapter, body="\n".join(part.body for part in read), steps=(), gaps=())
        body = _IN_WORD.sub(r"<em>\1</em>", chapter.body)
        clear, fictional = masked_story(body, self._senders)
        if fictional:
            self._findings.append(
                Finding(
                    code="email.in-text",
                    where=one.name,
                    evidence=f"{len(fictional)} that look like part of the story",
                    suggestion="Is this fiction? If it is a real person's address, hide it.",
                )
            )
        alone = len(self._readings) == 1
        return replace(
            chapter,
            key=f"{key}/{_part_key(one, number)}",
            title=masked(chapter.title) if not alone and bare(chapter.title) != one.post.group else "",
            label="" if alone and not one.post.part.total > 1 else one.post.part.label,
            body=clear,
            steps=chapter.steps if clear == chapter.body else (),
            notes=tuple(
                replace(note, body=masked(note.body))
                for note in (*chapter.notes, *(() if one is self._readings[0][0] else reading.story.notes))
            ),
            published=one.post.date,
            addresses=(),
        )

    def _title(self, head: Found, first: Story) -> str:
        if first.title and bare(first.title) == head.post.group:
            return masked(first.title)
        return masked(head.post.title)

    def _credits(self, first: Story, author: str, person: str) -> tuple[Credit, ...]:
        named = [replace(credit, name=masked(credit.name)) for credit in first.credits]
        if not any(credit.role.value == "author" for credit in named):
            return (Credit(name=author, person=person), *named)
        return tuple(
            replace(credit, person=person if bare(credit.name) == bare(author) else credit.person) for credit in named
        )


def _part_key(one: Found, number: int) -> str:
    order = one.post.part.order
    return f"{order:g}" if order else str(number)


def _masked(finding: Finding) -> Finding:
    return replace(
        finding,
        evidence=ADDRESS.sub("…", finding.evidence),
        where=ADDRESS.sub("…", finding.where),
        suggestion=ADDRESS.sub("…", finding.suggestion),
    )
