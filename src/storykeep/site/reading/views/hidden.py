"""A work that a member asked never to be shown, opened at its address: why it is hidden, and a way to it."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse

from storykeep.site.reading.pages import Head, Link
from storykeep.site.search.avoiding import NOTHING, avoided_by
from storykeep.site.tags.models import Tag
from storykeep.site.tags.queries import ids_over
from storykeep.site.works.models import Person, Work

REMEMBERED = 50  # works that were opened all the same, in this session
SESSION = "shown-anyway"


def hidden_from(request, work: Work):
    """Return the page that says why ``work`` is hidden, or None when it may be shown. No query for most readers."""
    avoids = avoided_by(request.user)
    if avoids == NOTHING or work.ref in request.session.get(SESSION, ()):
        return None
    why = reasons(work, avoids)
    if not why:
        return None
    if "anyway" in request.GET:
        request.session[SESSION] = [*request.session.get(SESSION, ()), work.ref][-REMEMBERED:]
        return None
    page = {
        "head": Head(title="Hidden at your wish", hidden=True),
        "title": str(work),
        "why": why,
        "anyway": f"{request.path}?anyway=1",
        "never": reverse("never"),
    }
    return render(request, "reading/hidden.html", {"page": page})


def reasons(work: Work, avoids) -> tuple[Link, ...]:
    """Return what of ``work`` is avoided. At most 3 queries."""
    found = [Link(words="This work itself")] if work.pk in avoids.works else []
    people = {credit.person_id for credit in work.credits.all()} & set(avoids.people)
    found += [Link(words=row.name, url=row.get_absolute_url()) for row in Person.objects.filter(pk__in=people)]
    over = ids_over(each.tag_id for each in work.shown_tags) if avoids.tags else {}
    tags = {tag for ids in over.values() for tag in ids} & set(avoids.tags)
    rows = Tag.objects.filter(pk__in=tags).select_related("kind")
    return tuple(found + [Link(words=row.name, url=row.get_absolute_url()) for row in rows])
