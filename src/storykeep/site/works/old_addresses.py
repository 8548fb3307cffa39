"""Old addresses as rows: kept when a work comes in, found when somebody follows an old link."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from storykeep.site.works.addresses import guesses, normal, sister_query, wider
from storykeep.site.works.models import OldAddress, Work


def keep_for_work(work: Work) -> None:
    """Let the old addresses of ``work`` and of its chapters lead to them, and the addresses around them to the work."""
    keep(work.addresses, work=work)
    for chapter in work.chapters.all():
        own = [address for address in chapter.addresses if address not in work.addresses]
        keep(own, work=work, chapter=chapter)
    keep_around(work)


def keep(addresses: Iterable[str], **target) -> None:
    """Let ``addresses`` lead to ``target`` (work, chapter, person, series, page). Who came first keeps one."""
    for host, path in dict.fromkeys(map(normal, addresses)):
        if path == "/" and "page" not in target:
            continue  # the front page of an archive is nobody's work
        known = {**target, "query": sister_query(path)[:200]}
        row, new = OldAddress.objects.get_or_create(host=host, path=path, defaults=known)
        if not new and (row.derived or same_owner(row, target)):
            lead(row, target)


def same_owner(row: OldAddress, target: dict[str, object]) -> bool:
    """Whether ``row`` belongs to the same work already; then a new rescue may point it to another chapter."""
    work = target.get("work")
    return isinstance(work, Work) and row.work_id == work.pk


def lead(row: OldAddress, target: dict[str, object]) -> None:
    for name in ("work", "chapter", "person", "series", "page"):
        setattr(row, name, target.get(name))
    row.derived = False
    row.save()


def keep_around(work: Work) -> None:
    """Where only chapters were saved, the address of the whole work follows from theirs."""
    for row in list(work.old_addresses.filter(derived=False)):
        for path in wider(row.path):
            OldAddress.objects.get_or_create(host=row.host, path=path, defaults={"work": work, "derived": True})


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
    found = list(rows.select_related("work", "chapter", "person", "series", "page")[:50])
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
            return at_home.select_related("work", "chapter").order_by("chapter__place").first()
    return None


def target_of(row: OldAddress) -> tuple[int | None, ...]:
    return (row.work_id, row.chapter_id, row.person_id, row.series_id, row.page_id)


def work_at(address: str) -> Work | None:
    """Return the work that an old address led to, whatever chapter of it."""
    row = found_at(*normal(address))
    return row.work if row else None
