"""The map of the site for search engines: every work, author and series that everybody may see."""

from __future__ import annotations

from xml.sax.saxutils import escape

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storykeep.site.base.models import Archive, Crawlers
from storykeep.site.works.models import Person, Series
from storykeep.site.works.queries import authors_of, readable_by, series_of

PER_FILE = 10_000  # addresses; the format allows 50,000
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NAMES = {"people": (Person, authors_of), "series": (Series, series_of)}


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request):
    """Name the parts of the map."""
    if Archive.current().crawlers == Crawlers.NONE:
        raise Http404
    count = -(-readable_by(AnonymousUser()).count() // PER_FILE)
    parts = [reverse("sitemap-part", args=[part]) for part in range(1, count + 1)]
    parts += [reverse("sitemap-names", args=[sort, part]) for sort in NAMES for part in parts_of(sort)]
    lines = "".join(f"<sitemap>{location(request, part)}</sitemap>\n" for part in parts)
    return xml(f'<sitemapindex xmlns="{SPACE}">\n{lines}</sitemapindex>')


def parts_of(sort: str) -> range:
    """Return the numbers of the parts that list names of one sort: each covers a range of ids, so that none moves."""
    model, _ = NAMES[sort]
    return range(1, -(-(model.objects.aggregate(last=Max("pk"))["last"] or 0) // PER_FILE) + 1)


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_part(request, part: int):
    """List a part of the works."""
    if Archive.current().crawlers == Crawlers.NONE or part < 1:
        raise Http404
    return xml(urlset(request, works(part)))


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_names(request, sort: str, part: int):
    """List a part of the people, or of the series."""
    if Archive.current().crawlers == Crawlers.NONE or sort not in NAMES or part not in parts_of(sort):
        raise Http404
    _, seen_in = NAMES[sort]
    rows = seen_in(readable_by(AnonymousUser())).filter(pk__gt=(part - 1) * PER_FILE, pk__lte=part * PER_FILE)
    return xml(urlset(request, [(row.get_absolute_url(), "") for row in rows.order_by("pk")]))


def works(part: int):
    found = readable_by(AnonymousUser()).order_by("pk").only("ref", "title", "changed_at")
    rows = list(found[(part - 1) * PER_FILE : part * PER_FILE])
    if not rows:
        raise Http404
    return [(work.get_absolute_url(), work.changed_at.date().isoformat()) for work in rows]


def urlset(request, pages) -> str:
    lines = [
        f"<url>{location(request, path)}{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n" for path, day in pages
    ]
    return f'<urlset xmlns="{SPACE}">\n{"".join(lines)}</urlset>'


def location(request, path: str) -> str:
    return f"<loc>{escape(request.build_absolute_uri(path))}</loc>"


def xml(text: str) -> HttpResponse:
    return HttpResponse(HEAD + text + "\n", content_type="application/xml; charset=utf-8")
