"""What accounts need once a day. Safe to call at any time, and from several processes."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from storykeep.site.accounts import leaving, outgoing, parcels
from storykeep.site.accounts.models import Invitation, User

UNPROVED_DAYS = 7
ENDED_DAYS = 30


def tidy() -> dict[str, int]:
    """Erase who left a week ago, forget accounts whose address was never proved, and sessions that are over."""
    return {
        "erased": leaving.erase_due(),
        "never proved": forget_unproved(),
        "sessions": Session.objects.filter(expire_date__lt=timezone.now()).delete()[0],
        "parcels": parcels.tidy(),
        "letters": outgoing.tidy(),
        "traces": forget_ended_sessions(),
        "invitations": Invitation.objects.filter(ends_at__lt=timezone.now()).exclude(email="").update(email=""),
    }


def forget_unproved() -> int:
    """Delete accounts that nobody ever signed in to and whose address is still unproved; their invitations are open."""
    before = timezone.now() - dt.timedelta(days=UNPROVED_DAYS)
    never = User.objects.filter(last_login=None, date_joined__lt=before, emailaddress__verified=False)
    never = never.exclude(emailaddress__verified=True).filter(groups=None, is_superuser=False)
    keys = list(never.values_list("pk", flat=True))
    Invitation.objects.filter(used_by__in=keys).update(used_at=None, used_by=None)
    User.objects.filter(pk__in=keys).delete()
    return len(keys)


def forget_ended_sessions() -> int:
    """Delete what is known of sessions (browser, network address) a month after the last visit, if they are over."""
    before = timezone.now() - dt.timedelta(days=ENDED_DAYS)
    living = Session.objects.values("session_key")
    return UserSession.objects.filter(last_seen_at__lt=before).exclude(session_key__in=living).delete()[0]
