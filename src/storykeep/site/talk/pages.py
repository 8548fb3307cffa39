"""What the templates of this room may use: one frozen record per page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.urls import reverse

from storykeep.site.talk import kudos, rules, showing, threads
from storykeep.site.talk.models import Comment, Kept, Kudo
from storykeep.site.talk.showing import Eyes, Shown
from storykeep.site.talk.speakers import Speaker
from storykeep.site.talk.threads import FEW, MANY, PER_PAGE, Answers, Entry
from storykeep.site.works.models import Chapter, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """What a story's page shows of talk. ``own`` is true for its authors, who give no kudos."""

    kudos: int
    kudos_url: str
    given: bool
    own: bool
    place: int
    chapter_kudos: int
    chapter_given: bool
    comments: int
    comments_url: str
    open: bool
    shelves: int
    keep_url: str
    kept: bool


def at_work(request, work: Work, chapter=None) -> AtWork:
    """Return the talk at ``work``; ``chapter`` is the one on the page, of several. 1 to 6 queries."""
    user, member = request.user, request.user.is_authenticated
    mine = set(Kudo.objects.filter(work=work, account=user).values_list("part", flat=True)) if member else set()
    keep = reverse("keep") + f"?work={work.ref}"
    kept = Kept.objects.filter(account=user, work=work).first() if member else None
    return AtWork(
        kudos=work.kudos_count,
        kudos_url=reverse("kudos", args=[work.ref]),
        given=0 in mine,
        own=member and rules.is_own(user, work),
        place=chapter.place if chapter else 0,
        chapter_kudos=Kudo.objects.filter(work=work, part=chapter.pk).count() if chapter else 0,
        chapter_given=bool(chapter) and kudos.part_of(chapter) in mine,
        comments=work.comments_count + threads.rescued(work).count(),
        comments_url=reverse("comments", args=[work.ref]) + (f"?chapter={chapter.place}" if chapter else ""),
        open=not rules.why_not_comment(user, work),
        shelves=work.shelves_count,
        keep_url=reverse("kept", args=[kept.ref]) if kept else keep,
        kept=bool(kept),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation on the page of a work; ``more`` answers stand on its own page, at ``url``."""

    comments: tuple[Shown, ...]
    more: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPage:
    """The comments on a work, those that came with it among them."""

    work: Work
    total: int
    rescued: int
    conversations: tuple[Conversation, ...]
    closed: str
    chapters: tuple
    place: int
    moderated: bool
    rows: Page

    @property
    def more(self) -> str:
        """Return what the addresses of other pages carry along."""
        return f"&chapter={self.place}" if self.place else ""


def talk_page(speaker: Speaker, work: Work, chapter: Chapter | None, number: str | None) -> TalkPage:
    """Return page ``number`` of the comments. The same number of queries for any."""
    rows = Paginator(threads.entries(speaker, work, chapter), PER_PAGE).get_page(number)
    listed = list(work.chapters.only("pk", "key", "place", "label", "title").order_by("place"))
    rescued = threads.rescued(work).count()
    return TalkPage(
        work=work,
        total=work.comments_count + rescued,
        rescued=rescued,
        conversations=tuple(conversations(speaker, work, list(rows), {row.key: str(row) for row in listed})),
        closed=rules.why_not_comment(speaker.user, work),
        chapters=tuple(listed) if len(listed) > 1 else (),
        place=chapter.place if chapter else 0,
        moderated=work.comments_moderated,
        rows=rows,
    )


def conversations(speaker: Speaker, work: Work, rows: list[Entry], chapters: dict[str, str]) -> Iterator[Conversation]:
    """Yield what a page shows of each conversation. 3 queries, and those of the eyes."""
    answers = Answers.of(speaker, [row.comment for row in rows if row.comment])
    living = {row.comment: answers.spots(row.comment) for row in rows if row.comment}
    said = threads.comments(speaker, (spot for spots in living.values() for spot in spots[:FEW]))
    old, eyes = threads.reviews(spot for row in rows for spot in row.old), Eyes.of(speaker, work)
    for row in rows:
        if row.old:
            yield Conversation(comments=tuple(showing.old(old[it.pk], chapters, it.depth) for it in row.old))
        elif row.comment in said:
            root, spots = said[row.comment], living[row.comment]
            comments = tuple(showing.conversation(spots[:FEW], said, root, eyes))
            yield Conversation(comments=comments, more=max(0, len(spots) - FEW), url=page_url(root, spots, FEW))


def page_url(root: Comment, spots: list, at: int) -> str:
    """Return the address of the page of one conversation on which the comment number ``at`` (0-based) stands."""
    return reverse("comment", args=[root.ref]) + (f"?page={at // MANY + 1}" if len(spots) > MANY else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPage:
    """One conversation, and where it stands among all comments on the work."""

    work: Work
    root: Comment
    comments: tuple[Shown, ...]
    rows: Page
    among_all: str
    total: int = field(default=0)


def conversation_page(speaker: Speaker, root: Comment, asked: Comment, number: str | None) -> ConversationPage:
    """Return the page of a conversation on which ``asked`` stands, or the one called ``number``."""
    spots = Answers.of(speaker, [root.pk]).spots(root.pk)
    at = next((place for place, spot in enumerate(spots) if spot.pk == asked.pk), 0)
    rows = Paginator(spots, MANY).get_page(number or at // MANY + 1)
    there = list(rows)
    said = threads.comments(speaker, {*there, spots[0]})
    return ConversationPage(
        work=root.work,
        root=root,
        comments=tuple(showing.conversation(there, said, root, Eyes.of(speaker, root.work))),
        rows=rows,
        among_all=among_all(speaker, root),
        total=len(spots),
    )


def among_all(speaker: Speaker, root: Comment) -> str:
    """Return the address of the page of all comments on which the conversation that begins with ``root`` stands."""
    at = position(threads.entries(speaker, root.work), root.pk)
    page = at // PER_PAGE + 1
    return reverse("comments", args=[root.work.ref]) + (f"?page={page}" if page > 1 else "") + f"#c-{root.ref}"


def position(rows: Iterable[Entry], comment: int) -> int:
    return next((at for at, row in enumerate(rows) if row.comment == comment), 0)
