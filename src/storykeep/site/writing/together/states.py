"""What stands in several works now, field by field, read in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storykeep.model.story import Role
from storykeep.site.works.models import Credit, Visibility, Work, WorkTag
from storykeep.site.writing import queries

TAGS = "tags_"
GONE = "trash"
Values = dict[str, str]


@dataclass(slots=True)
class State:
    """One work with what can be changed of it. ``own`` are the credits of this writer, ``others`` counts the rest."""

    work: Work
    tags: dict[str, list[WorkTag]] = field(default_factory=dict)
    own: list[Credit] = field(default_factory=list)
    others: int = 0

    def value(self, name: str) -> str:
        """Return what field ``name`` says: tags and pen names one a line, all else one value."""
        if name.startswith(TAGS):
            return "\n".join(row.tag.name for row in self.tags.get(name.removeprefix(TAGS), ()))
        return READ[name](self)


def read_as(state: State) -> str:
    work = state.work
    return work.publish_as if work.visibility == Visibility.DRAFT else work.visibility


READ = {
    "language": lambda state: state.work.language,
    "kind": lambda state: state.work.kind,
    "status": lambda state: state.work.status,
    "comments": lambda state: state.work.comments,
    "comments_moderated": lambda state: "yes" if state.work.comments_moderated else "no",
    "publish_as": read_as,
    "pen_names": lambda state: "\n".join(credit.person.name for credit in state.own),
    GONE: lambda state: "yes" if state.work.visibility == Visibility.TRASH else "no",
}


def states_of(user, ids: Iterable[int], *, held: bool = False) -> dict[int, State]:
    """Return {id: state} of those works that ``user`` may change, or has in the trash. 4 queries.

    ``held``: call it in a transaction, and nobody else changes them before it ends.
    """
    wanted = list(ids)
    mine = set(queries.written_by(user).filter(pk__in=wanted).values_list("pk", flat=True))
    mine |= set(queries.trashed_by(user).filter(pk__in=wanted).values_list("pk", flat=True))
    rows = Work.objects.filter(pk__in=mine).order_by("pk")
    found = {work.pk: State(work) for work in (rows.select_for_update() if held else rows)}
    for row in WorkTag.objects.filter(work__in=found).select_related("tag__kind"):
        found[row.work_id].tags.setdefault(row.tag.kind.key, []).append(row)
    names = Credit.objects.filter(work__in=found, chapter=None, role=Role.AUTHOR.value).select_related("person")
    for credit in names:
        state = found[credit.work_id]
        if credit.person and credit.person.account_id == user.pk:
            state.own.append(credit)
        else:
            state.others += 1
    return found
