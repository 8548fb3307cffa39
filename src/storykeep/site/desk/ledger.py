"""What the desk remembers of a rescue: which works it made, which it makes no longer, and what is about no work.

A work that no rescue makes any more stays as it is, with a finding that says so: an archivist decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from django.db import transaction

from storykeep.model.provenance import Severity, called
from storykeep.rescue import report
from storykeep.rescue.workplace import Workplace
from storykeep.site.desk.models import Brought, Rescue
from storykeep.site.works.models import Capture, Finding, FindingState, Visibility, Work

UNFOUND, AGAIN = "work.unfound", "work.found-again"
PLENTY = 5000  # findings about files that the desk lists; the report has all
BATCH = 500


@transaction.atomic
def enter(place: Workplace) -> Rescue:
    """Note what the rescue at ``place`` makes now. Cheap when nothing has changed."""
    row, _ = Rescue.objects.get_or_create(name=place.folder.name)
    row.title, row.figures = (
        archives(place) or place.name,
        json.loads(json.dumps(report.figures(report.report_of(place)), default=str)),
    )
    row.save()
    keys = {key for (key,) in place.journal.db.execute("SELECT key FROM records WHERE kind = 'story'")}
    known = dict(row.brought.values_list("work__key", "found"))
    add(row, keys - known.keys())
    say_lost(mark(row, [key for key, found in known.items() if found and key not in keys], found=False))
    say_back(mark(row, [key for key, found in known.items() if not found and key in keys], found=True))
    keep_findings(row, place)
    return row


def archives(place: Workplace) -> str:
    """Return the names of the archives that came in, the first few."""
    names = [name for (name,) in place.journal.db.execute("SELECT key FROM records WHERE kind = 'archive' LIMIT 4")]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")  # noqa: PLR2004 — as many as a heading holds


def add(row: Rescue, keys: set[str]) -> None:
    wanted = sorted(keys)
    for start in range(0, len(wanted), BATCH):
        works = Work.objects.filter(key__in=wanted[start : start + BATCH]).values_list("pk", flat=True)
        Brought.objects.bulk_create([Brought(rescue=row, work_id=pk) for pk in works], ignore_conflicts=True)


def mark(row: Rescue, keys: list[str], *, found: bool) -> list[Work]:
    """Note whether the rescue makes the works with these keys, and return them."""
    works: list[Work] = []
    for start in range(0, len(keys), BATCH):
        batch = Work.objects.filter(key__in=keys[start : start + BATCH])
        row.brought.filter(work__in=batch.values("pk")).update(found=found)
        works += batch
    return works


def say_lost(works: Iterable[Work]) -> None:
    """Leave a finding on each work that no rescue makes any more, with what has its pages now."""
    for work in works:
        if Brought.objects.filter(work=work, found=True).exists():
            continue
        home = heir(work)
        Finding.objects.get_or_create(
            work=work, code=UNFOUND, state=FindingState.OPEN,
            defaults={
                "where": "the work", "severity": Severity.DOUBT.value,
                "evidence": f"Its saved pages now belong to “{home}”." if home else "Its saved pages make no work now.",
                "suggestion": "Keep it, hide it, or let its address lead to the other work.",
            },
        )  # fmt: skip


def say_back(works: Iterable[Work]) -> None:
    """Take the finding away again; where an archivist had hidden or led the work, say that it is found again."""
    for work in works:
        work.findings.filter(code=UNFOUND, state=FindingState.OPEN).delete()
        settled = work.findings.filter(code=UNFOUND).update(current=False)
        if settled and work.visibility in (Visibility.HIDDEN, Visibility.LED):
            Finding.objects.get_or_create(
                work=work, code=AGAIN, state=FindingState.OPEN, where="the work", severity=Severity.DOUBT.value,
                evidence="A later rescue makes this work again.",
                suggestion="It stays as you left it. Show it again if you want.",
            )  # fmt: skip


def heir(work: Work) -> Work | None:
    """Return the work that has the most of the saved pages of ``work`` now, if any has."""
    pages = list(work.captures.values_list("sha256", flat=True))
    others = Capture.objects.filter(sha256__in=pages).exclude(work=work).exclude(work__visibility=Visibility.LED)
    ids = list(others.filter(work__brought_by__found=True).values_list("work", flat=True))
    return Work.objects.get(pk=max(sorted(set(ids)), key=ids.count)) if ids else None


# ── what is about no work
def keep_findings(row: Rescue, place: Workplace) -> None:
    """Bring what the rescue says of files and lists to the desk; what was settled stays settled."""
    known = {(each.code, each.where, each.evidence): each for each in row.findings.all()}
    seen, new = set(), []
    for said in told(place):
        mark = (said.code, said.where, said.evidence)
        seen.add(mark)
        if mark not in known:
            known[mark] = said
            new.append(said)
    row.findings.add(*Finding.objects.bulk_create(new))
    Finding.objects.filter(pk__in=[each.pk for mark, each in known.items() if mark in seen]).update(current=True)
    gone = Finding.objects.filter(pk__in=[each.pk for mark, each in known.items() if mark not in seen and each.pk])
    gone.filter(state=FindingState.OPEN).delete()
    gone.update(current=False)


def told(place: Workplace) -> Iterator[Finding]:
    """Yield what is about no work: files that could not be read, works that only lists name."""
    query = "stage <> 'record' AND severity <> 'info'"
    for number, (_, owner, said) in enumerate(place.journal.findings(query)):
        if number >= PLENTY:
            return
        path, name = file_of(place, owner)
        where = " · ".join(dict.fromkeys(part for part in (name, "" if said.where == path else said.where) if part))
        yield Finding(
            code=said.code, where=where[:2000], evidence=said.evidence, suggestion=said.suggestion,
            severity=said.severity.value, capture=said.capture, place=number,
        )  # fmt: skip


def file_of(place: Workplace, owner: str) -> tuple[str, str]:
    """Return the path of the file that a finding is about, and what people call it; nothing when it is about none."""
    if not owner.isdigit():
        return "", ""
    row = place.journal.db.execute("SELECT path, address FROM arrivals WHERE id = ?", (int(owner),)).fetchone()
    return (str(row[0]), called(*row)) if row else ("", "")
