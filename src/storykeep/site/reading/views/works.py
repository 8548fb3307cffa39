"""Lists of works, each with the same panel: search, newest, updated, tags, people, series."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from storykeep.site.reading import cards, counted, listings
from storykeep.site.reading.deep import advice, onward
from storykeep.site.reading.listings import Listing
from storykeep.site.reading.loosening import loosened
from storykeep.site.reading.pages import (
    Alternate,
    Favourite,
    Head,
    Link,
    ListPage,
    Paging,
    PersonPage,
    Results,
    interviews,
)
from storykeep.site.reading.panel import Place, count_ahead, panel
from storykeep.site.reading.queries import interview_of
from storykeep.site.reading.reading_log import states
from storykeep.site.reading.series_order import in_reading_order
from storykeep.site.reading.views.more import more
from storykeep.site.search import narrowing
from storykeep.site.search.asking import Answer, Answered, answer
from storykeep.site.search.naming import used
from storykeep.site.search.narrowing import Narrowing
from storykeep.site.tags.favourites import is_favourite
from storykeep.site.works import queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list as one reader has narrowed it: what was asked, what was found."""

    listing: Listing
    place: Place
    chosen: Narrowing
    answer: Answer


# ── the lists
def newest(request):
    return works_page(request, listings.newest())


def updated(request):
    return works_page(request, listings.updated())


def search(request):
    return works_page(request, listings.everything(), "reading/search.html")


def tag(request, kind: str, slug: str):
    found = queries.tag_page(kind, slug)
    if not found:
        raise Http404
    if (found.kind.key, found.slug) != (kind, slug):
        return moved(found)
    if not used(request.user, [found.pk]) and not queries.is_archivist(request.user):
        raise Http404
    return works_page(
        request,
        replace(
            listings.tagged(found),
            related=listings.related_tags(request.user, found),
            favourite=favourite(request.user, found),
        ),
        never=("tag", narrowing.token_of(found)),
    )


def favourite(user, tag) -> Favourite | None:
    """Return where a member keeps ``tag`` as a favourite; None for visitors."""
    if not user.is_authenticated:
        return None
    url = reverse("favourite-tag", args=[tag.kind.key, tag.slug])
    return Favourite(url=url, kept=is_favourite(user, tag))


def moved(tag):
    """Lead from a synonym's or an earlier address to the tag. Wranglers may undo it, so no browser keeps it."""
    answer = redirect("tag", tag.kind.key, tag.slug, permanent=True)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def series(request, ref: str, slug: str):
    found = queries.series_page(request.user, ref)
    if not found:
        raise Http404
    if slug != found.slug:
        return redirect(found, permanent=True)
    return works_page(request, replace(listings.in_series(found), related=listings.broader_series(found)))


def person(request, slug: str):
    found = queries.person_page(request.user, slug)
    if not found:
        raise Http404
    return works_page(request, listings.by(found), "reading/person.html", person=found, never=("person", found.slug))


# ── the page
def works_page(request, listing: Listing, template: str = "reading/list.html", *, person=None, never=("", "")):
    """Answer with the list as the address narrows it; an address of a form leads to the short one."""
    chosen = narrowing.read(request.GET, request.user)
    if listing.within.people:
        chosen = replace(chosen, people=())
    if "go" in request.GET:
        return HttpResponseRedirect(narrowing.address(listing.path, replace(chosen, page=1)))
    listed = narrowed(request.user, listing, chosen)
    if listed.answer.total and not listed.answer.works and chosen.page > listed.answer.pages:
        return redirect(narrowing.address(listing.path, replace(chosen, page=listed.answer.pages)))
    if "more" in request.GET:
        return more(request, listed)
    page = list_page(request, listed, never)
    context = {"page": page, "person": person and person_part(request, person, page)}
    return render(request, template, context)


def narrowed(user, listing: Listing, chosen: Narrowing) -> Listed:
    """Return ``listing`` as ``chosen`` narrows it for ``user``. Feeds and saved searches ask here, too."""
    place = Place(
        path=listing.path,
        chosen=chosen,
        within=listing.within,
        usual=listing.usual,
        orders=listing.own_orders,
        box=listing.path != reverse("search"),
    )
    if listing.series and not chosen.order and not chosen.words:
        found = in_reading_order(user, listing.series, chosen, listing.within)
    else:
        found = answer(user, chosen, listing.within, listing.usual, ahead=count_ahead)
    return Listed(listing=listing, place=place, chosen=chosen, answer=found)


