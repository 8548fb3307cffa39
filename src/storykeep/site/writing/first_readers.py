"""First readers: whom a writer lets read a draft, and who leave notes at its paragraphs that only its writers see.

This is a door of its own: nothing here makes a work readable anywhere else, so that no list, feed, search, download
or page of the work knows of it. It opens to one account, or to whoever holds a signed link until its day is over.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from storykeep.model.errors import UsageError
from storykeep.site.accounts import mail, outgoing
from storykeep.site.accounts.belongings import Belonging
from storykeep.site.works.models import Chapter, Credit, Visibility, Work
from storykeep.site.works.queries import authors_only
from storykeep.site.works.rendering import render
from storykeep.site.writing.giving import signed
from storykeep.site.writing.models import FirstReader, Remark
from storykeep.site.writing.paragraphs import split
from storykeep.site.writing.queries import chapters_of, head
from storykeep.site.writing.wanted import account_called, wanted
from storykeep.text.markup import plain

KIND = mail.Kind(key="first-reader", words="Somebody asks me to read a draft")
SALT = "storykeep.writing.first-reader"
THERE = (Visibility.DRAFT, Visibility.PUBLIC, Visibility.MEMBERS)
DAYS, MOST_DAYS = 30, 180  # that a link lasts
MOST = 30  # first readers of one work
LONGEST = 5_000  # characters of a remark
QUOTED = 120


# ── the door
def open_now() -> QuerySet[FirstReader]:
    """Return the first readers who may read now: not taken back, not over, and the work has a writer who is here."""
    writers = Credit.objects.filter(work=OuterRef("work"), chapter=None, person__account__is_active=True)
    rows = FirstReader.objects.filter(Exists(writers), ended_at=None, work__visibility__in=THERE)
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now())).select_related("work")


def of(user) -> QuerySet[FirstReader]:
    """Return by which doors ``user`` reads drafts, each with its work and ``author_credits``. 2 queries."""
    names = Prefetch("work__credits", authors_only(), to_attr="author_credits")
    return open_now().filter(account=user).prefetch_related(names)


def by_link(token: str) -> FirstReader | None:
    """Return whose link this is, while it opens."""
    try:
        ref = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return open_now().filter(account=None, ref=str(ref)).first()


def link(reader: FirstReader) -> str:
    return reverse("read-draft", args=[signing.dumps(reader.ref, salt=SALT)])


# ── who may read
def let(work: Work, by, name: str) -> FirstReader:
    """Let the account that is called so read a draft. Raises UsageError when there is nobody to ask, or no need."""
    account = account_called(name)
    if account is None or account == by or not wanted(account, by):
        raise UsageError(f"Nobody called “{name}” can be asked. Is it the name of their account?")
    with transaction.atomic():
        room(Work.objects.select_for_update().get(pk=work.pk))
        if work.first_readers.filter(account=account, ended_at=None).exists():
            raise UsageError(f"{name} may read it already.")
        reader = FirstReader.objects.create(work=work, account=account, name=name[:150])
        known = {"work": work, "by": signed(work), "address": mail.origin() + reverse("write-draft", args=[reader.ref])}
        outgoing.owe(account, KIND.key, "writing/email/first_reader", known, about=reader.ref)
    return reader


def let_by_link(work: Work, name: str, days: int) -> FirstReader:
    """Make a private link that opens the draft for some days."""
    ends_at = timezone.now() + dt.timedelta(days=max(1, min(days, MOST_DAYS)))
    with transaction.atomic():
        room(Work.objects.select_for_update().get(pk=work.pk))
        return FirstReader.objects.create(work=work, name=name[:150] or "Somebody with a link", ends_at=ends_at)


def room(work: Work) -> None:
    if work.first_readers.filter(ended_at=None).count() >= MOST:
        raise UsageError(f"That is enough: {MOST} may read it. Take somebody away first.")


def end(reader: FirstReader) -> None:
    """Close the door; the notes stay with the writers."""
    FirstReader.objects.filter(pk=reader.pk, ended_at=None).update(ended_at=timezone.now())


# ── what they read, and say
@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of a draft, as clean HTML, with what this reader said to it."""

    place: int
    html: str
    remarks: tuple[Remark, ...]
    asked: bool


def newest(work: Work) -> list[Chapter]:
    return [row for row in chapters_of(work) if head(row)]


def paragraphs(reader: FirstReader, row: Chapter, asked: int) -> list[Paragraph]:
    """Return the newest text of a chapter for ``reader``; at paragraph ``asked`` stands the form. 1 query."""
    said: dict[int, list[Remark]] = {}
    for remark in reader.remarks.filter(chapter=row):
        said.setdefault(remark.place, []).append(remark)
    blocks = split(head(row).body)
    return [
        Paragraph(place=n, html=render(each, {}), remarks=tuple(said.get(n, ())), asked=n == asked)
        for n, each in enumerate(blocks, start=1)
    ]


def say(reader: FirstReader, row: Chapter, place: int, words: str) -> Remark:
    """Leave a note. Raises UsageError when there are no words, too many, or no such paragraph."""
    words, blocks = words.strip(), split(head(row).body)
    if not words:
        raise UsageError("There was nothing in the note.")
    if len(words) > LONGEST:
        raise UsageError(f"A note has at most {LONGEST:,} characters; this one has {len(words):,}.")
    if not 1 <= place <= len(blocks):
        raise UsageError("This paragraph is no longer there. Look at the newest text.")
    quote = " ".join(plain(blocks[place - 1]).split())[:QUOTED]
    return Remark.objects.create(reader=reader, chapter=row, place=place, quote=quote, words=words)


def remarks_on(work: Work) -> QuerySet[Remark]:
    return Remark.objects.filter(reader__work=work).select_related("reader", "chapter", "chapter__work")


# ── what belongs to a member
def export(user) -> Iterator[tuple[str, bytes]]:
    """Yield the notes that ``user`` left on drafts of others."""
    rows = Remark.objects.filter(reader__account=user).select_related("reader__work")
    told = [{"quote": row.quote, "words": row.words, "at": row.at.isoformat()} for row in rows]
    yield "notes-on-drafts.json", json.dumps(told, ensure_ascii=False, indent=2).encode()


def erase(user) -> None:
    """Close the doors of ``user``; what they said stays with the writers, without a name."""
    rows = FirstReader.objects.filter(account=user)
    rows.filter(ended_at=None).update(ended_at=timezone.now())
    rows.update(account=None, name="Somebody who left")


BELONGING = Belonging(name="remarks", words="notes that you left on drafts", export=export, erase=erase)
