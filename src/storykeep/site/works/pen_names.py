"""By which other names a person is known: those of their own archive, and those of whom they turned out to be, too."""

from __future__ import annotations

from collections.abc import Iterator

from storykeep.site.works.models import PenName, Person

LATER = 1000  # place of the first name that came by a merging: after those that the person's own archive tells


def names_of(lead: Person) -> None:
    """Let ``lead`` be known by the names of everybody who was merged into them, too."""
    PenName.objects.filter(person=lead).exclude(of=None).delete()
    if lead.merged_into_id:
        return
    known = {lead.name, *lead.pen_names.values_list("name", flat=True)}
    rows = []
    for name, whose in other_names(lead):
        if name not in known:
            known.add(name)
            rows.append(PenName(person=lead, name=name, of=whose, place=LATER + len(rows)))
    PenName.objects.bulk_create(rows)


def other_names(lead: Person) -> Iterator[tuple[str, Person]]:
    """Yield the names, each with whose it was."""
    for one in family(lead)[1:]:
        yield one.name, one
        yield from ((name, one) for name in one.pen_names.filter(of=None).values_list("name", flat=True))


def family(person: Person) -> list[Person]:
    """Return ``person`` and everybody who was merged into them."""
    return [person, *(each for one in person.merged.all() for each in family(one))]
