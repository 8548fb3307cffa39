"""Reads of accounts: all that a page needs, in a number of queries that does not grow."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from storykeep.site.accounts.models import User
from storykeep.site.accounts.roles import GIVEN_BY
from storykeep.text.fold import fold

ROLES_SHOWN = (*GIVEN_BY, "suspended", "leaving")


def accounts(words: str, role: str) -> QuerySet[User]:
    """Return the accounts whose name or address has ``words`` in it, of one role if one is named, newest first."""
    found = User.objects.filter(erased_at=None).select_related("leaving").prefetch_related("groups")
    if words:
        found = found.filter(Q(username__icontains=words) | Q(email__icontains=words) | Q(likeness=fold(words)))
    return found.filter(_of(role)).order_by("-date_joined", "-id").distinct()


def _of(role: str) -> Q:
    if role == "host":
        return Q(is_superuser=True)
    if role == "suspended":
        return Q(suspended_at__isnull=False)
    if role == "leaving":
        return Q(leaving__isnull=False)
    return Q(groups__name=role) if role in GIVEN_BY else Q()
