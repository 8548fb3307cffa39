"""Counting who opens a work, without keeping who it was.

A page is answered at once: its visitor waits in memory as a digest, and all that wait are written together every few
seconds. A process that is killed forgets at most those. Once a minute the numbers of the works take readers in
(:mod:`.totals`). When a day (UTC) is over, its visitors are counted and erased.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import logging
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from storykeep.site.base.clock import Clock
from storykeep.site.readership import totals
from storykeep.site.readership.models import Day, Visit, Way
from storykeep.site.works import changes
from storykeep.site.works.models import Visibility, Work

READ = (Visibility.PUBLIC, Visibility.MEMBERS)
SECRET_LIVES = 2 * 24 * 3600  # seconds: a day, and the time that the last visitors of it wait to be written
MOST_WAITING = 20_000  # visitors; in a flood the rest is not counted, rather than memory filled
MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|archiver|preview|monitor|headless|curl|wget|python|java/|ruby|perl|okhttp|go-http"
    r"|feed|rss|facebookexternalhit|externalagent|^$",
    re.IGNORECASE,
)

log = logging.getLogger(__name__)

waiting: set[tuple[dt.date, int, str, str]] = set()
lock = threading.Lock()


def note(request, work: Work, way: str = Way.READ) -> None:
    """Count the visitor of ``request`` as one who opened ``work`` today, unless it is a machine or one of its authors.

    Nobody is counted at what only authors and archivists see: there, a number would say who it was.

    Costs no query, but for the day's secret once per process and day; signed-in visitors cost one.
    """
    if request.method != "GET" or fetched_ahead(request) or MACHINES.search(request.headers.get("User-Agent", "")):
        return
    if work.visibility not in READ or (request.user.is_authenticated and is_own(request.user, work)):
        return
    today = timezone.now().astimezone(dt.UTC).date()
    try:
        visit = (today, work.pk, str(way), digest(today, work.pk, visitor(request)))
    except DatabaseError:  # full, or read-only: reading goes on, uncounted
        log.exception("The day's secret could not be written, so readers are not counted.")
        return
    with lock:
        if len(waiting) < MOST_WAITING:
            waiting.add(visit)


def fetched_ahead(request) -> bool:
    return "prefetch" in request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose") == "prefetch"


def is_own(user, work: Work) -> bool:
    return work.credits.filter(person__account=user).exists()


def visitor(request) -> str:
    if request.user.is_authenticated:
        return f"account {request.user.pk}"
    return f"{get_adapter().get_client_ip(request)} {request.headers.get('User-Agent', '')}"


def digest(day: dt.date, work: int, who: str) -> str:
    """Return what tells ``who`` from another visitor of this work on this day: 22 letters."""
    made = hashlib.blake2b(f"{work} {who}".encode(), key=secret(day), digest_size=16).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


known_secrets: dict[dt.date, bytes] = {}


def secret(day: dt.date) -> bytes:
    """Return the day's secret: the same in all processes, kept in no backup for longer than two days."""
    if day not in known_secrets:
        key = f"readership-{day.isoformat()}"
        if not cache.get(key):
            cache.add(key, secrets.token_hex(32), timeout=SECRET_LIVES)
        known_secrets.clear()
        known_secrets[day] = bytes.fromhex(cache.get(key))
    return known_secrets[day]


# ── what waits is written
def write() -> int:
    """Write who waits; return how many that were. Whoever is there already counts once."""
    with lock:
        taken = set(waiting)
    if not taken:
        return 0
    with transaction.atomic():
        there = set(Work.objects.filter(pk__in={work for _, work, _, _ in taken}).values_list("pk", flat=True))
        rows = [
            Visit(day=day, work_id=work, way=way, digest=digest)
            for day, work, way, digest in sorted(taken)
            if work in there
        ]
        Visit.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    with lock:
        waiting.difference_update(taken)
    return len(taken)


def close(today: dt.date | None = None) -> int:
    """Count and erase the visitors of the days before ``today``; return how many works had some. Safe to repeat."""
    today = today or timezone.now().astimezone(dt.UTC).date()
    days = list(Visit.objects.filter(day__lt=today).order_by("day").values_list("day", flat=True).distinct())
    if days:
        totals.take_in(today)
    return sum(close_day(day) for day in days)


def close_day(day: dt.date) -> int:
    """Turn the visitors of ``day`` into numbers. Of two processes that try at once, the second one gives up."""
    try:
        with transaction.atomic():
            found = visitors(day)
            add(day, found.numbers)
            changes.recounted(work for work, way in found.numbers if way == Way.READ)
            if found.rows.delete()[0] != sum(found.numbers.values()):
                transaction.set_rollback(True)
                return 0
    except IntegrityError:
        return 0
    return len(found.numbers)


@dataclass(frozen=True, slots=True)
class Visitors:
    """Those of a day whom the works' numbers have by now, and downloads, which are in no such number.

    ``numbers`` are {(id of a work, way): how many}.
    """

    rows: QuerySet[Visit]
    numbers: dict[tuple[int, str], int]


def visitors(day: dt.date) -> Visitors:
    rows = Visit.objects.filter(Q(counted=True) | Q(way=Way.TAKEN), day=day)
    rows = rows.filter(pk__lte=rows.aggregate(last=Max("pk"))["last"] or 0)
    grouped = rows.values("work", "way").annotate(number=Count("pk"))
    return Visitors(rows, {(each["work"], each["way"]): each["number"] for each in grouped})


def add(day: dt.date, found: Mapping[tuple[int, str], int]) -> None:
    """Add to the numbers of ``day``: {(id of a work, way): how many}."""
    known = {(row.work_id, row.way): row for row in Day.objects.filter(day=day)}
    new = [
        Day(day=day, work_id=work, way=way, readers=n) for (work, way), n in found.items() if (work, way) not in known
    ]
    Day.objects.bulk_create(new, batch_size=500)
    for key, n in found.items():
        if key in known:
            Day.objects.filter(pk=known[key].pk).update(readers=F("readers") + n)


def due() -> None:
    write()
    close()


CLOCKS = (
    Clock("clock that counts readers", due, every=10),
    Clock("clock that adds readers to their works", totals.take_in, every=60),
)
