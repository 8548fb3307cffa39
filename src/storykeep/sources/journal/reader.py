"""The way in for LiveJournal, Dreamwidth and their kin: what ljdump saved, and what their own export gives."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from storykeep.model import identity
from storykeep.model.errors import InputError, Unreadable
from storykeep.model.provenance import Capture, Evidence, Finding, Severity
from storykeep.model.story import Archive, Chapter, Credit, Note, NoteKind, Person, Review, Story, Tag
from storykeep.sources import pages, prose
from storykeep.sources.base import Keep, Material, Probe, Record
from storykeep.sources.bytestream import Bytestream
from storykeep.sources.journal.entries import JournalComment, JournalEntry, Node, comments_of, entry_of, tree, users_of
from storykeep.sources.journal.words import Words, broken, parted
from storykeep.sources.pages import dates, labels
from storykeep.sources.parts import MOST_PARTS, PartMark, bare, part_of
from storykeep.sources.privacy import masked, masked_story
from storykeep.sources.subjects import is_fiction, subject_title

LIMIT = 64 << 20  # bytes of one entry, or of a file of comments
_ENTRY_END = b"</entry>"
_ENTRY = re.compile(r"L-(\d+)(?:\.xml)?")
_COMMENTS = re.compile(r"C-(\d+)(?:\.xml)?")
_EXPORT = re.compile(r".*\.(?:xml|bml)(?:\.gz)?|export[\w.-]*|comments?", re.IGNORECASE)
_OWNS = r".*"  # newer programs put pages beside the entries, and locked ones among them
ASKED = 40  # files of a folder that are looked into before it is given up
_SIGN = re.compile(
    rb"<event>\s*<itemid>|<(?:livejournal|dreamwidth)\b|<entry>\s*<itemid>|<comments?>\s*<comment\b|<event>.{0,400}<eventtime>",
    re.DOTALL | re.IGNORECASE,
)
_TAGS_SAY = re.compile(r"\b(?:fan)?fic(?:let|tion)?\b|\bstor(?:y|ies)\b|\bdrabbles?\b|\bmy writing\b", re.IGNORECASE)
_SHORTEST = 120


@dataclass(frozen=True, slots=True)
class _Post:
    """An entry that holds a story or a part of one."""

    entry: JournalEntry
    title: str
    mark: PartMark
    words: Words
    facts: dict[str, labels.Label]
    data: bytes
    name: str


class Journal:
    """ljdump folders (``L-12``, ``C-12``) and export files. Only what everybody could read is read."""

    code = "journal"

    def probe(self, material: Material) -> Probe | None:
        path = material.path
        if path.is_file():
            return _sure(path) if _is_journal(path) else None
        names = sorted(path.iterdir(), key=lambda one: _in_order(one.name))
        named = [one for one in names if _ENTRY.fullmatch(one.name) or _COMMENTS.fullmatch(one.name)]
        asked = (named or [one for one in names if _EXPORT.fullmatch(one.name)])[:ASKED]
        found = [one for one in asked if _is_journal(one)]
        if not found:
            return None
        return _sure(found[0]) if named or len(found) > 1 else Probe(confidence=0.4, evidence=f"{found[0].name}")

    def read(self, material: Material, keep: Keep) -> Iterator[Record]:
        folders: dict[str, list[Path]] = {}
        for path in [material.path] if material.path.is_file() else _files(material.path):
            folders.setdefault(_journal_of(path, material), []).append(path)
        if not folders:
            raise Unreadable(f"{material.name or material.path.name} holds no entries of a journal.")
        held = _held(folders) if len(folders) > 1 else frozenset()
        for journal, paths in folders.items():
            yield from _Reading(journal, paths, material, keep, held).records()


def _held(folders: Mapping[str, Sequence[Path]]) -> frozenset[str]:
    """Return the addresses of entries that any file locks: another file may hold them as they were before."""
    files = [path for paths in folders.values() for path in paths if not _COMMENTS.fullmatch(path.name)]
    found = (entry for path in files for data in _pieces(Bytestream(path)) for entry, _ in _entries(tree(data)))
    return frozenset(entry.url for entry in found if entry.locked and entry.url)


def _sure(path: Path) -> Probe:
    return Probe(confidence=0.9, evidence=f"{path.name} holds entries of a journal", owns=_OWNS)


def _files(folder: Path) -> Iterator[Path]:
    for here, below, names in os.walk(folder, followlinks=False):
        below.sort()
        if len(Path(here).relative_to(folder).parts) > 4:  # noqa: PLR2004 — journals lie near the top
            below.clear()
        for name in sorted(names, key=_in_order):
            path = Path(here) / name
            if not path.is_symlink() and _is_journal(path):
                yield path


def _in_order(name: str) -> tuple[str, int]:
    found = re.search(r"\d+", name)
    return (name[:2], int(found[0]) if found else 0)


def _is_journal(path: Path) -> bool:
    named = _ENTRY.fullmatch(path.name) or _COMMENTS.fullmatch(path.name)
    if not named and not _EXPORT.fullmatch(path.name):
        return False
    try:
        return path.is_file() and bool(_SIGN.search(Bytestream(path).head(1 << 14)))
    except OSError:
        return False


def _journal_of(path: Path, material: Material) -> str:
    """Return the journal's name: the folder's, or the file's for an export."""
    if _ENTRY.fullmatch(path.name) or _COMMENTS.fullmatch(path.name):
        return path.parent.name if path.parent != material.path.parent or material.path.is_dir() else "journal"
    if material.path.is_dir() and path.parent != material.path:
        return path.parent.name
    stem = re.sub(r"\.(?:xml|bml|gz|html|txt)", "", path.name)
    return (
        re.sub(r"[-_ ]*(?:\d{4}[-_]?\d{2}(?:[-_]?\d{2})?|export(?:_comments)?|comments?)[-_ ]*", "", stem)
        or material.name.rsplit("/", 1)[-1]
        or "journal"
    )


