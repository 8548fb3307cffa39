"""Letters about what is new in saved searches: one letter for all that is due, a day or a week after the last one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from storykeep.site.accounts import mail
from storykeep.site.accounts.models import User
from storykeep.site.base.clock import Clock
from storykeep.site.base.models import Archive
from storykeep.site.reading.saved_searches import all_at, new_in
from storykeep.site.search.models import Mailed, SavedSearch
from storykeep.site.works.models import Work
from storykeep.site.works.queries import listing, readable_by

EVERY = 900  # seconds between two looks at what is due
SHOWN = 10  # works of a search that a letter names
SALT = "storykeep.digest"
PAUSES = {Mailed.DAILY: dt.timedelta(days=1), Mailed.WEEKLY: dt.timedelta(days=7)}


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new in one search: ``lines`` are (title, names, address) of at most ten works."""

    name: str
    address: str
    count: int
    lines: tuple[tuple[str, str, str], ...]


def send_due() -> int:
    """Write to everybody for whom a letter is due and who has anything new; return how many letters went out."""
    if not mail.can_send():
        return 0
    due = list(SavedSearch.objects.filter(account__is_active=True).exclude(mail=Mailed.NEVER).order_by("account", "pk"))
    taken: dict[int, list[tuple[SavedSearch, dt.datetime]]] = {}
    for row in due:
        before = row.mailed_at
        if taken_over(row):
            taken.setdefault(row.account_id, []).append((row, before))
    users = User.objects.in_bulk(taken)
    return sum(send(users[account], rows) for account, rows in taken.items() if account in users)


def taken_over(row: SavedSearch) -> bool:
    """Say whether a letter about ``row`` is due, and take it over: of several processes only one does."""
    now = timezone.now()
    if row.mailed_at > now - PAUSES[Mailed(row.mail)]:
        return False
    return bool(SavedSearch.objects.filter(pk=row.pk, mailed_at=row.mailed_at).update(mailed_at=now))


def send(user: User, rows: list[tuple[SavedSearch, dt.datetime]]) -> bool:
    """Write one letter about all of ``rows``, if there is anything new and ``user`` wishes letters."""
    news = news_for(user, rows) if user.email and mail.wishes(user, "digest") else ()
    if not news:
        return False
    off = f"{mail.origin()}{reverse('digest-off', args=[off_token(user)])}"
    context = {"news": news, "archive": Archive.current(), "origin": mail.origin(), "off": off}
    context["count"] = sum(each.count for each in news)
    letter = EmailMessage(
        " ".join(render_to_string("feeds/email/digest_subject.txt", context).split()),
        render_to_string("feeds/email/digest_message.txt", context).strip() + "\n",
        to=[user.email],
        headers={"List-Unsubscribe": f"<{off}>", "Auto-Submitted": "auto-generated"},
    )
    return bool(letter.send())


def news_for(user: User, rows: list[tuple[SavedSearch, dt.datetime]]) -> tuple[News, ...]:
    """Return what is new in each search. About 10 queries for all of them."""
    lists = all_at(user, [row.address for row, _ in rows])
    new = new_in(user, [(found, since) for found, (_, since) in zip(lists, rows, strict=True)])
    named = {each for ids in new for each in ids[:SHOWN]}
    works = {work.pk: work for work in listing(readable_by(user).filter(pk__in=named))}
    return tuple(
        News(
            name=row.name,
            address=f"{mail.origin()}{row.address}",
            count=len(ids),
            lines=tuple(line(works[each]) for each in ids[:SHOWN] if each in works),
        )
        for (row, _), ids in zip(rows, new, strict=True)
        if ids
    )


def line(work: Work) -> tuple[str, str, str]:
    names = ", ".join(credit.name for credit in work.author_credits)
    return " ".join(str(work).split()), " ".join(names.split()), f"{mail.origin()}{work.get_absolute_url()}"


# ── no more letters
def off_token(user: User) -> str:
    return signing.dumps(user.pk, salt=SALT)


def account_of(token: str) -> int:
    """Return the id in a link of a letter; 0 when it is none of ours."""
    try:
        return int(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return 0


CLOCKS = (Clock("clock that sends letters about what is new", send_due, every=EVERY),)
