"""All tags of a kind that a list can be narrowed by: a page with letters and a search, or JSON for a field."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, JsonResponse
from django.shortcuts import render

from storykeep.site.reading.pages import Head, Link, MoreLine, MorePage, Paging
from storykeep.site.reading.panel import chips
from storykeep.site.search.naming import counted
from storykeep.site.search.narrowing import address, pairs_of, token_of
from storykeep.site.search.readers import engine
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.tags.queries import named_like
from storykeep.text.fold import fold

PER_PAGE = 120
OFFERED = 10
LIKE = 60  # names that are compared
MANY = 5_000  # tags that are counted at once


def more(request, listed):
    """Answer with the tags of the kind that ``more`` names, each with what it would leave of the list."""
    kind = TagKind.objects.filter(key=request.GET["more"], filter=True, retired=False).first()
    if not kind:
        raise Http404
    find = fold(request.GET.get("find", request.GET.get("q2", "")).replace("\0", "")[:100]).strip()
    if request.GET.get("form") == "json":
        return offers(request, listed, kind)
    found = called(listed, kind, find) if find else frequent(listed, kind)
    return render(request, "reading/more.html", {"page": page(request, listed, kind, found, find)})


def offers(request, listed, kind: TagKind) -> JsonResponse:
    """Answer a field: {"tags": [{id, kind, name, value, count}]}, with what each would leave of the list."""
    typed = fold(request.GET.get("find", "").replace("\0", "")[:100]).strip()
    found = called(listed, kind, typed) if typed else frequent(listed, kind, OFFERED)
    tags = [
        {"id": tag.pk, "kind": kind.key, "name": tag.name, "value": token_of(tag), "count": count}
        for tag, count in found[:OFFERED]
    ]
    answer = JsonResponse({"tags": tags})
    answer["Cache-Control"] = "private, max-age=30"
    return answer


def called(listed, kind: TagKind, find: str) -> list[tuple[Tag, int]]:
    """Return the tags that are called like ``find``, a typo forgiven, best first. About 3 queries."""
    tags = named_like(find, kind.key, LIKE)
    counts = counted(None, [tag.pk for tag in tags], listed.answer.question)
    return [(tag, counts[tag.pk]) for tag in tags if counts.get(tag.pk)]


def frequent(listed, kind: TagKind, most: int = MANY) -> list[tuple[Tag, int]]:
    """Return the tags that would leave anything, those that leave most first. 1 query."""
    question = replace(listed.answer.question, first=0, most=0)
    counts = engine().facets(question, [kind.key], most).tags
    tags = Tag.objects.filter(pk__in=counts).select_related("kind")
    return sorted(((tag, counts[tag.pk]) for tag in tags), key=lambda pair: (-pair[1], pair[0].folded))


def page(request, listed, kind: TagKind, found: list[tuple[Tag, int]], find: str) -> MorePage:
    letter = request.GET.get("letter", "").upper()[:1]
    letters = sorted({letter_of(tag) for tag, _ in found}, key=lambda each: (each == "#", each))
    shown = found
    if letter:
        shown = sorted((pair for pair in found if letter_of(pair[0]) == letter), key=lambda pair: pair[0].folded)
    pages = max(1, -(-len(shown) // PER_PAGE))
    number = min(listed.chosen.page, pages)
    chosen = replace(listed.chosen, page=1)
    path, here = listed.listing.path, {"more": kind.key, "find": find, "letter": letter}
    return MorePage(
        head=Head(title=f"{kind.name}: {listed.listing.heading}", hidden=True),
        heading=kind.name,
        lead=f"Those on {listed.answer.total:,} works: {listed.listing.heading}",
        back=Link(words="Back to the list", url=address(path, chosen)),
        action=path,
        kept=(*pairs_of(chosen), ("more", kind.key)),
        find=find,
        letters=tuple(
            Link(words=each, url=address(path, chosen, **{**here, "letter": each}), here=each == letter)
            for each in letters
        ),
        choices=tuple(
            line(listed, chosen, tag, count) for tag, count in shown[(number - 1) * PER_PAGE : number * PER_PAGE]
        ),
        paging=paging(path, chosen, here, number, pages),
        chips=tuple(chips(replace_place(listed, chosen))),
    )


def replace_place(listed, chosen):
    return replace(listed.place, chosen=chosen)


def letter_of(tag: Tag) -> str:
    first = tag.folded[:1].upper()
    return first if first.isalpha() else "#"


def line(listed, chosen, tag: Tag, count: int) -> MoreLine:
    path = listed.listing.path
    return MoreLine(
        words=tag.name,
        count=count,
        url=address(path, replace(chosen, include=joined(chosen.include, tag))),
        without=address(path, replace(chosen, exclude=(*chosen.exclude, tag))),
        here=any(tag in group for group in chosen.include),
    )


def joined(include: tuple[tuple[Tag, ...], ...], tag: Tag) -> tuple[tuple[Tag, ...], ...]:
    """Return ``include`` with ``tag``: in the group of its kind where one is enough, else as a further condition."""
    for at, group in enumerate(include):
        if all(each.kind_id == tag.kind_id for each in group) and (len(group) > 1 or not tag.kind.many):
            return (*include[:at], (*group, tag), *include[at + 1 :])
    return (*include, (tag,))


def paging(path: str, chosen, here: dict[str, str], number: int, pages: int) -> Paging | None:
    if pages == 1:
        return None

    def at(wanted: int) -> str:
        return address(path, replace(chosen, page=wanted), **here) if 1 <= wanted <= pages else ""

    return Paging(number=number, of=pages, earlier=at(number - 1), later=at(number + 1))
