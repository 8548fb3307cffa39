"""Writing together: nobody stands under a title who did not say yes, and somebody always does."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.model.story import Role
from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Credit, EditedField, Person, Work
from storykeep.site.writing.models import Answer, Invitation
from storykeep.site.writing.of_work import sign
from storykeep.site.writing.wanted import account_called


def invite(work: Work, by, name: str, role: str) -> Invitation:
    """Ask somebody to write with us. Raises UsageError when there is nobody to ask, or it is no use."""
    account = account_called(name)
    if account is None:
        raise UsageError(f"Nobody here is called “{name}”. Ask them for the name of their account.")
    if work.credits.filter(chapter=None, person__account=account).exists():
        raise UsageError(f"{name} is named under this title already.")
    if work.invitations.filter(account=account, answer=Answer.ASKED).exists():
        raise UsageError(f"{name} was asked already, and has not answered yet.")
    return Invitation.objects.create(work=work, account=account, name=name, role=role, by=by)


def accept(invitation: Invitation, person: Person) -> None:
    """Sign the work by ``person``, a pen name of the invited account."""
    with transaction.atomic():
        work = Work.objects.select_for_update().get(pk=invitation.work_id)
        count = work.credits.filter(chapter=None).count()
        sign(work, person, role=invitation.role, place=count + 1)
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
    return bool(Credit.objects.filter(pk__in=credits_.values("pk")).exclude(person__account=None).exists())


def said(work: Work, by) -> None:
    """Remember that a person has set who wrote a rescued work."""
    if work.rescued:
        EditedField.objects.get_or_create(work=work, field="credits", defaults={"by": by})