def list_page(request, listed: Listed, never: tuple[str, str]) -> ListPage:
    listing, chosen = listed.listing, listed.chosen
    return ListPage(
        head=head(request, listed),
        heading=listing.heading,
        lead=listing.lead,
        eyebrow=listing.eyebrow,
        intro=listing.intro,
        related=listing.related,
        favourite=listing.favourite,
        results=results(request, listed),
        panel=panel(listed.place, listed.answer),
        words=chosen.words,
        feed=feed_of(listed).url,
        save=f"{reverse('saved-search-new')}?of={quoted(listed)}" if request.user.is_authenticated else "",
        never=f"{reverse('never-ask')}?{never[0]}={never[1]}" if never[0] and request.user.is_authenticated else "",
    )


def quoted(listed: Listed) -> str:
    from urllib.parse import quote  # noqa: PLC0415

    return quote(narrowing.address(listed.listing.path, replace(listed.chosen, page=1)), safe="")


def head(request, listed: Listed) -> Head:
    chosen, listing = listed.chosen, listed.listing
    title = listing.heading
    if listing.path == reverse("search") and chosen.words:
        title = f"Search: {chosen.words[:60]}"
    address = narrowing.address(listing.path, chosen)
    hidden = not chosen.empty or chosen.order is not None
    return Head(
        title=title,
        canonical=request.build_absolute_uri(address),
        description=listing.description,
        hidden=hidden,
        alternates=(feed_of(listed),),
        previous=page_address(listed, listed.answer.page - 1),
        next=page_address(listed, listed.answer.page + 1),
    )


def feed_of(listed: Listed) -> Alternate:
    address = narrowing.address(listed.listing.path, replace(listed.chosen, page=1, order=None))
    return Alternate(
        url=f"/feed{address}", media_type="application/atom+xml", label=f"{listed.listing.heading}: new works"
    )


def results(request, listed: Listed) -> Results:
    answer = listed.answer
    works = [each.work for each in answer.works]
    log, numbers = states(request.user, works), counted.by(answer.question.order, works)
    return Results(
        total=answer.total,
        said=said(answer),
        understood=answer.said,
        remarks=(*listed.chosen.remarks, *answer.remarks, *unfinished(listed)),
        entries=tuple(entry(each, log, numbers, listed) for each in answer.works),
        paging=paging(listed),
        loosened=() if answer.total else loosened(listed.place, answer),
    )


def unfinished(listed: Listed) -> tuple[str, ...]:
    """Return what a reader should know of an answer that is not the whole truth."""
    building = "The search is being made anew just now; more may be found in a while."
    return tuple(filter(None, ("" if listed.answer.whole else building, advice(listed.place, listed.answer))))


def said(answer: Answer) -> str:
    return {0: "Nothing found", 1: "One work"}.get(answer.total, f"{answer.total:,} works")


def entry(found: Answered, log: dict[int, str], numbers: dict[int, str], listed: Listed):
    """Return a hit; where its words stand in a later chapter, its title leads there."""
    chapter = found.chapter if found.snippet else None
    more = {"snippets": filter(None, [found.snippet]), "log": log.get(found.work.pk, "")}
    more["number"] = numbers.get(found.work.pk, "")
    if chapter and chapter.place > 1:
        url = reverse("chapter", args=[found.work.ref, found.work.slug, chapter.place])
        words = ": ".join(part for part in cards.heading(chapter, alone=False) if part)
        return cards.entry(found.work, part=words, url=url, **more)
    position = getattr(found.work, "position", None) if listed.listing.series else None
    return cards.entry(found.work, part=f"Part {position}" if position else "", **more)


def paging(listed: Listed) -> Paging | None:
    answer = listed.answer
    if answer.pages <= 1:
        return None
    words, address = onward(listed.place, answer)
    return Paging(
        number=answer.page,
        of=answer.pages,
        earlier=page_address(listed, answer.page - 1),
        later=address or page_address(listed, answer.page + 1),
        onward=words,
    )


def page_address(listed: Listed, number: int) -> str:
    if not 1 <= number <= listed.answer.pages:
        return ""
    return narrowing.address(listed.listing.path, replace(listed.chosen, page=number))


# ── people
def person_part(request, found, page: ListPage) -> PersonPage:
    return PersonPage(
        head=person_head(request, found, page),
        slug=found.slug,
        name=found.name,
        unclaimed=found.account_id is None,
        other_names=tuple(each.name for each in found.pen_names.all() if each.name != found.name),
        bio=found.bio,
        sites=tuple(
            Link(words=cards.site_name(site), url=site) for site in map(cards.web_address, found.sites) if site
        ),
        interview=interviews(interview_of(found)),
    )


def person_head(request, found, page: ListPage) -> Head:
    address = request.build_absolute_uri(found.get_absolute_url())
    return replace(
        page.head,
        description=cards.sentence(found.bio) or f"{page.results.said} by {found.name}.",
        graph=(("og:type", "profile"),),
        data={"@context": "https://schema.org", "@type": "Person", "name": found.name, "url": address},
    )
