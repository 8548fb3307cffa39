"""The way in for mailing lists: letters are sorted, and the parts of a story are joined in order."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from storykeep.model import identity
from storykeep.model.errors import InputError, Unreadable
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.model.story import Archive, Chapter, Contact, Credit, Person, Story
from storykeep.sources import pages
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.mail import digests, letterpaper, message
from storykeep.sources.mail.mailboxes import Letter, holds_letters, letters
from storykeep.sources.mail.message import Message
from storykeep.sources.mail.posts import Post, post
from storykeep.sources.mail.wrapping import unwrapped
from storykeep.sources.parts import EPILOGUE, MOST_PARTS, bare
from storykeep.sources.privacy import ADDRESS, masked, masked_story
from storykeep.text.fold import fold

_OWNS = r"(?!.*\.(?:html?|zip|epub|pdf|docx?|odt|rtf)$).*"
ASKED = 40  # files at the start of a folder, and as many spread over the rest, that are looked into
_IN_WORD = re.compile(r"(?<![\w*])\*([^\W_]{1,20})\*(?=\w)")
_TRUNCATED = re.compile(r"\(?message over 64 ?kb?,? truncated\)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """A story post, and where its letter waits."""

    number: int
    name: str
    ident: str
    post: Post


@dataclass(slots=True)
class _Sorted:
    """What was found in the letters so far. The words wait in a temporary file."""

    found: list[_Found] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)
    senders: set[str] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    letters: int = 0
    others: int = 0
    findings: list[Finding] = field(default_factory=list)


class MailingList:
    """mbox files, digests, single messages and Yahoo Groups archives. Only stories leave the letters."""

    code = "mail"

    def probe(self, material: Material) -> Probe | None:
        path = material.path
        if path.is_dir():
            return _claim(path)
        if path.is_file() and holds_letters(path):
            return Probe(confidence=0.9, evidence=f"{path.name} begins as a mailbox or a message does")
        return None

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        base = sqlite3.connect("")  # "" is SQLite's name for a temporary file of its own
        try:
            base.execute("CREATE TABLE letter (number INTEGER PRIMARY KEY, data BLOB)")
            found = _Sorted()
            for letter in letters(material.path, material.name):
                _sort(letter, found, base)
            if not found.letters:
                raise Unreadable(f"No message was found in {material.name or material.path.name}. Is it a mailbox?")
            yield from _records(found, _list_name(found, material), base, keep)
        finally:
            base.close()


def _claim(folder: Path) -> Probe | None:
    """Return how sure it is that a folder is one list's letters: many files of mail, and little else.

    One mailbox in a folder speaks for itself, but the months of a list belong together.
    """
    if all((folder / name).is_dir() for name in ("cur", "new")):
        return Probe(confidence=0.8, evidence="the folder is a Maildir", owns=r".*")
    names = sorted(one for one in folder.iterdir() if one.is_file() and not one.is_symlink())
    asked = [*names[:ASKED], *names[ASKED :: max(1, len(names) // ASKED)][:ASKED]]
    mail = [one for one in asked if holds_letters(one)]
    if not mail:
        inner = folder / "email"
        return _claim(inner) if inner.is_dir() and folder.name != "email" else None
    several = len(mail) > 1 and len(mail) >= 0.5 * len(asked)
    return Probe(confidence=0.8 if several else 0.4, evidence=f"{mail[0].name} holds mail", owns=_OWNS)


def _sort(letter: Letter, found: _Sorted, base: sqlite3.Connection) -> None:
    """Look at a letter, and at those inside it; put those that are stories aside."""
    if letter.cut:
        found.findings.append(
            Finding(
                code="mail.too-large",
                where=letter.name,
                suggestion="Only its first 16 MB were read.",
                severity=Severity.LOSS,
            )
        )
    for one in message.read(letter.data):
        found.letters += 1
        inner = digests.split(one.text, one.subject) if not one.html else ()
        found.tags.update(filter(None, (one.tag or one.list_id,)))
        if inner:
            for number, text in enumerate(inner, 1):
                found.letters += 1
                data = text.encode()
                parsed = message.read(data)[0]
                _put(replace(parsed, text=parsed.text), f"{letter.name}.{number}", data, found, base)
        else:
            _put(one, letter.name, letter.data, found, base)


def _put(one: Message, name: str, data: bytes, found: _Sorted, base: sqlite3.Connection) -> None:
    if one.sender:
        found.senders.add(one.sender)
    text = one.text if one.html else letterpaper.letter(one.text)
    said = post(one, text)
    if said is None:
        found.others += 1
        return
    number = len(found.found)
    base.execute("INSERT INTO letter VALUES (?, ?)", (number, zlib.compress(data)))
    found.found.append(_Found(number, name, one.ident, said))


def _list_name(found: _Sorted, material: Material) -> str:
    """Return the list's name: the tag in its subjects, its own id, or the name of the file."""
    if found.tags:
        name, times = found.tags.most_common(1)[0]
        if times >= max(1, found.letters * 0.2):
            return name
    stem = re.sub(r"\.(?:mbox|mbx|eml|txt|gz|json|zip)$", "", material.path.name, flags=re.IGNORECASE)
    return stem or "mailing list"


