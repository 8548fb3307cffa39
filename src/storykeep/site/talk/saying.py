"""Saying something: a comment is cleaned, kept once and counted, and letters to those whom it concerns wait."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from storykeep.site.talk import counting, letters, rules
from storykeep.site.talk.models import Comment, State
from storykeep.site.talk.words import clean, has_links
from storykeep.site.works.models import Chapter, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody sends: words, where they belong, a guest's name. ``request`` makes it one of a kind."""

    words: str
    request: str
    chapter: Chapter | None = None
    parent: Comment | None = None
    name: str = ""
    email: str = ""


def say(user, work: Work, said: Said) -> tuple[Comment, bool]:
    """Keep a comment; return it and whether it is new. The same ``request`` keeps one, however often it is sent."""
    by_author = rules.is_own(user, work)
    state = rules.first_state(user, work, by_author=by_author, links=has_links(f"{said.name} {said.words}"))
    known, parent = (user if user.is_authenticated else None), said.parent
    row = Comment(
        work=work, chapter=parent.chapter if parent else said.chapter, parent=parent,
        thread=(parent.thread or parent) if parent else None, account=known, name="" if known else said.name,
        email="" if known else said.email, source=said.words, body=clean(said.words), state=state, by_author=by_author,
        request=said.request,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
            letters.tell(row)
            counting.recount_comments(work.pk)
    except IntegrityError:
        return Comment.objects.get(request=said.request), False
    return row, True


def edit(comment: Comment, words: str) -> None:
    """Change the words of a comment that nobody has answered yet; where comments wait, it waits again."""
    comment.source, comment.body, comment.edited_at = words, clean(words), timezone.now()
    if comment.work.comments_moderated and not comment.by_author:
        comment.state = State.WAITING
    with transaction.atomic():
        comment.save(update_fields=["source", "body", "edited_at", "state"])
        counting.recount_comments(comment.work_id)


@transaction.atomic
def delete(comment: Comment) -> None:
    """Take a comment away. What was answered leaves its place, without words and name."""
    if comment.answers.exists():
        comment.state, comment.account, comment.name, comment.email = State.DELETED, None, "", ""
        comment.source = comment.body = ""
        comment.save()
    else:
        comment.delete()
    counting.recount_comments(comment.work_id)


@transaction.atomic
def settle(comment: Comment, state: State) -> None:
    """Show, hide or call spam. The numbers of the work follow."""
    fresh = comment.state == State.WAITING and state == State.SHOWN
    comment.state = state
    comment.save(update_fields=["state"])
    counting.recount_comments(comment.work_id)
    if fresh and comment.parent:
        letters.tell_answered(comment)
