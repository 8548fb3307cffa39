"""A story: chapter by chapter, whole, its contents, plain and in print."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from storykeep.site.base.errors import Gone
from storykeep.site.readership import counting
from storykeep.site.reading import alike, cards, chapters, copies, heads, reading_log, tied
from storykeep.site.reading.pages import Link, StoryPage
from storykeep.site.reading.views.hidden import hidden_from
from storykeep.site.talk.pages import at_work
from storykeep.site.works import queries
from storykeep.site.works.models import Visibility
from storykeep.text.words import minutes

SHORT_SUMMARY = 160  # characters; a summary of so few stands centred under the title


def readable_work(request, ref: str):
    """Return the work with all that its page shows, or answer 404: who may not see it learns nothing."""
    work = queries.work_page(request.user, ref)
    if not work:
        raise missing(ref)
    return work


def missing(ref: str) -> Http404:
    """Return the answer for a work that is not there: removed by its author, or nothing that anybody may know of."""
    return Gone() if queries.was_removed(ref) else Http404()


def short(request, ref: str):
    """Lead from an address without a slug to the full one."""
    return redirect(readable_work(request, ref), permanent=True)


def work(request, ref: str, slug: str):
    """Show the work's own page: its head, and its only or first chapter."""
    found = readable_work(request, ref)
    if slug != found.slug:
        return redirect(found, permanent=True)
    hidden = hidden_from(request, found)
    if hidden:
        return hidden
    first = found.chapter_list[:1]
    opened(request, found, 1)
    texts = [queries.chapter_text(found, first[0].place)] if first else []
    return shown(request, "reading/story.html", found, story_page(request, found, texts))


def chapter(request, ref: str, slug: str, place: int):
    found = readable_work(request, ref)
    text = queries.chapter_text(found, place)
    if not text:
        raise Http404
    if place == found.chapter_list[0].place:
        return redirect(found, permanent=True)
    if slug != found.slug:
        return redirect("chapter", found.ref, found.slug, place, permanent=True)
    hidden = hidden_from(request, found)
    if hidden:
        return hidden
    opened(request, found, place)
    return shown(request, "reading/story.html", found, story_page(request, found, [text]))


def whole(request, ref: str, slug: str):
    return all_of_it(request, ref, slug, "reading/story.html", "whole")


def plain(request, ref: str, slug: str):
    """Show the whole story without style sheet or script, for old browsers and thin lines."""
    return all_of_it(request, ref, slug, "reading/plain.html", "plain")


def printed(request, ref: str, slug: str):
    return all_of_it(request, ref, slug, "reading/print.html", "print")


def all_of_it(request, ref: str, slug: str, template: str, name: str):
    found = readable_work(request, ref)
    if slug != found.slug:
        return redirect(name, found.ref, found.slug, permanent=True)
    hidden = hidden_from(request, found)
    if hidden:
        return hidden
    opened(request, found, found.chapter_count)
    texts = list(queries.chapter_texts(found))
    return shown(request, template, found, story_page(request, found, texts, whole=True))


def opened(request, work, place: int) -> None:
    """Note that ``work`` was opened to chapter ``place``: in the member's own log, and as one reader more."""
    reading_log.note(request, work, place)
    counting.note(request, work)


def contents(request, ref: str, slug: str):
    found = readable_work(request, ref)
    return shown(request, "reading/contents.html", found, story_page(request, found, []))


def shown(request, template: str, work, page: StoryPage):
    return unlisted(render(request, template, {"page": page}), work)


def unlisted(answer, work):
    """Ask machines to list nothing of a work that is not for everybody, whatever form it is given in."""
    if work.visibility != Visibility.PUBLIC:
        answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    return answer


