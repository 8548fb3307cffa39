"""Persons and series become rows; credits and series places find theirs, or make them."""

from __future__ import annotations

from storykeep.model import bundle
from storykeep.model.identity import slug
from storykeep.model.story import Credit as StoryCredit
from storykeep.model.story import Person as StoryPerson
from storykeep.model.story import Series as StorySeries
from storykeep.model.story import SeriesPlace as StorySeriesPlace
from storykeep.site.works import changes, old_addresses, pen_names, sorting
from storykeep.site.works.models import Evidence, PenName, Person, Series
from storykeep.text import sanitise
from storykeep.text.fold import fold

BY_NAME = "name:"  # keys of people and series of whom only a name is known


def keep_person(given: StoryPerson) -> Person:
    """Write a person; a person known so far only by a credit is filled in."""
    row = Person.objects.filter(key=given.key).first() or adopted(given) or new_person(given.key, given.name)
    edited = set(row.edited_fields.values_list("field", flat=True))
    values = {
        "name": given.name,
        "sites": list(given.sites),
        "bio": sanitise.clean(given.bio),
        "interview": [bundle.to_plain(a) | {"answer": sanitise.clean(a.answer)} for a in given.interview],
        "image": bundle.to_plain(given.image) if given.image else None,
        "addresses": list(given.addresses),
    }
    for name, value in values.items():
        if name not in edited:
            setattr(row, name, value)
    name_was_set(row)
    row.save()
    if "names" not in edited:
        row.pen_names.filter(of=None).delete()
        PenName.objects.bulk_create(PenName(person=row, name=name, place=n) for n, name in enumerate(given.names))
        pen_names.names_of(row.lead)
    keep_evidence(row, given)
    old_addresses.keep(given.addresses, person=row)
    record_works_of(row)
    return row


def adopted(given: StoryPerson) -> Person | None:
    """Return the person of whom so far only this name was known, under the key that is known now."""
    row = Person.objects.filter(key=f"{BY_NAME}{given.key.partition('/')[0]}/{fold(given.name)}").first()
    if row:
        row.key = given.key
        row.save(update_fields=["key"])
    return row


def name_was_set(person: Person) -> None:
    """Bring what sorts the lists in line with the name."""
    person.folded = fold(person.name)
    person.letter = sorting.letter(sorting.sort_title(person.name))


def record_works_of(person: Person) -> None:
    """Leave a line in the outbox for every work that names ``person``."""
    changes.record(sorted(set(person.credits.values_list("work", flat=True))))


def keep_evidence(row: Person, given: StoryPerson) -> None:
    row.evidence.all().delete()
    rows = [
        Evidence(
            person=row, field=each.field, rule=each.rule, confidence=each.confidence, capture=each.capture,
            quote=each.quote, place=place,
        )
        for place, each in enumerate(given.evidence)
    ]  # fmt: skip
    Evidence.objects.bulk_create(rows)


def new_person(key: str, name: str) -> Person:
    person = Person(key=key, name=name, slug=free_slug(name))
    name_was_set(person)
    person.save()
    return person


def free_slug(name: str) -> str:
    wanted = slug(name)
    taken = set(Person.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(each for each in numbered if each not in taken)


def person_for(credit: StoryCredit, archive: str) -> Person | None:
    """Return the person of a credit: by key; else by name, within the archive that the work comes from."""
    if not credit.name and not credit.person:
        return None
    if not credit.person and (known := known_by_name(credit.name, archive)):
        return known
    key = credit.person or f"{BY_NAME}{slug(archive)}/{fold(credit.name)}"
    return Person.objects.filter(key=key).first() or new_person(key, credit.name or credit.person)


def known_by_name(name: str, archive: str) -> Person | None:
    """Return the one person of this archive who has exactly this name; None when there are none, or several."""
    here = f"{slug(archive)}/"
    found = [person for person in Person.objects.filter(name=name)[:50] if person.key.startswith(here)]
    return found[0] if len(found) == 1 else None


def series_for(place: StorySeriesPlace, archive: str) -> Series:
    key = place.key or f"{BY_NAME}{slug(archive)}/{fold(place.title)}"
    found = Series.objects.filter(key=key).first()
    return found or Series.objects.create(key=key, title=place.title, sort_title=sorting.sort_title(place.title))


def keep_series(given: StorySeries) -> Series:
    """Write a series, and give its members the places that it states."""
    row = Series.objects.filter(key=given.key).first() or Series(key=given.key)
    edited = set(row.edited_fields.values_list("field", flat=True)) if row.pk else set()
    values = {
        "title": given.title,
        "summary": sanitise.clean(given.summary),
        "open": given.open,
        "credits": bundle.to_plain(given.credits),
        "members": list(given.members),
        "reviews": bundle.to_plain(given.reviews),
        "addresses": list(given.addresses),
        "stated_parent": given.parent,
    }
    for name, value in values.items():
        if name not in edited:
            setattr(row, name, value)
    row.sort_title = sorting.sort_title(row.title)
    row.parent = Series.objects.filter(key=given.parent).first() if given.parent else None
    row.save()
    Series.objects.filter(stated_parent=row.key, parent=None).exclude(pk=row.pk).update(parent=row)
    old_addresses.keep(given.addresses, series=row)
    return row
