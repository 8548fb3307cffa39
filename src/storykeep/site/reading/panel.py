"""The filter panel of a list: what may be chosen with its counts, what is active, and the addresses that change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from storykeep.site.reading.choices import Bar, Chip, Choice, Group, Panel, Span
from storykeep.site.reading.conditions import CROSSOVERS, KINDS, STATES, active
from storykeep.site.reading.languages import language_name
from storykeep.site.reading.pages import Link
from storykeep.site.search.asking import Answer
from storykeep.site.search.contract import Facets, Filters, Order, Question
from storykeep.site.search.narrowing import OPEN, Narrowing, address, span, token_of
from storykeep.site.search.readers import engine
from storykeep.site.tags.models import Tag, TagKind

SHOWN = 10  # tags of a kind in the panel; "more" leads to all
ORDERS = {
    Order.BEST: "Best match",
    Order.UPDATED: "Lately updated",
    Order.POSTED: "Lately published",
    Order.NEWEST: "New in the archive",
    Order.TITLE: "Title",
    Order.AUTHOR: "Author",
    Order.LONGEST: "Longest",
    Order.SHORTEST: "Shortest",
    Order.READS: "Most read",
    Order.KUDOS: "Most kudos",
    Order.COMMENTS: "Most comments",
    Order.SHELVES: "On most shelves",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a panel stands: the list's path, its own condition, what is chosen, and the order that is usual there."""

    path: str
    chosen: Narrowing
    within: Filters
    usual: Order = Order.UPDATED
    orders: tuple[tuple[str, str], ...] = ()
    box: bool = True

    def at(self, **changes) -> str:
        """Return the address of this list with other choices; it begins at the first page."""
        return address(self.path, replace(self.chosen, page=1, **changes))


def panel(place: Place, answer: Answer) -> Panel:
    """Return the panel beside ``answer``. 2 queries; what is counted is counted by the engine."""
    chosen, kinds = place.chosen, kinds_shown()
    facets = counts(answer.question, kinds, SHOWN)
    return Panel(
        action=place.path,
        groups=tuple(groups(place, answer.question, kinds, facets)),
        languages=languages(chosen, facets),
        kinds=work_kinds(chosen, facets),
        complete=either_or("complete", chosen.complete, facets.complete, STATES),
        crossover=either_or("crossover", chosen.crossover, facets.crossover, CROSSOVERS) if crossing(facets) else (),
        single=Choice(value="1", words="Only single chapters", chosen=chosen.chapters == (1, 1)),
        bars=bars(place, facets),
        length=ends("words", chosen.length),
        updated=ends("updated", chosen.updated),
        posted=ends("posted", chosen.posted),
        chips=tuple(chips(place)),
        orders=orders(place, answer),
        order=chosen.order.value if chosen.order else "",
        order_words=order_words(place, answer),
        clear=address(place.path, Narrowing(words=chosen.words if not place.box else "", order=chosen.order)),
        kept=tuple(kept(chosen)),
        words=chosen.words,
        box=place.box,
    )


def kinds_shown() -> list[TagKind]:
    return list(TagKind.objects.filter(filter=True, retired=False))


def count_ahead(question: Question) -> None:
    """Let the counts of the panel be made while the works are looked up. 1 query."""
    engine().prepare(replace(question, first=0, most=0), [kind.key for kind in kinds_shown()], SHOWN)


def counts(question: Question, kinds: list[TagKind], most: int) -> Facets:
    return engine().facets(replace(question, first=0, most=0), [kind.key for kind in kinds], most)


def crossing(facets: Facets) -> bool:
    """Say whether crossovers are anything here: an archive of one fandom has none."""
    return bool(facets.crossover.get(True))