class _Reading:
    """One journal on its way to become stories."""

    def __init__(self, journal: str, paths: list[Path], material: Material, keep: Keep, held: frozenset[str]) -> None:
        self._journal, self._paths, self._material, self._keep = journal, paths, material, keep
        self._locked = self._others = 0
        self._held = set(held)
        self._cut: list[str] = []
        self._findings: list[Finding] = []
        self._names: Counter[str] = Counter()
        self._captures: dict[str, Capture] = {}
        self._hosts: Counter[str] = Counter()

    def records(self) -> Iterator[Record]:
        comments: dict[str, list[JournalComment]] = {}
        posts = self._each_once(list(self._posts(comments)))
        for post in posts:
            self._captures[post.entry.itemid] = self._kept(post)
        name = self._own_name()
        yield Archive(
            name=name, addresses=tuple(host for host, _ in self._hosts.most_common(1)), software="LiveJournal"
        )
        stories = [self._story(name, group, comments) for group in _groups(posts)]
        writers = {credit.person: credit for story in stories for credit in story.credits if credit.person}
        for key, credit in writers.items():
            yield Person(key=key, name=credit.name)
        yield from stories
        yield from self._findings
        if self._locked:
            yield Finding(
                code="private.locked",
                where=self._journal,
                evidence=f"{self._locked:,} entries that not everybody could read",
                suggestion="They were not brought in, and nothing of them was kept.",
                severity=Severity.INFO,
            )
        if self._cut:
            yield Finding(
                code="journal.entry-cut",
                where=self._journal,
                evidence=f"{len(self._cut):,} entries have lost their end, in {', '.join(sorted(set(self._cut))[:8])}",
                suggestion="Who might read them stood there; they were left out. Save them again if they are public.",
                severity=Severity.LOSS,
            )
        if self._others:
            yield Finding(
                code="journal.no-story",
                where=self._journal,
                evidence=f"{self._others:,} entries that are no stories",
                suggestion="They were not brought in.",
                severity=Severity.INFO,
            )

    def _posts(self, comments: dict[str, list[JournalComment]]) -> Iterator[_Post]:
        for path in self._paths:
            number = _COMMENTS.fullmatch(path.name)
            users: dict[str, str] = {}
            for data in self._pieces(path):
                root = tree(data)
                users.update(users_of(root))
                found = list(_entries(root))
                for entry, node in found:
                    if not entry.locked:
                        comments.setdefault(entry.itemid, []).extend(comments_of(node, entry.itemid, users))
                    if (post := self._post(entry, path, data if _ENTRY.fullmatch(path.name) else b"")) is not None:
                        yield post
                for comment in comments_of(root, number[1] if number else "", users) if not found else ():
                    comments.setdefault(comment.entry, []).append(comment)

    def _pieces(self, path: Path) -> Iterator[bytes]:
        stream = Bytestream(path)
        yield from _pieces(stream)
        if stream.trouble:
            again = "Ask for the file again, and compare its size."
            told = Finding(
                code="input.truncated",
                where=path.name,
                evidence=stream.trouble,
                suggestion=again,
                severity=Severity.LOSS,
            )
            self._findings.append(told)

    def _post(self, entry: JournalEntry, path: Path, data: bytes) -> _Post | None:
        if entry.locked:
            self._hold_back(entry, path)
            return None
        self._names.update(filter(None, (_user_in(entry.url),)))
        if host := re.match(r"https?://[^/]+(?:/(?:users|community|~)[^/]*)?", entry.url):
            self._hosts[host[0]] += 1
        words = parted(entry.event, preformatted=entry.preformatted)
        facts = _facts(words.before if words.cuts else "")
        whole = _facts(words.before) if not words.cuts else facts
        length = len(re.sub(r"<[^>]+>", " ", entry.event).split())
        told = is_fiction(entry.subject) or any(_TAGS_SAY.search(tag) for tag in entry.tags)
        subject, mark = part_of(entry.subject)
        block = "title" in whole and len(whole) >= 2  # noqa: PLR2004 — a title and one more fact
        if not block and not ((told or mark.total) and length >= _SHORTEST):
            self._others += 1
            return None
        name = (
            path.relative_to(self._material.path).as_posix()
            if self._material.path.is_dir()
            else f"{path.name}#{entry.itemid}"
        )
        title, own = part_of(prose.line(whole["title"].html)) if "title" in whole else ("", PartMark())
        title = title or subject_title(prose.line(subject))
        return _Post(entry, title, mark if mark.order else own, words, facts, data, name)

    def _hold_back(self, entry: JournalEntry, path: Path) -> None:
        self._held.update(_idents(entry))
        if entry.damaged:
            self._cut.append(path.name)
        else:
            self._locked += 1

    def _each_once(self, posts: list[_Post]) -> list[_Post]:
        """Return the posts without those that another file locks, and of copies of one entry the last."""
        last = {ident: post for post in posts for ident in _idents(post.entry)}
        held = [post for post in posts if self._held & set(_idents(post.entry))]
        self._locked += len(held)
        return [post for post in posts if post not in held and all(last[i] is post for i in _idents(post.entry))]

    def _kept(self, post: _Post) -> Capture:
        """Keep the words of an entry as they were. Only now: another file may have locked it."""
        words = post.data or post.entry.event.encode()
        kind = "text/xml" if post.data else "text/html"
        capture = Capture(sha256="", path=post.name, address=post.entry.url, media_type=kind, size=len(words))
        return self._keep(words, capture)

    def _own_name(self) -> str:
        return self._names.most_common(1)[0][0] if self._names else self._journal

    def _story(self, journal: str, posts: list[_Post], comments: dict[str, list[JournalComment]]) -> Story:
        first = posts[0]
        key = identity.key(journal, "entry", _number(first.entry))
        author = _author(first, journal)
        person = identity.key(journal, "user", author)
        chapters: list[Chapter] = []
        notes: list[Note] = []
        tags = [tag for post in posts for tag in _tags(post)]
        summary = ""
        for post in posts:
            made, about, said, more = self._chapters(key, post, alone=len(posts) == 1)
            chapters += made
            notes += about
            summary = summary or said
            tags += more
        total = max((post.mark.total for post in posts), default=0)
        self._missing(posts, total)
        return Story(
            key=key,
            title=first.title or None,
            archive=journal,
            credits=(Credit(name=author, person=person),),
            summary=summary,
            notes=tuple(dict.fromkeys(notes)),
            tags=tuple(dict.fromkeys(tags)),
            published=first.entry.date,
            updated=max(post.entry.date for post in posts),
            chapters_planned=total if total > 1 else 0,
            chapters=tuple(chapters),
            reviews=tuple(review for post in posts for review in self._reviews(key, post, comments, journal)),
            addresses=(first.entry.url,) if first.entry.url else (),
            captures=tuple(dict.fromkeys(self._captures[post.entry.itemid] for post in posts)),
            evidence=_evidence(first, self._captures[first.entry.itemid].sha256),
        )

    def _chapters(self, key: str, post: _Post, *, alone: bool) -> tuple[list[Chapter], list[Note], str, list[Tag]]:
        """Return the chapters in an entry, and the notes, summary and tags that stand around them."""
        if not post.words.story:
            return self._page(key, post, alone=alone)
        chapters = []
        cuts = post.words.story
        for number, cut in enumerate(cuts, 1):
            text = prose.story_prose(cut.html, where=f"entry {post.entry.itemid}")
            self._findings.extend(text.findings)
            title = prose.line(cut.title)
            chapter = self._chapter(key, post, (len(cuts) > 1 and number) or 0)
            chapters.append(
                replace(
                    chapter, title="" if bare(title) == bare(post.title) else title, body=text.body, steps=text.steps
                )
            )
        notes = [*_notes(post.facts), *_note(NoteKind.AFTER, prose.short_prose(post.words.after))]
        loose = _loose(post.words.before)
        said = post.facts.get("summary")
        return chapters, [*_note(NoteKind.BEFORE, loose), *notes], prose.short_prose(said.html) if said else "", []

    def _page(self, key: str, post: _Post, *, alone: bool) -> tuple[list[Chapter], list[Note], str, list[Tag]]:
        """Read an entry without a cut as a page: its head, its words and its tail are told apart by the same rules."""
        capture = self._captures[post.entry.itemid]
        inside = "<br><br>".join((post.words.before, *(cut.html for cut in post.words.cuts), post.words.after))
        html = f"<html><body>{inside}</body></html>"
        try:
            reading = pages.read(
                html.encode(), replace(capture, path=capture.path + ".html", declared_encoding="utf-8", address="")
            )
        except InputError as error:
            self._findings.append(
                Finding(
                    code=error.code, where=f"entry {post.entry.itemid}", evidence=str(error), severity=Severity.LOSS
                )
            )
            return [], [], "", []
        found = reading.story.chapters
        body = "\n".join(chapter.body for chapter in found)
        clear, _ = masked_story(body)
        steps = found[0].steps if len(found) == 1 and clear == body else ()
        notes = [
            replace(note, body=masked(note.body))
            for note in (*reading.story.notes, *(note for chapter in found for note in chapter.notes))
        ]
        return (
            [replace(self._chapter(key, post, 0), body=clear, steps=steps)],
            notes,
            masked(reading.story.summary),
            list(reading.story.tags),
        )

    def _chapter(self, key: str, post: _Post, number: int) -> Chapter:
        entry = post.entry
        return Chapter(
            key=f"{key}/{_number(entry)}" + (f"-{number}" if number else ""),
            label="" if post.mark.total == 1 else post.mark.label,
            published=entry.date,
            captures=(self._captures[entry.itemid].sha256,),
            addresses=(entry.url,) if entry.url else (),
        )

    def _reviews(
        self, key: str, post: _Post, comments: dict[str, list[JournalComment]], journal: str
    ) -> Iterator[Review]:
        shown = [comment for comment in comments.get(post.entry.itemid, ()) if comment.shown]
        known = {comment.ident for comment in shown}
        base = identity.key(journal, "comment", _number(post.entry))
        for comment in shown:
            words = (
                f"<b>{comment.subject}</b><br><br>{comment.body}"
                if comment.subject and not comment.subject.lower().startswith("re:")
                else comment.body
            )
            yield Review(
                key=f"{base}/{comment.ident}",
                name=masked(comment.user) or "(anonymous)",
                date=_when(comment.date),
                body=prose.short_prose(broken(words, preformatted=False)),
                chapter=f"{key}/{_number(post.entry)}",
                reply_to=f"{base}/{comment.parent}" if comment.parent in known else "",
                by_author=bool(comment.user)
                and comment.user.casefold() in (journal.casefold(), _author(post, journal).casefold()),
            )

    def _missing(self, posts: list[_Post], total: int) -> None:
        have = {int(post.mark.order) for post in posts if post.mark.order}
        for number in range(1, min(total, MOST_PARTS) + 1):
            if have and number not in have:
                self._findings.append(
                    Finding(
                        code="part.missing",
                        where=f"“{posts[0].title}”, part {number} of {total}",
                        suggestion="It may be a locked entry, or in another journal or community.",
                        severity=Severity.LOSS,
                    )
                )


