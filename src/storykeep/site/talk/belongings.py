"""What members have said and kept, to take along or to erase."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q

from storykeep.site.accounts.belongings import Belonging, Choice, Page, Thing
from storykeep.site.talk import coming_back, counting, queries, saying
from storykeep.site.talk.models import Block, Comment, Kept, Kudo, Shelf

PAGES = (
    Page(words="Shelves", name="my-shelves", about="What you keep, here and elsewhere."),
    Page(words="Comments of mine", name="my-comments", about="What you said, with a search."),
    Page(words="Comments on my works", name="waiting-comments", about="What was said, and what waits for you."),
    Page(words="People I blocked", name="blocked-people", about="They can’t say anything to you."),
)
STAY, GO = "stay", "go"


def export(user) -> Iterator[tuple[str, bytes]]:
    """Yield one file of each sort."""
    yield "comments.json", as_json([said(row) for row in queries.mine(user)])
    given = Kudo.objects.filter(account=user, work__in=queries.readable_by(user).values("pk")).select_related("work")
    yield "kudos.json", as_json([{"title": str(row.work), "address": row.work.get_absolute_url()} for row in given])
    yield "blocked.json", as_json([{"name": row.whom.username} for row in user.blocks.select_related("whom")])
    own = Shelf.objects.filter(account=user)
    yield "my-shelves.json", as_json([{"name": row.name, "about": row.about, "public": row.public} for row in own])
    yield "shelves.json", as_json([kept(row) for row in queries.kept_of(user, user)])


def said(row: Comment) -> dict[str, str]:
    return {"on": str(row.work), "address": row.get_absolute_url(), "words": row.source, "at": row.at.isoformat()}


def kept(row: Kept) -> dict[str, object]:
    return {
        "title": str(row),
        "address": row.work.get_absolute_url() if row.work else row.address,
        "author": row.author,
        "note": row.note,
        "tags": row.tags,
        "public": row.public,
        "recommended": row.recommended,
        "shelves": [shelf.name for shelf in row.shelves.all()],
    }


def as_json(rows: list) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=2).encode()


def things(user) -> list[Thing]:
    number = Comment.objects.filter(account=user).count()
    return [Thing(ref="comments", words=f"Your comments ({number})")] if number else []


def settle(user, _ref: str, choice: str) -> None:
    """Leave one's comments without a name, or take them all away."""
    if choice == GO:
        for row in Comment.objects.filter(account=user).order_by("-pk"):
            saying.delete(row)
    else:
        Comment.objects.filter(account=user).update(account=None)


@transaction.atomic
def erase(user) -> None:
    """Take away what is the member's alone; what they said stays without a name, unless they chose otherwise."""
    Comment.objects.filter(account=user).update(account=None)
    Block.objects.filter(Q(owner=user) | Q(whom=user)).delete()
    liked = list(Kudo.objects.filter(account=user).values_list("work", flat=True).distinct())
    Kudo.objects.filter(account=user).delete()
    counting.recount_kudos(liked)
    works = list(Kept.objects.filter(account=user).exclude(work=None).values_list("work", flat=True))
    Kept.objects.filter(account=user).delete()
    Shelf.objects.filter(account=user).delete()
    for work in works:
        counting.recount_shelves(work)


BELONGING = Belonging(
    name="talk",
    words="What you said, kudos that you gave, your shelves",
    pages=PAGES,
    export=export,
    bring=coming_back.bring,
    things=things,
    choices=(
        Choice(key=STAY, words="stay, under “Somebody who left”"),
        Choice(key=GO, words="go"),
    ),
    settle=settle,
    erase=erase,
)