# ── tags
def groups(place: Place, question: Question, kinds: list[TagKind], facets: Facets) -> Iterator[Group]:
    """Yield the kinds that have anything to choose, in the archive's order. 1 query for the names."""
    counted = dict(facets.tags)
    loose = {kind.key: group for kind in kinds for group in place.chosen.include if is_loose(group, kind)}
    for key, group in loose.items():
        counted |= without_group(question, place, group, key)
    for group in facets.groups[len(place.within.include) :]:
        counted = {**group, **counted} if len(group) == 1 else {**counted, **group}
    counted |= facets.excluded
    names = {tag.pk: tag for tag in Tag.objects.filter(pk__in=counted).select_related("kind")}
    own = {tag for group in place.within.include for tag in group}
    for kind in kinds:
        tags = [tag for pk, tag in names.items() if tag.kind_id == kind.pk and pk not in own]
        found = group_of(place, kind, tags, counted)
        if found.choices:
            yield found


def is_loose(group: tuple[Tag, ...], kind: TagKind) -> bool:
    """Say whether one of the tags of ``group`` is enough, all of them of ``kind``."""
    return all(tag.kind_id == kind.pk for tag in group) and (len(group) > 1 or not kind.many)


def without_group(question: Question, place: Place, group: tuple[Tag, ...], key: str) -> dict[int, int]:
    """Return what the tags of a kind would find under everything but the kind's own group."""
    ids = tuple(tag.pk for tag in group)
    include = tuple(each for each in question.filters.include if each != ids)
    others = replace(question, first=0, most=0, filters=replace(question.filters, include=include))
    return dict(engine().facets(others, [key], SHOWN).tags)


def group_of(place: Place, kind: TagKind, tags: list[Tag], counted: dict[int, int]) -> Group:
    ticked = [group for group in place.chosen.include if is_own(group, kind) and group not in untickable(place.chosen)]
    chosen = {tag.pk for group in ticked for tag in group}
    left_out = {tag.pk for tag in place.chosen.exclude}
    shown = sorted(tags, key=lambda tag: (tag.pk not in chosen | left_out, -counted.get(tag.pk, 0), tag.folded))
    missing = [tag for group in place.chosen.include for tag in group if tag.pk in chosen - {each.pk for each in tags}]
    of_kind = [tag for tag in place.chosen.exclude if tag.kind_id == kind.pk and tag not in tags]
    choices = [
        choice(tag, counted.get(tag.pk, 0), chosen, left_out) for tag in dict.fromkeys((*missing, *of_kind, *shown))
    ]
    active = sum(each.chosen or each.left_out for each in choices)
    return Group(
        key=kind.key,
        name=kind.name,
        choices=tuple(choices[: max(SHOWN, active)]),
        any=any(is_loose(group, kind) for group in ticked),
        joins=kind.many and len(chosen) > 1,
        single=not kind.many,
        more=address(place.path, replace(place.chosen, page=1), more=kind.key) if len(choices) >= SHOWN else "",
        suggest=address(place.path, replace(place.chosen, page=1), more=kind.key, form="json"),
        open=bool(active),
    )


def untickable(chosen: Narrowing) -> tuple[tuple[Tag, ...], ...]:
    """Return the groups that ticks cannot say: of several kinds, or one of several beside others of the same kind."""
    kinds = Counter(group[0].kind_id for group in chosen.include)
    return tuple(
        group
        for group in chosen.include
        if len({tag.kind_id for tag in group}) > 1 or (len(group) > 1 and kinds[group[0].kind_id] > 1)
    )


def is_own(group: tuple[Tag, ...], kind: TagKind) -> bool:
    return all(tag.kind_id == kind.pk for tag in group)


def choice(tag: Tag, count: int, chosen: set[int], left_out: set[int]) -> Choice:
    return Choice(
        value=token_of(tag), words=tag.name, count=count, chosen=tag.pk in chosen, left_out=tag.pk in left_out
    )