def _pieces(stream: Bytestream) -> Iterator[bytes]:
    """Yield a file whole, or an export entry by entry: a file of any size takes the memory of its longest entry."""
    rest = b""
    for piece in stream:
        rest += piece
        *whole, rest = rest.split(_ENTRY_END)
        yield from (one + _ENTRY_END for one in whole)
        if len(rest) > LIMIT:
            break
    yield rest[:LIMIT]


def _idents(entry: JournalEntry) -> tuple[str, ...]:
    """Return what tells an entry from others: its number, and its address."""
    return tuple(filter(None, (entry.itemid, entry.url)))


def _entries(root: Node) -> Iterator[tuple[JournalEntry, Node]]:
    """Yield the entries of a file: ``<entry>`` of an export, or the outer ``<event>`` of ljdump."""
    for node in root.children:
        if node.name in ("event", "entry") and any(
            child.name in ("itemid", "event", "eventtime", "subject") for child in node.children
        ):
            yield entry_of(node), node
        elif node.name in ("livejournal", "dreamwidth", "entries", "xml", "journal", "ljdump"):
            yield from _entries(node)


def _groups(posts: list[_Post]) -> list[list[_Post]]:
    groups: dict[str, list[_Post]] = {}
    alone: list[list[_Post]] = []
    for post in posts:
        if post.mark.order and bare(post.title):
            groups.setdefault(bare(post.title), []).append(post)
        else:
            alone.append([post])
    joined = [sorted(group, key=lambda post: (post.mark.order, post.entry.date)) for group in groups.values()]
    return sorted([*joined, *alone], key=lambda group: (group[0].entry.date, group[0].entry.itemid))


