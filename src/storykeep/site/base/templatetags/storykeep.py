"""What the frame of every page needs from the database, and data for machines."""

from __future__ import annotations

import json
import re

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from storykeep.site.base.models import SitePage, SitePageKind

register = template.Library()
TEXTS = (SitePageKind.ABOUT, SitePageKind.POLICY, SitePageKind.LINKS, SitePageKind.OTHER)
MOST_TEXTS = 8
STEERING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@register.filter
def unsteered(words: str) -> str:
    """Return ``words`` without the marks that turn the direction of what follows: a title bar can't isolate them."""
    return str(words).translate(STEERING)


@register.filter
def breakable(address: str) -> str:
    """Return an address that a narrow page without a style sheet can break: after each slash and hyphen."""
    pieces = re.findall(r"[^/-]*[/-]?", str(address))
    return mark_safe("<wbr>".join(escape(piece) for piece in pieces if piece))


@register.simple_tag
def archive_texts() -> list[tuple[str, str]]:
    """Return (words, address) of the archive's own pages, for the foot of every page."""
    rows = SitePage.objects.filter(kind__in=TEXTS, shown=True).order_by("place", "id")[:MOST_TEXTS]
    return [(row.title or row.get_kind_display(), reverse("page", args=[row.ref, row.slug or "page"])) for row in rows]


@register.simple_tag
def data_block(data: dict) -> str:
    """Return ``data`` as JSON-LD. It is no script: no browser runs it, and no tag can begin in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(safe))
