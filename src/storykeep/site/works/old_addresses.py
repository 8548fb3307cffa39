"""Old addresses as rows: kept when a work comes in, found when somebody follows an old link."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, QuerySet

from storykeep.site.works.addresses import guesses, normal, sister_query, wider
from storykeep.site.works.models import OldAddress, Work

TARGETS = ("work", "chapter", "person", "series", "page")


def keep_for_work(work: Work) -> None:
    """Let the old addresses of ``work`` and of its chapters lead to them, and the addresses around them to the work."""
    leads: dict[tuple[str, str], dict] = {}
    for chapter in work.chapters.all():
        leads |= {place: {"work": work, "chapter": chapter} for place in map(normal, chapter.addresses)}
    leads |= {place: {"work": work} for place in map(normal, work.addresses)}
    keep_leads(leads)
    # Where only chapters were saved, the address of the whole work follows from theirs.
    around = {(host, each): {"work": work, "derived": True} for host, path in leads for each in wider(path)}
    keep_leads({place: lead for place, lead in around.items() if place not in leads})


def keep(addresses: Iterable[str], **target) -> None:
    """Let ``addresses`` lead to ``target`` (work, chapter, person, series, page). Who came first keeps one."""
    keep_leads(dict.fromkeys(map(normal, addresses), target))


def keep_leads(leads: dict[tuple[str, str], dict]) -> None:
    """Write what each address, as (host, path), leads to. 2 queries where all are new."""
    # The front page of an archive is nobody's work.
    leads = {place: lead for place, lead in leads.items() if place[1] != "/" or "page" in lead}
    known = {(row.host, row.path): row for row in OldAddress.objects.filter(path__in=[path for _, path in leads])}
    new = [place for place in leads if place not in known]
    OldAddress.objects.bulk_create(
        [OldAddress(host=h, path=p, query=sister_query(p)[:200], **leads[h, p]) for h, p in new], ignore_conflicts=True
    )
    for place, lead in leads.items():
        row = known.get(place)
        if row and not lead.get("derived") and (row.derived or same_owner(row, lead)):
            point(row, lead)


def same_owner(row: OldAddress, target: dict[str, object]) -> bool:
    """Whether ``row`` belongs to the same work already; then a new rescue may point it to another chapter."""
    work = target.get("work")
    return isinstance(work, Work) and row.work_id == work.pk


def point(row: OldAddress, target: dict[str, object]) -> None:
    """Let ``row`` lead to ``target``, if it does not yet."""
    ids = {f"{name}_id": target[name].pk if name in target else None for name in TARGETS}
    if row.derived or any(getattr(row, name) != value for name, value in ids.items()):
        for name, value in ids.items():
            setattr(row, name, value)
        row.derived = False
        row.save()


def found_at(host: str, path: str) -> OldAddress | None:
    """Return what the old address (in normal form) leads to.

    The host decides where it is known; where it is not (the archive has a new home), the path must be unambiguous.
    """
    for guess in guesses(path):
        if row := one_of(OldAddress.objects.filter(path=guess), host):
            return row
    return sister_of(host, path)


def one_of(rows: QuerySet[OldAddress], host: str) -> OldAddress | None:
    """Return the row of this host; of another one only when all that there are lead to the same."""
    found = list(rows.select_related(*TARGETS)[:50])
    here = [row for row in found if row.host == host]
    same = len({target_of(row) for row in found}) == 1
    return here[0] if here else found[0] if same else None


def sister_of(host: str, path: str) -> OldAddress | None:
    """Return another page of the work that a page which nobody saved belonged to: its print version, its reviews."""
    queries = [query for guess in guesses(path) if (query := sister_query(guess))]
    for query in queries:
        rows = OldAddress.objects.filter(query=query).exclude(work=None)
        at_home = rows.filter(host=host) if rows.filter(host=host).exists() else rows
        if len(set(at_home.values_list("work", flat=True)[:50])) == 1:
            whole_first = F("chapter__place").asc(nulls_first=True)
            return at_home.select_related("work", "chapter").order_by(whole_first).first()
    return None


def target_of(row: OldAddress) -> tuple[int | None, ...]:
    return tuple(getattr(row, f"{name}_id") for name in TARGETS)


def work_at(address: str) -> Work | None:
    """Return the work that an old address led to, whatever chapter of it."""
    row = found_at(*normal(address))
    return row.work if row else None
