"""Saying something: a comment is cleaned, kept once and counted, and letters to those whom it concerns wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from storykeep.site.talk import counting, letters, rules
from storykeep.site.talk.models import Comment, State
from storykeep.site.talk.speakers import Speaker
from storykeep.site.talk.words import clean, has_links
from storykeep.site.works.models import Chapter, Work

AGAIN = dt.timedelta(minutes=10)  # the same words, from the same person and at the same place, are said once


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody sends: words, where they belong, a guest's name. ``request`` makes it one of a kind."""

    words: str
    request: str
    chapter: Chapter | None = None
    parent: Comment | None = None
    name: str = ""
    email: str = ""


def say(speaker: Speaker, work: Work, said: Said) -> tuple[Comment, bool]:
    """Keep a comment; return it and whether it is new.

    The same ``request`` keeps one, however often it is sent; so do the same words from a second tab.
    """
    row = written(speaker, work, said)
    try:
        with transaction.atomic():
            Work.objects.select_for_update().filter(pk=work.pk).first()
            there = known(speaker, work, said)
            if there:
                return there, False
            row.save()
            letters.tell(row)
            counting.recount_comments(work.pk)
    except IntegrityError:
        return Comment.objects.get(request=said.request), False
    return row, True


def written(speaker: Speaker, work: Work, said: Said) -> Comment:
    user, parent = speaker.user, said.parent
    by_author, member = rules.is_own(user, work), user.is_authenticated
    links = has_links(f"{said.name} {said.words}")
    return Comment(
        work=work, chapter=chapter_of(said), parent=parent, thread=(parent.thread or parent) if parent else None,
        account=user if member else None, name="" if member else said.name, email="" if member else said.email,
        source=said.words, body=clean(said.words), by_author=by_author, request=said.request,
        state=rules.first_state(user, work, by_author=by_author, links=links),
    )  # fmt: skip


def chapter_of(said: Said) -> Chapter | None:
    return said.parent.chapter if said.parent else said.chapter


def known(speaker: Speaker, work: Work, said: Said) -> Comment | None:
    """Return what is kept of ``said`` already: from this form, or the same words of some minutes ago."""
    found = Comment.objects.filter(work=work)
    mine = Q(account=speaker.user) if speaker.user.is_authenticated else Q(account=None, ref__in=speaker.refs)
    lately = Q(at__gte=timezone.now() - AGAIN, source=said.words, parent=said.parent, chapter=chapter_of(said))
    return (
        found.filter(request=said.request).first() or found.filter(mine & lately).exclude(state=State.DELETED).first()
    )


def edit(comment: Comment, words: str) -> None:
    """Change the words of a comment that nobody has answered yet; where comments wait, it waits again."""
    comment.source, comment.body, comment.edited_at = words, clean(words), timezone.now()
    guest_links = not comment.account_id and has_links(words)
    if guest_links or (comment.work.comments_moderated and not comment.by_author):
        comment.state = State.WAITING
    with transaction.atomic():
        comment.save(update_fields=["source", "body", "edited_at", "state"])
        counting.recount_comments(comment.work_id)


@transaction.atomic
def delete(comment: Comment) -> None:
    """Take a comment away. What was answered leaves its place, without words and name, while an answer is there."""
    if comment.answers.exists():
        comment.state, comment.account, comment.name, comment.email = State.DELETED, None, "", ""
        comment.source = comment.body = ""
        comment.save()
    else:
        parent = comment.parent
        comment.delete()
        clear(parent)
    counting.recount_comments(comment.work_id)


def clear(place: Comment | None) -> None:
    """Take away places that deleted comments have left, where nothing answers any more."""
    while place and place.state == State.DELETED and not place.answers.exists():
        above = place.parent
        place.delete()
        place = above


@transaction.atomic
def settle(comment: Comment, state: State) -> None:
    """Show, hide or call spam. The numbers of the work follow."""
    fresh = comment.state == State.WAITING and state == State.SHOWN
    comment.state = state
    comment.save(update_fields=["state"])
    counting.recount_comments(comment.work_id)
    if fresh and comment.parent:
        letters.tell_answered(comment)
