"""What crawlers are asked: requests, not walls. What nobody may read is not shown to them at all."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storykeep.site.base.models import Archive, Crawlers

# Costly, endless or personal pages, and pages that show the same text again.
CLOSED = (
    "/search", "/random", "/account/", "/desk", "/works/*/print", "/works/*/plain", "/works/*/saved", "/works/*.",
    "/feed", "/never", "/reading-log",
    *(f"/*?*{name}=" for name in ("with", "not", "lang", "words", "complete", "crossover", "order", "more")),
)  # fmt: skip


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request):
    return HttpResponse(rules(Archive.current().crawlers, sitemap(request)), content_type="text/plain; charset=utf-8")


def rules(policy: str, sitemap_url: str = "") -> str:
    """Return robots.txt for an archive with this policy."""
    if policy == Crawlers.NONE:
        return "User-agent: *\nDisallow: /\n"
    refused = (
        "".join(f"User-agent: {name}\n" for name in named()) + "Disallow: /\n\n" if policy != Crawlers.OPEN else ""
    )
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    return f"{refused}User-agent: *\n{closed}" + (f"\nSitemap: {sitemap_url}\n" if sitemap_url else "")


@cache
def named() -> tuple[str, ...]:
    lines = Path(__file__).with_name("crawlers.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def sitemap(request) -> str:
    try:
        return request.build_absolute_uri(reverse("sitemap"))
    except NoReverseMatch:  # an installation without works
        return ""


@require_safe
@cache_control(public=True, max_age=3600)
def text_mining(request):
    """Reserve the right of text and data mining (TDMRep), unless the archive is open to everybody."""
    reserved = Archive.current().crawlers != Crawlers.OPEN
    return JsonResponse([{"location": "/", "tdm-reservation": int(reserved)}], safe=False)
