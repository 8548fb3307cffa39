"""What an account decided about works, with what was before: so that a wrong claim can be taken back whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from storykeep.site.claims.models import Choice, Claim
from storykeep.site.works import keeping_stories
from storykeep.site.works.models import Credit, EditedField, Person, Visibility, Work

gates: list[Callable[[Work], str]] = []
"""Asked before a work that was written here comes back to readers by an author's choice, or by its undoing; returns why
it may not."""
CREDIT = ("name", "person_id", "chapter_id", "stated_id", "key", "role", "place")


@contextmanager
def noted(work: Work, account, verb: str) -> Iterator[None]:
    """Do what stands inside in one transaction, and keep what was before."""
    with transaction.atomic():
        Choice.objects.create(work=work, account=account, verb=verb, before=state(work))
        yield


def state(work: Work) -> dict:
    """Return what a decision may change, as plain values."""
    row = Work.objects.get(pk=work.pk)
    return {
        "visibility": row.visibility,
        "reached_at": row.reached_at.isoformat() if row.reached_at else None,
        "credits": {str(each.pk): {name: getattr(each, name) for name in CREDIT} for each in row.credits.all()},
        "edited": list(EditedField.objects.filter(work=row).values_list("field", flat=True)),
        "led": [each.pk for each in Work.objects.filter(leads_to=row, visibility=Visibility.LED)],
    }


@transaction.atomic
def undo_all(claim: Claim) -> int:
    """Give works back what they were before the account of ``claim`` decided about them; return how many decisions."""
    rows = Choice.objects.filter(account=claim.account, undone_at=None, at__gte=claim.asked_at).order_by("-at", "-pk")
    rows = [each for each in rows.select_related("work") if claim.person.lead.pk in people_of(each)]
    for each in rows:
        restore(each.work, each.before)
    Choice.objects.filter(pk__in=[each.pk for each in rows]).update(undone_at=timezone.now())
    return len(rows)


def people_of(choice: Choice) -> set[int]:
    return {each["person_id"] for each in choice.before["credits"].values()}


def restore(work: Work, before: dict) -> None:
    """Write back what was before. People who are gone meanwhile stay gone; the name stays as printed."""
    there = set(Person.objects.filter(pk__in=wanted(before)).values_list("pk", flat=True))
    work.credits.exclude(pk__in=map(int, before["credits"])).delete()
    for pk, fields in before["credits"].items():
        known = {**fields, "person_id": fields["person_id"] if fields["person_id"] in there else None}
        Credit.objects.update_or_create(pk=int(pk), defaults={**known, "work_id": work.pk})
    EditedField.objects.filter(work=work).exclude(field__in=before["edited"]).delete()
    Work.objects.filter(pk__in=before["led"]).update(visibility=Visibility.LED)
    work.visibility = Visibility.HIDDEN if closed(work, before["visibility"]) else before["visibility"]
    work.reached_at = parse_datetime(before["reached_at"]) if before["reached_at"] else None
    keeping_stories.finish(work)


def closed(work: Work, visibility: str) -> str:
    """Return why a hidden work may not come to readers now; nothing when it may, or when it is no question."""
    opens = work.visibility == Visibility.HIDDEN and visibility in {Visibility.PUBLIC, Visibility.MEMBERS}
    told = [words for gate in gates if opens and not work.rescued and (words := gate(work))]
    return told[0] if told else ""


def wanted(before: dict) -> set[int]:
    return {each["person_id"] for each in before["credits"].values() if each["person_id"]}
