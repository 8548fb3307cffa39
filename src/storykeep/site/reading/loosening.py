"""Nothing was found: which condition to take away, and what would be found then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from storykeep.query.parse import parse
from storykeep.query.tree import EVERYTHING
from storykeep.site.reading.choices import Loosened
from storykeep.site.reading.conditions import Active, active
from storykeep.site.reading.panel import Place
from storykeep.site.search.asking import Answer, both
from storykeep.site.search.narrowing import Narrowing
from storykeep.site.search.readers import engine
from storykeep.site.tags.models import TagKind

MOST = 12  # conditions that are tried


def loosened(place: Place, answer: Answer) -> tuple[Loosened, ...]:
    """Return what each condition keeps away, that which keeps away most first. 1 query."""
    kinds = list(TagKind.objects.values_list("key", flat=True))
    tried = [*ways(place.chosen)][:MOST]
    found = [
        Loosened(words=words, url=place.at(**changes), count=count(place, answer, kinds, changes))
        for words, changes in tried
    ]
    return tuple(sorted((each for each in found if each.count), key=lambda each: -each.count))


def ways(chosen: Narrowing) -> Iterator[tuple[str, dict[str, object]]]:
    yield from ((said(each), each.without) for each in active(chosen))
    by_kind: dict[int, list] = {}
    for group in chosen.include:
        for tag in group:
            by_kind.setdefault(tag.kind_id, []).append(tag)
    for tags in by_kind.values():
        if len(tags) > 1 and tuple(tags) not in chosen.include:
            others = tuple(group for group in chosen.include if not set(group) <= set(tags))
            yield f"any one of {' and '.join(tag.name for tag in tags)}", {"include": (*others, tuple(tags))}


def said(each: Active) -> str:
    if "words" in each.without:
        return f"without the words “{each.words}”"
    return f"with {each.words} again" if each.not_ else f"without {each.words}"


def count(place: Place, answer: Answer, kinds: list[str], changes: dict[str, object]) -> int:
    chosen = replace(place.chosen, **changes)
    tree = parse(chosen.words, kinds).tree if chosen.words else EVERYTHING
    question = replace(answer.question, tree=tree, filters=both(place.within, chosen.filters), first=0, most=1)
    return engine().search(question).total
