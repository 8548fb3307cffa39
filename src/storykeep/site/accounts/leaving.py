"""Leaving for good: a week to turn round, then everything personal is erased."""

from __future__ import annotations

import datetime as dt

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.accounts import belongings, invitations, mail, parcels, sessions
from storykeep.site.accounts.models import Deed, Leaving, User
from storykeep.site.accounts.roles import is_last_host

DAYS = 7
SALT = "storykeep.accounts.return"


def is_leaving(user: User) -> bool:
    return Leaving.objects.filter(account=user).exists()


@transaction.atomic
def leave(user: User, choices: dict[str, dict[str, str]]) -> Leaving:
    """Close the account for now, end its sessions, and keep what was chosen for the day it is erased.

    Raises UsageError for the only host: somebody must hold the keys.
    """
    if is_last_host(user):
        raise UsageError("You are the only host of this archive. Make somebody else a host first.")
    ends = timezone.now() + dt.timedelta(days=DAYS)
    parting, _ = Leaving.objects.update_or_create(account=user, defaults={"ends_at": ends, "choices": choices})
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end_all(user)
    if mail.can_send() and user.email:
        link = mail.origin() + reverse("account_return_link", args=[return_token(user)])
        get_adapter().send_mail("account/email/leaving", user.email, {"account": user, "link": link, "ends": ends})
    return parting


@transaction.atomic
def turn_round(user: User) -> None:
    """Take it back: the account is as it was."""
    Leaving.objects.filter(account=user).delete()
    user.is_active = user.suspended_at is None
    user.save(update_fields=["is_active"])


def return_token(user: User) -> str:
    return signing.dumps(user.ref, salt=SALT)


def returning(token: str) -> User | None:
    """Return the account that the link in the letter belongs to, while it can turn round."""
    try:
        ref = signing.loads(token, salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return None
    return of_ref(ref)


def of_ref(ref: str) -> User | None:
    return User.objects.filter(ref=ref, leaving__isnull=False).first()


def erase_due() -> int:
    """Erase the accounts whose week is over; return how many. Called about once a day; safe to call at any time."""
    due = User.objects.filter(leaving__ends_at__lte=timezone.now())
    for user in due:
        erase(user, user.leaving.choices)
    return len(due)


@transaction.atomic
def erase(user: User, choices: dict[str, dict[str, str]]) -> None:
    """Take everything personal away. A nameless row stays, so that what others wrote to it keeps its place."""
    belongings.settle(user, choices)
    belongings.erase(user)
    parcels.forget(user)
    user.outgoing.all().delete()
    invitations.reserve(user.username, None)
    sessions.end_all(user)
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    Deed.objects.filter(account=user).update(reason="")
    user.invitations.update(email="", note="")
    user.groups.clear()
    Leaving.objects.filter(account=user).delete()
    _empty(user)


def _empty(user: User) -> None:
    user.erased_at = timezone.now()
    user.username, user.email, user.likeness = f"former-{user.ref}", "", None
    user.mail_wishes, user.agreed_to, user.suspended_for = {}, "", ""
    user.agreed_at = user.last_login = None
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
