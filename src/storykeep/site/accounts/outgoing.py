"""Letters that wait: written down in the transaction of what they tell, sent outside of any request.

A mail server that is away, or slow, delays letters and nothing else. A letter is taken in hand before it is sent, by
one process only. Of a process that is killed while it hands one over, nobody knows whether it went: it
is not sent again.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib

from allauth.account.adapter import get_adapter
from django.core.mail import EmailMessage, get_connection
from django.core.mail.utils import DNS_NAME
from django.utils import timezone

from storykeep.site.accounts import mail
from storykeep.site.accounts.models import Fate, Outgoing
from storykeep.site.base.clock import Clock
from storykeep.site.base.models import Archive

EVERY = 5  # seconds
AT_ONCE = 100  # letters over one connection
REST = dt.timedelta(minutes=1)  # for a server that is away
PAUSES = tuple(dt.timedelta(minutes=each) for each in (1, 5, 30, 120, 360, 1440))
"""After each try that failed; then the letter is given up."""
KEPT_FOR = dt.timedelta(days=30)  # so long it is known that a letter went, so that it doesn't go twice
NO_NEWS = dt.timedelta(days=7)  # a letter that could not go so long tells nothing new
REFUSED = (smtplib.SMTPException, ValueError)  # by the server; by Django, for an address or a subject that is none

log = logging.getLogger(__name__)


def owe(user, key: str, template: str, context: dict, about: str = "") -> bool:
    """Have a letter to ``user`` sent once this transaction is committed; say whether there will be one.

    ``about`` names what it tells: of each kind, a member gets one letter about it.
    """
    if not mail.may_go(user, key):
        return False
    known = {"archive": Archive.current(), "origin": mail.origin(), "account": user, **context}
    written = get_adapter().render_mail(template, user.email, known)
    row = Outgoing(account=user, kind=key, about=about, subject=written.subject, body=written.body)
    Outgoing.objects.bulk_create([row], ignore_conflicts=True)
    return True


# ── in the background
def send_due() -> int:
    """Send what waits; return how many letters went out."""
    if not mail.can_send():
        return 0
    rows = waiting().select_related("account").order_by("due", "pk")[:AT_ONCE]
    letters = list(rows)
    if not letters:
        return 0
    try:
        with get_connection() as server:
            return sum(send(row, server) for row in letters)
    except OSError as error:  # all that smtplib raises is one, too
        log.warning("Letters could not be handed to the mail server (%s); they are tried again in a minute.", error)
        Outgoing.objects.filter(pk__in=[row.pk for row in letters], fate=Fate.WAITING).update(due=timezone.now() + REST)
        return 0


def waiting():
    return Outgoing.objects.filter(fate=Fate.WAITING, due__lte=timezone.now())


def send(row: Outgoing, server) -> bool:
    """Send one letter, if it is still to be sent. Raises OSError or SMTPServerDisconnected when the server is away."""
    if not waiting().filter(pk=row.pk).update(fate=Fate.TAKEN):
        return False  # another process was first
    if not is_wanted(row):
        end(row, Fate.DROPPED)
        return False
    try:
        letter(row, server).send()
    except (OSError, ValueError) as error:
        again(row, error)
        if isinstance(error, REFUSED) and not isinstance(error, smtplib.SMTPServerDisconnected):
            return False
        raise
    end(row, Fate.SENT)
    return True


def is_wanted(row: Outgoing) -> bool:
    """Say whether a letter is still wished, still true, and still news."""
    if row.kind not in mail.KINDS or row.at < timezone.now() - NO_NEWS:
        return False
    return mail.may_go(row.account, row.kind) and mail.KINDS[row.kind].still(row.account, row.about)


def letter(row: Outgoing, server) -> EmailMessage:
    """Return the message. Its id is always the same, so that a mailbox knows it again should it come twice."""
    headers = {"Message-ID": f"<{row.pk}.{row.at.timestamp():.0f}@{DNS_NAME}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(row.subject, row.body, to=[row.account.email], headers=headers, connection=server)


def end(row: Outgoing, fate: Fate) -> None:
    Outgoing.objects.filter(pk=row.pk).update(fate=fate, subject="", body="")


def again(row: Outgoing, error: Exception) -> None:
    """Let it wait for another try; after the last one, give it up."""
    if row.tries == len(PAUSES):
        log.warning("A letter of the kind “%s” is given up after %s tries: %s", row.kind, row.tries + 1, error)
        end(row, Fate.FAILED)
        return
    due = timezone.now() + PAUSES[row.tries]
    Outgoing.objects.filter(pk=row.pk).update(fate=Fate.WAITING, tries=row.tries + 1, due=due)


def tidy() -> int:
    """Forget letters that ended a month ago; return how many."""
    return Outgoing.objects.exclude(fate=Fate.WAITING).filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]


CLOCKS = (Clock("clock that sends letters", send_due, every=EVERY),)
