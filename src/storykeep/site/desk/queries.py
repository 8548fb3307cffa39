"""What the desk's pages need to know, each in a constant number of questions to the database."""

from __future__ import annotations

from django.db.models import BooleanField, Case, Count, Q, TextField, Value, When
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.urls import reverse

from storykeep.rescue.meanings import meaning
from storykeep.site.desk import ledger, looking
from storykeep.site.desk.models import Decision, PeopleAlike, WorksAlike
from storykeep.site.works.models import GONE, Capture, Chapter, Finding, FindingState, Visibility, Work

OPEN = Q(state=FindingState.OPEN, current=True)
LEADING = ("same-work", "unfound")
ORDER = ("sort", "of", "place", "id")
WORRYING = ("doubt", "loss", "danger")


def live():
    """Return the findings that concern anybody: not those of works that are gone, or that lead to another one."""
    gone = Q(work__visibility__in=GONE) & ~Q(code=ledger.AGAIN)
    return Finding.objects.exclude(gone)


def queues() -> list[dict]:
    """Return the kinds of findings with how many are open and settled, the most pressing first."""
    rows = (
        live()
        .values("code", "severity")
        .annotate(open=Count("id", filter=OPEN), settled=Count("id", filter=~Q(state=FindingState.OPEN)))
    )
    order = {"danger": 0, "loss": 1, "doubt": 2, "info": 3}
    known = [{**row, "meaning": meaning(row["code"])} for row in rows]
    return sorted(known, key=lambda row: (order.get(row["severity"], 9), not row["open"], -row["open"], row["code"]))


def findings(*, code: str = "", state: str = "open", severity: str = ""):
    """Return the findings of a queue, with their works, in the order in which they are worked through."""
    rows = live().select_related("work").filter(current=True, state=state)
    if code:
        rows = rows.filter(code=code)
    if severity:
        rows = rows.filter(severity=severity)
    title = Coalesce("work__sort_title", Value(""), output_field=TextField())
    rows = rows.annotate(sort=title, of=Coalesce("work_id", 0))
    return rows.order_by(*ORDER)


def explained(rows) -> list[Finding]:
    """Return findings, each with what its kind ``means``."""
    found = list(rows)
    for row in found:
        row.means = meaning(row.code)
    return found


def beside(rows, finding: Finding):
    """Return the finding before and the one after ``finding`` in a queue."""
    places = [finding.work.sort_title if finding.work else "", finding.work_id or 0, finding.place, finding.pk]
    later, earlier = Q(), Q()
    for number, field in enumerate(ORDER):
        same = dict(zip(ORDER[:number], places, strict=False))
        later |= Q(**same, **{f"{field}__gt": places[number]})
        earlier |= Q(**same, **{f"{field}__lt": places[number]})
    return rows.filter(earlier).reverse().first(), rows.filter(later).first()


def like(finding: Finding):
    """Return the open findings that say the same thing about other works."""
    return live().filter(OPEN, code=finding.code, suggestion=finding.suggestion)


def works(*, show: str = "open", words: str = ""):
    """Return works for the desk's list, with how many findings are open on each."""
    rows = Work.objects.annotate(
        doubts=Count("findings", filter=Q(findings__state="open", findings__current=True,
                                          findings__severity__in=WORRYING))
    ).prefetch_related("credits")  # fmt: skip
    if show == "open":
        rows = rows.filter(doubts__gt=0).exclude(visibility__in=GONE)
    elif show in Visibility.values:
        rows = rows.filter(visibility=show)
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(credits__name__icontains=words)).distinct()
    return rows.order_by("-doubts", "sort_title", "id")


def totals() -> dict[str, int]:
    """Return the numbers at the top of the desk."""
    works = Work.objects.aggregate(
        all=Count("id"),
        public=Count("id", filter=Q(visibility=Visibility.PUBLIC)),
        members=Count("id", filter=Q(visibility=Visibility.MEMBERS)),
        hidden=Count("id", filter=Q(visibility=Visibility.HIDDEN)),
    )
    doubts = live().filter(OPEN, severity__in=WORRYING)
    return {**works, "doubts": doubts.count(), "waiting": doubts.values("work").distinct().count()}


def waits() -> list[dict]:
    """Return what waits for an archivist besides findings, each with where to go; nothing that is empty."""
    people, works = looking.waiting(PeopleAlike).count(), looking.waiting(WorksAlike).count()
    lost = live().filter(OPEN, code=ledger.UNFOUND).count()
    found = [
        ("People who may be one", people, reverse("desk-people")),
        ("Works that may be one", works, reverse("desk-copies")),
        ("No longer found", lost, reverse("desk-one") + f"?code={ledger.UNFOUND}"),
    ]
    return [{"label": label, "count": count, "url": url} for label, count, url in found if count]


def decided(rows=None):
    """Return decisions, the latest first, without what they changed; ``undoable`` says whether that was anything."""
    rows = Decision.objects.all() if rows is None else rows
    something = Case(When(changes=[], then=False), default=True, output_field=BooleanField())
    return rows.select_related("by", "undone_by").defer("changes").annotate(undoable=something)


def decided_about(work: Work):
    """Return the decisions about a work, those that led it to another one among them."""
    about = Q(work=work)
    if work.leads_to_id:
        about |= Q(work=work.leads_to_id, verb__in=LEADING)
    return decided(Decision.objects.filter(about))


def next_work(after: Work) -> Work | None:
    """Return the next work with open doubts, in the order of the desk's list by title."""
    waiting = Work.objects.filter(
        findings__state="open", findings__current=True, findings__severity__in=WORRYING
    ).exclude(visibility__in=GONE).distinct().order_by("sort_title", "id")  # fmt: skip
    later = waiting.filter(Q(sort_title__gt=after.sort_title) | Q(sort_title=after.sort_title, id__gt=after.id))
    return later.first() or waiting.exclude(id=after.id).first()


def copy_names(apparatus: list[dict]) -> dict[str, str]:
    """Return what the copies that an apparatus names are called, by their SHA-256."""
    wanted = {item["witness"] for item in apparatus}
    return {capture.sha256: str(capture) for capture in Capture.objects.filter(sha256__in=wanted)}


def waiting_in(rescue) -> dict[str, int]:
    """Return what waits to be settled in a rescue: works with doubts, and findings about its files."""
    rows = live().filter(OPEN, severity__in=WORRYING)
    works = rows.filter(work__brought_by__rescue=rescue)
    return {"doubts": works.count(), "works": works.values("work").distinct().count(),
            "files": rescue.findings.filter(OPEN).count()}  # fmt: skip


def chapter_at(ref: str, place: int) -> Chapter:
    """Return a chapter with its work and its text, or answer 404."""
    return get_object_or_404(Chapter.objects.select_related("work", "current"), work__ref=ref, place=place)
