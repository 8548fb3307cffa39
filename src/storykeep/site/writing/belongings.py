"""What writers keep here: to take along, and what goes when they leave."""

from __future__ import annotations

from storykeep.site.accounts.belongings import Belonging, Page
from storykeep.site.works.models import Chapter, Revision, Visibility
from storykeep.site.writing import drafts, giving, queries, taking_along
from storykeep.site.writing.brought_files import forget_file
from storykeep.site.writing.models import Answer, Brought, Desk, Invitation, Sweep, Unsaved


def erase(user) -> None:
    """Erase what only this writer saw: drafts, trash, unshown versions, uploads. Safe to call twice.

    Works and versions that somebody else writes, too, stay with them.
    """
    own_drafts = queries.written_by(user).filter(visibility=Visibility.DRAFT)
    for work in (*queries.trashed_by(user), *own_drafts):
        if not work.rescued and not taking_part(work, user):
            drafts.delete(work)
    unseen(user)
    Revision.objects.filter(made_by=user).update(made_by=None)
    for brought in Brought.objects.filter(account=user):
        forget_file(brought)
        brought.delete()
    Desk.objects.filter(account=user).delete()
    Unsaved.objects.filter(account=user).delete()
    Sweep.objects.filter(account=user).delete()
    giving.forget(user)
    Invitation.objects.filter(account=user).exclude(answer=Answer.ACCEPTED).delete()


def taking_part(work, user) -> bool:
    """Say whether somebody else with an account stands under the title."""
    return work.credits.filter(person__account__isnull=False).exclude(person__account=user).exists()


def unseen(user) -> None:
    """Delete what readers never saw of works that nobody else writes."""
    alone = [row for row in chapters_of(user) if not taking_part(row.work, user)]
    Chapter.written.filter(pk__in=[row.pk for row in alone if row.draft]).delete()
    for row in alone:
        if not row.draft and row.work.visibility != Visibility.DRAFT:
            Chapter.written.filter(pk=row.pk).update(working=None)
            row.revisions.filter(made_by=user, shown=False).exclude(pk=row.current_id).delete()


def chapters_of(user) -> list[Chapter]:
    """Return the chapters that ``user`` has written in, in works that stand under their name or did so."""
    rows = Chapter.written.filter(revisions__made_by=user, work__rescued=False).distinct()
    return list(rows.select_related("work"))


BELONGING = Belonging(
    name="works",
    words="your works, with all their versions",
    pages=(
        Page(words="My works", name="writing", about="What you write, drafts and trash."),
        Page(words="Pen names", name="pen-names", about="The names that you sign with, each with its page."),
        Page(words="Gifts", name="gifts", about="Works that somebody has given to you."),
    ),
    export=taking_along.everything,
    weight=taking_along.weight,
    erase=erase,
)
