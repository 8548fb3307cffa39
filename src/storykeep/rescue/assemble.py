"""Last stage: readings become stories, persons and pages, one group at a time, each kept as soon as it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from storykeep.model import identity
from storykeep.model.provenance import Finding, Severity
from storykeep.model.story import Archive, Contact, Image, Page, PageKind, Story
from storykeep.rescue import merge
from storykeep.rescue.counted import counted
from storykeep.rescue.fields import Mention
from storykeep.rescue.group import Group, Sites, groups, sites
from storykeep.rescue.journal import PAGES, unpacked
from storykeep.rescue.materials import story_facts
from storykeep.rescue.people import People
from storykeep.rescue.workplace import Tell, Workplace
from storykeep.sources.folder.addresses import same_page
from storykeep.sources.pages.reading import PageReading, PageRole
from storykeep.text.fold import fold

VERSION = "1"
"""Rises when the same readings should be put together anew."""
BATCH = 50
FEWEST_WORDS = 25
"""A page of no story with fewer words is a frame or a counter, not worth keeping as a page of the archive."""

_KINDS = (
    (PageKind.POLICY, re.compile(r"polic|rules?\b|guideline|submi|disclaimer|choose|faq|terms", re.IGNORECASE)),
    (PageKind.LINKS, re.compile(r"links?\b|recommend|recs\b|webring|affiliat", re.IGNORECASE)),
    (PageKind.ABOUT, re.compile(r"about|welcome|history|contact|staff|home|index", re.IGNORECASE)),
    (PageKind.NEWS, re.compile(r"news|updates?\b|what.?s.?new|announce", re.IGNORECASE)),
)


def assemble(place: Workplace, told: str, tell: Tell) -> None:
    """Put together what changed; nothing, when nothing did. ``told`` is the archive's name, if anybody said it."""
    journal = place.journal
    if journal.get("changed") != "yes" and journal.get("assembled") == f"{VERSION} {told}":
        return
    known = sites(journal, place.name, told)
    round_ = int(journal.get("round", "0")) + 1
    _Assembly(place, known, round_, tell).run()
    with journal.writing():
        journal.sweep(PAGES, round_)
        journal.note("round", str(round_))
        journal.note("assembled", f"{VERSION} {told}")
        journal.note("changed", "")


