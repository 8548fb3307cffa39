"""Who is who, and who may turn to whom: nobody is asked or given anything by whom they block or never want to meet."""

from __future__ import annotations

from storykeep.site.accounts.models import User
from storykeep.site.search.models import Avoided
from storykeep.site.works.models import Person
from storykeep.text.fold import fold


def account_called(name: str) -> User | None:
    """Return the account with this name, or the one account that has this pen name."""
    found = User.objects.filter(username__iexact=name, is_active=True).first()
    if found:
        return found
    rows = Person.objects.filter(folded=fold(name)).exclude(account=None).values_list("account", flat=True)
    owners = set(rows.distinct()[:2])
    return User.objects.filter(pk__in=owners, is_active=True).first() if len(owners) == 1 else None


def wanted(account, by) -> bool:
    """Say whether ``by`` may ask ``account`` for something, or give them a work."""
    if by is None or account.pk == by.pk:
        return by is not None
    if account.blocks.filter(whom=by).exists():
        return False
    never = Avoided.objects.filter(account=account)
    return not (never.filter(person__account=by) | never.filter(person__merged_into__account=by)).exists()
