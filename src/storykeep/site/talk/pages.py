"""What the templates of this room may use: one frozen record per page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from storykeep.exports import dates
from storykeep.site.talk import kudos, queries, rules
from storykeep.site.talk.models import Comment, Kept, Kudo, State
from storykeep.site.works.models import Work

DEEPEST = 4  # steps by which an answer is set in; deeper ones stand under each other
SAID = {State.WAITING: "waits to be looked at", State.HIDDEN: "hidden", State.SPAM: "marked as spam"}


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
    """Return the talk at ``work``; ``chapter`` is the one on the page, of several. 0 to 4 queries."""
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
        comments=work.comments_count,
        comments_url=reverse("comments", args=[work.ref]) + (f"?chapter={chapter.place}" if chapter else ""),
        open=not rules.why_not_comment(user, work),
        shelves=work.shelves_count,
        keep_url=reverse("kept", args=[kept.ref]) if kept else keep,
        kept=bool(kept),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One comment. ``html`` is clean; ``said`` tells what is unusual about it; the rest says what the reader may do."""

    ref: str
    url: str
    name: str
    date: str
    html: str
    depth: int = 0
    guest: bool = False
    by_author: bool = False
    edited: bool = False
    deleted: bool = False
    said: str = ""
    chapter: str = ""
    work: Work | None = None
    answer: bool = False
    edit: bool = False
    delete: bool = False
    judge: bool = False
    root: bool = False
    frozen: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks, and what they may do at this work: asked once for a whole page."""

    user: object
    looks_after: bool
    open: bool

    @classmethod
    def of(cls, user, work: Work) -> Eyes:
        return cls(user, rules.looks_after(user, work), not rules.why_not_comment(user, work))


def tree(roots: list[Comment], answers: list[Comment], eyes: Eyes) -> list[tuple[Shown, ...]]:
    """Return each conversation as a flat row of comments, every one behind what it answers."""
    under: dict[int, list[Comment]] = {}
    there = {each.pk for each in (*roots, *answers)}
    for each in answers:
        under.setdefault(each.parent_id if each.parent_id in there else each.thread_id, []).append(each)
    return [tuple(conversation(root, under, eyes)) for root in roots]


def conversation(root: Comment, under: dict[int, list[Comment]], eyes: Eyes):
    waiting = [(root, 0)]
    while waiting:
        each, depth = waiting.pop()
        below = under.get(each.pk, [])
        each.thread = root if each.pk != root.pk else None
        yield shown(each, eyes, depth=min(depth, DEEPEST), answered=bool(below), frozen=root.frozen)
        waiting.extend((answer, depth + 1) for answer in reversed(below))


def shown(each: Comment, eyes: Eyes, *, depth: int = 0, answered: bool = False, frozen: bool = False) -> Shown:
    own, alive = rules.is_ones_own(eyes.user, each), each.state != State.DELETED
    return Shown(
        ref=each.ref, url=each.get_absolute_url(), name=each.speaker if alive else "", html=each.body,
        date=each.at.strftime("%-d %B %Y, %H:%M"), depth=depth, guest=bool(each.name), by_author=each.by_author,
        edited=bool(each.edited_at), deleted=not alive, said=SAID.get(State(each.state), ""),
        chapter=str(each.chapter) if each.chapter and depth == 0 else "",
        answer=eyes.open and each.state == State.SHOWN and not frozen,
        edit=own and alive and not answered and not frozen and each.state in {State.SHOWN, State.WAITING},
        delete=alive and (own or eyes.looks_after), judge=alive and eyes.looks_after, root=each.parent_id is None,
        frozen=each.frozen, state=each.state,
    )  # fmt: skip


def old(review) -> Shown:
    """Return what a reader of the old site said, marked as such."""
    return Shown(
        ref=f"old-{review.pk}", url=f"#c-old-{review.pk}", name=review.name or "A reader",
        date=dates.in_words(review.date), html=review.body, by_author=review.by_author, said="came with the work",
    )  # fmt: skip


def listed(rows, user) -> tuple[Shown, ...]:
    """Return comments of many works as lines of a list, each with its work."""
    eyes = Eyes(user, looks_after=False, open=False)
    return tuple(named(shown(row, eyes), row.work) for row in rows)


def named(line: Shown, work: Work) -> Shown:
    values = {name: getattr(line, name) for name in Shown.__slots__}
    return Shown(**{**values, "work": work, "delete": False, "edit": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkPage:
    """The comments on a work: conversations of this page, then those that came with it."""

    work: Work
    total: int
    conversations: tuple[tuple[Shown, ...], ...]
    rescued: tuple[Shown, ...]
    closed: str
    chapters: tuple
    place: int
    moderated: bool
    paging: object = None

    @property
    def more(self) -> str:
        """Return what the addresses of other pages carry along."""
        return f"&chapter={self.place}" if self.place else ""


def talk_page(request, work: Work, place: int, rows) -> TalkPage:
    """Return the page of comments; ``rows`` is a page of first comments. The same number of queries for any."""
    eyes = Eyes.of(request.user, work)
    roots = list(rows)
    last = not rows.has_next() and not place
    return TalkPage(
        work=work,
        total=work.comments_count,
        conversations=tuple(tree(roots, queries.answers(request.user, roots), eyes)),
        rescued=tuple(old(each) for each in queries.rescued(work)) if last else (),
        closed=rules.why_not_comment(request.user, work),
        chapters=tuple(work.chapters.only("pk", "place", "label", "title")) if work.chapter_count > 1 else (),
        place=place,
        moderated=work.comments_moderated,
        paging=rows if rows.paginator.num_pages > 1 else None,
    )