class _Assembly:
    """One round of putting together. What a killed round left is overwritten by the next."""

    def __init__(self, place: Workplace, known: Sites, round_: int, tell: Tell) -> None:
        self.journal, self.claims = place.journal, place.claims
        self.known, self.round, self.tell = known, round_, tell
        self.people = People()
        self.mentioned: set[tuple[int, int]] = set()  # the entries of lists whose works were found

    def run(self) -> None:
        for reading, _ in self._readings("person"):
            if reading.person:
                self.people.page(reading.person, self.known.archive(_site(reading)))
        plan = list(groups(self.journal, self.known))
        for start in range(0, len(plan), BATCH):
            with self.journal.writing():
                for group in plan[start : start + BATCH]:
                    self._group(group)
                self.claims.flush()
            self.tell(min(start + BATCH, len(plan)), len(plan))
        with self.journal.writing():
            self._rest()

    def _group(self, group: Group) -> None:
        readings = [reading for arrival in group.arrivals for reading in self._reading(arrival)]
        talk = list(self._talk(group))
        archive = self.known.archive(group.site)
        for arrival in group.arrivals:
            self.journal.db.execute("INSERT OR IGNORE INTO keys VALUES (?, ?)", (arrival, group.key))
        for number, story in enumerate(merge.stories(readings, group.key, archive, list(self._mentions(group)))):
            whole = self.people.credited(self._with_images(story))
            whole = self._with_proposal(whole, group)
            doubles = (*group.doubles, *([group.key] if number else []))
            whole = replace(whole, findings=(*whole.findings, *map(_double, doubles)))
            if talk and not number:
                whole = replace(whole, reviews=(*whole.reviews, *(r for page in talk for r in page.story.reviews)))
            self.put(whole, "|".join(group.order))
            self._claim(whole, group)

    def _claim(self, story: Story, group: Group) -> None:
        """Tie the addresses that stood on a work's pages to its authors, so that they can be asked."""
        for arrival in group.arrivals:
            for contact in self.claims.on_page(arrival):
                named = [c.person for c in story.credits if fold(c.name) == fold(contact.person) or not contact.person]
                alone = [credit.person for credit in story.credits] if len(story.credits) == 1 else []
                for person in named[:1] or alone:
                    self.claims.keep(Contact(person=person, email=contact.email), f"work {story.key}")

    def _with_proposal(self, story: Story, group: Group) -> Story:
        """Return a story without a title with a finding that names works which it may be: nothing is decided."""
        if story.title or not group.authors or not story.chapters:
            return story
        words = sum(counted(chapter.body) for chapter in story.chapters)
        query = "SELECT m.story, a.sha256 FROM mentions m JOIN arrivals a ON a.id = m.arrival WHERE m.authors = ?"
        rows = self.journal.db.execute(f"{query} ORDER BY a.root, a.path, m.place LIMIT 500", (group.authors,))
        offers = [(cast("Story", unpacked(Story, row[0])), row[1]) for row in rows]
        alike = [each for each in offers if abs(each[0].stated_words - words) * 50 <= words and each[0].title]
        titles = list(dict.fromkeys(offer.title or "" for offer, _ in alike))
        if not titles:
            return story
        named = ", ".join(f"“{title}”" for title in titles[:3])
        finding = Finding(
            code="title.proposed",
            where="title",
            evidence=f"{named}: the archive's lists give it to the same author with about {words:,} words.",
            suggestion="Compare, and set the title if it fits.",
            capture=alike[0][1],
        )
        return replace(story, findings=(*story.findings, finding))

    def put(self, story: Story, place: str) -> None:
        """Keep a finished story with its findings."""
        self.journal.put(story, origin=PAGES, place=place, round_=self.round, facts=story_facts(story))
        self.journal.find("record", f"story {story.key}", story.findings)

    def _rest(self) -> None:
        for number, person in enumerate(self.people.persons()):
            self.journal.put(person, origin=PAGES, place=f"{number:08}", round_=self.round, facts={"name": person.name})
        for page, place in self._pages():
            self.journal.put(page, origin=PAGES, place=place, round_=self.round, facts={"title": page.title})
        self.journal.find("lists", PAGES, self._unfound())
        self.journal.find("doubles", PAGES, self._doubles())
        for archive in self._archives():
            self.journal.put(archive, origin=PAGES, place="", round_=self.round, facts={"name": archive.name})

    def _archives(self) -> Iterator[Archive]:
        """Yield the archives of which there are stories: usually one."""
        rows = self.journal.db.execute(
            "SELECT site, platform, count(*) FROM readings WHERE NOT failed GROUP BY site, platform ORDER BY 3 DESC, 1"
        ).fetchall()
        found: dict[str, Archive] = {}
        for site, platform, _ in rows:
            name = self.known.archive(site)
            archive = found.setdefault(name, Archive(name=name, software=_software(platform)))
            if site and f"http://{site}/" not in archive.addresses:
                found[name] = replace(archive, addresses=(*archive.addresses, f"http://{site}/"))
        yield from found.values()

    def _pages(self) -> Iterator[tuple[Page, str]]:
        """Yield what the archive said besides its stories: news, rules, welcome."""
        seen: set[str] = set()
        for reading, place in self._readings("news", "other"):
            body = "\n".join(chapter.body for chapter in reading.story.chapters)
            if counted(body) < FEWEST_WORDS:
                continue
            archive = self.known.archive(_site(reading))
            capture = reading.capture
            inside = same_page(capture.address).partition("/")[2] if capture.address else capture.path
            key = identity.key(archive, "pages", *inside.split("/")[-2:])
            while key in seen:
                key += "-2"
            seen.add(key)
            yield _page(reading, key, body), place

    def _doubles(self) -> Iterator[Finding]:
        """Yield the works that came in more than one way: in a database and as saved pages, say."""
        query = (
            "SELECT json_extract(facts, '$.title') AS title, lower(json_extract(facts, '$.authors')) AS authors,"
            " group_concat(key, ' · ') FROM records WHERE kind = 'story' AND title IS NOT NULL"
            " GROUP BY lower(title), authors HAVING count(DISTINCT origin) > 1 ORDER BY 1, 2"
        )
        for title, _, keys in self.journal.db.execute(query):
            yield replace(_double(keys), where=f"“{title}”")

    def _unfound(self) -> Iterator[Finding]:
        """Yield the works that lists name and no page has."""
        query = (
            "SELECT m.arrival, m.place, m.site, m.work, m.title, m.authors, m.story, a.sha256 FROM mentions m"
            " JOIN arrivals a ON a.id = m.arrival ORDER BY a.root, a.path, m.place"
        )
        rows = self.journal.db.execute(query).fetchall()
        known = {_identity(row) for row in rows if (row[0], row[1]) in self.mentioned}
        for row in rows:
            if (who := _identity(row)) not in known:
                known.add(who)
                yield _not_saved(cast("Story", unpacked(Story, row[6])), row[7])

    def _readings(self, *roles: str) -> Iterator[tuple[PageReading, str]]:
        query = (
            "SELECT a.id, a.root || '|' || a.path FROM readings r JOIN arrivals a ON a.id = r.arrival"
            " WHERE r.role IN (?, ?) AND NOT r.failed ORDER BY a.root, a.path"
        )
        for arrival, place in self.journal.db.execute(query, (roles[0], roles[-1])).fetchall():
            for reading in self._reading(arrival):
                yield reading, place

    def _reading(self, arrival: int) -> Iterator[PageReading]:
        for row in self.journal.db.execute("SELECT body FROM readings WHERE arrival = ?", (arrival,)):
            yield cast("PageReading", unpacked(PageReading, row[0]))

    def _talk(self, group: Group) -> Iterator[PageReading]:
        for work in group.works:
            query = "SELECT body FROM readings WHERE role = 'reviews' AND site = ? AND work = ? ORDER BY arrival"
            for row in self.journal.db.execute(query, (group.site, work)):
                yield cast("PageReading", unpacked(PageReading, row[0]))

    def _mentions(self, group: Group) -> Iterator[Mention]:
        """Yield what lists say of a work: by its id; by title and authors where the pages or the list have none."""
        found: dict[tuple[int, int], Mention] = {}
        conditions = [("m.site = ? AND m.work = ?", (group.site, work)) for work in group.works]
        if group.title:
            anyhow = "" if not group.works else " AND m.work = ''"
            conditions.append((f"m.title = ? AND m.authors = ?{anyhow}", (group.title, group.authors)))
        for condition, values in conditions:
            query = (
                "SELECT m.arrival, m.place, m.story, a.sha256 FROM mentions m JOIN arrivals a ON a.id = m.arrival"  # noqa: S608 — own words
                f" WHERE {condition} ORDER BY a.root, a.path, m.place LIMIT 20"
            )
            for arrival, place, story, capture in self.journal.db.execute(query, values):
                found.setdefault((arrival, place), Mention(cast("Story", unpacked(Story, story)), capture))
        self.mentioned.update(found)
        yield from found.values()

    def _with_images(self, story: Story) -> Story:
        """Return ``story`` with the SHA-256 of those of its pictures that came in too."""
        if not story.images and not any(chapter.images for chapter in story.chapters):
            return story
        chapters = tuple(
            replace(chapter, images=tuple(map(self._image, chapter.images))) if chapter.images else chapter
            for chapter in story.chapters
        )
        return replace(story, chapters=chapters, images=tuple(map(self._image, story.images)))

    def _image(self, image: Image) -> Image:
        if image.sha256 or not image.address:
            return image
        query = "SELECT sha256, media_type FROM arrivals WHERE page = ? AND kind = 'image' ORDER BY root, path"
        row = self.journal.db.execute(query, (same_page(image.address),)).fetchone()
        return replace(image, sha256=row[0], media_type=row[1]) if row else image


