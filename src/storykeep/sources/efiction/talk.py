"""Reviews, with the author's answers taken out of them: eFiction appended an answer to the review's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storykeep.model.story import Credit, Review
from storykeep.sources import prose
from storykeep.sources.efiction.house import House, date, line, raw, shown
from storykeep.sources.efiction.people import People
from storykeep.sources.efiction.shelves import Record

_LABELS = (
    r"(?:the )?author(?:[’'`´\\]|&\#0?39;|&rsquo;|&apos;|\x92)*s?\W{0,2} (?:response|reply|answer|note)",
    r"r[ée]ponse de l\W{1,6}auteure?", r"antwort de[rs] autors?(?:in)?", r"respuesta de(?:l|\sla) autora?",
    r"risposta dell\W{1,6}aut(?:ore|rice)", r"resposta d[oa] autora?", r"(?:antwoord|reactie) van de auteur",
    r"ответ автора", r"odpowied[źz] autora", r"kirjoittajan vastaus", r"författarens svar", r"forfatterens svar",
)  # fmt: skip
_ANSWER = re.compile(
    r"(?:\s*<br\s*/?>){0,4}\s*(?:<(?:i|em|b|strong)>\s*){1,2}(?:" + "|".join(_LABELS) + r")\s*:\s*(?:</(?:b|strong)>)?",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(r"(?:\s*<br\s*/?>){2}\s*<(?:i|em)>\s*[^<>:\n]{3,40}:\s", re.IGNORECASE)
_EMPTY = frozenset(("no review", ""))


class Talk:
    """The reviews of one installation."""

    def __init__(self, house: House, people: People) -> None:
        self._house = house
        self._people = people

    def of_story(self, sid: str, chapters: dict[str, str], authors: tuple[Credit, ...]) -> Iterator[Review]:
        """Yield the reviews of a story, oldest as in the dump first. ``chapters`` are chapter keys by old id."""
        for record in self._house.all("reviews", item=sid):
            if record.id("type").upper() in ("ST", ""):
                yield from self._review(record, chapters.get(record.id("chapid"), ""), authors)
        for record in self._house.all("reviews", psid=sid):  # eFiction 1 and 2
            yield from self._review(record, chapters.get(record.id("sid"), ""), authors)
        for number, key in chapters.items():
            for record in self._house.all("reviews", chapid=number):
                if not record.id("item") and not record.id("psid"):  # the number of the story is lost
                    yield from self._review(record, key, authors)

    def of_series(self, seriesid: str, authors: tuple[Credit, ...]) -> Iterator[Review]:
        for record in self._house.all("reviews", item=seriesid):
            if record.id("type").upper() == "SE":
                yield from self._review(record, "", authors)

    def _review(self, record: Record, chapter: str, authors: tuple[Credit, ...]) -> Iterator[Review]:
        uid = record.id("uid") or record.id("member")
        key = self._house.key("reviews", record.id("reviewid") or f"line {record.line}")
        words, *answers = split(raw(record, "review"), answered=record.id("respond") == "1")
        written = date(record.get("date"))
        yield Review(
            key=key,
            name=self._name(record, uid),
            person=self._people.key(uid),
            date=written,
            rating=record.id("rating").replace("-1", ""),
            body="" if words.strip().casefold() in _EMPTY else prose.short_prose(shown(words)),
            chapter=chapter,
        )
        author = authors[0] if authors else Credit(name="")
        for number, answer in enumerate(answers, 1):
            yield Review(
                key=f"{key}/answer-{number}",
                name=author.name,
                person=author.person,
                body=prose.short_prose(shown(answer)),
                chapter=chapter,
                reply_to=key,
                by_author=True,
            )

    def _name(self, record: Record, uid: str) -> str:
        written = line(record, "reviewer")
        return self._people.name(uid) if written in ("", "0") else written


def split(review: str, *, answered: bool) -> tuple[str, ...]:
    """Return the words of a review, then each answer that the author appended.

    ``answered`` is the flag of the dump; with it a label in a language that we don't know is believed, too.

    >>> split("Oh!<br><br><i>Author's Response: Thank you!</i>", answered=False)
    ('Oh!', 'Thank you!')
    """
    starts = list(_ANSWER.finditer(review))
    if not starts and answered:
        starts = list(_ANY_LABEL.finditer(review))[-1:]
    if not starts:
        return (review,)
    ends = [*(found.start() for found in starts[1:]), len(review)]
    answers = [_closed(review[found.end() : end]) for found, end in zip(starts, ends, strict=True)]
    return (review[: starts[0].start()].strip(), *answers)


def _closed(answer: str) -> str:
    """Return an answer without the end of the italics that it was set in."""
    answer = answer.strip()
    for tag in ("i", "em", "b", "strong"):
        close = f"</{tag}>"
        lower = answer.lower()
        if lower.endswith(close) and lower.count(close) > len(re.findall(rf"<{tag}\b", lower)):
            answer = answer[: -len(close)].strip()
    return answer
