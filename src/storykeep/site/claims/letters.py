"""Letters to authors: one per author, in the archivist's words, with links that never act by themselves."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.base.models import Archive
from storykeep.site.claims import sealing
from storykeep.site.claims.models import Letter, Never, Sending, Way
from storykeep.site.works.models import Person, Visibility

SALT = "storykeep.claims"
SHOWN = "..."  # stands for the link's own part where a letter is only looked at
DAYS = 180  # a link in a letter is good for half a year: old addresses are read rarely
ONE_CLICK = "List-Unsubscribe=One-Click"
MARKS = ("{name}", "{works}", "{archive}")
FOOT = """
--
To say what should become of your works: {claim}
(The link shows you the works; nothing happens until you have signed in and said so.)

Never write to me again: {never}
"""


def reachable() -> QuerySet[Person]:
    """Return the people who can be written to: unclaimed, with an address, and who never said never."""
    return (
        Person.objects.filter(account=None, merged_into=None, pk__in=open_ways().values("person"))
        .annotate(works_count=Count("credits__work", distinct=True))
        .order_by("folded", "id")
    )


def open_ways() -> QuerySet[Way]:
    """Return the ways that may be used: not bounced, not sealed away, and nobody behind them said never."""
    silent = Never.objects.filter(what="write", kind="email").values("digest")
    return Way.objects.filter(bounced_at=None).exclude(sealed=b"").exclude(digest__in=silent)


def send(letter: Letter, origin: str) -> dict[str, int]:
    """Send ``letter`` to everybody who can be reached and has not had it; return how many, by outcome.

    ``origin`` is the public address of the site. A person whose mail could not be handed over is counted as failed
    and can be tried again by sending once more.
    """
    if not can_write():
        raise UsageError("Set STORYKEEP_MAIL to a mail server first: this archive can't send letters yet.")
    if not origin:
        raise UsageError("Set STORYKEEP_ORIGIN to the archive's public address first: the letters link to it.")
    had = Sending.objects.filter(letter=letter, outcome="sent").values("person")
    counts = {"sent": 0, "failed": 0}
    for person in reachable().exclude(pk__in=had):
        outcome, way = _send_one(letter, person, origin)
        counts[outcome] += 1
        Sending.objects.update_or_create(letter=letter, person=person, defaults={"outcome": outcome, "way": way})
    letter.sent_at = timezone.now()
    letter.save()
    return counts


def can_write() -> bool:
    """Say whether this archive has a mail server."""
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def written(letter: Letter, person: Person, origin: str, way: Way | None = None) -> str:
    """Return the letter as ``person`` gets it, for the preview and for sending."""
    body = filled(letter.body, person)
    token = make_token(way) if way else SHOWN
    links = {name: origin + reverse(f"claim-{name}", args=[token]) for name in ("letter", "never")}
    return body + FOOT.format(claim=links["letter"], never=links["never"])


def subject_of(letter: Letter, person: Person) -> str:
    """Return the subject as ``person`` gets it, in one line: no line break ever reaches a header."""
    return " ".join(filled(letter.subject, person).split())


def filled(text: str, person: Person) -> str:
    """Return ``text`` with the person's name, the titles of their works and the archive's name in it."""
    credited = person.credits.select_related("work").exclude(work__visibility=Visibility.LED) if person.pk else ()
    titles = [str(work) for work in {credit.work for credit in credited}]
    words = {
        "{name}": person.name,
        "{works}": "\n".join(f"  - {title}" for title in sorted(titles)),
        "{archive}": Archive.current().name,
    }
    for mark, value in words.items():
        text = text.replace(mark, value)
    return text


def make_token(way: Way) -> str:
    return signing.dumps({"way": way.pk}, salt=SALT)


def read_token(token: str, days: int | None = DAYS) -> Way | None:
    """Return the way that a link was sent to; None when the link is old, damaged or no longer needed."""
    try:
        found = signing.loads(token, salt=SALT, max_age=days and days * 24 * 3600)
    except signing.BadSignature:
        return None
    return Way.objects.select_related("person").filter(pk=found["way"]).first()


def send_to_oneself(letter: Letter, user, origin: str) -> str:
    """Send the letter as the first author would get it to ``user``; return their address. Its links lead nowhere."""
    if not can_write():
        raise UsageError("Set STORYKEEP_MAIL to a mail server first: this archive can't send letters yet.")
    if not user.email:
        raise UsageError("Your account has no e-mail address. Give it one under “Your account”, then try again.")
    person = reachable().first() or Person(name="Somebody")
    body, subject = written(letter, person, origin), f"Test: {subject_of(letter, person)}"
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email]).send()
    return user.email


def _send_one(letter: Letter, person: Person, origin: str) -> tuple[str, Way | None]:
    way = open_ways().filter(person=person).order_by("pk").first()
    if way is None:
        return "failed", None
    body, to = written(letter, person, origin, way), [sealing.unseal(way.sealed)]
    message = EmailMessage(
        subject_of(letter, person), body, settings.DEFAULT_FROM_EMAIL, to, headers=ways_out(way, origin)
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError):
        return "failed", way
    return "sent", way


def ways_out(way: Way, origin: str) -> dict[str, str]:
    """Return the headers by which a mail program offers "never again" with one click (RFC 2369, RFC 8058)."""
    link = origin + reverse("claim-never", args=[make_token(way)])
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": ONE_CLICK}