def _identity(row: Sequence[Any]) -> tuple[str, ...]:
    """Return what tells the works of lists apart."""
    return (row[2], row[3]) if row[3] else ("", row[4], row[5])


def _not_saved(story: Story, capture: str) -> Finding:
    words = f", {story.stated_words:,} words" if story.stated_words else ""
    return Finding(
        code="work.missing",
        where=f"“{story.title or 'untitled'}” by {', '.join(story.authors) or 'an author who is not named'}{words}",
        evidence=next(iter(story.addresses), "A list of the archive names it."),
        suggestion="A list names this work; no page of it was saved. Look for a copy elsewhere.",
        severity=Severity.LOSS,
        capture=capture,
    )


def _double(key: str) -> Finding:
    return Finding(
        code="duplicate.suspected",
        where="the work",
        evidence=key,
        suggestion="Another work has the same title and authors, or the same words. One may be a copy of the other.",
    )


def _site(reading: PageReading) -> str:
    return same_page(reading.capture.address).partition("/")[0] if "://" in reading.capture.address else ""


def _page(reading: PageReading, key: str, body: str) -> Page:
    told = f"{reading.story.title or ''} {reading.capture.path.rpartition('/')[2]}"
    kind = next((kind for kind, pattern in _KINDS if pattern.search(told)), PageKind.OTHER)
    return Page(
        key=key,
        kind=PageKind.NEWS if reading.role is PageRole.NEWS else kind,
        title=reading.story.title or "",
        body=body,
        date=reading.story.published or reading.story.updated,
        addresses=(reading.capture.address,) if reading.capture.address else (),
    )


def _software(platform: str) -> str:
    return "" if platform in ("heuristic", "learned") else platform
