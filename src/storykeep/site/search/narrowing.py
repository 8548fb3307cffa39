"""What narrows a list of works, read from an address and written as one: short, in a stable order, to be shared.

``with=rating:pg,rating:pg-13&with=pairing:ada-bee`` is (PG or PG-13) and Ada/Bee. Unknown parameters are ignored, wrong
values are left out and told. The parts of a form (``words-from``) are read, too; :func:`address` brings them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from django.http import QueryDict

from storykeep.model.story import WorkKind
from storykeep.site.search.contract import Dates, Filters, Numbers, Order
from storykeep.site.search.moments import moment
from storykeep.site.search.naming import Names, Tags, names_at
from storykeep.site.tags.models import Tag
from storykeep.site.works.models import Person, Series

LONGEST = 2000  # characters of words that are taken; the search language reads the first of them
MOST_TAGS = 40
MOST_VALUES = 20
OPEN: Numbers = (None, None)
YES_NO = {"yes": True, "no": False}
_LANGUAGE = re.compile(r"\w[\w .()/-]{0,34}\Z")  # old sites wrote names, too
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?\Z")
_FIGURES = re.compile(r"[\s,._'’]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a reader has chosen. ``remarks`` tell what was left out; they are no part of the choice."""

    words: str = ""
    include: tuple[tuple[Tag, ...], ...] = ()
    exclude: tuple[Tag, ...] = ()
    people: tuple[Person, ...] = ()
    series: tuple[Series, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    length: Numbers = OPEN
    chapters: Numbers = OPEN
    updated: Dates = OPEN
    posted: Dates = OPEN
    complete: bool | None = None
    crossover: bool | None = None
    order: Order | None = None
    page: int = 1
    remarks: tuple[str, ...] = field(default=(), compare=False)

    @property
    def empty(self) -> bool:
        """Whether nothing is chosen but the order and the page."""
        return replace(self, order=None, page=1) == NOTHING

    @property
    def filters(self) -> Filters:
        return Filters(
            include=tuple(tuple(tag.pk for tag in group) for group in self.include),
            exclude=tuple(tag.pk for tag in self.exclude),
            people=tuple(person.pk for person in self.people),
            series=tuple(each.pk for each in self.series),
            languages=self.languages,
            kinds=self.kinds,
            words=self.length,
            chapters=self.chapters,
            updated=self.updated,
            posted=self.posted,
            complete=self.complete,
            crossover=self.crossover,
        )


NOTHING = Narrowing()


# ── reading
def read(given: QueryDict, user) -> Narrowing:
    """Return what the address says to ``user``, who is told of nothing that they may not see. At most 5 queries."""
    return understood(given, names_at(user, *named(given)))


def named(given: QueryDict) -> tuple[list[str], list[str], list[str]]:
    """Return where the tags, people and series of an address are to be looked up."""
    tags = dict.fromkeys((*tokens(given, "with"), *tokens(given, "not")))
    return list(tags)[:MOST_TAGS], listed(given, "by"), listed(given, "series")


def understood(given: QueryDict, names: Names) -> Narrowing:
    """Return what the address says, when ``names`` is what it names."""
    remarks: list[str] = list(unknown(given, names))
    tags = names.tags
    return Narrowing(
        words=" ".join(given.get("q", "").replace("\0", " ").split())[:LONGEST],
        include=groups(given, tags),
        exclude=unique(tags[token] for token in tokens(given, "not") if token in tags),
        people=people_of(given, names),
        series=tuple(names.series[ref] for ref in sorted(listed(given, "series")) if ref in names.series),
        languages=read_languages(given, remarks),
        kinds=tuple(sorted({each for each in listed(given, "kind") if each in set(WorkKind)})),
        length=read_numbers(given, "words", "words", remarks),
        chapters=read_chapters(given, remarks),
        updated=read_dates(given, "updated", remarks),
        posted=read_dates(given, "posted", remarks),
        complete=YES_NO.get(given.get("complete", "")),
        crossover=YES_NO.get(given.get("crossover", "")),
        order=read_order(given, remarks),
        page=read_page(given.get("page", "")),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def listed(given: QueryDict, name: str) -> list[str]:
    """Return the values under ``name``, which may be repeated or parted by commas."""
    values = [part.strip() for value in given.getlist(name) for part in value.replace("\0", "").split(",")]
    return [value for value in dict.fromkeys(values) if value][:MOST_VALUES]


def tokens(given: QueryDict, name: str) -> list[str]:
    return all_tokens(given, name)[:MOST_TAGS]


def all_tokens(given: QueryDict, name: str) -> list[str]:
    values = (part.strip() for value in given.getlist(name) for part in value.replace("\0", "").split(","))
    return list(dict.fromkeys(value for value in values if value))


def unknown(given: QueryDict, names: Names) -> Iterator[str]:
    """Yield a sentence for each name that leads to nothing that is here for this reader."""
    tags, people, series = named(given)
    more = len({*all_tokens(given, "with"), *all_tokens(given, "not")}) - len(tags)
    if more > 0:
        yield f"A list is narrowed by {MOST_TAGS} tags at most; the others ({more:,}) were left out."
    yield from (f"There is no tag “{each[:80]}” here; it was left out." for each in tags if each not in names.tags)
    yield from (f"Nobody is called “{each[:80]}” here; it was left out." for each in people if each not in names.people)
    yield from (
        f"There is no series “{each[:80]}” here; it was left out." for each in series if each not in names.series
    )


def groups(given: QueryDict, tags: Tags) -> tuple[tuple[Tag, ...], ...]:
    """Return the groups of tags of which one is enough: those that commas join, and those of kinds that ask for any."""
    loose = set(given.getlist("any"))
    found: list[list[Tag]] = []
    by_kind: dict[str, list[Tag]] = {}
    for value in given.getlist("with"):
        group = [tags[token] for token in split(value) if token in tags]
        kind = group[0].kind if len(group) == 1 else None
        if kind and (kind.key in loose or not kind.many):
            by_kind.setdefault(kind.key, []).append(group[0])
        elif group:
            found.append(group)
    return tuple(sorted({unique(group) for group in (*found, *by_kind.values())}, key=by_address))[:MOST_TAGS]


def split(value: str) -> list[str]:
    return [part.strip() for part in value.replace("\0", "").split(",") if part.strip()][:MOST_TAGS]


def unique(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    return tuple(sorted({tag.pk: tag for tag in tags}.values(), key=token_of))


def by_address(group: tuple[Tag, ...]) -> list[str]:
    return [token_of(tag) for tag in group]


def token_of(tag: Tag) -> str:
    """Return how an address names a tag."""
    return f"{tag.kind.key}:{tag.slug}"


def people_of(given: QueryDict, names: Names) -> tuple[Person, ...]:
    rows = {names.people[slug].pk: names.people[slug] for slug in listed(given, "by") if slug in names.people}
    return tuple(sorted(rows.values(), key=lambda row: row.slug))


def read_languages(given: QueryDict, remarks: list[str]) -> tuple[str, ...]:
    wanted = listed(given, "lang")
    remarks += [f"“{each[:40]}” is no language; it was left out." for each in wanted if not _LANGUAGE.match(each)]
    return tuple(sorted(each for each in wanted if _LANGUAGE.match(each)))


def read_order(given: QueryDict, remarks: list[str]) -> Order | None:
    asked = given.get("order", "")
    if not asked or asked in set(Order) or asked == "words":
        return Order(asked) if asked else None
    remarks.append(f"There is no order “{asked[:40]}”; the usual one is used.")
    return None


def read_page(asked: str) -> int:
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1  # noqa: PLR2004 — digits


def read_chapters(given: QueryDict, remarks: list[str]) -> Numbers:
    return (1, 1) if given.get("single") else read_numbers(given, "chapters", "chapters", remarks)


def read_numbers(given: QueryDict, name: str, what: str, remarks: list[str]) -> Numbers:
    """Read "1000-5000", "1000-", "-5000" or "1", or the two fields of a form."""
    least, most = ends(given, name, "-")
    found = number(least, what, remarks), number(most, what, remarks)
    if None not in found and found[0] > found[1]:
        remarks.append(f"From {found[0]:,} to {found[1]:,} {what} there is nothing; the two were exchanged.")
        return found[1], found[0]
    return found


def ends(given: QueryDict, name: str, between: str) -> tuple[str, str]:
    whole = given.get(name, "").strip()
    least, divided, most = whole.partition(between)
    if not divided:
        most = least
    return (given.get(f"{name}-from") or least).strip(), (given.get(f"{name}-to") or most).strip()


def number(given: str, what: str, remarks: list[str]) -> int | None:
    """Return "1,000", "1.000", "1 000" or "1k" as a number; None for nothing, and for what is none."""
    bare = _FIGURES.sub("", given).lower()
    times = 1000 if bare.endswith("k") else 1
    bare = bare.removesuffix("k")
    if not given:
        return None
    if bare.isascii() and bare.isdigit() and len(bare) < 10:  # noqa: PLR2004 — digits
        return int(bare) * times
    remarks.append(f"“{given[:40]}” is no number of {what}; it was left out.")
    return None


def read_dates(given: QueryDict, name: str, remarks: list[str]) -> Dates:
    """Read "2003..2004-05", or the two fields of a form. A year or a month stands for all its days."""
    found = tuple(date(each, remarks) for each in ends(given, name, ".."))
    if None not in found and found[0] > found[1] and not found[0].startswith(found[1]):
        remarks.append(f"From {found[0]} to {found[1]} there is nothing; the two were exchanged.")
        return found[1], found[0]
    return found


def date(given: str, remarks: list[str]) -> str | None:
    if not given or (_DATE.match(given) and moment(given)):
        return given or None
    remarks.append(f"“{given[:40]}” is no date; write 2003, 2003-05 or 2003-05-14.")
    return None


# ── writing
def address(path: str, narrowing: Narrowing, **more: str) -> str:
    """Return the one address of ``narrowing`` at ``path``; ``more`` are further parameters, which come last."""
    pairs = [*pairs_of(narrowing), *((name, value) for name, value in more.items() if value)]
    query = "&".join(f"{name}={quote(value, safe=',:.-~/')}" for name, value in pairs)
    return f"{path}?{query}" if query else path


def pairs_of(it: Narrowing) -> list[tuple[str, str]]:
    """Return the parameters in their order, empty ones left out."""
    yes_no = {True: "yes", False: "no", None: ""}
    pairs = [
        ("q", it.words),
        *(("with", ",".join(map(token_of, group))) for group in it.include),
        ("not", ",".join(map(token_of, it.exclude))),
        ("by", ",".join(row.slug for row in it.people)),
        ("series", ",".join(row.ref for row in it.series)),
        ("lang", ",".join(it.languages)),
        ("kind", ",".join(it.kinds)),
        ("words", span(it.length, "-")),
        ("chapters", span(it.chapters, "-")),
        ("updated", span(it.updated, "..")),
        ("posted", span(it.posted, "..")),
        ("complete", yes_no[it.complete]),
        ("crossover", yes_no[it.crossover]),
        ("order", it.order.value if it.order else ""),
        ("page", str(it.page) if it.page > 1 else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def span(ends: tuple[object, object], between: str) -> str:
    least, most = ("" if end is None else str(end) for end in ends)
    return least if least == most else f"{least}{between}{most}"
