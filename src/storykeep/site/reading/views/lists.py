"""The indexes: titles, authors and series from A to Z, and the tags of a kind."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from storykeep.site.reading import cards, queries
from storykeep.site.reading.kinds import counted_kinds, kinds_to_browse
from storykeep.site.reading.pages import BrowsePage, Head, IndexLine, IndexPage, Lettered, Link, Paging
from storykeep.site.tags.favourites import favourites_of

PER_PAGE = 300  # lines of an index under one letter
WHOLE_INDEX = 600  # an index of up to so many lines stands on one page
SHOWN_TAGS = 24
LETTERS_FROM = 36  # tags of a kind; fewer need no letters
NOT_LETTERS = "0-9"  # how "#" is written in an address


class Index(NamedTuple):
    """A list from A to Z: the name of its address, its heading, and what one and many of its lines are."""

    name: str
    heading: str
    one: str
    many: str


TITLES = Index("titles", "Titles", "story", "stories")
AUTHORS = Index("authors", "Authors", "author", "authors")


# ── from A to Z
def titles(request, letter: str = ""):
    counted = queries.title_letters(request.user)
    chosen = chosen_letter(letter, counted)
    found = paged(request, queries.titles(request.user, chosen), chosen)
    lines = [(work.letter, title_line(work)) for work in found]
    return index(request, lines, counted, chosen, TITLES, found)


def title_line(work) -> IndexLine:
    names = ", ".join(credit.name for credit in work.author_credits)
    return IndexLine(words=str(work), url=work.get_absolute_url(), after=names, lost=not work.title)


def authors(request, letter: str = ""):
    counted = queries.people_letters(request.user)
    chosen = chosen_letter(letter, counted)
    found = paged(request, queries.people(request.user, chosen), chosen)
    lines = [
        (each.letter, IndexLine(words=each.name, url=each.get_absolute_url(), count=each.works_count)) for each in found
    ]
    return index(request, lines, counted, chosen, AUTHORS, found)


def paged(request, rows, chosen: str):
    """Return the part of an index that this page shows: all of a short one, else so many lines of a letter."""
    return Paginator(rows, PER_PAGE if chosen else WHOLE_INDEX).get_page(request.GET.get("page"))


def chosen_letter(asked: str, counted) -> str:
    """Return the letter whose part of the index is wanted; nothing when the whole index fits on one page."""
    known = [letter for letter, _ in counted]
    letter = "#" if asked == NOT_LETTERS else asked.upper()
    if asked and letter not in known:
        raise Http404
    if not asked and sum(count for _, count in counted) > WHOLE_INDEX:
        return next((each for each in known if each.isalpha()), known[0])
    return letter


def index(request, lines, counted, chosen: str, kind: Index, found):  # noqa: PLR0913, PLR0917 — one page's parts
    total = sum(count for _, count in counted)
    page = IndexPage(
        head=Head(title=f"{kind.heading}: {chosen}" if chosen else kind.heading, canonical=here(request, found.number)),
        heading=kind.heading,
        lead=f"{total:,} {kind.one if total == 1 else kind.many}, from A to Z" if total else "",
        letters=tuple(letter_link(kind.name, letter, chosen, total) for letter, _ in sorted(counted, key=numbers_last)),
        parts=parts(lines),
        paging=paging(request, found),
    )
    return render(request, "reading/index.html", {"page": page})


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
    return request.path + (f"?page={number}" if number > 1 else "")


def here(request, number: int = 1) -> str:
    return request.build_absolute_uri(numbered(request, number))


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


# ── series
def all_series(request):
    found = Paginator(queries.all_series(request.user), WHOLE_INDEX).get_page(request.GET.get("page"))
    lines = [(first_letter(each.sort_title), series_line(each)) for each in found]
    page = IndexPage(
        head=Head(title="Series", canonical=here(request, found.number)),
        heading="Series",
        lead="Works that belong together.",
        letters=(),
        parts=parts(lines),
        paging=paging(request, found),
        empty="No work here belongs to a series.",
    )
    return render(request, "reading/index.html", {"page": page})


def first_letter(words: str) -> str:
    return words[:1].upper() if words[:1].isalpha() else "#"


def series_line(row) -> IndexLine:
    return IndexLine(words=row.title, url=row.get_absolute_url(), count=row.works_count)


# ── tags
def browse(request):
    page = BrowsePage(
        head=Head(title="Subjects", canonical=here(request)),
        kinds=counted_kinds(request.user, SHOWN_TAGS),
        favourites=tuple(map(cards.tag_link, favourites_of(request.user))),
    )
    return render(request, "reading/browse.html", {"page": page})


def tags(request, kind: str, letter: str = ""):
    """Show the tags of a kind: all on one page, or under letters where there are many."""
    kinds = kinds_to_browse()
    found = next((each for each in kinds if each.key == kind), None)
    counts = queries.tag_counts(request.user, found) if found else {}
    if not counts:
        raise Http404
    letters = queries.tag_letters(found, counts)
    chosen = chosen_letter(letter, letters)
    number, pages = tag_page_number(request, letters, chosen)
    part = slice((number - 1) * PER_PAGE, number * PER_PAGE) if chosen else slice(WHOLE_INDEX)
    some = queries.tags_from(request.user, found, counts, chosen, part)
    page = IndexPage(
        head=Head(title=found.name, canonical=here(request, number)),
        heading=found.name,
        lead="",
        letters=tag_letters(kind, letters, chosen),
        parts=parts([(first_letter(tag.folded), tag_line(tag, count)) for tag, count in some]),
        others=tuple(
            Link(words=each.name, url=reverse("tags", args=[each.key]), here=each.key == kind) for each in kinds
        ),
        paging=tag_paging(request, number, pages),
    )
    return render(request, "reading/index.html", {"page": page})


def tag_page_number(request, letters, chosen: str) -> tuple[int, int]:
    pages = -(-dict(letters).get(chosen, 0) // PER_PAGE) or 1
    asked = request.GET.get("page", "")
    return (min(pages, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1), pages  # noqa: PLR2004 — digits


def tag_paging(request, number: int, pages: int) -> Paging | None:
    if pages == 1:
        return None
    earlier = numbered(request, number - 1) if number > 1 else ""
    return Paging(
        number=number, of=pages, earlier=earlier, later=numbered(request, number + 1) if number < pages else ""
    )


def tag_letters(kind: str, letters, chosen: str) -> tuple[Link, ...]:
    total = sum(count for _, count in letters)
    if total < LETTERS_FROM:
        return ()
    ordered = sorted(letters, key=numbers_last)
    if not chosen:
        return tuple(Link(words=letter, url=f"#letter-{anchor(letter)}") for letter, _ in ordered)
    return tuple(
        Link(words=letter, url=reverse("tags-under", args=[kind, anchor(letter)]), here=letter == chosen)
        for letter, _ in ordered
    )


def tag_line(tag, count: int) -> IndexLine:
    link = cards.tag_link(tag, count)
    return IndexLine(words=link.words, url=link.url, count=link.count)
