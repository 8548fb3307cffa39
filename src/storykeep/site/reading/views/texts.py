"""The archive's own texts: news, rules, about."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse

from storykeep.exports import dates
from storykeep.site.base.models import SitePage, SitePageKind
from storykeep.site.reading import cards
from storykeep.site.reading.pages import Head, Link, NewsPage, TextPage
from storykeep.site.reading.views.lists import here, paging

PER_PAGE = 10


def news(request):
    found = Paginator(shown_pages(SitePageKind.NEWS), PER_PAGE).get_page(request.GET.get("page"))
    page = NewsPage(
        head=Head(title="News", canonical=here(request, found.number)),
        news=tuple(text_page(request, row) for row in found),
        paging=paging(request, found),
    )
    return render(request, "reading/news.html", {"page": page})


def page(request, ref: str, slug: str):
    row = SitePage.objects.filter(ref=ref, shown=True).exclude(kind=SitePageKind.FOOTER).first()
    if not row:
        raise Http404
    if request.path != page_url(row):
        return redirect(page_url(row), permanent=True)
    return render(request, "reading/text.html", {"page": text_page(request, row)})


def shown_pages(*kinds: SitePageKind):
    return SitePage.objects.filter(kind__in=kinds, shown=True).order_by("-date", "place", "id")


def page_url(row) -> str:
    name = "news-item" if row.kind == SitePageKind.NEWS else "page"
    return reverse(name, args=[row.ref, row.slug or "page"])


def mark(request):
    """Lead browsers that ask at the old place to the archive's mark."""
    return redirect(static("storykeep/mark.svg"), permanent=False)


def text_page(request, row) -> TextPage:
    is_news = row.kind == SitePageKind.NEWS
    title = row.title or row.get_kind_display()
    return TextPage(
        head=Head(
            title=title, canonical=request.build_absolute_uri(page_url(row)), description=cards.sentence(row.body)
        ),
        title=title,
        body=row.body,
        url=page_url(row),
        date=dates.in_words(row.date),
        iso=dates.known(row.date),
        eyebrow=Link(words="News", url=reverse("news")) if is_news else None,
    )
