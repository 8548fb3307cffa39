"""What a rescue found doubtful, and why each field says what it says, become rows."""

from __future__ import annotations

from django.db.models import QuerySet

from storykeep.model.provenance import Finding as StoryFinding
from storykeep.model.story import Story
from storykeep.site.works.models import Evidence, Finding, FindingState, Work

PERSON = "person"  # the rule of evidence for what a person has set


def keep_findings(work: Work, findings: tuple[StoryFinding, ...]) -> None:
    """Bring findings up to date; what an archivist has settled stays settled when the same thing is found again."""
    known: dict[tuple[str, str, str], list[Finding]] = {}
    new, old = [], []
    for row in work.findings.all():
        known.setdefault((row.code, row.where, row.evidence), []).append(row)
    for place, each in enumerate(findings):
        same = known.get((each.code, each.where, each.evidence))
        row = same.pop(0) if same else Finding(work=work, code=each.code, where=each.where, evidence=each.evidence)
        row.suggestion, row.severity, row.capture = each.suggestion, each.severity.value, each.capture
        row.place, row.current = place, True
        (old if row.pk else new).append(row)
    Finding.objects.bulk_create(new)
    Finding.objects.bulk_update(old, ["suggestion", "severity", "capture", "place", "current"])
    gone = [row.pk for group in known.values() for row in group]
    if gone:
        unseen = work.findings.filter(pk__in=gone)
        unseen.filter(state=FindingState.OPEN).delete()
        unseen.update(current=False)


def keep_evidence(work: Work, story: Story) -> None:
    forget(work.evidence.exclude(rule=PERSON))
    said = set(work.evidence.values_list("field", "quote"))
    rows = [
        Evidence(
            work=work, field=each.field, rule=each.rule, confidence=each.confidence, capture=each.capture,
            quote=each.quote, place=place,
        )
        for place, each in enumerate(story.evidence)
        if each.rule != PERSON or (each.field, each.quote) not in said
    ]  # fmt: skip
    Evidence.objects.bulk_create(rows)


def forget(rows: QuerySet) -> None:
    """Delete rows that nothing refers to, in one statement."""
    rows._raw_delete(rows.db)  # noqa: SLF001 — delete() would first ask who refers to them
