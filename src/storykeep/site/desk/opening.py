"""Opening what was rescued, in one deliberate step: which works, how many, and which stay as somebody has set them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from storykeep.site.desk import decisions
from storykeep.site.desk.models import Decision, Rescue
from storykeep.site.works import changes
from storykeep.site.works.models import GONE, Person, Visibility, Work
from storykeep.site.works.opening import author_found

STEPS = {
    Visibility.MEMBERS.value: ("members", (Visibility.HIDDEN,)),
    Visibility.PUBLIC.value: ("everybody", (Visibility.HIDDEN, Visibility.MEMBERS)),
    Visibility.HIDDEN.value: ("archivists only", (Visibility.MEMBERS, Visibility.PUBLIC)),
}
"""To whom, and from where: opening never closes what is open, hiding never opens."""
BULK = 2000


@dataclass(frozen=True, slots=True)
class Step:
    """What one step would do: ``works`` change, ``set_by_hand`` stay as a person has set them."""

    to: str
    whom: str
    works: QuerySet[Work]
    count: int
    set_by_hand: int
    doubtful: int
    refused: int
    unasked: int
    authors: int


class Visibilities:
    """Who sees each of many works, as one place of the desk: its value is {id of the work: visibility}."""

    name = "works.visibility"
    row = "Who sees these works"
    field = "visibility"

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids

    def read(self) -> dict[str, str]:
        rows = Work.objects.in_bulk(self.ids)
        return {str(pk): row.visibility for pk, row in rows.items()}

    def write(self, value: dict[str, str]) -> None:
        for visibility in set(value.values()):
            set_all([int(pk) for pk, each in value.items() if each == visibility], visibility)

    def take_back(self, before: dict[str, str], after: dict[str, str]) -> None:
        """Write back what is still as the decision left it; what was set since stays."""
        self.ids = [int(pk) for pk in after]
        now = self.read()
        self.write({pk: before[pk] for pk, value in after.items() if now.get(pk) == value})


def set_all(ids: list[int], visibility: str) -> None:
    """Set who sees many works, and let pages and the index notice."""
    for start in range(0, len(ids), BULK):
        batch = ids[start : start + BULK]
        Work.objects.filter(pk__in=batch).update(visibility=visibility, opens_on=None, version=F("version") + 1)
        changes.record(batch)


def seen(row: Rescue) -> list[tuple[str, int]]:
    """Return how many works of a rescue are for whom now."""
    rows = row.brought.values_list("work__visibility").annotate(Count("pk")).order_by()
    return [(Visibility(visibility).label, count) for visibility, count in sorted(rows)]


def step(row: Rescue, to: str) -> Step:
    """Return what showing the works of a rescue ``to`` (a visibility) would do. 5 queries."""
    whom, since = STEPS[to]
    all_works = Work.objects.filter(brought_by__rescue=row).exclude(visibility__in=GONE)
    works = all_works.filter(visibility__in=since)
    by_hand = works.filter(Q(edited_fields__field="visibility") | author_found()).values("pk")
    free = works.exclude(pk__in=by_hand)
    open_now = Q(findings__state="open", findings__current=True)
    authors = Person.objects.filter(credits__work__in=free).distinct()
    return Step(
        to=to,
        whom=whom,
        works=free,
        count=free.count(),
        set_by_hand=by_hand.distinct().count(),
        doubtful=free.filter(open_now, findings__severity__in=("doubt", "loss")).distinct().count(),
        refused=free.filter(open_now, findings__severity="danger").distinct().count(),
        unasked=authors.filter(account=None).exclude(letters__outcome="sent").count(),
        authors=authors.count(),
    )


def open_to(user, row: Rescue, wanted: Step) -> Decision:
    """Show the works of a rescue to more people, or to fewer, in one decision."""
    ids = list(wanted.works.values_list("pk", flat=True))
    words = f"{len(ids):,} works of “{row}” are for {wanted.whom} now"
    value = dict.fromkeys(map(str, ids), wanted.to)
    return decisions.decide(user, "open", words, [(Visibilities(ids), value)] if ids else [])
