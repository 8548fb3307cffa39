"""Ties between works, both ways: what a work says of others, and what others say of it, as far as one may read them."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from storykeep.model.story import RelationKind, Role
from storykeep.site.works import queries
from storykeep.site.works.models import Credit, Relation, Visibility, Work
from storykeep.site.works.tied import Echo, Led

LEADING_BACK = (
    RelationKind.PREQUEL_OF.value,
    RelationKind.SEQUEL_OF.value,
    RelationKind.TRANSLATION_OF.value,
    RelationKind.INSPIRED_BY.value,
)
READ = (Visibility.PUBLIC, Visibility.MEMBERS)
MOST = 50  # ties of one kind that a page leads back to


def in_copies(user, work: Work) -> list[Relation]:
    """Return the ties that a copy of ``work`` tells of: for everybody the same, if everybody may read it. 2 queries."""
    reader = AnonymousUser() if work.visibility == Visibility.PUBLIC else user
    return queries.ties_shown_to(reader, work, queries.said().filter(work=work))


# ── the way back
def by_its_author() -> Exists:
    """Return the condition that somebody wrote both works of a tie."""
    names = Credit.objects.filter(chapter=None, role=Role.AUTHOR.value)
    other = names.filter(work=OuterRef(OuterRef("to")))
    accounts = other.exclude(person__account=None).values("person__account")
    both = Q(person__in=other.exclude(person=None).values("person")) | Q(person__account__in=accounts)
    return Exists(names.filter(both, work=OuterRef("work")))


def answered(*answers: str) -> Exists:
    rows = Echo.objects.filter(work=OuterRef("work"), to=OuterRef("to"), kind=OuterRef("kind"), answer__in=answers)
    return Exists(rows)


def leading_to(user, works: QuerySet[Work] | Work) -> QuerySet[Relation]:
    """Return the ties of other works that ``user`` may see to ``works``, whatever was answered."""
    to = {"to": works} if isinstance(works, Work) else {"to__in": works.values("pk")}
    rows = Relation.objects.filter(kind__in=LEADING_BACK, **to)
    return queries.standing(rows, queries.readable_by(user)).exclude(work=F("to"))


def shown_back(rows: QuerySet[Relation]) -> QuerySet[Relation]:
    """Return those that the other work shows: its own author's at once, those of others when its author said yes."""
    return rows.filter(answered(Led.SHOWN) | (by_its_author() & ~answered(Led.DECLINED)))


def asking(rows: QuerySet[Relation]) -> QuerySet[Relation]:
    """Return those that wait for an answer of the other work's author."""
    return rows.exclude(by_its_author()).exclude(answered(Led.SHOWN, Led.DECLINED))


def back(user, work: Work) -> list[Relation]:
    """Return the ties to ``work`` that its page shows, each with ``work`` and its ``author_credits``. 2 queries."""
    names = Prefetch("work__credits", queries.authors_only(), to_attr="author_credits")
    rows = shown_back(leading_to(user, work)).select_related("work").prefetch_related(names)
    found = list(rows.order_by("work__published", "pk")[: MOST * len(LEADING_BACK)])
    once = {(row.kind, row.work_id): row for row in found}
    return sorted(once.values(), key=lambda row: LEADING_BACK.index(row.kind))
