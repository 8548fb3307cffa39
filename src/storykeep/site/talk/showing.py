"""Comments as a page shows them: their words, what is unusual about them, and what the reader may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import Q

from storykeep.exports import dates
from storykeep.site.talk import rules
from storykeep.site.talk.models import Block, Comment, State
from storykeep.site.talk.speakers import Speaker
from storykeep.site.talk.threads import Spot
from storykeep.site.works.models import Review, Work

DEEPEST = 4  # steps by which an answer is set in; deeper ones stand under each other and name whom they answer
SAID = {State.WAITING: "waits to be looked at", State.HIDDEN: "hidden", State.SPAM: "marked as spam"}
OLD = "from the old archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One comment. ``html`` is clean; ``said`` tells what is unusual about it; the rest says what the reader may do."""

    ref: str
    url: str
    name: str
    date: str
    html: str
    depth: int = 0
    to: str = ""
    guest: bool = False
    by_author: bool = False
    edited: bool = False
    deleted: bool = False
    blocked: bool = False
    said: str = ""
    chapter: str = ""
    work: Work | None = None
    answer: bool = False
    edit: bool = False
    delete: bool = False
    judge: bool = False
    block: bool = False
    root: bool = False
    frozen: bool = False
    state: str = ""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks, and what they may do at this work: asked once for a whole page.

    ``unheard`` are the accounts that they blocked, ``shut`` those that blocked them.
    """

    speaker: Speaker
    looks_after: bool = False
    open: bool = False
    unheard: frozenset[int] = frozenset()
    shut: frozenset[int] = frozenset()

    @classmethod
    def of(cls, speaker: Speaker, work: Work) -> Eyes:
        user = speaker.user
        unheard, shut = blocks(user)
        is_open = not rules.why_not_comment(user, work)
        return cls(speaker, rules.looks_after(user, work), is_open, unheard, shut)


def blocks(user) -> tuple[frozenset[int], frozenset[int]]:
    """Return whom ``user`` has blocked, and who blocked them. 1 query for members."""
    if not user.is_authenticated:
        return frozenset(), frozenset()
    rows = list(Block.objects.filter(Q(owner=user) | Q(whom=user)).order_by().values_list("owner", "whom"))
    mine = frozenset(whom for owner, whom in rows if owner == user.pk)
    return mine, frozenset(owner for owner, whom in rows if whom == user.pk)


def conversation(there: Iterable[Spot], rows: dict[int, Comment], root: Comment, eyes: Eyes) -> Iterator[Shown]:
    """Yield the comments that stand ``there``; what went meanwhile is left out."""
    for spot in there:
        row = rows.get(spot.pk)
        if row:
            row.thread = root if row.pk != root.pk else None
            to = rows[spot.parent].speaker if spot.depth > DEEPEST and spot.parent in rows else ""
            yield replace(shown(row, eyes, answered=spot.answered), depth=min(spot.depth, DEEPEST), to=to)


def shown(each: Comment, eyes: Eyes, *, answered: bool = False) -> Shown:
    """Return ``each`` as whoever has these ``eyes`` sees it. Its thread is read already. No query."""
    alive, frozen = each.state != State.DELETED, (each.thread or each).frozen
    wrote = eyes.speaker.wrote(each)
    open_still = each.state in {State.SHOWN, State.WAITING} and not frozen
    unheard = each.account_id in eyes.unheard
    return Shown(
        ref=each.ref, url=each.get_absolute_url(), name=each.speaker if alive else "", html=each.body,
        date=each.at.strftime("%-d %B %Y, %H:%M"), guest=bool(each.name), by_author=each.by_author,
        edited=bool(each.edited_at), deleted=not alive, blocked=unheard, said=SAID.get(State(each.state), ""),
        chapter=str(each.chapter) if each.chapter and each.parent_id is None else "",
        answer=eyes.open and each.state == State.SHOWN and not frozen and each.account_id not in eyes.shut,
        edit=wrote and open_still and not answered, delete=alive and (wrote or eyes.looks_after),
        judge=alive and eyes.looks_after, block=alive and not unheard and rules.may_block(eyes.speaker.user, each),
        root=each.parent_id is None, frozen=each.frozen, state=each.state,
    )  # fmt: skip


def old(review: Review, chapters: dict[str, str], depth: int = 0) -> Shown:
    """Return what a reader of the old site said, marked as such; ``chapters`` are the names of chapters by key."""
    return Shown(
        ref=f"old-{review.pk}", url=f"#c-old-{review.pk}", name=review.name or "A reader", html=review.body,
        date=dates.in_words(review.date), by_author=review.by_author, depth=min(depth, DEEPEST),
        said=f"{OLD}, rated {review.rating}" if review.rating else OLD, chapter=chapters.get(review.chapter, ""),
    )  # fmt: skip


def listed(rows: Iterable[Comment], eyes: Eyes) -> tuple[Shown, ...]:
    """Return comments of many works as lines of a list, each with its work; what can be done stands on their page."""
    return tuple(replace(shown(row, eyes), work=row.work, delete=False, edit=False) for row in rows)
