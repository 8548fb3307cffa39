"""What every template may use: ``archive``, and the texts at the foot of every page."""

from __future__ import annotations

from django.utils.functional import SimpleLazyObject

from storykeep.site.base.models import Archive, SitePage, SitePageKind


def archive(request) -> dict[str, object]:
    """Return ``archive`` (the row) and ``footers`` (SitePage rows); each is read only when a template uses it."""
    return {"archive": SimpleLazyObject(Archive.current), "footers": SimpleLazyObject(footers)}


def footers() -> list[SitePage]:
    return list(SitePage.objects.filter(kind=SitePageKind.FOOTER, shown=True))
