"""Roles, and the one table that says what each may do. A role is a group of Django's, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction

from storykeep.model.errors import UsageError

if TYPE_CHECKING:
    from storykeep.site.accounts.models import User

ROLES = {
    "member": "signs in, and reads what members may read",
    "moderator": "answers reports, and suspends accounts",
    "wrangler": "works at the wrangling desk: merges, renames and nests tags",
    "archivist": "works at the rescue desk: accepts, corrects, hides, writes the archive's own pages",
    "host": "runs the installation, and may do everything",
}
EVERYBODY = tuple(ROLES)
MAY: dict[str, tuple[str, ...]] = {
    "read what members read": EVERYBODY,
    "have an account page": EVERYBODY,
    "write and publish": EVERYBODY,
    "claim works": EVERYBODY,
    "moderate": ("moderator", "archivist", "host"),
    "see accounts": ("moderator", "archivist", "host"),
    "suspend accounts": ("moderator", "archivist", "host"),
    "wrangle tags": ("wrangler", "archivist", "host"),
    "work at the desk": ("archivist", "host"),
    "decide who may join": ("archivist", "host"),
    "invite without limit": ("archivist", "host"),
    "give a way in": ("archivist", "host"),
    "give the roles of moderators and wranglers": ("archivist", "host"),
    "give the roles of archivists and hosts": ("host",),
    "see the database": ("host",),
}
GIVEN_BY = {
    "moderator": "give the roles of moderators and wranglers",
    "wrangler": "give the roles of moderators and wranglers",
    "archivist": "give the roles of archivists and hosts",
    "host": "give the roles of archivists and hosts",
}


def may(user: User, deed: str) -> bool:
    """Say whether ``user`` may do ``deed``, one of the lines of MAY. Whoever signs in is a member."""
    if not (user.is_authenticated and user.is_active):
        return False
    allowed = MAY[deed]
    return user.is_superuser or "member" in allowed or not user.roles.isdisjoint(allowed)


def give(user: User, role: str) -> None:
    """Let ``user`` have ``role``. Raises UsageError for a role that doesn't exist."""
    known(role)
    if role == "host":
        user.is_superuser = user.is_staff = True
        user.save(update_fields=["is_superuser", "is_staff"])
    user.groups.add(_group(role))
    user.__dict__.pop("roles", None)


@transaction.atomic
def take(user: User, role: str) -> None:
    """Let ``user`` no longer have ``role``. Raises UsageError for the last host: somebody must hold the keys."""
    known(role)
    if role == "host" and is_last_host(user):
        raise UsageError("This is the only host who can sign in. Make somebody else a host first.")
    if role == "host":
        user.is_superuser = user.is_staff = False
        user.save(update_fields=["is_superuser", "is_staff"])
    user.groups.remove(_group(role))
    user.__dict__.pop("roles", None)


def is_last_host(user: User) -> bool:
    """Say whether nobody else who can sign in is a host. Locks the hosts, so that two can't go at once."""
    hosts = get_user_model().objects.select_for_update().filter(is_superuser=True, is_active=True)
    return user.is_superuser and {host.pk for host in hosts} <= {user.pk}


def known(role: str) -> None:
    if role not in ROLES:
        raise UsageError(f"There is no role {role!r}; there are {', '.join(ROLES)}.")


def _group(role: str):
    from django.contrib.auth.models import Group  # noqa: PLC0415 — models need this table before they are ready

    return Group.objects.get_or_create(name=role)[0]
