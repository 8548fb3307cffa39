"""Writing together: nobody stands under a title who did not say yes, and somebody always does."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.model.story import Role
from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Credit, EditedField, Person, Visibility, Work
from storykeep.site.works.queries import authors_only
from storykeep.site.writing.models import Answer, Invitation
from storykeep.site.writing.of_work import sign
from storykeep.site.writing.wanted import account_called, wanted
from storykeep.text.fold import fold

REST = dt.timedelta(days=30)  # after a no
THERE = (Visibility.DRAFT, Visibility.PUBLIC, Visibility.MEMBERS)


def asked_of(user) -> QuerySet[Invitation]:
    """Return what ``user`` is asked, each with its work and ``author_credits``. 3 queries."""
    names = Prefetch("work__credits", authors_only(), to_attr="author_credits")
    rows = user.writing_invitations.filter(answer=Answer.ASKED, work__visibility__in=THERE)
    return rows.select_related("work").prefetch_related(names)


def invite(work: Work, by, name: str, role: str) -> Invitation:
    """Ask somebody to write with us. Raises UsageError when there is nobody to ask, or it is no use.

    Nothing in the answer tells which names are of one account: who is named already by another name is asked anew.
    """
    account = account_called(name)
    if account is None or not wanted(account, by):
        raise UsageError(f"Nobody called “{name}” can be asked. Ask them for the name of their account.")
    same = fold(name)
    if account == by or any(fold(each.name) == same for each in work.credits.filter(chapter=None)):
        raise UsageError(f"{name} is named under this title already.")
    before = [each for each in work.invitations.filter(account=account) if fold(each.name) == same]
    if any(each.answer == Answer.ASKED for each in before):
        raise UsageError(f"{name} was asked already, and has not answered yet.")
    if any(each.answer == Answer.DECLINED and each.answered_at > timezone.now() - REST for each in before):
        raise UsageError(f"{name} said no not long ago. Ask again in a month, if you like.")
    return asked(work, account, name, role, by)


def asked(work: Work, account, name: str, role: str, by) -> Invitation:
    """Return the question; where two asked at the same moment, it is the same one."""
    try:
        with transaction.atomic():
            return Invitation.objects.create(work=work, account=account, name=name, role=role, by=by)
    except IntegrityError:
        raise UsageError(f"{name} was asked already, and has not answered yet.") from None


def accept(invitation: Invitation, person: Person) -> None:
    """Sign the work by ``person``, a pen name of the invited account.

    Raises UsageError when the question was answered or taken back meanwhile, or the work is no longer there.
    """
    with transaction.atomic():
        work = Work.objects.select_for_update().get(pk=invitation.work_id)
        if not Invitation.objects.filter(pk=invitation.pk, answer=Answer.ASKED).exists():
            raise UsageError("This was answered or taken back meanwhile. Nothing changed.")
        if work.visibility not in THERE:
            raise UsageError("The work is no longer there to be written together.")
        rows = work.credits.filter(chapter=None)
        if not rows.filter(person=person, role=invitation.role).exists():
            sign(work, person, role=invitation.role, place=rows.count() + 1)
        said(work, invitation.account)
        answered(invitation, Answer.ACCEPTED)
        finish(work)


def answered(invitation: Invitation, answer: str) -> None:
    invitation.answer, invitation.answered_at = answer, timezone.now()
    invitation.save(update_fields=["answer", "answered_at"])


def leave(work: Work, user) -> None:
    """Take all names of ``user`` from under a title. Raises UsageError when nobody would be left who wrote it."""
    with transaction.atomic():
        work = Work.objects.select_for_update().get(pk=work.pk)
        own = work.credits.filter(chapter=None, person__account=user)
        others = work.credits.filter(chapter=None, role=Role.AUTHOR.value).exclude(person__account=user)
        if not reachable(others):
            raise UsageError("You are the last author who can change this work. Publish it, or put it into the trash.")
        said(work, user)
        own.delete()
        finish(work)


def reachable(credits_) -> bool:
    """Say whether one of these names is of somebody who can sign in."""
    return bool(Credit.objects.filter(pk__in=credits_.values("pk"), person__account__is_active=True).exists())


def said(work: Work, by) -> None:
    """Remember that a person has set who wrote a rescued work."""
    if work.rescued:
        EditedField.objects.get_or_create(work=work, field="credits", defaults={"by": by})
