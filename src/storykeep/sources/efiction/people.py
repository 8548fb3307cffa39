"""Members become persons when they left something to read; their e-mail addresses become contacts and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.model.provenance import Evidence
from storykeep.model.story import Contact, Credit, Image, Person
from storykeep.sources.efiction.house import House, ids, line, raw, stated, words
from storykeep.sources.efiction.shelves import Record
from storykeep.sources.privacy import ADDRESS, written

_SITE = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)


class People:
    """Who is who in one installation: names by member number, and who wrote, reviewed or announced."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._names = {record.id("uid"): line(record, "penname") for record in house.all("authors")}
        self.writers = self._writers()
        self._heralds = {line(record, "author") for record in house.all("news")}
        self._speakers = (
            self._of("reviews", "uid") | self._of("reviews", "member") | self._of("comments", "uid") | self._fans()
        )

    def name(self, uid: str) -> str:
        return self._names.get(uid, "")

    def key(self, uid: str) -> str:
        """Return the key of the person with this number; empty when nobody has it."""
        return self._house.key("viewuser", uid) if uid in self._names else ""

    def credit(self, uid: str) -> Credit | None:
        """Return the byline of a member; a number that nobody has gives a name that says so."""
        if uid in ("", "0"):
            return None
        return Credit(name=self.name(uid) or f"member {uid}", person=self.key(uid))

    def uid_of(self, name: str) -> str:
        return next((uid for uid, known in self._names.items() if known == name), "")

    def records(self) -> Iterator[Person | Contact]:
        """Yield everybody who left something to read, and how writers can be reached."""
        for record in self._house.all("authors"):
            uid = record.id("uid")
            if self._left_something(uid):
                yield self._person(record)
                if uid in self.writers:
                    yield from self._contacts(record)

    def silent(self) -> int:
        """Return how many members left nothing to read. They are not kept."""
        return sum(1 for uid in self._names if not self._left_something(uid))

    def _left_something(self, uid: str) -> bool:
        return uid in self.writers or uid in self._speakers or self._names[uid] in self._heralds

    def _person(self, record: Record) -> Person:
        uid = record.id("uid")
        picture = line(record, "image")
        return Person(
            key=self.key(uid),
            name=self._names[uid] or f"member {uid}",
            sites=self._sites(record),
            bio=words(record, "bio"),
            image=Image(address=picture, alt=self._names[uid]) if picture else None,
            addresses=self._house.addresses(f"viewuser.php?uid={uid}"),
            evidence=(stated("name", record, "penname", "authors"), *_evidence_of_bio(record)),
        )

    def _contacts(self, record: Record) -> Iterator[Contact]:
        for found in ADDRESS.finditer(raw(record, "email")):
            plain = "@" in found[0] and " " not in found[0]
            email = found[0].removeprefix("mailto:") if plain else written(found[0])
            yield Contact(person=self.key(record.id("uid")), email=email)

    def _sites(self, record: Record) -> tuple[str, ...]:
        told = [raw(record, "website"), *self._infos(record.id("uid"))]
        found = [match[0].rstrip(".,)") for text in told if (match := _SITE.search(text)) and not ADDRESS.search(text)]
        return tuple(dict.fromkeys(site if site.lower().startswith("http") else f"http://{site}" for site in found))

    def _infos(self, uid: str) -> Iterator[str]:
        """Yield the member's own pages from the extra fields of a profile; messenger numbers are left out."""
        for info in self._house.all("authorinfo", uid=uid):
            about = self._house.first("authorfields", field_id=info.id("field"))
            pattern, text = raw(about, "field_options") if about else "", raw(info, "info").strip()
            if text and "{info}" in pattern:
                yield pattern.replace("{info}", text)
            elif text:
                yield text

    def _writers(self) -> frozenset[str]:
        written = (
            self._of("stories", "uid")
            | self._of("chapters", "uid")
            | self._of("series", "uid")
            | self._of("coauthors", "uid")
        )
        listed = {
            uid for value in self._house.shelves.values(self._house.code, "stories", "coauthors") for uid in ids(value)
        }
        return frozenset(
            written | self._of("challenges", "uid") | (listed if "1" not in listed or len(listed) > 1 else set())
        )

    def _fans(self) -> set[str]:
        return self._of("favorites", "uid") | self._of("favauth", "uid") | self._of("favstor", "uid")

    def _of(self, kind: str, column: str) -> set[str]:
        return set(self._house.shelves.values(self._house.code, kind, column)) - {"", "0"}


def _evidence_of_bio(record: Record) -> tuple[Evidence, ...]:
    return (stated("bio", record, "bio", "authors"),) if record.get("bio") else ()
