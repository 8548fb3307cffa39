"""Search: one box over titles, authors, summaries and texts."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse

from storykeep.site.reading import cards
from storykeep.site.reading.pages import Entry, Head, Link, Paging, SearchPage
from storykeep.site.reading.views.lists import numbered
from storykeep.site.search.asking import Answer, Answered, ask
from storykeep.site.search.contract import Order

LONGEST = 2000  # characters of a question; what is longer is cut
ORDERS = {Order.BEST: "Best first", Order.NEWEST: "Newest", Order.LONGEST: "Longest", Order.SHORTEST: "Shortest"}


def search(request):
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    order = chosen_order(request.GET.get("order", ""))
    answer = ask(request.user, query, page=chosen_page(request.GET.get("page", "")), order=order)
    page = SearchPage(
        head=head(request, query),
        query=query,
        entries=tuple(map(entry, answer.works)),
        said=said(answer),
        understood=answer.said,
        remarks=answer.remarks,
        orders=orders(request, order) if answer.total > 1 else (),
        paging=paging(request, answer),
    )
    return render(request, "reading/search.html", {"page": page})


def opensearch(request):
    """Tell browsers and e-readers how this archive is searched."""
    context = {"address": request.build_absolute_uri(reverse("search"))}
    kind = "application/opensearchdescription+xml"
    return render(request, "reading/opensearch.xml", context, content_type=kind)


def head(request, query: str) -> Head:
    title = f"Search: {query[:60]}" if query else "Search"
    return Head(title=title, canonical=request.build_absolute_uri(reverse("search")), hidden=bool(query))


def chosen_order(asked: str) -> Order:
    return Order(asked) if asked in set(Order) else Order.BEST


def chosen_page(asked: str) -> int:
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1  # noqa: PLR2004 — digits


def entry(found: Answered) -> Entry:
    """Return a hit; where its words stand in a later chapter, its title leads there."""
    chapter = found.chapter if found.snippet else None
    if not chapter or chapter.place <= 1:
        return cards.entry(found.work, snippets=filter(None, [found.snippet]))
    url = reverse("chapter", args=[found.work.ref, found.work.slug, chapter.place])
    words = ": ".join(part for part in cards.heading(chapter, alone=False) if part)
    return cards.entry(found.work, part=words, url=url, snippets=[found.snippet])


def said(answer: Answer) -> str:
    if answer.empty:
        return ""
    count = {0: "Nothing found", 1: "One work"}.get(answer.total, f"{answer.total:,} works")
    return f"{count}."


def orders(request, chosen: Order) -> tuple[Link, ...]:
    return tuple(
        Link(words=words, url=ordered(request, order), here=order is chosen) for order, words in ORDERS.items()
    )


def ordered(request, order: Order) -> str:
    query = request.GET.copy()
    query["order"] = order.value
    query.pop("page", None)
    return f"{request.path}?{query.urlencode()}"


def paging(request, answer: Answer) -> Paging | None:
    if answer.pages <= 1:
        return None
    return Paging(
        number=answer.page,
        of=answer.pages,
        earlier=numbered(request, answer.page - 1) if answer.page > 1 else "",
        later=numbered(request, answer.page + 1) if answer.page < answer.pages else "",
    )
