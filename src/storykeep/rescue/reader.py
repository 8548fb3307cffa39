"""What one reader does: an original becomes a reading, and the few facts by which readings find each other."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from storykeep.model.errors import InputError
from storykeep.model.provenance import Capture, Finding, Severity
from storykeep.model.story import Contact, Story
from storykeep.rescue import copies
from storykeep.rescue.journal import packed
from storykeep.rescue.originals import Originals
from storykeep.sources import pages
from storykeep.sources.folder.addresses import same_page, site_of
from storykeep.sources.pages.reading import PageReading, PageRole
from storykeep.sources.pages.shape import Shape
from storykeep.sources.privacy import masked
from storykeep.text.fold import fold
from storykeep.text.words import count

SPARSE = 32
"""Of so many runs of words one stays in a page's sketch: about 15 for 500 words, enough to find copies by."""


@dataclass(frozen=True, slots=True)
class Job:
    """One page to read: the arrival's number and its capture."""

    arrival: int
    capture: Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a reader found on one page. ``body`` is the packed PageReading; empty when ``failed``."""

    arrival: int
    failed: bool = False
    role: str = ""
    platform: str = ""
    site: str = ""
    archive: str = ""
    work: str = ""
    place: int = 0
    chapters: int = 0
    words: int = 0
    title: str = ""
    authors: str = ""
    sketch: bytes = b""
    body: bytes = b""
    links: tuple[tuple[str, str, str], ...] = ()  # page, label, address
    listed: tuple[tuple[str, str, str, str, bytes], ...] = ()  # site, work, title, authors, packed story
    findings: tuple[Finding, ...] = ()
    contacts: tuple[Contact, ...] = ()  # for the claim store only


def setup(folder: str, shape: Shape | None) -> Callable[[Job], Read]:
    """Return what reads a page out of the originals in ``folder``, knowing the ``shape`` of the archive's pages."""
    originals = Originals(Path(folder))

    def read(job: Job) -> Read:
        return read_page(job, originals, shape)

    return read


def read_page(job: Job, originals: Originals, shape: Shape | None) -> Read:
    """Return what the page says. A page that can't be read gives a Read with ``failed`` and a finding."""
    try:
        with originals.open(job.capture.sha256) as file:
            data = file.read()
        return facts(job.arrival, pages.read(data, job.capture, shape=shape))
    except InputError as error:
        return failure(job, str(error), error.code)


def failure(job: Job, reason: str, code: str = "page.unread") -> Read:
    """Return the Read of a page on which reading failed."""
    finding = Finding(
        code=code,
        where=job.capture.path,
        evidence=reason,
        suggestion="Its bytes are kept. Look at it by hand; another copy may be better.",
        severity=Severity.LOSS,
        capture=job.capture.sha256,
    )
    return Read(arrival=job.arrival, failed=True, findings=(finding,))


def facts(arrival: int, reading: PageReading) -> Read:
    """Return a reading with what the grouping needs to know of it. No e-mail address stays in it."""
    contacts, reading = reading.contacts, fenced(reading)
    story = reading.story
    is_text = reading.role in (PageRole.WHOLE, PageRole.CHAPTER)
    site = site_of(reading.capture.address)
    return Read(
        arrival=arrival,
        role=reading.role.value,
        platform=reading.platform,
        site=site,
        archive=story.archive,
        work=reading.work,
        place=reading.place,
        chapters=len(story.chapters),
        words=sum(count(chapter.body) for chapter in story.chapters),
        title=fold(story.title or ""),
        authors=name_key(story.authors),
        sketch=sketched(story) if is_text else b"",
        body=packed(reading),
        links=tuple((same_page(link.address), link.label, link.address) for link in reading.chapter_links),
        listed=tuple(_listed(site, each) for each in reading.listed),
        findings=story.findings if not is_text else (),
        contacts=contacts,
    )


def sketched(story: Story) -> bytes:
    """Return the sketch of a story's words (see :mod:`storykeep.rescue.copies`), one run of words in SPARSE."""
    found = {number for chapter in story.chapters for number in copies.sketch(chapter.body) if number % SPARSE == 0}
    return array("q", sorted(found)).tobytes()


def fenced(reading: PageReading) -> PageReading:
    """Return a reading without contacts, and without addresses in what it quotes from the page."""
    story = reading.story
    evidence = tuple(replace(each, quote=masked(each.quote)) if "@" in each.quote else each for each in story.evidence)
    findings = tuple(
        replace(each, evidence=masked(each.evidence)) if "@" in each.evidence else each for each in story.findings
    )
    return replace(reading, contacts=(), story=replace(story, evidence=evidence, findings=findings))


def name_key(names: tuple[str, ...]) -> str:
    """Return the names of authors, folded and sorted, as one word that can be compared.

    >>> name_key(("Jen", "anna B.")) == name_key(("Anna B.", "jen"))
    True
    """
    return "|".join(sorted(filter(None, map(fold, names))))


def _listed(site: str, story: Story) -> tuple[str, str, str, str, bytes]:
    address = next(iter(story.addresses), "")
    return site_of(address) or site, story.key, fold(story.title or ""), name_key(story.authors), packed(story)


__all__ = ["Job", "Read", "facts", "failure", "name_key", "read_page", "setup"]
