"""Who may publish in an archive by invitation: whom an archivist names, and whom they invite to join."""

from __future__ import annotations

from allauth.account.internal.userkit import filter_users_by_email
from django.db import transaction
from django.db.models import QuerySet

from storykeep.site.accounts import invitations
from storykeep.site.accounts.models import Invitation, User
from storykeep.site.submissions.models import Promise, Writer


def invite(by: User, email: str, note: str) -> tuple[User | None, str]:
    """Invite somebody to write here: whoever has an account may publish at once, others once they have made one.

    Returns the account, if there is one, and else the link of an invitation, which is shown once. Raises UsageError
    when ``by`` has none left.
    """
    known = next(iter(filter_users_by_email(email, is_active=True, prefer_verified=True)), None) if email else None
    if known:
        Writer.objects.get_or_create(account=known)
        return known, ""
    with transaction.atomic():
        link = invitations.invite(by, email, note)
        Promise.objects.create(invitation=invitations.of(link.rstrip("/").rpartition("/")[2]))
    return None, link


def keep_promise(invitation: Invitation) -> None:
    """Let who has joined by ``invitation`` publish, if it was one for a writer."""
    if Promise.objects.filter(invitation=invitation).exists():
        Writer.objects.get_or_create(account=invitation.used_by)


def promised() -> QuerySet[Promise]:
    """Return the invitations of writers that are still open, the newest first."""
    return Promise.objects.filter(invitation__in=invitations.open_ones()).select_related("invitation__made_by")
