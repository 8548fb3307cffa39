"""The indexes: titles, authors and series from A to Z, and the tags of a kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from storykeep.site.base.letters import NO_LETTER
from storykeep.site.reading import cards, queries
from storykeep.site.reading.alphabet import TOP, Letters, Place, Stretch, numbers_last, place, sections, stretch
from storykeep.site.reading.alphabet import letters as letters_of
from storykeep.site.reading.kinds import counted_kinds, kinds_to_browse
from storykeep.site.reading.pages import BrowsePage, Head, IndexLine, IndexPage, Lettered, Link, Paging
from storykeep.site.search.naming import counted
from storykeep.site.tags.favourites import favourites_of
from storykeep.site.works.models import Person

PER_PAGE = 200  # lines of an index under one letter
WHOLE_INDEX = 600  # an index of up to so many lines stands on one page
SHOWN_TAGS = 24
LETTERS_FROM = 36  # lines of an index; fewer need no letters
NOT_LETTERS = "0-9"  # how "#" is written in an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A list from A to Z, for one reader.

    ``field`` is what its ``rows`` are sorted by, ``lines`` makes (letter, line) of some of them; ``under`` is the
    address of a letter's part. ``key`` tells indexes apart, ``one`` and ``many`` are what its lines are.
    """

    key: str
    heading: str
    rows: QuerySet
    field: str
    lines: Callable[[list], Iterable[tuple[str, IndexLine]]]
    under: Callable[[str], str]
    one: str = ""
    many: str = ""
    others: tuple[Link, ...] = ()
    empty: str = "Nothing here yet."


# ── the indexes
def titles(request, letter: str = ""):
    index = Index(
        key="titles",
        heading="Titles",
        rows=queries.titles(request.user),
        field="sort_title",
        lines=partial(map, title_line),
        under=partial(address, "titles-under"),
        one="story",
        many="stories",
    )
    return a_to_z(request, index, letter)


def title_line(work) -> tuple[str, IndexLine]:
    names = ", ".join(credit.name for credit in work.author_credits)
    return work.letter, IndexLine(words=str(work), url=work.get_absolute_url(), after=names, lost=not work.title)


def authors(request, letter: str = ""):
    index = Index(
        key="authors",
        heading="Authors",
        rows=queries.people(request.user),
        field="folded",
        lines=partial(author_lines, request.user),
        under=partial(address, "authors-under"),
        one="author",
        many="authors",
    )
    return a_to_z(request, index, letter)


def all_series(request, letter: str = ""):
    index = Index(
        key="series",
        heading="Series",
        rows=queries.all_series(request.user),
        field="sort_title",
        lines=partial(counted_lines, partial(queries.works_in, request.user)),
        under=partial(address, "series-under"),
        one="series",
        many="series",
        empty="No work here belongs to a series.",
    )
    return a_to_z(request, index, letter)


def author_lines(user, rows: list) -> Iterator[tuple[str, IndexLine]]:
    """Yield the lines of the authors; who has given an interview is marked."""
    told = {row.pk for row in queries.with_words_of_their_own(Person.objects.filter(pk__in=[row.pk for row in rows]))}
    for row, (letter, line) in zip(rows, counted_lines(partial(queries.works_by, user), rows), strict=True):
        yield letter, replace(line, after="interview" if row.pk in told else "")


def counted_lines(count: Callable[[list[int]], dict[int, int]], rows: list) -> Iterator[tuple[str, IndexLine]]:
    counts = count([row.pk for row in rows]) if rows else {}
    for row in rows:
        yield row.letter, IndexLine(words=str(row), url=row.get_absolute_url(), count=counts.get(row.pk, 0))


def tags(request, kind: str, letter: str = ""):
    """Show the tags of a kind: all on one page, or under letters where there are many."""
    kinds = kinds_to_browse()
    found = next((each for each in kinds if each.key == kind), None)
    counts = queries.tag_counts(request.user, found) if found else {}
    if not counts:
        raise Http404
    others = (Link(words=each.name, url=reverse("tags", args=[each.key]), here=each.key == kind) for each in kinds)
    index = Index(
        key=f"tags of {kind}",
        heading=found.name,
        rows=queries.tags_of(found, counts).select_related("kind"),
        field="folded",
        lines=partial(tag_lines, request.user, counts),
        under=partial(address, "tags-under", kind),
        others=tuple(others),
    )
    return a_to_z(request, index, letter)


def tag_lines(user, counts, rows: list) -> Iterator[tuple[str, IndexLine]]:
    """Yield lines of the tags that find anything; the engine has counted few tags at once, or counts these."""
    known = counts if len(counts) <= queries.MANY else counted(user, [tag.pk for tag in rows])
    for tag in rows:
        if count := known.get(tag.pk):
            yield tag.letter, IndexLine(words=tag.name, url=tag.get_absolute_url(), count=count)


