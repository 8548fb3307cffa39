"""Works as the search sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from storykeep.model.story import Role, Status
from storykeep.site.search.contract import Document, Name, Passage
from storykeep.site.tags.models import Tag
from storykeep.site.tags.queries import ids_over
from storykeep.site.works.models import Work
from storykeep.text.fold import fold
from storykeep.text.markup import plain

COMPLETE = {Status.COMPLETE.value: True, Status.IN_PROGRESS.value: False, Status.ABANDONED.value: False}
BATCH = 20  # works that are in memory at once


def documents(ids: Iterable[int]) -> Iterator[Document]:
    """Yield the works ``ids`` that exist, a batch at a time. 10 queries per batch."""
    wanted = list(ids)
    for start in range(0, len(wanted), BATCH):
        yield from batch(wanted[start : start + BATCH])


def batch(ids: list[int]) -> Iterator[Document]:
    rows = Work.objects.filter(pk__in=ids).prefetch_related(
        "credits__person__pen_names", "work_tags__tag__kind", "series_places__series", "notes", "chapters__current"
    )
    over = ids_over(each.tag_id for work in rows for each in work.work_tags.all())
    names = tag_names(over)
    for work in rows:
        yield document(work, over, names)


def document(work: Work, over: dict[int, tuple[int, ...]], names: dict[int, tuple[str, str]]) -> Document:
    tags = tags_of(work, over, names)
    facets: dict[str, tuple[int, ...]] = {}
    for tag in tags[1]:
        facets[names[tag][0]] = (*facets.get(names[tag][0], ()), tag)
    return Document(
        id=work.pk,
        version=work.version,
        visibility=work.visibility,
        owners=owners(work),
        title=work.title or "",
        sort_title=work.sort_title,
        authors=tuple(author_names(work)),
        sort_author=next((fold(credit.name) for credit in work.credits.all() if credit.role == Role.AUTHOR.value), ""),
        people=tuple(dict.fromkeys(credit.person_id for credit in work.credits.all() if credit.person_id)),
        summary=plain(work.summary),
        series=tuple(dict.fromkeys(n for p in work.series_places.all() for n in (p.title, p.series.title))),
        series_ids=tuple(dict.fromkeys(place.series_id for place in work.series_places.all())),
        notes="\n".join(plain(note.body) for note in work.notes.all()),
        tags=tags[0],
        tag_ids=tags[1],
        facets=facets,
        fandoms=len(facets.get("fandom", ())),
        language=work.language,
        kind=work.kind,
        complete=COMPLETE.get(work.status),
        words=work.words,
        chapters=work.chapter_count,
        reads=work.reads,
        added=int(work.added_at.timestamp() * 1_000_000),
        published=work.published,
        updated=work.updated,
        passages=tuple(passages(work)),
        names=tuple(names_of(work, tags[1], names)),
    )


def names_of(work: Work, tag_ids: tuple[int, ...], names: dict[int, tuple[str, str]]) -> Iterator[Name]:
    for tag in tag_ids:
        kind, name = names[tag]
        yield Name("tag", tag, name, kind)
    for credit in work.credits.all():
        if credit.person:
            also = tuple(dict.fromkeys((credit.name, *(each.name for each in credit.person.pen_names.all()))))
            yield Name("author", credit.person_id, credit.person.name, "", also)
    for place in work.series_places.all():
        yield Name("series", place.series_id, place.series.title, "", (place.title,))


def passages(work: Work) -> Iterator[Passage]:
    for chapter in work.chapters.all():
        body = chapter.current.body if chapter.current else ""
        yield Passage(place=chapter.place, title=f"{chapter.label} {chapter.title}".strip(), text=plain(body))


def author_names(work: Work) -> Iterator[str]:
    """Yield each name that a work may be looked for by: as printed, and the person's other names."""
    seen = set()
    for credit in work.credits.all():
        if credit.role in {Role.AUTHOR.value, Role.TRANSLATOR.value, Role.ARTIST.value}:
            others = [credit.person.name, *(p.name for p in credit.person.pen_names.all())] if credit.person else []
            for name in (credit.name, *others):
                if name not in seen:
                    seen.add(name)
                    yield name


def owners(work: Work) -> tuple[int, ...]:
    accounts = {credit.person.account_id for credit in work.credits.all() if credit.person}
    return tuple(sorted(account for account in accounts if account))


def tag_names(over: dict[int, tuple[int, ...]]) -> dict[int, tuple[str, str]]:
    """Return (kind, name) of all canonical tags in ``over``."""
    wanted = {each for ids in over.values() for each in ids}
    return {
        pk: (kind, name) for pk, kind, name in Tag.objects.filter(pk__in=wanted).values_list("pk", "kind__key", "name")
    }


def tags_of(work: Work, over, names) -> tuple[dict[str, tuple[str, ...]], tuple[int, ...]]:
    """Return the names of the tags by kind, and the canonical ids, with everything that stands over them."""
    found: dict[str, dict[str, None]] = {}
    ids: dict[int, None] = {}
    for each in work.work_tags.all():
        tag = each.tag
        found.setdefault(tag.kind.key, {})[tag.name] = None
        for above in over.get(tag.pk, ()):
            ids[above] = None
            kind, name = names[above]
            found.setdefault(kind, {})[name] = None
    return {kind: tuple(values) for kind, values in found.items()}, tuple(ids)