def _records(found: _Sorted, name: str, base: sqlite3.Connection, keep: Keep) -> Iterator[Record]:
    yield Archive(name=name, software="mailing list")
    groups = _groups(found)
    people: dict[str, Credit] = {}
    for group in groups:
        story, about = _Joined(group, name, base, keep, frozenset(found.senders)).story()
        for person in about:
            key = person.person if isinstance(person, Contact) else person.key
            if key not in people or isinstance(person, Contact):
                people.setdefault(key, Credit(name=""))
                yield person
        yield story
    yield from found.findings
    if found.others:
        told = f"{found.others:,} of {found.letters:,} letters are answers, chat or announcements"
        yield Finding(
            code="mail.no-story",
            where=name,
            evidence=told,
            suggestion="They were not brought in.",
            severity=Severity.INFO,
        )


def _groups(found: _Sorted) -> list[list[_Found]]:
    """Return the posts by story: the same title by the same author, whichever of name and address is the same."""
    groups: dict[tuple[str, str], list[_Found]] = {}
    for one in found.found:
        title = one.post.group
        by_name, by_sender = (title, fold(one.post.author)), (title, one.post.sender)
        known = groups.get(by_name) or groups.get(by_sender) or []
        known.append(one)
        groups.setdefault(by_name, known)
        if one.post.sender:
            groups.setdefault(by_sender, known)
    unique = {id(group): group for group in groups.values()}
    return list(unique.values())


class _Joined:
    """Parts of one story on their way to become one."""

    def __init__(
        self, group: list[_Found], name: str, base: sqlite3.Connection, keep: Keep, senders: frozenset[str]
    ) -> None:
        self._group, self._name, self._base, self._keep, self._senders = group, name, base, keep, senders
        self._findings: list[Finding] = []
        self._readings: list[tuple[_Found, pages.PageReading]] = []

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
            findings=tuple(_masked(one) for part in parts for one in part.findings) + tuple(self._findings),
        )
        contacts = dict.fromkeys(
            one.post.sender for one in self._group if one.post.sender and "..." not in one.post.sender
        )
        return story, (Person(key=person, name=author), *(Contact(person=person, email=mail) for mail in contacts))

    def _in_order(self) -> list[_Found]:
        """Return the posts in the order of their parts; of several posts of one part the last."""
        latest: dict[float, _Found] = {}
        loose: list[_Found] = []
        for one in self._group:
            if not one.post.part.order:
                loose.append(one)
                continue
            if one.post.part.order in latest:
                self._repeated(latest[one.post.part.order], one)
            latest[one.post.part.order] = one
        if not latest:
            for earlier, later in pairwise(loose):
                self._repeated(earlier, later)
            return loose[-1:]
        return [latest[order] for order in sorted(latest)] + ([] if latest else loose)

    def _repeated(self, earlier: _Found, later: _Found) -> None:
        self._findings.append(
            Finding(
                code="mail.repost",
                where=later.name,
                evidence=f"{earlier.name} is the same part",
                suggestion="The later one was taken. Compare them.",
                severity=Severity.INFO,
            )
        )

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

    def _read(self, one: _Found) -> pages.PageReading | None:
        row = self._base.execute("SELECT data FROM letter WHERE number = ?", (one.number,)).fetchone()
        data = zlib.decompress(row[0])
        letter = next(
            (found for found in message.read(data) if not one.ident or found.ident == one.ident), message.read(data)[0]
        )
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

    def _chapter(self, key: str, number: int, one: _Found, reading: pages.PageReading) -> Chapter:
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

    def _title(self, head: _Found, first: Story) -> str:
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


def _part_key(one: _Found, number: int) -> str:
    order = one.post.part.order
    return f"{order:g}" if order else str(number)


def _masked(finding: Finding) -> Finding:
    return replace(
        finding,
        evidence=ADDRESS.sub("…", finding.evidence),
        where=ADDRESS.sub("…", finding.where),
        suggestion=ADDRESS.sub("…", finding.suggestion),
    )
