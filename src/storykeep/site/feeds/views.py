"""Lists of works as Atom feeds, newest in the archive first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import render
from django.utils.http import quote_etag
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from storykeep.model.identity import sha256
from storykeep.site.base.models import Archive
from storykeep.site.feeds.digests import account_of
from storykeep.site.reading import cards
from storykeep.site.reading.pages import Head
from storykeep.site.reading.saved_searches import Found, at, newest_of
from storykeep.site.search.models import Mailed, SavedSearch
from storykeep.site.works.models import Work

MOST = 30
NEVER = "1970-01-01T00:00:00+00:00"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ATOM = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One work in a feed. ``summary`` is HTML; ``updated`` and ``published`` are RFC 3339."""

    id: str
    title: str
    url: str
    names: tuple[str, ...]
    summary: str
    facts: str
    tags: tuple[str, ...]
    updated: str
    published: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    id: str
    title: str
    said: str
    page: str
    own: str
    updated: str
    items: tuple[Item, ...]


@require_safe
@cache_control(public=True, max_age=600)
def feed(request, of: str):
    """Answer with the list at ``/of`` as strangers see it: a feed reader signs in nowhere."""
    return answered(request, AnonymousUser(), f"/{of}?{request.META.get('QUERY_STRING', '')}")


@never_cache
def digest_off(request, token: str):
    """Ask once, then send no more letters about saved searches; whoever has the letter may do so without signing in."""
    account = account_of(token)
    if not account:
        raise Http404
    if request.method == "POST":
        SavedSearch.objects.filter(account=account).update(mail=Mailed.NEVER)
    page = {"head": Head(title="Letters about what is new", hidden=True), "done": request.method == "POST"}
    return render(request, "feeds/digest_off.html", {"page": page})


@require_safe
@cache_control(private=True, max_age=600)
def saved(request, token: str):
    """Answer with a saved search as its owner sees it. Whoever knows the address may read it."""
    row = SavedSearch.objects.filter(token=token, account__is_active=True).select_related("account").first()
    if not row:
        raise Http404
    answer = answered(request, row.account, row.address, row.name)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def answered(request, user, address: str, name: str = ""):
    found = at(user, address)
    if not found:
        raise Http404
    page = feed_of(request, user, found, name)
    answer = render(request, "feeds/feed.xml", {"feed": page, "archive": Archive.current()}, content_type=ATOM)
    items = sha256(" ".join(item.id for item in page.items).encode())[:16]
    answer["ETag"] = quote_etag(f"{page.updated}-{len(page.items)}-{items}")
    return answer


def feed_of(request, user, found: Found, name: str) -> Feed:
    works = [each.work for each in newest_of(user, found, MOST).works]
    items = tuple(item(request, work) for work in works)
    return Feed(
        id=request.build_absolute_uri(request.get_full_path()),
        title=plain(name or found.name),
        said=plain(found.said),
        page=request.build_absolute_uri(found.address),
        own=request.build_absolute_uri(request.get_full_path()),
        updated=max((each.updated for each in items), default=NEVER),
        items=items,
    )


def item(request, work: Work) -> Item:
    return Item(
        id=request.build_absolute_uri(f"/works/{work.ref}"),
        title=plain(str(work)),
        url=request.build_absolute_uri(work.get_absolute_url()),
        names=tuple(plain(credit.name) for credit in work.author_credits) or ("unknown",),
        summary=plain(work.summary),
        facts=" · ".join(cards.facts(work)),
        tags=tuple(plain(each.tag.name) for each in cards.browsable(work.shown_tags)),
        updated=work.changed_at.isoformat(timespec="seconds"),
        published=work.added_at.isoformat(timespec="seconds"),
        language=cards.language_tag(work.language),
    )


def plain(words: str) -> str:
    """Return ``words`` without what XML may not hold."""
    return NOT_XML.sub("", words)
