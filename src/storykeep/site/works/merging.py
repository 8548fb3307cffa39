"""Two people of the records turn out to be one: names, credits and addresses go to the one who stays.

The other one's row stays too, with all that its archive said, so that a later rescue finds it, its address still
leads somewhere, and the two can be parted again.
"""

from __future__ import annotations

from storykeep.model.errors import Conflict
from storykeep.site.works.keeping_stories import finish
from storykeep.site.works.models import Credit, Person, Work
from storykeep.site.works.pen_names import family, names_of


def merge(person: Person, into: Person | None) -> None:
    """Let ``person`` be ``into`` from now on; with None, somebody of their own again.

    Raises Conflict when two accounts claimed them: whose works they are is not for an archivist to guess.
    """
    before, after = person.lead, into.lead if into else person
    if into and after == person:
        raise Conflict(f"{into} is {person} already. Undo that first.")
    if into and person.account_id and into.account_id and person.account_id != into.account_id:
        raise Conflict(f"{person} and {into} were claimed by two accounts. Settle the claims first.")
    person.merged_into = into
    person.save(update_fields=["merged_into"])
    move_credits(family(person), before, after)
    for each in {before, after}:
        names_of(each)


def move_credits(people: list[Person], before: Person, after: Person) -> None:
    """Give the credits of ``people``, which ``before`` has now, to ``after``; each remembers whose it was."""
    own = {each.pk for each in people}
    moved = [row for row in before.credits.all() if (row.stated_id or before.pk) in own]
    for row in moved:
        natural = row.stated_id or before.pk
        row.person, row.stated_id = after, natural if natural != after.pk else None
    Credit.objects.bulk_update(moved, ["person", "stated"])
    for work in Work.objects.filter(pk__in={row.work_id for row in moved}):
        finish(work)