def browse(request):
    page = BrowsePage(
        head=Head(title="Subjects", canonical=here(request)),
        kinds=counted_kinds(request.user, SHOWN_TAGS),
        favourites=tuple(map(cards.tag_link, favourites_of(request.user))),
    )
    return render(request, "reading/browse.html", {"page": page})


# ── from A to Z
def a_to_z(request, index: Index, asked: str):
    """Answer with all of a short index, else with a stretch of the lines under one letter."""
    letters = queries.now_and_then(request.user, index.key, partial(letters_of, index.rows))
    chosen = chosen_letter(asked, letters)
    rows = index.rows.filter(letter=chosen) if chosen else index.rows
    at = place(request.GET.get("from", ""), request.GET.get("skip", "")) if chosen else TOP
    found = stretch(rows, index.field, at, PER_PAGE if chosen else WHOLE_INDEX)
    if at != TOP and not found.rows:
        return redirect(request.path)
    page = IndexPage(
        head=Head(title=title(index, chosen), canonical=request.build_absolute_uri(at_place(request.path, at))),
        heading=index.heading,
        lead=lead(index, letters),
        letters=tuple(letter_links(index, letters, chosen)),
        sections=tuple(section_links(request, index, letters, chosen, found)),
        parts=parts(index.lines(found.rows)),
        others=index.others,
        paging=turning(request.path, found),
        empty=index.empty,
    )
    return render(request, "reading/index.html", {"page": page})


def address(name: str, *args: str) -> str:
    """Return where the part of an index under a letter, the last of ``args``, is."""
    *others, letter = args
    return reverse(name, args=[*others, anchor(letter)])


def anchor(letter: str) -> str:
    return NOT_LETTERS if letter == NO_LETTER else letter


def chosen_letter(asked: str, letters: Letters) -> str:
    """Return the letter whose part of the index is wanted; nothing when the whole index fits on one page."""
    known = [letter for letter, _ in letters]
    letter = NO_LETTER if asked == NOT_LETTERS else asked.upper()
    if asked and letter not in known:
        raise Http404
    if not asked and sum(count for _, count in letters) > WHOLE_INDEX:
        return known[0]
    return letter


def title(index: Index, chosen: str) -> str:
    return f"{index.heading}: {chosen}" if chosen else index.heading


def lead(index: Index, letters: Letters) -> str:
    total = sum(count for _, count in letters)
    return f"{total:,} {index.one if total == 1 else index.many}, from A to Z" if total and index.one else ""


def letter_links(index: Index, letters: Letters, chosen: str) -> Iterator[Link]:
    """Yield the way to each letter: further down on this page, or on a page of its own."""
    total = sum(count for _, count in letters)
    if total < LETTERS_FROM and not (index.one or chosen):
        return
    for letter, _ in letters:
        down = not chosen and total <= WHOLE_INDEX
        yield Link(
            words=letter, url=f"#letter-{anchor(letter)}" if down else index.under(letter), here=letter == chosen
        )


def section_links(request, index: Index, letters: Letters, chosen: str, found: Stretch) -> Iterator[Link]:
    """Yield the way to each section of a letter that needs more than one page; the one that is open is marked."""
    if not chosen or dict(letters)[chosen] <= PER_PAGE:
        return
    count = partial(sections, index.rows, index.field, chosen, PER_PAGE)
    starts = queries.now_and_then(request.user, f"{index.key} under {chosen}", count)
    first = found.rows[0].beginning if found.rows else ""
    here = max((start for start in starts if start <= first), default="")
    for start in starts:
        words = start.strip().capitalize() or chosen
        yield Link(words=words, url=at_place(index.under(chosen), Place(start)), here=start == here)


def parts(lines: Iterable[tuple[str, IndexLine]]) -> tuple[Lettered, ...]:
    """Return (letter, line) pairs grouped by letter, what is no letter last."""
    by_letter: dict[str, list[IndexLine]] = {}
    for letter, line in lines:
        by_letter.setdefault(letter or NO_LETTER, []).append(line)
    ordered = sorted(by_letter, key=numbers_last)
    return tuple(Lettered(letter=letter, links=tuple(by_letter[letter])) for letter in ordered)


def turning(path: str, found: Stretch) -> Paging | None:
    """Return the ways to the stretches before and after; the middle says between which names this one lies."""
    if not (found.earlier or found.later):
        return None
    ways = (at_place(path, each) if each else "" for each in (found.earlier, found.later))
    earlier, later = ways
    return Paging(earlier=earlier, later=later, said=f"{found.rows[0]} – {found.rows[-1]}" if found.rows else "")


def at_place(path: str, at: Place) -> str:
    given = {"from": at.start, "skip": at.skip or ""}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{path}?{query}" if query else path


# ── numbered pages
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