# ── the page
def story_page(request, work, texts, *, whole: bool = False) -> StoryPage:
    """Return what a page of ``work`` shows when the chapters in ``texts`` stand on it."""
    places = [each.place for each in work.chapter_list]
    at = places.index(texts[0].place) if texts and not whole else 0
    last = whole or at == len(places) - 1 or not places
    around = neighbours(work, at, whole=whole)
    words = sum(text.words for text in texts)
    return StoryPage(
        head=heads.story(request, work, None if whole or not texts else texts[0], around),
        ref=work.ref,
        url=work.get_absolute_url(),
        title=(work.title or "").strip(),
        bylines=cards.bylines(all_credits(work)),
        summary=work.summary,
        short_summary=len(cards.sentence(work.summary, most=1000)) <= SHORT_SUMMARY,
        tags=cards.tags_by_kind(work.shown_tags),
        facts=(*cards.facts(work), *time_said(work.words)),
        series=cards.series_links(work.shown_series),
        relations=(*cards.relations(work.shown_relations), *tied.back(request.user, work)),
        before=cards.notes(work.work_notes, after=False),
        after=cards.notes(work.work_notes, after=True),
        contents=chapters.contents(work, None if whole or not texts else texts[0].place),
        chapters=tuple(chapters.shown(text, work) for text in texts),
        language=cards.language_tag(work.language),
        direction=cards.direction(work),
        whole=whole,
        first=at == 0,
        last=last,
        number=at + 1,
        previous=around[0],
        next=around[1],
        minutes=minutes(words),
        downloads=copies.downloads(work),
        about_copy=copies.about(work, texts) if last or copies.have_gaps(texts) else (),
        for_archivist=queries.is_archivist(request.user),
        saved_url=saved_url(request, work),
        more_by=more_by(work),
        alike=alike.like(request.user, work) if last else (),
        never=f"{reverse('never-ask')}?work={work.ref}" if last and request.user.is_authenticated else "",
        links=ways(work) | editing(request, work),
        in_series=tied.in_series(request.user, work) if last and work.shown_series else (),
        talk=at_work(request, work, texts[0] if texts and len(places) > 1 and not whole else None),
    )


def all_credits(work) -> list:
    return list(work.credits.filter(chapter=None).select_related("person"))


def neighbours(work, at: int, *, whole: bool) -> tuple[Link | None, Link | None]:
    """Return the chapters before and after number ``at`` (0-based)."""
    listed = work.chapter_list
    before = None if whole or at == 0 else chapter_link(work, listed[at - 1], first=at == 1)
    after = None if whole or at + 1 >= len(listed) else chapter_link(work, listed[at + 1])
    return before, after


def chapter_link(work, row, *, first: bool = False) -> Link:
    eyebrow, title = cards.heading(row, alone=False)
    words = ": ".join(part for part in (eyebrow, title) if part)
    return Link(
        words=words, url=work.get_absolute_url() if first else reverse("chapter", args=[work.ref, work.slug, row.place])
    )


def time_said(words: int) -> tuple[str, ...]:
    """Return how long ``words`` take, in words that promise nothing."""
    length = minutes(words)
    if not length:
        return ()
    hours, rest = divmod(length, 60)
    return (f"about {length} min",) if not hours else (f"about {hours} h {rest} min" if rest else f"about {hours} h",)


def more_by(work) -> tuple[Link, ...]:
    return tuple(cards.name_link(credit) for credit in work.author_credits if credit.person)


def ways(work) -> dict[str, str]:
    """Return the addresses of the other forms of a work."""
    return {name: reverse(name, args=[work.ref, work.slug]) for name in ("whole", "contents", "plain", "print")}


def editing(request, work) -> dict[str, str]:
    """Return the way to the page on which its own authors write ``work``; nothing for everybody else."""
    people = [credit.person for credit in work.author_credits if credit.person]
    own = request.user.is_authenticated and any(person.account_id == request.user.pk for person in people)
    return {"edit": reverse("write-work", args=[work.ref])} if own else {}


def saved_url(request, work) -> str:
    """Return the way to the page as it was saved, for those who may look behind a story."""
    if not queries.is_archivist(request.user) or not work.captures.exists():
        return ""
    return reverse("saved", args=[work.ref, work.slug])
