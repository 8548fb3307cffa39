"""How often something may be done: counted in the database, so that it holds across processes and restarts."""

from __future__ import annotations

import datetime as dt
import ipaddress

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from storykeep.site.base.models import Tally


def allow(request, action: str, *, most: int, seconds: int) -> bool:
    """Count one more ``action`` of this visitor; say whether it is within ``most`` in ``seconds``.

    A visitor is an account, or else a network: the /24 of an IPv4 address, the /48 of an IPv6 one.
    """
    return count(f"{action}:{visitor(request)}", seconds) <= most


def count(key: str, seconds: int) -> int:
    """Count one more under ``key`` and return how many there are in this stretch of time."""
    now = timezone.now()
    with transaction.atomic():
        Tally.objects.filter(until__lt=now).delete()
        row, _ = Tally.objects.get_or_create(key=key, defaults={"until": now + dt.timedelta(seconds=seconds)})
        Tally.objects.filter(pk=row.pk).update(count=F("count") + 1)
        row.refresh_from_db()
    return row.count


def visitor(request) -> str:
    if request.user.is_authenticated:
        return f"account-{request.user.pk}"
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    width = 24 if address.version == 4 else 48  # noqa: PLR2004 — the versions of IP
    return str(ipaddress.ip_network((address, width), strict=False))


def reached(key: str, most: int) -> bool:
    """Say whether ``key`` was counted more than ``most`` times in this stretch of time, without counting."""
    return Tally.objects.filter(key=key, until__gte=timezone.now(), count__gt=most).exists()
