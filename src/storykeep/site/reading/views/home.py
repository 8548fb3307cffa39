"""The first page, and a work by chance."""

from __future__ import annotations

from secrets import randbelow

from django.db.models import Sum
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from storykeep.exports import dates
from storykeep.site.base.models import Archive, SitePageKind
from storykeep.site.reading import cards, kinds
from storykeep.site.reading.pages import Alternate, Head, HomePage, Link, NewsLine
from storykeep.site.reading.reading_log import states
from storykeep.site.reading.remembered import reader_alike, remembered
from storykeep.site.reading.views.texts import page_url, shown_pages
from storykeep.site.search.avoiding import shown_to
from storykeep.site.search.contract import Order, Question
from storykeep.site.search.readers import engine
from storykeep.site.tags.favourites import favourites_of
from storykeep.site.works import queries

NEW = Alternate(url="/feed/new", media_type="application/atom+xml", label="New in the archive")
HOME_KINDS = 4
HOME_TAGS = 6
HOME_WORKS = 8
EXACT = 10_000  # so many words are counted exactly; more in thousands


def home(request):
    works, reader = shown_to(request.user), reader_alike(request.user)
    total, newest = newest_of(works, reader)
    log = states(request.user, newest)
    page = HomePage(
        head=Head(
            title="", canonical=request.build_absolute_uri("/"), description=Archive.current().slogan, alternates=(NEW,)
        ),
        newest=tuple(cards.entry(work, log=log.get(work.pk, "")) for work in newest),
        news=tuple(map(news_line, shown_pages(SitePageKind.NEWS)[:3])),
        kinds=kinds.counted_kinds(request.user, HOME_TAGS)[:HOME_KINDS],
        favourites=tuple(map(cards.tag_link, favourites_of(request.user))),
        pages=tuple(
            page_link(each) for each in shown_pages(SitePageKind.ABOUT, SitePageKind.POLICY, SitePageKind.LINKS)
        ),
        stories=total,
        authors=remembered("authors", reader, total, queries.authors_of(works).count),
        words=remembered("words", reader, total, lambda: rounded_words(works)),
        more=reverse("newest"),
        waiting=not newest and not request.user.is_authenticated and queries.any_for_members(),
    )
    return render(request, "reading/home.html", {"page": page})


def newest_of(works, reader) -> tuple[int, list]:
    """Return how many works there are, and the newest: the engine knows them without sorting all of them."""
    found = engine().search(Question(reader=reader, order=Order.NEWEST, most=HOME_WORKS))
    rows = queries.listing(works)
    if not found.whole:
        return found.total, list(rows.order_by("-added_at", "-id")[:HOME_WORKS])
    there = rows.in_bulk([hit.id for hit in found.hits])
    return found.total, [there[hit.id] for hit in found.hits if hit.id in there]


def rounded_words(works) -> str:
    total = works.aggregate(total=Sum("words"))["total"] or 0
    return f"{total:,}" if total < EXACT else f"{round(total, -3):,}"


def news_line(row) -> NewsLine:
    return NewsLine(title=row.title, url=page_url(row), date=dates.in_words(row.date), iso=dates.known(row.date))


def page_link(row) -> Link:
    return Link(words=row.title or row.get_kind_display(), url=page_url(row))


def random(request):
    """Lead to a work by chance, never to one that the reader avoids."""
    works = shown_to(request.user)
    count = works.count()
    if not count:
        return redirect("home")
    answer = HttpResponseRedirect(works.order_by("pk")[randbelow(count)].get_absolute_url())
    answer["Cache-Control"] = "no-store"
    return answer
