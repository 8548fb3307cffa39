"""The first page, and every list: newest, titles, authors, series, tags."""

from __future__ import annotations

from itertools import groupby
from secrets import randbelow
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from storykeep.exports import dates
from storykeep.site.base.models import Archive, SitePage, SitePageKind
from storykeep.site.reading import cards
from storykeep.site.reading.pages import (
    BrowsePage,
    Head,
    HomePage,
    IndexLine,
    IndexPage,
    KindOfTags,
    Lettered,
    Link,
    ListPage,
    NewsLine,
    Paging,
    PersonPage,
    Question,
    Related,
)
from storykeep.site.works import queries

PER_PAGE = 30
WHOLE_INDEX = 600  # an index of up to so many lines stands on one page
SHOWN_TAGS = 12
HOME_KINDS = 4
NOT_LETTERS = "0-9"  # how "#" is written in an address
EXACT = 10_000  # so many words are counted exactly on the first page; more in thousands


class Index(NamedTuple):
    """A list from A to Z: the name of its address, its heading, and what one and many of its lines are."""

    name: str
    heading: str
    one: str
    many: str


TITLES = Index("titles", "Titles", "story", "stories")
AUTHORS = Index("authors", "Authors", "author", "authors")


# ── the first page
def home(request):
    works = queries.readable_by(request.user)
    authors = queries.people(request.user).count()
    page = HomePage(
        head=Head(title="", canonical=request.build_absolute_uri("/"), description=Archive.current().slogan),
        newest=cards.entries(queries.newest(request.user)[:8]),
        news=tuple(map(news_line, shown_pages(SitePageKind.NEWS)[:3])),
        kinds=tuple(kind_of_tags(kind, 6) for kind in queries.tag_kinds(request.user)[:HOME_KINDS]),
        pages=tuple(
            page_link(each) for each in shown_pages(SitePageKind.ABOUT, SitePageKind.POLICY, SitePageKind.LINKS)
        ),
        stories=works.count(),
        authors=authors,
        words=rounded_words(works),
        more=reverse("newest"),
    )
    return render(request, "reading/home.html", {"page": page})


def rounded_words(works) -> str:
    total = works.aggregate(total=Sum("words"))["total"] or 0
    return f"{total:,}" if total < EXACT else f"{round(total, -3):,}"


def shown_pages(*kinds: SitePageKind):
    return SitePage.objects.filter(kind__in=kinds, shown=True).order_by("-date", "place", "id")


def news_line(row) -> NewsLine:
    return NewsLine(title=row.title, url=page_url(row), date=dates.in_words(row.date), iso=dates.known(row.date))


def page_link(row) -> Link:
    return Link(words=row.title or row.get_kind_display(), url=page_url(row))


def page_url(row) -> str:
    name = "news-item" if row.kind == SitePageKind.NEWS else "page"
    return reverse(name, args=[row.ref, row.slug or "page"])


# ── works in order
def newest(request):
    return work_list(request, queries.newest(request.user), "Newest", "What came to the archive last.")


def updated(request):
    works = queries.recently_updated(request.user)
    return work_list(request, works, "Lately updated", "By the date that the works themselves bear.")


def work_list(request, works, heading: str, lead: str, **more):
    found = Paginator(works, PER_PAGE).get_page(request.GET.get("page"))
    page = ListPage(
        head=Head(title=heading, canonical=here(request, found.number), description=lead),
        heading=heading,
        lead=lead,
        entries=cards.entries(found.object_list),
        paging=paging(request, found),
        **more,
    )
    return render(request, "reading/list.html", {"page": page})


def paging(request, found) -> Paging | None:
    if found.paginator.num_pages == 1:
        return None
    return Paging(
        number=found.number,
        of=found.paginator.num_pages,
        earlier=numbered(request, found.number - 1) if found.has_previous() else "",
        later=numbered(request, found.number + 1) if found.has_next() else "",
    )


