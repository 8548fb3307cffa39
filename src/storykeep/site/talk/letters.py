"""Letters about comments: to the authors of the work, and to who is answered. They wait, and go after the request."""

from __future__ import annotations

from django.db.models import QuerySet

from storykeep.site.accounts import mail, outgoing
from storykeep.site.talk import queries
from storykeep.site.talk.models import Comment, State
from storykeep.site.works.models import Person
from storykeep.site.works.queries import readable_by


def tell(comment: Comment) -> None:
    """Write to the authors of the work, and to who is answered once the answer is shown; never to who wrote it."""
    if comment.state == State.SHOWN and comment.parent:
        tell_answered(comment)
    answered = comment.parent.account_id if comment.parent else None
    for account in {person.account for person in authors(comment)}:
        if account.pk not in {comment.account_id, answered}:
            write(account, "comment", comment)


def authors(comment: Comment) -> QuerySet[Person]:
    return Person.objects.filter(credits__work=comment.work, account__isnull=False).select_related("account")


def tell_answered(comment: Comment) -> None:
    asked = comment.parent.account
    if asked and asked.pk != comment.account_id:
        write(asked, "answer", comment)


def write(account, kind: str, comment: Comment) -> None:
    """Have a letter sent that says where the comment is; nothing, when ``account`` may not read the work."""
    if readable_by(account).filter(pk=comment.work_id).exists():
        known = {"comment": comment, "work": comment.work, "where": mail.origin() + comment.get_absolute_url()}
        outgoing.owe(account, kind, f"talk/email/{kind}", known, about=comment.ref)


def still_there(user, ref: str) -> bool:
    """Say whether ``user`` may still see the comment ``ref``, so that a letter that waited tells of it."""
    return queries.visible(user).filter(ref=ref, state__in=(State.SHOWN, State.WAITING)).exists()


KINDS = (
    mail.Kind(key="comment", words="Somebody commented on a work of mine", still=still_there),
    mail.Kind(key="answer", words="Somebody answered a comment of mine", still=still_there),
)
