"""Around the search box: names that are like what was typed, and what browsers are told."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from storykeep.site.reading.pages import Head, Link
from storykeep.site.search.contract import SUGGESTED, Suggested
from storykeep.site.search.readers import engine, reader_for
from storykeep.site.tags.models import Tag, TagKind
from storykeep.site.works.models import Person, Series
from storykeep.site.works.queries import listing, readable_by

LONGEST = 100  # letters that are looked at
OFFERED = 9
MANY = 60  # names of each sort on the page of names
SORTS = {"author": "Authors", "series": "Series", "tag": "Subjects"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One sort of names on the page: its heading, and the names with the number of works."""

    heading: str
    links: tuple[Link, ...]


@require_safe
def suggest(request):
    """Answer what is typed with what it may mean: {"names": [{kind, words, by, url, count}]}."""
    typed = request.GET.get("q", "").replace("\0", "")[:LONGEST].strip()
    found = engine().suggest(typed, reader_for(request.user), SUGGESTED, most=OFFERED) if typed else []
    answer = JsonResponse({"names": lines(request.user, found)})
    answer["Cache-Control"] = "private, max-age=30"
    return answer


def lines(user, found: list[Suggested]) -> list[dict[str, object]]:
    """Return the suggestions with their addresses; what the database no longer shows is left out. At most 6 queries."""
    places = addresses(user, found)
    kinds = dict(TagKind.objects.values_list("key", "name")) if found else {}
    return [
        {
            "kind": kinds.get(each.tag_kind, "Subjects") if each.kind == "tag" else each.kind.capitalize(),
            "words": places[each.kind, each.id][0],
            "by": places[each.kind, each.id][2],
            "url": places[each.kind, each.id][1],
            "count": each.count if each.kind != "title" else 0,
        }
        for each in found
        if (each.kind, each.id) in places
    ]


def addresses(user, found: list[Suggested]) -> dict[tuple[str, int], tuple[str, str, str]]:
    """Return (words, address, by whom) of each suggestion that is there."""
    ids = {kind: [each.id for each in found if each.kind == kind] for kind in SUGGESTED}
    works = listing(readable_by(user).filter(pk__in=ids["title"])) if ids["title"] else ()
    tags = Tag.objects.filter(pk__in=ids["tag"]).select_related("kind") if ids["tag"] else ()
    people = Person.objects.filter(pk__in=ids["author"]) if ids["author"] else ()
    series = Series.objects.filter(pk__in=ids["series"]) if ids["series"] else ()
    return {
        **{
            ("title", row.pk): (str(row), row.get_absolute_url(), ", ".join(each.name for each in row.author_credits))
            for row in works
        },
        **{("tag", row.pk): (row.name, row.get_absolute_url(), "") for row in tags},
        **{("author", row.pk): (row.name, row.get_absolute_url(), "") for row in people},
        **{("series", row.pk): (row.title, row.get_absolute_url(), "") for row in series},
    }


def names(request):
    """Show the authors, series and subjects that are called like what was asked."""
    words = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]
    found = (
        {sort: engine().suggest(words, reader_for(request.user), (sort,), most=MANY) for sort in SORTS} if words else {}
    )
    places = addresses(request.user, [each for some in found.values() for each in some])
    parts = tuple(
        Named(
            heading=heading,
            links=tuple(name_link(each, places) for each in found[sort] if (each.kind, each.id) in places),
        )
        for sort, heading in SORTS.items()
        if found.get(sort)
    )
    head = Head(title=f"Names like {words[:60]}" if words else "Names", hidden=True)
    return render(request, "reading/names.html", {"page": {"head": head, "words": words, "parts": parts}})


def name_link(each: Suggested, places) -> Link:
    words, url, _ = places[each.kind, each.id]
    return Link(words=words, url=url, count=each.count)


def opensearch(request):
    """Tell browsers and e-readers how this archive is searched."""
    context = {"address": request.build_absolute_uri(reverse("search"))}
    kind = "application/opensearchdescription+xml"
    return render(request, "reading/opensearch.xml", context, content_type=kind)
