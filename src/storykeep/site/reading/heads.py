"""What the head of a story's page tells machines: addresses, neighbours, downloads, a description of the work."""

from __future__ import annotations

from storykeep.exports import FORMATS, dates
from storykeep.site.base.models import Archive
from storykeep.site.reading import cards, copies
from storykeep.site.reading.pages import Alternate, Head
from storykeep.site.works import opening
from storykeep.site.works.models import Visibility


def story(request, work, chapter, around) -> Head:
    """Return the head of the page of ``work``, or of its ``chapter`` when one is given."""
    address = request.build_absolute_uri(chapter_path(work, chapter))
    before, after = around
    return Head(
        title=title(work, chapter),
        canonical=address,
        description=cards.sentence(work.summary) or byline(work),
        previous=before.url if before else "",
        next=after.url if after else "",
        author=next((credit.person.get_absolute_url() for credit in work.author_credits if credit.person), ""),
        alternates=tuple(
            Alternate(url=each.url, media_type=form.media_type.partition(";")[0], label=form.label)
            for each, form in zip(copies.downloads(work), FORMATS.values(), strict=True)
        ),
        graph=graph(work, address),
        data=data(request, work, chapter, address),
        hidden=work.visibility != Visibility.PUBLIC,
        waits=opening.waits(work, work.author_credits),
    )


def chapter_path(work, chapter) -> str:
    first = chapter is None or chapter.place == work.chapter_list[0].place
    return work.get_absolute_url() if first else f"{work.get_absolute_url()}/{chapter.place}"


def title(work, chapter) -> str:
    names = " and ".join(credit.name for credit in work.author_credits)
    whole = f"{work} by {names}" if names else str(work)
    if chapter is None or len(work.chapter_list) == 1:
        return whole
    return f"{': '.join(part for part in cards.heading(chapter, alone=False) if part)} · {whole}"


def byline(work) -> str:
    names = ", ".join(credit.name for credit in work.author_credits)
    return f"A work by {names}." if names else ""


def graph(work, address: str) -> tuple[tuple[str, str], ...]:
    """Return OpenGraph properties."""
    dated = (
        ("article:published_time", dates.known(work.published)),
        ("article:modified_time", dates.known(work.updated)),
    )
    known = (
        ("og:type", "article"),
        ("og:title", str(work)),
        ("og:url", address),
        ("og:site_name", Archive.current().name),
        ("og:description", cards.sentence(work.summary)),
        *dated,
        *(("article:author", credit.name) for credit in work.author_credits),
        *(("article:tag", each.tag.name) for each in cards.browsable(work.shown_tags)[: cards.TAGS_IN_A_LIST]),
    )
    return tuple((name, value) for name, value in known if value)


def data(request, work, chapter, address: str) -> dict:
    """Return schema.org's view: a Book, or a Chapter that is part of one, which may be part of a series."""
    book = without_nothing(
        {
            "@type": "Book",
            "name": str(work),
            "url": request.build_absolute_uri(work.get_absolute_url()),
            "author": [person(request, credit) for credit in work.author_credits],
            "inLanguage": cards.language_tag(work.language),
            "datePublished": dates.known(work.published or work.written),
            "dateModified": dates.known(work.updated),
            "wordCount": work.words or work.stated_words,
            "isPartOf": [series(request, each) for each in work.shown_series],
        }
    )
    if chapter is None or len(work.chapter_list) == 1:
        return {"@context": "https://schema.org", **book}
    name = ": ".join(part for part in cards.heading(chapter, alone=False) if part)
    own = {"@type": "Chapter", "name": name, "position": chapter.place, "url": address, "wordCount": chapter.words}
    return {"@context": "https://schema.org", **without_nothing(own), "isPartOf": book}


def person(request, credit) -> dict:
    url = request.build_absolute_uri(credit.person.get_absolute_url()) if credit.person else ""
    return without_nothing({"@type": "Person", "name": credit.name, "url": url})


def series(request, place) -> dict:
    url = request.build_absolute_uri(place.series.get_absolute_url())
    return {"@type": "BookSeries", "name": place.series.title, "url": url}


def without_nothing(values: dict) -> dict:
    return {name: value for name, value in values.items() if value}
