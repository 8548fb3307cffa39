"""Old links keep working: an address of the old site leads to where its page is now, for ever (301).

It looks only where nothing else answers, so that it costs living pages nothing. What nobody knows becomes a page
that says so, with status 404, and searches for the words in the address.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponsePermanentRedirect
from django.template.loader import render_to_string

from storykeep.site.base.errors import not_found
from storykeep.site.search.asking import ask
from storykeep.site.settings import LOCAL_HOSTS
from storykeep.site.works import queries
from storykeep.site.works.addresses import host_of, normal, normal_path, words_in
from storykeep.site.works.models import OldAddress
from storykeep.site.works.old_addresses import found_at
from storykeep.sources.folder.addresses import from_name

OLD_LOOK = re.compile(
    r"\.(?:s?html?|xhtml|php\d?|aspx?|cgi|pl|cfm|jsp|txt)$|/~|^/(?:s|viewstory|fic|archive)/", re.IGNORECASE
)
OURS = re.compile(r"/works/(?P<ref>[^/.]+)|/authors/(?P<slug>[^/]+)$")
NOT_FOUND = 404
LONGEST = 2000  # characters of a path or a query that are looked at
SAFE = frozenset(("GET", "HEAD"))


class OldLinksMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path:  # no database looks for that, and no address ever held it
            return not_found(request)
        if request.method in SAFE and is_elsewhere(request):
            return self.led(request) or HttpResponsePermanentRedirect(settings.HOUSE.origin + request.get_full_path())
        if request.path == "/" and request.META.get("QUERY_STRING"):  # /?sid=12 and its like
            return self.led(request) or self.get_response(request)
        response = self.get_response(request)
        if response.status_code != NOT_FOUND or request.method not in SAFE or is_ours(request):
            return response
        return self.led(request) or lost(request, response)

    def led(self, request):
        """Return the way to what the address meant, when this reader may see it."""
        target = target_for(request.user, found(request)) or moved(request.user, request.path) or front(request)
        home = settings.HOUSE.origin if is_elsewhere(request) else ""
        return HttpResponsePermanentRedirect(home + target) if target else None


def moved(user, path: str) -> str:
    """Return where a work or a person of this archive is now, when an archivist has brought two together."""
    match = OURS.match(path)
    if not match:
        return ""
    now = queries.led_to(user, match["ref"]) if match["ref"] else queries.person_now(user, match["slug"])
    return now.get_absolute_url() if now else ""


def front(request) -> str:
    """Return our first page for a path that tells of the first page of a site that came in here."""
    host, path = told(request)
    return "/" if host and path == "/" and OldAddress.objects.filter(host=host).exists() else ""


def is_elsewhere(request) -> bool:
    """Whether the reader came by another name of this archive, such as its old one; pages have one home."""
    home = host_of(urlsplit(settings.HOUSE.origin).netloc)
    return bool(home) and host_of(request.get_host()) not in {home, *map(host_of, LOCAL_HOSTS)}


def is_ours(request) -> bool:
    return request.path.startswith(("/static/", "/account/", "/desk"))


def found(request):
    """Return what is known at the address: as it stands, or as a saving tool or the Wayback Machine bent it."""
    here = host_of(request.get_host())
    for host, path in dict.fromkeys((asked(request), told(request))):
        if path != "/" and (row := found_at(host or here, path)):
            return row
    return None


def asked(request) -> tuple[str, str]:
    return host_of(request.get_host()), normal_path(request.path, query_of(request))


def told(request) -> tuple[str, str]:
    """Return the address that a path like ``/web/2005…id_/http://host/page`` or ``/host/page@id=5.html`` tells of."""
    path, query = request.path[:LONGEST], query_of(request)
    name = f"{path}index.html" if path.endswith("/") else path
    return normal(from_name(name + (f"?{query}" if query else "")).address)


def query_of(request) -> str:
    return request.META.get("QUERY_STRING", "")[:LONGEST]


def target_for(user, row) -> str:
    """Return the address of what an old address leads to; "" when there is nothing that ``user`` may see."""
    if row is None:
        return ""
    if row.work_id:
        work = queries.readable_by(user).filter(pk=row.work_id).first()
        if work is None:
            led = queries.led_to(user, row.work.ref)
            return led.get_absolute_url() if led else ""
        return (row.chapter or work).get_absolute_url()
    if row.person_id:
        person = row.person.lead
        return person.get_absolute_url() if queries.person_page(user, person.slug) else ""
    if row.series_id:
        return row.series.get_absolute_url() if queries.series_page(user, row.series.ref) else ""
    return row.page.get_absolute_url() if row.page_id and row.page.shown else ""


def lost(request, response):
    """Say that nothing is known of an address that looks like the old site's, and what may have been meant."""
    if not (OLD_LOOK.search(request.path) or request.META.get("QUERY_STRING")):
        return response
    words = words_in(told(request)[1])[:200]
    answer = meant(request.user, words) if words else None
    known = {"words": words, "answer": answer, "status": 404, "sentence": "This page of the old archive is not here."}
    response.content = render_to_string("search/lost.html", known, request)
    return response


def meant(user, words: str):
    """Return the works that have all these words; where there are none, those that have some of them in the title."""
    either = words.replace(" ", " OR ")
    answer = ask(user, words)
    return answer if answer.works else ask(user, f"title:({either}) OR author:({either})")