def _facts(html: str) -> dict[str, labels.Label]:
    """Return the labelled facts in the lines before a cut: the first of each field."""
    found: dict[str, labels.Label] = {}
    for line in prose.inline_lines(html)[:60]:
        for label in labels.parse(line):
            found.setdefault(label.field, label)
    return found


def _loose(html: str) -> str:
    """Return what is said before a cut without a label."""
    return prose.short_prose("<br>".join(line for line in prose.inline_lines(html) if not labels.parse(line)))


_NOTES = {
    "notes": NoteKind.BEFORE,
    "disclaimer": NoteKind.DISCLAIMER,
    "dedication": NoteKind.DEDICATION,
    "thanks": NoteKind.THANKS,
    "spoilers": NoteKind.SPOILERS,
    "feedback": NoteKind.FEEDBACK,
    "distribution": NoteKind.DISTRIBUTION,
}
_TAGS = {
    "rating": "rating", "pairing": "pairing", "fandom": "fandom", "characters": "character", "genre": "genre",
    "warnings": "warning", "timeline": "timeline", "category": "category", "challenge": "challenge",
}  # fmt: skip
_MANY = frozenset(("fandom", "characters", "genre", "warnings", "category"))


def _notes(facts: dict[str, labels.Label]) -> list[Note]:
    found = ((_NOTES[field], label) for field, label in facts.items() if field in _NOTES)
    return [
        Note(kind=kind, label=label.label, body=body)
        for kind, label in found
        if (body := prose.short_prose(label.html))
    ]


