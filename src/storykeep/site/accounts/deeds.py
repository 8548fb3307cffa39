"""What people with a role do to accounts. Each deed is written down, with who did it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.accounts import leaving, once, roles, second_factor, sessions
from storykeep.site.accounts.models import Deed, User
from storykeep.site.accounts.roles import may


@transaction.atomic
def give_role(by: User, account: User, role: str) -> None:
    """Give a role. Raises UsageError when ``by`` may not."""
    _allowed(by, roles.GIVEN_BY[role])
    roles.give(account, role)
    note(by, account, f"gave the role {role}")


@transaction.atomic
def take_role(by: User, account: User, role: str) -> None:
    """Take a role. Raises UsageError when ``by`` may not, or for the last host."""
    _allowed(by, roles.GIVEN_BY[role])
    roles.take(account, role)
    note(by, account, f"took the role {role}")


@transaction.atomic
def suspend(by: User, account: User, reason: str) -> None:
    """Shut the account until somebody opens it again. Raises UsageError for who has a role that ``by`` can't give."""
    _allowed(by, "suspend accounts")
    _is_below(by, account)
    account.is_active, account.suspended_at, account.suspended_for = False, timezone.now(), reason
    account.save(update_fields=["is_active", "suspended_at", "suspended_for"])
    sessions.end_all(account)
    note(by, account, "suspended the account", reason)


@transaction.atomic
def restore(by: User, account: User) -> None:
    _allowed(by, "suspend accounts")
    account.is_active, account.suspended_at, account.suspended_for = not leaving.is_leaving(account), None, ""
    account.save(update_fields=["is_active", "suspended_at", "suspended_for"])
    note(by, account, "opened the account again")


@transaction.atomic
def end_sessions(by: User, account: User) -> int:
    _allowed(by, "suspend accounts")
    _is_below(by, account)
    count = sessions.end_all(account)
    note(by, account, "ended every session")
    return count


@transaction.atomic
def way_in(by: User, account: User, *, forget_second_factor: bool) -> str:
    """Return a link that signs in once, for somebody who lost a password; the second step can be forgotten with it."""
    _allowed(by, "give a way in")
    _is_below(by, account)
    if forget_second_factor:
        second_factor.forget(account)
    note(by, account, "made a link to sign in" + (", and forgot the second step" if forget_second_factor else ""))
    return once.link_for(account)


def note(by: User | None, account: User, what: str, reason: str = "") -> None:
    Deed.objects.create(by=by, account=account, what=what, reason=reason)


def _allowed(by: User, deed: str) -> None:
    if not may(by, deed):
        raise UsageError("Your role does not allow this.")


def _is_below(by: User, account: User) -> None:
    """Raise UsageError when ``account`` has a role that ``by`` could not give, or is ``by`` themselves."""
    if account.pk == by.pk:
        raise UsageError("Nobody does this to their own account.")
    held = {"host"} if account.is_superuser else account.roles & set(roles.GIVEN_BY)
    if any(not may(by, roles.GIVEN_BY[role]) for role in held):
        raise UsageError("Only somebody who could give this account its role can do that.")