def numbered(request, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    if number == 1:
        del query["page"]
    return request.path + (f"?{query.urlencode()}" if query else "")


def here(request, number: int = 1) -> str:
    return request.build_absolute_uri(request.path + (f"?page={number}" if number > 1 else ""))


def random(request):
    works = queries.readable_by(request.user)
    count = works.count()
    if not count:
        return redirect("home")
    answer = HttpResponseRedirect(works.order_by("pk")[randbelow(count)].get_absolute_url())
    answer["Cache-Control"] = "no-store"
    return answer


# ── from A to Z
def titles(request, letter: str = ""):
    counted = queries.title_letters(request.user)
    chosen = chosen_letter(letter, counted)
    works = queries.titles(request.user, chosen)
    lines = [(work.letter, title_line(work)) for work in works]
    return index(request, lines, counted, chosen, TITLES)


def title_line(work) -> IndexLine:
    names = ", ".join(credit.name for credit in work.author_credits)
    return IndexLine(words=str(work), url=work.get_absolute_url(), after=names, lost=not work.title)


def authors(request, letter: str = ""):
    counted = queries.people_letters(request.user)
    chosen = chosen_letter(letter, counted)
    people = queries.people(request.user, chosen)
    lines = [
        (each.letter, IndexLine(words=each.name, url=each.get_absolute_url(), count=each.works_count))
        for each in people
    ]
    return index(request, lines, counted, chosen, AUTHORS)


def chosen_letter(asked: str, counted) -> str:
    """Return the letter whose part of the index is wanted; nothing when the whole index fits on one page."""
    known = [letter for letter, _ in counted]
    letter = "#" if asked == NOT_LETTERS else asked.upper()
    if asked and letter not in known:
        raise Http404
    if not asked and sum(count for _, count in counted) > WHOLE_INDEX:
        return next((each for each in known if each.isalpha()), known[0])
    return letter


def index(request, lines, counted, chosen: str, kind: Index):
    total = sum(count for _, count in counted)
    page = IndexPage(
        head=Head(title=f"{kind.heading}: {chosen}" if chosen else kind.heading, canonical=here(request)),
        heading=kind.heading,
        lead=f"{total:,} {kind.one if total == 1 else kind.many}, from A to Z" if total else "",
        letters=tuple(letter_link(kind.name, letter, chosen, total) for letter, _ in sorted(counted, key=numbers_last)),
        parts=parts(lines),
    )
    return render(request, "reading/index.html", {"page": page})


def numbers_last(counted) -> tuple[bool, str]:
    return not counted[0][:1].isalpha(), counted[0]


def letter_link(name: str, letter: str, chosen: str, total: int) -> Link:
    """Return the way to a letter: further down on this page, or on a page of its own."""
    if not chosen and total <= WHOLE_INDEX:
        return Link(words=letter, url=f"#letter-{anchor(letter)}")
    address = reverse(f"{name}-under", args=[NOT_LETTERS if letter == "#" else letter])
    return Link(words=letter, url=address, here=letter == chosen)


def anchor(letter: str) -> str:
    return NOT_LETTERS if letter == "#" else letter


def parts(lines) -> tuple[Lettered, ...]:
    """Return (letter, line) pairs grouped by letter, what is no letter last."""
    by_letter = {letter: tuple(line for _, line in group) for letter, group in groupby(lines, key=lambda pair: pair[0])}
    ordered = sorted(by_letter.items(), key=numbers_last)
    return tuple(Lettered(letter=letter or "#", links=found) for letter, found in ordered)


# ── people
def person(request, slug: str):
    found = queries.person_page(request.user, slug)
    if not found:
        raise Http404
    works = list(queries.works_by(request.user, found))
    page = PersonPage(
        head=person_head(request, found, works),
        slug=found.slug,
        name=found.name,
        unclaimed=found.account_id is None,
        other_names=tuple(each.name for each in found.pen_names.all() if each.name != found.name),
        bio=found.bio,
        sites=tuple(
            Link(words=cards.site_name(site), url=site) for site in map(cards.web_address, found.sites) if site
        ),
        interview=tuple(Question(question=each["question"], answer=each["answer"]) for each in found.interview),
        entries=cards.entries(works),
        lead=counted_works(len(works)),
    )
    return render(request, "reading/person.html", {"page": page})


def person_head(request, found, works) -> Head:
    address = here(request)
    return Head(
        title=found.name,
        canonical=address,
        description=cards.sentence(found.bio) or f"{counted_works(len(works))} by {found.name}.",
        graph=(("og:type", "profile"),),
        data={"@context": "https://schema.org", "@type": "Person", "name": found.name, "url": address},
    )


def counted_works(count: int) -> str:
    return "One work" if count == 1 else f"{count:,} works"


# ── series
def all_series(request):
    found = list(queries.all_series(request.user))
    lines = [(first_letter(each.sort_title), series_line(each)) for each in found]
    page = IndexPage(
        head=Head(title="Series", canonical=here(request)),
        heading="Series",
        lead="Works that belong together.",
        letters=(),
        parts=parts(lines),
        empty="No work here belongs to a series.",
    )
    return render(request, "reading/index.html", {"page": page})


def first_letter(words: str) -> str:
    return words[:1].upper() if words[:1].isalpha() else "#"


def series_line(row) -> IndexLine:
    return IndexLine(words=row.title, url=row.get_absolute_url(), count=row.works_count)


def series(request, ref: str, slug: str):
    found = queries.series_page(request.user, ref)
    if not found:
        raise Http404
    if slug != found.slug:
        return redirect(found, permanent=True)
    works = queries.works_in(request.user, found)
    shown = Paginator(works, PER_PAGE * 4).get_page(request.GET.get("page"))
    page = ListPage(
        head=Head(title=found.title, canonical=here(request, shown.number), description=cards.sentence(found.summary)),
        heading=found.title,
        eyebrow=Link(words="A series", url=reverse("all-series")),
        intro=found.summary,
        entries=tuple(cards.entry(work, part=f"Part {work.position}" if work.position else "") for work in shown),
        related=broader_series(found),
        paging=paging(request, shown),
    )
    return render(request, "reading/list.html", {"page": page})


def broader_series(found) -> tuple[Related, ...]:
    if not found.parent:
        return ()
    return (Related(label="Part of", links=(Link(words=found.parent.title, url=found.parent.get_absolute_url()),)),)


# ── tags
def browse(request):
    kinds = queries.tag_kinds(request.user)
    page = BrowsePage(
        head=Head(title="Subjects", canonical=here(request)),
        kinds=tuple(kind_of_tags(kind, SHOWN_TAGS * 2) for kind in kinds),
    )
    return render(request, "reading/browse.html", {"page": page})


def kind_of_tags(kind, most: int) -> KindOfTags:
    """Return a kind with its tags that find most; a short closed list keeps its own order."""
    tags = kind.tags if len(kind.tags) <= most else sorted(kind.tags, key=lambda each: -each.count)[:most]
    return KindOfTags(
        name=kind.kind.name,
        url=reverse("tags", args=[kind.kind.key]),
        tags=tuple(cards.tag_link(each.tag, each.count) for each in tags),
        more=len(kind.tags) - len(tags),
    )


def tags(request, kind: str):
    found = next((each for each in queries.tag_kinds(request.user) if each.kind.key == kind), None)
    if not found:
        raise Http404
    lines = [(first_letter(each.tag.folded), tag_line(each)) for each in found.tags]
    page = IndexPage(
        head=Head(title=found.kind.name, canonical=here(request)),
        heading=found.kind.name,
        lead="",
        letters=tag_letters(lines),
        parts=parts(lines),
        others=other_kinds(request, kind),
    )
    return render(request, "reading/index.html", {"page": page})


def tag_letters(lines) -> tuple[Link, ...]:
    if len(lines) < SHOWN_TAGS * 3:
        return ()
    return tuple(Link(words=part.letter, url=f"#letter-{anchor(part.letter)}") for part in parts(lines))


def tag_line(counted) -> IndexLine:
    link = cards.tag_link(counted.tag, counted.count)
    return IndexLine(words=link.words, url=link.url, count=link.count)


def other_kinds(request, kind: str) -> tuple[Link, ...]:
    return tuple(
        Link(words=each.kind.name, url=reverse("tags", args=[each.kind.key]), here=each.kind.key == kind)
        for each in queries.tag_kinds(request.user)
    )


def tag(request, kind: str, slug: str):
    found = queries.tag_page(kind, slug)
    if not found:
        raise Http404
    if (found.kind.key, found.slug) != (kind, slug):
        return moved(found)
    works = queries.works_tagged(request.user, found)
    if not works.exists() and not queries.is_archivist(request.user):
        raise Http404
    return work_list(
        request,
        works,
        found.name,
        "",
        eyebrow=Link(words=found.kind.name, url=reverse("tags", args=[kind])),
        related=related_tags(found),
    )


def moved(tag):
    """Lead from a synonym's or an earlier address to the tag. Wranglers may undo it, so no browser keeps it."""
    answer = redirect("tag", tag.kind.key, tag.slug, permanent=True)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def related_tags(found) -> tuple[Related, ...]:
    lines = (
        ("Part of", [cards.tag_link(each) for each in found.parents.select_related("kind")]),
        ("Narrower", [cards.tag_link(each) for each in found.children.select_related("kind")]),
        ("Also called", [Link(words=each.name) for each in found.synonyms.all()]),
    )
    return tuple(Related(label=label, links=tuple(links)) for label, links in lines if links)