def _note(kind: NoteKind, body: str) -> list[Note]:
    return [Note(kind=kind, body=body)] if body else []


def _tags(post: _Post) -> Iterator[Tag]:
    for field, kind in _TAGS.items():
        if label := post.facts.get(field):
            pieces = re.split(r"[,;]", label.html) if field in _MANY else [label.html]
            yield from (
                Tag(kind=kind, name=name)
                for name in map(prose.line, pieces)
                if name and name.casefold() not in ("none", "n/a")
            )
    yield from (Tag(kind="tag", name=prose.line(tag)) for tag in post.entry.tags)


def _author(post: _Post, journal: str) -> str:
    stated = post.facts.get("author")
    return (prose.line(stated.html) if stated else "") or post.entry.poster or journal


def _number(entry: JournalEntry) -> str:
    """Return the number that an entry had in its address: item times 256 plus a random byte."""
    if found := re.search(r"/(\d+)\.html", entry.url):
        return found[1]
    if entry.itemid.isdigit() and entry.anum.isdigit():
        return str(int(entry.itemid) * 256 + int(entry.anum))
    return entry.itemid or "0"


def _user_in(url: str) -> str:
    """Return the user in an address.

    >>> _user_in("http://lantern-keeper.livejournal.com/789.html"), _user_in("http://www.livejournal.com/users/oar/1.html")
    ('lantern_keeper', 'oar')
    """
    if found := re.match(r"https?://[^/]+/(?:users/|~|community/)([\w-]+)", url):
        return found[1]
    found = re.match(r"https?://([\w-]+)\.[\w-]+\.", url)
    return found[1].replace("-", "_") if found and found[1] not in ("www", "community", "users") else ""


def _when(told: str) -> str:
    full = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z", told)
    return told if full else dates.iso(told)


def _evidence(post: _Post, capture: str) -> tuple[Evidence, ...]:
    stated = "title" in post.facts
    return (
        Evidence(
            field="title",
            rule="label.title" if stated else "journal.subject",
            confidence=0.95 if stated else 0.8,
            capture=capture,
            quote=masked(post.entry.subject),
        ),
        Evidence(field="authors.0", rule="journal.poster", confidence=0.9, capture=capture),
    )
