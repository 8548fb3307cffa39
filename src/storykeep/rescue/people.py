"""Who wrote: credits of all stories and the archive's author pages, brought together by name."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from storykeep.model import identity
from storykeep.model.story import Credit, Person, Story
from storykeep.text.fold import fold

NAMELESS = identity.slug("")


def person_key(archive: str, name: str) -> str:
    """Return the key of the person called ``name`` in ``archive``; a name without any letter gets one of its own.

    >>> person_key("All About Spike", "Kalima")
    'all-about-spike/people/kalima'
    """
    readable = identity.slug(name, limit=80)
    if readable == NAMELESS and fold(name) != NAMELESS:
        readable = "x" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{identity.slug(archive, limit=80)}/people/{readable}"


@dataclass(slots=True)
class _Known:
    names: Counter[str] = field(default_factory=Counter)
    pages: list[Person] = field(default_factory=list)


class People:
    """The persons of a rescue while it is put together: a name and a few words for each."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._same: dict[str, str] = {}

    def page(self, person: Person, archive: str) -> None:
        """Take in an author's page. Other names that it tells are the same person."""
        key = person_key(archive, person.name)
        self._known.setdefault(key, _Known()).pages.append(person)
        for name in person.names:
            self._same.setdefault(person_key(archive, name), key)

    def credited(self, story: Story) -> Story:
        """Return ``story`` with the keys of its persons in all its credits, and take their names in."""
        return replace(
            story,
            credits=tuple(self._credit(credit, story.archive) for credit in story.credits),
            chapters=tuple(
                replace(chapter, credits=tuple(self._credit(credit, story.archive) for credit in chapter.credits))
                if chapter.credits
                else chapter
                for chapter in story.chapters
            ),
        )

    def persons(self) -> Iterator[Person]:
        """Yield everybody, by key. Spellings that differ are kept; the most frequent one is the name."""
        for key in sorted(self._known):
            known = self._known[key]
            names = known.names or Counter(person.name for person in known.pages)
            name = min(names, key=lambda each: (-names[each], each))
            yield _united(key, name, names, known.pages)

    def _credit(self, credit: Credit, archive: str) -> Credit:
        if not credit.name:
            return credit
        key = person_key(archive, credit.name)
        key = self._same.get(key, key)
        self._known.setdefault(key, _Known()).names[credit.name] += 1
        return replace(credit, person=key)


def _united(key: str, name: str, names: Counter[str], pages: list[Person]) -> Person:
    """Return one person out of the spellings of a name and the pages about them, fullest page first."""
    pages = sorted(pages, key=lambda page: (-len(page.bio), -len(page.interview), page.addresses))
    others = dict.fromkeys([*sorted(names), *(each for page in pages for each in (page.name, *page.names))])
    return Person(
        key=key,
        name=name,
        names=tuple(each for each in others if each and each != name),
        sites=tuple(dict.fromkeys(site for page in pages for site in page.sites)),
        bio=next((page.bio for page in pages if page.bio), ""),
        interview=next((page.interview for page in pages if page.interview), ()),
        image=next((page.image for page in pages if page.image), None),
        addresses=tuple(dict.fromkeys(each for page in pages for each in page.addresses)),
        evidence=tuple(dict.fromkeys(each for page in pages for each in page.evidence)),
    )
