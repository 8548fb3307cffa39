"""Tags that look alike are looked for, and kept until a wrangler has said whether they are the same."""

from __future__ import annotations

import logging
import threading
from itertools import islice

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from storykeep.site.tags.models import Tag
from storykeep.site.wrangling.likeness import Name, pairs
from storykeep.site.wrangling.models import Alike, Apart, Look

AT_ONCE = 5_000  # tags that are looked at while a page waits; more are looked at in the background
BATCH = 1_000
looking = threading.Lock()
log = logging.getLogger(__name__)


def open_pairs(kind: str = "", reason: str = "") -> QuerySet[Alike]:
    """Return the pairs that nobody has decided yet, the surest first, then those that are used most."""
    apart = Apart.objects.filter(
        Q(first=OuterRef("tag"), second=OuterRef("into")) | Q(first=OuterRef("into"), second=OuterRef("tag"))
    )
    found = Alike.objects.filter(
        ~Exists(apart), tag__synonym_of=None, into__synonym_of=None, tag__joint=False, into__joint=False
    )
    if kind:
        found = found.filter(into__kind__key=kind)
    if reason:
        found = found.filter(reason=reason)
    return found.select_related("tag__kind", "into__kind").order_by("-sure", "-into__uses", "id")


def follow(tag: int, into: int) -> None:
    """Propose what looked like ``tag`` as what looks like ``into``, too, now that they are one."""
    for row in Alike.objects.filter(Q(tag=tag) | Q(into=tag)).exclude(tag=into).exclude(into=into):
        other = row.into_id if row.tag_id == tag else row.tag_id
        pair = Q(tag=other, into=into) | Q(tag=into, into=other)
        if not Alike.objects.filter(pair).exists():
            Alike.objects.create(tag_id=other, into_id=into, reason=row.reason, sure=row.sure)


def look_if_needed() -> Look:
    """Look for pairs if there are new tags since the last time; many tags are looked at in the background."""
    last = Look.objects.first() or Look.objects.create()
    newest = Tag.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if newest > last.newest:
        if Tag.objects.count() <= AT_ONCE:
            look()
        elif not looking.locked():
            threading.Thread(target=look_apart, name="tags that look alike", daemon=True).start()
        last.refresh_from_db()
    return last


def look() -> int:
    """Compare all tags that stand for themselves, and keep the pairs; return how many there are."""
    if not looking.acquire(blocking=False):
        return 0
    try:
        newest = Tag.objects.aggregate(newest=Max("pk"))["newest"] or 0
        Look.objects.update_or_create(defaults={"began_at": timezone.now(), "ended_at": None})
        found = keep(pairs(names()))
        Look.objects.update(ended_at=timezone.now(), newest=newest, found=found)
        return found
    finally:
        looking.release()


def look_apart() -> None:
    try:
        look()
    except DatabaseError:
        log.exception("Tags that look alike could not be looked for; opening the page tries again.")
    finally:
        close_old_connections()
        connection.close()


def names() -> list[Name]:
    rows = Tag.objects.filter(synonym_of=None, joint=False, kind__retired=False)
    fields = rows.order_by("pk").values_list("pk", "kind", "folded", "uses", "kind__ties")
    return [Name(*most, ties=bool(ties)) for *most, ties in fields.iterator()]


def keep(found) -> int:
    """Put ``found`` in the place of the pairs that were kept."""
    rows = (Alike(tag_id=pair.tag, into_id=pair.into, reason=pair.reason, sure=pair.sure) for pair in found)
    made = list(rows)
    waiting = iter(made)
    with transaction.atomic():
        Alike.objects.all().delete()
        while batch := list(islice(waiting, BATCH)):
            Alike.objects.bulk_create(batch, ignore_conflicts=True)
    return len(made)