# ── the rest
def languages(chosen: Narrowing, facets: Facets) -> tuple[Choice, ...]:
    """Return the languages by name; what old sites wrote in several ways is one choice."""
    by_name: dict[str, list[str]] = {}
    for code in (*facets.languages, *(code for code in chosen.languages if code not in facets.languages)):
        if code:
            by_name.setdefault(language_name(code), []).append(code)
    found = [
        Choice(
            value=",".join(sorted(codes)),
            words=name,
            count=sum(facets.languages.get(code, 0) for code in codes),
            chosen=any(code in chosen.languages for code in codes),
        )
        for name, codes in by_name.items()
    ]
    found.sort(key=lambda each: (not each.chosen, -(each.count or 0), each.words))
    return tuple(found) if len(found) > 1 or chosen.languages else ()


def work_kinds(chosen: Narrowing, facets: Facets) -> tuple[Choice, ...]:
    found = tuple(
        Choice(value=kind.value, words=words, count=facets.kinds.get(kind.value, 0), chosen=kind.value in chosen.kinds)
        for kind, words in KINDS.items()
        if facets.kinds.get(kind.value) or kind.value in chosen.kinds
    )
    return found if len(found) > 1 or chosen.kinds else ()


def either_or(name: str, chosen: bool | None, counted, words: dict[bool, tuple[str, str]]) -> tuple[Choice, ...]:
    """Return both sides of a choice; nothing where neither would find anything."""
    if chosen is None and not any(counted.values()):
        return ()
    return tuple(
        Choice(value=value, words=said, count=counted.get(which, 0), chosen=chosen is which)
        for which, (value, said) in words.items()
    )


def bars(place: Place, facets: Facets) -> tuple[Bar, ...]:
    highest = max((count for *_, count in facets.words), default=0)
    if not highest:
        return ()
    return tuple(
        Bar(
            url=place.at(length=(least or None, most)),
            words=range_said(least, most),
            count=count,
            height=max(2, round(100 * count / highest)) if count else 0,
            here=touches(place.chosen.length, least, most),
        )
        for least, most, count in facets.words
    )


def range_said(least: int, most: int | None) -> str:
    if most is None:
        return f"{least:,} words and more"
    return f"{least:,} to {most:,} words" if least else f"under {most + 1:,} words"


def touches(chosen: tuple[int | None, int | None], least: int, most: int | None) -> bool:
    """Say whether a bar lies in the chosen range, or touches it."""
    first, last = chosen[0] or 0, chosen[1]
    return chosen != OPEN and (most is None or first <= most) and (last is None or last >= least)


def ends(name: str, chosen: tuple[object, object]) -> Span:
    least, most = ("" if end is None else str(end) for end in chosen)
    return Span(name=name, least=least, most=most)


def kept(chosen: Narrowing) -> Iterator[tuple[str, str]]:
    """Yield what the form has no field for, so that nothing that an address says is lost."""
    yield from (("with", ",".join(map(token_of, group))) for group in untickable(chosen))
    if chosen.people:
        yield "by", ",".join(row.slug for row in chosen.people)
    if chosen.series:
        yield "series", ",".join(row.ref for row in chosen.series)
    if chosen.chapters not in {OPEN, (1, 1)}:
        yield "chapters", span(chosen.chapters, "-")
    if chosen.order:
        yield "order", chosen.order.value


def orders(place: Place, answer: Answer) -> tuple[Link, ...]:
    wanted = [order for order in ORDERS if order is not Order.BEST or place.chosen.words]
    links = [
        Link(words=ORDERS[order], url=place.at(order=order), here=order is answer.question.order) for order in wanted
    ]
    own = tuple(Link(words=words, url=place.at(order=None), here=not place.chosen.order) for _, words in place.orders)
    return (*own, *(replace(link, here=False) if own and not place.chosen.order else link for link in links))


def order_words(place: Place, answer: Answer) -> str:
    if place.orders and not place.chosen.order:
        return place.orders[0][1]
    order = answer.question.order
    return ORDERS[order if order is not Order.BEST or place.chosen.words else Order.UPDATED]


def chips(place: Place) -> Iterator[Chip]:
    """Yield everything that narrows the list, each with the address of the list without it."""
    for each in active(place.chosen):
        if place.box or "words" not in each.without:
            yield Chip(label=each.label, words=each.words, url=place.at(**each.without), not_=each.not_)
