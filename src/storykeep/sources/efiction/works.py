"""Stories and their chapters, from the tables, from the folder of text files, or from both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from storykeep.model.provenance import Capture, Evidence, Finding, Severity
from storykeep.model.story import Chapter, Credit, Note, NoteKind, Relation, RelationKind, SeriesPlace, Status, Story
from storykeep.sources import prose
from storykeep.sources.efiction.house import House, date, ids, line, raw, shown, stated, words
from storykeep.sources.efiction.labels import Labels
from storykeep.sources.efiction.people import People
from storykeep.sources.efiction.shelves import Record
from storykeep.sources.efiction.talk import Talk
from storykeep.sources.efiction.textfiles import text_of

_FIELDS = {
    "summary": "summary",
    "storynotes": "notes.0",
    "date": "published",
    "updated": "updated",
    "completed": "status",
}


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a chapter as they lay on the disk or in the table."""

    data: bytes
    capture: Capture
    declared: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A chapter with what was found on the way."""

    chapter: Chapter
    captures: tuple[Capture, ...] = ()
    findings: tuple[Finding, ...] = ()


class Works:
    """The stories of one installation, one by one."""

    def __init__(self, house: House, people: People, labels: Labels, talk: Talk) -> None:
        self._house, self._people, self._labels, self._talk = house, people, labels, talk
        self._series = self._places()
        self._seen: dict[str, int] = {}
        self._no_chapters = False

    def records(self) -> Iterator[Story]:
        """Yield every story that was public, then the chapters whose story is lost."""
        for record in self._house.all("stories"):
            if record.has("psid") and record.id("psid") not in ("", "0", record.id("sid")):
                continue  # a later chapter in eFiction 1: it is read with its story
            if not _public(record):
                self._hold_back("story", record)
            elif not self._repeated(record):
                yield self._story(record)
        yield from self._lost()

    def _story(self, record: Record) -> Story:
        sid = record.id("sid")
        key = self._key(sid)
        bylines = self._credits(record)
        reads = [self._chapter(key, record, chapter, bylines) for chapter in self._chapters(record)]
        reads = [self._without_repeated_title(read, record, alone=len(reads) == 1) for read in reads]
        if not reads:
            self._chapterless(record)
        chapters = {read.chapter.key.rsplit("/", 1)[-1]: read.chapter.key for read in reads}
        reviews = tuple(self._talk.of_story(sid, chapters, bylines)) if self._seen.get(sid, 0) == 1 else ()
        title = line(record, "title")
        return Story(
            key=key,
            title=title or None,
            archive=self._house.archive,
            credits=bylines,
            summary=words(record, "summary"),
            notes=_note(NoteKind.BEFORE, words(record, "storynotes")),
            tags=self._labels.of(record),
            status=_status(record),
            published=date(record.get("date")),
            updated=date(record.get("updated")),
            stated_words=record.number("wordcount"),
            reads=record.number("count") or record.number("counter"),
            series=self._series.get(sid, ()),
            relations=self._challenges(record),
            chapters=tuple(read.chapter for read in reads),
            reviews=reviews,
            addresses=self._house.addresses(f"viewstory.php?sid={sid}"),
            captures=tuple(dict.fromkeys(capture for read in reads for capture in read.captures)),
            evidence=_evidence(record, title, len(bylines)),
            findings=tuple(finding for read in reads for finding in read.findings),
        )

    def _chapterless(self, record: Record) -> None:
        """Tell of a story without chapters; once for all, when the whole table of chapters is missing."""
        if self._house.shelves.count(self._house.code, "chapters"):
            where, title = f"story {record.id('sid')}, line {record.line}", line(record, "title")
        elif self._no_chapters:
            return
        else:
            where, title, self._no_chapters = "chapters", "the whole table is missing", True
        self._house.found(
            "story.no-chapters", where, title, "Ask the old host for the table of chapters.", Severity.LOSS
        )

    def _chapters(self, story: Record) -> Iterator[Record]:
        sid = story.id("sid")
        if story.has("psid"):
            rows = [row for row in self._house.all("stories", by="inorder", psid=sid) if row.id("sid") != sid]
            yield from sorted([story, *rows], key=lambda row: (row.number("inorder"), row.number("sid")))
            return
        for row in self._house.all("chapters", by="inorder", sid=sid):
            if _public(row):
                yield row
            else:
                self._hold_back("chapter", row)

    def _chapter(self, key: str, story: Record, record: Record, bylines: tuple[Credit, ...]) -> _Read:
        number = record.id("chapid") or record.id("sid")
        texts = self._texts(record, story, number)
        chosen, where = self._chosen(texts, number), f"chapter {number}"
        text = prose.Prose()
        if chosen is not None:
            text = prose.story_prose(
                shown(prose.read_bytes(chosen.data, chosen.declared)), known=self._house.known, where=where
            )
        findings = [*text.findings]
        if not text.body:
            findings.append(self._textless(number, record))
        own = self._people.credit(record.id("uid"))
        chapter = Chapter(
            key=f"{key}/{number}",
            title=line(record, "title" if record.has("chapid") else "chapter"),
            body=text.body,
            steps=text.steps,
            notes=(*_note(NoteKind.BEFORE, words(record, "notes")), *_note(NoteKind.AFTER, words(record, "endnotes"))),
            credits=(own,) if own and own.person not in [credit.person for credit in bylines] else (),
            published=date(record.get("date")),
            stated_words=record.number("wordcount"),
            captures=tuple(text.capture.sha256 for text in texts),
            addresses=self._chapter_addresses(story, record),
        )
        return _Read(chapter, tuple(text.capture for text in texts), tuple(findings))

    def _texts(self, record: Record, story: Record, number: str) -> tuple[_Text, ...]:
        """Return every copy of a chapter's text, the likelier first; each is kept as an original."""
        found = []
        if value := record.get("storytext").strip():
            name = f"{self._house.dump}#{'chapters' if record.has('chapid') else 'stories'}/{number}"
            found.append(self._kept(value, name, record.charset))
        owners = (
            record.id("uid"),
            self._people.name(record.id("uid")),
            story.id("uid"),
            self._people.name(story.id("uid")),
        )
        path = self._house.texts.find(number, tuple(owner for owner in owners if owner))
        if path is not None:
            found.append(self._kept(text_of(path), self._house.texts.name_of(path), ""))
        return tuple(text for text in found if text.data.strip())

    def _kept(self, data: bytes, name: str, declared: str) -> _Text:
        capture = Capture(sha256="", path=name, media_type="text/html", size=len(data), declared_encoding=declared)
        return _Text(data, self._house.keep(data, capture), declared)

    def _chosen(self, texts: tuple[_Text, ...], number: str) -> _Text | None:
        """Choose between table and file by what the settings say; tell when the two differ."""
        if len(texts) < 2 or texts[0].data.split() == texts[1].data.split():  # noqa: PLR2004 — one of each at most
            return texts[0] if texts else None
        chosen = texts[0] if self._house.store == "mysql" else texts[1]
        sizes = " and ".join(f"{len(text.data):,} bytes in {text.capture.path}" for text in texts)
        self._house.found(
            "text.two-copies",
            f"chapter {number}",
            sizes,
            f"{chosen.capture.path} was taken, as the archive's settings say. Compare the other.",
        )
        return chosen

    def _textless(self, number: str, record: Record) -> Finding:
        self_help = (
            ""
            if self._house.texts
            else " Bring the folder with the text files (stories/<number>/<number>.txt) together with the dump."
        )
        return Finding(
            code="chapter.no-text",
            where=f"chapter {number}, line {record.line}",
            evidence=line(record, "title"),
            suggestion="Neither the table nor a file holds this chapter's words." + self_help,
            severity=Severity.LOSS,
        )

    def _without_repeated_title(self, read: _Read, story: Record, *, alone: bool) -> _Read:
        """Drop the title of an only chapter when it is the story's: eFiction filled it in."""
        if not alone or read.chapter.title.casefold() != line(story, "title").casefold():
            return read
        return _Read(replace(read.chapter, title=""), read.captures, read.findings)

    def _credits(self, record: Record) -> tuple[Credit, ...]:
        """Return the bylines: the author, then co-authors, from the table or from the list that old versions kept."""
        listed = [row.id("uid") for row in self._house.all("coauthors", sid=record.id("sid"))]
        column = ids(raw(record, "coauthors"))
        if not listed and (column != ("1",) or "," in raw(record, "coauthors")):
            listed = list(column)
        uids = dict.fromkeys([record.id("uid"), *listed])
        return tuple(credit for uid in uids if (credit := self._people.credit(uid)))

    def _chapter_addresses(self, story: Record, record: Record) -> tuple[str, ...]:
        if not record.has("chapid"):
            return self._house.addresses(f"viewstory.php?sid={record.id('sid')}")
        return self._house.addresses(f"viewstory.php?sid={story.id('sid')}&chapter={record.number('inorder') or 1}")

    def _challenges(self, record: Record) -> tuple[Relation, ...]:
        found = []
        for number in ids(raw(record, "challenges")):
            if challenge := self._house.first("challenges", chalid=number):
                key, address = (
                    self._house.key("challenges", number),
                    self._house.addresses(f"challenges.php?chalid={number}"),
                )
                found.append(
                    Relation(kind=RelationKind.CHALLENGE, target=line(challenge, "title"), key=key, address=address[0])
                )
        return tuple(found)

    def _places(self) -> dict[str, tuple[SeriesPlace, ...]]:
        titles = {record.id("seriesid"): line(record, "title") for record in self._house.all("series")}
        places: dict[str, tuple[SeriesPlace, ...]] = {}
        count: dict[str, int] = {}
        for row in self._house.all("inseries", by="inorder"):
            series, sid = row.id("seriesid"), row.id("sid")
            if series not in titles or row.id("confirmed") == "0":
                continue
            count[series] = count.get(series, 0) + 1
            if sid not in ("", "0"):
                place = SeriesPlace(
                    title=titles[series], position=count[series], key=self._house.key("viewseries", series)
                )
                places[sid] = (*places.get(sid, ()), place)
        return places

    def _repeated(self, record: Record) -> bool:
        """Say whether the same row was already read; a different one with the same id is kept under another key."""
        sid = record.id("sid")
        self._seen[sid] = self._seen.get(sid, 0) + 1
        if self._seen[sid] == 1:
            return False
        first = self._house.first("stories", sid=sid)
        if first is not None and dict(first.values) == dict(record.values):
            return True
        self._house.found(
            "id.repeated",
            f"story {sid}, line {record.line}",
            line(record, "title"),
            "Two different stories have this number; both were kept.",
        )
        return False

    def _key(self, sid: str) -> str:
        times = self._seen.get(sid, 1)
        return self._house.key("viewstory", sid if times == 1 else f"{sid} {times}")

    def _hold_back(self, what: str, record: Record) -> None:
        number = record.id("chapid") or record.id("sid")
        self._house.found(
            "private.unvalidated",
            f"{what} {number}, line {record.line}",
            suggestion=f"The old archive had not shown this {what} to anybody yet, so it stays in the dump.",
            severity=Severity.INFO,
        )

    def _lost(self) -> Iterator[Story]:
        """Yield what chapters are left of stories whose own row is missing or damaged."""
        yield from self._homeless()
        held = {record.id("sid") for record in self._house.all("stories")}
        for sid in self._house.shelves.values(self._house.code, "chapters", "sid"):
            if sid in held or not sid:
                continue
            stand_in = Record(0, "", {"sid": sid.encode(), "uid": self._owner(sid).encode()})
            self._seen[sid] = 1
            self._house.found(
                "story.row-missing",
                f"story {sid}",
                "its chapters are there",
                "Title, summary and tags are lost; look for them on saved pages.",
                Severity.LOSS,
            )
            yield self._story(stand_in)

    def _homeless(self) -> Iterator[Story]:
        """Yield chapters that have lost the number of their story, each as a work of its own."""
        for row in self._house.all("chapters"):
            if row.id("sid") or not _public(row):
                continue
            number = row.id("chapid")
            stand_in = Record(0, row.charset, {"title": row.get("title"), "uid": row.get("uid")})
            credits_ = self._credits(stand_in)
            key = self._house.key("viewstory", f"chapter {number}")
            read = self._chapter(key, stand_in, row, credits_)
            self._house.found(
                "chapter.story-missing",
                f"chapter {number}, line {row.line}",
                line(row, "title"),
                "The number of its story is lost, so it stands alone. Join it to the chapters that it belongs to.",
                Severity.LOSS,
            )
            yield Story(
                key=key,
                title=line(row, "title") or None,
                archive=self._house.archive,
                credits=credits_,
                chapters=(replace(read.chapter, title=""),),
                captures=read.captures,
                findings=read.findings,
            )

    def _owner(self, sid: str) -> str:
        first = self._house.first("chapters", sid=sid)
        return first.id("uid") if first else ""


def _public(record: Record) -> bool:
    """Say whether the old archive had shown a story or chapter. Versions without the column showed everything."""
    return not record.has("validated") or record.id("validated") not in ("0", "")


def _status(record: Record) -> Status:
    if not record.has("completed") or not record.id("completed"):
        return Status.UNKNOWN
    return Status.COMPLETE if record.id("completed") == "1" else Status.IN_PROGRESS


def _note(kind: NoteKind, body: str) -> tuple[Note, ...]:
    return (Note(kind=kind, body=body),) if body else ()


def _evidence(record: Record, title: str, authors: int) -> tuple[Evidence, ...]:
    if not record.line:
        return ()
    found = [stated("title", record, "title", "stories")] if title else []
    found += [
        stated(f"authors.{number}", record, "coauthors" if number else "uid", "stories") for number in range(authors)
    ]
    given = ((column, name) for column, name in _FIELDS.items() if record.get(column))
    found.extend(stated(name, record, column, "stories") for column, name in given)
    return tuple(found)
