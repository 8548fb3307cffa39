"""The way in for mailing lists: letters are sorted, and the parts of a story are joined in order."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from storykeep.model.errors import Unreadable
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.model.story import Archive, Contact, Credit
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.mail import digests, letterpaper, message
from storykeep.sources.mail.joined import Joined
from storykeep.sources.mail.mailboxes import Letter, glued, holds_letters, letters
from storykeep.sources.mail.message import Message
from storykeep.sources.mail.posts import Found, announces, post
from storykeep.sources.privacy import masked
from storykeep.text.fold import fold

_OWNS = r"(?!.*\.(?:html?|zip|epub|pdf|docx?|odt|rtf)$).*"
ASKED = 40  # files at the start of a folder, and as many spread over the rest, that are looked into


@dataclass(slots=True)
class _Sorted:
    """What was found in the letters so far. The words wait in a temporary file."""

    found: list[Found] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)
    senders: set[str] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    letters: int = 0
    others: int = 0
    short: list[tuple[Finding, bytes]] = field(default_factory=list)
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
    if letter.trouble:
        found.findings.append(_cut_off(letter))
        return
    for one in message.read(letter.data):
        found.letters += 1
        found.tags.update(filter(None, (one.tag or one.list_id,)))
        if not one.html and (inner := digests.split(one.text, one.subject)):
            _sort_digest(inner, letter.name, found, base)
        elif len(pieces := glued(letter.data)) > 1:
            for number, data in enumerate(pieces, 1):
                _sort(replace(letter, data=data, name=f"{letter.name}.{number}"), found, base)
            return
        else:
            _put(one, letter.name, letter.data, found, base)


def _sort_digest(inner: Sequence[str], name: str, found: _Sorted, base: sqlite3.Connection) -> None:
    for number, text in enumerate(inner, 1):
        found.letters += 1
        data = text.encode()
        _put(message.read(data)[0], f"{name}.{number}", data, found, base)


def _put(one: Message, name: str, data: bytes, found: _Sorted, base: sqlite3.Connection) -> None:
    if one.sender:
        found.senders.add(one.sender)
    text = one.text if one.html else letterpaper.letter(one.text)
    said = post(one, text)
    if said is None:
        found.others += 1
        if announces(one):
            found.short.append((_announced(one, name, text), zlib.compress(data)))
        return
    if said.guessed:
        found.findings.append(_guessed(said.guessed, name))
    number = len(found.found)
    base.execute("INSERT INTO letter VALUES (?, ?)", (number, zlib.compress(data)))
    found.found.append(Found(number, name, one.ident, said))


def _cut_off(letter: Letter) -> Finding:
    return Finding(
        code="input.truncated",
        where=letter.name,
        evidence=letter.trouble,
        suggestion="Ask for the file again, and compare its size.",
        severity=Severity.LOSS,
    )


def _announced(one: Message, name: str, text: str) -> Finding:
    return Finding(
        code="mail.story-short",
        where=name,
        evidence=f"{masked(one.subject)[:80]}: its subject promises a story, and it has {len(text.split()):,} words",
        suggestion="Was it cut off, or does it only tell where the story is? It is kept, and not shown.",
        severity=Severity.LOSS,
    )


def _guessed(why: str, name: str) -> Finding:
    return Finding(
        code="mail.story-guess",
        where=name,
        evidence=f"nothing at its head says so, but {why}",
        suggestion="Look whether it is a story, and what its title is.",
    )


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
        story, about = Joined(group, name, base, keep, frozenset(found.senders)).story()
        for person in about:
            key = person.person if isinstance(person, Contact) else person.key
            if key not in people or isinstance(person, Contact):
                people.setdefault(key, Credit(name=""))
                yield person
        yield story
    yield from found.findings
    for finding, data in found.short:
        letter = Capture(sha256="", path=finding.where, media_type="message/rfc822")
        yield replace(finding, capture=keep(zlib.decompress(data), letter).sha256)
    if found.others:
        told = f"{found.others:,} of {found.letters:,} letters are answers, chat or announcements"
        yield Finding(
            code="mail.no-story",
            where=name,
            evidence=told,
            suggestion="They were not brought in.",
            severity=Severity.INFO,
        )


def _groups(found: _Sorted) -> list[list[Found]]:
    """Return the posts by story: the same title by the same author, whichever of name and address is the same."""
    groups: dict[tuple[str, str], list[Found]] = {}
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
